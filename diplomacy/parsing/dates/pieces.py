"""One day as written ("jeudi 9 février"): nothing is computed from the day of publication. Look-ahead is bounded."""

from __future__ import annotations

from typing import NamedTuple

from diplomacy.parsing.dates.tables import PARTS, Tables
from diplomacy.parsing.dates.terms import NO_TERMS
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, OverTokens, Tokens
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_EVENING = PartOfDay.EVENING

_MOST_LEADS = 3
_YEARS = range(1900, 2101)
# What may stand right before "25/02": otherwise it is a fraction or a reference.
_BEFORE_SHORT_NUMERIC = frozenset(
    ("lead", "to", "until", "from", "starting", "since", "before", "and", "weekday", "deictic")
)
# What may stand right after "25/02" that begins a line: the signs of a row.
_AFTER_DAY_OF_ROW = frozenset(("(", "|", ":", "-"))
# Words that a typo may glue a day to: "les22".
_READ_ON = frozenset(("lead", "to", "and", "from", "of"))
_NOT_AFTER_DAY = frozenset(
    {"hour_sign", "hour_word", "minute_sign", "am", "pm", "zone", "month"}
    | {"unit_minute", "unit_hour", "unit_day", "unit_week", "unit_month"}
)
_AFTER_BARE_DAY = frozenset(("may_follow", "to", "and", "at", "until", "part_lead"))
_UNIT_SIGNS = ("%", "€", "$", "£", "°", "+", "*")


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


