"""What readers ask, timed: lists, filters, searches, deep pages, changes, other forms, on a load that is published."""

from __future__ import annotations

import datetime as dt
import gc
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from agenda.api.ordering import cursor_at
from agenda.api.reading import ORDERS
from agenda.entries.models import DiaryEntry, Telling
from benchmarks.api.publish import publish_drafts
from benchmarks.desk.clock import database_seconds
from benchmarks.desk.measure import fill, queries_of
from diplomacy.directory.models import Country, Person
from diplomacy.visits.visibility import Audience

MEDIAN_MS, P95_MS = 100.0, 250.0
RUNS = 40


@dataclass(frozen=True, slots=True)
class Measured:
    """A question at one size: its queries, and its processor time in ms."""

    queries: int
    median_ms: float
    p95_ms: float
    database_ms: float  # the database's part, on average


Question = Callable[[int], str]


def questions() -> Mapping[str, Question]:
    """What is asked, by name: the address for each run, another each time where there is a choice."""
    people = list(Person.objects.filter(memberships__isnull=False).order_by("slug").values_list("slug", "name")[:RUNS])
    countries = list(Country.objects.filter(visits_received__isnull=False).distinct().values_list("pk", flat=True))
    visits = list(DiaryEntry.objects.filter(visit__isnull=False).order_by("pk").values_list("visit", flat=True)[:RUNS])
    today = timezone.now().date()

    def of(path: str, **asked: Callable[[int], Any]) -> Question:
        return lambda run: f"/api/v1/{path}/?{urlencode({name: value(run) for name, value in asked.items()})}"

    def month(run: int) -> dt.date:
        return today - dt.timedelta(days=30 * run)

    return {
        "visits": of("visits"),
        "visits, latest change first": of("visits", ordering=lambda _run: "-revised_at"),
        "visits, deep page": of("visits", cursor=_deep("visit", "starts_on"), ordering=lambda _run: "starts_on"),
        "items": of("items"),
        "items, deep page": of("items", cursor=_deep("item", "-starts_at"), ordering=lambda _run: "-starts_at"),
        "entries": of("entries"),
        "entries, deep page": of("entries", cursor=_deep("", "starts_on"), ordering=lambda _run: "starts_on"),
        "entries of a month": of("entries", touching_from=month, touching_until=lambda run: month(run - 1)),
        "visits of a country": of("visits", country=lambda run: countries[run % len(countries)]),
        "entries of a country": of("entries", country=lambda run: countries[run % len(countries)]),
        "entries of a person": of("entries", person=lambda run: people[run % len(people)][0]),
        "items of a kind, held or cancelled": of(
            "items", kind=lambda _run: "summit,signing", status=lambda _run: "held,cancelled"
        ),
        "items of a visit": of("items", visit=lambda run: visits[run % len(visits)]),
        "visits in a box": of("visits", bbox=lambda run: f"{run * 4 - 170},-20,{run * 4 - 140},40"),
        "visits told by a source": of("visits", source=lambda _run: "load-1"),
        "visits told in a language": of("visits", language=lambda _run: "en"),
        "search for a name": of("visits", q=lambda run: people[run % len(people)][1]),
        "search for a word of everything": of("entries", q=lambda _run: "city"),
        "search for a word of nothing": of("entries", q=lambda run: f"nowhere{run}"),
        "visits with evidence and sources": of("visits", include=lambda _run: "evidence,sources"),
        "changes since": of("changes", updated_since=_since()),
        "people": of("people"),
        "countries": of("countries"),
        "one visit": lambda run: f"/api/v1/visits/{visits[run % len(visits)]}/",
        "visits as of yesterday": of("visits", as_of=lambda _run: f"{timezone.now() - dt.timedelta(minutes=1):%FT%TZ}"),
        "entries of a country as of yesterday": of(
            "entries", country=lambda run: countries[run % len(countries)],
            as_of=lambda _run: f"{timezone.now() - dt.timedelta(minutes=1):%FT%TZ}",
        ),
        "entries as CSV": of("entries", format=lambda _run: "csv"),
        "visits as ninjs": of("visits", format=lambda _run: "ninjs"),
        "visits as iCalendar": of("visits", format=lambda _run: "ics"),
    }  # fmt: skip


