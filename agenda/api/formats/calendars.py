"""Entries as a calendar: the events that feeds have of them. What has no day is no event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agenda.api.formats.parts import items_of
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry
from agenda.entries.wording import as_entry
from agenda.feeds.ical import CalendarMeta, calendar_bytes


def icalendar_of(entries: Sequence[DiaryEntry], address: str) -> bytes:
    """The iCalendar of entries (RFC 5545), to be imported; `address` is where it was asked for."""
    made = (as_entry(row, list(items_of(row)), url=absolute(page_path(row))) for row in entries)
    events = [replace(entry, parent_uid=None) for entry in made if entry is not None]
    changed_at = max((event.last_modified for event in events), default=timezone.now())
    meta = CalendarMeta(
        name="",
        description="",
        language=get_language() or "en",
        product_id="-//Agenda//Diplomatic diary",
        url=address,
        last_modified=changed_at,
        default_zone="Etc/UTC",
        end_not_stated=_("end not stated"),
        refresh_interval=None,
    )
    return calendar_bytes(events, meta)
