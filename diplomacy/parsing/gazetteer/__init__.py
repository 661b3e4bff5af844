"""Cities with their country and time zone (GeoNames, CC BY 4.0; see README.md)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diplomacy.parsing.document import fold, normal_form


@dataclass(frozen=True, slots=True)
class City:
    """A city of the gazetteer; `zone` is an IANA name."""

    geonames_id: int
    name: str
    country: str
    zone: str
    latitude: float
    longitude: float
    population: int
    is_capital: bool


def key_of(name: str) -> str:
    """A name for comparison: folded words without accents, one space apart."""
    return normal_form(" ".join(fold(name).replace("-", " ").replace("'", " ").split()))


@cache
def _cities() -> tuple[Mapping[str, tuple[City, ...]], Mapping[str, tuple[City, ...]]]:
    """Cities by primary name, and by every other name."""
    primary: dict[str, list[City]] = {}
    other: dict[str, list[City]] = {}
    packed = Path(__file__).with_name("cities.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        number, name, country, zone, latitude, longitude, population, capital, others = line.split("\t")
        city = City(
            int(number), name, country, zone, float(latitude), float(longitude), int(population), capital == "1"
        )
        primary.setdefault(key_of(name), []).append(city)
        for form in others.split("|"):
            other.setdefault(key_of(form), []).append(city)
    return (
        {key: tuple(found) for key, found in primary.items()},
        {key: tuple(found) for key, found in other.items()},
    )


def cities_named(name: str) -> tuple[City, ...]:
    """Cities of that name, the likeliest first: primary names and capitals before others, then by size."""
    primary, other = _cities()
    key = key_of(name)
    found = [(0, city) for city in primary.get(key, ())] + [(1, city) for city in other.get(key, ())]
    ranked = sorted(found, key=lambda pair: (not pair[1].is_capital, pair[0], -pair[1].population))
    return tuple(dict.fromkeys(city for _rank, city in ranked))


def city_in(name: str, country: str) -> City | None:
    """The likeliest city of that name in that country."""
    return next((city for city in cities_named(name) if city.country == country), None)


@cache
def capital_of(country: str) -> City | None:
    """The country's capital."""
    primary, _other = _cities()
    return next(
        (city for found in primary.values() for city in found if city.is_capital and city.country == country), None
    )


@cache
def zone_of_country(country: str) -> str | None:
    """The zone of a country whose cities all keep one; None where there are several."""
    primary, _other = _cities()
    zones = {city.zone for found in primary.values() for city in found if city.country == country}
    return zones.pop() if len(zones) == 1 else None
