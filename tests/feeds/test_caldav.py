"""A private feed over CalDAV, to read only."""

from __future__ import annotations

import base64
import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from agenda.feeds.caldav import collection
from agenda.feeds.ical import CalendarMeta, frame
from agenda.feeds.models import Feed, Subscription
from agenda.feeds.subscriptions import revoke_subscription, subscribe
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.models import Visit
from tests import factories
from tests.clients.foreign import python_of_clients
from tests.conftest import NOW

from .diary import BAMAKO, IN_ORDER, TIMED, after, item_of

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
CALENDAR = "/dav/calendar/"


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    settings.AGENDA_CALDAV = True


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(clock: time_machine.Traveller) -> Visit:
    visit = lifecycle.announce(BAMAKO, (TIMED, *IN_ORDER), after(0))
    publication.publish(visit, after(0))
    return visit


def password() -> tuple[Subscription, str]:
    feed, _made = Feed.objects.get_or_create(language="fr", slug="all", defaults={"selection": "all"})
    row, address = subscribe(feed, label="phone", by=None)
    return row, address.split("/")[-2]


@pytest.fixture
def reader(visit: Visit) -> Any:
    """Asks as a CalDAV client that is signed in."""
    _row, secret = password()
    given = base64.b64encode(f"ada:{secret}".encode()).decode()

    def ask(method: str, path: str, body: str = "", **headers: str) -> Any:
        return Client(headers={"authorization": f"Basic {given}", **headers}).generic(
            method, path, body, content_type="application/xml"
        )

    return ask


def sync(token: str = "") -> str:
    return (
        f'<d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>'
        "<d:prop><d:getetag/></d:prop></d:sync-collection>"
    )


def synced(answer: Any) -> tuple[set[str], set[str], str]:
    """What is new or changed, what is gone, and the token."""
    text = answer.content.decode()
    assert answer.status_code == 207, text
    responses = re.findall(r"<d:response>(.*?)</d:response>", text)
    names = [(re.findall(r"calendar/([^<]+)\.ics<", one)[0], "HTTP/1.1 404" in one) for one in responses]
    (token,) = re.findall(r"<d:sync-token>(.+?)</d:sync-token>", text)
    return {name for name, gone in names if not gone}, {name for name, gone in names if gone}, token


def test_it_is_off_by_default(client: Client, settings: Any) -> None:
    settings.AGENDA_CALDAV = False
    assert client.generic("PROPFIND", "/dav/").status_code == 404
    assert client.get("/.well-known/caldav").status_code == 404


def test_the_password_is_a_private_addresss_token_and_can_be_revoked(client: Client, visit: Visit) -> None:
    assert client.get("/.well-known/caldav")["Location"] == "/dav/"
    assert client.generic("PROPFIND", "/dav/")["WWW-Authenticate"].startswith("Basic")
    row, secret = password()
    for name, status in ((secret, 207), ("wrong", 401), ("", 401)):
        given = base64.b64encode(f"ada:{name}".encode()).decode()
        answer = client.generic("PROPFIND", CALENDAR, headers={"authorization": f"Basic {given}"})
        assert answer.status_code == status
    revoke_subscription(row, now=NOW)
    given = base64.b64encode(f"ada:{secret}".encode()).decode()
    assert client.generic("PROPFIND", CALENDAR, headers={"authorization": f"Basic {given}"}).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PROPPATCH", "MKCALENDAR", "POST", "MOVE", "COPY", "LOCK"])
def test_every_write_is_refused(reader: Any, visit: Visit, method: str) -> None:
    for path in (CALENDAR, f"{CALENDAR}{visit.uid}.ics"):
        assert reader(method, path, "BEGIN:VCALENDAR").status_code == 403


