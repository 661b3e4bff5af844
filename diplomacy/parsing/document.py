"""The text with its date: cleaned without losing any character's place, cut into blocks, sentences and words.

All stages after this one work on `Document.text`, in which typographic variants are folded one character for one
(curly to straight apostrophes, no-break to plain spaces, long dashes to hyphens) and, where the source is written
with combining accents, composed to NFC. `Document.source_span` leads from there back to the text as given.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from diplomacy.parsing.errors import EmptyTextError, NoPublicationDateError, NotTextError, TextTooLongError

MAX_CHARACTERS = 400_000

_APOSTROPHES = "\u2019\u2018\u02bc\u00b4`\u2032\uff07"
_SPACES = "\u00a0\u202f\u2009\u2007\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u3000\u200b\ufeff"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
# Direction and joining marks carry no word; a space keeps the length.
_INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\u00ad"
_FOLDING = str.maketrans(
    _APOSTROPHES + _SPACES + _DASHES + _QUOTES + _INVISIBLE + "\u2028\u2029\x0b\x0c\x85",
    "'" * len(_APOSTROPHES)
    + " " * len(_SPACES)
    + "-" * len(_DASHES)
    + '"' * len(_QUOTES)
    + " " * len(_INVISIBLE)
    + "\n" * 5,
)

# A word with its combining marks (Arabic vowels, decomposed accents), or a number.
_WORD = re.compile(r"[\w\u0300-\u036f\u064b-\u0652\u0670]+")
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None}  # letters that writers interchange
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_SENTENCE_END = re.compile(r"[.!?\u2026\u061f\u06d4][\"')\]]{0,3}(?=\s)|\n")
_LOWER_AHEAD = re.compile(r"\s{0,4}[\"'(]{0,2}\s?([^\W\d_])")


def fold(text: str) -> str:
    """The same text, character for character, with typographic variants made alike. The length does not change."""
    return text.translate(_FOLDING)


@lru_cache(maxsize=65_536)
def normal_form(word: str) -> str:
    """A word for comparison: lower case, no accents, no Arabic vowel signs, ligatures opened."""
    if word.isascii():
        return word.lower()
    lowered = word.casefold().translate(_LIGATURES).translate(_ARABIC)
    decomposed = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its place in the document and its normal form."""

    start: int
    end: int
    norm: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of words that one reader would read in one breath; `first` and `last` are token numbers, last excluded."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its surrounding white space."""

    start: int
    end: int
    text: str
    blank_before: bool


@dataclass(frozen=True)
class Document:
    """A communiqué ready to be searched."""

    source: str
    text: str
    published_on: dt.date
    language: str | None
    tokens: tuple[Token, ...]
    lines: tuple[Line, ...]
    _starts: tuple[int, ...]
    _origin: tuple[int, ...] | None = field(default=None)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given for offsets in `text`."""
        if self._origin is None:
            return start, end
        return self._origin[start], self._origin[end]

    def token_at(self, offset: int) -> int:
        """Number of the first token that ends after `offset`."""
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and self.tokens[at].end > offset:
            return at
        return at + 1

    def sentences(self, abbreviations: frozenset[str], within: Sequence[Line] | None = None) -> tuple[Sentence, ...]:
        """The sentences of the given lines (of all, if None); hard-wrapped lines are read on."""
        return tuple(_sentences(self, abbreviations, self.lines if within is None else within))


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
    tokens = tuple(Token(m.start(), m.end(), normal_form(m.group())) for m in _WORD.finditer(folded))
    return Document(
        source=text,
        text=folded,
        published_on=published_on,
        language=language,
        tokens=tokens,
        lines=tuple(_lines(folded)),
        _starts=tuple(t.start for t in tokens),
        _origin=origin,
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


def _lines(text: str) -> Iterator[Line]:
    at, blank = 0, True
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = at + raw.index(stripped)
            yield Line(start, start + len(stripped), stripped, blank)
        blank = not stripped
        at += len(raw) + 1


def _blocks(document: Document, lines: Sequence[Line]) -> Iterator[tuple[int, int, bool]]:
    """(start, end, new paragraph): lines, joined where a line was only broken to fit the page."""
    start, end = -1, -1
    fresh = True
    for line in lines:
        broken = (
            end >= 0
            and not line.blank_before
            and document.text[start:end].count("\n") < 200
            and document.text[end - 1] not in ".!?:;"
            and (line.text[0].islower() or (document.text[end - 1] == "," and end - start > 50))
        )
        if broken and "\n" not in document.text[end : line.start].strip(" \t\r").strip("\n"):
            end = line.end
            continue
        if end >= 0:
            yield start, end, fresh
        start, end, fresh = line.start, line.end, True
    if end >= 0:
        yield start, end, fresh


def _sentences(document: Document, abbreviations: frozenset[str], lines: Sequence[Line]) -> Iterator[Sentence]:
    for paragraph, (start, end, _fresh) in enumerate(_blocks(document, lines)):
        depth_quote = False
        at = start
        for stop in _stops(document, abbreviations, start, end):
            first, last = document.token_at(at), document.token_at(stop)
            if last > first:
                piece = document.text[at:stop]
                yield Sentence(at, stop, first, last, paragraph, depth_quote)
                if piece.count('"') % 2:
                    depth_quote = not depth_quote
            at = stop


def _stops(document: Document, abbreviations: frozenset[str], start: int, end: int) -> Iterator[int]:
    text = document.text
    for found in _SENTENCE_END.finditer(text, start, end):
        if found.group() == "\n":
            continue
        if found.group()[0] == ".":
            before = document.tokens[document.token_at(found.start()) - 1] if document.tokens else None
            if before is not None and before.end == found.start() and _is_abbreviation(before, abbreviations):
                continue
            ahead = _LOWER_AHEAD.match(text, found.end())
            if ahead and ahead.group(1).islower():
                continue
        yield found.end()
    yield end


def _is_abbreviation(token: Token, abbreviations: frozenset[str]) -> bool:
    return token.norm in abbreviations or (len(token.norm) == 1 and not token.norm.isdigit())
