"""What an editor opens, timed: the pages of the desk on a load of visits and proposals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment
from django.utils import timezone

from agenda.desk.queue import by_urgency
from benchmarks.desk import deciding
from benchmarks.desk.clock import Measured, database_seconds
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Proposal, ProposalState
from diplomacy.communiques.seeding import load

MOST_QUERIES = 12
MOST_MS = 150.0
MOST_DECIDING_MS = 300.0
RUNS = 20


def fill(visits: int, *, seed: int) -> None:
    """Write so many visits more, on the present day."""
    for _written in load(visits, seed=seed, today=timezone.now().date(), domain=settings.AGENDA_DOMAIN):
        pass


def editor() -> Client:
    """A browser in which an editor is signed in."""
    user = User.objects.filter(role=DeskRole.EDITOR).first()
    client = Client()
    client.force_login(user or User.objects.create_with_role("measured", role=DeskRole.EDITOR))
    return client


def pages() -> Mapping[str, Callable[[int], str]]:
    """What is opened, by name: the address for each run."""
    waiting = by_urgency(Proposal.objects.filter(state=ProposalState.WAITING), timezone.now().date())
    urgent = list(waiting.values_list("pk", flat=True)[: RUNS + 5])
    last = waiting.reverse().values_list("pk", flat=True)[0]
    host = Proposal.objects.filter(pk=urgent[0]).values_list("draft__host_country", flat=True)[0]
    return {
        "queue": lambda _run: "/admin/",
        "queue, last page": lambda _run: "/admin/?page=1000000",
        "queue of a country": lambda _run: f"/admin/?country={host}",
        "queue of a person": lambda _run: "/admin/?person=Bado",
        "review page": lambda _run: f"/admin/review/{urgent[0]}/",
        "review page, next after next": lambda run: f"/admin/review/{urgent[run % len(urgent)]}/",
        "review page, least urgent": lambda _run: f"/admin/review/{last}/",
    }


def queries_of(client: Client, address: str) -> int:
    """How many queries a page asks once it was opened before."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def measure(client: Client, address: Callable[[int], str]) -> Measured:
    """A page opened again and again."""
    queries = queries_of(client, address(0))
    started = database_seconds()
    spent = []
    for run in range(RUNS):
        before = database_seconds()
        began = time.process_time()
        assert client.get(address(run)).status_code == 200
        spent.append((time.process_time() - began + database_seconds() - before) * 1000)
    database = (database_seconds() - started) * 1000 / RUNS
    return Measured(queries=queries, median_ms=median(spent), worst_ms=max(spent), database_ms=database)


def table(sizes: list[int], found: Mapping[str, list[Measured]], *, what: str = "page") -> Iterator[str]:
    """The Markdown of what was measured."""
    yield (
        f"| {what} | "
        + " | ".join(f"{size:,} visits: queries | median ms (database) | worst ms" for size in sizes)
        + " |"
    )
    yield "| --- |" + " ---: |" * (3 * len(sizes))
    for name, measured in found.items():
        cells = (
            f"{one.queries} | {one.median_ms:.0f} ({one.database_ms:.0f}) | {one.worst_ms:.0f}" for one in measured
        )
        yield f"| {name} | {' | '.join(cells)} |"


def missed(found: Mapping[str, list[Measured]]) -> list[str]:
    """The targets that do not hold, a sentence each."""
    said = []
    for name, measured in found.items():
        for one in measured:
            if one.queries > MOST_QUERIES:
                said.append(f"{name}: {one.queries} queries, at most {MOST_QUERIES}")
            if one.median_ms > MOST_MS:
                said.append(f"{name}: {one.median_ms:.0f} ms, at most {MOST_MS:.0f}")
    return said


def missed_by_decisions(found: Mapping[str, list[Measured]]) -> list[str]:
    """The same of decisions, whose queries are as many for a long programme and a large diary."""
    return [
        f"{name}: {one.median_ms:.0f} ms, at most {MOST_DECIDING_MS:.0f}"
        for name, measured in found.items()
        for one in measured
        if one.median_ms > MOST_DECIDING_MS
    ]


def run(sizes: list[int]) -> int:
    """Fill, measure, print; the exit status."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one process does all, and is what is measured
    found: dict[str, list[Measured]] = {}
    decided: dict[str, list[Measured]] = {}
    written = 0
    for seed, size in enumerate(sizes, start=1):
        fill(size - written, seed=seed)
        written = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = editor()
        for name, address in pages().items():
            found.setdefault(name, []).append(measure(client, address))
        setup_test_environment()  # forms are filled in as the page shows them; pages are measured without it
        for name, make in deciding.decisions().items():
            decided.setdefault(name, []).append(deciding.measure(client, make, runs=RUNS // 5))
        teardown_test_environment()
    print("\n".join([*table(sizes, found), "", *table(sizes, decided, what="decision")]))
    said = [*missed(found), *missed_by_decisions(decided)]
    for sentence in said:
        print(f"MISSED {sentence}")
    return 1 if said else 0
