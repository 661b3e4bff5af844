"""Private addresses of feeds: made, shown once, rotated, ended."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from agenda.entries.addresses import absolute
from agenda.feeds.models import Feed, Subscription
from agenda.feeds.pulse import addresses_changed
from agenda.feeds.tokens import new_token
from diplomacy.accounts.models import User


def subscribe(feed: Feed, *, label: str, by: User | None) -> tuple[Subscription, str]:
    """A private address of the feed, and the address itself, which nobody can see again. `label` says whose it is."""
    token, digest = new_token()
    row = Subscription.objects.create(feed=feed, label=label[:100], user=by, token_sha256=digest)
    return row, absolute(reverse("private_feed", args=[token, feed.slug]))


def revoke_subscription(subscription: Subscription, *, now: dt.datetime) -> None:
    """End a private address (at `now`, aware): it answers 410 from then on. One that was ended stays as it was."""
    Subscription.objects.filter(pk=subscription.pk, revoked_at=None).update(revoked_at=now)
    addresses_changed()


@transaction.atomic
def rotate_subscription(subscription: Subscription, *, now: dt.datetime) -> tuple[Subscription, str]:
    """Another address in place of this one, which ends. Nothing leads from the old one to the new."""
    revoke_subscription(subscription, now=now)
    return subscribe(subscription.feed, label=subscription.label, by=subscription.user)
