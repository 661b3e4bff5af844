"""What the forms share: the parts of an entry as texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agenda.entries import hours
from agenda.entries.models import DiaryEntry

Json = dict[str, Any]


def members(entry: DiaryEntry) -> list[Json]:
    """Who takes part, as the snapshot has them."""
    found: list[Json] = entry.content.get("members", entry.content.get("participants", []))
    return found


def places(entry: DiaryEntry) -> list[Json]:
    """Where: the cities of a visit in order of travel, the city of an item."""
    city = entry.content.get("city")
    found: list[Json] = entry.content.get("cities", [city] if city else [])
    return found


def start(entry: DiaryEntry) -> str:
    """When it starts, as exactly as is known: a moment with its offset, a day, or nothing."""
    moment = hours.starts(entry)
    return moment.isoformat() if moment else day(entry.starts_on)


def end(entry: DiaryEntry) -> str:
    """When it ends: a moment with its offset where the start is one, a day, or nothing."""
    if entry.starts_at is None:
        return day(entry.ends_on)
    moment = hours.ends(entry)
    return moment.isoformat() if moment else ""


def day(known: Any) -> str:
    """A day, ISO 8601; nothing for none."""
    return known.isoformat() if known else ""


def items_of(entry: DiaryEntry) -> Iterator[DiaryEntry]:
    """The items of a visit that show, where they were asked for; of an item none."""
    yield from getattr(entry, "shown_items", ()) if entry.is_visit else ()


def filled(value: Json) -> Json:
    """Without what is empty."""
    return {name: part for name, part in value.items() if part not in ("", None, [], {})}
