"""One entry as a VEVENT, against the feed's contract."""

# ruff: noqa: DTZ001  (local times are naive, their zone stands beside them)

import datetime as dt
import zoneinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from agenda.entries.entry import Certainty, Entry
from agenda.feeds.ical import UnrenderableEntryError, event_bytes
from agenda.feeds.ical.event import LocalTime, local_time

from .samples import VISIT_UID, entry, visit


def lines(value: Entry, **options: Any) -> list[str]:
    """Return the unfolded lines of an entry's VEVENT."""
    content = event_bytes(value, **({"end_not_stated": "fin non précisée"} | options))
    assert content.endswith(b"\r\n")
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def prop(value: Entry, name: str, **options: Any) -> str:
    """Return the one line of a property, name and parameters included."""
    (found,) = [line for line in lines(value, **options) if line.startswith((f"{name}:", f"{name};"))]
    return found


def names(value: Entry) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in lines(value)]


def test_a_plain_entry_whole() -> None:
    assert lines(entry()) == [
        "BEGIN:VEVENT",
        "UID:7a2698ba-6ff1-4eab-b858-54d6b797a410@agenda.example",
        "DTSTAMP:20260601T113000Z",
        "CREATED:20260601T083000Z",
        "LAST-MODIFIED:20260601T113000Z",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "CLASS:PUBLIC",
        "DTSTART;TZID=Africa/Bamako:20260715T100000",
        "DTEND;TZID=Africa/Bamako:20260715T110000",
        "SUMMARY:Tête-à-tête avec le ministre",
        "END:VEVENT",
    ]


def test_a_visit_ends_on_the_day_after_its_last() -> None:
    assert prop(visit(), "DTSTART") == "DTSTART;VALUE=DATE:20260714"
    assert prop(visit(), "DTEND") == "DTEND;VALUE=DATE:20260716"
    assert prop(visit(), "TRANSP") == "TRANSP:TRANSPARENT"


@pytest.mark.parametrize("ends", [None, dt.date(2026, 7, 14), dt.date(2026, 7, 13)])
def test_a_day_without_a_later_last_day_is_one_day(ends: dt.date | None) -> None:
    assert prop(visit(ends=ends), "DTEND") == "DTEND;VALUE=DATE:20260715"


def test_all_properties() -> None:
    full = entry(
        description="Ordre du jour :\n1. paix ; 2. commerce",
        location="Palais de Koulouba,\nBamako",
        latitude=12.6392,
        longitude=-8.0029,
        url="https://agenda.example/fr/rencontres/7/",
        categories=("Entretien", "Mali, Russie"),
        parent_uid=VISIT_UID,
    )
    written = lines(full, parent_in_feed=True)
    assert "DESCRIPTION:Ordre du jour :\\n1. paix \\; 2. commerce" in written
    assert "LOCATION:Palais de Koulouba\\, Bamako" in written
    assert "GEO:12.639200;-8.002900" in written
    assert "URL:https://agenda.example/fr/rencontres/7/" in written
    assert "CATEGORIES:Entretien,Mali\\, Russie" in written
    assert f"RELATED-TO;RELTYPE=PARENT:{VISIT_UID}" in written


def test_a_parent_outside_the_feed_is_not_named() -> None:
    assert "RELATED-TO" not in names(entry(parent_uid=VISIT_UID))


def test_nothing_is_written_of_what_is_not_known() -> None:
    assert not {"DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES"} & set(names(entry()))
    assert "GEO" not in names(entry(latitude=12.0))


def test_nobody_is_invited_and_nothing_rings() -> None:
    assert not {"ATTENDEE", "ORGANIZER", "ATTACH"} & set(names(entry()))
    assert lines(entry()).count("BEGIN:VEVENT") == len([line for line in lines(entry()) if line.startswith("BEGIN:")])


def test_a_missing_end_is_an_estimate_and_says_so() -> None:
    open_end = entry(ends=None, usual_minutes=45)
    assert prop(open_end, "DTEND") == "DTEND;X-AGENDA-ESTIMATED=TRUE;TZID=Africa/Bamako:20260715T104500"
    assert prop(open_end, "DESCRIPTION") == "DESCRIPTION:fin non précisée"
    assert prop(open_end, "DESCRIPTION", end_not_stated="end not stated") == "DESCRIPTION:end not stated"
    described = entry(ends=None, description="Au palais")
    assert prop(described, "DESCRIPTION") == "DESCRIPTION:fin non précisée\\nAu palais"


def test_a_known_end_is_never_called_an_estimate() -> None:
    assert "fin non précisée" not in "".join(lines(entry(description="x")))
    assert "ESTIMATED" not in "".join(lines(entry()))


@pytest.mark.parametrize("ends", [dt.datetime(2026, 7, 15, 10), dt.datetime(2026, 7, 15, 9)])
def test_an_end_not_after_the_start_is_no_end(ends: dt.datetime) -> None:
    assert prop(entry(ends=ends), "DTEND") == "DTEND;X-AGENDA-ESTIMATED=TRUE;TZID=Africa/Bamako:20260715T110000"


def test_a_cancelled_entry_takes_nobodys_time() -> None:
    cancelled = entry(certainty=Certainty.CANCELLED)
    assert prop(cancelled, "STATUS") == "STATUS:CANCELLED"
    assert prop(cancelled, "TRANSP") == "TRANSP:TRANSPARENT"


