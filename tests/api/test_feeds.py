"""What the API says of itself, of calendars, and of private addresses of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.feeds.models import Feed
from agenda.tokens.models import make_token
from agenda.tokens.scopes import Scope
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release, Somebody
from diplomacy.vocabulary import Role, Visibility
from tests import factories
from tests.api.test_schema import holds
from tests.api.walking import everything, get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def test_the_root_leads_to_everything() -> None:
    root = get("")
    assert set(root["resources"]) > {"visits", "items", "entries", "people", "changes", "feeds", "parse"}
    assert root["resources"]["visits"]["about"].startswith("Official visits")
    assert root["forms"]["csv"] == "text/csv"
    for address in (root["schema"], root["documentation"], root["resources"]["feeds"]["url"]):
        assert Client().get(address).status_code == 200


def test_an_address_that_leads_nowhere_is_a_problem_too() -> None:
    answer = Client().get("/api/v1/countries/ml/?lang=en")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    moved = Client().get("/api/v1/visits?limit=1")
    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/visits/?limit=1")


def test_public_calendars_are_listed_with_their_addresses(django_assert_max_num_queries: Any) -> None:
    visit = factories.visit()
    Feed.objects.filter(slug="country-ml").update(is_public=False)
    feeds = {feed["slug"]: feed for feed in everything("feeds/?language=en&lang=en&limit=2")}
    assert {"all", "country-br", "person-ana-prado", f"visit-{visit.slug}"} <= set(feeds)
    assert "country-ml" not in feeds
    assert feeds["country-br"]["name"] == "Brazil"
    assert Client().get(feeds["country-br"]["address"].removeprefix("http://diary.test")).status_code == 200
    (alone,) = everything("feeds/?language=fr&selection=visit")
    assert get(f"feeds/{alone['id']}/") == alone
    document = get("schema/?format=json")
    holds(document, "feeds/", "feeds/")
    factories.visit()
    with django_assert_max_num_queries(4):
        get("feeds/")


def test_calendars_of_what_is_kept_back_are_not_listed() -> None:
    factories.visit()
    member = Somebody(name="Secret Guest", title="Envoy", country="FR", role=Role.HEAD_OF_DELEGATION)
    visit = factories.visit(members=(member,), host_country="NP", cities=("Kathmandu",))

    def listed() -> set[str]:
        return {feed["slug"] for feed in everything("feeds/?language=en")}

    secret = {"person-secret-guest", "office-fr-envoy", f"visit-{visit.slug}", "country-np", "country-fr"}
    before = listed()
    assert secret <= before
    lifecycle.set_release(visit, Release(visibility=Visibility.INTERNAL), Act(now=factories.NOW))
    assert listed() == before - secret
    assert {"all", "country-ml", "person-ana-prado"} <= listed()
    assert "secret-guest" not in Client().get("/en/feeds/").content.decode()


def test_a_private_address_is_told_once_and_ended(client: Client) -> None:
    factories.visit()
    feed = Feed.objects.get(language="en", slug="all")
    _row, token = make_token(
        factories.user(DeskRole.EDITOR), label="sync", scopes=[Scope.KEEP_SUBSCRIPTIONS.value], networks=[],
        expires_at=None,
    )  # fmt: skip
    headers = {"Authorization": f"Token {token}"}

    def sent(method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    made = sent("post", "subscriptions/", {"feed": feed.pk, "label": "phone"})
    assert made.status_code == 201
    path = made.json()["address"].removeprefix("http://diary.test")
    assert Client().get(path).status_code == 200
    (listed,) = sent("get", "subscriptions/").json()["results"]
    assert (listed["label"], listed["feed"], "address" in listed) == ("phone", "en/all", False)
    assert sent("delete", f"subscriptions/{listed['id']}/").status_code == 204
    assert Client().get(path).status_code == 410
    refused = sent("post", "subscriptions/", {"feed": 2**62, "label": "phone", "colour": "red"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/feed")
    assert Client().get("/api/v1/subscriptions/").status_code == 401
