"""Countries and cities, by the words of the gazetteer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diplomacy.parsing.document import Document
from diplomacy.parsing.gazetteer import City, cities_named, key_of
from diplomacy.parsing.gazetteer.countries import country_forms

_LONGEST = 6


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A country by name or by its adjective."""

    start: int
    end: int
    code: str
    is_demonym: bool


@dataclass(frozen=True, slots=True)
class CityMention:
    """A city as written."""

    start: int
    end: int
    city: City


def find_countries(document: Document, language: str) -> tuple[CountryMention, ...]:
    """Every country named, the longest form at each place."""
    return tuple(_countries(document, language))


def _countries(document: Document, language: str) -> Iterator[CountryMention]:
    forms, tokens, at = country_forms(language), document.tokens, 0
    while at < len(tokens):
        step = 1
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            first, last = tokens[at], tokens[at + size - 1]
            words = document.text[first.start : last.end]
            if len(words) > 60:
                continue
            form = forms.get(key_of(words))
            # Names begin with a capital; French adjectives do not.
            if form is not None and (form.is_demonym or words[0].isupper()) and _is_whole(words):
                yield CountryMention(first.start, last.end, form.code, form.is_demonym)
                step = size
                break
        at += step


def find_cities(document: Document, taken: tuple[CountryMention, ...]) -> tuple[CityMention, ...]:
    """Cities named with a capital letter outside `taken`: capitals, and others of half a million people or more; a
    smaller one only where its country is named as well.
    """
    near = {mention.code for mention in taken}
    covered = {offset for mention in taken for offset in (mention.start, mention.end)}
    return tuple(_cities(document, near, covered))


def _cities(document: Document, near: set[str], covered: set[int]) -> Iterator[CityMention]:
    tokens, at = document.tokens, 0
    while at < len(tokens):
        step = 1
        for size in range(min(4, len(tokens) - at), 0, -1):
            first, last = tokens[at], tokens[at + size - 1]
            words = document.text[first.start : last.end]
            if not words[0].isupper() or len(words) < 3 or not _is_whole(words) or first.start in covered:
                continue
            city = next((city for city in cities_named(words) if _is_likely(city, near)), None)
            if city is not None:
                yield CityMention(first.start, last.end, city)
                step = size
                break
        at += step


def _is_likely(city: City, near: set[str]) -> bool:
    return city.is_capital or city.country in near or city.population >= 500_000


def _is_whole(words: str) -> bool:
    return not any(mark in words for mark in ',;:()\n"')
