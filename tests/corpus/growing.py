"""Trees that say how often what is known so was right (diplomacy/parsing/confidence.py), grown from judged cases.

Each tree sees a part of the documents, and asks at each step for the fact that parts right from wrong best among some
that are drawn; so each is another, and their mean says no more than most of them do. Cases are counted as bits of one
number: a fact has the bits of the cases that have it.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diplomacy.parsing.confidence import Facts, Tree

TREES = 32
_PART = 0.6  # of the documents that a tree sees
_DRAWN = 0.2  # of the facts, at each step
_CROWD = 0.8  # cases of one base in one document go wrong together: n of them count as n to this power
_LEAST = 2  # cases on either side of a question
_PRIOR = 2.0  # cases like those one step before, added to each count: a few seen say little
_SEED = 1
_LITTLE = 1e-6


class Case(NamedTuple):
    """Something that may be right: a value (`base` its field), or a visit or item being there (`base` its kind)."""

    document: str
    base: str
    facts: Facts
    right: bool


@dataclass(frozen=True)
class Signs:
    """What is said by hand: a fact of `raises` is never asked for where it would lower, one of `lowers` never where it
    would raise, one of `unasked` never.
    """

    raises: Collection[str] = ()
    lowers: Collection[str] = ()
    unasked: Collection[str] = ()


def grow(cases: Sequence[Case], signs: Signs, *, trees: int = TREES) -> list[Tree]:
    """The same cases give the same trees. Raises ValueError where there are none."""
    if not cases:
        raise ValueError("nothing was judged")
    ground = _Ground(cases, signs)
    return [ground.tree() for _ in range(trees)]


class _Ground:
    """The cases, counted."""

    def __init__(self, cases: Sequence[Case], signs: Signs) -> None:
        self.signs, self.drawing = signs, random.Random(_SEED)  # noqa: S311 - drawn again, not secret
        having: dict[str, list[int]] = {}
        self.crowds: dict[str, dict[str, list[int]]] = {}
        for number, case in enumerate(cases):
            self.crowds.setdefault(case.document, {}).setdefault(case.base, []).append(number)
            for name in dict.fromkeys((case.base, *case.facts)):
                having.setdefault(name, []).append(number)
        self.size = len(cases)
        self.having = {
            name: self._bits(numbers) for name, numbers in sorted(having.items()) if name not in signs.unasked
        }
        self.names = list(self.having)
        self.right = self._bits(number for number, case in enumerate(cases) if case.right)

    def _bits(self, numbers: Iterable[int]) -> int:
        bits = bytearray(self.size // 8 + 1)
        for number in numbers:
            bits[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(bits, "little")

    def tree(self) -> Tree:
        seen = self._bits(self._some())
        return self._node(seen, (seen & self.right).bit_count() / seen.bit_count())

    def _some(self) -> Iterable[int]:
        """Cases of a part of the documents, fewer of those that go wrong together."""
        documents = sorted(self.crowds)
        for document in self.drawing.sample(documents, max(1, round(len(documents) * _PART))):
            for crowd in self.crowds[document].values():
                yield from self.drawing.sample(crowd, round(len(crowd) ** _CROWD))

    def _node(self, seen: int, before: float) -> Tree:
        count, right = seen.bit_count(), (seen & self.right).bit_count()
        share = (right + _PRIOR * before) / (count + _PRIOR)
        fact = None if right in (0, count) else self._question(seen, count, right)
        if fact is None:
            return round(share * 1000)
        having = seen & self.having[fact]
        sides = self._node(having, share), self._node(seen & ~having, share)
        return sides[0] if sides[0] == sides[1] else (fact, *sides)

    def _question(self, seen: int, count: int, right: int) -> str | None:
        """Of some facts, the one that parts right from wrong best (by Gini's measure)."""
        best, most = None, _LITTLE
        mixed = right * (count - right) / count
        for name in self.drawing.sample(self.names, max(1, round(len(self.names) * _DRAWN))):
            having = seen & self.having[name]
            with_it = having.bit_count()
            without = count - with_it
            if with_it < _LEAST or without < _LEAST:
                continue
            right_with = (having & self.right).bit_count()
            right_without = right - right_with
            ahead = right_with * without - right_without * with_it
            if (ahead < 0 and name in self.signs.raises) or (ahead > 0 and name in self.signs.lowers):
                continue
            left = right_with * (with_it - right_with) / with_it + right_without * (without - right_without) / without
            if mixed - left > most:
                best, most = name, mixed - left
        return best
