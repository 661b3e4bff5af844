"""Words in which a letter more or less is no spelling but another thing: countries, and what becomes of a visit.

Read off the language files: "Niger" and "Nigeria", "cancelled" and "cancels". Words are given as `plain` makes them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from anyascii import anyascii

from diplomacy.parsing.gazetteer.countries import country_forms
from diplomacy.parsing.language import languages

_FOLDER = Path(__file__).parent / "languages"
_BECOMES = (
    "tbc", "concluding", "postponed", "cancelled", "confirmed", "begun", "concluded", "planned_before", "moved_to",
    "not_going", "negative",
)  # fmt: skip
_SHORTEST = 5  # letters by which a word is known whatever its ending
_ENDING = 3
_OPTIONAL = re.compile(r"\([^)]*\)")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """Without case, accents and scripts."""
    return anyascii(unicodedata.normalize("NFC", text)).casefold()


def may_be_one_word(one: str, other: str) -> bool:
    """Whether two words may be one spelled twice, as far as countries and states of a visit go."""
    mine, theirs = _countries().get(one, frozenset()), _countries().get(other, frozenset())
    if (mine or theirs) and not mine & theirs:
        return False
    return not (_says_what_becomes(one) or _says_what_becomes(other))


def _says_what_becomes(word: str) -> bool:
    return any(word[:size] in _stems() for size in range(_SHORTEST, len(word) + 1))


@cache
def _countries() -> Mapping[str, frozenset[str]]:
    """The codes of the countries that a word names, or is a part of the name of, in any language."""
    found: dict[str, set[str]] = {}
    for language in languages():
        for form, country in country_forms(language).items():
            for word in _WORD.findall(plain(form)):
                found.setdefault(word, set()).add(country.code)
    return {word: frozenset(codes) for word, codes in found.items()}


@cache
def _stems() -> frozenset[str]:
    words = (word for language in languages() for word in _words_of_states(language))
    return frozenset(word[: max(_SHORTEST, len(word) - _ENDING)] for word in words if len(word) >= _SHORTEST)


def _words_of_states(language: str) -> Iterator[str]:
    data = tomllib.loads((_FOLDER / language / "events.toml").read_text(encoding="utf-8"))
    for key in _BECOMES:
        for phrase in data["status"].get(key, ()) or data["visit"].get(key, ()):
            yield from _WORD.findall(plain(_OPTIONAL.sub("", phrase)))
