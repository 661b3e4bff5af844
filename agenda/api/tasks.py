"""Celery tasks of the API."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from agenda.api import once


@shared_task
def sweep_answers() -> int:
    """Forget answers that were kept long enough; returns how many."""
    return once.sweep(timezone.now())
