"""Cities: capitals, cities of one name in several countries, and names that are no places."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest

from diplomacy.parsing.finders.places import find_places
from diplomacy.parsing.gazetteer.cities import capital_of
from diplomacy.parsing.gazetteer.countries import countries
from tests.parsing.members import UN_MEMBERS
from tests.parsing.pairs import wrong

# The capital bears the country's own name, which is found as the country.
NAMED_LIKE_THE_COUNTRY = {"DJ", "LU", "MC", "SG", "SM", "AD", "GT", "KW", "MX", "PA"}


def found(text: str, language: str) -> list[tuple[str, str]]:
    return [(one.name, one.country) for one in find_places(text, language)]


def capitals_not_found(codes: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """For each code whose capital is not found where somebody arrives there, what is."""
    missed = {}
    for code in codes:
        capital = capital_of(code)
        name = capital.name if capital is not None else "its capital"
        got = found(f"The minister arrived in {name} on Thursday.", "en")
        if capital is None or got != [(name, code)]:
            missed[code] = got
    return missed


def test_every_capital_is_found_where_somebody_arrives() -> None:
    assert capitals_not_found(set(UN_MEMBERS) - NAMED_LIKE_THE_COUNTRY - {"PW"}) == {}


@pytest.mark.parametrize(
    "code",
    [
        wrong("PW", reason="Ngerulmud is left out of the gazetteer"),
    ],
)
def test_the_capitals_still_to_be_found(code: str) -> None:
    assert capitals_not_found([code]) == {}


def test_every_capital_has_a_zone() -> None:
    for code in set(UN_MEMBERS) - {"PW"}:
        capital = capital_of(code)
        assert capital is not None
        assert capital.is_capital
        assert ZoneInfo(capital.zone).key == capital.zone


@pytest.mark.parametrize(
    ("language", "text", "name", "country"),
    [
        ("fr", "Il est attendu à Bamako.", "Bamako", "ML"),
        ("fr", "Il est attendu au Caire.", "Caire", "EG"),
        ("fr", "Il est attendu à La Haye.", "La Haye", "NL"),
        ("fr", "Il est attendu à Addis-Abeba.", "Addis-Abeba", "ET"),
        ("fr", "Il est attendu à Mexico.", "Mexico", "MX"),
        ("fr", "Il est attendu à Santiago du Chili.", "Santiago du Chili", "CL"),
        ("fr", "Une rencontre à Nice est prévue.", "Nice", "FR"),
        ("fr", "Un sommet à Tours est prévu.", "Tours", "FR"),
        ("fr", "à Valence, en Espagne", "Valence", "ES"),
        ("fr", "à BAMAKO", "BAMAKO", "ML"),
        ("en", "in Sharm El-Sheikh, Egypt", "Sharm El-Sheikh", "EG"),
        ("en", "in Hyderabad, Pakistan", "Hyderabad", "PK"),
        ("en", "in Hyderabad, India", "Hyderabad", "IN"),
        ("en", "in Alexandria, Egypt", "Alexandria", "EG"),
        ("en", "in San José, Costa Rica", "San José", "CR"),
        ("en", "in Georgetown, Guyana", "Georgetown", "GY"),
        ("en", "in Tripoli, Libya", "Tripoli", "LY"),
        ("en", "in Victoria, Seychelles", "Victoria", "SC"),
        ("en", "in Victoria, Canada", "Victoria", "CA"),
        ("en", "in Tripoli, Lebanon", "Tripoli", "LB"),
        ("fr", "à Tripoli, au Liban", "Tripoli", "LB"),
        ("en", "in Tripoli on Thursday", "Tripoli", "LY"),
        ("en", "in Mexico City on Thursday", "Mexico City", "MX"),
        ("en", "in Kuwait City", "Kuwait City", "KW"),
        ("en", "in Panama City", "Panama City", "PA"),
        ("en", "in Guatemala City", "Guatemala City", "GT"),
        ("fr", "à N'Djamena", "N'Djamena", "TD"),
        ("es", "en Ciudad de México", "Ciudad de México", "MX"),
        ("es", "en Lima", "Lima", "PE"),
        ("pt", "em Praia", "Praia", "CV"),
        ("pt", "no Rio de Janeiro", "Rio de Janeiro", "BR"),
        ("de", "in Genf", "Genf", "CH"),
        ("de", "in Warschau", "Warschau", "PL"),
        ("it", "a Parigi", "Parigi", "FR"),
        ("it", "a Lubiana", "Lubiana", "SI"),
        ("ru", "в Анкару", "Анкара", "TR"),
        ("ru", "в Москве", "Москва", "RU"),
        ("ar", "إلى باماكو", "باماكو", "ML"),
        ("ar", "في القاهرة", "القاهرة", "EG"),
    ],
)
def test_cities(language: str, text: str, name: str, country: str) -> None:
    assert found(text, language) == [(name, country)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Nice est une belle ville."),
        ("fr", "Tours de table et échanges libres."),
        ("fr", "Le Président Juan Manuel Santos présidera."),
        ("fr", "Mme Nancy Pelosi et M. Florence Parly ont signé."),
        ("fr", "La Police nationale assurera la sécurité."),
        ("fr", "La planète Mars sera observée."),
        ("fr", "Un split de l'action est prévu."),
        ("en", "The Vienna Convention was recalled."),
        ("en", "The Geneva Conventions apply."),
        ("en", "Paris Hilton and Santiago Peña attended."),
        ("en", "A nice bar, of course, and a man."),
        ("es", "El Presidente Juan Manuel Santos recibirá."),
        ("pt", "José Eduardo dos Santos discursou."),
        ("pt", "A cimeira realiza-se no Centro Cultural."),
        ("de", "Der Essen-Termin entfällt."),
    ],
)
def test_names_that_are_no_places(language: str, text: str) -> None:
    assert found(text, language) == []


def test_a_country_of_the_caller_decides_where_the_text_does_not() -> None:
    (here,) = find_places("in Hyderabad", "en", near=frozenset({"PK"}))
    (there,) = find_places("in Hyderabad", "en", near=frozenset({"IN"}))
    assert (here.country, there.country) == ("PK", "IN")


def test_a_city_brings_its_zone() -> None:
    (place,) = find_places("à Almaty", "fr")
    assert (place.country, place.zone) == ("KZ", "Asia/Almaty")


@pytest.mark.parametrize(
    ("text", "is_locative"),
    [("Il arrive à Bamako.", True), ("Bamako, le 7 février", True), ("Moscou a protesté.", False)],
)
def test_whether_something_takes_place_there(text: str, *, is_locative: bool) -> None:
    assert [one.is_locative for one in find_places(text, "fr")] == [is_locative]


@pytest.mark.parametrize(
    ("code", "seat"), [("BJ", "Cotonou"), ("CI", "Abidjan"), ("NL", "The Hague"), ("BO", "La Paz"), ("ZA", "Pretoria")]
)
def test_where_the_government_sits_elsewhere(code: str, seat: str) -> None:
    assert countries()[code].seat == seat
