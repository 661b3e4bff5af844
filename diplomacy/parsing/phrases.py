"""Finding many set phrases at once, in one walk over the words of a document.

Phrases are written in the language files in a small notation, on normal forms (lower case, no accents):

    conference(s) de presse       letters in brackets may be missing; so may a whole word: point (de) presse
    a|au|aux                      alternatives for one word
    rencontr*                     any ending
    _                             any one word
    ..                            none to three words (never first or last)

Words are what `document.Token` holds, so punctuation does not matter unless `tight` says so. Matching is linear: each
word is looked up by its first letters, and a phrase has a bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diplomacy.parsing.document import Token

_GAP = 3
_PREFIX = 3


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase found: what it stands for, and its tokens (`last` excluded)."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Word:
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    optional: bool = False
    gap: bool = False

    def accepts(self, norm: str) -> bool:
        return norm in self.exact or (bool(self.prefixes) and norm.startswith(self.prefixes))


_ANY = ""


def _alternatives(part: str) -> list[str]:
    """Spellings of one alternative: "conference(s)" gives both forms."""
    found = re.fullmatch(r"([^()]*)\(([^()]*)\)(.*)", part)
    if not found:
        return [part]
    head, inner, tail = found.groups()
    return [head + choice + rest for choice in ("", inner) for rest in _alternatives(tail)]


def compile_phrase(phrase: str) -> tuple[_Word, ...]:
    """The words of a phrase in the notation above."""
    words: list[_Word] = []
    for raw in phrase.split():
        if raw == "..":
            words.append(_Word(frozenset(), (), gap=True))
            continue
        optional = raw.startswith("(") and raw.endswith(")") and raw.count("(") == 1
        body = raw[1:-1] if optional else raw
        spelled = [form for part in body.split("|") for form in _alternatives(part)]
        words.append(
            _Word(
                frozenset(s for s in spelled if not s.endswith("*") and s != "_"),
                tuple(s[:-1] for s in spelled if s.endswith("*")) + ((_ANY,) if "_" in spelled else ()),
                optional=optional,
            )
        )
    if not words or words[0].gap or words[-1].gap or words[0].optional:
        raise ValueError(f"phrase {phrase!r} must begin and end with a word")
    return tuple(words)


class Phrasebook:
    """Phrases with labels, ready to be found."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, list[tuple[tuple[_Word, ...], str]]] = {}
        self._prefix: dict[str, list[tuple[tuple[_Word, ...], str]]] = {}
        for phrase, label in entries:
            words = compile_phrase(phrase)
            for form in words[0].exact:
                self._exact.setdefault(form, []).append((words, label))
            for prefix in words[0].prefixes:
                if len(prefix) < _PREFIX:
                    raise ValueError(f"phrase {phrase!r}: the first word needs at least {_PREFIX} letters before *")
                self._prefix.setdefault(prefix[:_PREFIX], []).append((words, label))

    def find(self, tokens: Sequence[Token], first: int = 0, last: int | None = None) -> list[PhraseMatch]:
        """All matches that begin in tokens[first:last], the longest for each label and place."""
        stop = len(tokens) if last is None else last
        found: list[PhraseMatch] = []
        for at in range(first, stop):
            norm = tokens[at].norm
            candidates = self._exact.get(norm, ())
            by_prefix = self._prefix.get(norm[:_PREFIX], ())
            if not candidates and not by_prefix:
                continue
            best: dict[str, int] = {}
            for words, label in (*candidates, *by_prefix):
                if words[0].accepts(norm):
                    end = _match(words, 1, tokens, at + 1, stop)
                    if end > best.get(label, -1):
                        best[label] = end
            found.extend(PhraseMatch(label, at, end) for label, end in best.items() if end > 0)
        return found


def _match(words: tuple[_Word, ...], at_word: int, tokens: Sequence[Token], at: int, stop: int) -> int:
    """End of the longest match from here, or -1."""
    if at_word == len(words):
        return at
    word = words[at_word]
    if word.gap:
        ends = [_match(words, at_word + 1, tokens, at + skip, stop) for skip in range(_GAP + 1) if at + skip <= stop]
        return max(ends, default=-1)
    end = -1
    if at < stop and word.accepts(tokens[at].norm):
        end = _match(words, at_word + 1, tokens, at + 1, stop)
    if end < 0 and word.optional:
        end = _match(words, at_word + 1, tokens, at, stop)
    return end
