"""When it is tried again."""

from __future__ import annotations

import datetime as dt

import pytest

from agenda.webhooks.pausing import LONGEST, asked_pause, pause_after
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("Tue, 07 Feb 2023 09:05:00 GMT", 300),
        ("Tue, 07 Feb 2023 09:05:00 -0000", 300),
        ("Tuesday, 07-Feb-23 09:05:00 GMT", 300),
        ("Tue, 07 Feb 2023 08:00:00 GMT", 0),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("²", 0),
        ("99999999999999999999", LONGEST.total_seconds()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST.total_seconds()),
        ("Tue, 99 Feb 2023 09:05:00 GMT", 0),
    ],
)
def test_what_a_receiver_asks_for(said: str, seconds: float) -> None:
    assert asked_pause(said, NOW).total_seconds() == seconds


def test_pauses_triple_up_to_hours() -> None:
    pauses = [pause_after(attempts, 0.5) for attempts in range(1, 9)]
    assert pauses[:3] == [dt.timedelta(seconds=seconds) for seconds in (10, 30, 90)]
    assert pauses[-1] == LONGEST