class PieceGrammar(OverTokens):
    """Reads single days at a place of a token list."""

    def __init__(self, tokens: Tokens, tables: Tables, text: str) -> None:
        super().__init__(tokens)
        self.tables = tables
        self.text = text

    # Small questions

    def is_sign(self, at: int, signs: str) -> bool:
        """Whether a token is one of these signs."""
        return len(self.keys[at]) == 1 and self.keys[at] in signs

    def is_capital(self, at: int) -> bool:
        """Whether a token begins with a capital letter."""
        return self.ends[at] > 0 and self.text[self.starts[at]].isupper()

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
        while at - start < _MOST_LEADS and self.gaps[at + 1] <= SPACED:
            terms = self.terms[at]
            if "lead" not in terms and not ("of" in terms and at > start):
                break
            if "deictic" in terms or "part" in terms:
                break
            at += 1
        return at, at > start

    def _deictic(self, at: int) -> Piece | None:
        terms = self.terms[at]
        if "tonight" in terms:
            return Piece(at, at + 1, deictic=0, part=_EVENING)
        shift = terms.get("deictic")
        if shift is None or ("lead" in terms and "part" in terms):
            return self._counted(at) or (self._this_part(at) if "modifier" in terms else None)
        found = Piece(at, at + 1, deictic=shift)
        part, end = self.part(found.end)
        if part is not None and self.gaps[found.end] <= SPACED:
            found = found._replace(part=part, end=end)
        return self._completed(found)

    def _completed(self, found: Piece) -> Piece:
        """ "hier, jeudi 16 août 2012", "amanhã, dia 22", "heute (08.12.)": the calendar day beside the spoken one."""
        at = found.end
        bracket = self.keys[at] == "("
        if bracket or self.keys[at] == ",":
            at += 1
        if self.gaps[at] > SPACED:
            return found
        after, led = self._leads(at)
        day = self._calendar(after, bare=led)
        if day is None or (day.is_bare and not self.stands_bare(day)):
            return found
        if day.weekday is not None and day.day is None and "to" in self.terms[day.end]:
            return found
        if bracket and self.keys[day.end] != ")":
            return found
        return day._replace(deictic=found.deictic, part=found.part or day.part, end=day.end + (1 if bracket else 0))

    def _this_part(self, at: int) -> Piece | None:
        """ "ce matin", "last night"."""
        shift = self.terms[at].get("modifier")
        if shift not in (0, -1) or self.gaps[at + 1] > SPACED:
            return None
        part = self.terms[at + 1].get("part")
        if part is None:
            return None
        return Piece(at, at + 2, deictic=shift, part=PARTS[part])

    def _counted(self, at: int) -> Piece | None:
        """ "dans trois jours", "il y a deux jours", "two days ago"."""
        terms = self.terms[at]
        within, ago = "within" in terms, "ago_before" in terms
        number_at = at + 1 if within or ago else at
        count, end = self.count(number_at)
        if count is None or "unit_day" not in self.terms[end] or self.gaps[end] > SPACED:
            return None
        if within and "ago_after" not in self.terms[end + 1]:
            return Piece(at, end + 1, deictic=count)
        if ago:
            return Piece(at, end + 1, deictic=-count)
        if "ago_after" in self.terms[end + 1]:
            return Piece(at, end + 2, deictic=-count)
        return None

    def count(self, at: int) -> tuple[int | None, int]:
        """A whole number in digits or words, and the token after it."""
        if 0 <= self.numbers[at] < 1000 and not self.is_stuck(at):
            return self.numbers[at], at + 1
        number = self.terms[at].get("number")
        return (number, at + 1) if number is not None else (None, at)

    def _calendar(self, at: int, *, bare: bool) -> Piece | None:
        start = at
        modifier = self.terms[at].get("modifier")
        if modifier is not None and self.gaps[at + 1] <= SPACED:
            at += 1
            at, _ = self._leads(at)
        found = (self._weekday(at) if self.terms[at] else None) or self._day(at, bare=bare)
        if found is None:
            return None
        if self.gaps[found.end] <= SPACED and "modifier" in self.terms[found.end] and found.modifier is None:
            after = self.terms[found.end]["modifier"]
            if not (after == 0 or "unit_week" in self.terms[found.end + 1]):
                found = found._replace(modifier=after, end=found.end + 1)
        if modifier is not None and found.modifier is None:
            found = found._replace(modifier=modifier)
        if found.is_bare and modifier is not None and modifier != 0:
            return None
        return found if found.start == start else found._replace(start=start)

    def _weekday(self, at: int) -> Piece | None:
        weekday = self.terms[at].get("weekday")
        if weekday is None:
            return self._abbreviated_weekday(at)
        if self.tables.has("capital_days") and not self.is_capital(at):
            return None
        part = self.terms[at].get("day_part")
        found = Piece(at, at + 1, weekday=weekday, part=None if part is None else PARTS[part])
        after = at + 1
        modifier = self.terms[after].get("modifier")
        if modifier and self.gaps[after] <= SPACED and "unit_week" not in self.terms[after + 1]:
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
        if part is None or self.gaps[at] > SPACED:
            return at
        return end

    def _day_after_weekday(self, at: int) -> Piece | None:
        bracket = self.keys[at] == "("
        if bracket or self.keys[at] == ",":
            at += 1
        if self.gaps[at] > SPACED and "month" not in self.terms[at + 1]:
            return None  # only "mardi", line break, "7 février" goes over a line
        comma = at
        at, led = self._leads(at)
        day = self._day(at, bare=not bracket)
        if day is None or (bracket and self.keys[day.end] != ")"):
            return None
        if day.is_bare and self.keys[comma - 1] == "," and not self._closes_day(day, led=led):
            return None
        return day._replace(end=day.end + 1) if bracket else day

    def _closes_day(self, day: Piece, *, led: bool) -> bool:
        """ "segunda-feira, dia 24", "segunda-feira, 24, ...": a word before or a sign after."""
        return self.stands_bare(day) and (led or not self.keys[day.end].isalpha())

    def _abbreviated_weekday(self, at: int) -> Piece | None:
        weekday = self.terms[at].get("weekday_abbreviation")
        if weekday is None:
            return None
        after = at + 1
        while self.is_sign(after, ".,") and after < at + 3:
            after += 1
        after, _ = self._leads(after)
        day = self._day(after, bare=False) if self.gaps[after] <= SPACED else None
        if day is None or day.month is None:
            return None
        return day._replace(start=at, weekday=weekday)

    # Day and month

    def _day(self, at: int, *, bare: bool) -> Piece | None:
        if self.numbers[at] >= 0:
            if self.is_stuck(at):
                return None
            return self._numeric(at) or self._day_month(at, bare=bare)
        if "month" in self.terms[at] and self.tables.has("month_first"):
            return self._month_day(at)
        ordinal = self.terms[at].get("ordinal")
        if ordinal is not None and ordinal > 0:
            found = self._month_after(at, ordinal, at + 1)
            return found if found is not None and found.month is not None else None
        return None

    def is_stuck(self, at: int) -> bool:
        """Whether a number is glued to what stands before it: "G20", "2+2", "0142-55"."""
        if self.gaps[at] != GLUED or at == 0:
            return False
        if self.numbers[at - 1] >= 0 or self.is_sign(at - 1, ".,:/+*#%$€£°_&=@"):
            return not (self.is_sign(at - 1, ".,:/") and at >= 2 and self.numbers[at - 2] < 0)
        if self.keys[at - 1] == "-":
            return at >= 2 and self.gaps[at - 1] == GLUED and self.numbers[at - 2] > 31
        return self.keys[at - 1].isalpha() and _READ_ON.isdisjoint(self.terms[at - 1])

    def _day_month(self, at: int, *, bare: bool) -> Piece | None:
        if not 1 <= self.numbers[at] <= 31 or self.digits[at] > 2:
            return None
        end = self._past_suffix(at + 1)
        found = self._month_after(at, self.numbers[at], end)
        if found is not None:
            return found
        if not bare or not self._may_be_day(end):
            return None
        return Piece(at, end, day=self.numbers[at])

    def _past_suffix(self, at: int) -> int:
        """Past "er", "th", "-го", or the dot of a German day."""
        if self.gaps[at] == GLUED:
            if "day_suffix" in self.terms[at]:
                return at + 1
            if self.keys[at] in ("-", ".") and self.gaps[at + 1] == GLUED and "day_suffix" in self.terms[at + 1]:
                return at + 2
            if self.keys[at] == "." and self.tables.has("day_dot") and self.numbers[at + 1] < 0:
                return at + 1
        elif self.gaps[at] == SPACED and "day_suffix" in self.terms[at] and "month" in self.terms[at + 1]:
            return at + 1
        return at

    def _month_after(self, start: int, day: int, at: int) -> Piece | None:
        if self.gaps[at] > SPACED:
            return None
        shifted = self._shifted_month(at)
        if shifted is not None:
            return Piece(start, shifted[1], day=day, month_shift=shifted[0])
        if "of" in self.terms[at] and self.gaps[at + 1] <= SPACED:
            at += 1
        modifier = self.terms[at].get("modifier")
        if self.keys[at] == "-" and self.gaps[at] == GLUED:
            at += 1
        month = self.month(at)
        if month is None or modifier is not None:
            return None
        year, end = self.year(self._past_dot(at + 1))
        return Piece(start, end, day=day, month=month, year=year)

    def _shifted_month(self, at: int) -> tuple[int, int] | None:
        """(months from now, end): "courant", "du mois prochain", "of this month"."""
        shift = self.terms[at].get("month_shift")
        if shift is not None:
            return shift, at + 1
        if "of" not in self.terms[at]:
            return None
        shift = self.terms[at + 1].get("month_shift")
        if shift is not None:
            return shift, at + 2
        for unit, modifier in ((at + 1, at + 2), (at + 2, at + 1)):
            value = self.terms[modifier].get("modifier")
            if "unit_month" in self.terms[unit] and value is not None and self.gaps[at + 2] <= SPACED:
                return value, at + 3
        return None

    def month(self, at: int) -> int | None:
        """The month a token names."""
        month = self.terms[at].get("month")
        if month is None or (self.gaps[at] > SPACED and self.gaps[at] > BROKEN):
            return None
        if self.tables.has("capital_months") and not self.is_capital(at):
            return None
        return month

    def _past_dot(self, at: int) -> int:
        """Past the dot of an abbreviation that is not the end of the sentence."""
        if self.keys[at] != "." or self.gaps[at] != GLUED or self.ends[at - 1] - self.starts[at - 1] > 5:
            return at
        return at + 1 if self.gaps[at + 1] <= SPACED and not self.is_capital(at + 1) else at

    def year(self, at: int) -> tuple[int | None, int]:
        """A year and the token after it; (None, at) where none follows."""
        after = at
        if self.keys[after] == "," or "of" in self.terms[after]:
            after += 1
        number = self.numbers[after]
        if self.digits[after] != 4 or number not in _YEARS or self.gaps[after] > SPACED or self.keys[after - 1] == ".":
            return None, at
        after += 1
        if self.gaps[after] == GLUED and self.keys[after] in ("/", ":", "h", "%"):
            return None, at
        if self.gaps[after] <= SPACED and "year_word" in self.terms[after]:
            after = self._past_dot(after + 1)
        return number, after

    def _month_day(self, at: int) -> Piece | None:
        month, after = self.month(at), self._past_dot(at + 1)
        if month is None:
            return None
        if not 1 <= self.numbers[after] <= 31 or self.digits[after] > 2 or self.gaps[after] > SPACED:
            return None
        end = self._past_suffix(after + 1)
        if "month" in self.terms[end] and self.is_capital(end) and self.gaps[at] <= SPACED:
            return None  # "until March 5 April" does not occur; "March, 5 April" does
        if not self._may_be_day(end, month_before=True):
            return None
        year, end = self.year(end)
        return Piece(at, end, day=self.numbers[after], month=month, year=year)

    def _may_be_day(self, end: int, *, month_before: bool = False) -> bool:
        """Whether a number that ends there can be a day by what follows: no hour, unit, thousands or fraction."""
        if self.gaps[end] == GLUED and (self.keys[end] in (":", "%", "°", "+") or self.keys[end].isalpha()):
            return False
        if self.gaps[end] == GLUED and self.keys[end] in (".", ",", "/") and self.gaps[end + 1] == GLUED:
            return self.numbers[end + 1] < 0 and not self.keys[end + 1].isalpha()
        if self.gaps[end] > SPACED:
            return True
        if self.numbers[end] >= 0 and not (month_before and self.digits[end] == 4):
            return False
        return _NOT_AFTER_DAY.isdisjoint(self.terms[end]) and self.keys[end] not in _UNIT_SIGNS

    def stands_bare(self, piece: Piece) -> bool:
        """Whether what follows lets a bare number be a day: a sign, the end of the line, the opening of a phrase."""
        if piece.stands:
            return True
        if self.gaps[piece.end] >= BROKEN or (
            not self.keys[piece.end].isalpha()
            and self.numbers[piece.end] < 0
            and self.keys[piece.end] not in _UNIT_SIGNS
        ):
            return True
        return not _AFTER_BARE_DAY.isdisjoint(self.terms[piece.end])

    # Numeric dates

    def _numeric(self, at: int) -> Piece | None:
        gaps, sign, after = self.gaps, self.keys[at + 1], self.keys[at + 5]
        one, two, three = self.numbers[at], self.numbers[at + 2], self.numbers[at + 4]
        if two < 0 or gaps[at + 2] != GLUED or gaps[at + 1] != GLUED or not self.is_sign(at + 1, "/.-"):
            return None
        if three < 0 or gaps[at + 4] != GLUED or self.keys[at + 3] != sign:
            return self._short_numeric(at)
        if gaps[at + 5] == GLUED and (self.numbers[at + 5] >= 0 or after in ("/", ":")):
            return None
        if self.digits[at] == 4 and one in _YEARS:
            return _checked(Piece(at, at + 5, day=three, month=two, year=one))
        year = _full_year(three, self.digits[at + 4]) if sign != "-" or self.digits[at + 4] == 4 else None
        if year is None:
            return None
        if two > 12 and one <= 12:
            return _checked(Piece(at, at + 5, day=two, month=one, year=year))
        swappable = self.tables.has("month_first") and sign == "/" and one <= 12
        return _checked(Piece(at, at + 5, day=one, month=two, year=year, swappable=swappable))

    def _short_numeric(self, at: int) -> Piece | None:
        """ "25/02", "09.12.": only where a word or bracket before says that it is a day, or a row begins."""
        sign, digits = self.keys[at + 1], (self.digits[at], self.digits[at + 2])
        after_weekday = self._follows_weekday(at)
        closed = self.keys[at + 3] == "."
        has_dots = sign == "." and digits[0] <= 2 and (closed or (after_weekday and self._has_two_digits(digits)))
        dotted = has_dots and (self.tables.has("day_dot") or after_weekday)
        slashed = sign == "/" and digits[1] == 2 and digits[0] <= 2
        if not dotted and not slashed:
            return None
        allowed = at == 0 or self.keys[at - 1] == "(" or not _BEFORE_SHORT_NUMERIC.isdisjoint(self.terms[at - 1])
        allowed = allowed or after_weekday or (slashed and (self._leads_row(at) or self._follows_weekday(at, sign=",")))
        if not (allowed or dotted) or (slashed and self.gaps[at + 3] == GLUED and self.keys[at + 3] in ("/", "-")):
            return None
        return _checked(
            Piece(at, at + 4 if dotted and closed else at + 3, day=self.numbers[at], month=self.numbers[at + 2])
        )

    def _leads_row(self, at: int) -> bool:
        """Whether a number and the one after its sign begin a line that goes on with an hour, a cell or a bracket."""
        if self.gaps[at] < BROKEN or self.tables.has("month_first") or self.gaps[at + 3] == GLUED:
            return False
        return self.numbers[at + 3] >= 0 or self.keys[at + 3] in _AFTER_DAY_OF_ROW

    def _has_two_digits(self, digits: tuple[int, int]) -> bool:
        """ "Lu 09.03" is a day; "Mon 9.30" is an hour, and so is any such number where the month is written first."""
        return digits == (2, 2) and not self.tables.has("month_first")

    def _follows_weekday(self, at: int, *, sign: str = "") -> bool:
        if sign:
            if self.keys[at - 1] != sign:
                return False
            at -= 1
        before = at - 2 if self.keys[at - 1] == "." else at - 1
        terms = self.terms[before] if before >= 0 else NO_TERMS
        return "weekday" in terms or "weekday_abbreviation" in terms

    # Parts of the day

    def part(self, at: int) -> tuple[PartOfDay | None, int]:
        """A part of the day with the words that lead it in, and the token after it."""
        start = at
        while at - start < _MOST_LEADS and self.gaps[at + 1] <= SPACED:
            terms = self.terms[at]
            if not ("part_lead" in terms or "lead" in terms) or ("part" in terms and "month" not in terms):
                break
            at += 1
        value = self.terms[at].get("part")
        if value is None:
            return None, start
        return PARTS[value], at + 1


def _full_year(number: int, digits: int) -> int | None:
    if digits == 4:
        return number if number in _YEARS else None
    return 2000 + number if digits == 2 else None


def _checked(piece: Piece) -> Piece | None:
    valid = piece.day is not None and piece.month is not None and 1 <= piece.day <= 31 and 1 <= piece.month <= 12
    return piece if valid else None
