"""Reading of TZif files and POSIX rules."""

# ruff: noqa: DTZ001  (the moments of a change are naive UTC)

import datetime as dt

import pytest

from agenda.feeds.ical.zone_rules import ZoneFileError, parse_footer, parse_zone_file, zone_rules


def _onsets(footer: str, year: int) -> list[dt.datetime]:
    return [rule.onset(year).at for rule in parse_footer(footer)]


@pytest.mark.parametrize(
    ("footer", "onsets"),
    [
        ("CET-1CEST,M3.5.0,M10.5.0/3", [dt.datetime(2026, 3, 29, 1), dt.datetime(2026, 10, 25, 1)]),
        ("EST5EDT,M3.2.0,M11.1.0", [dt.datetime(2026, 3, 8, 7), dt.datetime(2026, 11, 1, 6)]),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", [dt.datetime(2026, 10, 3, 15, 30), dt.datetime(2026, 4, 4, 15)]),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", [dt.datetime(2026, 3, 29, 1), dt.datetime(2026, 10, 25, 1)]),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", [dt.datetime(2026, 3, 28), dt.datetime(2026, 10, 23, 23)]),
        ("XXX0YYY,J60/0,59/0", [dt.datetime(2026, 3, 1), dt.datetime(2026, 2, 28, 23)]),
    ],
)
def test_yearly_changes(footer: str, onsets: list[dt.datetime]) -> None:
    assert _onsets(footer, 2026) == onsets


def test_days_of_the_year_count_the_leap_day_or_not() -> None:
    assert _onsets("XXX0YYY,J60/0,59/0", 2028) == [dt.datetime(2028, 3, 1), dt.datetime(2028, 2, 28, 23)]
    assert [rule.recurrence() for rule in parse_footer("XXX0YYY,J60/0,59/0")] == [None, None]


@pytest.mark.parametrize("footer", ["", "<+0545>-5:45", "GMT0"])
def test_a_zone_without_daylight_saving_has_no_yearly_change(footer: str) -> None:
    assert parse_footer(footer) == ()


@pytest.mark.parametrize("footer", ["CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "-1"])
def test_an_unreadable_rule_is_an_error(footer: str) -> None:
    with pytest.raises(ZoneFileError):
        parse_footer(footer)


@pytest.mark.parametrize(
    ("footer", "recurrence"),
    [
        ("AAA0BBB,M4.5.5/0,M10.5.4/24", ["FREQ=YEARLY;BYMONTH=4;BYDAY=-1FR", None]),
        ("AAA0BBB,M2.5.0/-1,M3.1.0/-1", [None, None]),
        (
            "AAA0BBB,M9.1.6/24,M4.1.6/24",
            [
                "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
                "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
            ],
        ),
    ],
)
def test_recurrences(footer: str, recurrence: list[str | None]) -> None:
    assert [rule.recurrence() for rule in parse_footer(footer)] == recurrence


def test_single_changes_end_where_the_rule_takes_over() -> None:
    rules = zone_rules("Europe/Paris")
    assert rules.onsets[-1].at.year < 1997, "the Union's common rule of 1996 covers all later changes"
    assert len(rules.yearly) == 2


@pytest.mark.parametrize("data", [b"", b"TZif", b"TZif1" + bytes(80), b"not a zone file" * 10, b"TZif2" + b"\xff" * 60])
def test_damaged_files_are_an_error(data: bytes) -> None:
    with pytest.raises(ZoneFileError):
        parse_zone_file(data)
