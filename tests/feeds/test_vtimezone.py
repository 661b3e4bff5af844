"""VTIMEZONE against the time-zone database, read back by an interpreter that shares nothing with the writer."""

# ruff: noqa: DTZ001, DTZ007  (moments are naive UTC or naive on the clock of the zone beside them)

import datetime as dt
import zoneinfo
from bisect import bisect_right
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from agenda.feeds.ical import vtimezone

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2050, 12, 31)
HOUR = dt.timedelta(hours=1)
# Every zone once: aliases share their target's file, and are walked too for their name's sake.
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules"})


class WrittenZone:
    """A VTIMEZONE understood as RFC 5545, 3.6.5 says: the latest onset, in local time of the offset before it."""

    def __init__(self, component: bytes, last_year: int) -> None:
        self.lines = component.decode("ascii").split("\r\n")
        self.observances: list[dict[str, str]] = []
        onsets: list[tuple[dt.datetime, dt.timedelta]] = []
        for line in self.lines:
            name, _, value = line.partition(":")
            if line in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT"):
                self.observances.append({"KIND": value})
            elif self.observances and name not in ("BEGIN", "END", ""):
                assert name not in self.observances[-1], f"{name} twice in one observance"
                self.observances[-1][name] = value
        for observance in self.observances:
            start = dt.datetime.strptime(observance["DTSTART"], "%Y%m%dT%H%M%S")
            before, after = _offset(observance["TZOFFSETFROM"]), _offset(observance["TZOFFSETTO"])
            local = [start]
            if "RRULE" in observance:
                # TZOFFSETFROM stays the same for all onsets of a rule, so local onsets may be computed first.
                local = list(rrulestr(f"RRULE:{observance['RRULE']};UNTIL={last_year}1231T235959", dtstart=start))
                assert local[0] == start, "DTSTART is not an onset of its own rule"
            onsets += [(moment - before, after) for moment in local]
        onsets.sort()
        self.moments = [moment for moment, _ in onsets]
        self.offsets = [offset for _, offset in onsets]

    def offset_at(self, utc: dt.datetime) -> dt.timedelta:
        """Return the offset in force at a naive UTC moment."""
        position = bisect_right(self.moments, utc)
        assert position, f"nothing in force at {utc}"
        return self.offsets[position - 1]


def _offset(text: str) -> dt.timedelta:
    assert len(text) == 5, "whole minutes only"
    size = dt.timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return -size if text[0] == "-" else size


def _true_offset(zone: ZoneInfo, utc: dt.datetime) -> dt.timedelta:
    offset = utc.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _changes(zone: ZoneInfo, first: dt.date, last: dt.date) -> list[dt.datetime]:
    """Find every change of offset by asking zoneinfo alone: short steps, then halving to the second."""
    day = dt.datetime(first.year, first.month, first.day)
    end = dt.datetime(last.year, last.month, last.day)
    found = []
    step = dt.timedelta(days=6)  # no zone changes twice within a week after 1999
    before = _true_offset(zone, day)
    while day < end:
        following = min(day + step, end)
        after = _true_offset(zone, following)
        if after != before:
            low, high = day, following
            while high - low > dt.timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (low, middle) if _true_offset(zone, middle) == after else (middle, high)
            found.append(high)
        day, before = following, after
    return found


