"""Signing in: by password, with a second factor, throttled, and out everywhere. Nobody makes an account alone."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _no_attempt_counted() -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_with_role("ada", role=DeskRole.EDITOR, password=PASSWORD, email="ada@diary.test")


def sign_in(client: Client, password: str = PASSWORD, *, to: str = "") -> str:
    """Where the answer leads; empty where the form came back."""
    answer = client.post("/account/login/", {"login": "ada", "password": password, **({"next": to} if to else {})})
    return answer.headers.get("Location", "")


def code_of(secret: str) -> str:
    """The number that an authenticator app would show now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_the_desk_sends_to_sign_in_and_back(ada: User, client: Client) -> None:
    answer = client.get("/admin/receive/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/login/?next=/admin/receive/"
    assert sign_in(client, to="/admin/receive/") == "/admin/receive/"
    page = client.get("/admin/receive/")
    assert page.status_code == 200
    assert "messagelist" not in page.content.decode()  # being in says it
    assert sign_in(Client(), to="https://evil.example/") == "/admin/"  # never to another site


def test_whoever_only_reads_has_an_account_and_no_desk(client: Client) -> None:
    User.objects.create_with_role("ada", role=DeskRole.READER, password=PASSWORD)
    assert sign_in(client) == "/account/"
    assert "ada" in client.get("/account/").content.decode()
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_nobody_makes_an_account_or_changes_their_address(ada: User, client: Client) -> None:
    form = {"username": "eve", "email": "eve@x.test", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", form)
    client.post("/account/3rdparty/signup/", form)
    assert not User.objects.filter(username="eve").exists()
    client.force_login(ada)
    assert client.get("/account/email/").status_code == 404
    assert client.get("/account/confirm-email/abc/").status_code == 404


def test_an_account_waits_after_five_wrong_passwords(ada: User, client: Client) -> None:
    for _ in range(5):
        assert sign_in(client, "wrong") == ""
    assert sign_in(client) == ""  # the right one comes too late
    assert "Too many failed" in client.post(
        "/account/login/", {"login": "ada", "password": PASSWORD}, headers={"accept-language": "en"}
    ).content.decode()  # fmt: skip


def test_a_second_factor_is_asked_for_sealed_and_replaced_by_a_recovery_code(ada: User, client: Client) -> None:
    sign_in(client)
    assert "/account/reauthenticate/" in client.get("/account/2fa/totp/activate/").headers["Location"]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    kept = Authenticator.objects.get(type="totp").data
    assert secret not in str(kept)
    recovery = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert recovery
    assert recovery[0] not in str(Authenticator.objects.get(type="recovery_codes").data)
    other = Client()
    assert sign_in(other) == "/account/2fa/authenticate/"
    assert other.get("/admin/").status_code == 302  # not in yet
    assert other.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert other.post("/account/2fa/authenticate/", {"code": recovery[0]}).headers["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200
    again = Client()
    sign_in(again)
    assert again.post("/account/2fa/authenticate/", {"code": recovery[0]}).status_code == 200  # it worked once


def test_sessions_are_listed_and_ended_everywhere(ada: User, client: Client) -> None:
    lost = Client(headers={"user-agent": "Lost phone"})
    sign_in(lost)
    sign_in(client)
    page = client.get("/account/sessions/").content.decode()
    assert "Lost phone" in page
    client.post("/account/sessions/")
    assert lost.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert UserSession.objects.count() == 1


def test_another_password_must_be_good_and_ends_other_sessions(ada: User, client: Client) -> None:
    other = Client()
    sign_in(other)
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": "short1", "password2": "short1"}
    assert client.post("/account/password/change/", form).status_code == 200
    assert sign_in(Client()) == "/admin/"  # nothing changed
    client.post("/account/password/change/", {**form, "password1": "staple battery!", "password2": "staple battery!"})
    assert sign_in(Client(), "staple battery!") == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_signing_out_needs_a_press_and_ends_the_session(ada: User, client: Client) -> None:
    sign_in(client)
    client.get("/admin/logout/", follow=True)
    assert client.get("/admin/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/admin/").status_code == 302


def test_whoever_was_switched_off_does_not_come_in(ada: User, client: Client) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client) == ""
    assert client.get("/admin/").status_code == 302


def test_an_administrator_makes_an_account_and_hands_over_a_link_that_works_once(client: Client) -> None:
    client.force_login(User.objects.create_with_role("root", role=DeskRole.ADMINISTRATOR))
    page = client.post("/admin/diplomacy/user/add/", {"username": "ada", "email": "ada@diary.test", "role": "editor"})
    ada = User.objects.get(username="ada")
    assert (ada.role, ada.is_staff, ada.has_usable_password()) == (DeskRole.EDITOR, True, False)
    link = page.context["link"]
    assert link.startswith("http://diary.test/account/password/reset/key/")
    browser = Client()
    form = browser.get(link.removeprefix("http://diary.test"), follow=True)
    address = form.redirect_chain[-1][0]
    browser.post(address, {"password1": "short", "password2": "short"})
    assert sign_in(Client(), "short") == ""
    browser.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    assert sign_in(Client()) == "/admin/"
    again = Client().get(link.removeprefix("http://diary.test"), follow=True)
    assert again.context["token_fail"]


def test_an_administrator_lets_somebody_in_who_lost_their_second_factor(ada: User, client: Client) -> None:
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "sealed"})
    theirs = Client()
    theirs.force_login(ada)
    UserSession.objects.create(user=ada, ip="127.0.0.1", session_key=theirs.session.session_key, user_agent="x")
    root = User.objects.create_with_role("root", role=DeskRole.ADMINISTRATOR)
    client.force_login(root)
    chosen = {"action": "forget_factors_of_chosen", "_selected_action": str(ada.pk)}
    editor = Client()
    editor.force_login(User.objects.create_with_role("bela", role=DeskRole.EDITOR))
    editor.post("/admin/diplomacy/user/", chosen)
    assert Authenticator.objects.filter(user=ada).exists()
    client.post("/admin/diplomacy/user/", chosen)
    assert not Authenticator.objects.filter(user=ada).exists()
    assert theirs.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert sign_in(Client()) == "/admin/"


def test_a_forgotten_password_is_asked_for_by_mail_only_where_mails_go_out(
    ada: User, client: Client, settings: LazySettings, mailoutbox: list[EmailMessage]
) -> None:
    asked = "/account/password/reset/"
    assert client.get(asked).status_code == 404
    assert asked not in client.get("/account/login/").content.decode()
    settings.AGENDA_SMTP = "smtp://mail.diary.test"
    assert asked in client.get("/account/login/").content.decode()
    User.objects.create_with_role("bela", role=DeskRole.EDITOR, email="bela@diary.test")  # lets nobody in by password
    for address in ("ada@diary.test", "bela@diary.test", "nobody@diary.test"):  # the answer says nothing of accounts
        assert client.post(asked, {"email": address}).headers["Location"] == f"{asked}done/"
    assert [message.to for message in mailoutbox] == [["ada@diary.test"]]
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "staple battery!", "password2": "staple battery!"})
    assert sign_in(Client(), "staple battery!") == "/admin/"
    assert "administrator" in client.get(link[1], follow=True, headers={"accept-language": "en"}).content.decode()
