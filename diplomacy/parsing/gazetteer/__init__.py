"""Countries, parties and cities: what the finders of places look names up in."""

from diplomacy.parsing.gazetteer.cities import (
    City,
    begins_city,
    capital_of,
    cities_by_key,
    cities_named,
    city,
    city_in,
    is_own_name,
    likeliest,
    zone_of_country,
)
from diplomacy.parsing.gazetteer.countries import Country, CountryForm, countries
from diplomacy.parsing.words import key_of

__all__ = [
    "City",
    "Country",
    "CountryForm",
    "begins_city",
    "capital_of",
    "cities_by_key",
    "cities_named",
    "city",
    "city_in",
    "countries",
    "is_own_name",
    "key_of",
    "likeliest",
    "zone_of_country",
]
