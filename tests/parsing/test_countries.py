"""Parties by their names, long names, adjectives, capitals and palaces; and the words that name no party."""

from __future__ import annotations

import pytest
from babel import Locale

from diplomacy.parsing.finders.countries import find_countries
from diplomacy.parsing.gazetteer.countries import countries, country_forms
from diplomacy.parsing.words import key_of
from tests.parsing.members import UN_MEMBERS

COMPLETE = ("fr", "en", "es", "pt")
IN_A_SENTENCE = {
    "fr": "Visite officielle : {} en février.",
    "en": "A visit to {} was announced.",
    "es": "Una visita a {} fue anunciada.",
    "pt": "Uma visita a {} foi anunciada.",
}
# Where the CLDR joins two names in one ("Myanmar (Burma)"), or writes what no text does.
USUAL_NAMES = {
    ("fr", "MM"): "Birmanie",
    ("en", "AG"): "Antigua and Barbuda",
    ("en", "CD"): "the Democratic Republic of the Congo",
    ("en", "CG"): "the Republic of the Congo",
    ("en", "KN"): "Saint Kitts and Nevis",
    ("en", "MM"): "Myanmar",
    ("en", "TT"): "Trinidad and Tobago",
    ("en", "VC"): "Saint Vincent and the Grenadines",
    ("es", "MM"): "Myanmar",
    ("pt", "CD"): "República Democrática do Congo",
    ("pt", "MM"): "Mianmar",
}


def codes(text: str, language: str) -> list[str]:
    return [one.code for one in find_countries(text, language)]


def demonyms(language: str) -> set[str]:
    """Who has one. Where two countries share theirs ("congolais"), both do."""
    of = {form.code for form in country_forms(language).values() if form.is_demonym}
    return of | {other for one, other in (("CG", "CD"), ("DO", "DM"), ("GW", "GN")) if one in of}


def test_there_are_193_members() -> None:
    assert len(set(UN_MEMBERS)) == 193
    assert set(UN_MEMBERS) <= countries().keys()


@pytest.mark.parametrize("language", COMPLETE)
def test_every_member_is_known_by_its_name(language: str) -> None:
    names = Locale.parse(language).territories
    found = {
        code: codes(IN_A_SENTENCE[language].format(USUAL_NAMES.get((language, code), names[code])), language)
        for code in UN_MEMBERS
    }
    assert {code: got for code, got in found.items() if got != [code]} == {}


@pytest.mark.parametrize("language", COMPLETE)
def test_every_member_has_a_demonym(language: str) -> None:
    of = demonyms(language)
    assert [code for code in UN_MEMBERS if code not in of] == []


