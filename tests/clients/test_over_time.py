"""A visit that changes, is cancelled and is withdrawn, as foreign programs see it each time (E10)."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.models import ProgrammeItem, Visit
from tests.conftest import NOW
from tests.feeds.diary import ALL, BAMAKO, IN_ORDER, OPEN_END, TIMED, after, body, item_of

from .foreign import READERS
from .readers import PATIENCE, SeenEvent

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.once]


@dataclass(frozen=True)
class Story:
    """The calendar before and after: what is in it each time."""

    visit: str
    item: str
    states: dict[str, bytes]


@pytest.fixture
def story(client: Client) -> Iterator[Story]:
    with time_machine.travel(NOW, tick=False):
        visit = lifecycle.announce(BAMAKO, (TIMED, OPEN_END, *IN_ORDER), after(0))
        publication.publish(visit, after(0))
        item = item_of(visit, TIMED)
        states = {"before": body(client)}
        programme.amend_item(item, replace(TIMED, start_time=dt.time(17), end_time=dt.time(18)), after(1))
        states["moved"] = body(client)
        lifecycle.cancel(Visit.objects.get(pk=visit.pk), after(2))
        states["cancelled"] = body(client)
        publication.withdraw_item(ProgrammeItem.objects.get(pk=item.pk), after(3))
        states["withdrawn"] = body(client)
        yield Story(visit.uid, item.uid, states)


def seen_by(reader: str, feed: bytes) -> dict[str, SeenEvent]:
    return {event.uid: event for event in READERS[reader](feed)}


@pytest.mark.contract("E10")
@pytest.mark.parametrize("reader", READERS)
def test_e10_each_program_sees_the_change_and_the_cancellation(story: Story, reader: str) -> None:
    states = {name: seen_by(reader, feed) for name, feed in story.states.items()}
    for found in states.values():
        assert len(found) == 3
        assert found[story.visit][1:3] == (dt.date(2023, 2, 7), dt.date(2023, 2, 9))
    item = {name: found[story.item] for name, found in states.items()}
    hours = {name: (event.start, event.end) for name, event in item.items()}
    assert hours["before"] == (utc(15), utc(16))
    assert hours["moved"] == hours["cancelled"] == (utc(17), utc(18))
    assert hours["withdrawn"] == (dt.date(2023, 2, 8), dt.date(2023, 2, 9))
    assert item["cancelled"].summary.startswith("ANNULÉ : ")
    assert item["withdrawn"].summary == "Retiré"
    assert states["cancelled"][story.visit].summary.startswith("ANNULÉ : ")


def utc(hour: int) -> dt.datetime:
    return dt.datetime(2023, 2, 8, hour, tzinfo=dt.UTC)


VDIRSYNCER = """
[general]
status_path = "{home}/status/"
[pair diary]
a = "theirs"
b = "ours"
collections = null
conflict_resolution = "a wins"
[storage theirs]
type = "http"
url = "{address}"
[storage ours]
type = "filesystem"
path = "{home}/events/"
fileext = ".ics"
"""


@pytest.mark.contract("E10")
@pytest.mark.django_db(transaction=True)
def test_e10_vdirsyncer_brings_each_change_and_a_second_sync_nothing(live_server: LiveServer, tmp_path: Path) -> None:
    program = shutil.which("vdirsyncer")
    if program is None:
        pytest.skip("vdirsyncer is not tried: it is not installed")
    now = dt.datetime.now(dt.UTC)
    day = now.date() + dt.timedelta(days=3)
    timed = replace(TIMED, day=day)
    visit = lifecycle.announce(replace(BAMAKO, start_on=day, end_on=day), (timed,), replace(after(0), now=now))
    publication.publish(visit, replace(after(0), now=now))
    (tmp_path / "config").write_text(VDIRSYNCER.format(home=tmp_path, address=f"{live_server.url}{ALL}"))
    assert len(_synced(program, tmp_path, "discover", "sync")) == 2
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "events").iterdir()}
    _synced(program, tmp_path, "sync")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "events").iterdir()} == kept
    lifecycle.cancel(Visit.objects.get(pk=visit.pk), replace(after(0), now=now + dt.timedelta(minutes=1)))
    texts = _synced(program, tmp_path, "sync")
    assert len(texts) == 2
    assert all("STATUS:CANCELLED" in text and "ANNULÉ" in text for text in texts)


def _synced(program: str, home: Path, *steps: str) -> list[str]:
    """The events after these steps of vdirsyncer."""
    (home / "events").mkdir(exist_ok=True)
    for step in steps:
        answer = subprocess.run(
            [program, "-c", str(home / "config"), step],
            input="y\n", capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
    return [path.read_text(encoding="utf-8") for path in sorted((home / "events").glob("*.ics"))]


@pytest.mark.contract("E10")
def test_e10_calcurse_imports_every_state_whole(story: Story, tmp_path: Path) -> None:
    program = shutil.which("calcurse")
    if program is None:
        pytest.skip("calcurse is not tried: it is not installed")
    for name, feed in story.states.items():
        home = tmp_path / name
        home.mkdir()
        (home / "feed.ics").write_bytes(feed)
        command = [program, "-D", str(home), "-C", str(home), "-i", str(home / "feed.ics")]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert answer.returncode == 0, answer.stderr
        assert "0 skipped" in answer.stdout + answer.stderr, answer.stdout + answer.stderr
        # A visit of two days counts as an event on each of them.
        assert "Bamako" in (home / "apts").read_text(encoding="utf-8")
