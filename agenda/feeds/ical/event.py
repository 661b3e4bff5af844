"""One diary entry as a VEVENT (RFC 5545, 3.6.1)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from agenda.entries.entry import Certainty, Entry

from .content_lines import (
    LINE_OCTETS,
    SUMMARY_CHARACTERS,
    date_text,
    date_time_text,
    folded,
    geo_value,
    line_value,
    text_value,
    uri_value,
    utc_text,
)

ONE_DAY = dt.timedelta(days=1)
ONE_HOUR = dt.timedelta(hours=1)
_HALF_DAY = dt.timedelta(hours=12)
_END = b"END:VEVENT\r\n"


class UnrenderableEntryError(ValueError):
    """An entry whose times contradict each other or lack what makes them times."""


class LocalTime(NamedTuple):  # made twice an event: quicker to make than a frozen dataclass
    """A time as it is written: one that exists, and only once, on the clock of the zone."""

    wall: dt.datetime  # naive
    zone: str  # IANA


class RenderedEvent(NamedTuple):
    """The bytes of one VEVENT and the times whose zones its calendar has to describe."""

    content: bytes
    times: tuple[LocalTime, ...]  # empty for an all-day event


def event_bytes(entry: Entry, *, end_not_stated: str, parent_in_feed: bool = False) -> bytes:
    """Return the VEVENT of an entry, CRLF and folded. Arguments and errors are those of `render_event`."""
    return render_event(entry, end_not_stated=end_not_stated, parent_in_feed=parent_in_feed).content


def render_event(entry: Entry, *, end_not_stated: str, parent_in_feed: bool = False) -> RenderedEvent:
    """Render one entry; the same arguments give the same bytes.

    `end_not_stated` opens the description of a timed entry whose end the source does not give ("fin non précisée"):
    such an entry ends after its kind's usual length, on a DTEND marked X-AGENDA-ESTIMATED=TRUE. An end that is not
    after its start is no end and is treated so. RELATED-TO is written when `parent_in_feed` says that it leads
    somewhere.

    Raises UnrenderableEntryError for a timed entry without zone or with an aware time, and for a day that ends at a
    time or the reverse; ValueError for coordinates off the globe; zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    estimated = False
    times: tuple[LocalTime, ...] = ()
    if isinstance(entry.starts, dt.datetime):
        start, end, estimated = _timed(entry, entry.starts)
        times = (start, end)
        mark = "X-AGENDA-ESTIMATED=TRUE;" if estimated else ""
        when = [
            f"DTSTART;TZID={start.zone}:{date_time_text(start.wall)}",
            f"DTEND;{mark}TZID={end.zone}:{date_time_text(end.wall)}",
        ]
    else:
        last = _last_day(entry, entry.starts)
        when = [
            f"DTSTART;VALUE=DATE:{date_text(entry.starts)}",
            f"DTEND;VALUE=DATE:{date_text(last + ONE_DAY)}",
        ]
    description = f"{end_not_stated}\n{entry.description}".rstrip("\n") if estimated else entry.description
    lines = [*when, *_wording(entry, description)]
    if entry.parent_uid and parent_in_feed:
        lines.append(_relation(entry.parent_uid))
    wording = "\r\n".join([line if line.isascii() and len(line) <= LINE_OCTETS else folded(line) for line in lines])
    content = f"BEGIN:VEVENT\r\n{_identity(entry)}\r\n{wording}\r\nEND:VEVENT\r\n"
    return RenderedEvent(content.encode(), times)


def related_to(event: bytes, parents: Iterable[str]) -> bytes:
    """Return a rendered VEVENT with a RELATED-TO for each of these parents' UIDs at its end."""
    lines = "".join(f"{folded(_relation(parent))}\r\n" for parent in parents)
    return event.removesuffix(_END) + lines.encode() + _END


def _relation(parent: str) -> str:
    return f"RELATED-TO;RELTYPE=PARENT:{text_value(parent)}"


def _identity(entry: Entry) -> str:
    """Return the lines that say which event this is, at which revision, and how it counts in a reader's day.

    All but the UID are short by construction and need no folding.
    """
    uid = text_value(entry.uid)
    changed = utc_text(entry.last_modified)  # without METHOD, DTSTAMP is the last revision (RFC 5545, 3.8.7.2)
    transparent = entry.transparent or entry.certainty is Certainty.CANCELLED
    return (
        f"{folded(f'UID:{uid}')}\r\n"
        f"DTSTAMP:{changed}\r\n"
        f"CREATED:{utc_text(entry.created)}\r\n"
        f"LAST-MODIFIED:{changed}\r\n"
        f"SEQUENCE:{entry.sequence}\r\n"
        f"STATUS:{entry.certainty.value}\r\n"
        f"TRANSP:{'TRANSPARENT' if transparent else 'OPAQUE'}\r\n"
        "CLASS:PUBLIC"
    )


