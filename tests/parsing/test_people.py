"""Officials: an office, a name or both in either order, and what is named after somebody."""

from __future__ import annotations

import pytest

from diplomacy.parsing.finders.countries import find_countries
from diplomacy.parsing.finders.people import PersonMention, find_people
from diplomacy.parsing.finders.places import find_places
from diplomacy.parsing.words import words_of
from diplomacy.vocabulary import Rank
from tests.parsing.pairs import wrong


def people(text: str, language: str = "fr") -> tuple[PersonMention, ...]:
    return find_people(words_of(text), language, find_countries(text, language), find_places(text, language))


def named(text: str, language: str = "fr") -> list[tuple[str, str, str | None]]:
    return [(one.name, one.title, one.country) for one in people(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "name", "title", "country"),
    [
        # office first
        ("fr", "le ministre russe des Affaires étrangères, Sergueï Lavrov,", "Sergueï Lavrov",
         "ministre russe des Affaires étrangères", "RU"),
        ("fr", "le Président Andong", "Andong", "Président", None),
        ("fr", "M. le Ministre Andong", "Andong", "Ministre", None),
        ("fr", "Le Président de la République, S.E.M. Paul Andong,", "Paul Andong", "Président de la République", None),
        ("fr", "le ministre de la Défense (Paul Andong)", "Paul Andong", "ministre de la Défense", None),
        ("fr", "le chef de la diplomatie gabonaise Paul Andong", "Paul Andong", "chef de la diplomatie gabonaise",
         "GA"),
        ("fr", "LE MINISTRE DES AFFAIRES ÉTRANGÈRES, PAUL ANDONG, A REÇU", "PAUL ANDONG",
         "MINISTRE DES AFFAIRES ÉTRANGÈRES", None),
        ("fr", "le président de la Transition, le colonel Assimi Goïta", "Assimi Goïta",
         "président de la Transition", None),
        ("fr", "le roi Mohammed VI", "Mohammed VI", "roi", None),
        ("en", "Prime Minister Carla Mendes", "Carla Mendes", "Prime Minister", None),
        ("en", "US President J. D. Harper", "J. D. Harper", "US President", "US"),
        ("en", "Indian External Affairs Minister Dr. S. Jaishankar", "S. Jaishankar",
         "Indian External Affairs Minister", "IN"),
        ("en", "the Foreign Minister of Peru, Ana Torres,", "Ana Torres", "Foreign Minister of Peru", "PE"),
        ("en", "Pope Francis", "Francis", "Pope", None),
        ("es", "la Presidenta del Perú, Dina Boluarte", "Dina Boluarte", "Presidenta del Perú", "PE"),
        ("es", "el canciller Alberto van Klaveren", "Alberto van Klaveren", "canciller", None),
        ("pt", "o Presidente da República, João Lourenço,", "João Lourenço", "Presidente da República", None),
        ("de", "Außenministerin Annalena Baerbock", "Annalena Baerbock", "Außenministerin", None),
        ("it", "il Presidente del Consiglio, Giorgia Meloni", "Giorgia Meloni", "Presidente del Consiglio", None),
        ("ru", "министр иностранных дел Российской Федерации С.В.Лавров", "С.В.Лавров",
         "министр иностранных дел Российской Федерации", "RU"),
        ("ar", "وزير الخارجية سامح شكري", "سامح شكري", "وزير الخارجية", None),
        # name first
        ("fr", "Abdoulaye Diop, ministre malien des Affaires étrangères,", "Abdoulaye Diop",
         "ministre malien des Affaires étrangères", "ML"),
        ("fr", "M. Paul Andong, ambassadeur du Gabon,", "Paul Andong", "ambassadeur du Gabon", "GA"),
        ("fr", "Paul ANDONG (Premier ministre)", "Paul ANDONG", "Premier ministre", None),
        ("en", "Carla Mendes, Prime Minister of Portugal,", "Carla Mendes", "Prime Minister of Portugal", "PT"),
        ("es", "Gabriel Boric, Presidente de Chile,", "Gabriel Boric", "Presidente de Chile", "CL"),
        ("pt", "Téte António, Ministro das Relações Exteriores de Angola,", "Téte António",
         "Ministro das Relações Exteriores de Angola", "AO"),
        ("it", "Antonio Tajani, ministro degli Esteri,", "Antonio Tajani", "ministro degli Esteri", None),
    ],
)  # fmt: skip
def test_one_official(language: str, text: str, name: str, title: str, country: str | None) -> None:
    assert named(text, language) == [(name, title, country)]


