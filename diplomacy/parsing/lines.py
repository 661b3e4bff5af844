"""What each line of a text says of itself: its bullet or label, the hour it begins or ends with, its day."""

from __future__ import annotations

import re
from typing import NamedTuple

from diplomacy.parsing.dates import DateMention, Kind
from diplomacy.parsing.document import Line
from diplomacy.parsing.findings import Findings

# Once: an enum's members are slow to look up.
_RELATIVE = Kind.RELATIVE

_BULLET = re.compile(r"[-•*·▪◦●■►→o–]{1,2}\s{1,4}|\(?\d{1,2}[.)°]\)?\s{1,4}(?=\D)|[a-z]\)\s{1,4}")
_LABEL = re.compile(r"([^\W\d_]{3,14})(?:\s(?:n[o°º]\.?\s?|#)?\d{1,2})?\s?:\s")
CELLS = re.compile(r"\t|\s*\|\s*| {3,}")
_REMARK = re.compile(r"\([^()\n]{1,20}\)")  # "23/03 (2.ª f.)": what stands between a day and its hour
_CLOCK_WITHIN = 16  # characters from the start of a line in which its hour begins
LONGEST_OWNER = 160
LETTERS = re.compile(r"[^\W\d_]+")


class LineFacts(NamedTuple):
    """What a line says of itself, before it is known what it is."""

    line: Line
    content: int  # where its words begin, after bullet and hour
    content_end: int
    has_bullet: bool
    has_label: bool  # "Event: ...", "Lieu : ..."
    clock: DateMention | None
    day: DateMention | None
    is_only_time: bool


def facts_of(found: Findings, line: Line) -> LineFacts:
    """What a line says of itself: bullet, hour at its start or end, day."""
    bullet = _BULLET.match(found.document.text, line.start, line.end)
    start = bullet.end() if bullet and bullet.end() < line.end else line.start
    label = _LABEL.match(found.document.text, start, line.end)
    has_label = label is not None and label.end() < line.end and found.language.is_field(label.group(1))
    start = label.end() if label is not None and has_label else start
    dates = [one for one in found.within(found.dates, line.start, line.end) if not one.dateline]
    days = [one for one in dates if one.has_day or one.kind is _RELATIVE]
    clock = next((one for one in dates if one.time is not None and not one.press_access), None)
    first_clock = _leading(found, start, clock, days)
    content, content_end = start, line.end
    if first_clock is not None:
        content = max([first_clock.end] + [one.end for one in days if one.start < first_clock.end + 3])
        content = past_marks(found, content, line.end)
    elif days and days[0].start - start < 3 and "|" in line.text:
        content = past_marks(found, days[0].end, line.end)
    elif clock is not None and _is_trailing(found, clock, line):
        first_clock, content_end = clock, clock.start
    day = days[0] if days else None
    return LineFacts(line, content, content_end, bullet is not None, has_label, first_clock, day, content >= line.end)


def _leading(found: Findings, start: int, clock: DateMention | None, days: list[DateMention]) -> DateMention | None:
    """The hour at the start of a line, alone or right after a day: "10h30 :", "lundi 18, à 17h30 :"."""
    if clock is None:
        return None
    at = start
    if days and days[0].start - start < _CLOCK_WITHIN and days[0].start < clock.start:
        at = days[0].end
    between = _REMARK.sub("", found.document.text[at : clock.start])
    is_near = len(between) < _CLOCK_WITHIN and len(LETTERS.findall(between)) <= 1
    return clock if is_near else None


def _is_trailing(found: Findings, clock: DateMention, line: Line) -> bool:
    """ "Audience au Palais : 15h30", "Arrivée (10h)": the hour ends a line that is no sentence."""
    rest = found.document.text[clock.end : line.end]
    before = found.document.text[line.start : clock.start].rstrip()
    return (
        not LETTERS.search(rest)
        and (not rest.strip().startswith(".") or before.endswith(".."))
        and (before[-1:] in (":", "-", "|", "(", "\t", ",") or before.endswith(".."))
        and (line.end - line.start < LONGEST_OWNER or before.endswith(".."))
    )


def past_marks(found: Findings, at: int, end: int) -> int:
    """The offset after the signs that part a label, an hour or a cell from what follows."""
    while at < end and found.document.text[at] in " \t:-|.,;)]/\u2022":
        at += 1
    return at
