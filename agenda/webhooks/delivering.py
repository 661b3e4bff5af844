"""Events to their webhooks: each at least once, every repeat the same, again and again for a day, then given up."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.db.models import F, Q

from agenda.entries.queries import readable
from agenda.webhooks.listening import hears, is_listening, listening
from agenda.webhooks.models import Delivery, DeliveryState, Event, Stopped, Webhook
from agenda.webhooks.pausing import asked_pause, pause_after
from agenda.webhooks.signing import headers
from agenda.webhooks.stopping import stop
from diplomacy.fetching import FetchError, Refusal, Reply
from diplomacy.visits.visibility import Audience

GIVE_UP_AFTER = dt.timedelta(hours=24)
# Longer than one attempt can take: whoever held it is gone, and it is tried again.
LEASE = dt.timedelta(minutes=2)
# A webhook through which nothing went for so long is switched off when the next event is given up.
FAILING_FOR = dt.timedelta(days=3)
_MOST_ATTEMPTS = 30  # more than fit into a day: ends what a broken worker would begin for ever
_AT_ONCE = 500
_ROWS_AT_ONCE = 20_000
_EVENTS_KEPT = dt.timedelta(days=30)
_GONE = 410
# Why something was not sent at all: its audience may no longer read what it is of.
HIDDEN = "hidden"
logger = logging.getLogger(__name__)


class Poster(Protocol):
    """What hands a body over: `diplomacy.fetching.Fetcher`."""

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Reply:
        """What was answered. Raises FetchError where none was."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended: a status, or the reason why there was none; `pause` is what the receiver asked for."""

    status: int | None = None
    trouble: str = ""
    pause: dt.timedelta = dt.timedelta()

    @property
    def is_taken(self) -> bool:
        """Whether the target took it."""
        return self.status is not None and 200 <= self.status < 300


@transaction.atomic
def fan_out(now: dt.datetime) -> int:
    """Give the oldest events of the outbox to the webhooks that listen to them; returns how many events it were."""
    hooks = list(listening().select_related("feed__moved_to"))
    rows = Event.objects.select_for_update(skip_locked=True).filter(dispatched_at=None)
    events = list(rows.order_by("position")[: max(_ROWS_AT_ONCE // max(len(hooks), 1), 1)])
    if not events:
        return 0
    made = [
        Delivery(webhook=hook, event=event, next_try_at=now, give_up_at=now + GIVE_UP_AFTER)
        for event in events
        for hook in hooks
        if hears(hook, event)
    ]
    Delivery.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(dispatched_at=now)
    return len(events)


def take_due(now: dt.datetime) -> list[tuple[int, int]]:
    """What is due: the ids, with how often each was tried; held for LEASE, so that no other round takes them too.

    Nothing goes to a receiver that asked to be left alone for a while.
    """
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            Q(webhook__held_until=None) | Q(webhook__held_until__lte=now),
            state=DeliveryState.WAITING,
            next_try_at__lte=now,
        )
        due = list(rows.order_by("next_try_at", "pk").values_list("pk", "attempts")[:_AT_ONCE])
        Delivery.objects.filter(pk__in=[pk for pk, _attempts in due]).update(next_try_at=now + LEASE)
    return due


def deliver(delivery_id: int, attempts: int, *, now: dt.datetime, poster: Poster, jitter: Callable[[], float]) -> None:
    """Try once. `attempts` is how often it was tried when this was asked for: asked for twice, it is done once.

    `jitter` gives a number from 0 to 1, so that many that failed together do not come back together.
    """
    mine = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, attempts=attempts)
    if not mine.update(attempts=F("attempts") + 1, tried_at=now, next_try_at=now + LEASE):
        return
    rows = Delivery.objects.select_related("event__entry", "webhook__owner")
    unread = ("event__before", "event__keys", "event__words", "event__entry__content")
    delivery = rows.defer(*unread).get(pk=delivery_id)
    if not is_listening(delivery.webhook):
        _close(delivery, DeliveryState.DEAD, Answer())
        return
    if _is_hidden(delivery.event, now):
        _close(delivery, DeliveryState.DEAD, Answer(trouble=HIDDEN))
        return
    settle(delivery, _send(delivery, now, poster), now=now, jitter=jitter)


def _is_hidden(event: Event, now: dt.datetime) -> bool:
    """Whether its audience may no longer read what the event is of. That it was taken back says nothing of it."""
    if event.entry is None or event.type.endswith(".withdrawn"):
        return False
    return not readable(event.entry, Audience(event.audience), now)


def _send(delivery: Delivery, now: dt.datetime, poster: Poster) -> Answer:
    body = delivery.event.body.encode()
    try:
        sent = headers(delivery.webhook, str(delivery.event_id), body, now)
        reply = poster.post(delivery.webhook.target, body, sent)
    except FetchError as error:
        return Answer(trouble=error.refusal.value)
    return Answer(status=reply.status, pause=asked_pause(reply.retry_after, now))


def settle(delivery: Delivery, answer: Answer, *, now: dt.datetime, jitter: Callable[[], float]) -> None:
    """Keep how an attempt ended, and what follows from it."""
    hook = delivery.webhook
    if answer.is_taken:
        _close(delivery, DeliveryState.DELIVERED, answer)
        if hook.failing_since is not None or hook.held_until is not None:
            Webhook.objects.filter(pk=hook.pk).update(failing_since=None, held_until=None)
        return
    # The target itself stays out of the log: its path may be a secret of the receiver's.
    logger.warning("Webhook %s: %s", hook.pk, answer.trouble or answer.status)
    Webhook.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=now)
    hook.refresh_from_db(fields=["failing_since"])
    if answer.pause:
        Webhook.objects.filter(pk=hook.pk).update(held_until=now + answer.pause)
    next_try = _next_try(delivery, answer, now, jitter)
    if next_try is not None:
        Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts).update(
            next_try_at=next_try, status=answer.status, trouble=answer.trouble
        )
        return
    _close(delivery, DeliveryState.DEAD, answer)
    if answer.status == _GONE:
        stop(hook, Stopped.GONE, now=now)
    elif hook.failing_since is not None and hook.failing_since <= now - FAILING_FOR:
        stop(hook, Stopped.FAILING, now=now)


def _next_try(delivery: Delivery, answer: Answer, now: dt.datetime, jitter: Callable[[], float]) -> dt.datetime | None:
    """When to try again: after a pause that grows, and no sooner than asked for, and last at the end of the day; None
    for never.
    """
    if answer.status == _GONE or answer.trouble == Refusal.ADDRESS:
        return None
    if now >= delivery.give_up_at or delivery.attempts >= _MOST_ATTEMPTS:
        return None
    pause = max(pause_after(delivery.attempts, jitter()), answer.pause)
    return min(now + pause, delivery.give_up_at)


def _close(delivery: Delivery, state: DeliveryState, answer: Answer) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=state, status=answer.status, trouble=answer.trouble
    )


def sweep(now: dt.datetime) -> None:
    """Forget events a month after they went out, with their deliveries; those that are still tried stay."""
    old = Event.objects.filter(dispatched_at__lt=now - _EVENTS_KEPT)
    old.exclude(deliveries__state=DeliveryState.WAITING).delete()
