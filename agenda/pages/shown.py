"""What of the diary lies on which day, as readers may see it: for a month, for some days, for a list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from agenda.entries.finding import Sought, among
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import in_order, touching, visible_entries, with_told
from agenda.feeds.current import ensure_told
from agenda.pages import grid
from agenda.pages.lines import Line, diary_line
from diplomacy.visits.visibility import Audience

LINES_A_PAGE = 150
RESULTS_A_PAGE = 50
COUNTED = 1000  # hits are counted up to here
Rows = QuerySet[DiaryEntry]


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry on one of its days; `nested` is a line of the programme of the visit above it."""

    day: dt.date
    entry: DiaryEntry
    nested: bool = False
    number: int = 0

    def line(self) -> Line:
        """The line to show."""
        return diary_line(self.entry, self.number)


def sought_rows(sought: Sought, now: dt.datetime) -> Rows:
    """What is sought of what the public may see at `now` (aware)."""
    ensure_told(now)
    return among(with_told(visible_entries(Audience.PUBLIC, now), Audience.PUBLIC), sought)


def a_line_of_its_own() -> Combinable | Q:
    """Visits, and items with an hour or without a visit: the others have their place in their visit's programme."""
    has_visit = Exists(DiaryEntry.parents.through.objects.filter(from_diaryentry=OuterRef("pk")))
    return Q(visit__isnull=False) | Q(starts_at__isnull=False) | ~has_visit


def month(rows: Rows, on: dt.date) -> tuple[list[grid.Week], dict[int, Line]]:
    """The month of a day, and the lines that have room in it by their keys: what has none is only counted."""
    first, last = grid.days_of_month(on)
    brief = rows.filter(touching(first, last)).filter(a_line_of_its_own())
    spans: list[grid.Span] = []
    timed: dict[dt.date, list[int]] = defaultdict(list)
    ordered = brief.order_by("told__start_clock", "pk")  # type: ignore[misc]  # of `with_told`
    for key, of_visit, starts, ends in ordered.values_list("pk", "visit", "starts_on", "ends_on"):
        if starts is not None and (of_visit or ends != starts):
            spans.append(grid.Span(key, starts, ends or starts))
        elif starts is not None:
            timed[starts].append(key)
    weeks = grid.month(on, spans, timed)
    keys = {bar.key for week in weeks for bar in week.bars} | {
        key for week in weeks for day in week.days for key in day.lines
    }
    shown = DiaryEntry.objects.filter(pk__in=keys).select_related("visit", "item")
    return weeks, {row.pk: diary_line(row) for row in shown}


def days(rows: Rows, first: dt.date, last: dt.date, now: dt.datetime) -> list[Placed]:
    """Everything from `first` to `last` (inclusive): on each day its visits, each with its programme, then the rest.

    What a programme has no day for stands under the visit on the first of these days that is the visit's.
    """
    found = list(rows.filter(touching(first, last)).order_by("starts_on", "starts_at", "uid"))
    visits = [row for row in found if row.is_visit]
    programmes = _programmes(visits, first, last, now)
    inside = {item.pk for items in programmes.values() for item in items}
    alone = [row for row in found if not row.is_visit and row.pk not in inside]
    placed: list[Placed] = []
    for day in _days(first, last):
        for visit in (row for row in visits if _lies_on(row, day)):
            placed.append(Placed(day, visit))
            placed += _programme_on(visit, programmes[visit.pk], day, first)
        placed += [Placed(day, row) for row in sorted(alone, key=_clock) if _lies_on(row, day)]
    return placed


def _programmes(
    visits: Sequence[DiaryEntry], first: dt.date, last: dt.date, now: dt.datetime
) -> dict[int, list[DiaryEntry]]:
    """The items of each visit, by its key, in order: those without a day, and those of these days."""
    links = DiaryEntry.parents.through.objects.filter(to_diaryentry__in=visits)
    pairs = list(links.values_list("to_diaryentry", "from_diaryentry"))
    near = Q(starts_on__isnull=True) | Q(starts_on__lte=last, ends_on__gte=first)
    items = visible_entries(Audience.PUBLIC, now).filter(near).in_bulk([item for _visit, item in pairs])
    found: dict[int, list[DiaryEntry]] = defaultdict(list)
    for visit, item in pairs:
        if item in items:
            found[visit].append(items[item])
    return {visit.pk: in_order(found[visit.pk], visit) for visit in visits}


def _programme_on(visit: DiaryEntry, programme: Sequence[DiaryEntry], day: dt.date, first: dt.date) -> Iterable[Placed]:
    takes_undated = day == max(visit.starts_on or day, first)
    for item, number in numbered(programme):
        if _lies_on(item, day) or (number and takes_undated):
            yield Placed(day, item, nested=True, number=number)


def numbered(programme: Iterable[DiaryEntry]) -> Iterable[tuple[DiaryEntry, int]]:
    """Items in order, each with its number among those without a day; 0 for one that has a day."""
    number = 0
    for item in programme:
        number += item.starts_on is None
        yield item, number if item.starts_on is None else 0


def coming(rows: Rows, first: dt.date, last: dt.date, page: int) -> list[Placed]:
    """One page of what goes on or begins from `first` to `last`, one line more than has room if there is a next page.

    What goes on already stands under `first`.
    """
    shown = rows.filter(touching(first, last)).filter(a_line_of_its_own())
    start = (page - 1) * LINES_A_PAGE
    visits_first = F("visit").asc(nulls_last=True)  # all of one visit's day stands at its own place
    ordered = shown.order_by("starts_on", visits_first, "told__start_clock", "uid")  # type: ignore[misc]
    cut = ordered[start : start + LINES_A_PAGE + 1]
    return [Placed(max(row.starts_on or first, first), row) for row in cut]


def results(rows: Rows, page: int) -> list[DiaryEntry]:
    """One page of what a search found, latest first, what has no day at the end; one more if there is a next page."""
    start = (page - 1) * RESULTS_A_PAGE
    ordered = rows.order_by(F("starts_on").desc(nulls_last=True), F("starts_at").desc(nulls_last=True), "uid")
    return list(ordered[start : start + RESULTS_A_PAGE + 1])


def counted(rows: Rows) -> int:
    """How many there are, up to COUNTED + 1."""
    return rows.order_by()[: COUNTED + 1].count()


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]


def _lies_on(row: DiaryEntry, day: dt.date) -> bool:
    return row.starts_on is not None and row.starts_on <= day <= (row.ends_on or row.starts_on)


def _clock(row: DiaryEntry) -> str:
    return row.content.get("start_time") or ""
