"""What a token may be used for. A scope narrows what its holder's role lets them do and never widens it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """A resource and an act on it."""

    SUBMIT_COMMUNIQUES = "communiques:submit", _("hand in communiqués")
    READ_COMMUNIQUES = "communiques:read", _("see where communiqués stand and what was read in them")
    READ_PROPOSALS = "proposals:read", _("see proposals")
    REVIEW_PROPOSALS = "proposals:review", _("accept, amend and reject proposals")
    WRITE_VISITS = "visits:write", _("hand in visits by the id of another system")
    PUBLISH_VISITS = "visits:publish", _("show readers what is accepted or handed in")
    PARSE = "parse", _("have a text read that is not kept")
    KEEP_WEBHOOKS = "webhooks:write", _("make, try and end webhooks, and see their log")
    KEEP_SUBSCRIPTIONS = "subscriptions:write", _("make and end private addresses of calendars")
    MANAGE_TOKENS = "tokens:manage", _("make and end tokens")


# What the holder's role has to let them do besides.
PERMISSIONS: Mapping[str, str] = {
    Scope.SUBMIT_COMMUNIQUES: "diplomacy.add_communique",
    Scope.READ_COMMUNIQUES: "diplomacy.view_communique",
    Scope.READ_PROPOSALS: "diplomacy.view_proposal",
    Scope.REVIEW_PROPOSALS: "diplomacy.review_proposal",
    Scope.WRITE_VISITS: "diplomacy.add_visit",
    Scope.PUBLISH_VISITS: "diplomacy.publish_visit",
    Scope.PARSE: "diplomacy.add_communique",
    Scope.KEEP_WEBHOOKS: "agenda.change_webhook",
    Scope.KEEP_SUBSCRIPTIONS: "agenda.add_subscription",
    Scope.MANAGE_TOKENS: "diplomacy.add_communique",
}


def submitting() -> list[str]:
    """The scopes of a token for which none were chosen: all that tokens could do before there were scopes."""
    return [Scope.SUBMIT_COMMUNIQUES.value, Scope.READ_COMMUNIQUES.value]


def in_order(scopes: Collection[str]) -> list[str]:
    """The scopes as they are kept: each once, in the order of the table."""
    return [scope.value for scope in Scope if scope in scopes]
