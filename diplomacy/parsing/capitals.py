"""A headline that is written in capitals throughout, given the case that their words have in the rest of the text.

"SIDIKI KABA EN TOURNEE" tells names from other words only by what the text writes below: "Sidiki Kaba ... en tournée".
A word that the rest does not have stays as it is, and nothing vouches for it as part of a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from diplomacy.parsing.folding import normal_form

_MONTH = re.compile(r"\s\d{1,2},\s\d{4}")  # what follows "MAY" in "MAY 23, 2026": no "may" of the rest
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_](?![.\w])")  # no initial
_LINE = re.compile(r"[^\s][^\n]*")
_FEWEST_IN_HEADLINE = 3  # words
# Of a text with fewer other words it cannot be said what case a word has.
_FEWEST_WORDS = 30
_NEAR = 8  # characters
_BEGINS = frozenset('.!?:;\u2026"(-\u2022*\n')


class Calmed(NamedTuple):
    """A text of the same length, and the offsets of words in its headline for which nothing else in it vouches."""

    text: str
    unvouched: frozenset[int]


def calmed(text: str) -> Calmed:
    """The text with its headline in the case of the rest; itself where that is not shouted, or little follows."""
    headline = _headline(text)
    if headline is None:
        return Calmed(text, frozenset())
    first, last = headline
    forms, count = _forms(line for line in text.split("\n") if not line.isupper())
    if count < _FEWEST_WORDS:
        return Calmed(text, frozenset())
    restored = _WORD.sub(lambda word: _restored(word, forms), text[first:last])
    unvouched = (word.start() for word in _WORD.finditer(text, first, last) if normal_form(word[0]) not in forms)
    return Calmed(f"{text[:first]}{restored}{text[last:]}", frozenset(unvouched))


def _headline(text: str) -> tuple[int, int] | None:
    """Where the only shouted line begins and ends; a text with several sets its sections or owners so."""
    shouted = [line.span() for line in _LINE.finditer(text) if _is_shouted(line[0])]
    return shouted[0] if len(shouted) == 1 else None


def _is_shouted(line: str) -> bool:
    return line.isupper() and len(_WORD.findall(line)) >= _FEWEST_IN_HEADLINE


def _restored(word: re.Match[str], forms: dict[str, str]) -> str:
    return word[0] if _MONTH.match(word.string, word.end()) else _as_elsewhere(word[0], forms)


def _as_elsewhere(word: str, forms: dict[str, str]) -> str:
    form = forms.get(normal_form(word), word)
    return form if len(form) == len(word) else word


def _forms(lines: Iterable[str]) -> tuple[dict[str, str], int]:
    """How each word is written, by its key, and how many words there are.

    Within a sentence more often with a capital than without one: so. At its beginning alone: with a capital too, where
    it is nowhere without one.
    """
    lower: Counter[str] = Counter()
    within: Counter[str] = Counter()
    small: dict[str, str] = {}
    written: dict[str, str] = {}
    count = 0
    for line in lines:
        for found in _WORD.finditer(line):
            word, key = found[0], normal_form(found[0])
            count += 1
            if word.islower():
                lower[key] += 1
                small[key] = word
            elif _is_within(line, found.start()):
                within[key] += 1
                written[key] = word
            else:
                written.setdefault(key, word)
    forms = {key: word for key, word in written.items() if within[key] > lower[key] or not lower[key]}
    return {**small, **forms}, count


def _is_within(line: str, at: int) -> bool:
    """Whether a word stands within a sentence, not at its beginning."""
    before = line[max(0, at - _NEAR) : at].rstrip()
    return bool(before) and before[-1] not in _BEGINS
