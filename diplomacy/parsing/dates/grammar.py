"""One pass over the tokens: what is said about time, as written, in groups that belong together.

`scan` looks at each place for the longest thing that begins there, in a fixed order of rules, and goes on after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplomacy.parsing.dates.clocks import ClockGrammar, Clocks
from diplomacy.parsing.dates.days import DAY_STARTS, DayGrammar, Form, Group
from diplomacy.parsing.dates.tables import Tables
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, Token
from diplomacy.parsing.dates.values import Grain, Relative
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_DAY, _LIST, _SPAN = Form.DAY, Form.LIST, Form.SPAN
_MONTH, _WEEK = Grain.MONTH, Grain.WEEK
_EVENING, _NIGHT = PartOfDay.EVENING, PartOfDay.NIGHT
_DAYS_LATER, _NTH_DAY, _SAME_DAY = Relative.DAYS_LATER, Relative.NTH_DAY, Relative.SAME_DAY

_MOST_TRAILING = 4
_ANCHOR_WITHIN = 6  # tokens from the first word of a mention to the one that makes it a mention
_ANCHORS = frozenset(
    {
        "weekday",
        "weekday_abbreviation",
        "deictic",
        "part",
        "month",
        "same_day",
        "next_day",
        "previous_day",
        "days_later",
        "unit_day",
        "unit_week",
        "unit_month",
        "weekend",
        "noon",
        "midnight",
        "minutes_before_hour",
        "tonight",
        "number",
        "ordinal",
        "day_count",
    }
)
_HOURS_A_DAY = 24
_MOST_DAYS = 60  # a longer stay is no visit


class Period(NamedTuple):
    """A week or month as written: so many from now, or a month by name."""

    grain: Grain
    shift: int | None = None
    month: int | None = None
    year: int | None = None
    modifier: int | None = None
    weekend: bool = False


class Found(NamedTuple):
    """Something about time between the tokens `start` and `end`."""

    start: int
    end: int
    rule: str
    group: Group | None = None
    clocks: Clocks | None = None
    part: PartOfDay | None = None
    is_night_between: bool = False
    is_week_from: bool = False
    relative: Relative | None = None
    nth: int = 0
    period: Period | None = None
    duration_days: int | None = None
    duration_minutes: int | None = None


def scan(tokens: Sequence[Token], tables: Tables, text: str) -> Iterator[Found]:
    """Everything about time in a token list, in order, without overlaps."""
    days = DayGrammar(tokens, tables, text)
    grammar = _Grammar(days, ClockGrammar(days))
    after = 0
    for at in _near_anchors(tokens):
        found = grammar.found(at) if at >= after else None
        if found is not None:
            yield found
            after = found.end


def _near_anchors(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens with which a mention may begin: numbers, and words for time, with an anchor not far ahead."""
    done = 0
    for anchor, token in enumerate(tokens):
        if token.number >= 0 or (token.terms and not _ANCHORS.isdisjoint(token.terms)):
            for at in range(max(done, anchor - _ANCHOR_WITHIN), anchor + 1):
                if tokens[at].terms or tokens[at].number >= 0:
                    yield at
            done = anchor + 1


