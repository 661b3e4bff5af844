"""iCalendar bytes (RFC 5545, RFC 7986) from diary entries: pure rendering, no Django, no clock, no network."""

from .content_lines import clean_text
from .event import LocalTime, RenderedEvent, UnrenderableEntryError, event_bytes, render_event
from .feed import CalendarMeta, Colour, assemble, calendar_bytes, strong_etag
from .vtimezone import vtimezone
from .zone_rules import ZoneFileError

__all__ = [
    "CalendarMeta",
    "Colour",
    "LocalTime",
    "RenderedEvent",
    "UnrenderableEntryError",
    "ZoneFileError",
    "assemble",
    "calendar_bytes",
    "clean_text",
    "event_bytes",
    "render_event",
    "strong_etag",
    "vtimezone",
]
