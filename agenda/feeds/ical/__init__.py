"""iCalendar bytes (RFC 5545, RFC 7986) from diary entries: pure rendering, no Django, no clock, no network."""

from .content_lines import clean_text
from .event import LocalTime, RenderedEvent, UnrenderableEntryError, event_bytes, related_to, render_event
from .feed import CALENDAR_END, CalendarMeta, Colour, assemble, calendar_bytes, frame, strong_etag
from .jcal import jcal_bytes
from .rich import Details, Participant, enriched
from .vtimezone import vtimezone
from .zone_rules import ZoneFileError

__all__ = [
    "CALENDAR_END",
    "CalendarMeta",
    "Colour",
    "Details",
    "LocalTime",
    "Participant",
    "RenderedEvent",
    "UnrenderableEntryError",
    "ZoneFileError",
    "assemble",
    "calendar_bytes",
    "clean_text",
    "enriched",
    "event_bytes",
    "frame",
    "jcal_bytes",
    "related_to",
    "render_event",
    "strong_etag",
    "vtimezone",
]
