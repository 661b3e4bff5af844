"""Offices by their words: rank, country, number, and what only sounds like an office."""

from __future__ import annotations

import pytest

from diplomacy.parsing.finders.countries import find_countries
from diplomacy.parsing.finders.offices import Office, find_offices
from diplomacy.parsing.words import words_of
from diplomacy.vocabulary import Rank
from tests.parsing.pairs import wrong

STATE, GOVERNMENT, DEPUTY = Rank.HEAD_OF_STATE, Rank.HEAD_OF_GOVERNMENT, Rank.DEPUTY_HEAD
FOREIGN, MINISTER, BODY = Rank.FOREIGN_MINISTER, Rank.MINISTER, Rank.HEAD_OF_ORGANISATION
SPEAKER, AMBASSADOR, OTHER = Rank.SPEAKER, Rank.AMBASSADOR, Rank.OTHER


def offices(text: str, language: str) -> list[tuple[str, Office]]:
    words = words_of(text)
    countries = [one for one in find_countries(text, language) if one.form != "capital"]
    return [(words.written(one.first, one.last), one) for one in find_offices(words, language, countries)]


@pytest.mark.parametrize(
    ("language", "text", "title", "rank", "country"),
    [
        ("fr", "Le Président de la République a parlé.", "Président de la République", STATE, None),
        ("fr", "Le chef de l'État a parlé.", "chef de l'État", STATE, None),
        ("fr", "Le président du Sénégal a parlé.", "président du Sénégal", STATE, "SN"),
        ("fr", "Le président sénégalais a parlé.", "président sénégalais", STATE, "SN"),
        ("fr", "Le roi du Maroc a parlé.", "roi du Maroc", STATE, "MA"),
        ("fr", "Le président de la Transition a parlé.", "président de la Transition", STATE, None),
        ("fr", "Le Premier ministre malien a parlé.", "Premier ministre malien", GOVERNMENT, "ML"),
        ("fr", "Le chef du gouvernement a parlé.", "chef du gouvernement", GOVERNMENT, None),
        ("fr", "La chancelière allemande a parlé.", "chancelière allemande", GOVERNMENT, "DE"),
        ("fr", "La vice-présidente colombienne a parlé.", "vice-présidente colombienne", DEPUTY, "CO"),
        (
            "fr", "Le ministre russe des Affaires étrangères a parlé.", "ministre russe des Affaires étrangères",
            FOREIGN, "RU",
        ),
        wrong(
            "fr", "La ministre de l'Europe et des Affaires étrangères a parlé.",
            "ministre de l'Europe et des Affaires étrangères", FOREIGN, None,
            reason="“de l'Europe et des Affaires étrangères” is ranked as any ministry",
        ),
        ("fr", "La ministre des Affaires étrangères et européennes a parlé.",
         "ministre des Affaires étrangères et européennes", FOREIGN, None),
        ("fr", "Le chef de la diplomatie russe a parlé.", "chef de la diplomatie russe", FOREIGN, "RU"),
        wrong(
            "fr", "Le secrétaire d'État américain a parlé.", "secrétaire d'État américain", FOREIGN, "US",
            reason="the country inside the head “secrétaire d'État américain” is not taken",
        ),
        ("fr", "Le ministre de la Défense a parlé.", "ministre de la Défense", MINISTER, None),
        (
            "fr", "La ministre déléguée chargée de la Francophonie a parlé.",
            "ministre déléguée chargée de la Francophonie", MINISTER, None,
        ),
        (
            "fr", "Le secrétaire général de l'ONU a parlé.", "secrétaire général de l'ONU", BODY, "UN",
        ),
        (
            "fr", "La présidente de la Commission européenne a parlé.", "présidente de la Commission européenne",
            BODY, "EU",
        ),
        ("fr", "Le président de l'Assemblée nationale a parlé.", "président de l'Assemblée nationale", SPEAKER, None),
        ("fr", "L'ambassadeur de France au Mali a parlé.", "ambassadeur de France au Mali", AMBASSADOR, "FR"),
        ("fr", "Le porte-parole a parlé.", "porte-parole", OTHER, None),
        ("en", "The President of the Republic spoke.", "President of the Republic", STATE, None),
        ("en", "The Malian president spoke.", "Malian president", STATE, "ML"),
        ("en", "The King of Jordan spoke.", "King of Jordan", STATE, "JO"),
        ("en", "The Qatari Prime Minister spoke.", "Qatari Prime Minister", GOVERNMENT, "QA"),
        ("en", "The Federal Chancellor spoke.", "Federal Chancellor", GOVERNMENT, None),
        ("en", "The Vice President of India spoke.", "Vice President of India", DEPUTY, "IN"),
        ("en", "The Russian Foreign Minister spoke.", "Russian Foreign Minister", FOREIGN, "RU"),
        (
            "en", "The Minister of Foreign Affairs of Peru spoke.", "Minister of Foreign Affairs of Peru", FOREIGN,
            "PE",
        ),
        ("en", "The Foreign Secretary spoke.", "Foreign Secretary", FOREIGN, None),
        ("en", "The US Secretary of State spoke.", "US Secretary of State", FOREIGN, "US"),
        ("en", "The External Affairs Minister spoke.", "External Affairs Minister", FOREIGN, None),
        ("en", "The Minister of Defence spoke.", "Minister of Defence", MINISTER, None),
        ("en", "The Defence Secretary spoke.", "Defence Secretary", MINISTER, None),
        ("en", "The UN Secretary-General spoke.", "UN Secretary-General", BODY, "UN"),
        ("en", "The Speaker of the House of Commons spoke.", "Speaker of the House of Commons", SPEAKER, None),
        ("en", "The French ambassador spoke.", "French ambassador", AMBASSADOR, "FR"),
        ("es", "El Presidente de la República habló.", "Presidente de la República", STATE, None),
        ("es", "El presidente del Gobierno habló.", "presidente del Gobierno", GOVERNMENT, None),
        ("es", "El canciller chileno habló.", "canciller chileno", FOREIGN, "CL"),
        (
            "es", "El ministro de Relaciones Exteriores del Perú habló.",
            "ministro de Relaciones Exteriores del Perú", FOREIGN, "PE",
        ),
        ("es", "La ministra de Defensa habló.", "ministra de Defensa", MINISTER, None),
        ("pt", "O Presidente da República discursou.", "Presidente da República", STATE, None),
        ("pt", "O Primeiro-Ministro português discursou.", "Primeiro-Ministro português", GOVERNMENT, "PT"),
        (
            "pt", "O Ministro dos Negócios Estrangeiros discursou.", "Ministro dos Negócios Estrangeiros", FOREIGN,
            None,
        ),
        ("pt", "O chanceler brasileiro discursou.", "chanceler brasileiro", FOREIGN, "BR"),
        ("de", "Der Bundespräsident sprach.", "Bundespräsident", STATE, None),
        ("de", "Der Bundeskanzler sprach.", "Bundeskanzler", GOVERNMENT, None),
        ("de", "Die Außenministerin sprach.", "Außenministerin", FOREIGN, None),
        ("it", "Il Presidente della Repubblica ha parlato.", "Presidente della Repubblica", STATE, None),
        ("it", "Il ministro degli Esteri ha parlato.", "ministro degli Esteri", FOREIGN, None),
        ("ru", "Выступил министр иностранных дел России.", "министр иностранных дел России", FOREIGN, "RU"),
        ("ru", "Выступил президент Франции.", "президент Франции", STATE, "FR"),
        ("ar", "تحدث وزير الخارجية المصري.", "وزير الخارجية المصري", FOREIGN, "EG"),
        ("ar", "تحدث رئيس الجمهورية.", "رئيس الجمهورية", STATE, None),
    ],
)  # fmt: skip
def test_offices(language: str, text: str, title: str, rank: Rank, country: str | None) -> None:
    assert [(written, one.rank, one.country) for written, one in offices(text, language)] == [(title, rank, country)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "son homologue malien"),
        ("en", "his Malian counterpart"),
        ("es", "su homólogo maliense"),
        ("pt", "o seu homólogo maliano"),
        ("de", "sein malischer Amtskollege"),
        ("it", "il suo omologo maliano"),
        ("ru", "со своим малийским коллегой"),
        ("ar", "نظيره المالي"),
    ],
)
def test_a_counterpart_is_an_office_with_the_other_country(language: str, text: str) -> None:
    ((_written, office),) = offices(text, language)
    assert (office.is_counterpart, office.country) == (True, "ML")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "les ministres de la Défense"),
        ("fr", "les chefs d'État"),
        ("en", "the foreign ministers"),
        ("es", "los ministros de Defensa"),
        ("pt", "os chefes de Estado"),
    ],
)
def test_plurals_are_nobody_in_particular(language: str, text: str) -> None:
    assert [one.is_plural for _written, one in offices(text, language)] == [True]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "l'ancien président du Mali"),
        ("fr", "l'ex-ministre de la Défense"),
        ("en", "the former President of Mali"),
        ("en", "former Foreign Minister"),
        wrong("es", "el expresidente de Chile", reason="“expresidente” in one word is not known"),
        ("es", "el ex presidente de Chile"),
        ("pt", "o ex-presidente do Brasil"),
    ],
)
def test_who_was_in_office_once(language: str, text: str) -> None:
    assert [one.is_former for _written, one in offices(text, language)] == [True]