def test_a_delta_costs_what_changed_and_its_tags_are_those_of_the_whole(
    reader: Any, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        factories.item(day=NOW.date() + dt.timedelta(days=number), now=NOW)
    made: list[bytes] = []

    def counted(meta: CalendarMeta, spans: dict[str, tuple[int, int]]) -> bytes:
        made.append(frame(meta, spans))
        return made[-1]

    monkeypatch.setattr(collection, "frame", counted)
    whole = reader("REPORT", CALENDAR, sync())
    assert len(made) == 12
    came, _left, token = synced(whole)
    item = item_of(visit, TIMED)
    programme.amend_item(item, replace(TIMED, start_time=dt.time(16)), after(0.1))
    made.clear()
    delta = reader("REPORT", CALENDAR, sync(token))
    came, left, _token = synced(delta)
    assert (came, left, len(made)) == ({item.uid, visit.uid} & came, set(), len(came))
    assert item.uid in came
    tags = tags_of(reader("REPORT", CALENDAR, sync()))
    changed = tags_of(delta)
    assert changed == {name: tags[name] for name in came}
    made.clear()
    one = reader("GET", f"{CALENDAR}{item.uid}.ics")
    assert len(made) == 1
    assert "RELATED-TO;RELTYPE=PARENT" in one.content.decode()
    assert one.headers["etag"] == tags[item.uid]


def tags_of(answer: Any) -> dict[str, str]:
    """The tag of each resource of an answer."""
    text = answer.content.decode().replace("&quot;", '"')
    return dict(re.findall(r"calendar/([^<]+)\.ics</d:href>.*?getetag>([^<]+)<", text))


def test_changes_and_what_leaves_by_the_clock_come_as_a_delta(
    reader: Any, visit: Visit, clock: time_machine.Traveller
) -> None:
    item = item_of(visit, TIMED)
    came, left, token = synced(reader("REPORT", CALENDAR, sync()))
    assert (came, left) == ({visit.uid, item.uid}, set())
    assert synced(reader("REPORT", CALENDAR, sync(token)))[:2] == (set(), set())
    programme.cancel_item(item, after(0.1))
    came, left, token = synced(reader("REPORT", CALENDAR, sync(token)))
    assert (came, left) == ({item.uid, visit.uid}, set()), "the visit tells its programme"
    clock.move_to(dt.datetime(2023, 3, 12, tzinfo=dt.UTC))
    came, left, token = synced(reader("REPORT", CALENDAR, sync(token)))
    assert (came, left) == (set(), {item.uid})


@pytest.mark.parametrize("token", ["data:,9999999/2023-02-07/0/x", "nonsense", "data:,1/2/3"])
def test_a_token_that_is_not_ours_asks_for_all_anew(reader: Any, token: str) -> None:
    answer = reader("REPORT", CALENDAR, sync(token))
    assert answer.status_code == 403
    assert b"valid-sync-token" in answer.content


def test_a_query_is_answered_with_the_days_asked_for(reader: Any, visit: Visit) -> None:
    query = (
        '<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><c:calendar-data/>'
        '</d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{}"/>'
        "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    )
    found = reader("REPORT", CALENDAR, query.format("20230208T000000Z")).content.decode()
    assert visit.uid in found
    assert "BEGIN:VTIMEZONE" in found
    assert visit.uid not in reader("REPORT", CALENDAR, query.format("20230301T000000Z")).content.decode()
    assert reader("REPORT", CALENDAR, query.format("tomorrow")).status_code == 400
    one = reader("GET", f"{CALENDAR}{visit.uid}.ics")
    assert one.content.startswith(b"BEGIN:VCALENDAR")
    assert reader("GET", f"{CALENDAR}nothing.ics").status_code == 404


CALDAV_PROGRAM = """
import sys, caldav
client = caldav.DAVClient(url=sys.argv[1], username="ada", password=sys.argv[2])
(calendar,) = client.principal().calendars()
print(calendar.get_display_name())
for event in sorted(calendar.events(), key=lambda one: one.icalendar_component["UID"]):
    print(event.icalendar_component["UID"])
try:
    calendar.save_event("BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nPRODID:x\\r\\nBEGIN:VEVENT\\r\\nUID:x\\r\\nDTSTAMP:20230101T000000Z"
                        "\\r\\nDTSTART:20230101T000000Z\\r\\nSUMMARY:x\\r\\nEND:VEVENT\\r\\nEND:VCALENDAR\\r\\n")
except caldav.lib.error.AuthorizationError:
    print("refused")
"""


@pytest.mark.django_db(transaction=True)
def test_the_caldav_library_finds_the_calendar_and_may_not_write(live_server: LiveServer) -> None:
    now = dt.datetime.now(dt.UTC)
    act = replace(after(0), now=now)
    visit = lifecycle.announce(replace(BAMAKO, start_on=now.date(), end_on=now.date()), (), act)
    publication.publish(visit, act)
    _row, secret = password()
    command = [str(python_of_clients()), "-c", CALDAV_PROGRAM, f"{live_server.url}/dav/", secret]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert answer.stdout.split() == ["Agenda", visit.uid, "refused"], answer.stderr


@pytest.mark.parametrize("body", ["<", "<a><b></a>", '<!DOCTYPE x [<!ENTITY a "b">]><x>&c;</x>'])
def test_malformed_bodies_are_400(reader: Any, body: str) -> None:
    assert reader("PROPFIND", CALENDAR, body).status_code == 400


VDIRSYNCER = """
[general]
status_path = "{home}/status/"
[pair diary]
a = "theirs"
b = "ours"
collections = null
conflict_resolution = "a wins"
[storage theirs]
type = "caldav"
url = "{address}/dav/calendar/"
username = "ada"
password = "{secret}"
read_only = true
[storage ours]
type = "filesystem"
path = "{home}/events/"
fileext = ".ics"
"""


@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_reads_it_and_follows_a_cancellation(live_server: LiveServer, tmp_path: Path) -> None:
    program = shutil.which("vdirsyncer")
    if program is None:
        pytest.skip("vdirsyncer is not tried: it is not installed")
    now = dt.datetime.now(dt.UTC)
    day = now.date() + dt.timedelta(days=3)
    act = replace(after(0), now=now)
    visit = lifecycle.announce(replace(BAMAKO, start_on=day, end_on=day), (replace(TIMED, day=day),), act)
    publication.publish(visit, act)
    _row, secret = password()
    (tmp_path / "events").mkdir()
    configuration = VDIRSYNCER.format(home=tmp_path, address=live_server.url, secret=secret)
    (tmp_path / "config").write_text(configuration, encoding="utf-8")

    def run(*steps: str) -> list[str]:
        for step in steps:
            command = [program, "-c", str(tmp_path / "config"), step]
            answer = subprocess.run(command, input="y\n", capture_output=True, text=True, timeout=90, check=False)
            assert answer.returncode == 0, answer.stderr
        return [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "events").glob("*.ics"))]

    first = run("discover", "sync")
    assert len(first) == 2
    assert run("sync") == first
    lifecycle.cancel(Visit.objects.get(pk=visit.pk), replace(act, now=now + dt.timedelta(minutes=1)))
    assert all("STATUS:CANCELLED" in text for text in run("sync"))
