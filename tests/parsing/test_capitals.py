"""A headline in capitals is read with the case that its words have below it; everything else stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy.parsing import read
from diplomacy.parsing.capitals import calmed

BODY = (
    "\n\nLe ministre des Affaires étrangères, Ahmed Attaf, a été reçu lundi à Carthage par le Président Kaïs Saïed. "
    "L'entretien, qui s'est tenu en présence des deux délégations, a porté sur la coopération entre les deux pays. "
    "Il a transmis un message. La visite du ministre se poursuit à Tunis.\n"
)


def headline(text: str) -> str:
    return calmed(text).text.partition("\n")[0]


def test_words_have_the_case_they_have_below() -> None:
    assert headline("ATTAF REÇU À CARTHAGE PAR LE PRÉSIDENT KAÏS SAÏED" + BODY) == (
        "Attaf reçu à Carthage par le Président Kaïs Saïed"
    )


def test_accents_that_capitals_left_out_are_given_back() -> None:
    assert headline("ATTAF RECU A CARTHAGE" + BODY) == "Attaf reçu à Carthage"


def test_no_character_changes_its_place() -> None:
    text = "M. ATTAF REÇU À CARTHAGE" + BODY
    assert len(calmed(text).text) == len(text)
    assert calmed(text).text[len("M. ATTAF REÇU À CARTHAGE") :] == BODY


def test_words_that_the_text_does_not_have_stay_and_are_told() -> None:
    text = "ATTAF DIFFÈRE LA VISITE" + BODY
    assert headline(text) == "Attaf DIFFÈRE la visite"
    assert calmed(text).unvouched == {text.index("DIFFÈRE")}


@pytest.mark.parametrize(
    "text",
    [
        "Attaf reçu à Carthage" + BODY,
        "ONU" + BODY,  # one word: an acronym
        "ATTAF REÇU À CARTHAGE\n\nLe ministre a été reçu.",  # too little to tell by
        "VISITE DU MINISTRE\nAHMED ATTAF À CARTHAGE" + BODY,  # a programme's title, set over several lines
        "ATTAF REÇU À CARTHAGE" + BODY.upper(),
        "AHMED ATTAF" + BODY,  # somebody's section
        "ENTRETIENS DU MINISTRE" + BODY + "ENTRETIENS DU PRÉSIDENT" + BODY,
        "",
        "\n\n",
    ],
)
def test_what_is_left_as_it_is(text: str) -> None:
    assert calmed(text) == (text, frozenset())


def test_a_line_before_it_changes_nothing() -> None:
    first = "Communiqué de presse\n"
    text = "ATTAF DIFFÈRE LA VISITE" + BODY
    assert calmed(first + text).text == first + calmed(text).text


def test_an_initial_stays() -> None:
    assert headline("M. ATTAF À CARTHAGE" + BODY) == "M. Attaf à Carthage"


def names(text: str) -> set[str]:
    reading = read(text, published_on=dt.date(2025, 3, 4), language="fr")
    found = {visitor.name for visit in reading.visits for visitor in visit.visitors}
    found |= {name for visit in reading.visits for item in visit.items for name in item.participants}
    return found | {name for item in reading.items for name in item.participants}


@pytest.mark.parametrize("title", ["ATTAF REÇU À CARTHAGE", "ATTAF DIFFÈRE SON RETOUR", "AHMED ATTAF ATTENDU À TUNIS"])
def test_the_words_after_a_name_in_capitals_are_not_of_it(title: str) -> None:
    assert names(title + BODY) == {"Ahmed Attaf", "Kaïs Saïed"}


def test_a_name_that_stands_in_the_headline_alone_is_read_after_its_office() -> None:
    text = "AGENDA DE M. JEAN-NOËL BARROT, MINISTRE DES AFFAIRES ÉTRANGÈRES" + (
        "\n\nMardi 4 mars\n10 h 00 : Entretien avec le président de la commission de la coopération, M. Ahmed Attaf\n"
        "12 h 30 : Déjeuner avec les ambassadeurs des pays de la région et les représentants des entreprises\n"
        "15 h 00 : Conférence de presse avec le ministre des affaires étrangères de la Tunisie, à Paris\n"
    )
    assert "JEAN-NOËL BARROT" in {name.upper() for name in names(text)}


def test_a_month_before_its_day_and_year_is_no_verb_of_the_rest() -> None:
    body = BODY.replace("Il a transmis", "It may be used. It may be shown. Il a transmis")
    assert headline("ATTAF REÇU, MAY 23, 2026" + body) == "Attaf reçu, MAY 23, 2026"
