"""Clock times as written: "10h30", "de 17h à 18h", "3 p.m. local time", "17h35 (23h35, J+1)", "7 for 7.30 p.m."."""

from __future__ import annotations

from typing import NamedTuple

from diplomacy.parsing.dates.days import DayGrammar
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, OverTokens
from diplomacy.parsing.dates.values import ClockTime, DateWarning
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_HALF_OF_DAY_ASSUMED, _WHICH_MIDNIGHT = DateWarning.HALF_OF_DAY_ASSUMED, DateWarning.WHICH_MIDNIGHT
_AFTERNOON, _EVENING, _MIDDAY, _MORNING = PartOfDay.AFTERNOON, PartOfDay.EVENING, PartOfDay.MIDDAY, PartOfDay.MORNING
_NIGHT = PartOfDay.NIGHT

_ROLES = frozenset(("at", "bare_at", "about", "from", "to", "between", "starting", "until", "before"))
_HOUR_STARTS = frozenset(("noon", "midnight", "minutes_before_hour", "number"))
_MOST_ROLES = 3
_NOON = 12
_LATE_PARTS = (PartOfDay.AFTERNOON, PartOfDay.EVENING)
_AFTER_BARE_HOUR = frozenset(("may_follow", "of", "part_lead", "am", "pm", "to", "and", "until"))
_HOUR_MARKS = frozenset(("hour_sign", "hour_word", "am", "pm"))
_LATE_AT_NIGHT = 8  # "11 at night", but "2 at night" is early


class Hour(NamedTuple):
    """A time as written, before a.m. or p.m. is settled; `sure` where nothing around is needed to see a clock."""

    end: int
    hour: int
    minute: int
    sure: bool
    half: int | None = None  # 0 a.m., 12 p.m.
    twelve: bool = False  # could be either half of the day
    zone: str | None = None
    is_local: bool = False
    clock_of: str | None = None
    day_offset: int = 0
    part: PartOfDay | None = None
    warning: DateWarning | None = None

    def time(self) -> ClockTime:
        """The clock time, with a.m. and p.m. applied."""
        hour = self.hour if self.half is None else self.hour % 12 + self.half
        offset = self.day_offset
        if hour == 24:
            hour, offset = 0, offset + 1
        return ClockTime(hour, self.minute, self.zone, self.is_local, self.clock_of, offset)


class Clocks(NamedTuple):
    """One or two times between the tokens `start` and `end`."""

    start: int
    end: int
    time: Hour | None
    end_time: Hour | None = None
    second: Hour | None = None
    is_approximate: bool = False
    rule: str = "clock"


