"""Which language a text is in, and the notation of phrases."""

from __future__ import annotations

import pytest

from diplomacy.parsing import read
from diplomacy.parsing.document import open_document
from diplomacy.parsing.language import detect, languages
from diplomacy.parsing.phrases import Phrasebook, compile_phrase
from diplomacy.parsing.words import words_of
from tests.parsing.pairs import TODAY, wrong


def told(text: str) -> str | None:
    return detect(open_document(text, published_on=TODAY, language=None))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le ministre des Affaires étrangères se rendra lundi à Bamako pour une visite de travail."),
        ("en", "The Minister of Foreign Affairs will travel to Bamako on Monday for a working visit."),
        ("es", "El ministro de Relaciones Exteriores viajará el lunes a Bamako para una visita de trabajo."),
        ("pt", "O ministro das Relações Exteriores viajará na segunda-feira a Bamako para uma visita de trabalho."),
        ("de", "Der Außenminister reist am Montag zu einem Arbeitsbesuch nach Bamako und trifft den Präsidenten."),
        ("it", "Il ministro degli Esteri si recherà lunedì a Bamako per una visita di lavoro con una delegazione."),
        ("ru", "Министр иностранных дел прибудет в понедельник в Бамако с рабочим визитом и встретится с коллегой."),
        ("ar", "يصل وزير الخارجية يوم الاثنين إلى باماكو في زيارة عمل ويلتقي الرئيس في القصر."),
        ("fr", "LE MINISTRE DES AFFAIRES ÉTRANGÈRES SE RENDRA LUNDI À BAMAKO POUR UNE VISITE"),
        ("fr", "Agenda du ministre\n\nLundi 13 février\n10h00 - Audience au palais\n11h00 - Dépôt de gerbe\n"),
        ("en", "Schedule of the Minister\n\nMonday, 13 February\n10:00 - Wreath-laying\n11:00 - Signing of a treaty\n"),
    ],
)
def test_a_language_is_told_by_its_small_words(language: str, text: str) -> None:
    assert told(text) == language


@pytest.mark.parametrize(
    "text", ["Tämä on lyhyt tiedote.", "12345 67890", "Bamako Moscou Lima", "Ministern reser till Tallinn.", "漢字"]
)
def test_a_language_that_is_not_told_is_not_guessed(text: str) -> None:
    assert told(text) is None


def test_a_bilingual_note_is_read_in_the_language_of_most_of_it() -> None:
    text = (
        "Le Premier ministre portugais, António Ribeira, effectue une visite officielle au Mali du 9 au 11 février. "
        "Il sera accompagné de plusieurs ministres et des membres de la délégation.\n\n"
        "The Prime Minister is on an official visit."
    )
    reading = read(text, published_on=TODAY)
    assert reading.language == "fr"
    assert [(one.visitors[0].name, one.host_country) for one in reading.visits] == [("António Ribeira", "ML")]


def test_eight_languages_are_read() -> None:
    assert languages() == ("ar", "de", "en", "es", "fr", "it", "pt", "ru")


def labels(phrase: str, text: str) -> list[str]:
    words = words_of(text)
    return [words.written(one.first, one.last) for one in Phrasebook([(phrase, "x")]).find(words)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("depot de gerbe(s)", "un dépôt de gerbes", ["dépôt de gerbes"]),
        ("depot de gerbe(s)", "un dépôt de gerbe", ["dépôt de gerbe"]),
        ("point (de) presse", "un point presse", ["point presse"]),
        ("point (de) presse", "un Point de Presse", ["Point de Presse"]),
        ("se rend a|au|aux", "il se rend au Mali", ["se rend au"]),
        ("se rend a|au|aux", "il se rend vers le Mali", []),
        ("rencontr*", "ils se rencontreront", ["rencontreront"]),
        ("visite _ musee", "visite du musée", ["visite du musée"]),
        ("visite .. musee", "visite du nouveau musée", ["visite du nouveau musée"]),
        ("visite .. musee", "visite du tout nouveau très grand beau musée", []),
        wrong(
            "visite officielle",
            "une visite. Officielle",
            [],
            reason="a full stop may be that of an abbreviation, and is read across",
        ),
        ("visite officielle", "une visite\n\nofficielle", []),
        ("visite officielle", "une visite\nofficielle", ["visite officielle"]),
    ],
)
def test_the_notation_of_phrases(phrase: str, text: str, found: list[str]) -> None:
    assert labels(phrase, text) == found


@pytest.mark.parametrize("phrase", ["", "..", ".. visite", "visite ..", "(de) presse"])
def test_a_phrase_begins_and_ends_with_a_word(phrase: str) -> None:
    with pytest.raises(ValueError, match="must begin and end with a word"):
        compile_phrase(phrase)


def test_the_longest_phrase_wins_and_the_first_where_two_are_as_long() -> None:
    book = Phrasebook([("diner", "meal"), ("diner officiel", "dinner"), ("diner officiel", "other")])
    assert [one.label for one in book.longest(words_of("un dîner officiel"))] == ["dinner"]
