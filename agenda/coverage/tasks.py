"""Celery tasks of coverage. May run twice without harm."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from agenda.coverage import mailing, watching


@shared_task
def notify() -> None:
    """Tell whoever is sent somewhere of deadlines and changes."""
    now = timezone.now()
    watching.look(now, dt.timedelta(hours=settings.AGENDA_ACCREDITATION_LEAD))
    mailing.send_due(now)