class ClockGrammar(OverTokens):
    """Reads clocks at a place of a token list."""

    def __init__(self, days: DayGrammar) -> None:
        super().__init__(days.tokens)
        self.days = days
        self.tables = days.tables

    def clocks(self, at: int, *, after_day: bool = False) -> Clocks | None:
        """The time or span of times that begins at a token; `after_day` where a day stands right before it."""
        if self.numbers[at] < 0 and not self.terms[at]:
            return None
        start = at
        roles: set[str] = set()
        while at - start < _MOST_ROLES and self.gaps[at + 1] <= SPACED:
            found = _ROLES.intersection(self.terms[at])
            if not found or "noon" in self.terms[at]:
                break
            roles |= found
            at += 1
        if "lead" in self.terms[at] and "noon" in self.terms[at + 1] and roles:
            at += 1
        if self.numbers[at] < 0 and _HOUR_STARTS.isdisjoint(self.terms[at]):
            return None
        marked = bool(roles - {"from", "between", "to"}) or after_day
        bare = "bare_at" in roles or (after_day and "at" in roles)
        first = self.hour(at, marked=marked, bare=bare) or self._half_written(at, roles)
        if first is None and roles:
            first = self.hour(at, marked=True, bare=bare)
            return self._span(start, first, roles) if first is not None else None
        if first is None:
            return None
        span = self._span(start, first, roles)
        if span is not None:
            return span
        if not first.sure and not marked:
            return None
        return self._single(start, first, roles)

    def _single(self, start: int, first: Hour, roles: set[str]) -> Clocks | None:
        if first.twelve and not first.sure and "at" not in roles and "starting" not in roles:
            return None
        second, end = self._second(first.end)
        approximate = "about" in roles
        if roles & {"until", "before"} and "starting" not in roles and "at" not in roles:
            return Clocks(start, end, None, first, second, approximate, "clock_until")
        rule = "clock_from" if "starting" in roles and "at" not in roles else "clock"
        return Clocks(start, end, first, None, second, approximate, rule)

    # Spans

    def _span(self, start: int, first: Hour, roles: set[str]) -> Clocks | None:
        at = first.end
        if self.gaps[at] > SPACED:
            return None
        hyphen = self.days.is_sign(at, "-/")
        is_to = "to" in self.terms[at] or "until" in self.terms[at]
        is_to = is_to or ("at" in self.terms[at] and not roles.isdisjoint({"from", "starting"}))
        is_and = "between" in roles and "and" in self.terms[at]
        if not (hyphen or is_to or is_and):
            return None
        at += 1
        if hyphen and self.keys[at] == "-":
            at += 1
        while "at" in self.terms[at] or ("to" in self.terms[at]):
            at += 1
        second = self.hour(at, marked=True, bare="bare_at" in roles, glued=hyphen)
        both_bare = "bare_at" in roles and "bare_at" in self.terms[first.end]
        if second is None or not (second.sure or first.sure or both_bare):
            return None
        if hyphen and not second.sure:
            return None
        return Clocks(start, second.end, *_halves(first, second), rule="clock_span")

    def _half_written(self, at: int, roles: set[str]) -> Hour | None:
        """The "10" of "de 10 à 11h", "10-11 a.m.", "7 for 7.30 p.m."; only where a clock follows."""
        number = self.numbers[at]
        if not 0 <= number <= 24 or self.digits[at] > 2 or self.days.is_stuck(at):
            return None
        at += 1
        if self.gaps[at] > SPACED:
            return None
        is_for = "for_clock" in self.terms[at]
        joins = self.keys[at] == "-" or "to" in self.terms[at]
        joins = joins or ("between" in roles and "and" in self.terms[at])
        if not (is_for or joins):
            return None
        following = self.hour(at + 1, marked=is_for, glued=True)
        if following is None or not following.sure:
            return None
        return following if is_for else Hour(at, number, 0, sure=False, half=None)

    # One time

    def hour(self, at: int, *, marked: bool, bare: bool = False, glued: bool = False) -> Hour | None:
        """A time at a token: `marked` where a word or day before says so, `bare` where a mere number will do."""
        found = self._named(at, marked=marked) or self._written(at, marked=marked, bare=bare, glued=glued)
        if found is None:
            return None
        found = self._suffixed(found)
        if (
            found.hour > 24
            or found.minute > 59
            or (found.hour == 24 and found.minute)
            or (found.hour == 24 and not marked)
        ):
            return None
        if found.half is not None and not 1 <= found.hour <= _NOON:
            return None if found.hour < 1 else found._replace(half=None)
        return found

    def _named(self, at: int, *, marked: bool) -> Hour | None:
        terms = self.terms[at]
        if not terms:
            return None
        if "noon" in terms and (marked or "part" not in terms or "lead" in terms):
            return Hour(at + 1, _NOON, 0, sure=True)
        if "midnight" in terms:
            return Hour(at + 1, 0, 0, sure=True, warning=_WHICH_MIDNIGHT)
        before = terms.get("minutes_before_hour")
        if before is None:
            return None
        hour, end = self.days.count(at + 1)
        if hour is None or not 1 <= hour <= _NOON:
            return None
        minutes = hour * 60 + before
        return Hour(end, minutes // 60, minutes % 60, sure=True, twelve=True)

    def _written(self, at: int, *, marked: bool, bare: bool, glued: bool) -> Hour | None:
        if self.numbers[at] < 0:
            return self._in_words(at, marked=marked)
        if self.digits[at] == 4:
            return self._four_digits(at, marked=marked)
        if marked and "part" in self.terms[at + 1] and self.gaps[at + 1] == SPACED and self.numbers[at] <= _NOON:
            return Hour(at + 1, self.numbers[at], 0, sure=True)
        if not bare and self.keys[at + 1] not in (":", ".") and _HOUR_MARKS.isdisjoint(self.terms[at + 1]):
            return None
        if self.digits[at] > 2 or (not glued and self.days.is_stuck(at)):
            return None
        return (
            self._with_sign(at, marked=marked)
            or self._with_minutes(at, marked=marked)
            or self._with_word(at, marked=marked)
            or self._bare(at, bare=bare)
        )

    def _four_digits(self, at: int, *, marked: bool) -> Hour | None:
        """ "1030 hrs": where nothing comes before, only with the abbreviation, for "1000 hours" is how long."""
        hour, minute = divmod(self.numbers[at], 100)
        if hour > 23 or minute > 59 or not self._hour_word_at(at + 1) or self.days.is_stuck(at):
            return None
        is_short = self.ends[at + 1] - self.starts[at + 1] <= 3
        return Hour(at + 2, hour, minute, sure=True) if is_short or marked else None

    def _with_sign(self, at: int, *, marked: bool) -> Hour | None:
        """ "10h", "10 h 30", "23h30mn"."""
        if "hour_sign" not in self.terms[at + 1] or self.gaps[at + 1] > SPACED:
            return None
        hour, after = self.numbers[at], at + 2
        if self.digits[after] == 2 and self.numbers[after] < 60 and self.gaps[after] <= SPACED:
            return Hour(self._past_minute_sign(after + 1), hour, self.numbers[after], sure=True)
        if self.gaps[after] == GLUED and (self.numbers[after] >= 0 or self.keys[after].isalpha()):
            return None
        ends_line = self.gaps[after] >= BROKEN or not self.keys[after].isalpha()
        begins_line = self.gaps[at] >= BROKEN or at == 0
        if "of" in self.terms[after] and not marked and not begins_line:
            return None  # "5h de vol" is how long
        return Hour(after, hour, 0, sure=hour < 24 and (self.gaps[at + 1] == GLUED or ends_line or begins_line))

    def _past_minute_sign(self, at: int) -> int:
        return at + 1 if "minute_sign" in self.terms[at] and self.gaps[at] <= SPACED else at

    def _with_minutes(self, at: int, *, marked: bool) -> Hour | None:
        """ "12:00", "9.30 a.m.", "alle ore 10.30", "08:00 horas"."""
        if (
            self.keys[at + 1] not in (":", ".")
            or self.gaps[at + 1] != GLUED
            or self.gaps[at + 2] != GLUED
            or self.digits[at + 2] != 2
        ):
            return None
        if self.numbers[at + 2] > 59:
            return None
        end = at + 3
        if self.gaps[at + 3] == GLUED and self.keys[at + 3] in (":", ".", "/", "-") and self.gaps[at + 4] == GLUED:
            if self.keys[at + 3] != ":" and self.numbers[at + 4] >= 0 and self.keys[at + 3] != "-":
                return None
            if self.keys[at + 3] == ":" and self.digits[at + 4] == 2:
                end = at + 5
        if self.gaps[at + 3] == GLUED and (self.keys[at + 3] == "%" or self.numbers[at + 3] >= 0):
            return None
        twelve = self.tables.has("twelve_hour") and self.numbers[at] <= _NOON and self.days.text[self.starts[at]] != "0"
        has_word = self._hour_word_at(end)
        if self.keys[at + 1] == ".":
            sure = has_word or self._half(end)[0] is not None
            opens = (self.gaps[at] >= BROKEN or at == 0) and self.gaps[at + 3] == SPACED
            opens = opens and (self.tables.has("dotted_clock") or self._leads_row(at))
            if not (sure or marked or (opens and self.keys[at + 3].isalpha())):
                return None
            sure = sure or opens or marked
        else:
            sure = True
        return Hour(end + has_word, self.numbers[at], self.numbers[at + 2], sure=sure, twelve=twelve)

    def _leads_row(self, at: int) -> bool:
        """ "10.15  Accueil", in a language that mostly writes "10h15": an hour of two digits, then what is on."""
        text = self.days.text
        return (
            self.digits[at] == 2
            and self.numbers[at] < 24
            and text[self.starts[at + 3] : self.starts[at + 3] + 1].isupper()
        )

    def _hour_word_at(self, at: int) -> bool:
        terms = self.terms[at]
        return ("hour_word" in terms or "hour_sign" in terms) and self.gaps[at] <= SPACED and "local" not in terms

    def _with_word(self, at: int, *, marked: bool) -> Hour | None:
        """ "16 heures 30", "10 Uhr", "3 o'clock", "3 p.m."."""
        half = self._half(at + 1)
        if half[0] is not None and 1 <= self.numbers[at] <= _NOON:
            return Hour(at + 1, self.numbers[at], 0, sure=True)
        if not self._hour_word_at(at + 1):
            return None
        after = at + 2
        if self.digits[after] == 2 and self.numbers[after] < 60 and self.gaps[after] <= SPACED:
            return Hour(self._past_minute_sign(after + 1), self.numbers[at], self.numbers[after], sure=True)
        sure = "unit_hour" not in self.terms[at + 1]
        twelve = self.tables.has("twelve_hour") and self.numbers[at] <= _NOON
        sure = sure or self.days.part(after)[0] in (_MORNING, _AFTERNOON, _EVENING)
        if not marked and not sure and "zone" not in self.terms[after]:
            return None
        return Hour(after, self.numbers[at], 0, sure=sure or marked, twelve=twelve)

    def _bare(self, at: int, *, bare: bool) -> Hour | None:
        if not bare or self.numbers[at] > 23:
            return None
        if self.gaps[at + 1] == GLUED and (self.keys[at + 1] in (":", "/", "%", "-") or self.keys[at + 1].isalpha()):
            return None
        if (
            self.gaps[at + 1] == SPACED
            and self.keys[at + 1].isalpha()
            and _AFTER_BARE_HOUR.isdisjoint(self.terms[at + 1])
        ):
            return None
        if self.gaps[at + 1] == SPACED and self.numbers[at + 1] >= 0:
            return None
        return Hour(at + 1, self.numbers[at], 0, sure=False)

    def _in_words(self, at: int, *, marked: bool) -> Hour | None:
        number = self.terms[at].get("number")
        if number is None or (not marked and self._half(at + 1)[0] is None):
            return None
        if self._half(at + 1)[0] is not None:
            return Hour(at + 1, number, 0, sure=True)
        if not self._hour_word_at(at + 1) or number > 24:
            return None
        return Hour(at + 2, number, 0, sure=True, twelve=self.tables.has("twelve_hour"))

    # What follows a time

    def _half(self, at: int) -> tuple[int | None, int]:
        """(0 for a.m. or 12 for p.m., the token after it)."""
        if self.gaps[at] > SPACED:
            return None, at
        half = 0 if "am" in self.terms[at] else 12 if "pm" in self.terms[at] else None
        if half is None:
            return None, at
        end = at + 1
        dotted = "." in self.days.text[self.starts[at] : self.ends[at]]
        if dotted and self.keys[end] == "." and self.gaps[end] == GLUED:
            end += 1
        return half, end

    def _suffixed(self, found: Hour) -> Hour:
        after = self.terms[found.end].get("minutes_after")
        if after is not None:
            minutes = found.hour * 60 + found.minute + after
            found = found._replace(end=found.end + 1, hour=minutes // 60, minute=minutes % 60)
        half, end = self._half(found.end)
        if half is not None:
            found = found._replace(end=end, half=half, twelve=False)
        found = self._with_part(found)
        return self._with_zone(found)

    def _with_part(self, found: Hour) -> Hour:
        """ "8 heures du soir", "3 de la tarde", "7 вечера"."""
        part, end = self.days.part(found.end)
        if part is None or self.gaps[found.end] > SPACED or ("deictic" in self.terms[end - 1] and end == found.end + 1):
            return found
        if found.hour > _NOON or found.half is not None:
            return found
        late = part in _LATE_PARTS or (part is _MIDDAY and found.hour < 4)
        late = late or (part is _NIGHT and found.hour >= _LATE_AT_NIGHT)
        late = late and found.hour < _NOON
        return found._replace(end=end, half=12 if late else None, twelve=False, part=part)

    def _with_zone(self, found: Hour) -> Hour:
        at = found.end
        bracket = self.keys[at] == "(" and self.gaps[at] <= SPACED
        comma = self.keys[at] == ","
        if bracket or comma:
            at += 1
        if self.gaps[at] > SPACED:
            return found
        zoned = self._zone_at(at, found)
        if zoned is None:
            return found
        if bracket:
            if self.keys[zoned.end] != ")":
                return found
            zoned = zoned._replace(end=zoned.end + 1)
        return zoned

    def _zone_at(self, at: int, found: Hour) -> Hour | None:
        terms = self.terms[at]
        if "local" in terms:
            end = at + 1
            if "and" in self.terms[end] and "zone" in self.terms[end + 1]:
                end += 2
            return found._replace(end=end, is_local=True)
        if "zone" in terms:
            zone, end = self._offset(at + 1)
            return found._replace(end=end, zone=zone)
        if "clock_name" in terms and self.days.is_capital(at):
            return found._replace(end=at + 1, clock_of=self._words(at, at + 1))
        if "clock_of" in terms:
            return self._place(found, at + 1)
        if "clock_of_around" in self.terms[at] and "clock_of_after" in self.terms[at + 2]:
            return found._replace(end=at + 3, clock_of=self._words(at + 1, at + 2))
        for length in (1, 2):
            if "clock_of_after" in self.terms[at + length] and self.days.is_capital(at):
                return found._replace(end=at + length + 1, clock_of=self._words(at, at + length))
        return None

    def _offset(self, at: int) -> tuple[str, int]:
        """GMT, or "GMT+2" under its IANA name, whose sign is the other way round."""
        if (
            self.keys[at] in ("+", "-")
            and self.gaps[at] == GLUED
            and self.gaps[at + 1] == GLUED
            and 0 < self.numbers[at + 1] <= 14
        ):
            return f"Etc/GMT{'-' if self.keys[at] == '+' else '+'}{self.numbers[at + 1]}", at + 2
        return "Etc/UTC", at

    def _place(self, found: Hour, at: int) -> Hour | None:
        end = at
        while end < at + 3 and self.keys[end].isalpha() and self.gaps[end] <= SPACED and self.days.is_capital(end):
            end += 1
        end = max(end, at + 1) if self.keys[at].isalpha() else end
        return found._replace(end=end, clock_of=self._words(at, end)) if end > at else None

    def _words(self, at: int, end: int) -> str:
        return self.days.text[self.starts[at] : self.ends[end - 1]]

    def _second(self, at: int) -> tuple[Hour | None, int]:
        """ "(14h GMT)", "(23h35, J+1)", "/ 14h00 GMT": the same moment on another clock."""
        bracket = self.keys[at] == "(" and self.gaps[at] <= SPACED
        if not bracket and self.keys[at] != "/" and "that_is" not in self.terms[at]:
            if not (self.keys[at] == "," and "that_is" in self.terms[at + 1]):
                return None, at
            at += 1
        inner = at + 1
        while "at" in self.terms[inner] or "that_is" in self.terms[inner]:
            inner += 1
        second = self.hour(inner, marked=True, glued=True)
        if second is None:
            return None, at
        end = second.end
        offset = self._day_offset(end)
        if offset is not None:
            second, end = second._replace(day_offset=offset[0]), offset[1]
        if bracket:
            return (second, end + 1) if self.keys[end] == ")" else (None, at)
        return (second, end) if second.zone or second.is_local or second.clock_of else (None, at)

    def _day_offset(self, at: int) -> tuple[int, int] | None:
        if self.keys[at] == ",":
            at += 1
        if self.keys[at] in ("j", "d", "t"):
            at += 1
        if self.keys[at] in ("+", "-") and 0 < self.numbers[at + 1] <= 2 and self.gaps[at + 1] == GLUED:
            return (self.numbers[at + 1] if self.keys[at] == "+" else -self.numbers[at + 1]), at + 2
        return None


def _halves(first: Hour, second: Hour) -> tuple[Hour, Hour]:
    """ "10-11 a.m.", "9 to 1 p.m.": the first time takes the half of the second unless it would come after it."""
    if first.half is None and second.half is not None and first.hour <= _NOON:
        same = first._replace(half=second.half, twelve=False)
        if same.time() > second.time():
            same = first._replace(half=12 - second.half, twelve=False)
        first = same
    if second.zone and not first.zone:
        first = first._replace(zone=second.zone)
    if second.is_local:
        first = first._replace(is_local=True)
    if second.clock_of and not first.clock_of:
        first = first._replace(clock_of=second.clock_of)
    return first, second


def settle(
    hour: Hour, part: PartOfDay | None, *, other_clock_runs_to_24: bool
) -> tuple[ClockTime, tuple[DateWarning, ...]]:
    """The clock time of an hour; where neither half of the day is said, the part of the day or office hours decide.

    From one to six o'clock is read as afternoon, with a warning, unless the text elsewhere counts to 24.
    """
    warnings = (hour.warning,) if hour.warning is not None else ()
    if not hour.twelve or hour.half is not None:
        return hour.time(), warnings
    if part in _LATE_PARTS and hour.hour < _NOON:
        return hour._replace(half=12).time(), warnings
    if 1 <= hour.hour <= 6 and part is None and not other_clock_runs_to_24:
        return hour._replace(half=12).time(), (*warnings, _HALF_OF_DAY_ASSUMED)
    return hour.time(), warnings
