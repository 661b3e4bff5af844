"""Whether one text only repeats another: pure, over words.

A fingerprint finds the few texts that may be the same; `is_mere_repeat` judges them. It is strict where it matters: no
number may differ, and the body of the text by spelling alone, since a reading does not see everything that a text says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from rapidfuzz.distance import Indel, JaroWinkler, Levenshtein, Opcode

from diplomacy.parsing.fixed_words import may_be_one_word, plain

SHINGLE = 4  # words
KEPT = 8  # shingles of a text by which it is looked up: those with the smallest hashes, wherever they stand
LEAST_WORDS = 25  # a shorter text says too little to be known by its words
_MOST = 60_000  # code points; a longer text is not judged, and so never taken for a repeat
_ALIKE = 0.9  # share of words in common, in order
_EDGE = 12  # words before the first and after the last in common: letterhead, agency, signature
_SPELLING = 0.9  # Jaro-Winkler of two spellings of one word
_LONG = 5  # letters of a word that may be spelled otherwise: "mars" is not "mai"
_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and punctuation; none of a text that is too long to be judged."""
    if len(text) > _MOST:
        return ()
    return tuple(_WORD.findall(plain(text)))


def fingerprint(words: Sequence[str]) -> tuple[int, ...]:
    """Up to KEPT numbers of 63 bits that a near-identical text shares most of; none for a text that is too short."""
    if len(words) < LEAST_WORDS:
        return ()
    shingles = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    return tuple(sorted(map(_hash, shingles))[:KEPT])


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words in common in their order, 0 to 1; 0 below what counts as alike."""
    return float(Indel.normalized_similarity(one, other, score_cutoff=_ALIKE))


def is_mere_repeat(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether nothing differs but what stands before and after (never a number) and the spelling of long words."""
    if _numbers(one) != _numbers(other) or not likeness(one, other):
        return False
    return all(_says_nothing(edit, one, other) for edit in Levenshtein.opcodes(one, other))


def _says_nothing(edit: Opcode, one: Sequence[str], other: Sequence[str]) -> bool:
    if edit.tag == "equal":
        return True
    longest = max(edit.src_end - edit.src_start, edit.dest_end - edit.dest_start)
    if edit.src_start == edit.dest_start == 0 or (edit.src_end == len(one) and edit.dest_end == len(other)):
        return longest <= _EDGE
    mine, theirs = one[edit.src_start : edit.src_end], other[edit.dest_start : edit.dest_end]
    return len(mine) == len(theirs) and all(map(_is_spelling, mine, theirs))


def _is_spelling(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LONG or one[0] != other[0]:
        return False
    return float(JaroWinkler.similarity(one, other)) >= _SPELLING and may_be_one_word(one, other)


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(sign.isdigit() for sign in word)]


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), "big") >> 1
