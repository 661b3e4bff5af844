"""The words of a text for the finders of who and where: places, comparison keys, capitals, and what stands between.

Offsets are code points of the text handed in. Nothing here knows a language; a `Lookup` holds phrases of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from diplomacy.parsing.folding import COMMON_LETTERS, Kept, fold, normal_form

_WORD = re.compile(rf"[0-9{COMMON_LETTERS}\w\u0300-\u036f\u064b-\u0652\u0670]+")
_CUT = re.compile(f"({_WORD.pattern})")  # what stands between is kept too
LONGEST_PHRASE = 10  # words
_made = tuple.__new__  # a named tuple by itself is made in three times the time


class Gap(IntEnum):
    """What stands between a word and the one before it."""

    SPACE = 0
    HYPHEN = 1
    APOSTROPHE = 2
    DOT = 3  # "M. Lavrov", "J. Biden", "U.S.": an abbreviation or the end of a sentence
    LINE = 4  # one line break
    COMMA = 5
    OPENING = 6  # an opening bracket or quotation mark
    OTHER = 7
    STOP = 8  # start of the text, end of a sentence, blank line


class Case(IntEnum):
    """How a word is written."""

    LOWER = 0
    CAPITAL = 1  # first letter only
    CAPITALS = 2  # every letter, two or more
    CASELESS = 3  # a script without capitals, or a number


# By themselves: an enum's members are looked up anew at each use, too slow for what is asked of every word.
SPACE, HYPHEN, APOSTROPHE, DOT, LINE, COMMA, OPENING, OTHER, STOP = Gap
LOWER, CAPITAL, CAPITALS, CASELESS = Case


# Characters, since longer stretches without a word are hardly met twice; and stretches.
_LONGEST_KEPT, _MOST_KEPT = 8, 2048


class _Gaps(dict[str, Gap]):
    """What stands between two words, as the text has it; what is not among the common ones is looked at."""

    def __missing__(self, between: str) -> Gap:
        gap = _gap(between)
        if len(between) < _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[between] = gap
        return gap


_GAPS = _Gaps({
    " ": SPACE, "  ": SPACE, "-": HYPHEN, "'": APOSTROPHE, ". ": DOT, ".": DOT, ".-": DOT,
    "\n": LINE, ", ": COMMA, ",": COMMA, "،": COMMA, "، ": COMMA, " (": OPENING, "": OTHER,
})  # fmt: skip


_ENDS, _BREAKS = frozenset(".;:!?"), frozenset(".;:!?•…")


def _gap(between: str) -> Gap:
    bare = between.strip(" \t\r")
    if not bare:
        return SPACE
    bare = bare.strip()
    if not bare:
        return LINE if between.count("\n") == 1 else STOP
    if bare[-1] in '("[' and _ENDS.isdisjoint(bare):
        return OPENING
    if bare in {",", "،"}:
        return COMMA if between.count("\n") < 2 else STOP
    if not _BREAKS.isdisjoint(bare) or "\n" in between:
        return STOP
    return OTHER


def _case(word: str) -> Case:
    first = word[0]
    if first.isupper():
        return CAPITALS if len(word) > 1 and word.isupper() else CAPITAL
    return LOWER if first.islower() else CASELESS


# By word: its comparison key, and how it is written.
_SHAPES: Kept[str, tuple[str, Case]] = Kept(lambda word: (normal_form(word), _case(word)))


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A text as words; every list has one entry for each. `gaps[i]` is what stands before word `i`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    norms: tuple[str, ...]
    cases: tuple[Case, ...]
    gaps: tuple[Gap, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def raw(self, at: int) -> str:
        """The word as written."""
        return self.text[self.starts[at] : self.ends[at]]

    def written(self, first: int, last: int) -> str:
        """The words `first` to `last` (excluded) as written, with single spaces."""
        return " ".join(self.text[self.starts[first] : self.ends[last - 1]].split())

    def gap_after(self, last: int) -> Gap:
        """What stands after the word before `last`."""
        return self.gaps[last] if last < len(self.starts) else STOP

    def run_end(self, at: int, most: int) -> int:
        """Where the words end that only spaces, hyphens and apostrophes join to word `at`; `most` words at most."""
        last, stop = at + 1, min(at + most, len(self.starts))
        while last < stop and self.gaps[last] <= APOSTROPHE:
            last += 1
        return last

    def is_joined(self, at: int) -> bool:
        """Whether word `at` may belong to the same phrase as the one before."""
        return self.gaps[at] <= LINE


@lru_cache(maxsize=4)
def words_of(text: str) -> Words:
    """The words of a text, in one walk."""
    cut = _CUT.split(fold(text))  # what stands before the first word, the first word, what stands before the second ...
    if len(cut) == 1:
        return Words(text, (), (), (), (), ())
    offsets = tuple(accumulate(map(len, cut)))
    norms, cases = zip(*map(_SHAPES.__getitem__, cut[1::2]), strict=True)
    gaps = (STOP, *map(_GAPS.__getitem__, cut[2:-1:2]))
    return Words(text, offsets[0:-1:2], offsets[1::2], norms, cases, gaps)


def keys(phrase: str) -> tuple[str, ...]:
    """The comparison keys of a phrase's words."""
    return tuple(normal_form(found.group()) for found in _WORD.finditer(fold(phrase)))


