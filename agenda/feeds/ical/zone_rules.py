"""When a zone changes its clock, as the time-zone database says it: TZif files (RFC 9636) read whole.

`zoneinfo` answers "which offset at this moment" and keeps the rules to itself; a VTIMEZONE needs the rules. They are
read from the very file that `zoneinfo` would read, so that both always speak of the same release of the database.
"""

# ruff: noqa: DTZ001, DTZ901  (the moments of a change are naive UTC, as in the time-zone files)

from __future__ import annotations

import calendar
import datetime as dt
import importlib.resources
import re
import struct
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

EPOCH = dt.datetime(1970, 1, 1)
EARLIEST = int((dt.datetime(1800, 1, 1) - EPOCH).total_seconds())  # some files begin at the big bang
ONE_DAY = dt.timedelta(days=1)
ONE_HOUR = dt.timedelta(hours=1)
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")  # POSIX counts from Sunday
LAST_WEEK = 5  # POSIX: week 5 is the last one, whether the month has four or five


class ZoneFileError(ValueError):
    """A time-zone file that is not what RFC 9636 describes."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What clocks show between two changes."""

    offset: dt.timedelta  # local minus UTC
    daylight: bool
    name: str  # "CEST", or "+03" where no abbreviation is in use


@dataclass(frozen=True, slots=True)
class Onset:
    """A moment at which a zone goes over from one clock to another."""

    at: dt.datetime  # naive, UTC
    before: Clock
    after: Clock


@dataclass(frozen=True, slots=True)
class YearlyOnset:
    """A change that comes back every year: half of a POSIX TZ rule (RFC 9636, 3.3).

    The day is the `week`-th `weekday` of `month`, or, when `month` is 0, the `weekday`-th day of the year, counted
    without 29 February when `week` is 1 and with it when `week` is 0 (POSIX "Jn" and "n"). `wall` is counted from
    midnight of that day on the clock `before` and may be negative or beyond 24 hours.
    """

    month: int
    week: int
    weekday: int
    wall: dt.timedelta
    before: Clock
    after: Clock

    def onset(self, year: int) -> Onset:
        """Return the change of that year."""
        midnight = dt.datetime.combine(self._day(year), dt.time())
        return Onset(midnight + self.wall - self.before.offset, self.before, self.after)

    def recurrence(self) -> str | None:
        """Return the RRULE (RFC 5545, 3.3.10) of the local onset, or None where a portable one does not exist.

        A time of day outside 0-24 h moves the date: "Thursday of week 4 at 50:00" is a Saturday, 02:00, from the 24th
        to the 30th. Where the moved days run over the end of a month there is no such list of days.
        """
        if not self.month:
            return None
        moved = self.wall // ONE_DAY
        weekday = WEEKDAYS[(self.weekday + moved) % 7]
        if not moved:
            week = -1 if self.week == LAST_WEEK else self.week
            return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={week}{weekday}"
        length = calendar.monthrange(2001, self.month)[1]
        if self.week == LAST_WEEK and self.month == 2:
            return None
        first = (length - 6 if self.week == LAST_WEEK else 7 * self.week - 6) + moved
        if first < 1 or first + 6 > length:
            return None
        days = ",".join(str(day) for day in range(first, first + 7))
        return f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY={days};BYDAY={weekday}"

    def _day(self, year: int) -> dt.date:
        if not self.month:
            passed = self.weekday if self.week == 0 else self.weekday - 1
            if self.week == 1 and calendar.isleap(year) and self.weekday >= 60:
                passed += 1
            return dt.date(year, 1, 1) + passed * ONE_DAY
        first = dt.date(year, self.month, 1)
        day = first + (self.weekday - first.isoweekday()) % 7 * ONE_DAY + (self.week - 1) * 7 * ONE_DAY
        return day if day.month == self.month else day - 7 * ONE_DAY


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """A zone's whole story: the first clock, single changes in order, then what comes back every year (or nothing)."""

    first: Clock
    onsets: tuple[Onset, ...]
    yearly: tuple[YearlyOnset, ...]
    regular_from: dt.datetime  # naive UTC: from this moment on only the yearly rules speak


@lru_cache(maxsize=1024)
def zone_rules(zone: str) -> ZoneRules:
    """Return the rules of an IANA zone.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone, ValueError for a malformed name and ZoneFileError for
    a damaged file.
    """
    zoneinfo.ZoneInfo(zone)  # refuses unknown names and names that would leave the folder
    return parse_zone_file(_zone_file(zone))


