"""One day as written ("jeudi 9 février"): nothing is computed from the day of publication. Look-ahead is bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from diplomacy.parsing.dates.tables import PARTS, Tables
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, Token
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_EVENING = PartOfDay.EVENING

_MOST_LEADS = 3
_YEARS = range(1900, 2101)
# What may stand right before "25/02": otherwise it is a fraction or a reference.
_BEFORE_SHORT_NUMERIC = ("lead", "to", "until", "from", "starting", "since", "before", "and", "weekday", "deictic")
_NOT_AFTER_DAY = frozenset(
    {"hour_sign", "hour_word", "minute_sign", "am", "pm", "zone", "month"}
    | {"unit_minute", "unit_hour", "unit_day", "unit_week", "unit_month"}
)
_AFTER_BARE_DAY = frozenset(("may_follow", "to", "and", "at", "until", "part_lead"))
_UNIT_SIGNS = ("%", "€", "$", "£", "°", "+", "*")
# The terms of words with which one day may begin.
PIECE_STARTS = frozenset(
    {"lead", "tonight", "deictic", "within", "ago_before", "number", "modifier"}
    | {"weekday", "weekday_abbreviation", "month", "ordinal"}
)


class Piece(NamedTuple):
    """One day as written, between the tokens `start` and `end`. Weekdays count from 0 = Monday."""

    start: int
    end: int
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    deictic: int | None = None  # days from the day of publication
    modifier: int | None = None  # next 1, this 0, last -1
    month_shift: int | None = None  # months from that of publication
    part: PartOfDay | None = None
    marked: bool = False  # a word before it says that a bare number is a day
    swappable: bool = False  # "02/03/2023": day and month could be the other way round

    @property
    def is_bare(self) -> bool:
        """A number alone."""
        return self.weekday is None and self.month is None and self.deictic is None and self.month_shift is None

    @property
    def stands(self) -> bool:
        """Whether it needs nothing else to be a day."""
        return not self.is_bare


class PieceGrammar:
    """Reads single days at a place of a token list."""

    def __init__(self, tokens: Sequence[Token], tables: Tables, text: str) -> None:
        self.tokens = tokens
        self.tables = tables
        self.text = text

    # Small questions

    def term(self, at: int, name: str) -> int | None:
        """The value a token has under that name."""
        return self.tokens[at].terms.get(name)

    def near(self, at: int) -> bool:
        """Whether a token stands on the line of the one before."""
        return self.tokens[at].gap <= SPACED

    def is_sign(self, at: int, signs: str) -> bool:
        """Whether a token is one of these signs."""
        token = self.tokens[at]
        return len(token.key) == 1 and token.key in signs

    def is_capital(self, at: int) -> bool:
        """Whether a token begins with a capital letter."""
        token = self.tokens[at]
        return token.end > 0 and self.text[token.start].isupper()

    # Pieces

    def piece(self, at: int, *, marked: bool = False, bare: bool = False) -> Piece | None:
        """One day; a number alone is one only where `bare` or `marked` allows or a word before says so."""
        start = at
        at, led = self._leads(at)
        marked = marked or led
        found = self._deictic(at) or self._calendar(at, bare=bare or marked)
        if found is None:
            return None
        marked = marked or found.weekday is not None
        if found.start == start and found.marked == marked:
            return found
        return found._replace(start=start, marked=marked)

    def _leads(self, at: int) -> tuple[int, bool]:
        start = at
        while at - start < _MOST_LEADS and self.near(at + 1):
            terms = self.tokens[at].terms
            if "lead" not in terms and not ("of" in terms and at > start):
                break
            if "deictic" in terms or "part" in terms:
                break
            at += 1
        return at, at > start

    def _deictic(self, at: int) -> Piece | None:
        terms = self.tokens[at].terms
        if "tonight" in terms:
            return Piece(at, at + 1, deictic=0, part=_EVENING)
        shift = terms.get("deictic")
        if shift is None or ("lead" in terms and "part" in terms):
            return self._counted(at) or self._this_part(at)
        found = Piece(at, at + 1, deictic=shift)
        part, end = self.part(found.end)
        if part is not None and self.near(found.end):
            found = found._replace(part=part, end=end)
        return self._completed(found)

    def _completed(self, found: Piece) -> Piece:
        """ "hier, jeudi 16 août 2012", "amanhã, dia 22", "heute (08.12.)": the calendar day beside the spoken one."""
        at = found.end
        bracket = self.is_sign(at, "(")
        if bracket or self.is_sign(at, ","):
            at += 1
        if not self.near(at):
            return found
        after, led = self._leads(at)
        day = self._calendar(after, bare=led)
        if day is None or (day.is_bare and not self.stands_bare(day)):
            return found
        if day.weekday is not None and day.day is None and self.term(day.end, "to") is not None:
            return found
        if bracket and not self.is_sign(day.end, ")"):
            return found
        return day._replace(deictic=found.deictic, part=found.part or day.part, end=day.end + (1 if bracket else 0))

    def _this_part(self, at: int) -> Piece | None:
        """ "ce matin", "last night"."""
        shift = self.term(at, "modifier")
        if shift not in (0, -1) or not self.near(at + 1):
            return None
        part = self.term(at + 1, "part")
        if part is None:
            return None
        return Piece(at, at + 2, deictic=shift, part=PARTS[part])

    def _counted(self, at: int) -> Piece | None:
        """ "dans trois jours", "il y a deux jours", "two days ago"."""
        terms = self.tokens[at].terms
        within, ago = "within" in terms, "ago_before" in terms
        number_at = at + 1 if within or ago else at
        count, end = self.count(number_at)
        if count is None or self.term(end, "unit_day") is None or not self.near(end):
            return None
        if within and self.term(end + 1, "ago_after") is None:
            return Piece(at, end + 1, deictic=count)
        if ago:
            return Piece(at, end + 1, deictic=-count)
        if self.term(end + 1, "ago_after") is not None:
            return Piece(at, end + 2, deictic=-count)
        return None

    def count(self, at: int) -> tuple[int | None, int]:
        """A whole number in digits or words, and the token after it."""
        token = self.tokens[at]
        if 0 <= token.number < 1000 and not self.is_stuck(at):
            return token.number, at + 1
        number = token.terms.get("number")
        return (number, at + 1) if number is not None else (None, at)

    def _calendar(self, at: int, *, bare: bool) -> Piece | None:
        start = at
        modifier = self.term(at, "modifier")
        if modifier is not None and self.near(at + 1):
            at += 1
            at, _ = self._leads(at)
        found = self._weekday(at) or self._day(at, bare=bare)
        if found is None:
            return None
        if self.near(found.end) and self.term(found.end, "modifier") is not None and found.modifier is None:
            after = self.tokens[found.end].terms["modifier"]
            if not (after == 0 or self.term(found.end + 1, "unit_week") is not None):
                found = found._replace(modifier=after, end=found.end + 1)
        if modifier is not None and found.modifier is None:
            found = found._replace(modifier=modifier)
        if found.is_bare and modifier is not None and modifier != 0:
            return None
        return found if found.start == start else found._replace(start=start)

    def _weekday(self, at: int) -> Piece | None:
        token = self.tokens[at]
        weekday = token.terms.get("weekday")
        if weekday is None:
            return self._abbreviated_weekday(at)
        if self.tables.has("capital_days") and not self.is_capital(at):
            return None
        part = token.terms.get("day_part")
        found = Piece(at, at + 1, weekday=weekday, part=None if part is None else PARTS[part])
        after = at + 1
        modifier = self.term(after, "modifier")
        if modifier and self.near(after) and self.term(after + 1, "unit_week") is None:
            found, after = found._replace(modifier=modifier, end=after + 1), after + 1
        after = self._past_part(after)
        day = self._day_after_weekday(after)
        if day is None:
            return found
        inner = self.part(found.end)[0] if after > found.end else None
        return found._replace(day=day.day, month=day.month, year=day.year, month_shift=day.month_shift,
                       swappable=day.swappable, end=day.end, part=found.part or inner)  # fmt: skip

    def _past_part(self, at: int) -> int:
        """ "Thursday evening, 9 February": the part of the day between weekday and date."""
        part, end = self.part(at)
        if part is None or not self.near(at):
            return at
        return end

    def _day_after_weekday(self, at: int) -> Piece | None:
        bracket = self.is_sign(at, "(")
        if bracket or self.is_sign(at, ","):
            at += 1
        if not self.near(at) and self.term(at + 1, "month") is None:
            return None  # only "mardi", line break, "7 février" goes over a line
        comma = at
        at, led = self._leads(at)
        day = self._day(at, bare=not bracket)
        if day is None or (bracket and not self.is_sign(day.end, ")")):
            return None
        if day.is_bare and self.is_sign(comma - 1, ",") and not self._closes_day(day, led=led):
            return None
        return day._replace(end=day.end + 1) if bracket else day

    def _closes_day(self, day: Piece, *, led: bool) -> bool:
        """ "segunda-feira, dia 24", "segunda-feira, 24, ...": a word before or a sign after."""
        return self.stands_bare(day) and (led or not self.tokens[day.end].key.isalpha())

    def _abbreviated_weekday(self, at: int) -> Piece | None:
        weekday = self.term(at, "weekday_abbreviation")
        if weekday is None:
            return None
        after = at + 1
        while self.is_sign(after, ".,") and after < at + 3:
            after += 1
        after, _ = self._leads(after)
        day = self._day(after, bare=False) if self.near(after) else None
        if day is None or day.month is None:
            return None
        return day._replace(start=at, weekday=weekday)

    # Day and month

    def _day(self, at: int, *, bare: bool) -> Piece | None:
        token = self.tokens[at]
        if token.number >= 0:
            if self.is_stuck(at):
                return None
            return self._numeric(at) or self._day_month(at, bare=bare)
        if "month" in token.terms and self.tables.has("month_first"):
            return self._month_day(at)
        ordinal = token.terms.get("ordinal")
        if ordinal is not None and ordinal > 0:
            found = self._month_after(at, ordinal, at + 1)
            return found if found is not None and found.month is not None else None
        return None

    def is_stuck(self, at: int) -> bool:
        """Whether a number is glued to what stands before it: "G20", "2+2", "0142-55"."""
        token = self.tokens[at]
        if token.gap != GLUED or at == 0:
            return False
        before = self.tokens[at - 1]
        if before.number >= 0 or self.is_sign(at - 1, ".,:/+*#%$€£°_&=@"):
            return not (self.is_sign(at - 1, ".,:/") and at >= 2 and self.tokens[at - 2].number < 0)
        if self.is_sign(at - 1, "-"):
            return at >= 2 and self.tokens[at - 1].gap == GLUED and self.tokens[at - 2].number > 31
        return bool(before.key) and before.key.isalpha() and not _reads_on(before)

    def _day_month(self, at: int, *, bare: bool) -> Piece | None:
        token = self.tokens[at]
        if not 1 <= token.number <= 31 or token.digits > 2:
            return None
        end = self._past_suffix(at + 1)
        found = self._month_after(at, token.number, end)
        if found is not None:
            return found
        if not bare or not self._may_be_day(end):
            return None
        return Piece(at, end, day=token.number)

    def _past_suffix(self, at: int) -> int:
        """Past "er", "th", "-го", or the dot of a German day."""
        token = self.tokens[at]
        if token.gap == GLUED:
            if "day_suffix" in token.terms:
                return at + 1
            if (
                token.key in ("-", ".")
                and self.tokens[at + 1].gap == GLUED
                and self.term(at + 1, "day_suffix") is not None
            ):
                return at + 2
            if token.key == "." and self.tables.has("day_dot") and self.tokens[at + 1].number < 0:
                return at + 1
        elif token.gap == SPACED and "day_suffix" in token.terms and "month" in self.tokens[at + 1].terms:
            return at + 1
        return at

    def _month_after(self, start: int, day: int, at: int) -> Piece | None:
        if not self.near(at):
            return None
        shifted = self._shifted_month(at)
        if shifted is not None:
            return Piece(start, shifted[1], day=day, month_shift=shifted[0])
        if self.term(at, "of") is not None and self.near(at + 1):
            at += 1
        modifier = self.term(at, "modifier")
        if self.tokens[at].key == "-" and self.tokens[at].gap == GLUED:
            at += 1
        month = self.month(at)
        if month is None or modifier is not None:
            return None
        year, end = self.year(self._past_dot(at + 1))
        return Piece(start, end, day=day, month=month, year=year)

    def _shifted_month(self, at: int) -> tuple[int, int] | None:
        """(months from now, end): "courant", "du mois prochain", "of this month"."""
        shift = self.term(at, "month_shift")
        if shift is not None:
            return shift, at + 1
        if self.term(at, "of") is None:
            return None
        shift = self.term(at + 1, "month_shift")
        if shift is not None:
            return shift, at + 2
        for unit, modifier in ((at + 1, at + 2), (at + 2, at + 1)):
            value = self.term(modifier, "modifier")
            if self.term(unit, "unit_month") is not None and value is not None and self.near(at + 2):
                return value, at + 3
        return None

    def month(self, at: int) -> int | None:
        """The month a token names."""
        month = self.term(at, "month")
        if month is None or (not self.near(at) and self.tokens[at].gap > BROKEN):
            return None
        if self.tables.has("capital_months") and not self.is_capital(at):
            return None
        return month

    def _past_dot(self, at: int) -> int:
        """Past the dot of an abbreviation that is not the end of the sentence."""
        if self.is_sign(at, ".") and self.tokens[at].gap == GLUED:
            before = self.tokens[at - 1]
            if before.end - before.start <= 5 and (self.near(at + 1) and not self.is_capital(at + 1)):
                return at + 1
        return at

    def year(self, at: int) -> tuple[int | None, int]:
        """A year and the token after it; (None, at) where none follows."""
        after = at
        if self.is_sign(after, ",") or self.term(after, "of") is not None:
            after += 1
        token = self.tokens[after]
        if token.digits != 4 or token.number not in _YEARS or token.gap > SPACED or self.is_sign(after - 1, "."):
            return None, at
        following = self.tokens[after + 1]
        if following.gap == GLUED and following.key in ("/", ":", "h", "%"):
            return None, at
        after += 1
        if self.near(after) and self.term(after, "year_word") is not None:
            after = self._past_dot(after + 1)
        return token.number, after

    def _month_day(self, at: int) -> Piece | None:
        month, after = self.month(at), self._past_dot(at + 1)
        if month is None:
            return None
        token = self.tokens[after]
        if not 1 <= token.number <= 31 or token.digits > 2 or not self.near(after):
            return None
        end = self._past_suffix(after + 1)
        if self.term(end, "month") is not None and self.is_capital(end) and self.tokens[at].gap <= SPACED:
            return None  # "until March 5 April" does not occur; "March, 5 April" does
        if not self._may_be_day(end, month_before=True):
            return None
        year, end = self.year(end)
        return Piece(at, end, day=token.number, month=month, year=year)

    def _may_be_day(self, end: int, *, month_before: bool = False) -> bool:
        """Whether a number that ends there can be a day by what follows: no hour, unit, thousands or fraction."""
        token = self.tokens[end]
        if token.gap == GLUED and (token.key in (":", "%", "°", "+") or token.key.isalpha()):
            return False
        if token.gap == GLUED and token.key in (".", ",", "/") and self.tokens[end + 1].gap == GLUED:
            return self.tokens[end + 1].number < 0 and not self.tokens[end + 1].key.isalpha()
        if token.gap > SPACED:
            return True
        if token.number >= 0 and not (month_before and token.digits == 4):
            return False
        return _NOT_AFTER_DAY.isdisjoint(token.terms) and token.key not in _UNIT_SIGNS

    def stands_bare(self, piece: Piece) -> bool:
        """Whether what follows lets a bare number be a day: a sign, the end of the line, the opening of a phrase."""
        if piece.stands:
            return True
        token = self.tokens[piece.end]
        if token.gap >= BROKEN or (not token.key.isalpha() and token.number < 0 and token.key not in _UNIT_SIGNS):
            return True
        return not _AFTER_BARE_DAY.isdisjoint(token.terms)

    # Numeric dates

    def _numeric(self, at: int) -> Piece | None:
        one, two, three = self.tokens[at], self.tokens[at + 2], self.tokens[at + 4]
        if two.number < 0 or two.gap != GLUED or self.tokens[at + 1].gap != GLUED or not self.is_sign(at + 1, "/.-"):
            return None
        whole = three.number >= 0 and three.gap == GLUED and self.tokens[at + 3].key == self.tokens[at + 1].key
        if not whole:
            return self._short_numeric(at)
        after = self.tokens[at + 5]
        if after.gap == GLUED and (after.number >= 0 or after.key in ("/", "-", ":")) and after.key != "-":
            return None
        if one.digits == 4 and one.number in _YEARS:
            return _checked(Piece(at, at + 5, day=three.number, month=two.number, year=one.number))
        year = _full_year(three) if self.tokens[at + 1].key != "-" or three.digits == 4 else None
        if year is None:
            return None
        if two.number > 12 and one.number <= 12:
            return _checked(Piece(at, at + 5, day=two.number, month=one.number, year=year))
        swappable = self.tables.has("month_first") and self.tokens[at + 1].key == "/" and one.number <= 12
        return _checked(Piece(at, at + 5, day=one.number, month=two.number, year=year, swappable=swappable))

    def _short_numeric(self, at: int) -> Piece | None:
        """ "25/02", "09.12.": only where a word or bracket before says that it is a day."""
        one, two, sign = self.tokens[at], self.tokens[at + 2], self.tokens[at + 1].key
        after_weekday = self._follows_weekday(at)
        closed = self.is_sign(at + 3, ".")
        has_dots = sign == "." and one.digits <= 2 and (closed or (after_weekday and self._has_two_digits(one, two)))
        dotted = has_dots and (self.tables.has("day_dot") or after_weekday)
        slashed = sign == "/" and two.digits == 2 and one.digits <= 2
        if not dotted and not slashed:
            return None
        before = self.tokens[at - 1] if at else None
        allowed = before is None or before.key == "(" or any(name in before.terms for name in _BEFORE_SHORT_NUMERIC)
        allowed = allowed or after_weekday
        after = self.tokens[at + 3]
        if not (allowed or dotted) or (slashed and after.gap == GLUED and after.key in ("/", "-")):
            return None
        return _checked(Piece(at, at + 4 if dotted and closed else at + 3, day=one.number, month=two.number))

    def _has_two_digits(self, one: Token, two: Token) -> bool:
        """ "Lu 09.03" is a day; "Mon 9.30" is an hour, and so is any such number where the month is written first."""
        return one.digits == 2 and two.digits == 2 and not self.tables.has("month_first")

    def _follows_weekday(self, at: int) -> bool:
        before = at - 2 if self.is_sign(at - 1, ".") else at - 1
        terms = self.tokens[before].terms if before >= 0 else {}
        return "weekday" in terms or "weekday_abbreviation" in terms

    # Parts of the day

    def part(self, at: int) -> tuple[PartOfDay | None, int]:
        """A part of the day with the words that lead it in, and the token after it."""
        start = at
        while at - start < _MOST_LEADS and self.near(at + 1):
            terms = self.tokens[at].terms
            if not ("part_lead" in terms or "lead" in terms) or ("part" in terms and "month" not in terms):
                break
            at += 1
        value = self.term(at, "part")
        if value is None:
            return None, start
        return PARTS[value], at + 1


def _reads_on(before: Token) -> bool:
    """Words a typo may glue a day to: "les22"."""
    return bool(before.terms) and any(name in before.terms for name in ("lead", "to", "and", "from", "of"))


def _full_year(token: Token) -> int | None:
    if token.digits == 4:
        return token.number if token.number in _YEARS else None
    return 2000 + token.number if token.digits == 2 else None


def _checked(piece: Piece) -> Piece | None:
    valid = piece.day is not None and piece.month is not None and 1 <= piece.day <= 31 and 1 <= piece.month <= 12
    return piece if valid else None
