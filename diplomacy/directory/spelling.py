"""Comparing names however they are written. No database here."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower-case words in Latin letters, without accents or punctuation, one space apart: "Sergueï LAVROV" and
    "Сергуэй" become comparable. Scripts are transliterated letter by letter (anyascii)."""
    return " ".join(_WORD.findall(anyascii(unicodedata.normalize("NFC", text)).casefold()))[:300]


def display_name(name: str) -> str:
    """A name for readers: words in capitals are set in upper and lower case ("Sergey LAVROV" → "Sergey Lavrov")."""
    return " ".join(_set_word(word) for word in name.split())


def _set_word(word: str) -> str:
    if len(word) < 3 or not word.isupper() or "." in word:
        return word
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
