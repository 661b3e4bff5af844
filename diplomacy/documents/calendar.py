"""iCalendar (RFC 5545): a file as its events, and one event as text, its times as the calendar states them."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar

from diplomacy.documents.calendar_parts import EVENT_TYPE, calendar_parts
from diplomacy.documents.document import Attachment, Document, DocumentError, Trouble
from diplomacy.documents.event_text import CANCELLED, EventTime, head_lines
from diplomacy.documents.limits import MOST_FILE_EVENTS

_UTC = "Etc/UTC"


def read_calendar(original: bytes) -> Document:
    """A file of events, each as an attachment: an event is a text of its own, recognised by its UID.

    Raises DocumentError for a file without events, one of too many, and one that is no calendar.
    """
    parts = calendar_parts(original)
    if len(parts.events) > MOST_FILE_EVENTS:
        raise DocumentError(Trouble.TOO_MANY_EVENTS, f"{len(parts.events)} events")
    if not parts.events:
        raise DocumentError(Trouble.NO_EVENTS)
    return Document(
        text="",
        attachments=tuple(
            Attachment(original=one.original, media_type=EVENT_TYPE, filename=one.title, identity=one.identity)
            for one in parts.events
        ),
    )


def read_event(original: bytes) -> Document:
    """The text of a calendar that holds one event: days and clock, hours and title, place, description.

    Raises DocumentError for one that cannot be read, repeats by a rule, or says neither what nor when.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of guessed time zones: they are checked below
            calendar = icalendar.Calendar.from_ical(original)
        event = calendar.walk("VEVENT")[0]
        if "RRULE" in event or "RDATE" in event:
            raise DocumentError(Trouble.RECURRING)
        when, beyond = _when(event, str(calendar.get("X-WR-TIMEZONE", "")))
    except DocumentError:
        raise
    except (ValueError, IndexError, AttributeError, KeyError, TypeError, OverflowError) as error:
        raise DocumentError(Trouble.DAMAGED, f"{type(error).__name__}: {error}") from error
    description = _words(event, "DESCRIPTION")
    title = " ".join(_words(event, "SUMMARY").split()) or next(iter(description.splitlines()), "")
    if not title:
        raise DocumentError(Trouble.NO_TEXT)
    lines = [head_lines(when, title, " ".join(_words(event, "LOCATION").split())), description, *beyond]
    lines += _status(calendar, event)
    return Document(text="\n".join(line for line in lines if line), title=title, published_on=_stamped_on(event, when))


def _when(event: Any, calendar_zone: str) -> tuple[EventTime, list[str]]:
    """When the event is, and what of it the head of a text cannot say: the end of one of several days."""
    start, end = event["DTSTART"].dt, _end(event)
    if not isinstance(start, dt.datetime):
        last = end - dt.timedelta(days=1) if end is not None and end > start else start
        return EventTime(first=start, last=last), []
    stated = str(event["DTSTART"].params.get("TZID", ""))
    zone, unknown = _zone(start, stated, calendar_zone)
    start, end = _on(start, zone), _on(end, zone) if end is not None else None
    if end is not None and end <= start:
        end = None
    if end is not None and _takes_days(start, end):
        return EventTime(first=start.date(), last=end.date() - dt.timedelta(days=1)), []
    last = end.date() if end is not None else start.date()
    is_one_night = end is not None and last - start.date() == dt.timedelta(days=1) and end.time() < start.time()
    has_end = end is not None and (last == start.date() or is_one_night)
    when = EventTime(
        first=start.date(),
        last=last,
        start=f"{start:%H:%M}",
        end=f"{end:%H:%M}" if end is not None and has_end else "",
        zone=zone,
        unknown_zone=unknown,
    )
    return when, [] if end is None or has_end else [f"DTEND: {end:%Y-%m-%d %H:%M}"]


def _end(event: Any) -> Any:
    """When it ends, of the kind of its start: exclusive for days. None where it is not said."""
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        return None
    same_kind = isinstance(end, dt.datetime) == isinstance(start, dt.datetime)
    same_clock = same_kind and (
        not isinstance(start, dt.datetime) or (start.tzinfo is None) == (end.tzinfo is None)
    )  # fmt: skip
    return end if same_clock else None


def _zone(start: dt.datetime, stated: str, calendar_zone: str) -> tuple[str, str]:
    """The IANA zone to tell the hour in, and the name of a clock that is not known.

    An instant in Greenwich time, or on a clock that the file defines itself, is told on the calendar's own clock where
    it names one: the instant stays.
    """
    if start.tzinfo is None:
        return "", " ".join(stated.split())[:60].translate({ord("("): "[", ord(")"): "]"})
    known = available_timezones()
    key = str(getattr(start.tzinfo, "key", "") or "")
    if key in known and key != "UTC":
        return key, ""
    return (calendar_zone if calendar_zone in known else _UTC), ""


def _on(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(zone)) if zone and moment.tzinfo is not None else moment


def _takes_days(start: dt.datetime, end: dt.datetime) -> bool:
    """Whether the hours are no more than the form some programs give to whole days: midnight to midnight."""
    midnight = dt.time(0)
    return start.time() == midnight and end.time() == midnight and end.date() > start.date()


def _status(calendar: Any, event: Any) -> list[str]:
    status = str(event.get("STATUS", "")).strip().upper()
    if status == "CANCELLED" or str(calendar.get("METHOD", "")).strip().upper() == "CANCEL":
        return [CANCELLED]
    return ["STATUS: TENTATIVE"] if status == "TENTATIVE" else []


def _words(event: Any, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip()


def _stamped_on(event: Any, when: EventTime) -> dt.date | None:
    """The day on which the calendar says that it last changed the event, on the event's own clock."""
    for name in ("LAST-MODIFIED", "DTSTAMP", "CREATED"):
        moment = getattr(event.get(name), "dt", None)
        if isinstance(moment, dt.datetime):
            return _on(moment, when.zone or _UTC).date()
    return None
