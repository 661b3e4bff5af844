"""Finding many set phrases at once, in one walk over the words of a document.

Phrases are written in the language files in a small notation, on normal forms (lower case, no accents):

    conference(s) de presse       letters in brackets may be missing; so may a whole word: point (de) presse
    a|au|aux                      alternatives for one word
    rencontr*                     any ending
    _                             any one word
    ..                            none to five words (never first or last)

A phrase does not reach over the end of a sentence or a blank line. Matching is linear: each word is looked up by its
first letters, and a phrase has a bounded length.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from diplomacy.parsing.folding import Kept
from diplomacy.parsing.words import OTHER, Words

_made = tuple.__new__  # a named tuple by itself is made in three times the time
_GAP = 5
_PREFIX = 3


class PhraseMatch(NamedTuple):
    """A phrase found: what it stands for, and its words (`last` excluded)."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Word:
    exact: tuple[str, ...]  # few: a set of them would take four times the memory
    prefixes: tuple[str, ...]
    optional: bool = False
    gap: bool = False

    def accepts(self, norm: str) -> bool:
        return norm in self.exact or norm.startswith(self.prefixes)


_ANY = ""


def _alternatives(part: str) -> list[str]:
    """Spellings of one alternative: "conference(s)" gives both forms."""
    if "(" not in part:
        return [part]
    found = re.fullmatch(r"([^()]*)\(([^()]*)\)(.*)", part)
    if not found:
        return [part]
    head, inner, tail = found.groups()
    return [head + choice + rest for choice in ("", inner) for rest in _alternatives(tail)]


@lru_cache(maxsize=2048)
def _compiled(raw: str) -> _Word:
    """One word of a phrase; most words stand in many phrases, and are kept once."""
    if raw == "..":
        return _Word((), (), gap=True)
    optional = raw.startswith("(") and raw.endswith(")") and raw.count("(") == 1
    body = raw[1:-1] if optional else raw
    spelled = [sys.intern(form) for part in body.split("|") for form in _alternatives(part)]
    return _Word(
        tuple(s for s in dict.fromkeys(spelled) if not s.endswith("*") and s != "_"),
        tuple(s[:-1] for s in spelled if s.endswith("*")) + ((_ANY,) if "_" in spelled else ()),
        optional=optional,
    )


def compile_phrase(phrase: str) -> tuple[_Word, ...]:
    """The words of a phrase in the notation above."""
    words = [_compiled(raw) for raw in phrase.split()]
    if not words or words[0].gap or words[-1].gap or words[0].optional:
        raise ValueError(f"phrase {phrase!r} must begin and end with a word")
    return tuple(words)


# The words of a phrase, its label, and how many of its words are known to stand there by where it is filed.
_Entry = tuple[tuple[_Word, ...], str, int]
_Entries = tuple[_Entry, ...]
_Filed = tuple[_Entries, Mapping[str, _Entries], _Entries]


_NO_PAIRS: Mapping[str, _Entries] = {}


class Phrasebook:
    """Phrases with labels, ready to be found; filed by their first two words, so that few are tried at each place."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._pairs: dict[str, dict[str, _Entries]] = {}
        self._exact: dict[str, _Entries] = {}
        self._prefix: dict[str, _Entries] = {}
        self._filed: Kept[str, _Filed | None] = Kept(self._file_of, 4096)
        for phrase, label in entries:
            words = compile_phrase(phrase)
            for form in words[0].exact:
                self._file(form, words, label)
            for prefix in words[0].prefixes:
                if len(prefix) < _PREFIX:
                    raise ValueError(f"phrase {phrase!r}: the first word needs at least {_PREFIX} letters before *")
                _add(self._prefix, prefix[:_PREFIX], (words, label, 1))

    def _file(self, form: str, words: tuple[_Word, ...], label: str) -> None:
        second = words[1] if len(words) > 1 else None
        if second is None or second.prefixes or second.optional or second.gap:
            _add(self._exact, form, (words, label, 1))
            return
        for following in second.exact:
            _add(self._pairs.setdefault(form, {}), following, (words, label, 2))

    def find(self, words: Words, first: int = 0, last: int | None = None) -> list[PhraseMatch]:
        """All matches that begin in words[first:last], the longest for each label and place."""
        stop = len(words) if last is None else last
        norms, gaps = words.norms, words.gaps
        found: list[PhraseMatch] = []
        for at, filed in enumerate(map(self._filed.__getitem__, norms[first:stop]), first):
            if filed is None:
                continue
            (exact, pairs, prefixed), after = filed, at + 1
            if pairs and after < stop and norms[after] in pairs and gaps[after] < OTHER:
                exact += pairs[norms[after]]
            entries = exact + prefixed
            if not entries:
                continue
            best: dict[str, int] = {}
            for phrase, label, known in entries:
                end = at + known if len(phrase) == known else _match(phrase, known, words, at + known, stop)
                if end > best.get(label, 0):
                    best[label] = end
            for label, end in best.items():
                found.append(_made(PhraseMatch, (label, at, end)))
        return found

    def _file_of(self, norm: str) -> _Filed | None:
        """The phrases that may begin with a word: those filed by it alone, by the next word too, and by its letters."""
        prefixed = tuple(entry for entry in self._prefix.get(norm[:_PREFIX], ()) if entry[0][0].accepts(norm))
        filed = self._exact.get(norm, ()), self._pairs.get(norm, _NO_PAIRS), prefixed
        return filed if any(filed) else None

    def longest(self, words: Words, first: int = 0, last: int | None = None) -> list[PhraseMatch]:
        """Matches without overlaps: the longest at each place, the first label of the file where two are as long."""
        found: list[PhraseMatch] = []
        for match in sorted(self.find(words, first, last), key=lambda one: (one.first, -one.last)):
            if not found or match.first >= found[-1].last:
                found.append(match)
            elif match.last > found[-1].last and match.last - match.first > found[-1].last - found[-1].first:
                found[-1] = match
        return found


def _add(entries: dict[str, _Entries], key: str, entry: _Entry) -> None:
    """Tuples, since most hold one entry, and lists of one take twice the memory."""
    entries[key] = (*entries.get(key, ()), entry)


def _match(phrase: tuple[_Word, ...], at_word: int, words: Words, at: int, stop: int) -> int:
    """End of the longest match from here, or -1."""
    norms, gaps, count = words.norms, words.gaps, len(phrase)
    while at_word < count:
        word = phrase[at_word]
        if word.gap:
            return _match_after_gap(phrase, at_word + 1, words, at, stop)
        fits = False
        if at < stop and gaps[at] < OTHER:
            norm = norms[at]
            fits = norm in word.exact or norm.startswith(word.prefixes)
        if word.optional:
            end = _match(phrase, at_word + 1, words, at + 1, stop) if fits else -1
            return end if end >= 0 else _match(phrase, at_word + 1, words, at, stop)
        if not fits:
            return -1
        at_word += 1
        at += 1
    return at


def _match_after_gap(phrase: tuple[_Word, ...], at_word: int, words: Words, at: int, stop: int) -> int:
    """End of the longest match that begins none to a few words from here, or -1."""
    word, end = phrase[at_word], -1
    norms, gaps, is_open = words.norms, words.gaps, word.optional or word.gap
    exact, prefixes = word.exact, word.prefixes
    for after in range(at, min(at + _GAP, stop) + 1):
        if after > at and gaps[after - 1] >= OTHER:
            break
        if is_open or (after < stop and (norms[after] in exact or norms[after].startswith(prefixes))):
            end = max(end, _match(phrase, at_word, words, after, stop))
    return end
