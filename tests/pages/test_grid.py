"""A month as weeks with bars."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from agenda.pages import grid
from agenda.pages.grid import Span

DECEMBER = dt.date(2026, 12, 1)
DAYS = st.dates(dt.date(2026, 10, 15), dt.date(2027, 1, 20))


def d(day: int, month: int = 12) -> dt.date:
    return dt.date(2026, month, day)


def test_whole_weeks_from_monday() -> None:
    assert grid.days_of_month(DECEMBER) == (d(30, 11), dt.date(2027, 1, 3))
    assert grid.days_of_month(dt.date(2027, 2, 1)) == (dt.date(2027, 2, 1), dt.date(2027, 2, 28))


def test_a_visit_over_a_weekend_is_two_bars() -> None:
    weeks = grid.month(DECEMBER, [Span(1, d(5), d(8))], {})
    first, second = weeks[0].bars[0], weeks[1].bars[0]
    assert (first.column, first.length, first.goes_on, first.goes_further) == (6, 2, False, True)
    assert (second.column, second.length, second.goes_on, second.goes_further) == (1, 2, True, False)


def test_visits_that_do_not_meet_share_a_lane() -> None:
    week = grid.month(DECEMBER, [Span(1, d(7), d(8)), Span(2, d(9), d(10)), Span(3, d(8), d(9))], {})[1]
    assert {bar.key: bar.lane for bar in week.bars} == {1: 1, 3: 2, 2: 1}
    assert week.lanes == 2


def test_what_has_no_room_is_counted() -> None:
    spans = [Span(key, d(1), d(1)) for key in range(5)]
    cell = grid.month(DECEMBER, spans, {d(1): [10, 11, 12, 13]})[0].days[1]
    assert (cell.lines, cell.more) == ((10, 11), 4)  # 2 visits and 2 lines of 9


@given(
    spans=st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=30),
    lines=st.dictionaries(DAYS, st.integers(0, 9), max_size=10),
)
def test_nothing_overlaps_and_nothing_is_lost(spans: list[tuple[dt.date, int]], lines: dict[dt.date, int]) -> None:
    known = [Span(key, first, first + dt.timedelta(days=more)) for key, (first, more) in enumerate(spans)]
    numbered = {day: [1000 + number for number in range(count)] for day, count in lines.items()}
    for week in grid.month(DECEMBER, known, numbered):
        for one, other in itertools.combinations(week.bars, 2):
            meet = one.column < other.column + other.length and other.column < one.column + one.length
            assert not (meet and one.lane == other.lane)
        for column, cell in enumerate(week.days, 1):
            bars = [bar.key for bar in week.bars if bar.column <= column < bar.column + bar.length]
            there = {span.key for span in known if span.first <= cell.day <= span.last}
            assert set(bars) <= there
            assert len(bars) + len(cell.lines) <= grid.LINES_A_DAY
            assert len(bars) + len(cell.lines) + cell.more == len(there) + len(numbered.get(cell.day, []))
