"""The feed contract, point by point, over HTTP as a client meets it. The run ends with the list of points and tests."""

from __future__ import annotations

import datetime as dt
import logging
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from gunicorn.config import Config

from agenda.feeds.models import Feed, Subscription
from agenda.feeds.privacy import AccessLog, HideTokens
from diplomacy.accounts.models import User
from diplomacy.visits import programme, publication
from diplomacy.visits.models import Visit
from tests.conftest import NOW

from .diary import ALL, ALL_EN, TIMED, after, body, item_of, subscription
from .reading import events, properties

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.usefixtures("clock", "at_once")]

CONTRACT = {f"{letter}{n}" for letter, last in zip("FHBCE", (5, 8, 2, 3, 10), strict=True) for n in range(1, last + 1)}


# Feed as a resource


@pytest.mark.contract("F1")
def test_f1_addresses_are_short_readable_and_offered_four_ways(client: Client, visit: Visit) -> None:
    _row, private = subscription()
    addresses = [f"/feeds/{feed.language}/{feed.slug}.ics" for feed in Feed.objects.all()]
    assert len(addresses) > 4
    for address in [*addresses, private]:
        assert client.get(address).status_code == 200
        assert re.fullmatch(r"/(feeds/(fr|en)|f/[\w-]+)/[\w-]+\.ics", address)
        assert len(f"https://diary.example.org{address}") <= 255
    page = client.get("/feeds/").content.decode()
    assert "<code>http://diary.test/feeds/fr/all.ics</code>" in page
    assert 'href="webcal://diary.test/feeds/fr/country-ml.ics"' in page
    assert quote("webcal://diary.test/feeds/fr/country-ml.ics", safe="") in page
    assert "outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Fdiary.test%2Ffeeds%2Ffr%2Fcountry-ml.ics" in page


@pytest.mark.contract("F2")
def test_f2_a_token_is_long_kept_as_a_hash_and_ends_with_410(client: Client, visit: Visit) -> None:
    row, address = subscription()
    token = address.split("/")[2]
    assert len(token) * 6 >= 128
    assert token not in str(Subscription.objects.values())
    assert token.encode() not in body(client, address)
    assert not properties(body(client, address)).has("SOURCE")
    assert properties(body(client))["SOURCE"] == f"http://diary.test{ALL}"
    row.refresh_from_db()
    assert row.last_used_at == NOW
    row.revoked_at = NOW
    row.save()
    gone = client.get(address)
    assert (gone.status_code, gone.headers.get("Location")) == (410, None)
    assert client.get("/f/nonsense/all.ics").status_code == 404
    assert client.get(f"/f/{token}/other.ics").status_code == 404


@pytest.mark.contract("F3")
def test_f3_a_token_is_in_no_log_and_no_referrer(client: Client, visit: Visit) -> None:
    _row, address = subscription()
    token = address.split("/")[2]
    answer = client.get(address)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not re.search(r"Disallow: /f", client.get("/robots.txt").content.decode())
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (address,), None)
    assert HideTokens().filter(record)
    assert record.getMessage() == "Internal Server Error: /f/***/all.ics"
    line = AccessLog(Config()).atoms(
        SimpleNamespace(status="200 OK", sent=1, headers=[]),
        SimpleNamespace(headers=[("REFERER", f"https://diary.test{address}")]),
        {"REQUEST_METHOD": "GET", "RAW_URI": address, "PATH_INFO": address, "SERVER_PROTOCOL": "HTTP/1.1",
         "HTTP_REFERER": f"https://diary.test{address}"},
        dt.timedelta(milliseconds=2),
    )  # fmt: skip
    assert line["r"] == "GET /f/***/all.ics HTTP/1.1"
    assert token not in str(line)


@pytest.mark.contract("F4")
def test_f4_one_language_per_feed_and_the_same_uids_in_all(client: Client, visit: Visit) -> None:
    french, english = body(client, ALL), body(client, ALL_EN)
    assert set(events(french)) == set(events(english))
    assert "Conférence de presse" in events(french)[item_of(visit, TIMED).uid]["SUMMARY"]
    assert "Press conference" in events(english)[item_of(visit, TIMED).uid]["SUMMARY"]
    assert body(client, f"{ALL}?country=FR&lang=en") == french, "the address chooses nothing"


