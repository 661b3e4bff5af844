"""Calendar programs reading our feeds: what each of them makes of the same bytes, in one comparable form.

ical.js (Thunderbird's parser) goes by the VTIMEZONE in the feed; icalendar and khal go by the TZID and their own
time-zone data. A feed is right when they agree. ical.js comes from npm at first use, pinned by package-lock.json, into
var/node of the working copy.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import icalendar

from tests.clients.node import installed

HERE = Path(__file__).parent
PATIENCE = 60  # seconds for a program to answer
ONE_DAY = dt.timedelta(days=1)


class SeenEvent(NamedTuple):
    """An event as a reader sees it: both ends dates (the end exclusive) or both moments in UTC."""

    uid: str
    start: dt.date
    end: dt.date
    summary: str


def read_with_icalendar(feed: bytes) -> list[SeenEvent]:
    """Return the events of a feed as the icalendar package reads them, by UID."""
    events = icalendar.Calendar.from_ical(feed).events
    return sorted(
        SeenEvent(str(event["UID"]), _utc(event.start), _utc(event.end), str(event["SUMMARY"])) for event in events
    )


def read_with_ical_js(feed: bytes) -> list[SeenEvent]:
    """Return the events of a feed as ical.js reads them, by UID. Skips the test where node or npm is absent."""
    module = (installed("ical.js", HERE) / "dist" / "ical.js").as_uri()
    answer = subprocess.run(
        ["node", str(HERE / "read_with_ical_js.mjs"), module],
        input=feed,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        env=os.environ | {"TZ": "Pacific/Auckland"},  # a time read without its zone shows
    )
    assert answer.returncode == 0, answer.stderr.decode()
    return sorted(
        SeenEvent(event["uid"], _moment(event["start"]), _moment(event["end"]), event["summary"])
        for event in json.loads(answer.stdout)
    )


def read_with_khal(feed: bytes) -> list[SeenEvent]:
    """Return the events of a feed as khal lists them after importing it, by UID."""
    days = [
        moment.date() if isinstance(moment, dt.datetime) else moment
        for event in read_with_icalendar(feed)
        for moment in (event.start, event.end)
    ]
    if not days:
        return []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "feed.ics").write_bytes(feed)
        (home / "calendar").mkdir()
        (home / "khal.conf").write_text(KHAL_CONFIGURATION.format(home=home))
        _khal(home, "import", "--batch", "-a", "feed", str(home / "feed.ics"))
        fields = [word for field in ("uid", "start-long", "end-long", "title") for word in ("--json", field)]
        listed = _khal(home, "list", "--once", *fields, str(min(days) - ONE_DAY), str(max(days) + ONE_DAY))
    events = [event for line in listed.splitlines() if line.startswith("[") for event in json.loads(line)]
    return sorted(_seen_by_khal(event) for event in events)


KHAL_CONFIGURATION = """
[calendars]
[[feed]]
path = {home}/calendar
type = calendar
[sqlite]
path = {home}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S
longdatetimeformat = %Y-%m-%dT%H:%M:%S
unicode_symbols = False
"""


def _khal(home: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("khal")), "--no-color", "-c", str(home / "khal.conf"), *arguments]
    answer = subprocess.run(
        command,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        text=True,
        env=os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home)},
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def _seen_by_khal(event: dict[str, str]) -> SeenEvent:
    start, end = event["start-long"], event["end-long"]
    if "T" in start:
        return SeenEvent(event["uid"], _moment(f"{start}Z"), _moment(f"{end}Z"), event["title"])
    return SeenEvent(event["uid"], _moment(start), _moment(end) + ONE_DAY, event["title"])  # khal shows the last day


def _moment(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _utc(moment: dt.date) -> dt.date:
    if not isinstance(moment, dt.datetime):
        return moment
    assert moment.tzinfo is not None, "a time without zone"
    return moment.astimezone(dt.UTC)
