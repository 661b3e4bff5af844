"""Typographic variants made alike, and words brought to the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_APOSTROPHES = "\u2019\u2018\u02bc\u00b4`\u2032\uff07"
_SPACES = "\u00a0\u202f\u2009\u2007\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u3000\u200b\ufeff"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
# Direction and joining marks carry no word; a space keeps the length.
_INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\u00ad"
_BREAKS = "\u2028\u2029\x0b\x0c\x85"
_FOLDING = {
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_SPACES + _INVISIBLE, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_BREAKS, "\n"),
}
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLDING))}]")

_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None}  # letters that writers interchange
)
# The letters and figures of most texts, all of them in \\w. In front of it in a set of characters they are found in a
# table, without a question to the database of Unicode for each.
COMMON_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0400-\u0481\u048a-\u052f\u0621-\u063a\u0641-\u064a"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold(text: str) -> str:
    """The same text, character for character, with typographic variants made alike. The length does not change."""
    for variant in set(_FOLDED.findall(text)):
        text = text.replace(variant, _FOLDING[variant])
    return text


@lru_cache(maxsize=16_384)
def normal_form(word: str) -> str:
    """A word for comparison: lower case, no accents, no Arabic vowel signs, ligatures opened."""
    if word.isascii():
        return word.lower()
    lowered = word.casefold().translate(_LIGATURES).translate(_ARABIC)
    decomposed = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(dict[Key, Value]):
    """What is made of a key, kept: asked of every word of a text, where even a call of a cached function counts.

    Emptied when it holds `most`, so that no flood of new words fills the memory.
    """

    def __init__(self, make: Callable[[Key], Value], most: int = 16_384) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: Key) -> Value:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make(key)
        return value
