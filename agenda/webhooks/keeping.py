"""What an owner does with a webhook: make it, switch it on and off, change its secret, have things sent again."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from agenda.feeds.models import Feed
from agenda.webhooks.delivering import GIVE_UP_AFTER
from agenda.webhooks.models import Delivery, DeliveryState, Stopped, Webhook
from agenda.webhooks.signing import secret_of
from agenda.webhooks.stopping import stop
from diplomacy.accounts.models import User
from diplomacy.fetching import AddressError, is_public, web_address
from diplomacy.visits.visibility import Audience

# How long the secret before still signs beside the new one.
OVERLAP = dt.timedelta(hours=24)


def check_target(url: str) -> None:
    """Raises AddressError for what is no https address of the public web, as far as it can be told by reading it.

    Where its name leads is checked at each delivery.
    """
    address = web_address(url)
    if address.scheme != "https":
        raise AddressError("not https")
    is_number = ":" in address.host or address.host.replace(".", "").isdigit()
    if address.host == "localhost" or (is_number and not is_public(address.host)):
        raise AddressError("of no public host")


def make(
    *,
    label: str,
    target: str,
    audience: Audience,
    feed: Feed | None,
    owner: User,
    now: dt.datetime,
    hears_of_communiques: bool = False,
) -> tuple[Webhook, str]:
    """A webhook that hears of what happens from `now` (aware) on, and its secret.

    Raises AddressError for a target that cannot be one.
    """
    check_target(target)
    row = Webhook.objects.create(
        label=label[:100],
        target=target,
        audience=audience,
        feed=feed,
        owner=owner,
        made_at=now,
        hears_of_communiques=hears_of_communiques,
    )
    return row, secret_of(row)


def rotate(webhook: Webhook, *, now: dt.datetime) -> str:
    """Another secret (returned); the one before signs as well for OVERLAP from `now` (aware) on."""
    Webhook.objects.filter(pk=webhook.pk).update(generation=F("generation") + 1, overlap_until=now + OVERLAP)
    webhook.refresh_from_db(fields=["generation", "overlap_until"])
    return secret_of(webhook)


def switch_off(webhook: Webhook, *, now: dt.datetime) -> None:
    """Send it nothing any more. One that was switched off by itself is so by hand from then on, and no alarm."""
    stop(webhook, Stopped.BY_HAND, now=now)
    Webhook.objects.filter(pk=webhook.pk).exclude(stopped="").update(stopped=Stopped.BY_HAND)


def switch_on(webhook: Webhook) -> None:
    """Send it what happens from here on; what it missed while it was off is not made up for."""
    Webhook.objects.filter(pk=webhook.pk).update(stopped="", stopped_at=None, failing_since=None, held_until=None)


def replay(deliveries: QuerySet[Delivery], *, now: dt.datetime) -> int:
    """Have what was given up or delivered sent again, with the same id and body, for another day; returns how many."""
    return deliveries.exclude(state=DeliveryState.WAITING).update(
        state=DeliveryState.WAITING, attempts=0, next_try_at=now, give_up_at=now + GIVE_UP_AFTER
    )
