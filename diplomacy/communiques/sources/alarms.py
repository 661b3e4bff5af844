"""What an editor should look into about a source, judged by its own past: kept with it, so that pages just read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from django.db.models import Exists, OuterRef

from diplomacy.communiques.models import (
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Proposal,
    Source,
    SourceHealth,
    SourceKind,
)
from diplomacy.communiques.sources.polling import CHANNELS
from diplomacy.communiques.sources.rhythm import is_strangely_quiet, usual_pause

_LOOKED_AT = 20  # arrivals by which rhythm and yield are judged
_ENOUGH = 10  # texts read from which "nothing in any of them" says something
_LOOKS = 3  # that may fail in a row before it is worth an alarm
_SOON = dt.timedelta(hours=1)
# Handed in by people as it comes: there is no rhythm to miss.
_UNWATCHED = (SourceKind.DESK, SourceKind.SAMPLE)


class Alarm(StrEnum):
    """What is wrong: nothing comes any more, nothing is read in what comes, it cannot be looked into."""

    QUIET = "quiet"
    BARREN = "barren"
    FAILING = "failing"


def watch(now: dt.datetime) -> int:
    """Judge every source that is looked into or sent to us by programs, and keep what was found; how many alarms."""
    sources = Source.objects.filter(is_enabled=True).exclude(kind__in=_UNWATCHED)
    for source in sources.filter(health=None):
        SourceHealth.objects.get_or_create(source=source, defaults={"next_poll_at": now})
    count = 0
    for health in SourceHealth.objects.filter(source__in=sources).select_related("source"):
        arrivals = _arrivals(health.source)
        alarms = [alarm.value for alarm in _alarms(health, arrivals, now)]
        # Nothing else of the row is written: whoever looks into the source meanwhile holds it.
        SourceHealth.objects.filter(pk=health.pk).update(alarms=alarms, usual_pause=usual_pause(arrivals))
        count += len(alarms)
    return count


def _alarms(health: SourceHealth, arrivals: Sequence[dt.datetime], now: dt.datetime) -> list[Alarm]:
    found = []
    if _is_failing(health, now):
        found.append(Alarm.FAILING)
    elif is_strangely_quiet(arrivals, now):
        found.append(Alarm.QUIET)
    if _is_barren(health.source):
        found.append(Alarm.BARREN)
    return found


def _arrivals(source: Source) -> list[dt.datetime]:
    rows = CommuniqueVersion.objects.filter(communique__source=source).order_by("-received_at")
    return list(rows.values_list("received_at", flat=True)[:_LOOKED_AT])


def _is_failing(health: SourceHealth, now: dt.datetime) -> bool:
    """Whether it has not worked for a while; once it fails it is just tried again."""
    if health.source.kind not in CHANNELS or not health.error or health.polled_at is None:
        return False
    if health.succeeded_at is None:
        return True
    return now - health.succeeded_at > max(_LOOKS * dt.timedelta(minutes=health.source.interval_minutes), _SOON)


def _is_barren(source: Source) -> bool:
    proposed = Proposal.objects.filter(extraction__version__communique=OuterRef("pk"))
    read = Communique.objects.filter(source=source, state=CommuniqueState.READ).order_by("-received_at")
    yields = list(read.annotate(yields=Exists(proposed)).values_list("yields", flat=True)[:_LOOKED_AT])
    return len(yields) >= _ENOUGH and not any(yields)
