"""Celery tasks: ids in, one domain call. Each may run twice without harm.

The job row, not the broker, remembers what must be done: a worker holds a lease while it reads, and the sweep queues
again whatever is waiting, has failed or has lost its lease.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import time
import uuid
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from diplomacy.communiques import disputes, second_opinion
from diplomacy.communiques.by_rule import publish_by_rule
from diplomacy.communiques.conversion import UnreadableFileError, convert_version, is_converted
from diplomacy.communiques.extraction import extract
from diplomacy.communiques.models import (
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    JobState,
    ReadingJob,
)
from diplomacy.communiques.signals import settled
from diplomacy.communiques.sources import alarms, polling
from diplomacy.communiques.sources.outcome import BusyError, Tools
from diplomacy.communiques.troubles import STOPPED, unexpected
from diplomacy.fetching import Fetcher
from diplomacy.parsing.errors import UnreadableTextError

logger = logging.getLogger(__name__)

# Reading takes well under a second for an ordinary text; the limit on its size keeps the longest far below this.
LEASE = dt.timedelta(seconds=30)
MAX_ATTEMPTS = 5
RETRY_AFTER = dt.timedelta(seconds=10)
_PAUSE = 2  # seconds between two questions to a host


@shared_task
def read_version(version_id: int) -> None:
    """Read a version and propose what it says. Does nothing if somebody else holds the job or it is done."""
    holder = uuid.uuid4().hex
    if not _claim(version_id, holder):
        return
    version = CommuniqueVersion.objects.select_related("communique").get(pk=version_id)
    try:
        if not is_converted(version):
            convert_version(version, now=timezone.now())
        extraction = extract(version, now=timezone.now()) if version.published_on and version.text else None
    except (UnreadableTextError, UnreadableFileError) as error:
        _finish(version, holder, JobState.PARKED, str(error))
    except Exception as error:
        logger.exception("Reading version %s failed", version_id)
        _finish(version, holder, JobState.FAILED, unexpected(error))
    else:
        _finish(version, holder, JobState.DONE, "")
        if extraction is not None:
            publish_by_rule(extraction, now=timezone.now())
        if extraction is not None and second_opinion.is_wanted():
            ask_second_opinion.delay(extraction.pk)


@shared_task
def ask_second_opinion(extraction_id: int) -> None:
    """Have a text that was read be read a second time. Does nothing where that is off, or was done."""
    if second_opinion.is_wanted():
        extraction = Extraction.objects.select_related("version").get(pk=extraction_id)
        second_opinion.ask(extraction, second_opinion.configured(), now=timezone.now())


@shared_task
def sweep() -> int:
    """Queue again what was stored and not read; returns how many."""
    now = timezone.now()
    ReadingJob.objects.filter(state=JobState.RUNNING, lease_until__lt=now).update(
        state=JobState.FAILED, lease_until=None, holder="", error=STOPPED
    )
    due = ReadingJob.objects.filter(
        Q(state=JobState.FAILED, attempts__lt=MAX_ATTEMPTS) | Q(state=JobState.WAITING), queued_at__lt=now - RETRY_AFTER
    )
    versions = list(due.values_list("version_id", flat=True)[:1000])
    _park_hopeless()
    for version_id in versions:
        read_version.delay(version_id)
    return len(versions)


@shared_task
def mark_due() -> None:
    """Tell readers of disputes that they may know of since an embargo ended."""
    disputes.mark_due(timezone.now())


@shared_task
def poll_sources() -> int:
    """Have each source whose time has come looked into, by a task of its own; returns how many."""
    sources = polling.due(timezone.now())
    for source_id in sources:
        poll_source.delay(source_id)
    return len(sources)


@shared_task
def watch_sources() -> int:
    """Judge how the sources are doing; returns how many alarms there are."""
    return alarms.watch(timezone.now())


@shared_task
def poll_source(source_id: int) -> None:
    """Look into one source. Does nothing if somebody else is at it."""
    polling.look_into(source_id, now=timezone.now(), tools=tools())


def tools() -> Tools:
    """What the channels reach the world with, by the settings."""
    agent = f"Agenda (+{settings.AGENDA_BASE_URL})"
    return Tools(
        fetcher=Fetcher(agent=agent),
        pace=_pace,
        mailbox=lambda name: os.environ.get(f"AGENDA_MAILBOX_{name}", ""),
        inbox=Path(settings.AGENDA_INBOX),
    )


def _pace(host: str, patience: float) -> None:
    """Wait until the host was last asked two seconds ago, whichever worker asked it.

    Raises BusyError once that took `patience` seconds.
    """
    until = time.monotonic() + patience
    while not cache.add(f"asked:{host}", 1, timeout=_PAUSE):
        if time.monotonic() >= until:
            raise BusyError(host, wait=2 * _PAUSE)
        time.sleep(0.2)


def _claim(version_id: int, holder: str) -> bool:
    """Take the job by a conditional UPDATE, so that of two workers one gets it."""
    taken = (
        ReadingJob.objects.filter(version_id=version_id)
        .filter(Q(state__in=[JobState.WAITING, JobState.FAILED]))
        .update(
            state=JobState.RUNNING,
            lease_until=timezone.now() + LEASE,
            holder=holder,
            attempts=F("attempts") + 1,
            error="",
        )
    )
    if taken:
        Communique.objects.filter(versions=version_id).update(state=CommuniqueState.READING)
    return bool(taken)


@transaction.atomic
def _finish(version: CommuniqueVersion, holder: str, state: JobState, error: str) -> None:
    """Close the job, unless the lease was lost to another worker meanwhile."""
    held = ReadingJob.objects.filter(version=version, holder=holder, state=JobState.RUNNING)
    if not held.update(state=state, lease_until=None, holder="", error=error):
        return
    communique_state = {JobState.DONE: CommuniqueState.READ, JobState.PARKED: CommuniqueState.FAILED}.get(
        state, CommuniqueState.QUEUED
    )
    if state is JobState.DONE and version.text and version.published_on is None:
        communique_state = CommuniqueState.WAITING_FOR_DATE
    _settle(version, communique_state, error)


def _park_hopeless() -> None:
    """Give up on what has failed too often; it stays visible and can be retried from the desk."""
    hopeless = ReadingJob.objects.filter(state=JobState.FAILED, attempts__gte=MAX_ATTEMPTS)
    for job in hopeless.select_related("version"):
        with transaction.atomic():
            if ReadingJob.objects.filter(pk=job.pk, state=JobState.FAILED).update(state=JobState.PARKED):
                _settle(job.version, CommuniqueState.FAILED, job.error)


def _settle(version: CommuniqueVersion, state: CommuniqueState, error: str) -> None:
    """Say where a communiqué stands, and tell who listens where that is an end."""
    Communique.objects.filter(pk=version.communique_id).update(state=state, error=error[:500])
    if state in (CommuniqueState.READ, CommuniqueState.FAILED):
        settled.send(sender=CommuniqueVersion, version=version, state=state, at=timezone.now())
