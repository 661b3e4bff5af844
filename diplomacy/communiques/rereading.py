"""Have what was read before read again by the present parser; only what is read otherwise is proposed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from diplomacy import parsing
from diplomacy.communiques.carrying import drafts, reading_before, same_drafts, says_the_same
from diplomacy.communiques.extraction import extract, read
from diplomacy.communiques.models import NO_PROSE, CommuniqueState, CommuniqueVersion, Extraction, Proposal
from diplomacy.communiques.queueing import queue

logger = logging.getLogger(__name__)

_BATCH = 200  # keys held at once


@dataclass(slots=True)
class Counts:
    """How many texts were looked at, or queued; of those read, how many say the same, say something else (with how
    many proposals that makes) or could not be read.
    """

    looked_at: int = 0
    same: int = 0
    other: int = 0
    proposals: int = 0
    failed: int = 0


def to_be_reread(since: dt.datetime) -> QuerySet[CommuniqueVersion]:
    """The newest version of each communiqué received from then on (aware) that was read, but not by this parser.

    An edition of an agenda whose lines a later one took over is history: to ask for them again would list them twice.
    """
    newer = CommuniqueVersion.objects.filter(communique=OuterRef("communique"), number__gt=OuterRef("number"))
    present = Extraction.objects.filter(
        version=OuterRef("pk"), parser_version=parsing.PARSER_VERSION, published_on=OuterRef("published_on"),
        stated_language=OuterRef("language"),
    )  # fmt: skip
    taken_over = Proposal.objects.filter(extraction__version=OuterRef("pk"), listed_next__now__isnull=False)
    rows = CommuniqueVersion.objects.filter(received_at__gte=since, communique__state=CommuniqueState.READ)
    rows = rows.exclude(text="").exclude(media_type__in=NO_PROSE).filter(published_on__isnull=False)
    return rows.filter(~Exists(newer), ~Exists(present), ~Exists(taken_over))


def queue_all(since: dt.datetime, *, now: dt.datetime) -> Counts:
    """Have workers read them again, after what waits already."""
    counts = Counts()
    for version in _each(since):
        queue(version, now=now)
        counts.looked_at += 1
    return counts


def reread_all(since: dt.datetime, *, now: dt.datetime) -> Counts:
    """Read them again here, one after the other. What cannot be read keeps its last reading."""
    return _read_each(since, lambda version: extract(version, now=now).reading)


def try_all(since: dt.datetime) -> Counts:
    """Read them again and keep nothing: what `reread_all` would come to."""
    return _read_each(since, read)


def _read_each(since: dt.datetime, reading_of: Callable[[CommuniqueVersion], dict[str, object]]) -> Counts:
    counts = Counts()
    for version in _each(since):
        counts.looked_at += 1
        before = reading_before(version, but=parsing.PARSER_VERSION)
        try:
            reading = reading_of(version)
        except Exception:
            logger.exception("Version %s could not be read again", version.pk)
            counts.failed += 1
            continue
        if before is not None and says_the_same(before.reading, reading):
            counts.same += 1
            continue
        counts.other += 1
        kept = same_drafts(before.reading, reading) if before is not None else {}
        counts.proposals += sum(path not in kept for path, _kind, _draft in drafts(reading))
    return counts


def _each(since: dt.datetime) -> Iterator[CommuniqueVersion]:
    """One version at a time, its original left where it is; the keys come in batches, so memory does not grow."""
    last = 0
    while True:
        keys = list(
            to_be_reread(since).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
        )  # fmt: skip
        if not keys:
            return
        for key in keys:
            yield CommuniqueVersion.objects.select_related("communique").defer("original").get(pk=key)
        last = keys[-1]
