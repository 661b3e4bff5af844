"""Texts to measure on: the annotated documents, and texts made to be slow to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from statistics import median_low
from typing import Any

PUBLISHED = dt.date(2026, 3, 2)
KB, MB = 10**3, 10**6
SIZES = (10 * KB, 100 * KB, MB)

# Each is repeated to the size wanted. After the first: texts where a careless rule looks ahead again at every place.
LONG: Mapping[str, str] = {
    "ordinary sentences": "Le ministre malien, Boubacar SANGARE, recevra demain à 10h30 son homologue à Bamako. ",
    "one run of digits": "7",
    "numbers": "12 07 2026 ",
    "“du 1 au ”": "du 1 au ",
    "opening parentheses": "(",
    "one word in capitals": "A",
    "words in capitals": "JEAN DE LA TOUR ",
    "newlines": "\n",
    "commas": "le ministre, ",
    "one hour a line": "10h30 : entretien\n",
}


def repeated(piece: str, size: int) -> str:
    """`size` characters of the piece, after a heading: newlines alone would be an empty text."""
    heading = "Agenda du ministre\n"
    return heading + (piece * (size // len(piece) + 1))[: size - len(heading)]


def around_the_median(documents: list[dict[str, Any]], *, count: int = 9) -> list[dict[str, Any]]:
    """The document of median length and its neighbours in length: steadier than one text, and about as long."""
    ordered = sorted(documents, key=lambda one: (len(one["text"]), one["id"]))
    middle = next(n for n, one in enumerate(ordered) if len(one["text"]) == median_length(documents))
    first = max(0, min(middle - count // 2, len(ordered) - count))
    return ordered[first : first + count]


def median_length(documents: list[dict[str, Any]]) -> int:
    """Characters of the middle document."""
    return median_low(len(one["text"]) for one in documents)
