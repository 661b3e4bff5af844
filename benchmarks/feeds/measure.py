"""The measurements themselves."""

from __future__ import annotations

import datetime as dt
import gc
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import icalendar
from django.conf import settings
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.entries.entry import Entry
from agenda.feeds import current, pulse
from agenda.feeds.copies import path_of
from agenda.feeds.current import Address, calendar_at
from agenda.feeds.ical import CalendarMeta, Colour, calendar_bytes
from agenda.feeds.models import Feed, KeptEvent
from benchmarks.feeds import diary, load, radicale
from benchmarks.feeds.server import gunicorn, own_python, peak_megabytes
from benchmarks.reading.peers import NotInstallableError
from diplomacy.visits import programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody
from diplomacy.vocabulary import ItemKind, Precision

PATH = "/feeds/fr/all.ics"
ALL = Address(slug="all", language="fr")


class Targets:
    """What was promised, and whether it held."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def word(self, held: bool, promise: str) -> str:
        """ "held" or "MISSED", remembered."""
        if not held:
            self.missed.append(promise)
        return "held" if held else "MISSED"


def run(folder: Path, sizes: list[int], feeds: int, *, with_radicale: bool) -> int:
    """Measure everything; returns the exit status."""
    targets = Targets()
    today = timezone.now().date()
    for section in (_cold(sizes, today, targets), _growth(folder, sizes, feeds, targets, with_radicale=with_radicale)):
        for line in section:
            print(line, flush=True)
        print()
    print("Missed: " + ("; ".join(targets.missed) or "none"))
    return 1 if targets.missed else 0


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The best of some runs, in seconds of this process's own time: what else the machine does only adds to it."""
    return min(once(work) for _run in range(runs))


def once(work: Callable[[], object]) -> float:
    """One run, in seconds of this process's own time."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def _meta() -> CalendarMeta:
    return CalendarMeta(
        name="Agenda", description="Visites", language="fr", product_id="-//Agenda//Diary", url="https://x.example/",
        last_modified=timezone.now(), default_zone="Etc/UTC", end_not_stated="fin non précisée",
        colour=Colour("steelblue", "#4682b4"),
    )  # fmt: skip


def with_icalendar(entries: list[Entry]) -> bytes:
    """The same events by the icalendar package: built, its time zones added, serialised."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Agenda//Diary//FR")
    calendar.add("name", "Agenda")
    for entry in entries:
        calendar.add_component(_icalendar_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _icalendar_event(entry: Entry) -> icalendar.Event:
    from zoneinfo import ZoneInfo

    event = icalendar.Event()
    assert isinstance(entry.starts, dt.datetime)
    assert isinstance(entry.ends, dt.datetime)
    zone = ZoneInfo(str(entry.zone))
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.last_modified)
    event.add("created", entry.created)
    event.add("last-modified", entry.last_modified)
    event.add("sequence", entry.sequence)
    event.add("status", entry.certainty.value)
    event.add("transp", "OPAQUE")
    event.add("class", "PUBLIC")
    event.add("dtstart", entry.starts.replace(tzinfo=zone))
    event.add("dtend", entry.ends.replace(tzinfo=zone))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("geo", (entry.latitude, entry.longitude))
    event.add("url", entry.url)
    event.add("categories", list(entry.categories))
    return event


def _cold(sizes: list[int], today: dt.date, targets: Targets) -> Iterator[str]:
    yield f"## A calendar from entries, nothing kept (icalendar {version('icalendar')} beside)\n"
    yield "| entries | bytes | ours, ms | icalendar, ms | ratio | target |"
    yield "| ---: | ---: | ---: | ---: | ---: | --- |"
    for size in sizes:
        entries = diary.values(size, today)
        meta = _meta()
        ours = seconds(lambda entries=entries, meta=meta: calendar_bytes(entries, meta))  # type: ignore[misc]
        if size > 10_000:
            yield f"| {size:,} | {len(calendar_bytes(entries, meta)):,} | {ours * 1e3:.1f} | not tried | | |"
            continue
        theirs = seconds(lambda entries=entries: with_icalendar(entries), runs=2)  # type: ignore[misc]
        ratio = theirs / ours
        goal = f"≥ 20: {targets.word(ratio >= 20, 'cold body')}" if size == 10_000 else ""
        length = len(calendar_bytes(entries, meta))
        yield f"| {size:,} | {length:,} | {ours * 1e3:.1f} | {theirs * 1e3:.0f} | {ratio:.0f} | {goal} |"


