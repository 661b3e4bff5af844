"""Celery tasks of webhooks. May run twice without harm."""

from __future__ import annotations

import random
from functools import cache

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from agenda.webhooks import delivering
from agenda.webhooks.models import Delivery, DeliveryState
from diplomacy.fetching import Fetcher, Refusal


@shared_task
def dispatch() -> int:
    """Give what is in the outbox to its webhooks, and have what is due sent by tasks of their own; returns how many."""
    now = timezone.now()
    while delivering.fan_out(now):
        pass
    sent = 0
    while due := delivering.take_due(now):
        for delivery_id, attempts in due:
            deliver.delay(delivery_id, attempts)
        sent += len(due)
    return sent


@shared_task(soft_time_limit=60, time_limit=90)
def deliver(delivery_id: int, attempts: int) -> None:
    """Try one delivery once. Does nothing where this attempt was made already."""
    try:
        delivering.deliver(
            delivery_id, attempts, now=timezone.now(), poster=fetcher(), jitter=random.SystemRandom().random
        )
    except SoftTimeLimitExceeded:  # a target that answers byte by byte
        held = Delivery.objects.select_related("webhook").filter(
            pk=delivery_id, state=DeliveryState.WAITING, attempts=attempts + 1
        )
        for delivery in held:
            answer = delivering.Answer(trouble=Refusal.TIME.value)
            delivering.settle(delivery, answer, now=timezone.now(), jitter=random.SystemRandom().random)


@shared_task
def sweep_events() -> None:
    """Forget what went out long ago."""
    delivering.sweep(timezone.now())


@cache
def fetcher() -> Fetcher:
    """What reaches the targets, by the settings: never an address of our own network. Made once a process, since
    reading the certificates that are trusted takes longer than a delivery.
    """
    return Fetcher(agent=f"Agenda (+{settings.AGENDA_BASE_URL})")
