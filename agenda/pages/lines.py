"""One diary line for a template: every text final, in the active language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from agenda.entries import wording
from agenda.entries.addresses import page_path
from agenda.entries.days import days_text, zone_text
from agenda.entries.models import DiaryEntry


@dataclass(frozen=True, slots=True)
class Line:
    """A visit or an item; `moment` is the UTC time of an exact hour whose zone is known."""

    path: str
    hour: str
    clock: str  # the hour alone, where there is little room
    days: str
    title: str
    status: str
    status_key: str
    is_visit: bool
    zone: str
    number: int
    first: dt.date | None
    last: dt.date | None
    access: str
    contested: str
    moment: dt.datetime | None


def diary_line(entry: DiaryEntry, number: int = 0) -> Line:
    """The line of an entry; `number` is its place in a programme."""
    return Line(
        path=page_path(entry),
        hour=wording.hour(entry),
        clock=entry.content.get("start_time") or "",
        days=days_text(entry.starts_on, entry.ends_on, with_year=False),
        title=wording.title(entry),
        status=wording.status_label(entry),
        status_key=entry.status,
        is_visit=entry.is_visit,
        zone=zone_text(entry.zone, entry.starts_on) if entry.starts_at and entry.starts_on else "",
        number=number,
        first=entry.starts_on,
        last=entry.ends_on,
        access=wording.access(entry),
        contested=wording.contested(entry),
        moment=entry.starts_at,
    )