def _probes(zone: ZoneInfo, first: dt.date, last: dt.date) -> list[dt.datetime]:
    """Return moments that tell a right VTIMEZONE from a wrong one: ends, middles of months, around each change."""
    probes = [dt.datetime(year, month, 15, 9) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    probes += [dt.datetime.combine(first, dt.time()), dt.datetime.combine(last, dt.time(23, 59))]
    for change in _changes(zone, first, last):
        probes += [change + step for step in (-HOUR, -dt.timedelta(seconds=1), dt.timedelta(0), HOUR)]
    return probes


def assert_right(zone: str, first: dt.date, last: dt.date) -> WrittenZone:
    """Compare the VTIMEZONE of a zone with zoneinfo over a period, and return it."""
    written = WrittenZone(vtimezone(zone, first, last), last.year + 1)
    truth = ZoneInfo(zone)
    wrong = [at for at in _probes(truth, first, last) if written.offset_at(at) != _true_offset(truth, at)]
    assert not wrong, f"{zone} is wrong at {wrong[:3]} UTC"
    return written


def test_there_are_zones_to_walk() -> None:
    assert len(ZONES) > 500


@pytest.mark.parametrize("initial", sorted({zone[0] for zone in ZONES}))
def test_every_zone_is_right_from_2000_to_2050(initial: str) -> None:
    for zone in ZONES:
        if zone.startswith(initial):
            assert_right(zone, FIRST, LAST)


@pytest.mark.parametrize("year", [2004, 2016, 2022, 2026, 2041])
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Africa/Casablanca", "Africa/Cairo", "Asia/Gaza"])
def test_a_window_of_one_year_is_as_right_as_fifty(zone: str, year: int) -> None:
    assert_right(zone, dt.date(year, 1, 1), dt.date(year, 12, 31))


def test_an_old_period_is_right_to_the_minute() -> None:
    assert_right("Europe/Paris", dt.date(1973, 1, 1), dt.date(1985, 12, 31))


def test_bamako_is_one_standard_observance() -> None:
    assert vtimezone("Africa/Bamako", dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == (
        b"BEGIN:VTIMEZONE\r\nTZID:Africa/Bamako\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nTZNAME:GMT\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def test_paris_is_two_rules_with_onsets_on_the_clock_before() -> None:
    written = assert_right("Europe/Paris", dt.date(2026, 7, 14), dt.date(2026, 7, 15))
    assert written.offset_at(dt.datetime(2026, 7, 15, 7)) == 2 * HOUR
    assert written.observances == [
        {
            "KIND": "DAYLIGHT",
            "DTSTART": "20250330T020000",
            "RRULE": "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZOFFSETFROM": "+0100",
            "TZOFFSETTO": "+0200",
            "TZNAME": "CEST",
        },
        {
            "KIND": "STANDARD",
            "DTSTART": "20251026T030000",
            "RRULE": "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZOFFSETFROM": "+0200",
            "TZOFFSETTO": "+0100",
            "TZNAME": "CET",
        },
    ]


def test_casablanca_goes_back_for_ramadan() -> None:
    written = assert_right("Africa/Casablanca", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert [observance["KIND"] for observance in written.observances[-2:]] == ["STANDARD", "DAYLIGHT"]
    assert written.offset_at(dt.datetime(2026, 3, 1)) == 0 * HOUR
    assert written.offset_at(dt.datetime(2026, 4, 1)) == HOUR


def test_kathmandu_is_three_quarters_of_an_hour_off() -> None:
    written = assert_right("Asia/Kathmandu", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert [observance["TZOFFSETTO"] for observance in written.observances] == ["+0545"]


def test_lord_howe_moves_by_half_an_hour() -> None:
    written = assert_right("Australia/Lord_Howe", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert {observance["TZOFFSETTO"] for observance in written.observances} == {"+1030", "+1100"}


def test_apia_skips_a_day() -> None:
    written = assert_right("Pacific/Apia", dt.date(2011, 1, 1), dt.date(2012, 12, 31))
    assert written.offset_at(dt.datetime(2011, 12, 30, 9)) == -10 * HOUR
    assert written.offset_at(dt.datetime(2011, 12, 30, 10)) == 14 * HOUR


def test_dublin_calls_its_summer_daylight() -> None:
    written = assert_right("Europe/Dublin", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert {(o["KIND"], o["TZOFFSETTO"]) for o in written.observances} == {("DAYLIGHT", "+0100"), ("STANDARD", "+0000")}


def test_nuuk_changes_on_the_eve_of_a_sunday() -> None:
    written = assert_right("America/Nuuk", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert written.observances[0]["RRULE"] == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=24,25,26,27,28,29,30;BYDAY=SA"


def test_a_rule_across_the_end_of_a_month_is_listed() -> None:
    """Cairo ends its summer when the last Thursday of October ends, which may be on 1 November."""
    written = assert_right("Africa/Cairo", dt.date(2024, 1, 1), dt.date(2030, 12, 31))
    autumn = [observance for observance in written.observances if observance["KIND"] == "STANDARD"]
    assert len(autumn) >= 7
    assert not any("RRULE" in observance for observance in autumn)


def test_no_date_lists_and_no_comments() -> None:
    for zone in ZONES:
        component = vtimezone(zone, dt.date(2025, 1, 1), dt.date(2027, 1, 1))
        assert b"RDATE" not in component
        assert b"COMMENT" not in component


def test_a_summer_that_began_before_the_window_is_known() -> None:
    written = assert_right("America/New_York", dt.date(2026, 1, 1), dt.date(2026, 1, 2))
    assert written.offset_at(dt.datetime(2026, 1, 1)) == -5 * HOUR


def test_far_dates_do_not_list_rules_for_ever() -> None:
    assert len(vtimezone("Africa/Cairo", dt.date(2026, 1, 1), dt.date(9999, 12, 31))) < 20_000


def test_unknown_and_malformed_names_are_refused() -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        vtimezone("Mars/Olympus", FIRST, LAST)
    with pytest.raises(ValueError, match="key"):
        vtimezone("../../etc/passwd", FIRST, LAST)
