"""Several mentions, one person; and people of like names kept apart."""

from __future__ import annotations

import pytest

from diplomacy.parsing.document import open_document
from diplomacy.parsing.findings import find_all
from diplomacy.parsing.language import language as language_of
from diplomacy.parsing.lexicon import KnownPerson, Lexicon
from diplomacy.parsing.resolve import Referent, same_person
from diplomacy.vocabulary import Rank
from tests.parsing.pairs import TODAY, wrong


def referents(text: str, language: str = "fr", lexicon: Lexicon | None = None) -> list[Referent]:
    document = open_document(text, published_on=TODAY, language=language)
    found = find_all(document, language_of(language), lexicon or Lexicon())
    return [one for one in found.referents if not one.is_weak]


def labels(text: str, language: str = "fr") -> list[str]:
    return [one.label for one in referents(text, language)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergueï Lavrov", "Sergei Lavrov"),
        ("Sergey LAVROV", "Sergueï Lavrov"),
        ("Сергей Лавров", "Sergueï Lavrov"),
        ("С.В.Лавров", "Sergueï Lavrov"),
        ("S. Lavrov", "Sergueï Lavrov"),
        ("LAVROV", "Sergueï Lavrov"),
        ("Mohammed ben Salmane", "Mohamed bin Salman"),
        ("Azali Assoumani", "AZALI Assoumani"),
        ("Jean-Noël Barrot", "Jean Noel Barrot"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
        ("João Lourenço", "Joao Lourenco"),
        ("Jaishankar", "S. Jaishankar"),
        ("Hakan Fidan", "Hakan FİDAN"),
        wrong("سيرغي لافروف", "Sergueï Lavrov", reason="Arabic letters without vowels are too unlike"),
        ("Bachar el-Assad", "Bashar al-Assad"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wang Yi", "Wang Yu"),
        ("Paul Andong", "Luc Andong"),
        ("Paul Andong", "Paul Ferrand"),
        ("Rose Andong", "Paul Andong"),
        ("J. Andong", "Paul Andong"),
        ("Li", "Liu"),
        ("Mohammed VI", "Mohammed V"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("", "Paul Andong"),
        ("P.", "Paul Andong"),
    ],
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert not same_person(one, other)
    assert not same_person(other, one)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "fr", "Le ministre russe des Affaires étrangères, Sergueï Lavrov, arrive. M. LAVROV sera reçu.",
            ["Sergueï Lavrov"],
        ),
        ("fr", "Sergueï Lavrov arrive demain. Le chef de la diplomatie russe sera reçu.", ["Sergueï Lavrov"]),
        (
            "fr", "Le ministre malien, Abdoulaye Diop, recevra le Président. M. Diop parlera.",
            ["Abdoulaye Diop", "Président"],
        ),
        (
            "fr", "Le Président Paul Andong est arrivé. Le Président a été accueilli. M. Andong a souri.",
            ["Paul Andong"],
        ),
        (
            "en", "Prime Minister Carla Mendes arrives today. The Prime Minister will speak. Ms Mendes leaves at noon.",
            ["Carla Mendes"],
        ),
        ("es", "El canciller Luis Murillo viajará. El ministro Murillo hablará.", ["Luis Murillo"]),
        (
            "fr", "Le Premier ministre portugais, António Ribeira, arrive. Son épouse, Mme Inês Ribeira, l'accompagne.",
            ["António Ribeira", "Inês Ribeira"],
        ),
        (
            "fr", "M. Wang Yi, ministre chinois du Commerce, et M. Wang Yu, ambassadeur de Chine, arrivent.",
            ["Wang Yi", "Wang Yu"],
        ),
        (
            "fr", "Le ministre malien de la Défense, M. Issa Touré, et le ministre malien de la Santé, M. Ali Cissé, "
            "arrivent. Le ministre de la Santé parlera.",
            ["Issa Touré", "Ali Cissé"],
        ),
        (
            "fr", "Le président français, Paul Andong, verra le président gabonais, Luc Ferrand.",
            ["Paul Andong", "Luc Ferrand"],
        ),
    ],
)  # fmt: skip
def test_who_is_meant(language: str, text: str, expected: list[str]) -> None:
    assert labels(text, language) == expected


