"""Dated lists: a day's heading, then lines that begin with an hour ("13h00 - Déjeuner avec …")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from diplomacy.parsing.document import Line
from diplomacy.parsing.finders.dates import ClockMention
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.programme import items_between
from diplomacy.parsing.reading import ItemDraft, Span
from diplomacy.parsing.resolve import Referent
from diplomacy.vocabulary import ItemKind, Precision

_FEWEST_LINES = 2
# A line is a heading where the official's mention fills more than this of it.
_HEADING_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line that begins with a clock time."""

    line: Line
    clock: ClockMention


def agenda_lines(found: Findings) -> tuple[AgendaLine, ...]:
    """The lines of a list; none where fewer than two lines begin with an hour."""
    lines = []
    for line in found.document.lines:
        clock = next(iter(found.within(found.times.clocks, line.start, min(line.end, line.start + 14))), None)
        if clock is not None:
            lines.append(AgendaLine(line, clock))
    return tuple(lines) if len(lines) >= _FEWEST_LINES else ()


def assemble_agenda(found: Findings, lines: tuple[AgendaLine, ...]) -> Iterator[ItemDraft]:
    """One item for each line, with the day of the heading above it and the owner of the agenda."""
    orders: dict[dt.date | None, int] = {}
    for entry in lines:
        day, heading = _heading_day(found, entry)
        orders[day] = orders.get(day, 0) + 1
        yield _item(found, entry, day, heading, orders[day], _owner(found, entry, lines[0]))


def _heading_day(found: Findings, entry: AgendaLine) -> tuple[dt.date | None, Span | None]:
    """The last single day named in a line above that is no agenda line itself."""
    mentions = [one for one in found.within(found.times.dates, 0, entry.line.start) if one.first == one.last]
    for mention in reversed(mentions[-20:]):
        return mention.first, found.span(mention.start, mention.end, mention.rule)
    return None, None


def _owner(found: Findings, entry: AgendaLine, first: AgendaLine) -> Referent | None:
    """Whose list it is: the official a line of their own above names; else the first one before the list begins."""
    for mention in reversed(found.within(found.people, 0, entry.line.start)):
        referent = found.referent_at.get(mention.start)
        line_start = found.document.text.rfind("\n", 0, mention.start) + 1
        line_end = found.document.text.find("\n", mention.start)
        fills_line = mention.end - mention.start > _HEADING_SHARE * (line_end - line_start)
        fills_line = fills_line and _is_after_blank(found, line_start)
        if referent is not None and referent.title and fills_line and not _has_clock(found, line_start, line_end):
            return referent
    heads = [found.referent_at.get(one.start) for one in found.within(found.people, 0, first.line.start)]
    return next((one for one in heads if one is not None and one.title and one.name), None)


def _is_after_blank(found: Findings, line_start: int) -> bool:
    """Whether a line begins a block: one that follows another directly may only go on with it."""
    return line_start < 2 or found.document.text[line_start - 2] == "\n"


def _has_clock(found: Findings, start: int, end: int) -> bool:
    return bool(found.within(found.times.clocks, start, end))


def _item(
    found: Findings, entry: AgendaLine, day: dt.date | None, heading: Span | None, order: int, owner: Referent | None
) -> ItemDraft:
    start, end = entry.clock.end, entry.line.end
    mentions = items_between(found, start, end)
    named = [found.referent_at.get(one.start) for one in found.within(found.people, start, end)]
    others = [one for one in named if one is not None and one is not owner and one.is_official]
    kind = mentions[0].kind if mentions else ItemKind.BILATERAL_MEETING if others else ItemKind.OTHER
    names = [one.name or one.title for one in ([owner] if owner else []) + others]
    spans = {
        "kind": (found.span(start, end, "agenda_line"),),
        "start_time": (found.span(entry.clock.start, entry.clock.end, entry.clock.rule),),
    }
    if heading is not None:
        spans["date"] = (heading,)
    words = found.document.text[start:end].strip(" -:•\t.")
    return ItemDraft(
        kind=kind,
        title=" ".join(words.split())[:200],
        form=" ".join(found.document.text[mentions[0].start : mentions[0].end].split()) if mentions else None,
        date=day,
        start_time=entry.clock.time,
        end_time=entry.clock.until,
        timezone="Etc/UTC" if entry.clock.gmt else None,
        precision=Precision.EXACT,
        participants=tuple(dict.fromkeys(names)),
        offices=tuple(one.title for one in ([owner] if owner else []) + others if not one.name),
        order=order,
        evidence=found.span(entry.line.start, end, "agenda_line").quote,
        evidence_spans=spans,
        confidence={
            "kind": 0.8 if mentions else 0.5,
            "start_time": 0.95,
            "date": 0.9 if day else 0.4,
            "participants": 0.7,
        },
    )
