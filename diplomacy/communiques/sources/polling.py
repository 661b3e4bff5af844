"""Look into one source: which channel, what it came to, and how the source is doing."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from django.db.models import Q

from diplomacy.communiques.models import Source, SourceHealth, SourceKind
from diplomacy.communiques.sources import calendar, feed, folder, mailbox, page
from diplomacy.communiques.sources.outcome import Outcome, SourceError, Tools

logger = logging.getLogger(__name__)

Poll = Callable[..., Outcome]
CHANNELS: Mapping[str, Poll] = {
    SourceKind.FOLDER: folder.poll,
    SourceKind.FEED: feed.poll,
    SourceKind.PAGE: page.poll,
    SourceKind.MAILBOX: mailbox.poll,
    SourceKind.CALENDAR: calendar.poll,
}
# A look may take as long as a task may; whoever holds it is taken for dead after that.
LEASE = dt.timedelta(minutes=6)


def due(now: dt.datetime) -> list[int]:
    """The sources whose time has come and that nobody is looking into."""
    sources = Source.objects.filter(kind__in=list(CHANNELS), is_enabled=True)
    for source in sources.filter(health=None):
        SourceHealth.objects.get_or_create(source=source, defaults={"next_poll_at": now})
    free = Q(health__lease_until=None) | Q(health__lease_until__lte=now)
    return list(sources.filter(free, health__next_poll_at__lte=now).values_list("pk", flat=True))


def look_into(source_id: int, *, now: dt.datetime, tools: Tools) -> Outcome | None:
    """Look into a source and note how it went; None where somebody else is at it or it was paused meanwhile."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = SourceHealth.objects.filter(free, source_id=source_id, source__is_enabled=True, next_poll_at__lte=now)
    if not mine.update(lease_until=now + LEASE):
        return None
    health = SourceHealth.objects.select_related("source").get(source_id=source_id)
    health.next_poll_at = now + dt.timedelta(minutes=health.source.interval_minutes)
    health.polled_at, health.lease_until = now, None
    try:
        outcome = CHANNELS[health.source.kind](health.source, health.memory, now=now, tools=tools)
    except SourceError as error:
        logger.warning("Source %s: %s", health.source.slug, error)
        health.error = str(error)[:500]
        health.save()
        return None
    except Exception as error:
        health.error = f"unexpected: {type(error).__name__}"
        health.save()
        raise
    health.error, health.memory, health.succeeded_at = "", outcome.memory, now
    health.refused = outcome.refused[:50]
    if outcome.received:
        health.arrived_at = now
    health.save()
    return outcome
