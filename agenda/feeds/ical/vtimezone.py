"""VTIMEZONE components (RFC 5545, 3.6.5) written from the time-zone database.

One RRULE per yearly change where the zone has such a rule, else one observance per change, and never an RDATE list:
calendar programs in wide use read the first date of such a list only and show July in Paris an hour late.
"""

# ruff: noqa: DTZ001, DTZ901  (the moments of a change are naive UTC, as in the time-zone files)

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .content_lines import content_lines, date_time_text
from .zone_rules import Clock, Onset, YearlyOnset, ZoneRules, listed_onsets, zone_rules

HORIZON = 2100  # where a rule has to be listed year by year: nobody knows the civil time of later years
SETTLED = dt.datetime(1970, 1, 1)  # onset written for a clock that has been in force since before then
MARGIN = dt.timedelta(days=2)  # more than any zone is away from UTC


def vtimezone(zone: str, first: dt.date, last: dt.date) -> bytes:
    """Return the VTIMEZONE of an IANA zone, right for every local time from `first` to `last` (whole years of both).

    Offsets are whole minutes; those in force since 1972 are so, older ones are rounded. Raises
    zoneinfo.ZoneInfoNotFoundError for an unknown zone and ValueError for a malformed name.
    """
    return _vtimezone(zone, first.year, last.year)


@lru_cache(maxsize=4096)
def _vtimezone(zone: str, first_year: int, last_year: int) -> bytes:
    begin = dt.datetime(max(first_year, 2), 1, 1) - MARGIN
    end = dt.datetime(min(last_year, 9997) + 1, 1, 1) + MARGIN
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    for onset, recurrence in sorted(_observances(zone_rules(zone), begin, end), key=lambda pair: pair[0].at):
        lines += _observance(onset, recurrence)
    lines.append("END:VTIMEZONE")
    return content_lines(lines)


def _observances(rules: ZoneRules, begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[Onset, str | None]]:
    """Yield the changes needed for [begin, end), each with its recurrence, beginning with the clock in force."""
    single = list(rules.onsets)
    for yearly in rules.yearly if rules.regular_from < end else ():
        recurrence = yearly.recurrence()
        if recurrence is None:
            single += listed_onsets(rules, yearly, min(end.year, HORIZON))
        else:
            yield _anchor(rules, yearly, begin), recurrence
    single.sort(key=lambda onset: onset.at)
    yield from ((onset, None) for onset in _needed(rules, single, begin, end))


def _anchor(rules: ZoneRules, yearly: YearlyOnset, begin: dt.datetime) -> Onset:
    """Return the latest yearly onset not after `begin`, or the first one there is."""
    year = max(begin.year, rules.regular_from.year)
    candidates = (yearly.onset(year + step) for step in (1, 0, -1))
    spoken_for = [onset for onset in candidates if onset.at >= rules.regular_from]
    return next((onset for onset in spoken_for if onset.at <= begin), spoken_for[-1])


def _needed(rules: ZoneRules, single: Iterable[Onset], begin: dt.datetime, end: dt.datetime) -> Iterator[Onset]:
    """Yield the single changes inside [begin, end), and before them the one that set the clock in force at `begin`."""
    latest = Onset(dt.datetime.min, rules.first, rules.first)
    inside: list[Onset] = []
    for onset in single:
        if onset.at <= begin:
            latest = onset
        elif onset.at < end:
            inside.append(onset)
    if not _covered_by_rules(rules, latest.at, begin):
        yield latest if latest.at >= SETTLED else Onset(min(SETTLED, begin), latest.after, latest.after)
    yield from inside


def _covered_by_rules(rules: ZoneRules, since: dt.datetime, begin: dt.datetime) -> bool:
    """Whether a recurring observance is already in force at `begin`, later than the single change `since`."""
    anchors = (_anchor(rules, yearly, begin).at for yearly in rules.yearly if yearly.recurrence())
    return any(since < anchor <= begin for anchor in anchors)


def _observance(onset: Onset, recurrence: str | None) -> Iterator[str]:
    before, after = _whole_minutes(onset.before.offset), _whole_minutes(onset.after.offset)
    kind = "DAYLIGHT" if _is_summer_time(onset.before, onset.after) else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{date_time_text(onset.at + before)}"
    if recurrence:
        yield f"RRULE:{recurrence}"
    yield f"TZOFFSETFROM:{_offset_text(before)}"
    yield f"TZOFFSETTO:{_offset_text(after)}"
    yield f"TZNAME:{onset.after.name}"
    yield f"END:{kind}"


def _is_summer_time(before: Clock, after: Clock) -> bool:
    """Whether the clock is ahead of the usual one.

    The database calls winter in Dublin and Ramadan in Casablanca a negative daylight saving; calendar programs expect
    DAYLIGHT to be the clock that is ahead.
    """
    if before.daylight == after.daylight:
        return after.daylight
    return after.daylight if _ahead(before, after) else before.daylight


def _ahead(before: Clock, after: Clock) -> bool:
    summer, usual = (after, before) if after.daylight else (before, after)
    return summer.offset >= usual.offset


def _whole_minutes(offset: dt.timedelta) -> dt.timedelta:
    return dt.timedelta(minutes=round(offset.total_seconds() / 60))


def _offset_text(offset: dt.timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
