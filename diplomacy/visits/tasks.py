"""Celery tasks of visits. Each may run twice without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from diplomacy.visits import publication


@shared_task
def release_due() -> None:
    """Record what the clock has released since the last time."""
    publication.release_due(timezone.now())
