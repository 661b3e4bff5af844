"""When somebody is told, on their own clock."""

from __future__ import annotations

import datetime as dt

import pytest

from agenda.alerts.timing import due_at


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rhythm", "hour", "weekday", "zone", "after", "due"),
    [
        ("at_once", 7, 0, "Europe/Paris", "2023-02-07T09:00", "2023-02-07T09:00"),
        ("daily", 7, 0, "Europe/Paris", "2023-02-07T05:59", "2023-02-07T06:00"),
        ("daily", 7, 0, "Europe/Paris", "2023-02-07T06:00", "2023-02-08T06:00"),
        ("daily", 7, 0, "Europe/Paris", "2023-07-07T05:00", "2023-07-08T05:00"),  # summer time
        ("daily", 7, 0, "Asia/Kathmandu", "2023-02-07T00:00", "2023-02-07T01:15"),
        ("daily", 7, 0, "Pacific/Auckland", "2023-02-07T17:59", "2023-02-07T18:00"),  # there it is the 8th
        ("daily", 2, 0, "Europe/Paris", "2023-03-25T12:00", "2023-03-26T01:00"),  # 2:00 does not exist: it is 3:00
        ("daily", 2, 0, "Europe/Paris", "2023-10-28T12:00", "2023-10-29T00:00"),  # the first of two
        ("weekly", 8, 0, "Africa/Bamako", "2023-02-07T09:00", "2023-02-13T08:00"),
        ("weekly", 8, 1, "Africa/Bamako", "2023-02-07T09:00", "2023-02-14T08:00"),
        ("weekly", 10, 1, "Africa/Bamako", "2023-02-07T09:00", "2023-02-07T10:00"),
        ("weekly", 0, 6, "UTC", "2023-12-31T00:00", "2024-01-07T00:00"),
    ],
)
def test_when(rhythm: str, hour: int, weekday: int, zone: str, after: str, due: str) -> None:
    assert due_at(rhythm, hour=hour, weekday=weekday, zone=zone, after=utc(after)) == utc(due)
