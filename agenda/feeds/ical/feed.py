"""A whole calendar: its own properties, the zones it uses, its events (RFC 5545, 3.6; RFC 7986, 5)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agenda.entries.entry import Entry

from .content_lines import content_lines, duration_text, line_value, text_value, uri_value, utc_text
from .event import RenderedEvent, render_event
from .vtimezone import vtimezone


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour in the two spellings that calendar programs read."""

    name: str  # CSS3 colour name (RFC 7986, 5.9)
    rgb: str  # "#rrggbb", the same colour


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMeta:
    """What a calendar says of itself, in its one language.

    A file to be imported once has no name and no interval: some programs make a new calendar of a file with a name.
    """

    name: str
    description: str
    language: str  # BCP 47
    product_id: str  # "-//owner//product"; the language is added
    url: str  # the page of this feed
    last_modified: dt.datetime  # aware: last change of the feed itself, deletions and window included
    default_zone: str  # IANA
    end_not_stated: str  # "fin non précisée": opens the description of an event whose end is an estimate
    source_url: str | None = None  # where a fresh copy is; public feeds only, it would give a secret address away
    colour: Colour | None = None
    refresh_interval: dt.timedelta | None = dt.timedelta(hours=1)


def calendar_bytes(entries: Iterable[Entry], meta: CalendarMeta) -> bytes:
    """Return the iCalendar stream of these entries: UTF-8, CRLF, in order of start and UID.

    The same entries, in whatever order, and the same meta give the same bytes. Raises ValueError for two entries with
    one UID (calendar programs would lose one of them), and what `render_event` raises.
    """
    ordered = sorted(entries, key=_by_start)
    uids = Counter(entry.uid for entry in ordered)
    if len(uids) != len(ordered):
        raise ValueError(f"two entries with one UID: {uids.most_common(1)[0][0]}")
    events = [
        render_event(entry, end_not_stated=meta.end_not_stated, parent_in_feed=entry.parent_uid in uids)
        for entry in ordered
    ]
    return assemble(events, meta)


def assemble(events: Sequence[RenderedEvent], meta: CalendarMeta) -> bytes:
    """Return the calendar around events that are rendered and in order already."""
    spans: dict[str, tuple[int, int]] = {}
    for zone, year in {(time.zone, time.wall.year) for event in events for time in event.times}:
        first, last = spans.get(zone, (year, year))
        spans[zone] = (min(first, year), max(last, year))
    if not events:
        spans[meta.default_zone] = (meta.last_modified.year, meta.last_modified.year)
    return b"".join([frame(meta, spans), *(event.content for event in events), CALENDAR_END])


CALENDAR_END = b"END:VCALENDAR\r\n"


def frame(meta: CalendarMeta, spans: Mapping[str, tuple[int, int]]) -> bytes:
    """Return what stands before the events: the calendar's own properties, then each zone once, by name.

    `spans` are the zones in use, each with the first and last year in which it is used. A calendar has at least one
    component: without any event, name a zone.
    """
    zones = [
        vtimezone(zone, dt.date(first, 1, 1), dt.date(last, 1, 1)) for zone, (first, last) in sorted(spans.items())
    ]
    return content_lines(_properties(meta)) + b"".join(zones)


def strong_etag(content: bytes) -> str:
    """Return the strong entity tag of these bytes, quotes included (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _by_start(entry: Entry) -> tuple[dt.datetime, str]:
    starts = entry.starts
    return (starts if isinstance(starts, dt.datetime) else dt.datetime.combine(starts, dt.time()), entry.uid)


def _properties(meta: CalendarMeta) -> Iterator[str]:
    name = line_value(meta.name)
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{line_value(meta.product_id)}//{meta.language.upper()}"
    yield "CALSCALE:GREGORIAN"
    if name:
        yield f"NAME:{name}"
        yield f"X-WR-CALNAME:{name}"
    if meta.description:
        description = text_value(meta.description)
        yield f"DESCRIPTION:{description}"
        yield f"X-WR-CALDESC:{description}"
    yield f"X-WR-TIMEZONE:{meta.default_zone}"
    if meta.refresh_interval:
        interval = duration_text(meta.refresh_interval)
        yield f"REFRESH-INTERVAL;VALUE=DURATION:{interval}"
        yield f"X-PUBLISHED-TTL:{interval}"
    if meta.colour:
        yield f"COLOR:{line_value(meta.colour.name)}"
        yield f"X-APPLE-CALENDAR-COLOR:{line_value(meta.colour.rgb)}"
    yield f"URL:{uri_value(meta.url)}"
    if meta.source_url:
        yield f"SOURCE;VALUE=URI:{uri_value(meta.source_url)}"
    yield f"LAST-MODIFIED:{utc_text(meta.last_modified)}"
