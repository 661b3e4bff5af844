"""Last said, standing, said now."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.communiques.threeway import Outcome, says_no_other, says_something, taken, weigh
from diplomacy.visits.facts import When
from diplomacy.vocabulary import PartOfDay, Precision

SEVENTH, EIGHTH = dt.date(2023, 2, 7), dt.date(2023, 2, 8)
AT_THREE = When(precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(15), end_time=dt.time(16))
ON_THE_EIGHTH = When(precision=Precision.DAY, day=EIGHTH)


@pytest.mark.parametrize(
    ("last", "stands", "now", "decided", "pinned", "outcome"),
    [
        (8, 8, None, False, False, None),
        (8, 8, 8, False, False, Outcome.CONFIRMED),
        (None, 8, 8, True, True, Outcome.CONFIRMED),
        (None, None, 8, False, False, Outcome.CHANGE),
        (8, 8, 9, False, False, Outcome.CHANGE),
        (None, 8, 9, False, False, Outcome.CHANGE),  # another source disagrees with the first
        (8, 10, 9, True, False, Outcome.CONFLICT),
        (None, 10, 9, True, False, Outcome.CONFLICT),
        (8, 10, 8, True, False, Outcome.KEPT),  # it repeats what the editor corrected
        (8, 9, 8, False, False, Outcome.KEPT),
        (8, 8, 9, False, True, Outcome.KEPT),
        (None, None, 9, True, False, Outcome.CONFLICT),  # an editor decided that nothing is to be said
    ],
)
def test_three_ways(
    last: int | None, stands: int | None, now: int | None, decided: bool, pinned: bool, outcome: Outcome | None
) -> None:
    assert weigh(now, stands=stands, last=last, is_decided=decided, is_pinned=pinned) is outcome


@given(st.integers(0, 3), st.none() | st.integers(0, 3), st.none() | st.integers(0, 3))
def test_what_an_editor_decided_never_changes_by_itself(now: int, stands: int | None, last: int | None) -> None:
    assert weigh(now, stands=stands, last=last, is_decided=True) is not Outcome.CHANGE
    assert weigh(now, stands=stands, last=last, is_pinned=True) not in {Outcome.CHANGE, Outcome.CONFLICT}


@pytest.mark.parametrize(
    "now",
    [
        AT_THREE, ON_THE_EIGHTH, When(),
        When(precision=Precision.PART_OF_DAY, day=EIGHTH, part_of_day=PartOfDay.AFTERNOON),
        When(precision=Precision.EXACT, start_time=dt.time(15)),
    ],
)  # fmt: skip
def test_what_says_less_confirms_what_says_more(now: When) -> None:
    assert says_no_other(now, AT_THREE)
    assert taken(now, AT_THREE).start_time == dt.time(15)


@pytest.mark.parametrize(
    "now",
    [
        When(precision=Precision.DAY, day=SEVENTH),
        When(precision=Precision.PART_OF_DAY, day=EIGHTH, part_of_day=PartOfDay.MORNING),
        When(precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(17)),
        When(precision=Precision.DURATION, duration_minutes=90),
    ],
)
def test_another_day_part_hour_or_duration_says_other(now: When) -> None:
    assert not says_no_other(now, AT_THREE)


def test_an_hour_for_a_day_says_more() -> None:
    assert not says_no_other(AT_THREE, ON_THE_EIGHTH)
    assert taken(AT_THREE, ON_THE_EIGHTH) == AT_THREE


def test_an_hour_without_its_day_keeps_the_day_known() -> None:
    moved = taken(When(precision=Precision.EXACT, start_time=dt.time(17)), AT_THREE)
    assert (moved.day, moved.start_time, moved.end_time) == (EIGHTH, dt.time(17), None)


def test_no_hour_goes_along_to_another_day() -> None:
    moved = taken(When(precision=Precision.DAY, day=SEVENTH), AT_THREE)
    assert (moved.day, moved.start_time, moved.precision) == (SEVENTH, None, Precision.DAY)


def test_a_duration_is_added_to_the_hour() -> None:
    told = taken(When(precision=Precision.DURATION, duration_minutes=45), AT_THREE)
    assert (told.start_time, told.duration_minutes) == (dt.time(15), 45)


def test_a_part_of_the_day_is_kept_by_a_text_that_names_just_the_day() -> None:
    evening = When(precision=Precision.PART_OF_DAY, day=EIGHTH, part_of_day=PartOfDay.EVENING)
    assert says_no_other(ON_THE_EIGHTH, evening)
    assert taken(ON_THE_EIGHTH, evening) == evening


def test_an_order_alone_says_no_time() -> None:
    assert [says_something(when) for when in (When(), ON_THE_EIGHTH, AT_THREE)] == [False, True, True]