@pytest.mark.parametrize(
    ("language", "text", "title", "rank"),
    [
        ("fr", "Le Président de la République a reçu une délégation.", "Président de la République",
         Rank.HEAD_OF_STATE),
        ("fr", "Monsieur le Président de la République", "Président de la République", Rank.HEAD_OF_STATE),
        ("en", "The Prime Minister received a delegation.", "Prime Minister", Rank.HEAD_OF_GOVERNMENT),
        ("es", "El Presidente recibió a una delegación.", "Presidente", Rank.HEAD_OF_STATE),
        ("ru", "Президент принял делегацию.", "Президент", Rank.HEAD_OF_STATE),
    ],
)  # fmt: skip
def test_an_office_without_its_holder(language: str, text: str, title: str, rank: Rank) -> None:
    (one,) = people(text, language)
    assert (one.name, one.title, one.rank, one.is_definite) == ("", title, rank, language != "ru")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Mme Claire Diallo, ministre de la Santé, M. Paul Andong, ambassadeur du Gabon, et le général Issa Sy",
         [("Claire Diallo", "ministre de la Santé"), ("Paul Andong", "ambassadeur du Gabon"), ("Issa Sy", "")]),
        ("fr", "Le Président de la République, S.E.M. Paul Andong, a reçu Mme Claire Diallo, ministre de la Santé.",
         [("Paul Andong", "Président de la République"), ("Claire Diallo", "ministre de la Santé")]),
        ("fr", "Le ministre de la Défense (Paul Andong) et la ministre Claire Diallo",
         [("Paul Andong", "ministre de la Défense"), ("Claire Diallo", "ministre")]),
        ("fr", "le président français Emmanuel Macron et son homologue camerounais Paul Biya",
         [("Emmanuel Macron", "président français"), ("Paul Biya", "")]),
        ("en", "Carla Mendes, Prime Minister of Chile, met Foreign Minister Jean Keller and US President J. D. Harper",
         [("Carla Mendes", "Prime Minister of Chile"), ("Jean Keller", "Foreign Minister"),
          ("J. D. Harper", "US President")]),
        ("es", "el canciller Alberto van Klaveren y la Presidenta del Perú, Dina Boluarte",
         [("Alberto van Klaveren", "canciller"), ("Dina Boluarte", "Presidenta del Perú")]),
        ("pt", "o Presidente da República, João Lourenço, e o Ministro da Defesa, Paulo Ramos,",
              [("João Lourenço", "Presidente da República"), ("Paulo Ramos", "Ministro da Defesa")]),
        ("fr", "le Président de la République, M. Paul Andong, et le ministre de la Défense, M. Luc Ferrand,",
              [("Paul Andong", "Président de la République"), ("Luc Ferrand", "ministre de la Défense")]),
        ("fr", "Le Premier ministre, M. Paul Andong, et son épouse, Mme Rose Andong,",
              [("Paul Andong", "Premier ministre"), ("Rose Andong", "épouse")]),
        wrong("fr", "les ministres Paul Andong et Claire Diallo",
              [("Paul Andong", "ministre"), ("Claire Diallo", "ministre")],
              reason="a plural office gives its holders no title"),
    ],
)  # fmt: skip
def test_several_officials_each_with_their_own_office(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(one.name, one.title) for one in people(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("fr", "son homologue malien, Abdoulaye Diop,", "ML"),
        ("fr", "son homologue Abdoulaye Diop", None),
        ("en", "his Malian counterpart Abdoulaye Diop", "ML"),
        ("es", "su homólogo maliense, Abdoulaye Diop,", "ML"),
        ("pt", "o seu homólogo maliano, Abdoulaye Diop,", "ML"),
        ("de", "sein malischer Amtskollege Abdoulaye Diop", "ML"),
        ("it", "il suo omologo maliano, Abdoulaye Diop,", "ML"),
    ],
)
def test_a_counterpart_has_the_name_beside_it(language: str, text: str, country: str | None) -> None:
    (one,) = people(text, language)
    assert (one.name, one.title, one.country, one.is_counterpart) == ("Abdoulaye Diop", "", country, True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Mme Rose Andong, épouse du Président,"),
        ("fr", "la Première dame, Mme Rose Andong,"),
        ("en", "his wife, Rose Andong,"),
        ("en", "First Lady Rose Andong"),
        ("es", "su esposa, Rosa Andong,"),
        ("pt", "a sua esposa, Rosa Andong,"),
    ],
)
def test_spouses_are_known_as_such(language: str, text: str) -> None:
    assert [one.is_spouse for one in people(text, language) if one.name] == [True]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Se alojará en el Hotel Presidente."),
        ("en", "They stay at the Hotel Presidente."),
        ("fr", "L'avion s'est posé à l'aéroport Modibo Keïta."),
        ("fr", "Il visitera le musée Théodore Monod."),
        ("fr", "Les ministères des Affaires étrangères se concertent."),
        ("fr", "Le Conseil de sécurité se réunit."),
        ("fr", "La délégation a visité Notre-Dame."),
        ("en", "The delegation will visit the port and the airport."),
        ("en", "The Council adopted Resolution 2085."),
        ("pt", "Visitará a fortaleza e o museu."),
        wrong("fr", "Il empruntera l'avenue du Président Kennedy.",
              reason="a street is named after an office only where nothing stands between"),
        ("es", "Visitará la Plaza Simón Bolívar y el Parque O'Higgins."),
    ],
)  # fmt: skip
def test_nobody(language: str, text: str) -> None:
    """Nobody but, at most, capitals that nothing vouches for."""
    assert [one for one in people(text, language) if not one.is_weak] == []


