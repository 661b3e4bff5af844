"""Cities as texts name them: "à Bamako", "in Sharm El-Sheikh, Egypt", "Yaoundé, le 23 juillet".

A city's name is often something else: a word ("Nice", "Split"), a family name ("Santos"), half of another name
("Vienna Convention"). A capital or a large city needs no more than a free place; any other needs a preposition of place
or its country near by.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from diplomacy.parsing.finders.countries import CountryMention, find_countries
from diplomacy.parsing.gazetteer.cities import City, begins_city, cities_by_key, is_own_name, likeliest
from diplomacy.parsing.gazetteer.countries import CountryWords, base_forms, country_words
from diplomacy.parsing.gazetteer.given_names import given_names
from diplomacy.parsing.words import (
    APOSTROPHE,
    CAPITAL,
    CAPITALS,
    CASELESS,
    COMMA,
    DOT,
    HYPHEN,
    LINE,
    LOWER,
    OPENING,
    SPACE,
    STOP,
    Words,
    words_of,
)

_LONGEST = 5  # words
_LARGE = 500_000
_LETTERS = 3  # shorter names ("Of", "Bo") are too often something else


class PlaceMention(NamedTuple):
    """A city at one place of the text. `name` is the form as written, the base form in inflected languages."""

    start: int
    end: int
    name: str
    city: City
    is_locative: bool  # after a preposition of place, or at the head of a date line

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        return self.city.country

    @property
    def zone(self) -> str:
        """IANA name."""
        return self.city.zone


@lru_cache(maxsize=4)
def find_places(text: str, language: str, near: frozenset[str] = frozenset()) -> tuple[PlaceMention, ...]:
    """Every city named, in order. `near` are the countries that decide between cities of one name, beside those named
    in the text itself.
    """
    countries = find_countries(text, language)
    named = frozenset(mention.code for mention in countries if mention.form != "capital")
    names = {mention.start: mention for mention in countries if mention.form in ("name", "long_name", "metonym")}
    return tuple(_find(words_of(text), language, near | named, names))


def _find(
    words: Words, language: str, near: frozenset[str], names: Mapping[int, CountryMention]
) -> Iterator[PlaceMention]:
    known = country_words(language)
    done, norms, is_inflected = 0, words.norms, known.is_inflected
    for at in [at for at, case in enumerate(words.cases) if case is not LOWER]:
        if at < done or not (is_inflected or begins_city(norms[at])):
            continue
        if len(norms[at]) == 1 and not _is_elided(words, at):
            continue
        found = _place_at(words, at, known, language, near, names)
        if found is not None:
            done, mention = found
            yield mention


def _is_elided(words: Words, at: int) -> bool:
    """ "N'Djamena": one letter that an apostrophe joins to a name."""
    return words.gap_after(at + 1) == APOSTROPHE and words.cases[at + 1] is not LOWER and begins_city(words.norms[at])


def _place_at(
    words: Words, at: int, known: CountryWords, language: str, near: frozenset[str],
    names: Mapping[int, CountryMention],
) -> tuple[int, PlaceMention] | None:  # fmt: skip
    norm = words.norms[at]
    begins = begins_city(norm)
    country = names.get(words.starts[at])  # a city may bear its country's name and one word more: "Mexico City"
    shortest = at if country is None else bisect_left(words.starts, country.end)
    for last in range(words.run_end(at, _LONGEST) if begins else at + 1, shortest, -1):
        if last > at + 1:
            keys: tuple[str, ...] = (" ".join(words.norms[at:last]),)
        else:
            keys = base_forms(norm, language) if known.is_inflected else (norm,)
        for key in keys:
            cities = cities_by_key(key)
            if not cities:
                continue
            cities = _beside(words, last, cities, names, known)
            if country is None or cities[0].country == country.code:
                is_locative = _is_locative(words, at, last, known)
                chosen = _meant(words, at, last, key, cities, near, is_locative=is_locative, known=known)
                if chosen is None:
                    break
                name = _base_name(words, at, last, key)
                return last, PlaceMention(words.starts[at], words.ends[last - 1], name, chosen, is_locative)
    return None


def _beside(
    words: Words, last: int, cities: tuple[City, ...], names: Mapping[int, CountryMention], known: CountryWords
) -> tuple[City, ...]:
    """Of several, those in the country named right after: "in Tripoli, Lebanon", "à Valence, en Espagne"."""
    if len(cities) < 2 or words.gap_after(last) not in (COMMA, OPENING):
        return cities
    lead = known.places_after.at(words, last)
    following = last if lead is None else lead.last
    country = names.get(words.starts[following]) if following < len(words) else None
    return tuple(one for one in cities if country is not None and one.country == country.code) or cities


def _base_name(words: Words, at: int, last: int, key: str) -> str:
    written = words.written(at, last)
    if last != at + 1 or words.norms[at] == key:
        return written
    if written.endswith(key) or words.cases[at] == CASELESS:
        return written[len(written) - len(key) :] if len(key) < len(written) else written
    return written[0] + key[1:]  # "Анкару" is "Анкара"


def _meant(
    words: Words, at: int, last: int, key: str, cities: tuple[City, ...], near: frozenset[str], *, is_locative: bool,
    known: CountryWords,
) -> City | None:  # fmt: skip
    """The city that is meant, or None where the words are something else."""
    is_bound = _is_part_of_name(words, at, last)
    chosen = likeliest(cities, near)
    if is_bound and not is_locative:
        return None
    if is_bound and _goes_on(words, last) and last - at == 1 and not chosen.is_capital and chosen.population < _LARGE:
        return None  # "no Centro Cultural de Belém"
    if len(key) < _LETTERS or key in known.not_places or key in given_names():
        return chosen if is_locative and not is_bound and (len(key) >= _LETTERS) else None
    if chosen.is_capital and (is_own_name(key) or chosen.population >= _LARGE / 5 or is_locative):
        return chosen
    if chosen.country in near or is_locative:
        return chosen
    return chosen if chosen.population >= _LARGE else None


def _is_locative(words: Words, at: int, last: int, known: CountryWords) -> bool:
    follows = at > 0 and words.gaps[at] in (SPACE, APOSTROPHE, LINE)
    if follows and known.places_after.ending_at(words, at, 2) is not None:
        return True
    begins_line = at == 0 or words.gaps[at] in (LINE, STOP)
    return begins_line and words.gap_after(last) in (COMMA, OPENING)


def _goes_on(words: Words, last: int) -> bool:
    """Whether a capital word, no initial, follows with only a space between."""
    return words.gap_after(last) == SPACE and words.cases[last] is CAPITAL and len(words.norms[last]) > 2


def _is_part_of_name(words: Words, at: int, last: int) -> bool:
    """Whether a neighbour makes it part of a longer name: "Juan Manuel Santos", "Vienna Convention"."""
    capitals = (CAPITAL, CAPITALS)
    if words.cases[at] == CASELESS:
        return False
    before = (
        at > 0
        and words.gaps[at] in (SPACE, HYPHEN, DOT)
        and words.cases[at - 1] in capitals
        and (words.gaps[at] != DOT or words.ends[at - 1] - words.starts[at - 1] <= 2)
    )
    after = words.gap_after(last) in (SPACE, HYPHEN) and last < len(words) and words.cases[last] in capitals
    in_capitals = words.cases[at] == CAPITALS
    return (before or after) and not in_capitals