@pytest.mark.contract("F5")
def test_f5_the_window_moves_by_whole_days(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    day = dt.timedelta(days=1)
    present = body(client)
    clock.move_to(NOW.replace(hour=23, minute=59))
    assert body(client) == present
    clock.move_to(NOW + 91 * day)  # ninety days after the last day of the visit
    assert visit.uid in events(body(client))
    clock.move_to(NOW + 92 * day)
    assert visit.uid not in events(body(client))
    clock.move_to(NOW - 401 * day)
    assert visit.uid not in events(body(client))
    clock.move_to(NOW - 400 * day)
    assert visit.uid in events(body(client))


@pytest.mark.contract("F5")
def test_f5_an_event_is_under_a_kilobyte(client: Client, visit: Visit) -> None:
    item = body(client).split(b"BEGIN:VEVENT")[2]
    assert len(item) < 1000


# HTTP


@pytest.mark.contract("H1")
def test_h1_one_answer_with_its_type_and_a_name(client: Client, visit: Visit) -> None:
    answer = client.get(ALL)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="all.ics"'
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.contract("H2")
def test_h2_the_same_data_gives_the_same_bytes_and_tag(client: Client, visit: Visit) -> None:
    first, second = client.get(ALL), client.get(ALL)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert re.fullmatch(r'"[\w-]+"', first["ETag"])
    programme.cancel_item(item_of(visit, TIMED), after(0.1))
    assert client.get(ALL)["ETag"] != first["ETag"]


@pytest.mark.contract("H2")
def test_h2_what_leaves_by_the_clock_moves_tag_and_date(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    before = client.get(ALL)
    clock.move_to(NOW + dt.timedelta(days=92))
    answer = client.get(ALL, headers={"if-modified-since": before["Last-Modified"]})
    assert answer.status_code == 200
    assert answer["ETag"] != before["ETag"]
    assert parsedate_to_datetime(answer["Last-Modified"]) > parsedate_to_datetime(before["Last-Modified"])


@pytest.mark.contract("H3")
@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"x", {0}', "*"])
def test_h3_a_known_tag_is_answered_with_304(client: Client, visit: Visit, form: str) -> None:
    first = client.get(ALL)
    again = client.get(ALL, headers={"if-none-match": form.format(first["ETag"])})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again[name] == first[name]


@pytest.mark.contract("H3")
def test_h3_the_tag_wins_over_the_date(client: Client, visit: Visit) -> None:
    first = client.get(ALL)
    by_date = {"if-modified-since": first["Last-Modified"]}
    assert client.get(ALL, headers=by_date).status_code == 304
    assert client.get(ALL, headers={**by_date, "if-none-match": '"other"'}).status_code == 200


@pytest.mark.contract("H4")
def test_h4_a_deletion_is_newer_than_the_old_date(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    date = client.get(ALL)["Last-Modified"]
    clock.shift(dt.timedelta(minutes=5))
    publication.withdraw(visit, after(0.05))
    assert client.get(ALL, headers={"if-modified-since": date}).status_code == 200


@pytest.mark.contract("H4")
def test_h4_a_setting_of_the_feed_is_a_change_of_it(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    programme.cancel_item(item_of(visit, TIMED), after(0))
    date = client.get(ALL)["Last-Modified"]
    clock.shift(dt.timedelta(minutes=5))
    feed = Feed.objects.get(language="fr", slug="all")
    feed.shows_cancelled = False
    feed.save()
    assert client.get(ALL, headers={"if-modified-since": date}).status_code == 200


@pytest.mark.contract("H5")
def test_h5_head_is_get_without_its_body(client: Client, visit: Visit) -> None:
    get, head = client.get(ALL), client.head(ALL)
    assert head.content == b""
    assert head["Content-Length"] == str(len(get.content))
    assert head.headers == get.headers


@pytest.mark.contract("H6")
def test_h6_caches_may_keep_it_and_nobody_gets_a_cookie(client: Client, visit: Visit, editor: User) -> None:
    _row, private = subscription()
    client.force_login(editor)
    for address, word in ((ALL, "public"), (private, "private")):
        answer = client.get(address)
        said, age = answer["Cache-Control"].split(", max-age=")
        assert said == word
        assert int(age) <= 3600
        assert not answer.cookies
        assert "Cookie" not in answer["Vary"]


@pytest.mark.contract("H7")
@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "application/calendar+json, application/calendar+xml"},
        {"accept": "text/html"},
        {"accept": "∎\\x00;;q=banana"},
        {"user_agent": "Google-Calendar-Importer"},
        {"user_agent": "<script>" + "A" * 5000},
        {"range": "bytes=0-10"},
        {"if_none_match": "W/\"'; DROP TABLE"},
    ],
)
def test_h7_everybody_gets_the_same_bytes(client: Client, visit: Visit, headers: dict[str, str]) -> None:
    assert body(client, ALL, **headers) == body(client)


@pytest.mark.contract("H8")
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "PROPFIND", "MKCALENDAR"])
def test_h8_nothing_can_be_written(visit: Visit, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    _row, private = subscription()
    for address in (ALL, private):
        answer = strict.generic(method, address, b"BEGIN:VCALENDAR", content_type="text/calendar")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert b"CSRF" not in answer.content


def test_every_point_of_the_contract_has_a_test() -> None:
    marks = [
        re.findall(r"mark\.contract\((.+?)\)", path.read_text()) for path in Path(__file__).parent.glob("test_*.py")
    ]
    assert set(re.findall(r"\b[FHBCE]\d+\b", str(marks))) == CONTRACT
