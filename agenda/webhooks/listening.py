"""Which webhooks listen, and to what."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from agenda.feeds.models import Feed
from agenda.feeds.selection import keys_of
from agenda.webhooks.models import Event, Webhook
from diplomacy.accounts.roles import PERMISSIONS
from diplomacy.directory.spelling import fold
from diplomacy.visits.visibility import Audience

_MAY_HAVE = [role for role, permissions in PERMISSIONS.items() if "agenda.add_webhook" in permissions]


def listening() -> QuerySet[Webhook]:
    """Those that are sent something: not switched off, and of somebody who may have one."""
    return Webhook.objects.filter(stopped="", owner__is_active=True, owner__role__in=_MAY_HAVE)


def is_listening(hook: Webhook) -> bool:
    """The same of one at hand, fetched with its owner."""
    return not hook.stopped and hook.owner.is_active and hook.owner.role in _MAY_HAVE


def hears(hook: Webhook, event: Event) -> bool:
    """Whether an event is for a webhook: of its audience and selection, or of the desk where it hears of that."""
    if hook.made_at > event.acted_at:
        return False
    if event.audience == Audience.DESK:
        return hook.hears_of_communiques
    return hook.audience == event.audience and selects(hook.feed, event.keys, event.words)


def selects(feed: Feed | None, keys: Collection[str], words: str) -> bool:
    """Whether a feed's selection, on whatever day, holds what has these keys and words; no feed holds everything."""
    if feed is None:
        return True
    chosen = feed.moved_to or feed
    return all(key in keys for key in keys_of(chosen)) and all(
        f" {word}" in words for word in fold(chosen.words).split()
    )
