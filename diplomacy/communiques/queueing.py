"""Have a version read: a job row in the database, and word to a worker once the transaction is through."""

from __future__ import annotations

import datetime as dt
from functools import partial

from celery import current_app
from django.db import transaction

from diplomacy.communiques.models import Communique, CommuniqueState, CommuniqueVersion, JobState, ReadingJob

READ_TASK = "diplomacy.communiques.tasks.read_version"


@transaction.atomic
def queue(version: CommuniqueVersion, *, now: dt.datetime) -> None:
    """Have a version read (again): a job row, and a task once the transaction is through."""
    ReadingJob.objects.update_or_create(
        version=version,
        defaults={
            "state": JobState.WAITING, "attempts": 0, "lease_until": None, "holder": "", "queued_at": now, "error": "",
        },
    )  # fmt: skip
    Communique.objects.filter(pk=version.communique_id).update(state=CommuniqueState.QUEUED, error="")
    # Robust: with the broker away the job row still stands, and the sweep queues it later.
    transaction.on_commit(partial(_send, version.pk), robust=True)


def _send(version_id: int) -> None:
    # By name: the task itself stands on intake, since what is attached to a mail is received in its turn.
    current_app.tasks[READ_TASK].delay(version_id)
