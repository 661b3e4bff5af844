"""What a real Thunderbird shows of a calendar: as an address it subscribes to, and over CalDAV."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from agenda.feeds.models import Feed
from agenda.feeds.subscriptions import subscribe
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests.feeds.diary import BAMAKO, TIMED

from .thunderbird import PROGRAM, Thunderbird, thunderbird

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.once,
    pytest.mark.timeout(300),
    pytest.mark.skipif(PROGRAM is None, reason="Thunderbird is not tried: it is not installed"),
]
_PATIENCE = 60.0
Shown = dict[str, Any]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Thunderbird]:
    with thunderbird(tmp_path) as started:
        yield started


@pytest.fixture
def day() -> dt.date:
    """A day on which New York is on winter time, five hours behind Bamako."""
    today = dt.datetime.now(dt.UTC).date()
    return dt.date(today.year + 1, 1, 15)


@pytest.fixture
def visit(day: dt.date) -> Visit:
    act = Act(now=dt.datetime.now(dt.UTC))
    item = replace(TIMED, day=day)
    visit = lifecycle.announce(replace(BAMAKO, start_on=day - dt.timedelta(days=1), end_on=day), (item,), act)
    publication.publish(visit, act)
    return visit


def until(program: Thunderbird, calendar: str, holds: Callable[[Shown], bool]) -> Shown:
    """What it shows once that holds; it asks the server again until then."""
    end = time.monotonic() + _PATIENCE
    while not holds(shown := program.shown(calendar)):
        assert time.monotonic() < end, shown
        program.refresh(calendar)
        time.sleep(1)
    return shown


def event_of(shown: Shown, subject: Visit | ProgrammeItem) -> Shown:
    [event] = [event for event in shown["events"] if event["uid"] == subject.uid]
    return dict(event)


def later(minutes: int) -> Act:
    return Act(now=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes))


def _follows(program: Thunderbird, calendar: str, visit: Visit, day: dt.date) -> None:
    """The calendar as it is, with its press conference moved, and cancelled."""
    item = visit.items.get()
    shown = until(program, calendar, lambda shown: len(shown["events"]) == 2)
    conference = event_of(shown, item)
    assert (conference["zone"], conference["starts"]) == ("Africa/Bamako", f"{day:%Y%m%d}T150000")
    assert conference["here"] == f"{day:%Y%m%d}T100000"
    whole = event_of(shown, visit)
    assert (whole["starts"], whole["ends"]) == (
        f"{day - dt.timedelta(days=1):%Y%m%d}", f"{day + dt.timedelta(days=1):%Y%m%d}"
    )  # fmt: skip

    facts = replace(TIMED, day=day, start_time=dt.time(17), end_time=dt.time(18))
    programme.amend_item(item, facts, later(1))
    moved = until(program, calendar, lambda shown: event_of(shown, item)["starts"] == f"{day:%Y%m%d}T170000")
    assert len(moved["events"]) == 2
    assert event_of(moved, item)["here"] == f"{day:%Y%m%d}T120000"

    lifecycle.cancel(Visit.objects.get(pk=visit.pk), later(2))
    cancelled = until(
        program, calendar, lambda shown: {event["status"] for event in shown["events"]} == {"CANCELLED"}
    )  # fmt: skip
    assert {event["uid"] for event in cancelled["events"]} == {visit.uid, item.uid}


@pytest.mark.contract("E10")
def test_e10_thunderbird_follows_a_subscribed_address(
    live_server: LiveServer, program: Thunderbird, visit: Visit, day: dt.date
) -> None:
    calendar = program.subscribe("ics", f"{live_server.url}/feeds/fr/all.ics")
    _follows(program, calendar, visit, day)


def test_thunderbird_follows_over_caldav_and_cannot_write(
    live_server: LiveServer, program: Thunderbird, visit: Visit, day: dt.date, settings: Any
) -> None:
    settings.AGENDA_CALDAV = True
    feed, _made = Feed.objects.get_or_create(language="fr", slug="all", defaults={"selection": "all"})
    _row, address = subscribe(feed, label="desk", by=None)
    calendar = program.subscribe("caldav", f"{live_server.url}/dav/calendar/", "ada", address.split("/")[-2])
    _follows(program, calendar, visit, day)
    assert program.shown(calendar)["readOnly"]
    assert (
        program.add(calendar, f"BEGIN:VEVENT\r\nUID:x\r\nDTSTART:{day:%Y%m%d}T090000Z\r\nEND:VEVENT\r\n") == "refused"
    )