@pytest.mark.xfail(strict=True, reason="a counterpart takes any office of their country, whatever the rank")
def test_a_prime_ministers_counterpart_is_not_the_president() -> None:
    text = (
        "Le Premier ministre portugais, António Ribeira, verra son homologue malien, Issa Touré. "
        "Il sera reçu par le Président malien."
    )
    assert labels(text) == ["António Ribeira", "Issa Touré", "Président malien"]


def test_spouses_of_one_name_are_two() -> None:
    text = "Le Président Paul Andong et Mme Rose Andong sont arrivés. Le Président Andong a parlé."
    assert labels(text) == ["Paul Andong", "Rose Andong"]


def test_the_fullest_form_is_the_name_and_the_others_are_aliases() -> None:
    (one,) = referents("M. LAVROV est arrivé. Le ministre russe des Affaires étrangères, Sergueï Lavrov, parlera.")
    assert (one.name, one.aliases) == ("Sergueï Lavrov", ("LAVROV",))


def test_two_ministers_of_one_country_are_two() -> None:
    text = (
        "Le ministre malien de la Défense, Issa Touré, et le ministre malien des Finances, Ali Cissé, ont voyagé. "
        "Le ministre des Finances a signé."
    )
    touré, cissé = referents(text)
    assert [one.title for one in cissé.mentions] == ["ministre malien des Finances", "ministre des Finances"]
    assert len(touré.mentions) == 1


def test_two_of_one_family_name_and_country_apart() -> None:
    text = "Le président gabonais, M. Andong, a reçu le ministre français de la Santé, M. Andong."
    assert len(referents(text)) == 2


@pytest.mark.xfail(strict=True, reason="the office goes to whoever held it once, named last")
def test_a_former_holder_is_not_who_holds_the_office_now() -> None:
    text = "Le président gabonais, Luc Ferrand, a salué l'ancien président Paul Andong. Le Président a parlé."
    ferrand, andong = referents(text)
    assert [one.title for one in ferrand.mentions][-1] == "Président"
    assert len(andong.mentions) == 1


KNOWN = Lexicon(
    (
        KnownPerson("Uzalandra Obrecchi", ("Ouzalandra Obreki", "Узаландра Обрекки"), "IT", Rank.FOREIGN_MINISTER),
        KnownPerson("Anna Weber", ("A. Weber",), "DE", Rank.MINISTER),
        KnownPerson("Albert Weber", ("A. Weber",), "AT", Rank.MINISTER),
    )
)


def test_a_name_of_the_lexicon_needs_nothing_else_to_vouch_for_it() -> None:
    text = "Uzalandra Obrecchi arrivera demain."
    assert referents(text) == []
    (one,) = referents(text, lexicon=KNOWN)
    assert (one.name, one.country, one.rank) == ("Uzalandra Obrecchi", "IT", Rank.FOREIGN_MINISTER)


def test_its_spellings_are_one_person() -> None:
    (one,) = referents("Ouzalandra Obreki arrivera demain. Uzalandra Obrecchi parlera.", lexicon=KNOWN)
    assert len(one.mentions) == 2


def test_what_the_text_says_of_somebody_goes_before_the_lexicon() -> None:
    (one,) = referents("Le Premier ministre belge, Uzalandra Obrecchi, arrivera demain.", lexicon=KNOWN)
    assert (one.country, one.rank) == ("BE", Rank.HEAD_OF_GOVERNMENT)


def test_a_spelling_of_two_people_stands_for_neither() -> None:
    assert KNOWN.find("A. Weber") is None
    found = KNOWN.find("anna WEBER")
    assert found is not None
    assert found.country == "DE"


def test_the_lexicon_names_nobody_by_itself() -> None:
    assert referents("La séance est levée.", lexicon=KNOWN) == []


def test_a_russian_name_is_given_in_the_nominative_where_the_text_has_it() -> None:
    text = (
        "В Белграде Сергей Лавров проведёт переговоры с министром иностранных дел Ивицей Дачичем. "
        "Ивица Дачич прибудет в Москву."
    )
    assert "Ивица Дачич" in labels(text, "ru")


def test_a_russian_name_is_left_as_it_stands_where_it_stands_once() -> None:
    assert "Ивицей Дачичем" in labels("Он встретится с министром иностранных дел Ивицей Дачичем.", "ru")
