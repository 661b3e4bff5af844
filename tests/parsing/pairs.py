"""What the tests of the reading share: one day of publication, and pairs of a text and what is read in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

TODAY = dt.date(2023, 2, 7)  # a Tuesday


def wrong(*values: Any, reason: str) -> Any:
    """A pair that is read wrongly today: kept, so that whoever mends the rule is told by this test."""
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=reason))


def day(written: str) -> dt.date | None:
    """A day of 2023 as "02-09", any day as "2024-02-09"; None for ""."""
    if not written:
        return None
    return dt.date.fromisoformat(written if len(written) == 10 else f"2023-{written}")
