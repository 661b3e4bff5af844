"""Webhooks by the API: the secret once, the same refusals as at the desk, the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from agenda.tokens.models import make_token
from agenda.tokens.scopes import Scope
from agenda.webhooks import signing
from agenda.webhooks.models import Delivery, DeliveryState, Event, Webhook
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
LIST = "/api/v1/webhooks/"
GIVEN = {"label": "planning", "target": "https://receiver.example/hook"}


@pytest.fixture
def api(editor: User) -> APIClient:
    _token, text = make_token(editor, label="tests", scopes=[Scope.KEEP_WEBHOOKS])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}", HTTP_ACCEPT_LANGUAGE="en")
    return client


def test_a_webhook_by_the_api_from_its_secret_to_its_end(api: APIClient) -> None:
    factories.visit(BAMAKO)
    asked = {**GIVEN, "feed": "fr/country-ml", "hears_of_communiques": True}
    made = api.post(LIST, asked, format="json", HTTP_IDEMPOTENCY_KEY="1")
    again = api.post(LIST, asked, format="json", HTTP_IDEMPOTENCY_KEY="1")
    assert (again.status_code, "secret" in again.json()) == (409, False)
    hook = Webhook.objects.get()
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert made.json()["secret"] == signing.secret_of(hook)
    assert (str(hook.feed), hook.hears_of_communiques, hook.owner.username) == ("fr/country-ml", True, "ada")
    one = f"{LIST}{hook.pk}/"
    read: dict[str, Any] = api.get(one).json()
    assert "secret" not in read
    assert read == {key: value for key, value in made.json().items() if key != "secret"}
    assert api.get(LIST).json()["results"] == [read]
    rotated = api.post(f"{one}rotate/").json()
    assert rotated["secret"] != made.json()["secret"]
    assert rotated["overlap_until"] is not None
    tried = api.post(f"{one}test/")
    assert (tried.status_code, tried.json()["type"], tried.json()["state"]) == (202, "webhook.test", "waiting")
    Delivery.objects.update(state=DeliveryState.DEAD, status=500, attempts=14)
    [logged] = api.get(f"{one}deliveries/").json()["results"]
    assert (logged["state"], logged["status"], logged["attempts"], logged["next_try_at"]) == ("dead", 500, 14, None)
    assert logged["event"] == str(Event.objects.get(type="webhook.test").pk)
    assert api.post(f"{one}replay/", {"delivery": logged["id"]}, format="json").json() == {"count": 1}
    assert api.patch(one, {"is_on": False, "label": "off"}, format="json").json()["stopped"] == "by_hand"
    assert Delivery.objects.get().state == DeliveryState.DEAD
    for act in ("test", "replay"):
        assert api.post(f"{one}{act}/").json()["errors"][0]["code"] == "stopped"
    assert api.patch(one, {"is_on": True}, format="json").json()["stopped"] == ""
    assert api.delete(one).status_code == 204
    assert not Webhook.objects.exists()
    assert api.get(f"{one}deliveries/").status_code == 404


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"target": "http://receiver.example/"}, "/target"),
        ({"target": "https://10.0.0.1/"}, "/target"),
        ({"feed": "fr/nowhere"}, "/feed"),
        ({"audience": "desk"}, "/audience"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(api: APIClient, given: dict[str, str], pointer: str) -> None:
    answer = api.post(LIST, GIVEN | given, format="json")
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Webhook.objects.exists()


def test_who_may_have_none_sees_none(client: Client, editor: User) -> None:
    hook = Webhook.objects.create(**GIVEN, audience="public", owner=editor, made_at=NOW)
    paths = (LIST, f"{LIST}{hook.pk}/", f"{LIST}{hook.pk}/deliveries/", f"{LIST}{hook.pk}/rotate/")
    assert {client.get(path).status_code for path in paths[:3]} == {401}
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert {client.get(path).status_code for path in paths[:3]} == {403}
    assert {client.post(path, GIVEN).status_code for path in (LIST, paths[3])} == {403}
    assert client.delete(paths[1]).status_code == 403
    _token, text = make_token(editor, label="submits")
    answer = Client().get(LIST, headers={"authorization": f"Token {text}", "accept-language": "en"})
    assert answer.status_code == 403
    assert "webhooks:write" in answer.json()["detail"]
    assert Webhook.objects.get().generation == 1
    client.force_login(editor)
    assert client.get(f"{LIST}{'-' * 36}/deliveries/").status_code == 404
