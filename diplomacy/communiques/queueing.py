"""Have a version read: a job row in the database, and word to a worker once the transaction is through."""

from __future__ import annotations

import datetime as dt

from celery import current_app
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

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
    # A function of its own: where it fails Django names it in the log, and a partial has no name.
    transaction.on_commit(lambda: _send(version.pk), robust=True)


def queue_failed(kind: str, *, now: dt.datetime) -> int:
    """Have everything that failed with an error of this kind (`troubles.kind_of_error`) read again; how many."""
    of_kind = Q(communique__error=kind) | Q(communique__error__startswith=f"{kind}: ")
    newer = CommuniqueVersion.objects.filter(communique=OuterRef("communique"), number__gt=OuterRef("number"))
    rows = CommuniqueVersion.objects.filter(of_kind, ~Exists(newer), communique__state=CommuniqueState.FAILED)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        queue(CommuniqueVersion.objects.only("communique_id").get(pk=key), now=now)
    return len(keys)


def _send(version_id: int) -> None:
    # By name: the task itself stands on intake, since what is attached to a mail is received in its turn.
    current_app.tasks[READ_TASK].delay(version_id)
