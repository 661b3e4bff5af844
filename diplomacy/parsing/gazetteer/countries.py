"""Countries as texts name them: short and long names, demonyms, in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from diplomacy.parsing.gazetteer import key_of

# CLDR entries that are no party, or whose name is a common word.
_LEFT_OUT = frozenset({"EZ", "QO", "XA", "XB", "ZZ", "UN", "EU"})


@dataclass(frozen=True, slots=True)
class CountryForm:
    """What one form stands for. The gentle form of a demonym is an adjective: "russe", "Russian"."""

    code: str
    is_demonym: bool


@cache
def country_forms(language: str) -> Mapping[str, CountryForm]:
    """Every form of every party in the language, by key (`key_of`). Names win over demonyms."""
    data = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf-8"))
    found: dict[str, CountryForm] = {}
    for code, written in data["demonyms"].get(language, {}).items():
        for form in _inflected(written, language):
            found.setdefault(key_of(form), CountryForm(code, is_demonym=True))
    for code, name in Locale.parse(language).territories.items():
        if len(code) == 2 and code.isalpha() and code not in _LEFT_OUT:
            found[key_of(name)] = CountryForm(code, is_demonym=False)
    for code, names in data["names"].get(language, {}).items():
        for name in names:
            found[key_of(name)] = CountryForm(code, is_demonym=False)
    return found


def _inflected(written: str, language: str) -> Iterator[str]:
    for form in written.split("/"):
        yield form
        if language == "fr":
            feminine = _french_feminine(form)
            yield feminine
            yield f"{feminine}s"
        yield f"{form}s"


def _french_feminine(form: str) -> str:
    if form.endswith(("en", "on")) and not form.endswith("ton"):
        return f"{form}ne"
    return form if form.endswith(("e", "i")) else f"{form}e"


def country_names(text: str, language: str) -> tuple[str, ...]:
    """The words of a short text that name a country (adjectives included), the longest first."""
    forms, words = country_forms(language), text.split()
    runs = (
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + 7, len(words) + 1))
    )
    return tuple(sorted((run for run in runs if key_of(run) in forms), key=len, reverse=True))
