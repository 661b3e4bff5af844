"""Celery tasks of alerts. May run twice without harm."""

from __future__ import annotations

import random

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from agenda.alerts import following, gathering, mailing, questions


@shared_task
def dispatch_alerts() -> int:
    """Give what is in the outbox to those who follow, and have what is due mailed by tasks of their own; how many."""
    now = timezone.now()
    if not settings.AGENDA_SMTP:
        gathering.pass_over(now)
        return 0
    while gathering.gather(now):
        pass
    gathering.bundle(now)
    sent = 0
    while due := gathering.take_due(now):
        for mail_id, attempts in due:
            send_alert.delay(mail_id, attempts)
        sent += len(due)
    return sent


@shared_task(soft_time_limit=60, time_limit=90)
def send_alert(mail_id: str, attempts: int) -> None:
    """Send one mail once. Does nothing where this attempt was made already."""
    mailing.send(mail_id, attempts, now=timezone.now(), jitter=random.SystemRandom().random)


@shared_task(soft_time_limit=60, time_limit=90)
def send_question(follow_id: str, number: int) -> None:
    """Mail the question of a follow. Does nothing where it was mailed already."""
    questions.mail_question(follow_id, number)


@shared_task
def sweep_alerts() -> None:
    """Forget what went out long ago, and addresses that were never confirmed."""
    now = timezone.now()
    gathering.sweep(now)
    following.forget(now)
