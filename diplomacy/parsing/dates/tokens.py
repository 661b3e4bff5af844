"""A text as words, numbers and signs with their terms; one pass, bounded work for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from diplomacy.parsing.dates.tables import NO_TERMS, PIECE, Tables, Terms, key_of

GLUED, SPACED, BROKEN, PARTED = range(4)
_CARRIES_ON = frozenset(("lead", "to", "from", "of", "until", "starting", "between"))
_WRAPPED_LINE = 60  # a line this long was broken to fit the page, not ended


class Token(NamedTuple):
    """A word, number or sign; `gap` says what lies before it: nothing, blanks, a line break, an empty line."""

    start: int
    end: int
    key: str
    gap: int
    number: int  # -1 for words and signs
    digits: int
    terms: Terms


@lru_cache(maxsize=4)
def tokenize(text: str, tables: Tables) -> Sequence[Token]:
    """The tokens of a text, phrases of the language joined into one; empty ones stand at the end as guards."""
    raw = _pieces(text, tables)
    joined: list[Token] = []
    done, count = 0, len(raw)
    for at in [at for at, piece in enumerate(raw) if piece.key in tables.phrases]:
        if at < done:
            continue
        joined += raw[done:at]
        done, token = at, raw[at]
        following = raw[at + 1].key if at + 1 < count else ""
        for rest, terms in tables.phrases[token.key]:
            if rest and rest[0] != following and following != "-":
                continue
            end = _matches(raw, at + 1, rest) if rest else at + 1
            if end:
                joined.append(Token(token.start, raw[end - 1].end, token.key, token.gap, -1, 0, terms))
                if end < count and raw[end].gap == BROKEN and not _CARRIES_ON.isdisjoint(terms):
                    raw[end] = raw[end]._replace(gap=SPACED)  # no line ends with "du" or "le" of itself
                done = end
                break
    return joined + raw[done:] + [_GUARD] * GUARDS


GUARDS = 16  # so that looking a few tokens ahead needs no bounds
_GUARD = Token(-1, -1, "", PARTED, -1, 0, NO_TERMS)


def _matches(raw: Sequence[Token], at: int, keys: tuple[str, ...]) -> int:
    """Where a phrase ends that goes on with these keys, 0 if it does not; hyphens inside a word may be there or not."""
    for key in keys:
        if at < len(raw) and raw[at].key == "-" and at + 1 < len(raw) and raw[at + 1].gap <= SPACED and key != "-":
            at += 1
        if at >= len(raw) or raw[at].key != key or raw[at].gap > BROKEN:
            return 0
        at += 1
    return at


def _pieces(text: str, tables: Tables) -> list[Token]:
    tokens: list[Token] = []
    end = line_start = 0
    for match in PIECE.finditer(text):
        before = end
        start, end = match.span()
        word = match.group()
        if start == before:
            gap = GLUED
        elif start == before + 1 and text[before] == " ":
            gap = SPACED
        else:
            gap = _gap(text, before, start, line_start)
            if gap >= BROKEN or "\n" in text[before:start]:
                line_start = start
        key, number, digits = _meaning(word)
        if tables.prefixes and number < 0:
            prefix = _prefix(key, tables)
            if prefix:
                tokens.append(Token(start, start + len(prefix), prefix, gap, -1, 0, NO_TERMS))
                start, key, gap = start + len(prefix), key[len(prefix) :], GLUED
        tokens.append(Token(start, end, key, gap, number, digits, NO_TERMS))
    return tokens


@lru_cache(maxsize=16_384)
def _meaning(piece: str) -> tuple[str, int, int]:
    """The key, number and digits of a piece of text."""
    if piece.isdecimal():
        return "", int(piece) if len(piece) <= 4 else 99999, len(piece)
    return _DASHES.get(piece) or key_of(piece), -1, 0


_DASHES = {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}


def _prefix(key: str, tables: Tables) -> str:
    """The word written onto a known word, "" if there is none."""
    if key in tables.phrases:
        return ""
    for prefix in tables.prefixes:
        if key.startswith(prefix) and key[len(prefix) :] in tables.phrases:
            return prefix
    return ""


def _gap(text: str, end: int, start: int, line_start: int) -> int:
    breaks = text.count("\n", end, min(start, end + 200))
    if breaks == 0:
        return SPACED
    if breaks > 1:
        return PARTED
    goes_on = end - line_start >= _WRAPPED_LINE and text[start].islower() and text[end - 1] not in ".:;!?"
    return SPACED if goes_on else BROKEN