def _growth(folder: Path, sizes: list[int], feeds: int, targets: Targets, *, with_radicale: bool) -> Iterator[str]:
    database = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else f"{connection.vendor}"
    yield f"## The server (gunicorn {version('gunicorn')}, one process of 8 threads; {database})\n"
    yield "Requests a second, 4 kept connections; the feed of everything, all of it in its window.\n"
    for size in sizes:
        call_command("flush", interactive=False, verbosity=0) if _has_tables() else call_command("migrate", verbosity=0)
        _forget()
        today = timezone.now().date()
        diary.fill(size, today)
        Feed.objects.create(language="fr", slug="all", selection="all")
        yield f"### {size:,} entries\n"
        yield "| what | figure | beside | ratio | target |"
        yield "| --- | ---: | ---: | ---: | --- |"
        yield from _making(size, targets)
        yield from _serving(folder, size, targets, with_radicale=with_radicale and size <= 10_000)
        yield from _asking(size, targets)
        yield ""
    if feeds:
        yield from _private(feeds, targets, sizes[-1])


def _has_tables() -> bool:
    return "agenda_feed" in connection.introspection.table_names()


def _forget() -> None:
    current.memory.clear()
    pulse.forget()


def _fresh(address: Address = ALL) -> current.Calendar:
    return calendar_at(address, timezone.now())


def _making(size: int, targets: Targets) -> Iterator[str]:
    first = once(_fresh)
    made = _fresh()
    yield f"| first body, every event rendered | {first * 1e3:.0f} ms | {made.size:,} bytes | | |"
    act = Act(now=timezone.now())
    item = programme.add_item(_facts(11), act)
    publication.publish_item(item, act)
    _fresh()
    spent = []
    for number in range(5):
        kept = set(KeptEvent.objects.values_list("telling_id", "position"))
        programme.amend_item(item, _facts(12 + number), Act(now=timezone.now()))
        spent.append(once(_fresh))
        rendered = len(set(KeptEvent.objects.values_list("telling_id", "position")) - kept)
        assert rendered == 1, rendered
    after = min(spent)
    goal = f"< 50 ms: {targets.word(after < 0.05, 'body after a change')}" if size == 10_000 else ""
    yield f"| next body after one item changed, one event rendered | {after * 1e3:.1f} ms | | | {goal} |"
    spent = []
    for number in range(5):
        facts = _facts(6 + number)
        spent.append(once(lambda facts=facts: programme.amend_item(item, facts, Act(now=timezone.now()))))  # type: ignore[misc]
    yield f"| the editor's change itself | {min(spent) * 1e3:.1f} ms | | | |"


def _facts(hour: int) -> ItemFacts:
    day = timezone.now().date() + dt.timedelta(days=3)
    return ItemFacts(
        kind=ItemKind.AUDIENCE, precision=Precision.EXACT, day=day, start_time=dt.time(hour), city="Bamako",
        country="ML", participants=(Somebody(name="Ana Prado", title="ministre", country="BR"),),
    )  # fmt: skip


def _serving(folder: Path, size: int, targets: Targets, *, with_radicale: bool) -> Iterator[str]:
    made = _fresh()
    body = path_of(made.etag).read_bytes()
    static = Path(settings.STATIC_ROOT, "benchmark")
    static.mkdir(parents=True, exist_ok=True)
    (static / "feed.ics").write_bytes(body)
    with gunicorn(own_python(), "agenda.wsgi", {"PYTHONPATH": os.getcwd()}, "/trivial") as (port, worker):
        etag = load.Connection(port).get(PATH).headers["etag"]
        before = peak_megabytes(worker)
        static_rate = _best(lambda: load.rate(port, "/static/benchmark/feed.ics"))
        warm = _best(lambda: load.rate(port, PATH))
        goal = targets.word(warm >= 0.5 * static_rate, f"warm body, {size}")
        ratio = warm / static_rate
        yield f"| warm body | {warm:.0f}/s | static file {static_rate:.0f}/s | {ratio:.2f} | ≥ 0.5: {goal} |"
        packed = load.rate(port, PATH, accept_encoding="gzip")
        yield f"| warm body, gzip | {packed:.0f}/s | | | |"
        trivial = _best(lambda: load.rate(port, "/trivial"))
        unchanged = _best(lambda: load.rate(port, PATH, status=304, if_none_match=etag))
        goal = targets.word(unchanged >= 0.7 * trivial, f"304, {size}")
        yield f"| 304 | {unchanged:.0f}/s | trivial view {trivial:.0f}/s | {unchanged / trivial:.2f} | ≥ 0.7: {goal} |"
        grown = peak_megabytes(worker) - before
        peak = peak_megabytes(worker)
        yield f"| peak memory of the web process, and what this load added | {peak:.0f} MB | {grown:+.1f} MB | | |"
    if with_radicale:
        yield from _beside_radicale(folder, size, body, warm, targets)


