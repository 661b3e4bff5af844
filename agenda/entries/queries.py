"""The entries a reader may see: every outlet asks here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from agenda.entries.models import DiaryEntry
from diplomacy.visits.visibility import Audience, may_read, readable_by


def visible_entries(audience: Audience, now: dt.datetime) -> QuerySet[DiaryEntry]:
    """What the audience may see at `now` (aware)."""
    return DiaryEntry.objects.filter(readable_by(audience, now))


def touching(first: dt.date, last: dt.date) -> Q:
    """Entries of which a day lies within the two days, inclusive; an entry without days never does."""
    return Q(starts_on__lte=last, ends_on__gte=first)


def readable(entry: DiaryEntry, audience: Audience, at: dt.datetime) -> bool:
    """Whether the audience may see a row at `at`: what `visible_entries` asks the database, of one row at hand."""
    return may_read(entry.publication, entry.visibility, entry.release_at, audience, at)


def programme_of(visit: DiaryEntry, audience: Audience, now: dt.datetime) -> list[DiaryEntry]:
    """The items of a visit that the audience may see, by day and hour, then in the order of the programme."""
    return in_order(visible_entries(audience, now).filter(parents=visit), visit)


def in_order(items: Iterable[DiaryEntry], visit: DiaryEntry) -> list[DiaryEntry]:
    """Items of a visit by day and hour, then in the order of its programme."""
    place = {str(line["item"]): line["position"] for line in visit.content["programme"]}
    return sorted(items, key=lambda item: _order(item, place.get(str(item.item_id), 0)))


def _order(item: DiaryEntry, position: int) -> tuple[dt.date, int, str]:
    return (item.starts_on or dt.date.max, position, item.content.get("start_time") or "")
