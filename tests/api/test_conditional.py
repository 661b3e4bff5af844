"""What a reader has already is not sent again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.mark.parametrize(
    "path", ["visits/", "items/", "entries/", "people/", "offices/", "countries/", "changes/", "one"]
)
def test_an_answer_is_sent_again_only_when_it_is_another(path: str) -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS)
    address = f"/api/v1/visits/{visit.pk}/" if path == "one" else f"/api/v1/{path}"
    answer = Client().get(address)
    tag = answer["ETag"]
    again = Client().get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert Client().head(address, headers={"if-none-match": f'"other", W/{tag}'}).status_code == 304
    assert Client().get(address, headers={"if-none-match": '"other"'}).content == answer.content
    assert "Accept-Language" in answer["Vary"]


def test_a_change_and_another_language_have_other_tags() -> None:
    visit = factories.visit()
    address = f"/api/v1/visits/{visit.pk}/"
    french, english = (Client().get(f"{address}?lang={language}")["ETag"] for language in ("fr", "en"))
    lifecycle.cancel(visit, Act(now=factories.NOW + dt.timedelta(hours=1)))
    changed = Client().get(f"{address}?lang=en", headers={"if-none-match": english})
    assert (changed.status_code, changed.json()["status"]) == (200, "cancelled")
    assert len({french, english, changed["ETag"]}) == 3


def test_an_error_has_no_tag() -> None:
    assert "ETag" not in Client().get("/api/v1/visits/?limit=x")
