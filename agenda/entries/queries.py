"""The entries a reader may see: every outlet asks here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from agenda.entries.models import DiaryEntry
from diplomacy.visits.visibility import Audience, may_read, readable_by


def visible_entries(audience: Audience, now: dt.datetime) -> QuerySet[DiaryEntry]:
    """What the audience may see at `now` (aware)."""
    return DiaryEntry.objects.filter(readable_by(audience, now))


def with_told(rows: QuerySet[DiaryEntry], audience: Audience) -> QuerySet[Any]:
    """The rows with what the audience was told of each: `told_sequence` and `told_at`, the time of its last change.

    Both count only what this audience could see. What the clock released must have been told (`telling.tell_due`).
    """
    told = FilteredRelation("tellings", condition=Q(tellings__audience=audience))
    return rows.annotate(told=told).annotate(told_sequence=F("told__sequence"), told_at=F("told__changed_at"))


def touching(first: dt.date, last: dt.date) -> Q:
    """Entries of which a day lies within the two days, inclusive; an entry without days never does.

    Most have one day and are found by it; those of several that began earlier are found by their last.
    """
    earlier = Q(starts_on__lt=first, ends_on__gte=first, ends_on__gt=F("starts_on"))
    return Q(starts_on__range=(first, last)) | earlier


def readable(entry: DiaryEntry, audience: Audience, at: dt.datetime) -> bool:
    """Whether the audience may see a row at `at`: what `visible_entries` asks the database, of one row at hand."""
    return may_read(entry.publication, entry.visibility, entry.release_at, audience, at)


def programme_of(visit: DiaryEntry, audience: Audience, now: dt.datetime) -> list[DiaryEntry]:
    """The items of a visit that the audience may see, by day and hour, then in the order of the programme."""
    return in_order(visible_entries(audience, now).filter(parents=visit), visit)


def in_order(items: Iterable[DiaryEntry], visit: DiaryEntry) -> list[DiaryEntry]:
    """Items of a visit by day and hour, then in the order of its programme. They may be without their content, where
    they have their hour as `start_clock`.
    """
    place = {str(line["item"]): line["position"] for line in visit.content["programme"]}
    return sorted(items, key=lambda item: _order(item, place.get(str(item.item_id), 0)))


def _order(item: DiaryEntry, position: int) -> tuple[dt.date, int, str]:
    clock = item.__dict__.get("start_clock") if "content" not in item.__dict__ else item.content.get("start_time")
    return (item.starts_on or dt.date.max, position, clock or "")
