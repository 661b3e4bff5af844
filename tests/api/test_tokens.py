"""Tokens: what each may do, from where and until when; made and ended by the API; how often they may ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from agenda.tokens.counting import asked
from agenda.tokens.models import ApiToken, make_token, revoke_token
from agenda.tokens.networks import is_within, network_of, networks
from agenda.tokens.scopes import Scope
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Communique
from tests import factories

TOKENS, SUBMIT = "/api/v1/tokens/", "/api/v1/communiques/"
TEXT = {"text": "Visite.", "published_on": "2023-02-07"}


@pytest.mark.parametrize(
    ("address", "listed", "found"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("2001:db8::7", "192.0.2.0/24, 2001:db8::/32", True),
        ("", "192.0.2.0/24", False),
        ("nowhere", "192.0.2.0/24", False),
        ("", "", True),
    ],
)
def test_a_network_holds_its_addresses_and_no_others(address: str, listed: str, found: bool) -> None:
    assert is_within(address, networks(listed)) is found


@pytest.mark.parametrize("said", ["192.0.2.0/99", "ministry.example", "1.2.3", ",".join(["192.0.2.7"] * 21)])
def test_what_is_no_network_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        networks(said)


def test_a_minute_is_counted_by_itself() -> None:
    said = [asked("test", "somebody", 2, at=at) for at in (60.0, 61.0, 119.9, 120.0)]
    assert [(one.left, one.resets_in) for one in said] == [(1, 60), (0, 59), (-1, 1), (1, 60)]
    assert asked("test", "else", 2, at=119.0).left == 1
    assert [asked("hour", "somebody", 1, at=at, seconds=3600).left for at in (0.0, 3599.0, 3600.0)] == [0, -1, 0]


def test_a_household_is_counted_as_one() -> None:
    found = [network_of(one) for one in ("192.0.2.7", "2001:db8:1:2::1", "2001:db8:1:2:3::", "::ffff:192.0.2.7", "")]
    assert found == ["192.0.2.7", "2001:db8:1:2::/64", "2001:db8:1:2::/64", "::ffff:192.0.2.7", ""]


def program(secret: str, **headers: str) -> Client:
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en", **headers})


def sent(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


@pytest.mark.django_db
@pytest.mark.integration
def test_a_token_does_what_it_is_for_and_nothing_when_it_has_ended(settings: Any) -> None:
    editor = factories.user()
    _row, reads = make_token(editor, label="reads", scopes=["communiques:read"])
    refused = sent(program(reads), SUBMIT, TEXT)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert "communiques:submit" in refused.json()["detail"]
    _row, reader = make_token(factories.user(DeskRole.READER), label="reader", scopes=list(Scope))
    assert "role" in sent(program(reader), SUBMIT, TEXT).json()["detail"]

    now = dt.datetime.now(dt.UTC)
    row, secret = make_token(editor, label="submits", networks=["192.0.2.0/24"], expires_at=now + dt.timedelta(days=1))
    assert sent(program(secret), SUBMIT, TEXT).status_code == 401
    settings.AGENDA_BEHIND_PROXY = True
    forged = program(secret, **{"x-forwarded-for": "192.0.2.7, 198.51.100.1"})
    assert sent(forged, SUBMIT, TEXT).status_code == 401
    assert not Communique.objects.exists()
    inside = program(secret, **{"x-forwarded-for": "198.51.100.1, 192.0.2.7"})
    assert sent(inside, SUBMIT, TEXT).status_code == 202
    ApiToken.objects.filter(pk=row.pk).update(expiry=now - dt.timedelta(seconds=1))
    over = sent(inside, SUBMIT, TEXT)
    assert (over.status_code, "expired" in over.json()["detail"]) == (401, True)
    row.refresh_from_db()  # it stays in the list of what was given out
    assert row.last_used_on is not None
    assert program("agenda_\xff").get(TOKENS).status_code == 401


@pytest.mark.django_db
@pytest.mark.integration
def test_tokens_are_made_and_ended_by_the_api_within_what_their_maker_may() -> None:
    editor = factories.user()
    scopes = ["communiques:submit", "tokens:manage"]
    maker, secret = make_token(editor, label="maker", scopes=scopes, networks=["127.0.0.0/8"])
    client = program(secret)
    other, _secret = make_token(factories.user(), label="another's")
    wide = {
        "label": "wide", "scopes": ["proposals:review", "nothing:known"], "networks": ["0.0.0.0/0"], "colour": "red",
    }  # fmt: skip
    places = {error["pointer"]: error["code"] for error in sent(client, TOKENS, wide).json()["errors"]}
    assert places == {"/scopes/1": "invalid_choice", "/colour": "unknown"}
    wide = {"label": "wide", "scopes": ["proposals:review"], "networks": ["0.0.0.0/0"]}
    assert {error["pointer"] for error in sent(client, TOKENS, wide).json()["errors"]} == {"/scopes", "/networks"}

    once = {"idempotency-key": "one"}
    made = sent(client, TOKENS, {"label": "wire", "scopes": ["communiques:submit"]}, **once)
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert made.json()["networks"] == ["127.0.0.0/8"]
    again = sent(client, TOKENS, {"label": "wire", "scopes": ["communiques:submit"]}, **once)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "already_created")
    text = made.json()["token"]
    assert text.startswith("agenda_")
    listed = client.get(TOKENS)
    assert {row["label"] for row in listed.json()["results"]} == {"maker", "wire"}
    assert text not in listed.content.decode()
    assert [
        client.get(f"{TOKENS}{maker.public_id}/").status_code,
        client.get(f"{TOKENS}{other.public_id}/").status_code,
    ] == [200, 404]
    assert sent(program(text), SUBMIT, TEXT).status_code == 202
    assert client.delete(f"{TOKENS}{other.public_id}/").status_code == 404
    assert client.delete(made["Location"]).status_code == 204
    assert sent(program(text), SUBMIT, TEXT).status_code == 401
    revoke_token(maker, now=factories.NOW)
    assert client.get(TOKENS).status_code == 401


@pytest.mark.django_db
@pytest.mark.integration
def test_who_asks_too_often_is_told_when_to_ask_again(settings: Any) -> None:
    cache.clear()
    settings.AGENDA_RATE_TOKEN, settings.AGENDA_RATE_ADDRESS = 2, 1
    path = "/api/v1/countries/"
    answers = [Client().get(path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json"
    assert 1 <= int(last["Retry-After"]) <= 60
    assert last["RateLimit-Policy"] == '"address";q=1;w=60'
    assert last["RateLimit"].startswith('"address";r=0;t=')
    _row, secret = make_token(factories.user(), label="wire")
    client = program(secret)
    statuses = [client.get(path).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    settings.AGENDA_RATE_TOKEN = 0
    assert "RateLimit" not in client.get(path)
