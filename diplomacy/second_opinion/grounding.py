"""Where quoted words stand in the text: exactly, or but for accents, case, spaces and typographic variants.

What is found is the text's own words; what is not found is not kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from diplomacy.parsing.reading import Span

RULE = "second_opinion"
_SHORTEST = 2  # letters or figures: a lone "a" stands in every text
_ALIKE = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("«»“”„", '"')})


class Source:
    """A text in which quotations are looked up. Offsets are code points of the text as given."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded, self._places = _folded(text)
        self._lines = text.split("\n")

    def lines_of(self, span: Span) -> range:
        """The numbers of the lines that words stand in."""
        first = self.text.count("\n", 0, span.start)
        return range(first, first + span.quote.count("\n") + 1)

    def line(self, number: int) -> str:
        """One line of the text."""
        return self._lines[number]

    def find(self, quote: str, *, near: int = 0) -> Span | None:
        """The words in the text, whole words only; of several places the one nearest to `near`. None: not there."""
        if sum(letter.isalnum() for letter in quote) < _SHORTEST:
            return None
        places = list(self._exactly(quote.strip())) or list(self._alike(quote))
        if not places:
            return None
        start, end = min(places, key=lambda place: (abs(place[0] - near), place))
        return Span(start, end, self.text[start:end], RULE)

    def _exactly(self, quote: str) -> Iterator[tuple[int, int]]:
        for start in _occurrences(self.text, quote):
            if self._is_whole(start, start + len(quote)):
                yield start, start + len(quote)

    def _alike(self, quote: str) -> Iterator[tuple[int, int]]:
        wanted, _ = _folded(quote)
        for first in _occurrences(self._folded, wanted) if wanted else ():
            start, end = self._places[first], self._places[first + len(wanted) - 1] + 1
            while end < len(self.text) and unicodedata.combining(self.text[end]):
                end += 1
            if self._is_whole(start, end):
                yield start, end

    def _is_whole(self, start: int, end: int) -> bool:
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        cut_before = before.isalnum() and self.text[start].isalnum()
        return not (cut_before or (after.isalnum() and self.text[end - 1].isalnum()))


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case, accents, spaces and variants, and for each letter left its place in the text."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter.translate(_ALIKE)).casefold():
            if not (part.isspace() or unicodedata.combining(part) or unicodedata.category(part) == "Cf"):
                letters.append(part)
                places.append(place)
    return "".join(letters), places
