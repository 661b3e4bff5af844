"""A whole calendar, against the feed's contract."""

# ruff: noqa: DTZ001  (local times are naive, their zone stands beside them)

import datetime as dt
import random
import re
import unicodedata
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agenda.entries.entry import Certainty, Entry
from agenda.feeds.ical import calendar_bytes, clean_text, strong_etag
from agenda.feeds.ical.content_lines import one_line

from .samples import VISIT_UID, calendar, entry, visit


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def many() -> list[Entry]:
    """Return a visit with two items and entries in other zones, some at the same time."""
    others = [
        entry(uid=f"{number}@agenda.example", zone=zone, parent_uid=VISIT_UID if number < 2 else "elsewhere@a.example")
        for number, zone in enumerate(["Africa/Bamako", "Africa/Bamako", "Europe/Paris", "Asia/Tokyo", "Europe/Paris"])
    ]
    return [visit(), *others]


def test_the_calendars_own_properties() -> None:
    meta = calendar(source_url="https://agenda.example/feeds/fr/tout.ics")
    assert unfolded(calendar_bytes([visit()], meta))[:16] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//agenda.example//Agenda//FR",
        "CALSCALE:GREGORIAN",
        "NAME:Agenda diplomatique",
        "X-WR-CALNAME:Agenda diplomatique",
        "DESCRIPTION:Visites et entretiens",
        "X-WR-CALDESC:Visites et entretiens",
        "X-WR-TIMEZONE:Africa/Bamako",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "COLOR:steelblue",
        "X-APPLE-CALENDAR-COLOR:#4682b4",
        "URL:https://agenda.example/fr/",
        "SOURCE;VALUE=URI:https://agenda.example/feeds/fr/tout.ics",
        "LAST-MODIFIED:20260602T083000Z",
    ]


def test_a_private_feed_does_not_say_where_it_is() -> None:
    assert b"SOURCE" not in calendar_bytes([visit()], calendar())


def test_no_method_no_rich_properties() -> None:
    names = {re.split("[:;]", line)[0] for line in unfolded(calendar_bytes(many(), calendar()))}
    unwanted = {"METHOD", "ATTENDEE", "ORGANIZER", "ATTACH", "RDATE", "COMMENT", "STRUCTURED-DATA", "LINK", "CONCEPT"}
    assert not names & unwanted


def test_an_empty_feed_has_a_zone() -> None:
    lines = unfolded(calendar_bytes([], calendar()))
    assert lines[-1] == "END:VCALENDAR"
    assert "TZID:Africa/Bamako" in lines


def test_days_need_no_zone() -> None:
    assert b"VTIMEZONE" not in calendar_bytes([visit()], calendar())


def test_zones_come_first_and_once() -> None:
    lines = unfolded(calendar_bytes(many(), calendar()))
    assert [line for line in lines if line.startswith("TZID:")] == [
        "TZID:Africa/Bamako",
        "TZID:Asia/Tokyo",
        "TZID:Europe/Paris",
    ]
    assert max(i for i, line in enumerate(lines) if line == "END:VTIMEZONE") < lines.index("BEGIN:VEVENT")


def test_every_zone_named_is_described() -> None:
    repeated_hour = entry(zone="Europe/Paris", starts=dt.datetime(2026, 10, 25, 2, 30, fold=1), ends=None)
    text = calendar_bytes([*many(), repeated_hour], calendar()).decode()
    named = set(re.findall("TZID=([^:;]+)", text))
    assert "Etc/GMT-1" in named
    assert named == set(re.findall("\r\nTZID:(.+)\r\n", text))


def test_related_to_leads_inside_the_feed() -> None:
    assert unfolded(calendar_bytes(many(), calendar())).count(f"RELATED-TO;RELTYPE=PARENT:{VISIT_UID}") == 2
    without_visit = [value for value in many() if not value.is_visit]
    assert b"RELATED-TO" not in calendar_bytes(without_visit, calendar())


def test_order_in_is_not_order_out() -> None:
    shuffled = many()
    random.Random(7).shuffle(shuffled)  # noqa: S311
    assert calendar_bytes(shuffled, calendar()) == calendar_bytes(many(), calendar())
    starts = re.findall("\r\nUID:(.+)\r\n", calendar_bytes(shuffled, calendar()).decode())
    assert starts == [VISIT_UID, *(f"{number}@agenda.example" for number in range(5))]


def test_one_uid_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=VISIT_UID):
        calendar_bytes([visit(), visit(summary="Autre")], calendar())


