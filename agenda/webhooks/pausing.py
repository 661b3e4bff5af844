"""When what did not get through is tried again: pauses that grow, and what a receiver asks for."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

_FIRST = dt.timedelta(seconds=10)
LONGEST = dt.timedelta(hours=4)


def pause_after(attempts: int, chance: float) -> dt.timedelta:
    """The pause after so many attempts (from 1): it triples up to hours; `chance` (0 to 1) parts those that failed
    together.
    """
    pause: dt.timedelta = min(_FIRST * 3 ** (attempts - 1), LONGEST)
    return pause * (0.8 + 0.4 * chance)


def asked_pause(retry_after: str, now: dt.datetime) -> dt.timedelta:
    """How long a receiver asks to be left alone (Retry-After, seconds or a date; `now` is aware), LONGEST at most.

    Zero where it asks for nothing, for something past, or in no way that can be read.
    """
    said = retry_after.strip()
    if said.isascii() and said.isdecimal():
        return min(dt.timedelta(seconds=min(int(said[:9]), 10**6)), LONGEST)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return dt.timedelta()
    if moment.tzinfo is None:  # "-0000": UTC of an unknown place
        moment = moment.replace(tzinfo=dt.UTC)
    return min(max(moment - now, dt.timedelta()), LONGEST)