def test_a_hostile_title_stays_a_title() -> None:
    title = prop(entry(summary="Visite\r\nATTENDEE:mailto:x@example.com\r\n" + "é" * 10_000), "SUMMARY")
    assert title.startswith("SUMMARY:Visite ATTENDEE:mailto:x@example.com é")
    assert len(title) == len("SUMMARY:") + 255


def test_hostile_text_cannot_leave_its_property() -> None:
    hostile = "x\r\nEND:VEVENT\nEND:VCALENDAR\x00\u2028BEGIN:VALARM"
    written = lines(
        entry(description=hostile, location=hostile, url=f"https://a.example/{hostile}", categories=(hostile,))
    )
    assert [line for line in written if line.startswith(("BEGIN", "END"))] == ["BEGIN:VEVENT", "END:VEVENT"]


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": None},
        {"starts": dt.datetime(2026, 7, 15, 10, tzinfo=dt.UTC)},
        {"ends": dt.datetime(2026, 7, 15, 11, tzinfo=dt.UTC)},
        {"ends": dt.date(2026, 7, 15)},
        {"starts": dt.date(2026, 7, 15)},
    ],
)
def test_contradicting_times_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(UnrenderableEntryError, match="7a2698ba"):
        event_bytes(entry(**broken), end_not_stated="")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        event_bytes(entry(zone="Mars/Olympus"), end_not_stated="")


PARIS, LORD_HOWE = "Europe/Paris", "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "wall", "written", "utc"),
    [
        (PARIS, dt.datetime(2026, 7, 15, 9), LocalTime(dt.datetime(2026, 7, 15, 9), PARIS), (15, 7)),
        # the night of 29 March: 02:30 does not exist, it is half an hour after 01:59
        (PARIS, dt.datetime(2026, 3, 29, 2, 30), LocalTime(dt.datetime(2026, 3, 29, 3, 30), PARIS), (29, 1, 30)),
        (
            PARIS,
            dt.datetime(2026, 3, 29, 2, 30, fold=1),
            LocalTime(dt.datetime(2026, 3, 29, 3, 30), PARIS),
            (29, 1, 30),
        ),
        # the night of 25 October: 02:30 comes twice
        (
            PARIS,
            dt.datetime(2026, 10, 25, 2, 30),
            LocalTime(dt.datetime(2026, 10, 25, 2, 30), "Etc/GMT-2"),
            (25, 0, 30),
        ),
        (
            PARIS,
            dt.datetime(2026, 10, 25, 2, 30, fold=1),
            LocalTime(dt.datetime(2026, 10, 25, 2, 30), "Etc/GMT-1"),
            (25, 1, 30),
        ),
        (
            "America/New_York",
            dt.datetime(2026, 11, 1, 1, 15, fold=1),
            LocalTime(dt.datetime(2026, 11, 1, 1, 15), "Etc/GMT+5"),
            (1, 6, 15),
        ),
        (
            "Europe/London",
            dt.datetime(2026, 10, 25, 1, 30, fold=1),
            LocalTime(dt.datetime(2026, 10, 25, 1, 30), "Etc/GMT"),
            (25, 1, 30),
        ),
        (
            LORD_HOWE,
            dt.datetime(2026, 4, 5, 1, 45, fold=1),
            LocalTime(dt.datetime(2026, 4, 4, 15, 15), "Etc/UTC"),
            (4, 15, 15),
        ),
        # fold=1 where nothing is repeated means nothing
        (PARIS, dt.datetime(2026, 7, 15, 9, fold=1), LocalTime(dt.datetime(2026, 7, 15, 9), PARIS), (15, 7)),
    ],
)
def test_nights_of_the_clock_change(zone: str, wall: dt.datetime, written: LocalTime, utc: tuple[int, ...]) -> None:
    day, hour, minute = (*utc, 0)[:3]
    month = written.wall.month
    got, moment = local_time(wall, ZoneInfo(zone))
    assert got == written
    assert moment == dt.datetime(2026, month, day, hour, minute)
    assert got.wall.replace(tzinfo=ZoneInfo(got.zone)).astimezone(dt.UTC).replace(tzinfo=None) == moment


def test_an_estimate_across_the_clock_change_lasts_its_real_length() -> None:
    late = entry(zone=PARIS, starts=dt.datetime(2026, 10, 25, 1, 30), ends=None, usual_minutes=120)
    assert prop(late, "DTEND").endswith("TZID=Etc/GMT-1:20261025T023000")
    early = entry(zone=PARIS, starts=dt.datetime(2026, 3, 29, 1, 30), ends=None, usual_minutes=60)
    assert prop(early, "DTEND").endswith("TZID=Europe/Paris:20260329T033000")


def test_the_same_entry_gives_the_same_bytes() -> None:
    assert event_bytes(entry(), end_not_stated="x") == event_bytes(entry(), end_not_stated="x")


def test_an_event_alone_parses() -> None:
    content = b"BEGIN:VCALENDAR\r\n" + event_bytes(visit(), end_not_stated="x") + b"END:VCALENDAR\r\n"
    (event,) = Calendar.from_ical(content).events
    assert event["UID"] == VISIT_UID
