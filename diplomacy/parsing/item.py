"""A programme item on its way to a draft, and the order of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from diplomacy.parsing.layout import Unit
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind, ItemStatus, PartOfDay


@dataclass(slots=True)
class Item:
    """A programme item on its way to a draft."""

    kind: ItemKind
    unit: Unit
    begins: int
    ends: int
    words: tuple[int, int] | None  # of the phrase that names it; None where only its line is told
    stay: Stay | None = None
    day: dt.date | None = None
    start_time: str | None = None
    end_time: str | None = None
    zone: str | None = None
    part: PartOfDay | None = None
    people: list[Referent] = field(default_factory=list)
    status: ItemStatus = ItemStatus.SCHEDULED
    spans: dict[str, list[Span]] = field(default_factory=dict)
    minutes: int | None = None  # how long it lasts, where that is said
    is_tbc: bool = False
    accreditation_until: dt.datetime | None = None  # naive: the host's clock
    is_prose: bool = False
    is_default: bool = False  # the kind is a guess from what the line holds


def ordered(items: Sequence[Item]) -> list[tuple[int, Item]]:
    """Items with their order among those of their day: by time where it is told, else as in the text."""
    counts: dict[dt.date | None, int] = {}
    result = []
    for item in sorted(items, key=lambda one: (one.day is None, one.day or dt.date.max)):
        counts[item.day] = counts.get(item.day, 0) + 1
        result.append((counts[item.day], item))
    return result
