"""Names of people: where they begin and end, and the capitals that are no names."""

from __future__ import annotations

import pytest

from diplomacy.parsing.finders.names import Name, find_names, people_words
from diplomacy.parsing.words import words_of


def names(text: str, language: str = "fr") -> list[tuple[str, Name]]:
    words = words_of(text)
    found = find_names(words, language, offices=(), places=frozenset())
    return [(words.written(one.first, one.last), one) for one in found]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fr", "M. Sergueï Lavrov a parlé.", "Sergueï Lavrov"),
        ("fr", "M. LAVROV a parlé.", "LAVROV"),
        ("fr", "Mme Catherine COLONNA a parlé.", "Catherine COLONNA"),
        ("fr", "S.E.M. Paul ANDONG a parlé.", "Paul ANDONG"),
        ("fr", "S.E. M. Mohamed Ould Ghazouani a parlé.", "Mohamed Ould Ghazouani"),
        ("fr", "Son Excellence Monsieur Paul Biya a parlé.", "Paul Biya"),
        ("fr", "le colonel Assimi Goïta a parlé.", "Assimi Goïta"),
        ("fr", "M. Jean-Noël Barrot a parlé.", "Jean-Noël Barrot"),
        ("fr", "Mme Ursula von der Leyen a parlé.", "Ursula von der Leyen"),
        ("fr", "M. Charles de Courson a parlé.", "Charles de Courson"),
        ("fr", "Sa Majesté Mohammed VI a parlé.", "Mohammed VI"),
        ("fr", "M. Paul d'Artois a parlé.", "Paul d'Artois"),
        ("fr", "M. Charles du Plessis a parlé.", "Charles du Plessis"),
        ("fr", "M. N'Diaye a parlé.", "N'Diaye"),
        ("en", "Mr. John F. Kerry spoke.", "John F. Kerry"),
        ("en", "Dr. S. Jaishankar spoke.", "S. Jaishankar"),
        ("en", "H.E. Mr. Vivian Balakrishnan spoke.", "Vivian Balakrishnan"),
        ("en", "Dr. A K Abdul Momen spoke.", "A K Abdul Momen"),
        ("en", "Mr. O'Brien spoke.", "O'Brien"),
        ("en", "Sheikh Mohamed bin Zayed Al Nahyan spoke.", "Mohamed bin Zayed Al Nahyan"),
        ("es", "Sr. Luis Gilberto Murillo habló.", "Luis Gilberto Murillo"),
        ("es", "S.E. Gabriel Boric Font habló.", "Gabriel Boric Font"),
        ("pt", "Sua Excelência João Lourenço discursou.", "João Lourenço"),
        ("pt", "Sr. Marcelo Rebelo de Sousa discursou.", "Marcelo Rebelo de Sousa"),
        ("de", "Herr Frank-Walter Steinmeier sprach.", "Frank-Walter Steinmeier"),
        ("de", "Frau Annalena Baerbock sprach.", "Annalena Baerbock"),
        ("it", "Dott. Carlo Azeglio Ciampi ha parlato.", "Carlo Azeglio Ciampi"),
    ],
)
def test_an_honorific_vouches_for_a_name(language: str, text: str, name: str) -> None:
    ((written, found),) = names(text, language)
    assert (written, found.is_honoured, found.is_weak) == (name, True, False)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fr", "Emmanuel Macron se rendra demain.", "Emmanuel Macron"),
        ("en", "Anthony Albanese will travel.", "Anthony Albanese"),
        ("es", "Pedro Sánchez viajará.", "Pedro Sánchez"),
        ("pt", "Luís Montenegro viajará.", "Luís Montenegro"),
        ("de", "Olaf Scholz reist.", "Olaf Scholz"),
        ("it", "Giorgia Meloni parte.", "Giorgia Meloni"),
    ],
)
def test_a_known_given_name_vouches_for_it_too(language: str, text: str, name: str) -> None:
    ((written, found),) = names(text, language)
    assert (written, found.is_honoured, found.is_weak) == (name, False, False)


def test_capitals_that_nothing_vouches_for_are_weak() -> None:
    ((written, found),) = names("Uzalandra Obrecchi se rendra demain.")
    assert (written, found.is_weak) == ("Uzalandra Obrecchi", True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "L'avion s'est posé à l'aéroport Modibo Keïta."),
        ("fr", "L'avion s'est posé à l'aéroport international Léopold Sédar Senghor."),
        ("fr", "Il logera rue Jean Jaurès."),
        ("fr", "Une gerbe au mausolée Habib Bourguiba."),
        ("fr", "La place Charles de Gaulle sera fermée."),
        ("fr", "Visite du lycée Victor Hugo."),
        ("en", "The plane landed at John F. Kennedy Airport."),
        ("en", "They saw the Nelson Mandela Foundation."),
        ("es", "El avión aterrizó en el aeropuerto Simón Bolívar."),
        ("pt", "O avião aterrou no aeroporto Amílcar Cabral."),
    ],
)
def test_what_is_named_after_somebody_is_nobody(language: str, text: str) -> None:
    assert [written for written, found in names(text, language) if not found.is_weak] == []


def test_a_building_further_on_leaves_the_name_alone() -> None:
    found = names("Nelson Mandela arrived. The Memorial Museum is closed.", "en")
    assert [written for written, _one in found][:1] == ["Nelson Mandela"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Jeudi, Vendredi et Samedi sont fériés."),
        ("fr", "Le Conseil des Ministres se réunit."),
        ("fr", "Les Affaires étrangères communiquent."),
        ("fr", "République et Canton."),
        ("en", "On Monday The Council meets."),
        ("en", "Foreign Affairs and Trade."),
        ("es", "El Lunes de Semana Santa."),
    ],
)
def test_capitals_that_are_common_words(language: str, text: str) -> None:
    assert [written for written, found in names(text, language) if not found.is_weak] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "Nous avons vu M. et Mme."), ("fr", "Le vitamine M. est utile."), ("en", "I met a Dr. and a nurse.")],
)
def test_an_honorific_alone_is_nobody(language: str, text: str) -> None:
    assert names(text, language) == []


def test_a_name_ends_with_its_line_or_comma() -> None:
    assert [written for written, _one in names("M. Paul Andong, Jean Keller\nM. Luc Ferrand")] == [
        "Paul Andong", "Jean Keller", "Luc Ferrand",
    ]  # fmt: skip


def test_an_english_genitive_is_no_part_of_the_name() -> None:
    assert [written for written, _one in names("Anthony Albanese's visit", "en")] == ["Anthony Albanese"]


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt", "de", "it", "ru", "ar"])
def test_each_language_has_its_words_for_people(language: str) -> None:
    known = people_words(language)
    assert known.function_words
    assert known.times
    assert known.not_names >= known.function_words
