"""A communiqué's text cut at the words that were used, for the left pane of the review page. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text and the fields that rest on it (none: plain text)."""

    text: str
    fields: tuple[str, ...]


def pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """The whole text in order, cut at the ends of each span (start, end, field); spans beyond the text are cut off."""
    known = [(max(0, start), min(end, len(text)), field) for start, end, field in spans if start < len(text)]
    cuts = sorted({0, len(text), *(start for start, _end, _f in known), *(end for _s, end, _f in known)})
    starting: dict[int, list[str]] = {}
    ending: dict[int, list[str]] = {}
    for start, end, field in known:
        starting.setdefault(start, []).append(field)
        ending.setdefault(end, []).append(field)
    found, active = [], list[str]()
    for first, last in pairwise(cuts):
        for field in ending.get(first, ()):
            active.remove(field)
        active += starting.get(first, ())
        found.append(Piece(text[first:last], tuple(dict.fromkeys(active))))
    return found
