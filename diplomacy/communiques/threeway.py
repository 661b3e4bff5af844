"""One value, three ways: what the source last said, what stands, what it says now. Pure: values in, an outcome out.

What an editor decided is never overwritten, and what says less never takes back what says more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from operator import eq
from typing import TypeVar

from diplomacy.visits.facts import When
from diplomacy.vocabulary import PartOfDay, Precision

Value = TypeVar("Value")


class Outcome(StrEnum):
    """What is to be done with what a source says now.

    CONFIRMED: it is what stands; kept as one more confirmation. CHANGE: proposed. CONFLICT: an editor decided
    otherwise; both are shown and the editor's stays. KEPT: the source repeats what was weighed before, or the field
    is pinned; shown, nobody has work with it.
    """

    CONFIRMED = "confirmed"
    CHANGE = "change"
    CONFLICT = "conflict"
    KEPT = "kept"


WORK = (Outcome.CHANGE, Outcome.CONFLICT)


def weigh(
    now: Value | None,
    *,
    stands: Value | None,
    last: Value | None = None,
    is_decided: bool = False,
    is_pinned: bool = False,
    agrees: Callable[[Value, Value], bool] = eq,
) -> Outcome | None:
    """The outcome for one field; None where the source says nothing of it.

    `agrees(now, stands)` tells whether `now` says no other than what stands. `is_decided`: the value that stands is
    an editor's own, no source's.
    """
    if now is None:
        return None
    if stands is not None and agrees(now, stands):
        return Outcome.CONFIRMED
    if is_pinned or (last is not None and last == now):
        return Outcome.KEPT
    return Outcome.CONFLICT if is_decided else Outcome.CHANGE


# The hours that each part of the day may mean, end excluded; wide, for a part is never turned into an hour.
_HOURS = {
    PartOfDay.MORNING: (4, 13),
    PartOfDay.MIDDAY: (11, 15),
    PartOfDay.AFTERNOON: (12, 20),
    PartOfDay.EVENING: (17, 24),
    PartOfDay.NIGHT: (20, 30),
}


def says_no_other(now: When, stands: When) -> bool:
    """Whether a time told contradicts nothing of the time that stands and tells nothing more: a day without its hour
    confirms the hour known for that day.
    """
    return (
        (now.day is None or now.day == stands.day)
        and (now.start_time is None or now.start_time == stands.start_time)
        and (now.end_time is None or now.end_time == stands.end_time)
        and (now.part_of_day is None or _is_in(stands, now.part_of_day))
        and (now.duration_minutes is None or now.duration_minutes == stands.duration_minutes)
        and (now.precision is not Precision.TBC or stands.precision is not Precision.ORDER)
    )


def says_something(when: When) -> bool:
    """Whether a time says more than a place in the programme."""
    return when.precision is not Precision.ORDER or when.day is not None


def taken(now: When, stands: When) -> When:
    """The time once what is told is taken: what it does not say stays, but no hour goes along to another day."""
    if says_no_other(now, stands):
        return stands
    day = now.day or stands.day
    if now.start_time is not None:
        end, next_day = now.end_time, now.ends_next_day
        if end is None and now.start_time == stands.start_time and day == stands.day:
            end, next_day = stands.end_time, stands.ends_next_day
        return replace(now, day=day, end_time=end, ends_next_day=next_day, precision=Precision.EXACT)
    is_known = stands.start_time is not None or stands.part_of_day is not None
    if is_known and day == stands.day and now.part_of_day is None:
        return replace(stands, duration_minutes=now.duration_minutes or stands.duration_minutes)
    precision = now.precision
    if precision is Precision.ORDER and day is not None:
        precision = Precision.DAY
    return replace(now, day=day, precision=precision, duration_minutes=now.duration_minutes or stands.duration_minutes)


def _is_in(stands: When, part: PartOfDay) -> bool:
    if stands.part_of_day is not None:
        return stands.part_of_day is part
    if stands.start_time is None:
        return False
    first, end = _HOURS[part]
    hour = _hours(stands.start_time)
    return first <= hour < end or first <= hour + 24 < end


def _hours(time: dt.time) -> float:
    return time.hour + time.minute / 60
