"""Countries and other parties to diplomacy: facts, and the forms in which texts of one language name them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from diplomacy.parsing.folding import Kept
from diplomacy.parsing.words import Lookup, key_of
from diplomacy.vocabulary import PartyKind

_FOLDER = Path(__file__).parent
_LANGUAGES = _FOLDER.parent / "languages"


@dataclass(frozen=True, slots=True)
class Country:
    """A party to diplomacy. `code` is ISO 3166-1 alpha-2, or the code of a body in parties.toml.

    `zones` are IANA names; `seat` is the city of the government where that is not the capital (GeoNames' name).
    """

    code: str
    kind: PartyKind
    region: str
    zones: tuple[str, ...]
    seat: str | None = None

    @property
    def zone(self) -> str | None:
        """The zone, where there is one only."""
        return self.zones[0] if len(self.zones) == 1 else None


@dataclass(frozen=True, slots=True)
class CountryForm:
    """What one form stands for: `form` is "name", "long_name", "demonym" or "metonym"."""

    code: str
    form: str

    @property
    def is_demonym(self) -> bool:
        """Whether it is an adjective or the name of a people: "russe", "Russian"."""
        return self.form == "demonym"


@cache
def countries() -> Mapping[str, Country]:
    """Every party by its code."""
    parties = tomllib.loads((_FOLDER / "parties.toml").read_text(encoding="utf-8"))
    found = {}
    for line in (_FOLDER / "countries.tsv").read_text(encoding="utf-8").splitlines():
        code, kind, region, _capital, zones = line.split("\t")
        seat = parties["seats"].get(code)
        found[code] = Country(code, PartyKind(kind), region, tuple(zones.split("|")) if zones else (), seat)
    for code in parties["bodies"]:
        found[code] = Country(code, PartyKind.ORGANISATION, "", ())
    return found


@dataclass(frozen=True)
class CountryWords:
    """What a language file knows of countries, ready to be looked up. Lists are comparison keys."""

    forms: Lookup[CountryForm]
    long_prefixes: Lookup[bool]
    of: Lookup[bool]
    places_after: Lookup[bool]
    not_places: frozenset[str]
    is_inflected: bool  # names change their endings, or other words are written onto them


@cache
def _data(language: str) -> Mapping[str, Any]:
    path = _LANGUAGES / language / "countries.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@cache
def _names(language: str) -> Sequence[tuple[str, str]]:
    """(code, name) of every country as the CLDR names it; none in a language that is not read."""
    rows = [line.split("\t") for line in (_FOLDER / "country_names.tsv").read_text(encoding="utf-8").splitlines()]
    if language not in rows[0]:
        return []
    column = rows[0].index(language)
    return [(row[0], row[column]) for row in rows[1:]]


@cache
def country_forms(language: str) -> Mapping[str, CountryForm]:
    """Every form of every party in the language, by key (`key_of`). Names win over demonyms."""
    return {key_of(written): form for written, form in _forms(language)}


@cache
def adjectives_like_names(language: str) -> Mapping[str, CountryForm]:
    """Adjectives spelled like their country but for the capital ("ministre suisse", "la canciller argentina")."""
    forms = country_forms(language)
    found = ((key_of(written), form) for written, form in _forms(language) if form.is_demonym)
    return {key: form for key, form in found if not forms[key].is_demonym}


def _forms(language: str) -> Iterator[tuple[str, CountryForm]]:
    """All forms; where two are spelled alike the later one counts."""
    data = _data(language)
    rules = data.get("inflection", [["", [""]]])
    for code, written in data.get("demonyms", {}).items():
        for form in written.split("/"):
            yield from ((one, CountryForm(code, "demonym")) for one in inflected(form, rules))
    for code, written in data.get("metonyms", {}).items():
        yield from ((form, CountryForm(code, "metonym")) for form in written.split("|"))
    for code, name in _names(language):
        yield name, CountryForm(code, "name")
    long_prefixes = tuple(f"{prefix} " for prefix in data.get("long_prefixes", ()))
    for code, written in data.get("names", {}).items():
        for form in written.split("|"):
            yield form, CountryForm(code, "long_name" if form.startswith(long_prefixes) else "name")


def inflected(word: str, rules: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The forms of a word by the first rule whose ending it has: rules are [ending, [endings instead]]."""
    for ending, others in rules:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            yield from (stem + other for other in others)
            return


@cache
def country_words(language: str) -> CountryWords:
    """The language's words for finding countries and places; empty for a language without a file."""
    data = _data(language)
    return CountryWords(
        forms=Lookup((written, form) for written, form in reversed(list(_forms(language)))),
        long_prefixes=Lookup((phrase, True) for phrase in data.get("long_prefixes", ())),
        of=Lookup((phrase, True) for phrase in data.get("of", ())),
        places_after=Lookup((phrase, True) for phrase in data.get("places_after", ())),
        not_places=frozenset(key_of(name) for name in data.get("not_places", ())),
        is_inflected=any(data.get(name) for name in ("clitics", "article", "name_inflection")),
    )


@lru_cache(maxsize=8192)
def base_forms(key: str, language: str) -> tuple[str, ...]:
    """The forms a name may have been inflected from, itself first; of one word, by the rules of the language."""
    data = _data(language)
    found = [key]
    bare = [key]
    articles = data.get("clitic_article", {})
    bare += [
        articles.get(clitic, "") + key[len(clitic) :]
        for clitic in data.get("clitics", ())
        if key.startswith(clitic) and len(key) > len(clitic) + 2
    ]
    article = data.get("article", "")
    for form in bare:
        found.append(form)
        if article and form.startswith(article):
            found.append(form[len(article) :])
    for ending, others in data.get("name_inflection", ()):
        base = key_of(ending)
        for other in others:
            suffix = key_of(other)
            if suffix != base and key.endswith(suffix) and len(key) - len(suffix) >= 3:
                found.append(key[: len(key) - len(suffix)] + base)
    return tuple(dict.fromkeys(found))


@cache
def bases_of_names(language: str) -> Kept[str, tuple[str, ...]]:
    """By a word, in another form than the file has it: the forms it may have been inflected from with which a name of
    a party begins.
    """
    begins = frozenset(key.partition(" ")[0] for key in country_forms(language))
    return Kept(lambda word: tuple(form for form in base_forms(word, language)[1:] if form in begins))


@lru_cache(maxsize=2048)
def country_names(text: str, language: str) -> tuple[str, ...]:
    """The words of a short text that name a country (adjectives included), the longest first."""
    forms, words = country_forms(language), text.split()
    runs = (
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + 7, len(words) + 1))
    )
    return tuple(sorted((run for run in runs if key_of(run) in forms), key=len, reverse=True))
