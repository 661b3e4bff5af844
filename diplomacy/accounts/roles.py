"""What each role of the desk may do. One table; `backend` is its only reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeskRole(TextChoices):
    """Who somebody is at the desk, from least to most."""

    READER = "reader", _("reader")
    CONTRIBUTOR = "contributor", _("contributor")
    EDITOR = "editor", _("editor")
    ADMINISTRATOR = "administrator", _("administrator")


DESK_ROLES = frozenset({DeskRole.CONTRIBUTOR, DeskRole.EDITOR, DeskRole.ADMINISTRATOR})

_DOMAIN = ("visit", "programmeitem", "person", "office", "tenure", "place", "organisation", "country")
_INTAKE = (
    "communique",
    "communiqueversion",
    "extraction",
    "proposal",
    "source",
    "evidence",
    "revision",
    "readingjob",
    "publishingrule",
)


def _permissions(verb: str, models: tuple[str, ...], app: str = "diplomacy") -> frozenset[str]:
    return frozenset(f"{app}.{verb}_{model}" for model in models)


_CONTRIBUTOR = (
    _permissions("view", _DOMAIN + _INTAKE)
    | _permissions("add", ("communique",))
    | _permissions("view", ("feed", "coverage"), "agenda")
)
_EDITOR = (
    _CONTRIBUTOR
    | _permissions(
        "add",
        ("visit", "programmeitem", "person", "office", "tenure", "place", "organisation", "source", "publishingrule"),
    )
    | _permissions("change", (*_DOMAIN, "communique", "proposal", "source", "publishingrule"))
    | _permissions("review", ("proposal",))
    | _permissions("publish", ("visit", "programmeitem"))
    | _permissions("add", ("feed", "subscription", "webhook"), "agenda")
    | _permissions("change", ("feed", "subscription", "coverage", "webhook"), "agenda")
    | _permissions("view", ("feed", "subscription", "webhook"), "agenda")
)

PERMISSIONS: Mapping[str, frozenset[str]] = {
    DeskRole.READER: frozenset(),
    DeskRole.CONTRIBUTOR: _CONTRIBUTOR,
    DeskRole.EDITOR: _EDITOR,
    # An administrator is a superuser: Django grants everything before a backend is asked.
    DeskRole.ADMINISTRATOR: _EDITOR,
}
