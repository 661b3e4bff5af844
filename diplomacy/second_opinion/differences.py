"""Where two readings of a text say different things. Silence is no difference: only what the second one says counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Draft = Mapping[str, Any]
_VISIT = ("host_country", "start", "end", "status", "visit_kind", "at_invitation_of")
_ITEM = ("kind", "date", "start_time", "end_time", "place", "city", "status")
_IN_WORDS = {"at_invitation_of", "place", "city"}
_UNSAID = {"announced", "scheduled", "unspecified", None, ""}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value. `path` is the field in the first reading ("visits.0.start"), or the visit or item in the second that
    the first does not have ("second.visits.1", `first` None)."""

    path: str
    first: str | None
    second: str | None


def differences(first: Draft, second: Draft) -> tuple[Difference, ...]:
    """The differences of two readings in the JSON of docs/reference/reading.schema.json, in the order of the first."""
    return tuple(_readings(first, second))


def _readings(first: Draft, second: Draft) -> Iterator[Difference]:
    ours, theirs = first["visits"], second["visits"]
    pairs = _pairs(ours, theirs, _visit_likeness)
    for number, visit in enumerate(ours):
        other = pairs.get(number)
        if other is not None:
            yield from _visits(visit, theirs[other], f"visits.{number}")
    taken = set(pairs.values())
    for number, visit in enumerate(theirs):
        if number not in taken:
            yield Difference(f"second.visits.{number}", None, _told_visit(visit))
    yield from _programmes(first["items"], second["items"], "", "second.")


def _visits(ours: Draft, theirs: Draft, path: str) -> Iterator[Difference]:
    yield from _fields(ours, theirs, _VISIT, path)
    yield from _names(_people(ours), _people(theirs), f"{path}.visitors")
    host, other = (ours.get("host") or {}).get("name"), (theirs.get("host") or {}).get("name")
    if other and not _same(host, other):
        yield Difference(f"{path}.host", host, other)
    yield from _names(ours["cities"], theirs["cities"], f"{path}.cities")
    yield from _programmes(ours["items"], theirs["items"], f"{path}.", f"{path}.second.")


def _programmes(ours: Sequence[Draft], theirs: Sequence[Draft], path: str, extra: str) -> Iterator[Difference]:
    pairs = _pairs(ours, theirs, _item_likeness)
    for number, item in enumerate(ours):
        other = pairs.get(number)
        if other is not None:
            yield from _fields(item, theirs[other], _ITEM, f"{path}items.{number}")
            names = (item["participants"], theirs[other]["participants"])
            yield from _names(*names, f"{path}items.{number}.participants")
    taken = set(pairs.values())
    for number, item in enumerate(theirs):
        if number not in taken:
            yield Difference(f"{extra}items.{number}", None, _told_item(item))


def _fields(ours: Draft, theirs: Draft, fields: Sequence[str], path: str) -> Iterator[Difference]:
    for field in fields:
        one, other = ours.get(field), theirs.get(field)
        if other not in _UNSAID and not (_same(one, other) if field in _IN_WORDS else one == other):
            yield Difference(f"{path}.{field}", _text(one), _text(other))


def _names(ours: Sequence[str], theirs: Sequence[str], path: str) -> Iterator[Difference]:
    missing = [name for name in theirs if not any(_same(name, known) for known in ours)]
    if missing:
        yield Difference(path, ", ".join(ours) or None, ", ".join(theirs))


def _pairs(ours: Sequence[Draft], theirs: Sequence[Draft], likeness: Any) -> dict[int, int]:
    """Each of ours to the likeliest of theirs, each used once; likest pairs first, then in order."""
    ranked = sorted(
        (-likeness(one, other), i, j)
        for i, one in enumerate(ours)
        for j, other in enumerate(theirs)
        if likeness(one, other) > 0
    )
    found: dict[int, int] = {}
    for _likeness, i, j in ranked:
        if i not in found and j not in found.values():
            found[i] = j
    return found


def _visit_likeness(ours: Draft, theirs: Draft) -> float:
    shared = any(_same(one, other) for one in _people(ours) for other in _people(theirs))
    return 2.0 * shared + (bool(theirs["host_country"]) and ours["host_country"] == theirs["host_country"])


def _item_likeness(ours: Draft, theirs: Draft) -> float:
    same = [
        bool(theirs.get(field)) and ours.get(field) == theirs.get(field) for field in ("kind", "start_time", "date")
    ]
    kind, hour, day = same
    people = any(_same(one, other) for one in ours["participants"] for other in theirs["participants"])
    return 2.0 * kind + 2.0 * hour + 0.5 * day + 0.5 * people if kind or hour else 0.0


def _people(visit: Draft) -> list[str]:
    return [person["name"] for person in (*visit["visitors"], *visit["delegation"])]


def _same(one: object, other: object) -> bool:
    """The same words but for case, accents and order, or the words of one within the other's ("Lavrov")."""
    ours, theirs = _words(one), _words(other)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _words(value: object) -> frozenset[str]:
    flat = unicodedata.normalize("NFKD", str(value or "")).casefold()
    kept = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return frozenset(kept.split())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _told_visit(visit: Draft) -> str:
    days = " – ".join(day for day in (visit["start"], visit["end"]) if day)
    return " · ".join(part for part in (", ".join(_people(visit)), visit["host_country"] or "", days) if part)


def _told_item(item: Draft) -> str:
    parts = (item["kind"], item["date"], item["start_time"], ", ".join(item["participants"]))
    return " · ".join(part for part in parts if part)
