"""What the date grammar gives: frozen values, each with its place in the text."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from diplomacy.vocabulary import PartOfDay


class Kind(StrEnum):
    """What a mention says about time."""

    DATE = "date"  # a calendar day or days: "7 février", "du 6 au 8"
    WEEKDAY = "weekday"  # a bare weekday: "jeudi"
    DEICTIC = "deictic"  # counted from the day of publication: "demain", "in three days"
    RELATIVE = "relative"  # counted from a day the context gives: "le lendemain"
    PERIOD = "period"  # a week or a month: "la semaine prochaine", "courant mars"
    CLOCK = "clock"  # a clock without its day: "à 10h30"
    PART_OF_DAY = "part_of_day"  # a part of the day without its day: "dans la matinée"
    DURATION = "duration"  # how long: "48 heures", "two-day"


class Grain(StrEnum):
    """How finely the days are told."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Relative(StrEnum):
    """How a RELATIVE mention counts from the day that the context gives."""

    SAME_DAY = "same_day"  # "le même jour"
    NEXT_DAY = "next_day"  # "le lendemain"
    PREVIOUS_DAY = "previous_day"  # "la veille"
    DAYS_LATER = "days_later"  # "deux jours plus tard": so many days after
    NTH_DAY = "nth_day"  # "le deuxième jour": nth 2; nth -1 is the last day


class Tense(StrEnum):
    """What the verbs around say."""

    PAST = "past"
    FUTURE = "future"


class DateWarning(StrEnum):
    """Why an editor should look twice."""

    WEEKDAY_DISAGREES = "weekday_disagrees"  # "mardi 8 février" where the 8th is a Wednesday; the date is kept
    DAYS_DISAGREE = "days_disagree"  # "demain, 12 février" where tomorrow is another day; the date is kept
    DAY_OR_MONTH_FIRST = "day_or_month_first"  # "02/03/2023" in a language where both are written
    HALF_OF_DAY_ASSUMED = "half_of_day_assumed"  # "half past two": no a.m. or p.m., read as afternoon
    WHICH_MIDNIGHT = "which_midnight"  # "mardi à minuit": its first or its last minute


class ClockTime(NamedTuple):
    """A time on a clock.

    `zone` is None for the clock of the place, "Etc/UTC" for GMT, UTC, TU, "Etc/GMT-2" (IANA's inverted sign) for GMT+2.
    `is_local` is true where the text says "heure locale". `clock_of` are the words of another place's clock ("Paris" in
    "15 heures, heure de Paris"). `day_offset` counts days after the mention's day ("23h35, J+1").
    """

    hour: int
    minute: int
    zone: str | None = None
    is_local: bool = False
    clock_of: str | None = None
    day_offset: int = 0

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


class DateMention(NamedTuple):
    """Words about time, with what they say; `text[start:end]` are the words (code points).

    `first` and `last` are inclusive days at the host's place; None is an open side, or no day said at all (kinds CLOCK,
    PART_OF_DAY, DURATION, RELATIVE). `days` are the days of an enumeration ("les 9 et 12 février").
    `time` and `end_time` are clocks; `second_time` is the same moment on another clock ("15h (14h GMT)").
    `duration_days` counts days inclusively ("48 heures" = 2); `duration_minutes` is set for spans below a day.
    `nth` belongs to `relative`. `confidence` (0..1) is how sure the rule is.
    """

    start: int
    end: int
    kind: Kind
    rule: str
    first: dt.date | None = None
    last: dt.date | None = None
    days: tuple[dt.date, ...] = ()
    time: ClockTime | None = None
    end_time: ClockTime | None = None
    second_time: ClockTime | None = None
    is_approximate: bool = False  # "vers 10h"
    part_of_day: PartOfDay | None = None
    duration_days: int | None = None
    duration_minutes: int | None = None
    relative: Relative | None = None
    nth: int = 0
    precision: Grain = Grain.DAY
    tense: Tense | None = None
    press_access: bool = False  # when the press must be there, not when the event begins
    dateline: bool = False  # where and when the text was written or published, not what it announces
    history: bool = False  # more than a year before publication
    warnings: tuple[DateWarning, ...] = ()
    confidence: float = 0.9

    def quote(self, text: str) -> str:
        """The words, cut from the text the mention was found in."""
        return text[self.start : self.end]

    @property
    def has_day(self) -> bool:
        """Whether at least one side of a day or span is known."""
        return self.first is not None or self.last is not None

    @property
    def local_time(self) -> ClockTime | None:
        """The clock of the place where the text gives it, beside another or alone; else None."""
        for clock in (self.time, self.second_time):
            if clock is not None and clock.is_local:
                return clock
        for clock in (self.time, self.second_time):
            if clock is not None and clock.zone is None and clock.clock_of is None:
                return clock
        return None