def _best(work: Callable[[], float]) -> float:
    """The better of two runs: what disturbs a run on a shared machine only makes it slower."""
    return max(work(), work())


def _beside_radicale(folder: Path, size: int, body: bytes, warm: float, targets: Targets) -> Iterator[str]:
    try:
        python = radicale.installed(Path("var/benchmarks/radicale").resolve())
    except NotInstallableError as error:
        yield f"| Radicale's GET | NOT MEASURED: {error} | | | |"
        return
    environment = radicale.collection(folder / f"radicale-{size}", body)
    with gunicorn(str(python), "radicale", environment, "/.web/") as (port, _worker):
        theirs = load.rate(port, radicale.PATH, seconds=5.0, connections=1, authorization="Basic YmVuY2g6YmVuY2g=")
    ratio = warm / theirs
    goal = f"≥ 50: {targets.word(ratio >= 50, 'Radicale')}" if size == 10_000 else ""
    yield f"| warm body | {warm:.0f}/s | Radicale 3.9's GET {theirs:.2f}/s | {ratio:.0f} | {goal} |"


def _asking(size: int, targets: Targets) -> Iterator[str]:
    client = Client()
    etag = client.get(PATH)["ETag"]
    asked = {"if-none-match": etag}
    client.get(PATH, headers=asked)
    spent = seconds(lambda: client.get(PATH, headers=asked), runs=50)
    with CaptureQueriesContext(connection) as warm:
        client.get(PATH, headers=asked)
    _forget()
    with CaptureQueriesContext(connection) as cold:
        answer = client.get(PATH, headers=asked)
    assert answer.status_code == 304
    held = spent < 0.002 and len(warm) == 0 and len(cold) <= 2
    yield (
        f"| 304 in the process; queries warm / cold | {spent * 1e3:.2f} ms | {len(warm)} / {len(cold)} | |"
        f" < 2 ms, 0 / ≤ 2: {targets.word(held, f'304 in the process, {size}')} |"
    )


def _private(number: int, targets: Targets, size: int) -> Iterator[str]:
    from agenda.celery import app
    from agenda.feeds import usage

    app.conf.task_always_eager = False
    paths = diary.private_feeds(number)
    client = Client()
    yield f"### {number:,} private feeds with different filters over {size:,} entries\n"
    yield "| round | first tenth, ms a poll | last tenth, ms a poll | queries a poll | notes of use |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    flat: list[float] = []
    for name, change in (("first, every body made", False), ("nothing changed", False), ("after one change", True)):
        if change:
            act = Act(now=timezone.now())
            publication.publish_item(programme.add_item(_facts(9), act), act)
        noted = len(usage._noted)
        spent, queries = [], 0
        for path in paths:
            reset_queries()  # the log has an end, after which nothing would be counted
            with CaptureQueriesContext(connection) as asked:
                started = time.process_time()
                answer = client.get(path)
                spent.append(time.process_time() - started)
            assert answer.status_code == 200
            queries += len(asked)
        tenth = max(1, number // 10)
        first, last = (sum(part) / tenth * 1e3 for part in (spent[:tenth], spent[-tenth:]))
        flat.append(last / first)
        yield f"| {name} | {first:.2f} | {last:.2f} | {queries / number:.2f} | {len(usage._noted) - noted:,} |"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    yield f"\nFlat (last tenth to first tenth, at most 1.5): {targets.word(max(flat) <= 1.5, 'flat polls')}. "
    yield f"Peak of this process, which filled the diary too: {peak:.0f} MB."
