"""What the tests of the reading share: one day of publication, and pairs of a text and what is read in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from diplomacy.parsing.dates import DateMention, find_dates

TODAY = dt.date(2023, 2, 7)  # a Tuesday


def wrong(*values: Any, reason: str) -> Any:
    """A pair that is read wrongly today: kept, so that whoever mends the rule is told by this test."""
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=reason))


def day(written: str) -> dt.date | None:
    """A day of 2023 as "02-09", any day as "2024-02-09"; None for ""."""
    if not written:
        return None
    return dt.date.fromisoformat(written if len(written) == 10 else f"2023-{written}")


def only(text: str, language: str = "fr") -> DateMention:
    """The one date or hour of a text."""
    (mention,) = find_dates(text, published_on=TODAY, language=language)
    return mention


def with_day(text: str, language: str = "fr") -> list[DateMention]:
    """Those of its dates that name a day."""
    return [one for one in find_dates(text, published_on=TODAY, language=language) if one.has_day]
