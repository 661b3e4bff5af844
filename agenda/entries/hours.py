"""Hours as moments: on the host's clock with its offset, where a source gave the hour and its zone is known."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from agenda.entries.models import DiaryEntry


def starts(entry: DiaryEntry) -> dt.datetime | None:
    """When it starts, in the zone of the entry; None where no hour is known, or no zone."""
    return entry.starts_at.astimezone(ZoneInfo(entry.zone)) if entry.starts_at is not None else None


def ends(entry: DiaryEntry) -> dt.datetime | None:
    """When it ends, in the zone of the entry; None where no source says so. Never estimated."""
    content: dict[str, Any] = entry.content
    if entry.starts_at is None or not content.get("end_time"):
        return None
    day = dt.date.fromisoformat(content["day"]) + dt.timedelta(days=1 if content.get("ends_next_day") else 0)
    local = dt.datetime.combine(day, dt.time.fromisoformat(content["end_time"]), ZoneInfo(entry.zone))
    return local.astimezone(dt.UTC).astimezone(ZoneInfo(entry.zone))  # an hour that the clock leaves out is moved on


def accreditation(entry: DiaryEntry) -> dt.datetime | None:
    """Until when to ask for accreditation, on the entry's clock, else in UTC; None where no source says so."""
    said = entry.content.get("accreditation_until")
    return dt.datetime.fromisoformat(said).astimezone(ZoneInfo(entry.zone or "UTC")) if said else None
