"""Somebody without an account asks to follow. Nothing tells them whether the address is known."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction

from agenda.alerts.following import Wish, keep
from agenda.alerts.models import Follow
from agenda.alerts.questions import MOST_QUESTIONS, of_address
from agenda.alerts.tasks import send_question
from agenda.feeds.models import Feed
from agenda.tokens.counting import asked
from agenda.tokens.networks import network_of

_HOUR = dt.timedelta(hours=1)


def asks_too_often(address: str, *, at: float) -> bool:
    """Whether too much was asked from a network address within the hour; counts it. `at`: seconds since 1970."""
    most = settings.AGENDA_RATE_ALERTS
    return bool(most) and asked("alerts", network_of(address), most, at=at, seconds=3600).left < 0


def ask(email: str, feed: Feed, wish: Wish, *, now: dt.datetime) -> None:
    """An address wants to follow, it is said; a mail asks whether it was they, once this is through. One that follows
    already is sent the way to its page, and one that was asked enough, or within the hour, nothing.

    When it was asked first is never renewed: unconfirmed, it is forgotten whatever else is asked.
    """
    unconfirmed = of_address(email).filter(confirmed_at=None)
    row = of_address(email).filter(feed=feed, ended_at=None).first()
    if row is None and unconfirmed.count() >= MOST_QUESTIONS:
        return
    if row is not None and (row.questions >= MOST_QUESTIONS or row.asked_at > now - _HOUR):
        return
    row = row or Follow(email=email, feed=feed, asked_at=now)
    if row.confirmed_at is None:  # what a confirmed follower has set is not changed by whoever names their address
        try:
            with transaction.atomic():
                keep(row, wish)
        except IntegrityError:  # the same was asked at the same time
            return
    follow_id, number = str(row.pk), row.questions

    def send_word() -> None:
        send_question.delay(follow_id, number)

    transaction.on_commit(send_word, robust=True)
