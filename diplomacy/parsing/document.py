"""The text with its date: cleaned without losing any character's place, cut into lines, sentences and words.

All stages after this one work on `Document.text`, in which typographic variants are folded one character for one
(curly to straight apostrophes, no-break to plain spaces, long dashes to hyphens), a headline in capitals has the case
of the rest, and, where the source is written
with combining accents, composed to NFC. `Document.source_span` leads from there back to the text as given.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from diplomacy.parsing.capitals import calmed
from diplomacy.parsing.errors import EmptyTextError, NoPublicationDateError, NotTextError, TextTooLongError
from diplomacy.parsing.folding import fold
from diplomacy.parsing.words import Words, words_of

MAX_CHARACTERS = 1_200_000
# Characters of the longest sentence that is read as one; no real one comes near. What stands in a sentence is compared
# with all else in it, so without a bound a text without full stops would take the square of its length.
LONGEST_SENTENCE = 1500

_TITLE_WITHIN = 2  # lines
_made = tuple.__new__  # a named tuple by itself is made in three times the time

_SENTENCE_END = re.compile(r"[.!?\u2026\u061f\u06d4][\"')\]]{0,3}(?=\s)|\n")
_LOWER_AHEAD = re.compile(r"\s{0,4}[\"'(]{0,2}\s?([^\W\d_])")


class Sentence(NamedTuple):
    """A run of words that one reader would read in one breath; `first` and `last` are word numbers, last excluded."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    quoted: bool = False


class Line(NamedTuple):
    """One line without its surrounding white space."""

    start: int
    end: int
    text: str
    blank_before: bool
    is_shouted: bool  # in capitals throughout, as given


@dataclass(frozen=True)
class Document:
    """A communiqué ready to be searched."""

    source: str
    text: str
    published_on: dt.date
    language: str | None
    words: Words
    lines: tuple[Line, ...]
    _origin: tuple[int, ...] | None = field(default=None)
    unvouched: frozenset[int] = frozenset()  # see `capitals.Calmed`

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given for offsets in `text`."""
        if self._origin is None:
            return start, end
        return self._origin[start], self._origin[end]

    @cached_property
    def title(self) -> int | None:
        """The number of the title line: the first, or the next one where that is a sentence; None if neither is one."""
        return next((number for number in range(min(_TITLE_WITHIN, len(self.lines))) if self._is_title(number)), None)

    def _is_title(self, number: int) -> bool:
        """Whether a line neither ends a sentence nor goes on in the line below."""
        line, below = self.lines[number], self.lines[number + 1 : number + 2]
        goes_on = bool(below) and not below[0].blank_before and below[0].text[0].islower()
        return line.text[-1] not in ".!?\u2026\u061f\u06d4" and not goes_on

    def word_at(self, offset: int) -> int:
        """Number of the first word that ends after `offset`."""
        after = bisect_right(self.words.starts, offset)
        return after - 1 if after and self.words.ends[after - 1] > offset else after


def open_document(text: object, *, published_on: dt.date | None, language: str | None) -> Document:
    """Check a text and prepare it.

    Raises EmptyTextError, NotTextError, TextTooLongError or NoPublicationDateError (all
    UnreadableTextError) with what to do about it.
    """
    if not isinstance(text, str):
        raise NotTextError("A communiqué is read as text: decode the file first (the intake does it).")
    if published_on is None:
        raise NoPublicationDateError("Give the day the text was published; dates such as 'tomorrow' depend on it.")
    if isinstance(published_on, dt.datetime):
        published_on = published_on.date()
    if not text.strip():
        raise EmptyTextError("The text is empty: paste the words of the communiqué.")
    if "\x00" in text:
        raise NotTextError("The text holds NUL characters: it is a binary file or was decoded wrongly.")
    if len(text) > MAX_CHARACTERS:
        raise TextTooLongError(
            f"The text has {len(text)} characters; at most {MAX_CHARACTERS} are read. Send each communiqué by itself."
        )
    composed, origin = _composed(text)
    folded = fold(composed)
    read, unvouched = calmed(folded)
    return Document(
        source=text,
        text=read,
        published_on=published_on,
        language=language,
        words=words_of(read),
        lines=tuple(_lines(read, folded)),
        _origin=origin,
        unvouched=unvouched,
    )


def _composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """NFC of the text and, where that moved characters, the source offset of each of its characters (and the end)."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(text):
        upto = at + 1
        while upto < len(text) and unicodedata.combining(text[upto]):
            upto += 1
        piece = unicodedata.normalize("NFC", text[at:upto])
        pieces.append(piece)
        origin.extend([at] * len(piece))
        at = upto
    origin.append(len(text))
    return "".join(pieces), tuple(origin)


def _lines(text: str, given: str) -> Iterator[Line]:
    """The lines of a text; `given` is the same before its title was given another case."""
    at, blank = 0, True
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = at + raw.index(stripped)
            end = start + len(stripped)
            yield _made(Line, (start, end, stripped, blank, given[start:end].isupper()))
        blank = not stripped
        at += len(raw) + 1


def sentences(
    document: Document, abbreviations: frozenset[str], months: frozenset[str], start: int, end: int, paragraph: int
) -> Iterator[Sentence]:
    """The sentences of text[start:end]; `quoted` where one lies inside quotation marks opened before it.

    No sentence ends after an abbreviation, or between a day and its month ("am 13. November").
    """
    inside_quote = False
    at, first = start, document.word_at(start)
    for stop in _bounded(document, start, _stops(document, abbreviations, months, start, end)):
        last = document.word_at(stop)
        if last > first:
            yield _made(Sentence, (at, stop, first, last, paragraph, inside_quote))
            if document.text.count('"', at, stop) % 2:
                inside_quote = not inside_quote
        at, first = stop, last


def _bounded(document: Document, start: int, stops: Iterator[int]) -> Iterator[int]:
    """The same stops, and more where a sentence would be too long: between two words."""
    at = start
    for stop in stops:
        while stop - at > LONGEST_SENTENCE:
            word = document.word_at(at + LONGEST_SENTENCE)
            following = document.words.starts[word] if word < len(document.words) else stop
            if not at < following < stop:
                break
            yield following
            at = following
        yield stop
        at = stop


def _stops(
    document: Document, abbreviations: frozenset[str], months: frozenset[str], start: int, end: int
) -> Iterator[int]:
    text, words = document.text, document.words
    for found in _SENTENCE_END.finditer(text, start, end):
        if found.group() == "\n":
            continue
        if found.group()[0] == ".":
            before = document.word_at(found.start()) - 1
            if before >= 0 and words.ends[before] == found.start() and _is_abbreviation(words, before, abbreviations):
                continue
            if before >= 0 and _is_day_of_month(words, before, months):
                continue
            ahead = _LOWER_AHEAD.match(text, found.end())
            if ahead and ahead.group(1).islower():
                continue
        yield found.end()
    yield end


def _is_abbreviation(words: Words, at: int, abbreviations: frozenset[str]) -> bool:
    norm = words.norms[at]
    return norm in abbreviations or (len(norm) == 1 and not norm.isdigit())


def _is_day_of_month(words: Words, at: int, months: frozenset[str]) -> bool:
    norm = words.norms[at]
    return norm.isdigit() and len(norm) <= 2 and at + 1 < len(words) and words.norms[at + 1] in months