def _wording(entry: Entry, description: str) -> list[str]:
    lines = [f"SUMMARY:{line_value(entry.summary, SUMMARY_CHARACTERS)}"]
    if description:
        lines.append(f"DESCRIPTION:{text_value(description)}")
    if entry.location:
        lines.append(f"LOCATION:{_often_used(entry.location)}")
    if entry.latitude is not None and entry.longitude is not None:
        lines.append(f"GEO:{geo_value(entry.latitude, entry.longitude)}")
    if entry.url:
        lines.append(f"URL:{uri_value(entry.url)}")
    if entry.categories:
        lines.append("CATEGORIES:" + ",".join([_often_used(category) for category in entry.categories]))
    return lines


@lru_cache(maxsize=2048)
def _often_used(text: str) -> str:
    """Return `line_value` of a text that stands in many entries: a category, a place."""
    return line_value(text)


def _last_day(entry: Entry, first: dt.date) -> dt.date:
    if isinstance(entry.ends, dt.datetime):
        raise UnrenderableEntryError(f"entry {entry.uid}: starts on a day and ends at a time")
    return first if entry.ends is None else max(first, entry.ends)


def _timed(entry: Entry, starts: dt.datetime) -> tuple[LocalTime, LocalTime, bool]:
    """Return start, end and whether the end is an estimate."""
    if entry.zone is None:
        raise UnrenderableEntryError(f"entry {entry.uid}: a time without its zone")
    if entry.ends is not None and not isinstance(entry.ends, dt.datetime):
        raise UnrenderableEntryError(f"entry {entry.uid}: starts at a time and ends on a day")
    if starts.tzinfo is not None or (entry.ends is not None and entry.ends.tzinfo is not None):
        raise UnrenderableEntryError(f"entry {entry.uid}: local times are naive, their zone stands beside them")
    zone = zoneinfo.ZoneInfo(entry.zone)
    start, start_utc = local_time(starts, zone)
    if entry.ends is not None:
        end, end_utc = local_time(entry.ends, zone)
        if end_utc > start_utc:
            return start, end, False
    estimate = (start_utc + dt.timedelta(minutes=max(1, entry.usual_minutes))).replace(tzinfo=dt.UTC).astimezone(zone)
    end, _ = local_time(estimate.replace(tzinfo=None), zone)
    return start, end, True


def local_time(wall: dt.datetime, zone: zoneinfo.ZoneInfo) -> tuple[LocalTime, dt.datetime]:
    """Return a naive local time as iCalendar can express it, and the same moment as naive UTC.

    - A time skipped when clocks go forward counts from the offset before the change (RFC 5545, 3.3.5): 02:30 is 03:30.
    - A time in an hour that is repeated when clocks go back is written on the clock of a zone without changes that
      shows the same hour (Etc/GMT-2, then Etc/GMT-1, for a night in Paris), or else of UTC. RFC 5545 takes the local
      form for the first pass and has none for the second; ical.js and khal take it for the second.
    """
    plain = wall.replace(fold=0) if wall.fold else wall
    steady = _steady_offset(zone, plain.date())
    if steady is not None:
        return LocalTime(plain, zone.key), plain - steady
    early, late = _offset(zone, plain), _offset(zone, plain.replace(fold=1))
    if early == late:
        return LocalTime(plain, zone.key), plain - early
    if early < late:
        return LocalTime(plain + (late - early), zone.key), plain - early
    return _on_fixed_clock(plain, late if wall.fold else early)


@lru_cache(maxsize=8192)
def _steady_offset(zone: zoneinfo.ZoneInfo, day: dt.date) -> dt.timedelta | None:
    """Return the offset that holds for the whole day, or None for a day around which the clock changes."""
    noon = dt.datetime.combine(day, dt.time(12))
    try:
        offsets = {_offset(zone, noon + step * _HALF_DAY) for step in range(-3, 4)}
    except OverflowError:  # at either end of the calendar
        return None
    return offsets.pop() if len(offsets) == 1 else None


def _on_fixed_clock(wall: dt.datetime, offset: dt.timedelta) -> tuple[LocalTime, dt.datetime]:
    moment = wall - offset
    if offset % ONE_HOUR:
        return LocalTime(moment, "Etc/UTC"), moment
    hours = offset // ONE_HOUR
    fixed = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"  # POSIX sign: Etc/GMT-1 is an hour ahead of UTC
    return LocalTime(wall, fixed), moment


def _offset(zone: zoneinfo.ZoneInfo, wall: dt.datetime) -> dt.timedelta:
    return zone.utcoffset(wall) or dt.timedelta(0)  # the type allows None; a ZoneInfo has an offset at every time
