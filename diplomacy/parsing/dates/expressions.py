"""One expression at a time, as start, end and time: the form in which expected readings are listed."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from diplomacy.parsing.dates.mentions import find_dates, resolve_relative
from diplomacy.parsing.dates.values import ClockTime, DateMention, Kind

COLUMNS = ("expression", "language", "anchor date", "start", "end", "time")


def read_expression(text: str, published_on: dt.date, language: str) -> tuple[dt.date | None, dt.date | None, str]:
    """(start, end, time) of an expression by itself, the day of publication being its context.

    Both days are inclusive; None is an open side or nothing said. The time is "HH:MM" on the host's clock, "HH:MMZ" in
    UTC, "HH:MM/HH:MM" a span, MORNING, MIDDAY, AFTERNOON, EVENING or NIGHT, "" where none is said.
    """
    mentions = find_dates(text, published_on=published_on, language=language)
    if not mentions:
        return None, None, ""
    day = _day_of(mentions, published_on)
    first, last = (day.first, day.last) if day is not None else (None, None)
    duration = next((one.duration_days for one in mentions if one.duration_days is not None), None)
    if duration is not None and first is not None and (last is None or last == first):
        last = first + dt.timedelta(days=duration - 1)
    return first, last, _time_of(mentions)


def _day_of(mentions: Sequence[DateMention], published_on: dt.date) -> DateMention | None:
    for mention in mentions:
        if mention.has_day:
            return mention
    for mention in mentions:
        if mention.kind in (Kind.RELATIVE, Kind.CLOCK, Kind.PART_OF_DAY):
            return resolve_relative(mention, reference_day=published_on)
    return None


def _time_of(mentions: Iterable[DateMention]) -> str:
    part = ""
    for mention in mentions:
        if mention.time is not None:
            until = f"/{_written(mention.end_time)}" if mention.end_time is not None else ""
            return _written(mention.time) + until
        if mention.part_of_day is not None and not part:
            part = mention.part_of_day.value.upper()
    return part


def _written(clock: ClockTime) -> str:
    return f"{clock}Z" if clock.zone == "Etc/UTC" else str(clock)


def read_csv(source: Path | Iterable[str]) -> list[dict[str, str]]:
    """The expressions of a CSV file (columns expression, language, anchor date) with start, end and time as read.

    `source` is a path or the lines themselves; further columns are left out. Raises ValueError where a column is
    missing or an anchor date is no ISO date.
    """
    lines = source.read_text(encoding="utf-8").splitlines() if isinstance(source, Path) else source
    rows = []
    for number, row in enumerate(csv.DictReader(lines), 2):
        missing = [name for name in COLUMNS[:3] if row.get(name) is None]
        if missing:
            raise ValueError(f"Line {number}: no {', '.join(missing)}.")
        anchor = dt.date.fromisoformat(row["anchor date"])
        first, last, time = read_expression(row["expression"], anchor, row["language"])
        start, end = (day.isoformat() if day is not None else "" for day in (first, last))
        values = (row["expression"], row["language"], row["anchor date"], start, end, time)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows
