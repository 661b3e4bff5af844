"""A visit and its items as they stand, and what was heard of them: plain values to weigh a text against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diplomacy.visits.facts import Somebody, When
from diplomacy.vocabulary import ItemKind, ItemStatus, PartOfDay, Precision, PressAccess, VisitKind, VisitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStanding:
    """An item as it stands. `cities` is its city in every spelling."""

    key: str
    kind: ItemKind
    when: When = field(default_factory=When)
    title: str = ""
    form: str = ""
    status: ItemStatus = ItemStatus.SCHEDULED
    venue: str = ""
    zone: str = ""
    cities: tuple[str, ...] = ()
    press_access: PressAccess = PressAccess.UNSPECIFIED
    accreditation_until: dt.datetime | None = None  # on the clock of the item's zone
    participants: tuple[Somebody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitStanding:
    """A visit as it stands, with its programme in order. `cities` are its places in every spelling."""

    key: str
    host_country: str
    kind: VisitKind = VisitKind.UNSPECIFIED
    status: VisitStatus = VisitStatus.ANNOUNCED
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    cities: tuple[str, ...] = ()
    members: tuple[Somebody, ...] = ()
    items: tuple[ItemStanding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a visit or item before, by key ("end", or "<item>/when").

    `last` is what this source last said, `decided` the keys whose value is an editor's own, `pinned` those that an
    editor holds fast. Values are plain JSON.
    """

    last: Mapping[str, Any] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()


def key_of(name: str, item: str = "") -> str:
    """The key of a field of the visit, or of one of its items."""
    return f"{item}/{name}" if item else name


def when_json(when: When) -> dict[str, Any]:
    """A time as plain JSON: just what is said of it."""
    said = {
        "date": when.day.isoformat() if when.day else None,
        "start_time": f"{when.start_time:%H:%M}" if when.start_time else None,
        "end_time": f"{when.end_time:%H:%M}" if when.end_time else None,
        "part_of_day": when.part_of_day.value if when.part_of_day else None,
        "duration_minutes": when.duration_minutes,
    }
    return {name: value for name, value in said.items() if value is not None}


def when_from_json(said: Mapping[str, Any]) -> When:
    """The time that `when_json` wrote."""
    start, end = _clock(said.get("start_time")), _clock(said.get("end_time"))
    day, part = said.get("date"), said.get("part_of_day")
    precision = Precision.DAY if day else Precision.DURATION if said.get("duration_minutes") else Precision.ORDER
    return When(
        precision=Precision.EXACT if start else Precision.PART_OF_DAY if part else precision,
        day=dt.date.fromisoformat(day) if day else None,
        start_time=start,
        end_time=end,
        ends_next_day=bool(start and end and end < start),
        part_of_day=PartOfDay(part) if part else None,
        duration_minutes=said.get("duration_minutes"),
    )


def _clock(value: str | None) -> dt.time | None:
    return dt.time.fromisoformat(value) if value else None


def moment_json(moment: dt.datetime | None) -> str | None:
    """A moment on the clock of its zone as plain JSON."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes") if moment else None


def somebody_json(somebody: Somebody) -> dict[str, Any]:
    """Somebody as plain JSON: name, title and country as far as they are said."""
    said = {"name": somebody.name, "title": somebody.title, "country": somebody.country, "role": somebody.role.value}
    return {name: value for name, value in said.items() if value}


def decided_keys(stands: VisitStanding | ItemStanding, said: Mapping[str, Sequence[Any]]) -> frozenset[str]:
    """The keys whose value no source ever said: an editor's own. `said` is all that sources said, by key."""
    if isinstance(stands, ItemStanding):
        return frozenset(_decided_of_item(stands, said))
    values = {
        "start": stands.start_on.isoformat() if stands.start_on else None,
        "end": stands.end_on.isoformat() if stands.end_on else None,
        "visit_kind": None if stands.kind is VisitKind.UNSPECIFIED else stands.kind.value,
        "status": None if stands.status is VisitStatus.ANNOUNCED else stands.status.value,
    }
    own = {key for key, value in values.items() if value is not None and value not in said.get(key, ())}
    return frozenset(own.union(*(_decided_of_item(item, said) for item in stands.items)))


def _decided_of_item(item: ItemStanding, said: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    times = said.get(key_of("when", item.key), ())
    when = when_json(item.when)
    if any(value not in [told.get(name) for told in times] for name, value in when.items()):
        yield key_of("when", item.key)
    values = {
        "venue": item.venue or None,
        "city": item.cities[0] if item.cities else None,
        "press_access": None if item.press_access is PressAccess.UNSPECIFIED else item.press_access.value,
        "status": None if item.status is ItemStatus.SCHEDULED else item.status.value,
        "accreditation_until": moment_json(item.accreditation_until),
    }
    for name, value in values.items():
        if value is not None and value not in said.get(key_of(name, item.key), ()):
            yield key_of(name, item.key)
