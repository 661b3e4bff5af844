"""How alike two names are: a proposal for an editor, never a merger. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

from rapidfuzz.distance import JaroWinkler

from diplomacy.directory.spelling import fold

_ALIKE = 0.88  # Jaro-Winkler of two words; measured on spellings of one name and on names of relatives
_SHORT = 3  # letters up to which a word says too little to be written otherwise: Yi is not Yu


class Likeness(IntEnum):
    """From another name to the same. PART: one of the two leaves words out, which a father and a son may share."""

    OTHER = 0
    PART = 1
    LIKELY = 2
    SAME = 3


def likeness(one: str, other: str) -> Likeness:
    """How alike two spellings in any script are, whatever the order of their words.

    LIKELY is word for word the same name in another transliteration, or with initials: "Sergey Lavrov", "Sergueï
    LAVROV", "S. Lavrov". "Wang Yi" and "Wang Yu" are OTHER; "Mahamat Idriss Déby" and "Idriss Déby" are PART.
    """
    a, b = sorted((fold(one).split(), fold(other).split()), key=len)
    if not a:
        return Likeness.OTHER
    if sorted(a) == sorted(b):
        return Likeness.SAME
    if not _each_has_its_like(a, b):
        return Likeness.OTHER
    return Likeness.LIKELY if len(a) == len(b) else Likeness.PART


def best_likeness(some: Iterable[str], others: Sequence[str]) -> Likeness:
    """The best of every pair of spellings of two people."""
    return max((likeness(one, other) for one in some for other in others), default=Likeness.OTHER)


def _each_has_its_like(a: Sequence[str], b: Sequence[str]) -> bool:
    left, whole = list(b), False
    for word in sorted(a, key=len, reverse=True):  # initials take what the whole words leave
        like = next((candidate for candidate in left if _alike(word, candidate)), None)
        if like is None:
            return False
        left.remove(like)
        whole = whole or min(len(word), len(like)) > 1
    return whole


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    if min(len(one), len(other)) <= _SHORT:
        return False
    if one[:-1] == other[:-1] and {one[-1], other[-1]} == {"a", "o"}:
        return False  # Maria is not Mario
    if one[0] != other[0] and _sounds(one)[0] != _sounds(other)[0]:
        return False
    return _skeleton(one) == _skeleton(other) or float(JaroWinkler.similarity(one, other)) >= _ALIKE


def _sounds(word: str) -> str:
    """Letters that transliterations interchange, made one."""
    for several, one in (("gu", "g"), ("kh", "h"), ("ph", "f"), ("ou", "u"), ("w", "v"), ("y", "i"), ("j", "i")):
        word = word.replace(several, one)
    return word


def _skeleton(word: str) -> str:
    """The consonants; the whole word where they are too few to mean a name."""
    sounds = _sounds(word)
    kept = sounds[0] + "".join(letter for letter in sounds[1:] if letter not in "aeiouh")
    return kept if len(kept) >= _SHORT else word
