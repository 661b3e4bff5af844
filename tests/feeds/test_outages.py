"""Bad input and bad days: never an empty calendar, never half a one (the feed contract, F2, H5, H7)."""

from __future__ import annotations

import gzip
import threading

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheAwayError

from agenda.celery import app
from agenda.feeds import copies, current, pulse
from agenda.feeds.models import Feed, Subscription
from agenda.feeds.subscriptions import revoke_subscription, rotate_subscription, subscribe
from agenda.feeds.tasks import sweep_copies
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from tests.conftest import NOW

from .diary import ALL, BAMAKO, IN_ORDER, TIMED, after, body, item_of
from .reading import events

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visit(act: Act) -> Visit:
    visit = lifecycle.announce(BAMAKO, (TIMED, *IN_ORDER), act)
    publication.publish(visit, act)
    return visit


@pytest.fixture
def private(visit: Visit) -> tuple[Subscription, str]:
    row, address = subscribe(Feed.objects.get(language="fr", slug="all"), label="phone", by=None)
    return row, address.removeprefix("http://diary.test")


def no_database(*_args: object) -> None:
    raise OperationalError("the server closed the connection")


@pytest.mark.contract("F2")
def test_f2_without_the_database_the_last_good_calendar_is_answered(client: Client, visit: Visit) -> None:
    good = client.get(ALL)
    pulse.forget()
    with connection.execute_wrapper(no_database):
        still = client.get(ALL)
        unchanged = client.get(ALL, headers={"if-none-match": good["ETag"]})
    assert (still.status_code, still.content, still["ETag"]) == (200, good.content, good["ETag"])
    assert unchanged.status_code == 304


@pytest.mark.contract("F2")
def test_f2_after_a_restart_without_the_database_too(client: Client, visit: Visit) -> None:
    good = body(client)
    pulse.forget()
    current.memory.clear()
    with connection.execute_wrapper(no_database):
        assert body(client) == good


@pytest.mark.contract("F2")
def test_f2_with_nothing_to_fall_back_on_it_is_503(client: Client, private: tuple[Subscription, str]) -> None:
    with connection.execute_wrapper(no_database):
        for address in ("/feeds/en/nobody-asked-for-this.ics", private[1]):
            answer = client.get(address)
            assert (answer.status_code, answer["Retry-After"]) == (503, "120")
            assert b"BEGIN:VCALENDAR" not in answer.content


def test_without_the_cache_the_database_is_asked(client: Client, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    good = body(client)

    def away(*_args: object, **_kwargs: object) -> None:
        raise CacheAwayError("no such socket")

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache, name, away)
    assert body(client) == good
    programme.cancel_item(item_of(visit, TIMED), after(0.1))
    assert b"STATUS:CANCELLED" in body(client)


@pytest.mark.contract("F2")
def test_f2_rotated_the_old_address_ends_at_once_and_leads_nowhere(
    client: Client, private: tuple[Subscription, str]
) -> None:
    row, old = private
    assert client.get(old).status_code == 200
    _row, new = rotate_subscription(row, now=NOW)
    gone = client.get(old)
    assert (gone.status_code, gone.headers.get("Location")) == (410, None)
    assert new not in gone.content.decode()
    assert client.get(new.removeprefix("http://diary.test")).status_code == 200


@pytest.mark.contract("F2")
@pytest.mark.parametrize("token", ["x", "A" * 2000, "..%2f..%2fetc%2fpasswd", "%00", "é", "' OR 1=1 --"])
def test_f2_malformed_tokens_are_unknown(client: Client, visit: Visit, token: str) -> None:
    assert client.get(f"/f/{token}/all.ics").status_code == 404


