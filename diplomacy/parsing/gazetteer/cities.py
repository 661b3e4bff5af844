"""Cities with their country and time zone (GeoNames, CC BY 4.0; see README.md)."""

from __future__ import annotations

import gzip
import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from diplomacy.parsing.gazetteer.countries import base_forms
from diplomacy.parsing.words import key_of

_FOLDER = Path(__file__).parent
_PAGE = 64  # lines


@dataclass(frozen=True, slots=True)
class City:
    """A city of the gazetteer; `zone` is an IANA name, `name` GeoNames' own (mostly English)."""

    geonames_id: int
    name: str
    country: str
    zone: str
    latitude: float
    longitude: float
    population: int
    is_capital: bool


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file in one piece of memory: as many strings in a dictionary would take ten times as much."""

    data: bytes
    starts: array[int]  # one more than there are lines

    def __len__(self) -> int:
        return len(self.starts) - 1

    def line(self, number: int) -> bytes:
        """One line without its end."""
        return self.data[self.starts[number] : self.starts[number + 1] - 1]


@dataclass(frozen=True, slots=True)
class _Names:
    """Lines in order of their keys, each after a line break, as pages: a name is sought on the one it may be on."""

    data: bytes
    starts: Sequence[int]  # of the pages, and the end
    firsts: Sequence[bytes]  # the first key of each page

    def line_of(self, key: bytes) -> bytes | None:
        """What its line says after the key."""
        first, last = self._page(key)
        at = self.data.find(b"\n%b\t" % key, first, last)
        return self.data[at + len(key) + 2 : self.data.find(b"\n", at + 1)] if at >= 0 else None

    def begins(self, word: bytes) -> bool:
        """Whether a key begins with the word: of all that begin with its letters, those that end there, or go on with a
        space, come first; at the head of the next page where the page ends with what comes before.
        """
        first, last = self._page(word)
        at = self.data.find(b"\n" + word, first, last + len(word) + 1)
        return at >= 0 and self.data[at + len(word) + 1] in b"\t "

    def _page(self, key: bytes) -> tuple[int, int]:
        number = max(bisect_right(self.firsts, key), 1)
        return self.starts[number - 1], self.starts[number]


def _lines(name: str) -> _Lines:
    data = gzip.decompress((_FOLDER / name).read_bytes())
    starts = array("I", [0])
    starts.extend(found.end() for found in re.finditer(b"\n", data))
    return _Lines(data, starts)


@cache
def _cities() -> _Lines:
    return _lines("cities.tsv.gz")


@cache
def _names() -> _Names:
    lines = _lines("city_names.tsv.gz")
    numbers = range(0, len(lines), _PAGE)
    firsts = [lines.line(number).partition(b"\t")[0] for number in numbers]
    return _Names(b"\n" + lines.data, [*(lines.starts[number] for number in numbers), len(lines.data)], firsts)


def _bearers(key: str) -> tuple[list[int], list[int]]:
    """The lines of the cities that bear a name as their own, and as another."""
    line = _names().line_of(key.encode())
    if line is None:
        return [], []
    own, other = line.split(b"\t")
    return [int(one) for one in own.split()], [int(one) for one in other.split()]


@lru_cache(maxsize=4096)
def _city(number: int) -> City:
    identifier, name, country, zone, latitude, longitude, population, capital = (
        _cities().line(number).decode().split("\t")
    )
    return City(
        int(identifier), name, country, zone, float(latitude), float(longitude), int(population), capital == "1"
    )


@lru_cache(maxsize=4096)
def cities_by_key(key: str) -> tuple[City, ...]:
    """Cities that bear the name with that key (`key_of`), the likeliest first.

    Size counts, more so for a capital; a city's own name counts for much more than another name ("Delhi" is Dili's,
    "Rome" is Lomé's in some language).
    """
    own, other = _bearers(key)
    found = [(_weight(_city(number), is_own=True), _city(number)) for number in own]
    found += [(_weight(_city(number), is_own=False), _city(number)) for number in other]
    ranked = [city for _weighed, city in sorted(found, key=lambda pair: (-pair[0], pair[1].geonames_id))]
    borne = {_city(number) for number in own}
    if ranked and ranked[0] not in borne:  # "Victoria" is a capital's own name, and one of Hong Kong's others
        ranked.sort(key=lambda city: not (city.is_capital and city in borne))
    return tuple(dict.fromkeys(ranked))


def _weight(city: City, *, is_own: bool) -> float:
    return (city.population + 10_000) * (20.0 if city.is_capital else 1.0) * (1.0 if is_own else 0.2)


@lru_cache(maxsize=8192)
def begins_city(word: str) -> bool:
    """Whether any name of a city begins with that word (a normal form)."""
    return _names().begins(word.encode())


@lru_cache(maxsize=1024)
def is_own_name(key: str) -> bool:
    """Whether some city's own name has that key; else it is only another name, or none."""
    return bool(_bearers(key)[0])


def cities_named(name: str) -> tuple[City, ...]:
    """Cities of that name in any language, the likeliest first (see `cities_by_key`)."""
    return cities_by_key(key_of(name))


def city(name: str, language: str = "", near: frozenset[str] = frozenset()) -> City | None:
    """The city meant by a name, or None.

    A city in one of the countries `near` (ISO 3166-1 alpha-2) comes before the likeliest of all, unless that is a
    capital. In an inflected language the name may stand in any case ("Анкару").
    """
    for form in base_forms(key_of(name), language):
        found = cities_by_key(form)
        if found:
            return likeliest(found, near)
    return None


def likeliest(cities: tuple[City, ...], near: frozenset[str]) -> City:
    """The first capital, else the first city of a country `near`, else the first."""
    if cities[0].is_capital:
        return cities[0]
    return next((one for one in cities if one.country in near), cities[0])


def city_in(name: str, country: str) -> City | None:
    """The likeliest city of that name in that country."""
    return next((city for city in cities_named(name) if city.country == country), None)


@cache
def _capitals() -> Mapping[str, City]:
    marked = [number for number in range(len(_cities())) if _cities().line(number).endswith(b"\t1")]
    return {one.country: one for one in map(_city, marked)}


def capital_of(country: str) -> City | None:
    """The country's capital."""
    return _capitals().get(country)


@lru_cache(maxsize=4096)
def capital_named(key: str) -> str | None:
    """The country whose capital a name means before any other city, by its key; a short name only if it is its own."""
    found = cities_by_key(key)
    if not found or not found[0].is_capital or (len(key) <= 3 and key_of(found[0].name) != key):
        return None
    return found[0].country if capital_of(found[0].country) is found[0] else None


@cache
def _zones() -> Mapping[str, frozenset[str]]:
    zones: dict[str, set[str]] = {}
    for number in range(len(_cities())):
        _number, _name, country, zone, _rest = _cities().line(number).decode().split("\t", 4)
        zones.setdefault(country, set()).add(zone)
    return {country: frozenset(found) for country, found in zones.items()}


@cache
def zone_of_country(country: str) -> str | None:
    """The zone of a country whose cities all keep one; None where there are several."""
    zones = _zones().get(country, frozenset())
    return next(iter(zones)) if len(zones) == 1 else None
