"""The same feed read by foreign programs: the same events, starts and ends in each."""

# ruff: noqa: DTZ001  (local times are naive, their zone stands beside them)

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from agenda.entries.entry import Certainty, Entry
from agenda.feeds.ical import calendar_bytes
from tests.feeds.samples import VISIT_UID, calendar, entry, visit

from .readers import SeenEvent, read_with_ical_js, read_with_icalendar, read_with_khal

Reader = Callable[[bytes], list[SeenEvent]]
READERS = [
    pytest.param(read_with_icalendar, id="icalendar"),
    pytest.param(read_with_ical_js, id="ical.js"),
    pytest.param(read_with_khal, id="khal"),
]


def utc(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]


def timed(name: str, zone: str, starts: dt.datetime, minutes: int | None = 60) -> Entry:
    ends = None if minutes is None else starts + dt.timedelta(minutes=minutes)
    return entry(uid=f"{name}@agenda.example", summary=name, zone=zone, starts=starts, ends=ends)


FEED = [
    visit(),
    timed("bamako", "Africa/Bamako", dt.datetime(2026, 7, 15, 10)),
    timed("paris-july", "Europe/Paris", dt.datetime(2026, 7, 15, 9)),
    timed("paris-january", "Europe/Paris", dt.datetime(2026, 1, 15, 9)),
    timed("paris-skipped", "Europe/Paris", dt.datetime(2026, 3, 29, 2, 30)),
    timed("paris-first-pass", "Europe/Paris", dt.datetime(2026, 10, 25, 2, 30), minutes=None),
    timed("paris-second-pass", "Europe/Paris", dt.datetime(2026, 10, 25, 2, 30, fold=1), minutes=None),
    timed("kathmandu", "Asia/Kathmandu", dt.datetime(2026, 7, 15, 9)),
    timed("new-york-july", "America/New_York", dt.datetime(2026, 7, 15, 9)),
    timed("lord-howe-january", "Australia/Lord_Howe", dt.datetime(2026, 1, 15, 9)),
    timed("casablanca-ramadan", "Africa/Casablanca", dt.datetime(2026, 3, 1, 9)),
    timed("casablanca-july", "Africa/Casablanca", dt.datetime(2026, 7, 15, 9)),
    timed("cairo-july", "Africa/Cairo", dt.datetime(2026, 7, 15, 9)),
    timed("cairo-november", "Africa/Cairo", dt.datetime(2026, 11, 15, 9)),
    timed("nuuk-july", "America/Nuuk", dt.datetime(2026, 7, 15, 9)),
    timed("dublin-july", "Europe/Dublin", dt.datetime(2026, 7, 15, 9)),
    timed("santiago-july", "America/Santiago", dt.datetime(2026, 7, 15, 9)),
]
EXPECTED = {
    VISIT_UID: (dt.date(2026, 7, 14), dt.date(2026, 7, 16)),
    "bamako": (utc(2026, 7, 15, 10), utc(2026, 7, 15, 11)),
    "paris-july": (utc(2026, 7, 15, 7), utc(2026, 7, 15, 8)),
    "paris-january": (utc(2026, 1, 15, 8), utc(2026, 1, 15, 9)),
    "paris-skipped": (utc(2026, 3, 29, 1, 30), utc(2026, 3, 29, 2, 30)),
    "paris-first-pass": (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)),
    "paris-second-pass": (utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 2, 30)),
    "kathmandu": (utc(2026, 7, 15, 3, 15), utc(2026, 7, 15, 4, 15)),
    "new-york-july": (utc(2026, 7, 15, 13), utc(2026, 7, 15, 14)),
    "lord-howe-january": (utc(2026, 1, 14, 22), utc(2026, 1, 14, 23)),
    "casablanca-ramadan": (utc(2026, 3, 1, 9), utc(2026, 3, 1, 10)),
    "casablanca-july": (utc(2026, 7, 15, 8), utc(2026, 7, 15, 9)),
    "cairo-july": (utc(2026, 7, 15, 6), utc(2026, 7, 15, 7)),
    "cairo-november": (utc(2026, 11, 15, 7), utc(2026, 11, 15, 8)),
    "nuuk-july": (utc(2026, 7, 15, 10), utc(2026, 7, 15, 11)),
    "dublin-july": (utc(2026, 7, 15, 8), utc(2026, 7, 15, 9)),
    "santiago-july": (utc(2026, 7, 15, 13), utc(2026, 7, 15, 14)),
}


@pytest.mark.parametrize("read", READERS)
def test_everybody_sees_the_same_hours(read: Reader) -> None:
    seen = {event.uid.removesuffix("@agenda.example"): (event.start, event.end) for event in read(_feed())}
    expected = {uid.removesuffix("@agenda.example"): times for uid, times in EXPECTED.items()}
    assert seen == expected


def _feed() -> bytes:
    return calendar_bytes(FEED, calendar())


@pytest.mark.parametrize("read", READERS)
def test_titles_in_any_script_arrive(read: Reader) -> None:
    titles = ["Entretien ; a, b \\ c", "Визит министра", "زيارة الوزير", "部长访问", "👩🏽‍🚀 🇲🇱 visite", "é" * 255]
    entries = [entry(uid=f"{number}@agenda.example", summary=title) for number, title in enumerate(titles)]
    assert [event.summary for event in read(calendar_bytes(entries, calendar()))] == titles


@pytest.mark.parametrize("read", READERS)
def test_a_full_event_does_not_lose_the_calendar(read: Reader) -> None:
    full = entry(
        description="Ordre du jour :\n\n1. paix ; 2. commerce\n" + "x" * 500,
        location="Palais de Koulouba, Bamako",
        latitude=12.6392,
        longitude=-8.0029,
        url="https://agenda.example/fr/rencontres/7/",
        categories=("Entretien", "Mali, Russie"),
        parent_uid=VISIT_UID,
        certainty=Certainty.CANCELLED,
        ends=None,
    )
    meta = calendar(source_url="https://agenda.example/feeds/fr/tout.ics")
    assert [event.uid for event in read(calendar_bytes([visit(), full], meta))] == sorted([full.uid, VISIT_UID])


@pytest.mark.parametrize("read", READERS)
def test_an_empty_feed_is_a_calendar_without_events(read: Reader) -> None:
    assert read(calendar_bytes([], calendar())) == []


# The zone names of the database's main regions, each with its own rules: one event in January, one in July.
WALKED = [
    "Africa/Algiers", "Africa/El_Aaiun", "Africa/Johannesburg", "America/Asuncion", "America/Caracas",
    "America/Havana", "America/Mexico_City", "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "Asia/Gaza",
    "Asia/Jerusalem", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Asia/Yangon", "Australia/Adelaide",
    "Europe/Chisinau", "Europe/Istanbul", "Europe/London", "Europe/Moscow", "Pacific/Apia", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Easter", "Pacific/Kiritimati",
]  # fmt: skip


def test_ical_js_reads_our_zones_as_the_database_means_them() -> None:
    """ical.js has nothing but our VTIMEZONE to go by, so it judges that one."""
    walls = [dt.datetime(year, month, 15, 9) for year in (2010, 2019, 2026, 2030) for month in (1, 4, 7, 10)]
    moments = [(zone, wall) for zone in WALKED for wall in walls]
    entries = [timed(f"{zone}-{wall:%Y-%m}", zone, wall) for zone, wall in moments]
    seen = {event.uid: event.start for event in read_with_ical_js(calendar_bytes(entries, calendar()))}
    true = {
        f"{zone}-{wall:%Y-%m}@agenda.example": wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        for zone, wall in moments
    }
    assert seen == true
