"""The first lines of a calendar event as text: its days, its hours and the clock they are on, and its title.

    2026-02-09 (Africa/Algiers)
    10:00 - 11:00 Entretien du ministre avec son homologue tunisien
    LOCATION: Alger, siège du ministère

An event of whole days has "- " in place of its hours. A clock that is not known stands as "(TZID=its name)"; without
one the hour is on the clock of wherever the event takes place. Written here and read back here, so that what the
calendar states exactly need not be guessed from words.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

CANCELLED = "STATUS: CANCELLED"
_LOCATION = "LOCATION: "
_UNKNOWN = "TZID="
_WHOLE_DAYS = "-"
_DAY = r"\d{4}-\d\d-\d\d"
_HEAD = re.compile(
    rf"(?P<days>(?P<first>{_DAY})(?: - (?P<last>{_DAY}))?(?P<clock> \((?P<zone>[^()\n]+)\))?)\n"
    r"(?:-|(?P<hours>(?P<start>\d\d:\d\d)(?: - (?P<end>\d\d:\d\d))?)) (?P<title>[^\n]*)"
    rf"(?:\n{_LOCATION}(?P<location>[^\n]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTime:
    """When an event is, as its calendar states it. Days are inclusive; hours "HH:MM" on the clock of `zone` (IANA).

    Without hours it takes whole days. `zone` is empty for hours on the clock of the place ("floating"), and where the
    calendar names a clock that nobody knows, which `unknown_zone` then holds. `end` is an hour of the first day, or one
    before `start` for an event that ends in the night after it; of a longer one no end is given.
    """

    first: dt.date
    last: dt.date
    start: str = ""
    end: str = ""
    zone: str = ""
    unknown_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHead:
    """The head of an event's text; each pair is where its words begin and end. `hours` is None for
    whole days, `location` where none is said."""

    when: EventTime
    days: tuple[int, int]
    hours: tuple[int, int] | None
    title: tuple[int, int]
    location: tuple[int, int] | None


def head_lines(when: EventTime, title: str, location: str = "") -> str:
    """The first lines of an event's text; title and location are one line each."""
    days = when.first.isoformat() + (f" - {when.last.isoformat()}" if when.last != when.first else "")
    zone = when.zone or (f"{_UNKNOWN}{when.unknown_zone}" if when.unknown_zone else "")
    hours = when.start + (f" - {when.end}" if when.end else "")
    return f"{days}{f' ({zone})' if zone and when.start else ''}\n{hours or _WHOLE_DAYS} {title}" + (
        f"\n{_LOCATION}{location}" if location else ""
    )


def without_clock(text: str) -> str:
    """The text with blanks in place of its clock, which is named like a city: what is read for who and what."""
    found = _HEAD.match(text)
    if found is None or found["clock"] is None:
        return text
    start, end = found.span("clock")
    return text[:start] + " " * (end - start) + text[end:]


def head_of(text: str) -> EventHead | None:
    """What the first lines of an event's text state; None for a text that does not begin so."""
    found = _HEAD.match(text)
    if found is None:
        return None
    zone = found["zone"] or ""
    try:
        first = dt.date.fromisoformat(found["first"])
        last = dt.date.fromisoformat(found["last"] or found["first"])
    except ValueError:
        return None
    is_unknown = zone.startswith(_UNKNOWN)
    when = EventTime(
        first=first,
        last=last,
        start=found["start"] or "",
        end=found["end"] or "",
        zone="" if is_unknown else zone,
        unknown_zone=zone.removeprefix(_UNKNOWN) if is_unknown else "",
    )
    return EventHead(
        when=when,
        days=found.span("days"),
        hours=found.span("hours") if found["hours"] else None,
        title=found.span("title"),
        location=found.span("location") if found["location"] else None,
    )
