"""One visit with its items, or one item, as a file to be imported: again, it is an update of itself."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db.models import Q

from agenda.entries.models import Telling
from agenda.feeds.ical import CALENDAR_END, CalendarMeta, frame, related_to
from agenda.feeds.kept import keep, spans_of, stamp
from agenda.feeds.models import KeptEvent
from diplomacy.visits.visibility import Audience


class NothingToldError(LookupError):
    """The public was never told of it, or it has no day yet."""


def visit_file(slug: str, language: str, now: dt.datetime) -> tuple[bytes, dt.datetime]:
    """A visit and the items of it that are events, and when the last of them changed. Raises NothingToldError."""
    visit = Telling.objects.filter(audience=Audience.PUBLIC, entry__visit__slug=slug).first()
    if visit is None:
        raise NothingToldError
    key = Q(keys__key=f"visit:{visit.entry.visit_id}", keys__is_lost=False)
    return _file(Q(pk=visit.pk) | (key & Q(stands_alone=True)), language, now)


def item_file(item_id: uuid.UUID, language: str, now: dt.datetime) -> tuple[bytes, dt.datetime]:
    """An item, and when it changed. Raises NothingToldError."""
    return _file(Q(entry__item=item_id), language, now)


def entries_file(
    entry_ids: list[int], audience: Audience, language: str, now: dt.datetime
) -> tuple[bytes, dt.datetime]:
    """Just these entries as an audience was told them, and when the last of them changed. Raises NothingToldError."""
    return _file(Q(entry__in=entry_ids), language, now, audience)


def _file(
    chosen: Q, language: str, now: dt.datetime, audience: Audience = Audience.PUBLIC
) -> tuple[bytes, dt.datetime]:
    rows = Telling.objects.filter(chosen, audience=audience, starts_on__isnull=False).distinct()
    rows = rows.filter(Q(leaves_on__isnull=True) | Q(leaves_on__gt=now.date()))
    tellings = list(rows.order_by("starts_on", "start_clock", "uid"))
    if not tellings:
        raise NothingToldError
    events = _kept(tellings, language)
    uids = {telling.uid for telling in tellings}
    contents = []
    for telling in tellings:
        event = events[telling.pk]
        parents = [uid for uid in event.parents.split("\n") if uid in uids]
        contents.append(related_to(bytes(event.content), parents) if parents else bytes(event.content))
    changed_at = max(telling.changed_at for telling in tellings)
    meta = CalendarMeta(
        name="",
        description="",
        language=language,
        product_id="-//Agenda//Diplomatic diary",
        url=settings.AGENDA_BASE_URL,
        last_modified=changed_at,
        default_zone="Etc/UTC",
        end_not_stated="",
        refresh_interval=None,
    )
    head = frame(meta, spans_of(event.zones for event in events.values()))
    return b"".join([head, *contents, CALENDAR_END]), changed_at


def _kept(tellings: list[Telling], language: str) -> dict[int, KeptEvent]:
    positions = {telling.pk: telling.position for telling in tellings}
    kept = KeptEvent.objects.filter(telling__in=tellings, language=language, stamp=stamp(language))
    good = {event.telling_id: event for event in kept if event.position == positions[event.telling_id]}
    missing = [pk for pk in positions if pk not in good]
    return good | (keep(missing, language) if missing else {})
