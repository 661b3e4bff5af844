"""Private addresses and API tokens: made at the desk, shown once, kept as a digest, revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from django.test import Client

from agenda.feeds.models import Feed, Subscription
from agenda.tokens.models import ApiToken, make_token
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

SUBMIT = "/api/v1/communiques/"


def secret_in(page: str) -> str:
    found = re.search(r'id="secret" readonly value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_private_address_is_shown_once_and_opens_its_calendar(desk: Client, editor: User) -> None:
    desk.get("/admin/subscriptions/")
    feed = Feed.objects.get(language="en", slug="all")
    address = secret_in(desk.post("/admin/subscriptions/", {"feed": feed.pk, "label": "Ada, phone"}).content.decode())
    row = Subscription.objects.get()
    token = address.split("/")[-2]
    assert (row.label, row.user, row.token_sha256) == ("Ada, phone", editor, hashlib.sha256(token.encode()).hexdigest())
    listed = desk.get("/admin/subscriptions/").content.decode()
    assert "Ada, phone" in listed
    assert token not in listed
    path = address.removeprefix("http://diary.test")
    assert Client().get(path).status_code == 200
    desk.post(f"/admin/subscriptions/{row.pk}/revoke/")
    assert Client().get(path).status_code == 410
    assert Subscription.objects.get().revoked_at is not None


def test_a_token_is_shown_once_submits_and_is_revoked(desk: Client, editor: User) -> None:
    token = secret_in(
        desk.post("/admin/tokens/", {"label": "wire import", "scopes": ["communiques:submit"]}).content.decode()
    )
    row = ApiToken.objects.get()
    assert token != row.digest
    assert token not in desk.get("/admin/tokens/").content.decode()
    body = {"text": "Visite officielle.", "published_on": "2023-02-07"}
    headers = {"authorization": f"Token {token}"}
    first = Client().post(SUBMIT, body, content_type="application/json", headers=headers)
    assert first.status_code == 202
    assert ApiToken.objects.get().last_used_on is not None
    desk.post(f"/admin/tokens/{row.public_id}/revoke/")
    after = Client().post(SUBMIT, body, content_type="application/json", headers={**headers, "accept-language": "en"})
    assert after.status_code == 401
    assert "This token was revoked" in after.content.decode()


def test_a_label_is_needed(desk: Client) -> None:
    assert desk.post("/admin/tokens/", {"label": "", "scopes": ["communiques:submit"]}).status_code == 200
    assert not ApiToken.objects.exists()


def test_a_token_may_do_what_was_chosen_from_where_and_until_when(desk: Client) -> None:
    path, said = "/admin/tokens/", {"label": "planning", "scopes": ["proposals:read", "parse"]}
    wrong = desk.post(path, {**said, "networks": "192.0.2.0/99", "ends_on": "2001-01-01"}).content.decode()
    assert wrong.count('class="errorlist"') == 2
    desk.post(path, {**said, "networks": "192.0.2.7 2001:db8::/32", "ends_on": "2099-12-31"})
    row = ApiToken.objects.get()
    assert (row.scopes, row.networks) == (["proposals:read", "parse"], ["192.0.2.7/32", "2001:db8::/32"])
    assert row.expiry == dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    listed = desk.get(path).content.decode()
    assert all(said in listed for said in ("proposals:read, parse", "192.0.2.7/32"))


def test_nobody_revokes_a_colleagues_token_but_an_administrator(desk: Client) -> None:
    other = User.objects.create_with_role("bela", role=DeskRole.EDITOR)
    row, _token = make_token(other, label="theirs")
    assert desk.post(f"/admin/tokens/{row.public_id}/revoke/").status_code == 404
    administrator = Client()
    administrator.force_login(User.objects.create_with_role("root", role=DeskRole.ADMINISTRATOR))
    assert administrator.post(f"/admin/tokens/{row.public_id}/revoke/").status_code == 302


def test_revoking_twice_keeps_the_first_time(desk: Client) -> None:
    desk.post("/admin/tokens/", {"label": "wire import", "scopes": ["communiques:submit"]})
    row = ApiToken.objects.get()
    desk.post(f"/admin/tokens/{row.public_id}/revoke/")
    ended = ApiToken.objects.get().revoked_at
    desk.post(f"/admin/tokens/{row.public_id}/revoke/")
    assert ApiToken.objects.get().revoked_at == ended