@pytest.mark.contract("H5")
def test_h5_gzip_only_when_asked_made_once_and_with_its_304(client: Client, visit: Visit) -> None:
    plain = client.get(ALL)
    packed = client.get(ALL, headers={"accept-encoding": "br, gzip;q=0.8"})
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert packed["ETag"] != plain["ETag"]
    file = copies.path_of(plain["ETag"].strip('"'), compressed=True)
    made_at = file.stat().st_ino
    for tag in (packed["ETag"], plain["ETag"]):
        again = client.get(ALL, headers={"accept-encoding": "gzip", "if-none-match": tag})
        assert (again.status_code, again["Vary"]) == (304, "Accept-Encoding")
    client.get(ALL, headers={"accept-encoding": "gzip"})
    assert file.stat().st_ino == made_at
    for refused in ("identity", "gzip;q=0", ""):
        assert "Content-Encoding" not in client.get(ALL, headers={"accept-encoding": refused})


@pytest.mark.contract("H5")
def test_h5_a_large_calendar_is_sent_as_a_file(client: Client, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    small = body(client)
    monkeypatch.setattr("agenda.feeds.views._SMALL", 10)
    large, head = client.get(ALL), client.head(ALL)
    assert b"".join(large.streaming_content) == small  # type: ignore[attr-defined]
    assert head["Content-Length"] == large["Content-Length"] == str(len(small))
    assert large["Content-Disposition"] == 'inline; filename="all.ics"'


def test_nginx_can_be_told_to_send_it(client: Client, visit: Visit, settings: object) -> None:
    settings.AGENDA_ACCEL = "/calendars/"  # type: ignore[attr-defined]
    answer = client.get(ALL)
    etag = answer["ETag"].strip('"')
    assert (answer.content, answer["X-Accel-Redirect"]) == (b"", f"/calendars/{etag[:2]}/{etag}.ics")
    assert copies.path_of(etag).exists()


def test_unchanged_costs_no_query_and_after_a_restart_two(client: Client, private: tuple[Subscription, str]) -> None:
    for address in (ALL, private[1]):
        etag = client.get(address)["ETag"]
        for forgotten, most in ((False, 0), (True, 2)):
            if forgotten:
                current.memory.clear()
                pulse.forget()
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address, headers={"if-none-match": etag}).status_code == 304
            assert len(asked) <= most, [query["sql"] for query in asked]


def test_a_use_is_noted_once_an_hour_and_not_by_the_request(
    client: Client, private: tuple[Subscription, str], clock: time_machine.Traveller
) -> None:
    row, address = private
    app.conf.task_always_eager = True
    try:
        client.get(address)
        for minutes, noted in ((59, NOW), (61, NOW.replace(hour=10, minute=1))):
            clock.move_to(NOW.replace(hour=9 + minutes // 60, minute=minutes % 60))
            client.get(address)
            row.refresh_from_db()
            assert row.last_used_at == noted
    finally:
        app.conf.task_always_eager = False


def test_old_files_are_taken_away(client: Client, visit: Visit) -> None:
    etag = client.get(ALL)["ETag"].strip('"')
    programme.cancel_item(item_of(visit, TIMED), after(0.1))
    assert client.get(ALL)["ETag"].strip('"') != etag
    assert not copies.path_of(etag).exists()
    sweep_copies()
    assert client.get(ALL).status_code == 200


def test_a_lost_file_is_made_again_with_the_same_tag(client: Client, visit: Visit) -> None:
    before = client.get(ALL)
    copies.remove(before["ETag"].strip('"'))
    again = client.get(ALL)
    assert (again["ETag"], again["Last-Modified"], again.content) == (
        before["ETag"], before["Last-Modified"], before.content,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_readers_of_a_change_all_get_the_whole_calendar(visit: Visit) -> None:
    found: list[bytes] = []

    def read() -> None:
        found.append(Client().get(ALL).content)
        connection.close()

    threads = [threading.Thread(target=read) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert visit.uid in events(found[0])


def test_revoking_twice_keeps_the_first_time(client: Client, private: tuple[Subscription, str]) -> None:
    row, address = private
    revoke_subscription(row, now=NOW)
    revoke_subscription(row, now=after(1).now)
    row.refresh_from_db()
    assert row.revoked_at == NOW
    assert client.get(address).status_code == 410
