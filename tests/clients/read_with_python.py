"""Reads a calendar from standard input with the Python package that is named and writes its events as JSON."""

import datetime as dt
import json
import sys


def text(moment):
    """A day, or a moment in UTC."""
    if isinstance(moment, dt.datetime):
        return moment.astimezone(dt.UTC).isoformat()
    return moment.isoformat()


def with_ics(data):
    """ics.py."""
    import ics

    for event in ics.Calendar(data).events:
        days = event.all_day
        begin, end = (event.begin.date(), event.end.date()) if days else (event.begin.datetime, event.end.datetime)
        yield event.uid, event.name, event.status or "", begin, end


def with_ical(data):
    """ical, Home Assistant's parser, which is strict."""
    from ical.calendar_stream import IcsCalendarStream

    for event in IcsCalendarStream.calendar_from_ics(data).events:
        yield event.uid, event.summary, str(event.status or ""), event.dtstart, event.dtend


def with_vobject(data):
    """vobject, Radicale's parser."""
    import vobject

    for event in vobject.readOne(data).vevent_list:
        yield event.uid.value, event.summary.value, event.status.value, event.dtstart.value, event.dtend.value


def with_icalevents(data):
    """icalevents."""
    from icalevents.icalevents import events

    start, end = dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)  # noqa: DTZ001  (icalevents wants them naive)
    for event in events(string_content=data.encode(), start=start, end=end):
        begin, last = (event.start.date(), event.end.date()) if event.all_day else (event.start, event.end)
        yield event.uid.rpartition("_")[0] or event.uid, event.summary, str(event.status or ""), begin, last


name = sys.argv[1]
found = globals()[f"with_{name}"](sys.stdin.buffer.read().decode())
json.dump(
    [
        {"uid": uid, "summary": summary, "status": status, "start": text(start), "end": text(end)}
        for uid, summary, status, start, end in found
    ],
    sys.stdout,
)
