"""Words of the communiqué that an editor puts into a field: what they say there, and the evidence they become."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from diplomacy.communiques.models import CommuniqueVersion, Evidence, Proposal
from diplomacy.communiques.review import countries
from diplomacy.directory.spelling import fold
from diplomacy.parsing.dates.expressions import read_expression

RULE = "editor"
MOST = 200
_FIELD = re.compile(r"(?:visit|items-(?P<number>\d+))-(?P<name>[a-z_]+)\Z")


@dataclass(frozen=True, slots=True)
class Assigned:
    """text[start:end] of the version, put into a field of the form ("visit-start", "items-0-place")."""

    field: str
    start: int
    end: int

    def path(self, *, is_line: bool) -> str:
        """The field as the draft names it: "start", "items.0.place"; of a line of a diary just "place"."""
        found = _FIELD.match(self.field)
        assert found is not None  # checked when it was read
        name = found["name"]
        return name if found["number"] is None or is_line else f"items.{found['number']}.{name}"


def assigned_words(said: str, version: CommuniqueVersion) -> Iterator[Assigned]:
    """What a form says was assigned (JSON: field, start, end), as far as it names a field and lies in the text."""
    try:
        rows = json.loads(said or "[]")
    except ValueError:
        return
    for row in rows[:MOST] if isinstance(rows, list) else []:
        match row:
            case {"field": str(field), "start": int(start), "end": int(end)} if _FIELD.match(
                field
            ) and 0 <= start < end <= len(version.text):
                yield Assigned(field, start, end)


def keep_assigned(proposal: Proposal, said: str) -> None:
    """Keep the words an editor pointed at as evidence of their fields."""
    version = proposal.extraction.version
    for one in assigned_words(said, version):
        Evidence.objects.get_or_create(
            proposal=proposal,
            field=one.path(is_line=proposal.is_line)[:80],
            start=one.start,
            end=one.end,
            defaults={"quote": version.text[one.start : one.end], "rule": RULE},
        )


def value_of(field: str, words: str, version: CommuniqueVersion) -> str:
    """What words say in a field, as its widget takes it: a day as 2023-02-07, an hour as 10:30, a country as its code;
    the words themselves where nothing has to be read; empty where a day, an hour or a country cannot be read in them.
    """
    name = field.rsplit("-", 1)[-1]
    read = _READ.get(name)
    return read(words, version) if read else " ".join(words.split())


def _day(words: str, version: CommuniqueVersion, *, last: bool = False) -> str:
    first, end, _time = _read(words, version)
    found = (end or first) if last else first
    return found.isoformat() if found else ""


def _hour(words: str, version: CommuniqueVersion, *, last: bool = False) -> str:
    _first, _end, time = _read(words, version)
    clocks = re.findall(r"\d\d:\d\d", time)
    return (clocks[-1] if last else clocks[0]) if clocks else ""


def _read(words: str, version: CommuniqueVersion) -> tuple[Any, Any, str]:
    if version.published_on is None:
        return None, None, ""
    language = version.language or getattr(version.extractions.first(), "language", "")
    return read_expression(words, version.published_on, language or "en")


def _country(words: str, _version: CommuniqueVersion) -> str:
    wanted = fold(words)
    return next((code for code, name in countries() if fold(name) == wanted), "")


_READ: dict[str, Callable[[str, CommuniqueVersion], str]] = {
    "start": _day,
    "end": lambda words, version: _day(words, version, last=True),
    "date": _day,
    "start_time": _hour,
    "end_time": lambda words, version: _hour(words, version, last=True),
    "host_country": _country,
}