class _Grammar:
    def __init__(self, days: DayGrammar, clocks: ClockGrammar) -> None:
        self.days = days
        self.clock_grammar = clocks
        self.tokens = days.tokens
        self.tables = days.tables

    def found(self, at: int) -> Found | None:
        """What begins at a token."""
        token = self.tokens[at]
        if token.number >= 0:
            return self._after_number(at) if self._may_tell_time(at) else None
        if "not_date" in token.terms:
            return None
        return (
            (self._period(at) if not _PERIOD_STARTS.isdisjoint(token.terms) else None)
            or (self._relative(at) if not _RELATIVE_STARTS.isdisjoint(token.terms) else None)
            or (self._duration(at) if not _DURATION_STARTS.isdisjoint(token.terms) else None)
            or (self._clock_first(at) if not _CLOCK_STARTS.isdisjoint(token.terms) else None)
            or (self._part_first(at) if not _PART_STARTS.isdisjoint(token.terms) else None)
            or (self._days_first(at) if not DAY_STARTS.isdisjoint(token.terms) else None)
        )

    def _after_number(self, at: int) -> Found | None:
        return self._days_later(at) or self._duration(at) or self._clock_first(at) or self._days_first(at)

    def _may_tell_time(self, at: int) -> bool:
        """Whether what stands around a number leaves anything to read; most numbers end here."""
        if self.days.is_stuck(at) or self.tokens[at].digits > 4:
            return False
        after = self.tokens[at + 1]
        if after.gap > SPACED or (after.key == "," and at < self.days.unlisted_until):
            return False
        return bool(after.terms) or (after.number < 0 and not after.key.isalpha() and self._is_joined(at + 1))

    def _is_joined(self, at: int) -> bool:
        """Whether the sign after a number may join it to something: "9, 10 et 11", "5-7", "10:30", "6."."""
        after = self.tokens[at + 1]
        return after.number >= 0 or bool(after.terms) or self.days.is_sign(at + 1, "-")

    # Days, clocks and parts of the day in any order

    def _days_first(self, at: int) -> Found | None:
        if self.days.term(at, "every") is not None or (at and self.days.term(at - 1, "every") is not None):
            return None
        group = self.days.group(at)
        if group is None:
            return None
        found = Found(at, group.end, str(group.form), group, part=group.pieces[-1].part or group.pieces[0].part)
        return self._with_trailing(found)

    def _clock_first(self, at: int) -> Found | None:
        clocks = self.clock_grammar.clocks(at)
        if clocks is None:
            return None
        part = clocks.time.part if clocks.time is not None else None
        found = Found(at, clocks.end, clocks.rule, clocks=clocks, part=part)
        return self._with_day(found)

    def _with_day(self, found: Found) -> Found:
        at = found.end
        if self.days.is_sign(at, ",") and self.days.term(at + 1, "lead") is not None:
            at += 1
        if not self.days.near(at):
            return found
        group = self.days.group(at)
        if group is None and self.days.term(at, "of") is not None:
            group = self.days.group(at + 1)
        if group is None or group.form not in (_DAY, _LIST, _SPAN):
            return found
        part = found.part or group.pieces[-1].part
        return self._with_trailing(found._replace(end=group.end, group=group, part=part, rule="clock_and_day"))

    def _part_first(self, at: int) -> Found | None:
        part, end = self.days.part(at)
        if part is None or ("deictic" in self.tokens[end - 1].terms and end == at + 1):
            return None
        found = Found(at, end, "part_of_day", part=part)
        day = self._with_day(found)
        if day.group is not None:
            if day.group.form is _SPAN and part in (_NIGHT, _EVENING):
                return day._replace(rule="night_between", part=_NIGHT, is_night_between=True)
            return day._replace(rule="part_and_day")
        if end == at + 1 and "lead" not in self.tokens[at].terms:
            return None
        return self._with_trailing(found) if self._is_common_word(end - 1) else None

    def _is_common_word(self, at: int) -> bool:
        """Not "Le Matin", the newspaper."""
        if not self.days.is_capital(at) or self.tables.has("capital_nouns"):
            return True
        return self.days.text[self.tokens[at].start : self.tokens[at].end].isupper()

    def _with_trailing(self, found: Found) -> Found:
        for _ in range(_MOST_TRAILING):
            longer = self._completed(found) or self._trailing_clock(found) or self._trailing_part(found)
            if longer is None:
                return found
            found = longer
        return found

    def _completed(self, found: Found) -> Found | None:
        """ "de dimanche à mardi (2-4 juillet)": the calendar days in brackets."""
        if found.group is None or found.clocks is not None or not self.days.is_sign(found.end, "("):
            return None
        if any(piece.day is not None for piece in found.group.pieces):
            return None
        group = self.days.group(found.end + 1)
        if group is None or not self.days.is_sign(group.end, ")") or len(group.pieces) != len(found.group.pieces):
            return None
        if any(piece.day is None for piece in group.pieces):
            return None
        pieces = tuple(
            inner._replace(weekday=inner.weekday if inner.weekday is not None else outer.weekday)
            for inner, outer in zip(group.pieces, found.group.pieces, strict=True)
        )
        whole = group._replace(start=found.start, end=group.end + 1, pieces=pieces, form=found.group.form)
        return found._replace(end=whole.end, group=whole)

    def _trailing_clock(self, found: Found) -> Found | None:
        if found.clocks is not None:
            return None
        at = found.end
        if self.days.is_sign(at, ",") or (self.days.is_sign(at, "-:|") and self._stands_apart(at)):
            at += 2 if self.days.is_sign(at, "-") and self.days.is_sign(at + 1, "-") else 1
        if not self.days.near(at):
            return None
        clocks = self.clock_grammar.clocks(at, after_day=True)
        if clocks is None:
            return None
        part = found.part or (clocks.time.part if clocks.time is not None else None)
        return found._replace(end=clocks.end, clocks=clocks, part=part)

    def _stands_apart(self, at: int) -> bool:
        return self.tokens[at + 1].gap == SPACED or self.days.is_sign(at + 1, "-")

    def _trailing_part(self, found: Found) -> Found | None:
        if found.part is not None:
            return None
        at = found.end + (1 if self.days.is_sign(found.end, ",") else 0)
        part, end = self.days.part(at)
        if part is None or not self.days.near(at) or (at > found.end and end == at + 1):
            return None
        if end == at + 1 and "deictic" in self.tokens[at].terms:
            return None
        return found._replace(end=end, part=part)

    # Days counted from a day the context gives

    def _relative(self, at: int) -> Found | None:
        terms = self.tokens[at].terms
        for name, relative in _RELATIVES:
            if name in terms:
                if relative is not _SAME_DAY and self.days.term(at + 1, "of") is not None:
                    return None
                return self._with_trailing(Found(at, at + 1, relative.value, relative=relative, nth=_COUNTS[relative]))
        return self._days_later(at) or self._nth_day(at)

    def _days_later(self, at: int) -> Found | None:
        start = at
        if self.days.term(at, "lead") is not None:
            at += 1
        later = self.days.term(at, "days_later")
        if later is not None and self.days.near(at) and self.days.term(at + 1, "of") is None:
            return self._with_trailing(Found(start, at + 1, "days_later", relative=_DAYS_LATER, nth=later))
        count, end = self.days.count(start)
        if count is None or self.days.term(end, "unit_day") is None or self.days.term(end + 1, "later_after") is None:
            return None
        follows = self.tokens[end + 2]
        if follows.gap == SPACED and follows.key.isalpha() and "may_follow" not in follows.terms:
            return None  # "thirty days after the exchange" hangs on something else
        return self._with_trailing(Found(start, end + 2, "days_later", relative=_DAYS_LATER, nth=count))

    def _nth_day(self, at: int) -> Found | None:
        start = at
        while at < start + 2 and self.days.term(at, "lead") is not None and self.days.near(at + 1):
            at += 1
        if not self.days.near(at + 1) or self.days.term(at + 1, "unit_day") is None or self.days.term(at + 1, "plural"):
            return self._numbered_day(start)
        count = self.days.term(at, "ordinal")
        if count is None and self.days.term(at, "modifier") == -1:
            count = -1
        if count is None or "plural" in self.tokens[at].terms:
            return None
        return self._with_trailing(Found(start, at + 2, "nth_day", relative=_NTH_DAY, nth=count))

    def _numbered_day(self, at: int) -> Found | None:
        """A heading "Jour 2", "Day 2"."""
        number = self.tokens[at + 1].number
        if self.days.term(at, "unit_day") is None or not 1 <= number <= 31 or self.tokens[at + 1].gap > SPACED:
            return None
        if (at and self.tokens[at].gap < BROKEN) or (
            self.tokens[at + 2].key.isalpha() and self.tokens[at + 2].gap < BROKEN
        ):
            return None
        if "lead" in self.tokens[at].terms and number > _MOST_TRAILING:
            return None
        return Found(at, at + 2, "numbered_day", relative=_NTH_DAY, nth=number)

    # Durations

    def _duration(self, at: int) -> Found | None:
        counted = self.days.term(at, "day_count")
        if counted is not None:
            return Found(at, at + 1, "duration", duration_days=counted)
        count, end = self.days.count(at)
        if count is None or count < 1:
            return None
        hyphen = self.days.is_sign(end, "-") and self.tokens[end].gap == GLUED
        if hyphen:
            end += 1
        if self.tokens[end].gap > SPACED or _UNITS.isdisjoint(self.tokens[end].terms):
            return None
        if not self._is_duration(at, end, count, hyphen=hyphen):
            return None
        return self._measured(at, end, count)

    def _is_duration(self, at: int, unit: int, count: int, *, hyphen: bool) -> bool:
        before = [self.tokens[place].terms for place in (at - 1, at - 2) if place >= 0]
        if any("no_duration_before" in terms for terms in before):
            return False
        after = self.tokens[unit + 1]
        if after.gap <= SPACED and not _NOT_AFTER_DURATION.isdisjoint(after.terms):
            return False
        led = bool(before) and "for_time" in before[0]
        if "unit_hour" in self.tokens[unit].terms and count <= _HOURS_A_DAY:
            return led and after.number < 0
        return count > 1 or led or hyphen

    def _measured(self, at: int, unit: int, count: int) -> Found | None:
        terms = self.tokens[unit].terms
        days: int | None = None
        minutes: int | None = None
        if "unit_day" in terms:
            days = count
        elif "unit_week" in terms:
            days = 7 * count
        elif "unit_hour" in terms:
            minutes = 60 * count
            days = -(-count // _HOURS_A_DAY) if count >= _HOURS_A_DAY else None
        elif "unit_minute" in terms:
            minutes = count
        if (days is None and minutes is None) or (days or 0) > _MOST_DAYS:
            return None
        return Found(at, unit + 1, "duration", duration_days=days, duration_minutes=None if days else minutes)

    # Weeks and months

    def _period(self, at: int) -> Found | None:
        return self._week_or_month(at) or self._named_month(at)

    def _week_or_month(self, at: int) -> Found | None:
        start = at
        while at < start + 2 and self._leads_period(at) and self.days.near(at + 1):
            at += 1
        before = self.days.term(at, "modifier")
        unit = at + 1 if before is not None and self.days.near(at + 1) else at
        grain = self._grain(unit)
        if grain is None or (start and self._is_counted(start - 1)) or self.days.term(at, "plural"):
            return None
        after = self.days.term(unit + 1, "modifier") if before is None and self.days.near(unit + 1) else None
        shift = before if before is not None else after
        weekend = self.days.term(unit, "weekend") is not None
        if shift is None:
            return self._week_from(start, unit) if grain is _WEEK and not weekend else None
        end = unit + 1 if before is not None else unit + 2
        return Found(start, end, f"{grain.value}_from_now", period=Period(grain, shift=shift, weekend=weekend))

    def _leads_period(self, at: int) -> bool:
        terms = self.tokens[at].terms
        return "lead" in terms or "month_lead" in terms or "within" in terms

    def _is_counted(self, at: int) -> bool:
        return self.tokens[at].number >= 0 or "number" in self.tokens[at].terms

    def _grain(self, at: int) -> Grain | None:
        terms = self.tokens[at].terms
        if "plural" in terms:
            return None
        if "unit_week" in terms or "weekend" in terms:
            return _WEEK
        return _MONTH if "unit_month" in terms else None

    def _week_from(self, start: int, unit: int) -> Found | None:
        """ "la semaine du 13 février"; with a span of days ("semaine du 2 au 5 janvier") the span alone is meant."""
        if not self.days.near(unit + 1) or self.days.term(unit + 1, "of") is None:
            return None
        group = self.days.group(unit + 1) or self.days.group(unit + 2)
        if group is None or group.form is not _DAY or group.pieces[0].month is None:
            return None
        return Found(start, group.end, "week_from_day", group, is_week_from=True)

    def _named_month(self, at: int) -> Found | None:
        start = at
        while at < start + 3 and "month" not in self.tokens[at].terms and self.days.near(at + 1):
            if "month_lead" not in self.tokens[at].terms and not (at > start and self._leads_month(at)):
                break
            at += 1
        before = self.days.term(at, "modifier")
        if before is not None:
            at += 1
        month = self.days.month(at) if at == start or self.days.near(at) else None
        if month is None or (self.tokens[at + 1].key.isalpha() and self.tokens[at + 1].gap == GLUED):
            return None
        year, end = self.days.year(at + 1)
        after = self.days.term(end, "modifier") if self.days.near(end) else None
        if after:
            end += 1
        led = at > start
        if not led and year is None and not after:
            return None
        if not self._is_written_as_month(at, led=led) or self._is_day_of_month(at, end, year, start):
            return None
        return Found(
            start, end, "month", period=Period(_MONTH, None, month, year, before if before is not None else after)
        )

    def _leads_month(self, at: int) -> bool:
        return self.tokens[at].key == "-" or "of" in self.tokens[at].terms or "lead" in self.tokens[at].terms

    def _is_written_as_month(self, at: int, *, led: bool) -> bool:
        """Where months are not capitalised, "Mars 2020" alone is a name."""
        if led or self.tables.has("capital_months") or self.tables.has("capital_nouns") or not self.days.is_capital(at):
            return True
        token = self.tokens[at]
        return self.days.text[token.start : token.end].isupper() or token.gap >= BROKEN or at == 0

    def _is_day_of_month(self, at: int, end: int, year: int | None, start: int) -> bool:
        """Whether a day number stands beside the month, so that it is a date."""
        if start and self.tokens[start - 1].number >= 0 and self.tokens[start].gap <= SPACED and start == at:
            return True
        following = self.tokens[end]
        if year is None and self.tables.has("month_first") and 1 <= following.number <= 31 and following.gap <= SPACED:
            return following.digits <= 2
        return False


_PERIOD_STARTS = frozenset(
    ("lead", "month_lead", "within", "modifier", "unit_week", "unit_month", "weekend", "month", "of")
)
_CLOCK_STARTS = frozenset(
    {"at", "bare_at", "about", "from", "to", "between", "starting", "until", "before"}
    | {"noon", "midnight", "minutes_before_hour", "number"}
)
_PART_STARTS = frozenset(("part", "part_lead", "lead"))
_RELATIVE_STARTS = frozenset(
    {"same_day", "next_day", "previous_day", "days_later", "lead", "number", "ordinal", "modifier", "unit_day"}
)
_DURATION_STARTS = frozenset(("day_count", "number"))
_UNITS = frozenset(("unit_minute", "unit_hour", "unit_day", "unit_week"))
_NOT_AFTER_DURATION = frozenset(("no_duration_after", "later_after", "ago_after"))
_RELATIVES = (
    ("same_day", Relative.SAME_DAY),
    ("next_day", Relative.NEXT_DAY),
    ("previous_day", Relative.PREVIOUS_DAY),
)
_COUNTS = {Relative.SAME_DAY: 0, Relative.NEXT_DAY: 1, Relative.PREVIOUS_DAY: -1}
