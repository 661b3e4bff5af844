"""What reads a text: the rules, or something that gives a second opinion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from diplomacy import parsing
from diplomacy.parsing.reading import Reading


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an extractor gives: a reading, and in words what it said that was not kept, with the reason."""

    reading: Reading
    rejected: tuple[str, ...] = ()


class Extractor(Protocol):
    """Reads one text. `published_on` is the day the text calls today; `language` an ISO 639-1 code or None."""

    @property
    def name(self) -> str:
        """Who reads, for the desk."""

    def extract(self, text: str, *, published_on: dt.date, language: str | None) -> Extracted:
        """Read the text; errors are the extractor's own."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The reading by our own rules."""

    name: str = f"rules {parsing.PARSER_VERSION}"

    def extract(self, text: str, *, published_on: dt.date, language: str | None) -> Extracted:
        """Read by the rules. Raises UnreadableTextError."""
        return Extracted(parsing.read(text, published_on=published_on, language=language))
