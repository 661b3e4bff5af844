"""The OpenAPI schema is valid, and what is answered is what it says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts
from diplomacy.vocabulary import ItemKind
from tests import factories
from tests.api.walking import get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

LISTS = ("visits/", "items/", "entries/", "people/", "offices/", "countries/", "changes/")


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def holds(document: dict[str, Any], path: str, operation: str, status: int = 200) -> None:
    """Check an answer against what the schema says of its operation."""
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == status
    said = document["paths"][f"/api/v1/{operation}"]["get"]["responses"][str(status)]["content"]
    schema = said[answer["Content-Type"]]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = get("schema/?format=json")
    return document


def valid(answer: Any, operation: str, method: str = "get") -> None:
    """Check an answer that was given against what the schema says of it."""
    document = _document()
    said = document["paths"][operation][method]["responses"][str(answer.status_code)]["content"]
    schema = said[answer["Content-Type"]]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())


def test_the_schema_is_valid_and_nothing_in_it_was_guessed() -> None:
    said = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said)
    assert said.getvalue().startswith("openapi: 3.1")


def test_answers_are_what_the_schema_says() -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS, ItemFacts(kind=ItemKind.AUDIENCE))
    factories.visit(start_on=None, end_on=None, date_text="en mars")
    gone = factories.visit()
    lifecycle.merge(gone, visit, Act(now=factories.NOW))
    document = get("schema/?format=json")
    for path in LISTS:
        assert get(path)["results"], path
        holds(document, path, path)
        holds(document, f"{path}?limit=x", path, 400)
    holds(document, f"visits/{visit.pk}/", "visits/{visit_id}/")
    holds(document, f"visits/{gone.pk}/", "visits/{visit_id}/", 301)
    for item in visit.items.all():
        holds(document, f"items/{item.pk}/", "items/{item_id}/")
    publication.withdraw(visit, Act(now=factories.NOW))
    holds(document, f"visits/{visit.pk}/", "visits/{visit_id}/", 410)
    holds(document, f"visits/?as_of={factories.NOW:%Y-%m-%dT%H:%M:%SZ}&include=sources,evidence&fields=kind", "visits/")
    holds(document, "countries/ML/", "countries/{code}/")
    holds(document, "countries/XX/", "countries/{code}/", 404)
