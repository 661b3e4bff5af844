"""How a text is set: which lines are headings, which a list, and what is in force where."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy.parsing.document import open_document
from diplomacy.parsing.findings import find_all
from diplomacy.parsing.language import language as language_of
from diplomacy.parsing.layout import Form, Unit, lay_out
from tests.parsing.pairs import TODAY, wrong

THURSDAY, FRIDAY = dt.date(2023, 2, 9), dt.date(2023, 2, 10)
Told = tuple[str, str, dt.date | None, str | None, str | None]


def units(text: str, language: str = "fr") -> list[tuple[str, Unit]]:
    document = open_document(text, published_on=TODAY, language=language)
    found = find_all(document, language_of(language))
    return [(" ".join(document.text[one.start : one.end].split()), one) for one in lay_out(found)]


def lines(text: str, language: str = "fr") -> list[Told]:
    """Of each line of a list: hour, words, day, owner, city."""
    return [
        (
            str(one.clock.time) if one.clock is not None else "",
            words,
            one.day.first if one.day is not None else None,
            one.owner.label if one.owner is not None else None,
            one.city.name if one.city is not None else None,
        )
        for words, one in units(text, language)
        if one.form is Form.LINE
    ]


def forms(text: str, language: str = "fr") -> list[tuple[str, str]]:
    return [(one.form.value, words) for words, one in units(text, language)]


def test_a_heading_gives_its_day_and_city_to_the_lines_below() -> None:
    text = (
        "Agenda de M. Paul Ortega, Premier ministre\n\nJeudi 9 février\n09h00 - Conseil des ministres\n"
        "11h30 : Entretien avec M. Luc Ferrand\n\nVendredi 10 février - Bamako\n10h00 Audience\n"
    )
    assert lines(text) == [
        ("09:00", "Conseil des ministres", THURSDAY, "Paul Ortega", None),
        ("11:30", "Entretien avec M. Luc Ferrand", THURSDAY, "Paul Ortega", None),
        ("10:00", "Audience", FRIDAY, "Paul Ortega", "Bamako"),
    ]


@pytest.mark.parametrize("blank", ["\n", ""])
def test_a_day_right_under_a_line_is_its_heading_below_and_no_venue_of_the_line_above(blank: str) -> None:
    text = (
        "Agenda de M. Paul Ortega\n\nJeudi 9 février\n09h00 - Conseil des ministres\n11h30 : Audience\n"
        f"Palais de la Paix\n{blank}Vendredi 10 février 2023\n10h00 Signature\n{blank}"
        "Samedi 11 février\n15h Entretien\n"
    )
    assert [(words, day) for _hour, words, day, _owner, _city in lines(text)] == [
        ("Conseil des ministres", THURSDAY),
        ("Audience", THURSDAY),
        ("Signature", FRIDAY),
        ("Entretien", dt.date(2023, 2, 11)),
    ]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("fr", "JEUDI 9 FÉVRIER"),
        ("fr", "Jeudi 9 février 2023 :"),
        ("fr", "9 février"),
        ("fr", "Jeudi 9 février - Bamako"),
        ("en", "Thursday, 9 February"),
        ("en", "Thursday, February 9, 2023"),
        ("es", "Jueves 9 de febrero"),
        ("pt", "Quinta-feira, 9 de fevereiro"),
        ("de", "Donnerstag, 9. Februar"),
        ("it", "Giovedì 9 febbraio"),
        ("ru", "9 февраля, четверг"),
        ("ar", "الخميس 9 فبراير"),
    ],
)
def test_a_line_that_says_a_day_and_little_else_puts_it_in_force(language: str, heading: str) -> None:
    text = f"{heading}\n10:00 – Alpha\n11:00 – Beta\n"
    assert [(clock, day) for clock, _words, day, _owner, _city in lines(text, language)] == [
        ("10:00", THURSDAY), ("11:00", THURSDAY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Le ministre est attendu jeudi 9 février à Bamako pour une visite de travail.",
        "Les accréditations sont closes depuis jeudi 9 février.",
    ],
)
def test_a_sentence_with_a_day_is_no_heading(line: str) -> None:
    assert lines(f"{line}\n\n10h00 : Audience\n11h00 : Dîner\n") == [
        ("10:00", "Audience", None, None, None),
        ("11:00", "Dîner", None, None, None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "10h00 - Audience", "10h00 : Audience", "10h00 Audience", "10h30-11h00 Audience", "• 10h00 : Audience",
        "- 10h00 Audience", "10:00 | Audience", "10h00\tAudience", "1) 10h00 Audience",
    ],
)  # fmt: skip
def test_the_hour_may_begin_its_line(line: str) -> None:
    (first, _second) = lines(f"{line}\n20h00 - Dîner\n")
    assert (first[0][:3], first[1]) == ("10:", "Audience")


@pytest.mark.parametrize(
    "line", ["Audience au palais : 15h30", "Audience au palais (15h30)", "Audience au palais ........ 15h30"]
)
def test_the_hour_may_end_its_line(line: str) -> None:
    ((clock, words, _day, _owner, _city), *_rest) = lines(f"{line}\nDîner : 20h00\n")
    assert (clock, words.rstrip(" .:(")) == ("15:30", "Audience au palais")


def test_an_hour_on_a_line_of_its_own_belongs_to_the_line_below() -> None:
    ((words, unit),) = [one for one in units("10h00\nAudience\nPalais de Koulouba\n") if one[1].form is Form.LINE]
    assert unit.clock is not None
    assert (words, str(unit.clock.time)) == ("Audience", "10:00")
    assert unit.notes_end > unit.end  # the place below belongs to it


def test_when_the_press_must_come_is_not_the_hour_of_the_line() -> None:
    text = "Jeudi 9 février\n15h30 Dépôt de gerbe (accès presse dès 15h00)\n20h00 Dîner\n"
    assert [one[0] for one in lines(text)] == ["15:30", "20:00"]


def test_bullets_without_hours_are_a_list() -> None:
    text = "AUDIENCES :\n- M. Luc Ferrand, ambassadeur du Gabon\n- Mme Claire Diallo, ministre de la Santé\n"
    found = [(words, unit) for words, unit in units(text) if unit.form is Form.LINE]
    assert [words for words, _unit in found] == [
        "M. Luc Ferrand, ambassadeur du Gabon", "Mme Claire Diallo, ministre de la Santé",
    ]  # fmt: skip
    assert all(unit.topic is not None and text[slice(*unit.topic)] == "AUDIENCES :" for _words, unit in found)


def test_owners_of_a_shared_agenda() -> None:
    text = "Le Premier ministre\n08h30 Petit déjeuner\nLa ministre des Armées\n09h00 Audience\n10h00 Réunion\n"
    assert [(clock, owner) for clock, _words, _day, owner, _city in lines(text)] == [
        ("08:30", "Premier ministre"), ("09:00", "ministre des Armées"), ("10:00", "ministre des Armées"),
    ]  # fmt: skip


def test_an_owner_may_stand_on_the_line_itself() -> None:
    text = (
        "Jeudi 9 février\n09h00 Le Premier ministre : Conseil des ministres\n10h00 La ministre de la Santé : Visite\n"
    )
    assert [(words, owner) for _clock, words, _day, owner, _city in lines(text)] == [
        ("Conseil des ministres", "Premier ministre"), ("Visite", "ministre de la Santé"),
    ]  # fmt: skip


def test_a_table_row_has_its_day_hour_and_owner_in_cells() -> None:
    assert lines("Jeudi 9 février | 10h00 | Paul Ortega | Audience au palais\n") == [
        ("10:00", "Audience au palais", THURSDAY, "Paul Ortega", None)
    ]


def test_two_rows_of_one_day_are_two_lines() -> None:
    rows = "Jeudi 9 février | 10h00 | Audience au palais\nJeudi 9 février | 11h00 | Dépôt de gerbe\n"
    assert [one[:3] for one in lines(rows)] == [
        ("10:00", "Audience au palais", THURSDAY), ("11:00", "Dépôt de gerbe", THURSDAY),
    ]  # fmt: skip


def test_a_form_with_labels_is_one_line() -> None:
    text = "Événement : Conférence de presse\nHeure : 10h00\nLieu : Hôtel de l'Amitié\n"
    ((words, unit),) = units(text)
    assert unit.clock is not None
    assert (unit.form, words, str(unit.clock.time)) == (Form.LINE, "Conférence de presse", "10:00")
    assert text[unit.start : unit.notes_end].endswith("Hôtel de l'Amitié")


def test_an_english_form_too() -> None:
    ((words, unit),) = units("Event: Press conference\nTime: 10:00 a.m.\nVenue: Friendship Hotel\n", "en")
    assert unit.clock is not None
    assert (words, str(unit.clock.time)) == ("Press conference", "10:00")


def test_notes_for_the_press_are_left_out() -> None:
    text = (
        "Jeudi 9 février\n10h00 Audience\n\nNote à l'intention des médias :\nLes journalistes se présenteront à 9h00.\n"
        "Contact : M. Diop\n\nFin du programme.\n"
    )
    assert not any("journalistes" in words or "Contact" in words for words, _unit in units(text))
    assert forms(text)[-1] == ("prose", "Fin du programme.")


def test_a_line_may_go_on_below() -> None:
    text = (
        "9 February\n9:00 a.m. Arrival at the airport, greeted by\nPrime Minister Arun Patel\n"
        "11:00 a.m. Wreath-laying\n"
    )
    assert [words for _clock, words, _day, _owner, _city in lines(text, "en")] == [
        "Arrival at the airport, greeted by Prime Minister Arun Patel", "Wreath-laying",
    ]  # fmt: skip


def test_numbered_paragraphs_of_a_joint_communique_are_prose() -> None:
    text = (
        "1. Le mercredi 8 février, le Premier ministre a déposé une gerbe au mémorial et visité le musée de la ville.\n"
        "2. Le jeudi 9 février, il a été reçu en audience par le Président de la République au palais de Koulouba.\n"
    )
    assert {form for form, _words in forms(text)} == {"prose"}


def test_a_numbered_list_of_short_lines_is_a_list() -> None:
    assert [form for form, _words in forms("1. Audience au palais\n2. Dépôt de gerbe\n")] == ["line", "line"]


def test_a_title_in_capitals_over_several_lines_is_one_heading() -> None:
    assert forms("PROGRAMME DE LA VISITE DU MINISTRE\nDES AFFAIRES ÉTRANGÈRES\n\nIl arrive jeudi.\n") == [
        ("heading", "PROGRAMME DE LA VISITE DU MINISTRE DES AFFAIRES ÉTRANGÈRES"), ("prose", "Il arrive jeudi."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("fr", "M. Diop arrive. Il sera reçu par S.E.M. Andong. Puis il repart.", 3),
        ("fr", "Le ministre arrive jeudi à 10h30. Il repart le 10 févr. au soir.", 2),
        ("en", "Mr. Keller arrives. He meets Dr. S. Jaishankar at 10 a.m. on Thursday.", 2),
        ("de", "Der Minister reist am 13. Februar nach Genf. Er spricht dort.", 2),
        wrong("fr", "1. Le Premier ministre est arrivé hier à Bamako pour une visite de travail de deux jours.", 1,
              reason="the number of a paragraph is a sentence of its own"),
    ],
)  # fmt: skip
def test_running_text_is_cut_at_its_sentences(language: str, text: str, sentences: int) -> None:
    assert [form for form, _words in forms(text, language)] == ["prose"] * sentences


@pytest.mark.parametrize(
    "above",
    ["Le Mali accueille la Russie.\n\n", ""],
)
def test_a_paragraph_broken_to_fit_the_page_is_one(above: str) -> None:
    text = "Le ministre est attendu jeudi à Bamako, où il aura\nun entretien avec son homologue malien.\n"
    assert forms(above + text)[-1] == ("prose", " ".join(text.split()))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", 'He said: "We will talk. We will sign." He left.'),
     wrong("fr", "Il a dit : « Nous parlerons. Nous signerons. » Il repart.",
           reason="a closing mark after a blank begins the next sentence")],
)  # fmt: skip
def test_a_sentence_inside_quotation_marks_is_known_as_such(language: str, text: str) -> None:
    assert [one.is_quoted for _words, one in units(text, language)] == [False, True, False]


def test_paragraphs_are_counted() -> None:
    assert [one.paragraph for _words, one in units("Il arrive.\n\nIl repart. Il rentre.\n")] == [1, 2, 2]


def test_a_remark_in_brackets_leaves_a_day_in_force() -> None:
    found = lines("Jeudi 9 février 2023 (sous réserve de modifications)\n\n10h00 : Audience\n11h00 : Dîner\n")
    assert [one[2] for one in found] == [THURSDAY, THURSDAY]


def test_the_day_of_a_title_stays_in_force_below_the_day_of_issue() -> None:
    found = lines("AGENDA DU JEUDI 9 FÉVRIER 2023\n7 février 2023 – Paris\n\n10h00 : Audience\n11h00 : Dîner\n")
    assert [one[2] for one in found] == [THURSDAY, THURSDAY]
