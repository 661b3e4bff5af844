"""Calendars over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from agenda.feeds.models import Feed, Subscription
from agenda.feeds.tokens import new_token
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind, Visibility
from tests.conftest import NOW
from tests.visits.test_publication import FACTS, PRESS

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

UNTIMED = ItemFacts(kind=ItemKind.BILATERAL_MEETING, title="réunion bilatérale")


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(act: Act) -> Visit:
    visit = lifecycle.announce(FACTS, (UNTIMED, PRESS), act)
    publication.publish(visit, act)
    return visit


def events(client: Client, address: str) -> dict[str, object]:
    calendar = Calendar.from_ical(client.get(address).content)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_the_visit_is_all_day_with_its_untimed_item_in_the_text(client: Client, visit: Visit) -> None:
    event = events(client, "/feeds/en/all.ics")[visit.uid]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dt.date(2023, 2, 7), dt.date(2023, 2, 9))  # type: ignore[index]
    assert "1. " in event["DESCRIPTION"]  # type: ignore[index]
    assert "Bilateral meeting" in event["DESCRIPTION"]  # type: ignore[index]


def test_the_timed_item_is_an_event_on_the_hosts_clock(client: Client, visit: Visit) -> None:
    item = visit.items.get(kind="press_conference")
    raw = client.get("/feeds/en/all.ics").content.decode()
    assert "DTSTART;TZID=Africa/Bamako:20230208T150000" in raw
    assert f"RELATED-TO;RELTYPE=PARENT:{visit.uid}" in raw.replace("\r\n ", "")
    assert item.uid in events(client, "/feeds/en/all.ics")
    assert len(events(client, "/feeds/en/all.ics")) == 2


@pytest.mark.parametrize("slug", ["country-ml", "country-br", "person-ana-prado", "kind-press-conference"])
def test_feeds_cut_to_need_exist_in_both_languages(client: Client, visit: Visit, slug: str) -> None:
    assert set(events(client, f"/feeds/en/{slug}.ics")) == set(events(client, f"/feeds/fr/{slug}.ics")) != set()


def test_a_second_look_costs_nothing(client: Client, visit: Visit) -> None:
    first = client.get("/feeds/all.ics")
    again = client.get("/feeds/all.ics", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Vary"]) == (304, b"", "Accept-Encoding")


def test_a_change_gives_a_new_etag(client: Client, visit: Visit, act: Act) -> None:
    etag = client.get("/feeds/all.ics")["ETag"]
    lifecycle.cancel(visit, Act(now=NOW + dt.timedelta(hours=1)))
    response = client.get("/feeds/all.ics", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert b"STATUS:CANCELLED" in response.content


def test_a_cancelled_visit_says_so_in_its_title(client: Client, visit: Visit) -> None:
    lifecycle.cancel(visit, Act(now=NOW + dt.timedelta(hours=1)))
    event = events(client, "/feeds/en/all.ics")[visit.uid]
    assert str(event["SUMMARY"]).startswith("CANCELLED")  # type: ignore[index]
    assert event["SEQUENCE"] == 1  # type: ignore[index]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_feeds_are_read_only(client: Client, visit: Visit, method: str) -> None:
    response = getattr(client, method)("/feeds/fr/all.ics")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_a_feed_sets_no_cookie(client: Client, visit: Visit) -> None:
    assert not client.get("/feeds/all.ics").cookies


def test_an_empty_diary_is_still_a_calendar(client: Client) -> None:
    calendar = Calendar.from_ical(client.get("/feeds/all.ics").content)
    assert not list(calendar.walk("VEVENT"))
    assert list(calendar.walk("VTIMEZONE"))


def test_private_addresses_open_revoke_and_are_unknown(client: Client, visit: Visit) -> None:
    feed = Feed.objects.get(language="fr", slug="all")
    token, digest = new_token()
    subscription = Subscription.objects.create(feed=feed, label="phone", token_sha256=digest)
    assert client.get(f"/f/{token}/all.ics").status_code == 200
    assert token not in client.get(f"/f/{token}/all.ics").content.decode()
    subscription.revoked_at = timezone.now()
    subscription.save()
    assert client.get(f"/f/{token}/all.ics").status_code == 410
    assert client.get("/f/nonsense/all.ics").status_code == 404


@pytest.mark.parametrize(
    "release", [Release(release_at=NOW + dt.timedelta(hours=2)), Release(visibility=Visibility.INTERNAL)]
)
def test_nothing_unreleased_shows_anywhere(client: Client, act: Act, release: Release) -> None:
    hidden = lifecycle.announce(FACTS, (PRESS,), act, release=release)
    publication.publish(hidden, act)
    for address in ("/feeds/all.ics", "/feeds/en/country-ml.ics", "/", "/en/", "/api/v1/visits/", "/api/v1/items/"):
        content = client.get(address).content.decode()
        assert hidden.uid not in content
        assert "Ana Prado" not in content
    assert client.get(f"/visits/{hidden.slug}/").status_code == 404


def test_an_embargo_ends_by_the_clock(client: Client, act: Act) -> None:
    visit = lifecycle.announce(FACTS, (), act, release=Release(release_at=NOW + dt.timedelta(hours=2)))
    publication.publish(visit, act)
    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=False):
        assert visit.uid in events(client, "/feeds/all.ics")
