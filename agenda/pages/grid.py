"""A month as weeks: visits as bars across their days, lines in each day. Pure values, no database."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LINES_A_DAY = 5  # bars included; what is more is counted
LANES = 3  # bars above one another at most, so that a day's own lines keep room
MONDAY = 0
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Something with a first and a last day, inclusive."""

    key: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Bar:
    """The part of a span that lies in one week: its first column (1 to 7), how many, and its lane (from 1)."""

    key: int
    column: int
    length: int
    lane: int
    goes_on: bool  # begins before this week
    goes_further: bool  # ends after it


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: the keys of its lines in order, and how many visits and lines have no room."""

    day: dt.date
    in_month: bool
    lines: tuple[int, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days and the bars across them; `lanes` is how many lie above one another at most."""

    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    lanes: int


def days_of_month(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day shown for the month of a day: whole weeks, from Monday (ISO 8601)."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return monday_of(first), monday_of(last) + 6 * _ONE_DAY


def monday_of(day: dt.date) -> dt.date:
    """The Monday of its week."""
    return day - dt.timedelta(days=day.weekday() - MONDAY)


def month(day: dt.date, spans: Iterable[Span], lines: Mapping[dt.date, Sequence[int]]) -> list[Week]:
    """The weeks of the month that `day` lies in. `lines` are keys by day, in order."""
    first, last = days_of_month(day)
    ordered = sorted(spans, key=lambda span: (span.first, first - span.last, span.key))
    mondays = [first + dt.timedelta(days=count) for count in range(0, (last - first).days, 7)]
    return [_week(monday, day.month, ordered, lines) for monday in mondays]


def _week(monday: dt.date, of_month: int, spans: Sequence[Span], lines: Mapping[dt.date, Sequence[int]]) -> Week:
    here = [span for span in spans if span.first <= monday + 6 * _ONE_DAY and span.last >= monday]
    bars, without_room = _in_lanes(monday, here)
    days = []
    for column in range(1, 8):
        day = monday + dt.timedelta(days=column - 1)
        taken = sum(bar.column <= column < bar.column + bar.length for bar in bars)
        hidden = sum(span.first <= day <= span.last for span in without_room)
        own = lines.get(day, ())
        room = max(0, LINES_A_DAY - taken)
        days.append(Day(day, day.month == of_month, tuple(own[:room]), hidden + max(0, len(own) - room)))
    return Week(tuple(days), tuple(bars), max((bar.lane for bar in bars), default=0))


def _in_lanes(monday: dt.date, spans: Iterable[Span]) -> tuple[list[Bar], list[Span]]:
    """The bars that have room, each in the first lane that is free on its days, and the spans that have none."""
    free_from = [1] * LANES
    bars: list[Bar] = []
    without_room: list[Span] = []
    sunday = monday + 6 * _ONE_DAY
    for span in spans:
        first, last = max(span.first, monday), min(span.last, sunday)
        column, length = (first - monday).days + 1, (last - first).days + 1
        lane = next((lane for lane, free in enumerate(free_from, 1) if free <= column), None)
        if lane is None:
            without_room.append(span)
            continue
        free_from[lane - 1] = column + length
        bars.append(Bar(span.key, column, length, lane, span.first < monday, span.last > sunday))
    return bars, without_room