def key_of(phrase: str) -> str:
    """The comparison keys of a phrase's words, one space apart: how the gazetteer files names."""
    return " ".join(keys(phrase))


Value = TypeVar("Value")


class Match(NamedTuple, Generic[Value]):
    """A phrase found: words `first` to `last` (excluded), and what it stands for."""

    first: int
    last: int
    value: Value


class Lookup(Generic[Value]):
    """Phrases to be found at a word. A phrase of one word written in capitals ("UE", "PM") is found only so."""

    __slots__ = ("_by_first",)

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        found: dict[str, dict[tuple[tuple[str, ...], bool], Value]] = {}
        with_commas: set[tuple[str, ...]] = set()
        for phrase, value in phrases:
            words = keys(phrase)
            if "," in phrase:
                with_commas.add(words)
            if not words or len(words) > LONGEST_PHRASE:
                raise ValueError(f"phrase {phrase!r} must have 1 to {LONGEST_PHRASE} words")
            in_capitals = len("".join(words)) <= 4 and phrase.isupper() and phrase.isascii()
            found.setdefault(words[0], {}).setdefault((words[1:], in_capitals), value)
        self._by_first: Mapping[str, tuple[tuple[tuple[str, ...], bool, Gap, Value], ...]] = {
            first: tuple(
                (rest, capitals, COMMA if (first, *rest) in with_commas else LINE, value)
                for (rest, capitals), value in sorted(entries.items(), key=lambda entry: -len(entry[0][0]))
            )
            for first, entries in found.items()
        }

    def at(self, words: Words, at: int, stop: int | None = None) -> Match[Value] | None:
        """The longest phrase that begins with word `at` and ends before `stop`."""
        norms = words.norms
        count = len(norms)
        entries = self._by_first.get(norms[at]) if at < count else None
        if entries is None:
            return None
        limit = count if stop is None or stop > count else stop
        following = norms[at + 1] if at + 1 < limit else None
        for rest, in_capitals, widest, value in entries:
            if rest and rest[0] != following:
                continue
            last = at + 1 + len(rest)
            if last > limit or (rest and norms[at + 1 : last] != rest):
                continue
            if in_capitals and not all(words.raw(k).isupper() for k in range(at, last)):
                continue
            if not rest or max(words.gaps[at + 1 : last]) <= widest:
                return _made(Match, (at, last, value))
        return None

    @property
    def first_words(self) -> Set[str]:
        """The words that phrases begin with."""
        return self._by_first.keys()

    def any_in(self, words: Words, first: int, stop: int) -> bool:
        """Whether any phrase lies in words[first:stop]."""
        norms, begins = words.norms[first:stop], self._by_first
        if begins.keys().isdisjoint(norms):
            return False
        return any(norm in begins and self.at(words, at, stop) is not None for at, norm in enumerate(norms, first))

    def ending_at(self, words: Words, last: int, longest: int = 5) -> Match[Value] | None:
        """The longest phrase whose last word is the one before `last`."""
        norms, begins = words.norms, self._by_first
        for first in range(max(0, last - longest), last):
            if norms[first] in begins:
                match = self.at(words, first, last)
                if match is not None and match.last == last:
                    return match
        return None

    def all(self, words: Words) -> Iterator[Match[Value]]:
        """Every phrase of a text, the longest at each place, without overlaps."""
        at = 0
        while at < len(words):
            match = self.at(words, at)
            if match is not None:
                yield match
            at = match.last if match is not None else at + 1

    def __contains__(self, word: str) -> bool:
        return any(not rest for rest, _capitals, _widest, _value in self._by_first.get(word, ()))
