"""What is sent and cannot be taken is refused with its place and a sentence, and nothing of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agenda.tokens.models import make_token
from diplomacy.communiques.models import Communique
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

SUBMIT = "/api/v1/communiques/"


@pytest.fixture
def program() -> Client:
    """A program with an editor's token, which reads English."""
    _token, secret = make_token(factories.user(), label="newsroom")
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"text": "Visite.", "colour": "red", "state": "read"}, {"/colour": "unknown", "/state": "unknown"}),
        ({"text": "Visite.", "published_on": "soon"}, {"/published_on": "invalid"}),
        ({}, {"/text": "required"}),
        ({"text": ["a"]}, {"/text": "invalid"}),
        ({"text": "Visite.", "language": "\ud800"}, {"/language": "invalid_choice"}),  # no answer can hold it
        ({"text": "Visite.", "a\ud800": 1}, {"/a": "unknown"}),
        ([1], {"": "invalid"}),
    ],
)
def test_each_field_that_is_wrong_is_pointed_at(program: Client, body: Any, places: dict[str, str]) -> None:
    answer = program.post(SUBMIT, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == places
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert problem["detail"] == problem["errors"][0]["detail"]
    assert not Communique.objects.exists()


@pytest.mark.parametrize(
    ("client", "sent", "kind", "status"),
    [
        ("nobody", '{"text": "Visite."}', "application/json", 401),
        ("program", "{", "application/json", 400),
        ("program", "text", "text/plain", 415),
    ],
)
def test_what_is_no_field_s_fault_has_a_sentence_alone(
    program: Client, client: str, sent: str, kind: str, status: int
) -> None:
    asked = program if client == "program" else Client()
    answer = asked.post(SUBMIT, sent, content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert set(error) == {"code", "detail"}
