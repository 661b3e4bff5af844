"""One pass over the tokens: what is said about time, as written, in groups that belong together.

`scan` looks at each place for the longest thing that begins there, in a fixed order of rules, and goes on after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplomacy.parsing.dates.clocks import ClockGrammar, Clocks
from diplomacy.parsing.dates.days import DayGrammar, Form, Group
from diplomacy.parsing.dates.tables import Tables
from diplomacy.parsing.dates.terms import AHEAD, CLOCK, CLOCK_AFTER_DAY, DAYS, DURATION, PART, PERIOD, RELATIVE, Terms
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, OverTokens, Tokens
from diplomacy.parsing.dates.values import Grain, Relative
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_DAY, _LIST, _SPAN = Form.DAY, Form.LIST, Form.SPAN
_MONTH, _WEEK = Grain.MONTH, Grain.WEEK
_EVENING, _NIGHT = PartOfDay.EVENING, PartOfDay.NIGHT
_DAYS_LATER, _NTH_DAY, _SAME_DAY = Relative.DAYS_LATER, Relative.NTH_DAY, Relative.SAME_DAY

_MOST_TRAILING = 4
_ANCHOR_WITHIN = 6  # tokens from the first word of a mention to the one that makes it a mention
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


def scan(tokens: Tokens, tables: Tables, text: str) -> Iterator[Found]:
    """Everything about time in a token list, in order, without overlaps."""
    days = DayGrammar(tokens, tables, text)
    grammar = _Grammar(days, ClockGrammar(days))
    after = 0
    for at in _near_anchors(tokens):
        found = grammar.found(at) if at >= after else None
        if found is not None:
            yield found
            after = found.end


def _near_anchors(tokens: Tokens) -> Iterator[int]:
    """The tokens with which a mention may begin: numbers, and words for time, with an anchor not far ahead."""
    done, numbers, terms_of = 0, tokens.numbers, tokens.terms
    anchors = [at for at, number in enumerate(numbers) if number >= 0 or terms_of[at].is_anchor]
    for anchor in anchors:
        for at in range(max(done, anchor - _ANCHOR_WITHIN), anchor + 1):
            if numbers[at] >= 0 or (terms_of[at].begins and _leads_on(numbers, terms_of, at)):
                yield at
        done = anchor + 1


def _leads_on(numbers: Sequence[int], terms_of: Sequence[Terms], at: int) -> bool:
    """Whether a word for time says something itself or leads to one that does: "le" in "le 7", not in "le ministre"."""
    while terms_of[at] and terms_of[at].only_leads:
        at += 1
    return bool(terms_of[at]) or numbers[at] >= 0


class _Grammar(OverTokens):
    def __init__(self, days: DayGrammar, clocks: ClockGrammar) -> None:
        super().__init__(days.tokens)
        self.days = days
        self.clock_grammar = clocks
        self.tables = days.tables

    def found(self, at: int) -> Found | None:
        """What begins at a token."""
        if self.numbers[at] >= 0:
            return self._after_number(at) if self._may_tell_time(at) else None
        if "not_date" in self.terms[at]:
            return None
        may = self.terms[at].begins & (self._ahead(at) | DAYS)
        return (
            (self._period(at) if may & PERIOD else None)
            or (self._relative(at) if may & RELATIVE else None)
            or (self._duration(at) if may & DURATION else None)
            or (self._clock_first(at) if may & CLOCK else None)
            or (self._part_first(at) if may & PART else None)
            or (self._days_first(at) if may & DAYS else None)
        )

    def _after_number(self, at: int) -> Found | None:
        may = self._ahead(at)
        return (
            (self._days_later(at) if may & RELATIVE else None)
            or (self._duration(at) if may & DURATION else None)
            or (self._clock_first(at) if may & CLOCK else None)
            or self._days_first(at)
        )

    def _ahead(self, at: int) -> int:
        """The kinds of mention whose words stand here or not far ahead, as bits."""
        kinds = 0
        for terms in self.terms[at : at + AHEAD]:
            kinds |= terms.belongs
        if not kinds & CLOCK:
            keys = self.keys[at : at + AHEAD]
            kinds |= CLOCK if ":" in keys or "." in keys else 0
        return kinds

    def _may_tell_time(self, at: int) -> bool:
        """Whether what stands around a number leaves anything to read; most numbers end here."""
        if self.days.is_stuck(at) or self.digits[at] > 4:
            return False
        if self.gaps[at + 1] > SPACED or (self.keys[at + 1] == "," and at < self.days.unlisted_until):
            return False
        return bool(self.terms[at + 1]) or (
            self.numbers[at + 1] < 0 and not self.keys[at + 1].isalpha() and self._is_joined(at + 1)
        )

    def _is_joined(self, at: int) -> bool:
        """Whether the sign after a number may join it to something: "9, 10 et 11", "5-7", "10:30", "6."."""
        return self.numbers[at + 1] >= 0 or bool(self.terms[at + 1]) or self.keys[at + 1] == "-"

    # Days, clocks and parts of the day in any order

    def _days_first(self, at: int) -> Found | None:
        if "every" in self.terms[at] or (at and "every" in self.terms[at - 1]):
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
        if self.keys[at] == "," and "lead" in self.terms[at + 1]:
            at += 1
        if self.gaps[at] > SPACED:
            return found
        group = self.days.group(at)
        if group is None and "of" in self.terms[at]:
            group = self.days.group(at + 1)
        if group is None or group.form not in (_DAY, _LIST, _SPAN):
            return found
        part = found.part or group.pieces[-1].part
        return self._with_trailing(found._replace(end=group.end, group=group, part=part, rule="clock_and_day"))

    def _part_first(self, at: int) -> Found | None:
        part, end = self.days.part(at)
        if part is None or ("deictic" in self.terms[end - 1] and end == at + 1):
            return None
        found = Found(at, end, "part_of_day", part=part)
        day = self._with_day(found)
        if day.group is not None:
            if day.group.form is _SPAN and part in (_NIGHT, _EVENING):
                return day._replace(rule="night_between", part=_NIGHT, is_night_between=True)
            return day._replace(rule="part_and_day")
        if end == at + 1 and "lead" not in self.terms[at]:
            return None
        return self._with_trailing(found) if self._is_common_word(end - 1) else None

    def _is_common_word(self, at: int) -> bool:
        """Not "Le Matin", the newspaper."""
        if not self.days.is_capital(at) or self.tables.has("capital_nouns"):
            return True
        return self.days.text[self.starts[at] : self.ends[at]].isupper()

    def _with_trailing(self, found: Found) -> Found:
        for _ in range(_MOST_TRAILING):
            longer = self._completed(found) or self._trailing_clock(found) or self._trailing_part(found)
            if longer is None:
                return found
            found = longer
        return found

    def _completed(self, found: Found) -> Found | None:
        """ "de dimanche à mardi (2-4 juillet)": the calendar days in brackets."""
        if found.group is None or found.clocks is not None or self.keys[found.end] != "(":
            return None
        if any(piece.day is not None for piece in found.group.pieces):
            return None
        group = self.days.group(found.end + 1)
        if group is None or self.keys[group.end] != ")" or len(group.pieces) != len(found.group.pieces):
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
        if self.keys[at] == "," or (self.days.is_sign(at, "-:|") and self._stands_apart(at)):
            at += 2 if self.keys[at] == "-" and self.keys[at + 1] == "-" else 1
        if self.gaps[at] > SPACED:
            return None
        if not self._ahead(at) & (CLOCK | CLOCK_AFTER_DAY):
            return None
        clocks = self.clock_grammar.clocks(at, after_day=True)
        if clocks is None:
            return None
        part = found.part or (clocks.time.part if clocks.time is not None else None)
        return found._replace(end=clocks.end, clocks=clocks, part=part)

    def _stands_apart(self, at: int) -> bool:
        return self.gaps[at + 1] == SPACED or self.keys[at + 1] == "-"

    def _trailing_part(self, found: Found) -> Found | None:
        if found.part is not None:
            return None
        at = found.end + (1 if self.keys[found.end] == "," else 0)
        part, end = self.days.part(at)
        if part is None or self.gaps[at] > SPACED or (at > found.end and end == at + 1):
            return None
        if end == at + 1 and "deictic" in self.terms[at]:
            return None
        return found._replace(end=end, part=part)

    # Days counted from a day the context gives

    def _relative(self, at: int) -> Found | None:
        terms = self.terms[at]
        for name, relative in _RELATIVES:
            if name in terms:
                if relative is not _SAME_DAY and "of" in self.terms[at + 1]:
                    return None
                return self._with_trailing(Found(at, at + 1, relative.value, relative=relative, nth=_COUNTS[relative]))
        return self._days_later(at) or self._nth_day(at)

    def _days_later(self, at: int) -> Found | None:
        start = at
        if "lead" in self.terms[at]:
            at += 1
        later = self.terms[at].get("days_later")
        if later is not None and self.gaps[at] <= SPACED and "of" not in self.terms[at + 1]:
            return self._with_trailing(Found(start, at + 1, "days_later", relative=_DAYS_LATER, nth=later))
        count, end = self.days.count(start)
        if count is None or "unit_day" not in self.terms[end] or "later_after" not in self.terms[end + 1]:
            return None
        if self.gaps[end + 2] == SPACED and self.keys[end + 2].isalpha() and "may_follow" not in self.terms[end + 2]:
            return None  # "thirty days after the exchange" hangs on something else
        return self._with_trailing(Found(start, end + 2, "days_later", relative=_DAYS_LATER, nth=count))

    def _nth_day(self, at: int) -> Found | None:
        start = at
        while at < start + 2 and "lead" in self.terms[at] and self.gaps[at + 1] <= SPACED:
            at += 1
        if self.gaps[at + 1] > SPACED or "unit_day" not in self.terms[at + 1] or self.terms[at + 1].get("plural"):
            return self._numbered_day(start)
        count = self.terms[at].get("ordinal")
        if count is None and self.terms[at].get("modifier") == -1:
            count = -1
        if count is None or "plural" in self.terms[at]:
            return None
        return self._with_trailing(Found(start, at + 2, "nth_day", relative=_NTH_DAY, nth=count))

    def _numbered_day(self, at: int) -> Found | None:
        """A heading "Jour 2", "Day 2"."""
        number = self.numbers[at + 1]
        if "unit_day" not in self.terms[at] or not 1 <= number <= 31 or self.gaps[at + 1] > SPACED:
            return None
        if (at and self.gaps[at] < BROKEN) or (self.keys[at + 2].isalpha() and self.gaps[at + 2] < BROKEN):
            return None
        if "lead" in self.terms[at] and number > _MOST_TRAILING:
            return None
        return Found(at, at + 2, "numbered_day", relative=_NTH_DAY, nth=number)

    # Durations

    def _duration(self, at: int) -> Found | None:
        counted = self.terms[at].get("day_count")
        if counted is not None:
            return Found(at, at + 1, "duration", duration_days=counted)
        count, end = self.days.count(at)
        if count is None or count < 1:
            return None
        hyphen = self.keys[end] == "-" and self.gaps[end] == GLUED
        if hyphen:
            end += 1
        if self.gaps[end] > SPACED or _UNITS.isdisjoint(self.terms[end]):
            return None
        if not self._is_duration(at, end, count, hyphen=hyphen):
            return None
        return self._measured(at, end, count)

    def _is_duration(self, at: int, unit: int, count: int, *, hyphen: bool) -> bool:
        before = [self.terms[place] for place in (at - 1, at - 2) if place >= 0]
        if any("no_duration_before" in terms for terms in before):
            return False
        if self.gaps[unit + 1] <= SPACED and not _NOT_AFTER_DURATION.isdisjoint(self.terms[unit + 1]):
            return False
        led = bool(before) and "for_time" in before[0]
        if "unit_hour" in self.terms[unit] and count <= _HOURS_A_DAY:
            return led and self.numbers[unit + 1] < 0
        return count > 1 or led or hyphen

    def _measured(self, at: int, unit: int, count: int) -> Found | None:
        terms = self.terms[unit]
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
        while at < start + 2 and self._leads_period(at) and self.gaps[at + 1] <= SPACED:
            at += 1
        before = self.terms[at].get("modifier")
        unit = at + 1 if before is not None and self.gaps[at + 1] <= SPACED else at
        grain = self._grain(unit)
        if grain is None or (start and self._is_counted(start - 1)) or self.terms[at].get("plural"):
            return None
        after = self.terms[unit + 1].get("modifier") if before is None and self.gaps[unit + 1] <= SPACED else None
        shift = before if before is not None else after
        weekend = "weekend" in self.terms[unit]
        if shift is None:
            return self._week_from(start, unit) if grain is _WEEK and not weekend else None
        end = unit + 1 if before is not None else unit + 2
        return Found(start, end, f"{grain.value}_from_now", period=Period(grain, shift=shift, weekend=weekend))

    def _leads_period(self, at: int) -> bool:
        terms = self.terms[at]
        return "lead" in terms or "month_lead" in terms or "within" in terms

    def _is_counted(self, at: int) -> bool:
        return self.numbers[at] >= 0 or "number" in self.terms[at]

    def _grain(self, at: int) -> Grain | None:
        terms = self.terms[at]
        if "plural" in terms:
            return None
        if "unit_week" in terms or "weekend" in terms:
            return _WEEK
        return _MONTH if "unit_month" in terms else None

    def _week_from(self, start: int, unit: int) -> Found | None:
        """ "la semaine du 13 février"; with a span of days ("semaine du 2 au 5 janvier") the span alone is meant."""
        if self.gaps[unit + 1] > SPACED or "of" not in self.terms[unit + 1]:
            return None
        group = self.days.group(unit + 1) or self.days.group(unit + 2)
        if group is None or group.form is not _DAY or group.pieces[0].month is None:
            return None
        return Found(start, group.end, "week_from_day", group, is_week_from=True)

    def _named_month(self, at: int) -> Found | None:
        start = at
        while at < start + 3 and "month" not in self.terms[at] and self.gaps[at + 1] <= SPACED:
            if "month_lead" not in self.terms[at] and not (at > start and self._leads_month(at)):
                break
            at += 1
        before = self.terms[at].get("modifier")
        if before is not None:
            at += 1
        month = self.days.month(at) if at == start or self.gaps[at] <= SPACED else None
        if month is None or (self.keys[at + 1].isalpha() and self.gaps[at + 1] == GLUED):
            return None
        year, end = self.days.year(at + 1)
        after = self.terms[end].get("modifier") if self.gaps[end] <= SPACED else None
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
        return self.keys[at] == "-" or "of" in self.terms[at] or "lead" in self.terms[at]

    def _is_written_as_month(self, at: int, *, led: bool) -> bool:
        """Where months are not capitalised, "Mars 2020" alone is a name."""
        if led or self.tables.has("capital_months") or self.tables.has("capital_nouns") or not self.days.is_capital(at):
            return True
        return self.days.text[self.starts[at] : self.ends[at]].isupper() or self.gaps[at] >= BROKEN or at == 0

    def _is_day_of_month(self, at: int, end: int, year: int | None, start: int) -> bool:
        """Whether a day number stands beside the month, so that it is a date."""
        if start and self.numbers[start - 1] >= 0 and self.gaps[start] <= SPACED and start == at:
            return True
        if (
            year is None
            and self.tables.has("month_first")
            and 1 <= self.numbers[end] <= 31
            and self.gaps[end] <= SPACED
        ):
            return self.digits[end] <= 2
        return False


_UNITS = frozenset(("unit_minute", "unit_hour", "unit_day", "unit_week"))
_NOT_AFTER_DURATION = frozenset(("no_duration_after", "later_after", "ago_after"))
_RELATIVES = (
    ("same_day", Relative.SAME_DAY),
    ("next_day", Relative.NEXT_DAY),
    ("previous_day", Relative.PREVIOUS_DAY),
)
_COUNTS = {Relative.SAME_DAY: 0, Relative.NEXT_DAY: 1, Relative.PREVIOUS_DAY: -1}
