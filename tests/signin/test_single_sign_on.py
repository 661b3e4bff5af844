"""Single sign-on against a real OpenID Connect provider, run beside: what groups give, and who is kept out."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from agenda.signin.provider import Grant, Provider
from agenda.tokens.models import make_token
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from tests import factories
from tests.clients.node import installed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.integration,
    pytest.mark.timeout(240),  # the provider is installed first
]

HERE = Path(__file__).parent / "provider"
CALLBACK = "http://testserver/account/oidc/sso/login/callback/"
PEOPLE = {
    "ada": {"preferred_username": "ada", "email": "ada@news.test", "email_verified": True, "groups": ["africa"]},
    "root": {"preferred_username": "root", "email": "root@news.test", "groups": ["it", "africa"]},
    "bela": {"preferred_username": "bela", "email": "bela@news.test", "groups": ["football"]},
    "local": {"preferred_username": "other", "email": "Taken@diary.test", "email_verified": True, "groups": ["it"]},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the provider answers."""
    module = (installed("oidc-provider", HERE) / "lib" / "index.js").as_uri()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = ["node", str(HERE / "provider.mjs"), module, str(port), CALLBACK]
    environment = {**os.environ, "PEOPLE": json.dumps(PEOPLE)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        assert process.stdout is not None
        assert any(b"ready" in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(autouse=True)
def provider(address: str, settings: LazySettings) -> Provider:
    cache.clear()
    grants = {"africa": Grant("editor", ("002",)), "it": Grant("administrator")}
    found = Provider(address, "agenda", "a secret of the provider", "Newsroom", "groups", grants, (address,))
    settings.AGENDA_OIDC = found
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [found.as_app()]}}
    return found


def come_back(name: str, client: Client, *, process: str = "login") -> tuple[int, str, str]:
    """Sign in at the provider as somebody and come back: the answer's status, where it leads, and its page."""
    sent = client.post(f"/account/oidc/sso/login/?process={process}")
    assert sent.status_code == 302
    with requests.Session() as browser:
        page = browser.get(sent.headers["Location"], timeout=20)
        for form in ({"prompt": "login", "login": name, "password": "any"}, {"prompt": "consent"}):
            action = re.search(r'<form autocomplete="off" action="([^"]+)"', page.text)
            assert action, page.text
            page = browser.post(urljoin(page.url, action[1]), form, timeout=20, allow_redirects=False)
            while page.is_redirect and not page.headers["Location"].startswith(CALLBACK):
                page = browser.get(urljoin(page.url, page.headers["Location"]), timeout=20, allow_redirects=False)
    back = urlsplit(page.headers["Location"])
    answer = client.get(f"{back.path}?{back.query}", headers={"accept-language": "en"})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_groups_give_role_and_countries_and_a_second_time_anew(provider: Provider, client: Client) -> None:
    assert "Sign in with Newsroom" in client.get("/account/login/", headers={"accept-language": "en"}).content.decode()
    assert come_back("ada", client)[:2] == (302, "/admin/")
    ada = User.objects.get(username="ada")
    assert (ada.role, ada.remit, ada.email) == (DeskRole.EDITOR, ["002"], "ada@news.test")
    assert not ada.has_usable_password()
    assert client.get("/admin/").status_code == 200
    assert "Newsroom" in client.get("/account/3rdparty/").content.decode()
    provider.grants["africa"] = Grant("contributor")
    assert come_back("ada", Client())[:2] == (302, "/admin/")
    ada.refresh_from_db()
    assert (ada.role, ada.remit, User.objects.count()) == (DeskRole.CONTRIBUTOR, [], 1)
    User.objects.update(is_active=False)
    assert come_back("ada", Client())[:2] == (302, "/account/inactive/")
    assert come_back("root", Client())[:2] == (302, "/admin/")
    assert User.objects.get(username="root").is_superuser


def test_whoever_is_in_no_group_of_ours_stays_outside(provider: Provider, client: Client) -> None:
    status, _to, page = come_back("bela", client)
    assert status == 403
    assert "none of your groups" in page
    assert not User.objects.exists()


def test_whoever_is_in_no_group_any_more_has_no_role_session_or_token_left(
    provider: Provider, client: Client, settings: LazySettings, mailoutbox: list[EmailMessage]
) -> None:
    other = Client()
    for browser in (client, other):
        come_back("ada", browser)
    ada = User.objects.get(username="ada")
    token, secret = make_token(ada, label="ticker", scopes=["visits:write"])
    colleague, _secret = make_token(factories.user(), label="theirs")
    provider.grants.pop("africa")
    status, _to, page = come_back("ada", client)  # where she is still signed in
    assert (status, "none of your groups" in page) == (403, True)
    ada.refresh_from_db()
    assert (ada.role, ada.is_staff, ada.remit) == (DeskRole.READER, False, [])
    for browser in (client, other):
        assert browser.get("/account/").headers["Location"].startswith("/account/login/")
    asked = client.get("/api/v1/tokens/", headers={"authorization": f"Token {secret}"})
    assert asked.status_code == 401
    token.refresh_from_db()
    colleague.refresh_from_db()
    assert token.revoked_at is not None
    assert colleague.revoked_at is None
    settings.AGENDA_SMTP = "smtp://mail.diary.test"
    ada.set_password("correct horse battery")  # as whoever connected a local account has one
    ada.save()
    client.post("/account/password/reset/", {"email": "ada@news.test"})
    assert not mailoutbox


def test_an_address_opens_no_local_account_until_its_owner_connects_the_two(client: Client) -> None:
    password = "correct horse battery"
    local = User.objects.create_with_role("mine", role=DeskRole.EDITOR, password=password, email="taken@diary.test")
    status, _to, page = come_back("local", client)
    assert status == 409
    assert "This address has an account" in page
    assert client.get("/admin/").status_code == 302
    client.post("/account/login/", {"login": "mine", "password": password})
    assert come_back("local", client, process="connect")[:2] == (302, "/account/3rdparty/")
    assert come_back("local", Client())[:2] == (302, "/admin/")
    local.refresh_from_db()
    assert (local.role, User.objects.count()) == (DeskRole.ADMINISTRATOR, 1)


def test_an_answer_that_was_not_asked_for_signs_nobody_in(client: Client) -> None:
    answer = client.get("/account/oidc/sso/login/callback/?code=stolen&state=made-up")
    assert answer.status_code in {200, 401}
    assert client.get("/admin/").status_code == 302
    assert not User.objects.exists()
