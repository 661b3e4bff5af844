"""Whether a source has gone strangely quiet, judged by its own past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

_LEAST = 4  # arrivals from which there is a rhythm to speak of
_SLACK = 3  # times its usual pause
_SHORTEST = dt.timedelta(days=2)  # a weekend is no silence


def usual_pause(arrivals: Sequence[dt.datetime]) -> dt.timedelta | None:
    """The median pause between arrivals (aware, in any order); None where they are too few to tell."""
    ordered = sorted(arrivals)
    if len(ordered) < _LEAST:
        return None
    return dt.timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(ordered)))


def is_strangely_quiet(arrivals: Sequence[dt.datetime], now: dt.datetime) -> bool:
    """Whether nothing has come for much longer than usual."""
    pause = usual_pause(arrivals)
    if pause is None:
        return False
    return now - max(arrivals) > max(_SLACK * pause, _SHORTEST)