def test_a_hostile_name_stays_a_name() -> None:
    lines = unfolded(calendar_bytes([visit()], calendar(name="A\r\nMETHOD:PUBLISH", description="B\nMETHOD:CANCEL")))
    assert "NAME:A METHOD:PUBLISH" in lines
    assert not [line for line in lines if line.startswith("METHOD")]


def test_bytes_are_as_the_contract_says() -> None:
    content = calendar_bytes([*many(), entry(description="é" * 300 + "\n" * 3 + "🇲🇱" * 50)], calendar())
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert b"" not in content.split(b"\r\n")[:-1], "no blank lines"
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert unicodedata.is_normalized("NFC", content.decode())
    assert not re.search(rb"\bNone\b|\bnull\b", content)


def test_the_entity_tag_is_strong_and_follows_the_bytes() -> None:
    first, second = calendar_bytes([visit()], calendar()), calendar_bytes([visit(sequence=3)], calendar())
    assert re.fullmatch(r'"[0-9a-f]{32}"', strong_etag(first))
    assert strong_etag(first) == strong_etag(bytes(first))
    assert strong_etag(first) != strong_etag(second)


ZONES = ["Africa/Bamako", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"]
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2049, 12, 30)).map(lambda at: at.replace(microsecond=0))
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2049, 12, 30))
TEXT = st.text(st.characters(), max_size=120)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Draw an entry with any text, timed or all-day."""
    common: dict[str, Any] = {
        "uid": f"{draw(st.uuids(version=4))}@agenda.example",
        "summary": draw(TEXT),
        "description": draw(TEXT),
        "location": draw(TEXT),
        "categories": tuple(draw(st.lists(TEXT, max_size=2))),
        "certainty": draw(st.sampled_from(Certainty)),
        "sequence": draw(st.integers(0, 2**31 - 1)),
    }
    if draw(st.booleans()):
        first = draw(DAYS)
        return visit(**common, starts=first, ends=first + dt.timedelta(days=draw(st.integers(0, 9))))
    starts = draw(MOMENTS)
    ends = draw(st.none() | st.integers(1, 600).map(lambda minutes: starts + dt.timedelta(minutes=minutes)))
    return entry(**common, starts=starts, ends=ends, zone=draw(st.sampled_from(ZONES)))


def instant(wall: dt.datetime, zone: str) -> dt.datetime:
    """Return a local time in UTC; a skipped one counts from the offset before (RFC 5545, 3.3.5)."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


@settings(max_examples=150)
@given(st.lists(entries(), max_size=4, unique_by=lambda value: value.uid))
def test_what_is_written_is_read_back(written: list[Entry]) -> None:
    content = calendar_bytes(written, calendar())
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for physical in content.split(b"\r\n"):
        physical.decode()
    events = {str(event["UID"]): event for event in Calendar.from_ical(content).events}
    assert set(events) == {value.uid for value in written}
    for value in written:
        event = events[value.uid]
        assert str(event["SUMMARY"]) == one_line(value.summary, 255)
        description = str(event.get("DESCRIPTION", ""))
        assert description == clean_text(expected_description(value))
        assert event["SEQUENCE"] == value.sequence
        start, end = event.start, event.end
        if not isinstance(value.starts, dt.datetime):
            assert value.ends is not None
            assert (start, end) == (value.starts, value.ends + dt.timedelta(days=1))
            continue
        assert value.zone is not None
        assert isinstance(start, dt.datetime)
        assert isinstance(end, dt.datetime)
        assert start.astimezone(dt.UTC) == instant(value.starts, value.zone)
        assert end.astimezone(dt.UTC) == expected_end(value, value.starts, value.zone)


def expected_description(value: Entry) -> str:
    if value.all_day or not ends_unknown(value):
        return value.description
    return f"fin non précisée\n{value.description}".rstrip("\n")


def ends_unknown(value: Entry) -> bool:
    """Whether the end is missing or, on a night of the clock change, not after the start."""
    if not isinstance(value.ends, dt.datetime) or not isinstance(value.starts, dt.datetime) or value.zone is None:
        return True
    return instant(value.ends, value.zone) <= instant(value.starts, value.zone)


def expected_end(value: Entry, starts: dt.datetime, zone: str) -> dt.datetime:
    if isinstance(value.ends, dt.datetime) and not ends_unknown(value):
        return instant(value.ends, zone)
    return instant(starts, zone) + dt.timedelta(minutes=value.usual_minutes)


def test_uids_are_kept_whole() -> None:
    uid = f"{uuid.UUID(int=7)}@agenda.example"
    assert f"\r\nUID:{uid}\r\n".encode() in calendar_bytes([entry(uid=uid)], calendar())