@pytest.mark.parametrize(
    ("text", "is_former"), [("l'ancien président Paul Andong", True), ("le président Paul Andong", False)]
)
def test_who_is_no_longer_in_office(text: str, *, is_former: bool) -> None:
    assert [one.is_former for one in people(text)] == [is_former]


def test_the_offsets_are_those_of_the_words() -> None:
    text = "Hier, le ministre russe des Affaires étrangères, Sergueï LAVROV, est arrivé."
    (one,) = people(text)
    assert text[one.start : one.end] == "ministre russe des Affaires étrangères, Sergueï LAVROV"
    assert text[one.name_start : one.name_end] == "Sergueï LAVROV"
    assert text[one.title_start : one.title_end] == "ministre russe des Affaires étrangères"


def test_a_country_between_makes_no_name_of_itself() -> None:
    assert [
        one.name for one in people("Le ministre est attendu en Côte d'Ivoire et au Burkina Faso.") if one.name
    ] == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fr", "M. Paul Andong du Mali a parlé.", "Paul Andong"),
        ("pt", "O Presidente Luiz Inácio Lula da Silva chega.", "Luiz Inácio Lula da Silva"),
        ("pt", "O Presidente Marcelo Rebelo de Sousa chega.", "Marcelo Rebelo de Sousa"),
        ("pt", "O ministro João Ramos da Defesa falou.", "João Ramos"),
        ("pt", "O ministro João Ramos de Lisboa falou.", "João Ramos"),
        ("pt", "O ministro João Ramos dos Santos e José Cravinho falaram.", "João Ramos dos Santos"),
        ("it", "Il ministro Luigi Di Maio parte.", "Luigi Di Maio"),
    ],
)
def test_particles_that_are_articles_too(language: str, text: str, name: str) -> None:
    assert named(text, language)[0][0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("وزير الخارجية القطري الشيخ محمد بن عبد الرحمن آل ثاني وصل", "محمد بن عبد الرحمن آل ثاني"),
        ("وزير خارجية عمان بدر بن حمد بن حمود البوسعيدي", "بدر بن حمد بن حمود البوسعيدي"),
        ("الرئيس علي بونغو", "علي بونغو"),
        ("الرئيس على هامش القمة", ""),
    ],
)
def test_arabic_names_of_many_words(text: str, name: str) -> None:
    assert named(text, "ar")[0][0] == name


def test_the_office_after_a_comma_belongs_to_the_name_behind_it() -> None:
    text = (
        "of External Affairs Minister Dr. Meera Krishnan, the Minister of Foreign Affairs of Peru, H.E. Mr. Luis Ramos,"
    )
    assert named(text, "en") == [
        ("Meera Krishnan", "External Affairs Minister", None),
        ("Luis Ramos", "Minister of Foreign Affairs of Peru", "PE"),
    ]


def test_a_long_name_of_a_country_without_a_word_between() -> None:
    assert named("Министр иностранных дел Республики Беларусь Павел Ковалевич", "ru") == [
        ("Павел Ковалевич", "Министр иностранных дел Республики Беларусь", "BY"),
    ]
