"""Events to those who follow what they are about, and what is due to a follower into one mail."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from agenda.alerts.following import live
from agenda.alerts.models import Alert, AlertMail, Follow, MailState
from agenda.alerts.timing import due_at
from agenda.webhooks.listening import selects
from agenda.webhooks.models import Event
from diplomacy.visits.visibility import Audience

LEASE = dt.timedelta(minutes=2)  # longer than one attempt can take
_ROWS_AT_ONCE = 20_000
_AT_ONCE = 500


def anybody_follows(audience: Audience) -> bool:
    """Whether somebody is told what this audience is told."""
    return live().filter(user__isnull=audience is Audience.PUBLIC).exists()


@transaction.atomic
def gather(now: dt.datetime) -> int:
    """Give the oldest events to those who follow; returns how many events it were."""
    follows = list(live())
    rows = Event.objects.select_for_update(skip_locked=True).filter(alerted_at=None)
    events = list(rows.order_by("position")[: max(_ROWS_AT_ONCE // max(len(follows), 1), 1)])
    if not events:
        return 0
    made = [
        Alert(follow=follow, event=event, due_at=_due(follow, now))
        for event in events
        for follow in follows
        if event.audience == follow.audience
        and follow.confirmed_at is not None
        and follow.confirmed_at <= event.acted_at
        and selects(follow.feed, event.keys, event.words)
    ]
    Alert.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(alerted_at=now)
    return len(events)


def pass_over(now: dt.datetime) -> None:
    """While no mail goes out, what happens is nobody's: it is not made up for once one does."""
    Event.objects.filter(alerted_at=None).update(alerted_at=now)


def _due(follow: Follow, now: dt.datetime) -> dt.datetime:
    return due_at(follow.rhythm, hour=follow.hour, weekday=follow.weekday, zone=follow.zone, after=now)


@transaction.atomic
def bundle(now: dt.datetime) -> int:
    """Put what is due into mails, one a follower; returns how many."""
    rows = Alert.objects.select_for_update(skip_locked=True).filter(mail=None, due_at__lte=now)
    due: dict[uuid.UUID, list[int]] = {}
    for pk, follow_id in rows.order_by("pk").values_list("pk", "follow_id")[:_ROWS_AT_ONCE]:
        due.setdefault(follow_id, []).append(pk)
    mails = [AlertMail(follow_id=follow_id, made_at=now, next_try_at=now) for follow_id in due]
    AlertMail.objects.bulk_create(mails)
    for mail, alerts in zip(mails, due.values(), strict=True):
        Alert.objects.filter(pk__in=alerts).update(mail=mail)
    return len(mails)


@transaction.atomic
def take_due(now: dt.datetime) -> list[tuple[str, int]]:
    """The mails to be sent: ids, with how often each was tried; held for LEASE, so that no other round takes them."""
    rows = AlertMail.objects.select_for_update(skip_locked=True).filter(state=MailState.WAITING, next_try_at__lte=now)
    due = list(rows.order_by("next_try_at").values_list("pk", "attempts")[:_AT_ONCE])
    AlertMail.objects.filter(pk__in=[pk for pk, _attempts in due]).update(next_try_at=now + LEASE)
    return [(str(pk), attempts) for pk, attempts in due]


def sweep(now: dt.datetime) -> None:
    """Forget mails a month after they were made."""
    AlertMail.objects.exclude(state=MailState.WAITING).filter(made_at__lt=now - dt.timedelta(days=30)).delete()