def _deep(kind: str, name: str) -> Callable[[int], str]:
    """The cursor of a place nine tenths down a list."""
    order = ORDERS[name.removeprefix("-")]
    rows = DiaryEntry.objects.filter(**{f"{kind}__isnull": False} if kind else {})
    rows = rows.filter(starts_on__isnull=False).order_by("starts_on", "pk")
    deep = rows.count() * (1 if name.startswith("-") else 9) // 10
    text = cursor_at(name, order, rows[deep], is_back=False).text()
    return lambda _run: text


def _since() -> Callable[[int], str]:
    """A moment after which a hundred entries changed."""
    last = list(
        Telling.objects.filter(audience=Audience.PUBLIC).order_by("-position").values_list("pk", flat=True)[:100]
    )
    now = timezone.now()
    Telling.objects.filter(pk__in=last).update(changed_at=now)
    return lambda _run: f"{now:%Y-%m-%dT%H:%M:%SZ}"


def measure(client: Client, address: Question) -> Measured:
    """A question asked again and again."""
    queries = queries_of(client, address(0))
    started, spent = database_seconds(), []
    for run in range(RUNS):
        before, began = database_seconds(), time.process_time()
        answer = client.get(address(run))
        spent.append((time.process_time() - began + database_seconds() - before) * 1000)
        assert answer.status_code == 200, answer.content
    database = (database_seconds() - started) * 1000 / RUNS
    return Measured(queries, median(spent), sorted(spent)[RUNS * 95 // 100 - 1], database)


def table(sizes: list[int], found: Mapping[str, list[Measured]]) -> Iterator[str]:
    """The Markdown of what was measured."""
    yield (
        "| asked | " + " | ".join(f"{size:,} visits: queries | median ms (database) | p95 ms" for size in sizes) + " |"
    )
    yield "| --- |" + " ---: |" * (3 * len(sizes))
    for name, measured in found.items():
        cells = (f"{one.queries} | {one.median_ms:.0f} ({one.database_ms:.0f}) | {one.p95_ms:.0f}" for one in measured)
        yield f"| {name} | {' | '.join(cells)} |"


def missed(found: Mapping[str, list[Measured]]) -> Iterator[str]:
    """The targets that do not hold, a sentence each."""
    for name, measured in found.items():
        if measured[-1].queries > measured[0].queries:  # fewer where a page is filled by what has a day
            yield f"{name}: {' and '.join(str(one.queries) for one in measured)} queries"
        for one in measured:
            if one.median_ms > MEDIAN_MS or one.p95_ms > P95_MS:
                yield f"{name}: {one.median_ms:.0f} and {one.p95_ms:.0f} ms, at most {MEDIAN_MS:.0f} and {P95_MS:.0f}"


def run(sizes: list[int]) -> int:
    """Fill, publish, measure, print; the exit status."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one process does all, and is what is measured
    found: dict[str, list[Measured]] = {}
    written = 0
    for seed, size in enumerate(sizes, start=1):
        fill(size - written, seed=seed)
        publish_drafts(timezone.now())
        written = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        gc.collect()
        gc.freeze()  # what filling left is no server's: going through it would be counted as the answer's
        for name, address in questions().items():
            found.setdefault(name, []).append(measure(client, address))
            print(f"{size:,} visits, {name}: {found[name][-1]}", file=sys.stderr, flush=True)
    print("\n".join(table(sizes, found)))
    sentences = list(missed(found))
    for sentence in sentences:
        print(f"MISSED {sentence}")
    return 1 if sentences else 0
