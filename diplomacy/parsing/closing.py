"""What the items of a whole text settle together: the end of a visit, the day of its undated items, accreditation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from diplomacy.parsing.findings import Findings
from diplomacy.parsing.item import Item
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind

# Once: an enum's members are slow to look up.
_DEPARTURE = ItemKind.DEPARTURE

_FEWEST_OF_ONE_DAY = 2  # items that a visit of one day has, when nothing says that it lasts one day


def note_accreditation(found: Findings, items: Sequence[Item]) -> None:
    """Until when the press must apply: of the items whose line says it; said once for all, of every item."""
    for phrase in found.press:
        if phrase.label != "accreditation":
            continue
        start = found.document.text.rfind("\n", 0, phrase.start) + 1
        end = found.document.text.find("\n", phrase.end)
        dates = found.within(found.dates, start, end if end >= 0 else phrase.end + 300)
        told = [one for one in dates if one.time is not None and (one.last or one.first) is not None]
        if not told or told[-1].time is None:
            continue
        day, clock = told[-1].last or told[-1].first, told[-1].time
        assert day is not None
        until = dt.datetime.combine(day, dt.time(clock.hour % 24, clock.minute))
        span = found.span(told[-1].start, told[-1].end, "accreditation_deadline")
        own = [item for item in items if item.unit.line_start <= phrase.start < item.unit.notes_end]
        for item in own or [one for one in items if one.accreditation_until is None]:
            item.accreditation_until = until
            item.spans["accreditation_until"] = [span]


def close(stay: Stay, items: Sequence[Item]) -> None:
    """The end of a visit from its departure; the day of its undated items, if it has one only."""
    own = [item for item in items if item.stay is stay]
    left = [one for one in own if one.kind is _DEPARTURE and one.day is not None]
    ends = left and left[-1] is [one for one in own if one.day is not None][-1]
    last = left[-1].day if ends else None
    if stay.last is None and stay.first is not None and last is not None and last >= stay.first:
        stay.last = last
        stay.spans["end"] = left[-1].spans.get("date", [])
    _start_by_items(stay, own)
    if stay.first is not None and (stay.last == stay.first or _has_one_day(stay, own)):
        for item in own:
            if item.day is None and item.is_prose:
                item.day = stay.first
    if _has_one_day(stay, own) and len(own) >= _FEWEST_OF_ONE_DAY and all(item.day is not None for item in own):
        stay.last = stay.first
        stay.spans["end"] = stay.spans.get("start", [])


def _has_one_day(stay: Stay, own: Sequence[Item]) -> bool:
    """Whether all that a text tells of a visit lies on the day it begins: no end, no length, no other day."""
    if (
        stay.first is None
        or stay.last is not None
        or stay.is_shared
        or stay.is_dated_by_items
        or stay.days not in (None, 1)
    ):
        return False
    return {item.day for item in own} <= {stay.first, None}


def _start_by_items(stay: Stay, own: Sequence[Item]) -> None:
    """A stay that the text dates only by what happens there: its first dated item."""
    dated = [item for item in own if item.day is not None and item.kind is not _DEPARTURE]
    if stay.first is not None or not dated or stay.is_off:
        return
    first = min(dated, key=lambda item: item.day or dt.date.max)
    stay.first, stay.is_dated_by_items = first.day, True
    stay.spans["start"] = first.spans.get("date", [])
