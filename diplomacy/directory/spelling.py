"""Comparing names however they are written. No database here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from enum import Enum
from typing import Any

from anyascii import anyascii

_WORD = re.compile(r"\w+")
# Control characters but for line breaks and tabs, and halves of a UTF-16 pair: PostgreSQL keeps neither NUL nor these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def fold(text: str) -> str:
    """Lower-case words in Latin letters, without accents or punctuation, one space apart: "Sergueï LAVROV" and
    "Сергуэй" become comparable. Scripts are transliterated letter by letter (anyascii)."""
    return " ".join(_WORD.findall(anyascii(unicodedata.normalize("NFC", text)).casefold()))[:300]


def writable(text: str) -> str:
    """The text without what no reader sees and no database has to take: control characters, lone surrogates."""
    return _UNWRITABLE.sub("", text)


def writable_json(value: Any) -> Any:
    """A JSON value with every text of it writable."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {writable(key): writable_json(part) for key, part in value.items()}
    return [writable_json(part) for part in value] if isinstance(value, list) else value


def make_writable(value: Any) -> None:
    """Make every text of a frozen dataclass writable, in place: called as it is made (`__post_init__`)."""
    for field in fields(value):
        said = getattr(value, field.name)
        if isinstance(said, str) and not isinstance(said, Enum):
            object.__setattr__(value, field.name, writable(said))
        elif isinstance(said, tuple) and said and isinstance(said[0], str):
            object.__setattr__(value, field.name, tuple(map(writable, said)))


def display_name(name: str) -> str:
    """A name for readers: words in capitals are set in upper and lower case ("Sergey LAVROV" → "Sergey Lavrov")."""
    return " ".join(_set_word(word) for word in name.split())


def _set_word(word: str) -> str:
    if len(word) < 3 or not word.isupper() or "." in word:
        return word
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