def _zone_file(zone: str) -> bytes:
    """Return the file that `zoneinfo` reads for this zone: first along TZPATH, then from the tzdata package."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return importlib.resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()


def parse_zone_file(data: bytes) -> ZoneRules:
    """Read a TZif file of version 2 or later."""
    try:
        return _parse(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ZoneFileError("truncated or damaged time-zone file") from error


def _parse(data: bytes) -> ZoneRules:
    counts = _counts(data, 0)
    start = 44 + _body_length(counts, time_size=4)  # past the 32-bit block, kept for readers of version 1
    counts = _counts(data, start)
    _, _, _, time_count, type_count, name_length = counts
    position = start + 44
    times = struct.unpack_from(f">{time_count}q", data, position)
    position += 8 * time_count
    indices = data[position : position + time_count]
    position += time_count
    types = [struct.unpack_from(">i?B", data, position + 6 * number) for number in range(type_count)]
    position += 6 * type_count
    names = data[position : position + name_length]
    clocks = [
        Clock(dt.timedelta(seconds=offset), daylight, names[at : names.index(b"\0", at)].decode("ascii"))
        for offset, daylight, at in types
    ]
    footer = data[start + 44 + _body_length(counts, time_size=8) :].strip(b"\n").decode("ascii")
    first, onsets = _onsets(clocks, times, indices)
    yearly = parse_footer(footer)
    single, regular_from = _without_regular_tail(onsets, yearly)
    return ZoneRules(first, tuple(single), yearly, regular_from)


def _counts(data: bytes, start: int) -> tuple[int, int, int, int, int, int]:
    magic, version, *counts = struct.unpack_from(">4sc15x6l", data, start)
    if magic != b"TZif" or version < b"2":
        raise ZoneFileError("not a time-zone file of version 2 or later")
    return (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])


def _body_length(counts: tuple[int, int, int, int, int, int], *, time_size: int) -> int:
    ut_count, standard_count, leap_count, time_count, type_count, name_length = counts
    leaps = leap_count * (time_size + 4)
    return time_count * (time_size + 1) + type_count * 6 + name_length + leaps + standard_count + ut_count


def _onsets(clocks: list[Clock], times: tuple[int, ...], indices: bytes) -> tuple[Clock, list[Onset]]:
    first = current = clocks[0]
    onsets: list[Onset] = []
    for seconds, index in zip(times, indices, strict=True):
        following = clocks[index]
        if seconds < EARLIEST:
            first = following
        elif following != current:
            onsets.append(Onset(EPOCH + dt.timedelta(seconds=seconds), current, following))
        current = following
    return first, onsets


def _without_regular_tail(onsets: list[Onset], yearly: tuple[YearlyOnset, ...]) -> tuple[list[Onset], dt.datetime]:
    """Drop the last single changes that the yearly rules would give just so; return also when the rules begin.

    Files may spell regular changes out, up to 2037 or not at all; the rules they end in are the same.
    """
    if not onsets:
        return onsets, dt.datetime.min
    regular_from = onsets[-1].at + dt.timedelta(seconds=1)
    years = range(onsets[0].at.year - 1, onsets[-1].at.year + 2) if yearly else range(0)
    regular = sorted((rule.onset(year) for year in years for rule in yearly), key=lambda onset: onset.at)
    while regular and regular[-1].at > onsets[-1].at:
        regular.pop()
    kept = list(onsets)
    while kept and regular and kept[-1] == regular[-1]:
        regular_from = kept.pop().at
        regular.pop()
    return kept, regular_from


_NAME = r"(?:<[A-Za-z0-9+-]{1,12}>|[A-Za-z]{1,12})"
_TIME = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_DAY = r"(?:M\d{1,2}\.\d\.\d|J?\d{1,3})"
_FOOTER = re.compile(
    rf"(?P<name>{_NAME})(?P<offset>{_TIME})"
    rf"(?:(?P<dst_name>{_NAME})(?P<dst_offset>{_TIME})?,(?P<onset>{_DAY}(?:/{_TIME})?),(?P<end>{_DAY}(?:/{_TIME})?))?"
)


def parse_footer(footer: str) -> tuple[YearlyOnset, ...]:
    """Return the two yearly changes of a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3"; none without DST."""
    if not footer:
        return ()
    found = _FOOTER.fullmatch(footer)
    if found is None:
        raise ZoneFileError(f"unreadable rule {footer!r}")
    if found["dst_name"] is None:
        return ()
    standard = Clock(-_hours(found["offset"]), daylight=False, name=found["name"].strip("<>"))
    ahead = -_hours(found["dst_offset"]) if found["dst_offset"] else standard.offset + ONE_HOUR
    daylight = Clock(ahead, daylight=True, name=found["dst_name"].strip("<>"))
    return (_yearly(found["onset"], standard, daylight), _yearly(found["end"], daylight, standard))


def _yearly(text: str, before: Clock, after: Clock) -> YearlyOnset:
    day, _, time = text.partition("/")
    wall = _hours(time) if time else 2 * ONE_HOUR
    if day.startswith("M"):
        month, week, weekday = (int(number) for number in day[1:].split("."))
        return YearlyOnset(month, week, weekday, wall, before, after)
    without_leap_day = int(day.startswith("J"))
    return YearlyOnset(0, without_leap_day, int(day.removeprefix("J")), wall, before, after)


def _hours(text: str) -> dt.timedelta:
    """Return "[+-]h[:mm[:ss]]" as a length of time."""
    hours, minutes, seconds, *_ = [*(int(part) for part in text.lstrip("+-").split(":")), 0, 0]
    length = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def listed_onsets(rules: ZoneRules, yearly: YearlyOnset, through: int) -> Iterator[Onset]:
    """Yield a yearly change one by one, from where the rules begin to speak to the end of the year `through`."""
    for year in range(max(rules.regular_from.year, 1800), through + 1):
        onset = yearly.onset(year)
        if onset.at >= rules.regular_from:
            yield onset