@pytest.mark.parametrize(
    ("language", "text", "code", "form"),
    [
        ("fr", "la Fédération de Russie", "RU", "long_name"),
        ("fr", "le ministre malien", "ML", "demonym"),
        ("fr", "les autorités burkinabè", "BF", "demonym"),
        ("fr", "sa consœur néerlandaise", "NL", "demonym"),
        ("fr", "la République du Congo", "CG", "long_name"),
        ("fr", "la République démocratique du Congo", "CD", "long_name"),
        ("fr", "la RDC", "CD", "name"),
        ("fr", "la République de Guinée", "GN", "long_name"),
        ("fr", "la Guinée équatoriale", "GQ", "name"),
        ("fr", "la Guinée-Bissau", "GW", "name"),
        ("fr", "la Côte d’Ivoire", "CI", "name"),
        ("fr", "L'ÉTHIOPIE", "ET", "name"),
        ("fr", "la République de Corée", "KR", "long_name"),
        ("fr", "l'ambassade à Moscou", "RU", "capital"),
        ("fr", "l'Élysée", "FR", "metonym"),
        ("fr", "le Saint-Siège", "VA", "name"),
        ("fr", "la CEDEAO", "ECOWAS", "name"),
        ("fr", "l'Union africaine", "AFU", "long_name"),
        ("fr", "l'Union européenne", "EU", "long_name"),
        ("fr", "les Nations unies", "UN", "name"),
        ("fr", "l'OTAN", "NATO", "name"),
        ("en", "the Russian Federation", "RU", "name"),
        ("en", "the Malian minister", "ML", "demonym"),
        ("en", "the Republic of Korea", "KR", "long_name"),
        ("en", "the DPRK", "KP", "name"),
        ("en", "Niger", "NE", "name"),
        ("en", "Nigeria", "NG", "name"),
        ("en", "the US delegation", "US", "name"),
        ("en", "the Kremlin", "RU", "metonym"),
        ("en", "the Holy See", "VA", "name"),
        ("en", "the African Union", "AFU", "name"),
        ("en", "ECOWAS", "ECOWAS", "name"),
        ("en", "the Dominican Republic", "DO", "name"),
        ("en", "Dominica", "DM", "name"),
        ("es", "la Federación de Rusia", "RU", "long_name"),
        ("es", "el canciller chileno", "CL", "demonym"),
        ("es", "la Santa Sede", "VA", "name"),
        ("es", "los Países Bajos", "NL", "name"),
        ("pt", "a Federação da Rússia", "RU", "long_name"),
        ("pt", "o ministro cabo-verdiano", "CV", "demonym"),
        ("pt", "a Santa Sé", "VA", "name"),
        ("fr", "le ministre suisse", "CH", "demonym"),
        ("fr", "la ministre argentine", "AR", "demonym"),
        ("es", "la canciller argentina", "AR", "demonym"),
        ("es", "la ministra noruega", "NO", "demonym"),
        ("es", "la delegación china", "CN", "demonym"),
        ("es", "la ministra india", "IN", "demonym"),
        ("pt", "a ministra argentina", "AR", "demonym"),
        ("pt", "a ministra suíça", "CH", "demonym"),
        ("de", "der französische Präsident", "FR", "demonym"),
        ("de", "Frankreich", "FR", "name"),
        ("it", "il ministro tedesco", "DE", "demonym"),
        ("it", "la Farnesina", "IT", "metonym"),
        ("ru", "президент Франции", "FR", "name"),
        ("ru", "министр иностранных дел Мали", "ML", "name"),
        ("ar", "وزير الخارجية المصري", "EG", "demonym"),
        ("ar", "في المملكة العربية السعودية", "SA", "name"),
    ],
)
def test_parties(language: str, text: str, code: str, form: str) -> None:
    assert [(one.code, one.form) for one in find_countries(text, language)] == [(code, form)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Il a volé avec Air France et parlé à Radio Mali."),
        ("fr", "L'entretien passera sur France 24 puis sur France 2."),
        ("fr", "M. Maurice Lévy présidera la séance."),
        ("fr", "Un service de porcelaine de chine a été offert."),
        ("en", "It is with us that they will work."),
        ("en", "The turkey was served at noon."),
        ("en", "Jordan Bardella spoke."),
        ("en", "They can chat about polish and china."),
        ("en", "Chad Smith spoke."),
        ("en", "Israel Gaona spoke."),
        ("es", "Una taza de china."),
        ("en", "the Foreign Minister, Ama Boateng"),  # Amman is "Amã" in Portuguese
    ],
)
def test_words_that_name_no_party(language: str, text: str) -> None:
    assert codes(text, language) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("entre le Mali et la Russie", ["ML", "RU"]),
        ("le Niger, le Nigeria et la Guinée", ["NE", "NG", "GN"]),
        ("les relations russo-maliennes avec Moscou", ["ML", "RU"]),
    ],
)
def test_several_parties_in_order(text: str, expected: list[str]) -> None:
    assert codes(text, "fr") == expected


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "Jordan Foreign Minister Safadi spoke.", "JO"),
        ("en", "They met in the Jordan Valley.", "JO"),
        ("en", "Chad, Israel and others agreed.", "TD"),
        ("fr", "Israël a répondu.", "IL"),
    ],
)
def test_a_country_that_is_a_given_name_too(language: str, text: str, code: str) -> None:
    assert codes(text, language)[0] == code


def test_an_adjective_of_two_countries_is_settled_by_the_text() -> None:
    assert codes("Le ministre congolais est attendu à Brazzaville.", "fr") == ["CG", "CG"]


@pytest.mark.xfail(strict=True, reason="“congolais” is always the Republic of the Congo")
def test_an_adjective_of_two_countries_is_settled_by_the_capital_of_the_other() -> None:
    assert codes("Le ministre congolais est rentré à Kinshasa.", "fr") == ["CD", "CD"]


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt", "de", "it", "ru", "ar"])
def test_forms_are_filed_by_their_keys(language: str) -> None:
    forms = country_forms(language)
    assert len(forms) > 400
    assert all(key == key_of(key) for key in forms)
    assert {form.form for form in forms.values()} == {"name", "long_name", "demonym", "metonym"}


def test_bodies_and_states_have_codes_of_their_own() -> None:
    assert countries()["AU"].kind == "state"
    assert countries()["AFU"].kind == "organisation"
