"""The organisation's provider: what the environment says of it, and what groups give. No database."""

from __future__ import annotations

import secrets

import pytest
from cryptography.fernet import InvalidToken
from django.conf import LazySettings

from agenda.environment import SettingError, at_least, https_address, strong_secret
from agenda.signin.adapters import groups_told
from agenda.signin.provider import Grant, granted, provider_from_environment
from agenda.signin.sealing import open_sealed, seal

COMPLETE = {
    "AGENDA_OIDC_URL": "https://login.example.org/realms/news/",
    "AGENDA_OIDC_CLIENT_ID": "agenda",
    "AGENDA_OIDC_SECRET": "a secret",
    "AGENDA_OIDC_ROLES": "desk=editor, cn=africa=editor@002+BR, it=administrator",
}


def given(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**COMPLETE, **changes}.items():
        monkeypatch.setenv(name, value)


def test_a_complete_provider_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch)
    found = provider_from_environment(in_production=True)
    assert found is not None
    assert (found.url, found.name) == ("https://login.example.org/realms/news", "login.example.org")
    assert found.origins == ("https://login.example.org",)
    assert found.grants == {
        "desk": Grant("editor"), "cn=africa": Grant("editor", ("002", "BR")), "it": Grant("administrator"),
    }  # fmt: skip
    assert "a secret" not in repr(found)


def test_without_its_address_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, AGENDA_OIDC_URL="")
    assert provider_from_environment(in_production=True) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AGENDA_OIDC_CLIENT_ID", ""),
        ("AGENDA_OIDC_SECRET", ""),
        ("AGENDA_OIDC_ROLES", ""),
        ("AGENDA_OIDC_ROLES", "desk"),
        ("AGENDA_OIDC_ROLES", "desk=owner"),
        ("AGENDA_OIDC_ROLES", "=editor"),
        ("AGENDA_OIDC_ROLES", "africa=editor@"),  # of everything, if it were let through
        ("AGENDA_OIDC_ROLES", "africa=editor@002+"),
        ("AGENDA_OIDC_ROLES", "africa=editor@africa"),
        ("AGENDA_OIDC_ROLES", "africa=editor@br"),
        ("AGENDA_OIDC_ROLES", "africa=editor@ML+QQ"),
        ("AGENDA_OIDC_URL", "http://login.example.org"),
        ("AGENDA_OIDC_URL", "http://127.0.0.1:8080"),  # in production
        ("AGENDA_OIDC_URL", "login.example.org"),
    ],
)
def test_half_a_provider_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    given(monkeypatch, **{name: value})
    with pytest.raises(SettingError, match=name):
        provider_from_environment(in_production=True)


GRANTS = {
    "readers": Grant("reader"),
    "africa": Grant("editor", ("002",)),
    "americas": Grant("editor", ("019", "002")),
    "desk": Grant("editor"),
    "it": Grant("administrator"),
}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], None),
        (["football"], None),
        (["football", "readers"], Grant("reader")),
        (["readers", "africa"], Grant("editor", ("002",))),
        (["africa", "americas"], Grant("editor", ("002", "019"))),
        (["africa", "desk"], Grant("editor")),
        (["africa", "it"], Grant("administrator")),
        (["Desk"], None),  # a group is named to the letter
    ],
)
def test_groups_give_the_most_that_any_of_them_gives(groups: list[str], expected: Grant | None) -> None:
    assert granted(groups, GRANTS) == expected


def test_groups_are_found_wherever_the_provider_puts_them() -> None:
    assert groups_told({"groups": ["desk"]}, "groups") == ["desk"]
    assert groups_told({"userinfo": {"roles": "desk"}, "id_token": {"roles": ["it", 7]}}, "roles") == ["desk", "it"]
    assert groups_told({"userinfo": None, "groups": None}, "groups") == []


@pytest.mark.parametrize("value", ["", "changeme", "x" * 60, "abcabcabc" * 8, "correct horse battery staple"])
def test_a_weak_secret_key_starts_nothing_and_is_not_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(SettingError, match=r"SECRET_KEY is .* Make one") as refused:
        strong_secret("SECRET_KEY", "Make one.")
    assert not value or value not in str(refused.value)


def test_a_strong_secret_key_and_an_https_address_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    key = secrets.token_urlsafe(50)
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setenv("AGENDA_BASE_URL", "https://diary.example.org")
    assert (strong_secret("SECRET_KEY", ""), https_address("AGENDA_BASE_URL", "")) == (key, "https://diary.example.org")
    monkeypatch.setenv("AGENDA_BASE_URL", "http://diary.example.org")
    with pytest.raises(SettingError, match="AGENDA_BASE_URL"):
        https_address("AGENDA_BASE_URL", "")
    monkeypatch.setenv("AGENDA_PASSWORD_LENGTH", "4")
    with pytest.raises(SettingError, match="Use 8 or more"):
        at_least("AGENDA_PASSWORD_LENGTH", 12, least=8)


def test_a_sealed_secret_says_nothing_and_opens_again() -> None:
    sealed = seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert open_sealed(sealed) == "JBSWY3DPEHPK3PXP"


def test_a_secret_outlives_its_key_as_long_as_that_is_named(settings: LazySettings) -> None:
    sealed = seal("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key" * 8
    assert open_sealed(sealed) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        open_sealed(sealed)
