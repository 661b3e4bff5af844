"""What is sent again under its Idempotency-Key is done once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from agenda.api.models import KeptAnswer
from agenda.api.tasks import sweep_answers
from agenda.tokens.models import make_token
from diplomacy.communiques.models import Communique
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

SUBMIT = "/api/v1/communiques/"
BODY = {"text": "Visite officielle.", "published_on": "2023-02-07"}


def newsroom() -> Client:
    _row, secret = make_token(factories.user(), label="newsroom")
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})


def sent(client: Client, body: Any = BODY, key: str = "k1", path: str = SUBMIT) -> Any:
    return client.post(path, body, content_type="application/json", headers={"idempotency-key": key})


def test_the_same_is_answered_alike_and_something_else_is_refused() -> None:
    client = newsroom()
    first, again = sent(client), sent(client, {"published_on": "2023-02-07", "text": "Visite officielle."})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert first.get("Location") == again.get("Location")
    other = sent(client, {**BODY, "text": "Autre visite."})
    assert (other.status_code, other.json()["errors"][0]["header"]) == (409, "Idempotency-Key")
    assert Communique.objects.count() == 1
    sent(newsroom(), {**BODY, "text": "Autre visite."})  # another token's key of the same name
    sent(client, {**BODY, "text": "Troisième visite."}, key="k2")
    assert Communique.objects.count() == 3


def test_what_was_refused_is_not_kept_and_what_is_being_done_is_waited_for() -> None:
    client = newsroom()
    assert [sent(client, {"text": ""}).status_code, sent(client, key="no key").status_code] == [400, 400]
    assert not KeptAnswer.objects.exists()
    assert sent(client).status_code < 300
    row = KeptAnswer.objects.get()
    row.status = None
    row.save()
    busy = sent(client)
    assert (busy.status_code, "being done" in busy.json()["detail"]) == (409, True)
    KeptAnswer.objects.update(made_at=row.made_at - dt.timedelta(minutes=6))  # whoever did it has died
    assert sent(client).status_code == 200  # the text was kept before
    KeptAnswer.objects.update(made_at=row.made_at - dt.timedelta(hours=23))
    assert sweep_answers() == 0
    KeptAnswer.objects.update(made_at=row.made_at - dt.timedelta(hours=25))
    assert sweep_answers() == 1