@pytest.mark.parametrize(
    ("language", "text", "determiner"),
    [
        ("fr", "le ministre", "definite"),
        ("fr", "un ministre", "indefinite"),
        ("fr", "son ministre", "possessive"),
        ("en", "the minister", "definite"),
        ("en", "a minister", "indefinite"),
        ("en", "his minister", "possessive"),
        ("es", "el ministro", "definite"),
        ("pt", "um ministro", "indefinite"),
    ],
)
def test_which_article_it_has(language: str, text: str, determiner: str) -> None:
    assert [one.determiner for _written, one in offices(text, language)] == [determiner]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le ministère des Affaires étrangères publie un communiqué."),
        ("fr", "Les élections présidentielles auront lieu en mars."),
        ("fr", "La présidence malienne publie un communiqué."),
        ("fr", "L'ambassade de France publie un communiqué."),
        ("en", "The Ministry of Foreign Affairs issued a statement."),
        ("en", "The presidential palace is closed."),
        ("en", "The Foreign Office issued a statement."),
        wrong("en", "They will head the delegation.", reason="the verb “head” is taken for an office"),
        wrong("en", "They will chair the meeting.", reason="the verb “chair” is taken for an office"),
        ("es", "La Cancillería publicó un comunicado."),
        ("es", "El Ministerio de Relaciones Exteriores publicó un comunicado."),
        ("pt", "O Ministério das Relações Exteriores publicou uma nota."),
        ("de", "Das Auswärtige Amt gab eine Erklärung ab."),
    ],
)
def test_what_only_sounds_like_an_office(language: str, text: str) -> None:
    assert [written for written, _one in offices(text, language)] == []


def test_offices_stand_in_order_and_apart() -> None:
    text = "Le Président de la République et le ministre des Affaires étrangères ont reçu l'ambassadeur du Japon."
    found = offices(text, "fr")
    assert [written for written, _one in found] == [
        "Président de la République", "ministre des Affaires étrangères", "ambassadeur du Japon",
    ]  # fmt: skip
    assert found[1][1].first >= found[0][1].last
