"""The organisation's identity provider, from the environment. No model here: settings read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from agenda.environment import SettingError, required, text, words
from diplomacy.accounts.remit import regions
from diplomacy.directory.countries import known_parties

ROLES = ("reader", "contributor", "editor", "administrator")  # from least to most
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Grant:
    """What membership of a group gives: a role, and the countries or regions it is limited to (all where empty)."""

    role: str
    remit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID Connect provider; `grants` by group, as the claim `groups_claim` names them."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    name: str
    groups_claim: str
    grants: dict[str, Grant]
    origins: tuple[str, ...]  # where the browser is sent to sign in

    def as_app(self) -> dict[str, Any]:
        """As django-allauth's settings want it."""
        return {
            "provider_id": "sso", "name": self.name, "client_id": self.client_id, "secret": self.secret,
            "settings": {"server_url": self.url, "oauth_pkce_enabled": True, "fetch_userinfo": True},
        }  # fmt: skip


def provider_from_environment(*, in_production: bool) -> Provider | None:
    """The provider of AGENDA_OIDC_URL; None where that is not set.

    Raises SettingError for what is missing or cannot be read: a half-configured sign-on lets nobody in by accident.
    """
    url = text("AGENDA_OIDC_URL").rstrip("/")
    if not url:
        return None
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK and not in_production)
    if not is_safe or not parts.hostname:
        raise SettingError(
            f"AGENDA_OIDC_URL is “{url}”. Use the issuer's address: https://login.example.org/realms/news"
        )
    required("AGENDA_OIDC_CLIENT_ID", "Register Agenda at the provider and give the identifier it got there.")
    required("AGENDA_OIDC_SECRET", "Give the secret that the provider made for Agenda.")
    required("AGENDA_OIDC_ROLES", "Say which group gets which role: desk=editor,africa=editor@002,it=administrator")
    origins = words("AGENDA_OIDC_ORIGINS") or [f"{parts.scheme}://{parts.netloc}"]
    return Provider(
        url=url,
        client_id=text("AGENDA_OIDC_CLIENT_ID"),
        secret=text("AGENDA_OIDC_SECRET"),
        name=text("AGENDA_OIDC_NAME", parts.hostname),
        groups_claim=text("AGENDA_OIDC_GROUPS", "groups"),
        grants=dict(_grant(word) for word in words("AGENDA_OIDC_ROLES")),
        origins=tuple(origins),
    )


def _grant(written: str) -> tuple[str, Grant]:
    group, equals, given = written.rpartition("=")
    role, at, remit = given.partition("@")
    if not equals or not group or role not in ROLES:
        how = f"Write GROUP=ROLE with commas between; a role is one of {', '.join(ROLES)}."
        raise SettingError(f"AGENDA_OIDC_ROLES holds “{written}”. {how}")
    return group.strip(), Grant(role, _limits(written, remit) if at else ())


def _limits(written: str, remit: str) -> tuple[str, ...]:
    """The countries and regions after an @. Raises SettingError for none and for unknown ones: no limit is all."""
    codes = tuple(remit.split("+"))
    known = {*regions(), *(code for code, _kind, _zone in known_parties())}
    unknown = [code for code in codes if code not in known]
    if unknown:
        which = f"“{unknown[0]}” is none" if remit else "none is given"
        how = "After @ write countries by their ISO code and regions by their UN M49 number: africa=editor@002+BR."
        raise SettingError(f"AGENDA_OIDC_ROLES holds “{written}”: {which}. {how}")
    return codes


def granted(groups: list[str], grants: dict[str, Grant]) -> Grant | None:
    """The most that any of the groups gives; of equal roles their countries together, all where one is not limited.
    None where no group gives anything.
    """
    found = [grants[group] for group in groups if group in grants]
    if not found:
        return None
    role = max((one.role for one in found), key=ROLES.index)
    remits = [one.remit for one in found if one.role == role]
    if not all(remits):
        return Grant(role)
    return Grant(role, tuple(dict.fromkeys(code for remit in remits for code in remit)))
