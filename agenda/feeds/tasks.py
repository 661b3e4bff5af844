"""Celery tasks of the feeds: what a request leaves to be done after it."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.db.models import Q

from agenda.feeds import copies
from agenda.feeds.models import FeedState, Subscription

ONE_HOUR = dt.timedelta(hours=1)


@shared_task
def note_use(subscription_id: int, used_at: str) -> None:
    """Keep when a secret address was last used (ISO, aware): once an hour at most."""
    moment = dt.datetime.fromisoformat(used_at)
    rows = Subscription.objects.filter(pk=subscription_id)
    rows = rows.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lte=moment - ONE_HOUR))
    rows.update(last_used_at=moment)


@shared_task
def sweep_copies() -> None:
    """Take away the files of calendars that are no feed's any more."""
    copies.sweep(set(FeedState.objects.values_list("etag", flat=True)))
