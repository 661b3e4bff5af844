"""Programme items: the twenty kinds by noun and by verb, their order, hours, days, status and people."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy.parsing import read
from diplomacy.parsing.reading import ItemDraft
from diplomacy.vocabulary import ItemKind, ItemStatus, PartOfDay, Precision, PressAccess
from tests.parsing.pairs import TODAY, wrong

THURSDAY, FRIDAY = dt.date(2023, 2, 9), dt.date(2023, 2, 10)
VISIT = {
    "fr": "Le Premier ministre portugais, António Ribeira, effectue une visite au Mali du 9 au 10 février. ",
    "en": "Portuguese Prime Minister Carla Mendes will visit India from 9 to 10 February. ",
}
AGENDA = {
    "fr": "Agenda de M. Paul Ortega, Premier ministre\n\nJeudi 9 février\n",
    "en": "Weekly schedule of Carla Mendes, Prime Minister\n\nThursday 9 February\n",
    "es": "Agenda del Presidente del Gobierno, Pablo Ortega\n\nJueves 9 de febrero\n",
    "pt": "Agenda do Primeiro-Ministro, Paulo Ramos\n\nQuinta-feira, 9 de fevereiro\n",
}

# A list of hours has two at least; the last line of these is no item.
END = {"fr": "\n23:00 Temps libre\n", "en": "\n23:00 Return to hotel\n", "es": "\n23:00 Regreso al hotel\n",
       "pt": "\n23:00 Regresso ao hotel\n"}  # fmt: skip

NOUNS = {
    "fr": {
        ItemKind.BILATERAL_MEETING: ["Entretien avec M. Luc Ferrand", "Tête-à-tête avec le Président malien"],
        ItemKind.ENLARGED_SESSION: ["Séance de travail élargie aux délégations", "Commission mixte"],
        ItemKind.PRESS_CONFERENCE: ["Conférence de presse", "Point de presse", "Déclarations à la presse"],
        ItemKind.AUDIENCE: ["Audience avec le Président de la République", "Audience solennelle"],
        ItemKind.COURTESY_CALL: ["Visite de courtoisie au Président de l'Assemblée nationale"],
        ItemKind.WORKING_MEAL: ["Déjeuner de travail", "Petit déjeuner de travail", "Dîner"],
        ItemKind.OFFICIAL_DINNER: ["Dîner officiel", "Banquet d'État", "Dîner en l'honneur du Président"],
        ItemKind.SIGNING: ["Signature d'accords", "Cérémonie de signature"],
        ItemKind.CEREMONY: ["Cérémonie d'accueil", "Inauguration du barrage", "Remise de décorations"],
        ItemKind.WREATH_LAYING: ["Dépôt de gerbe", "Dépôt d'une gerbe au monument aux morts"],
        ItemKind.SITE_VISIT: ["Visite du musée national", "Visite de l'usine"],
        ItemKind.SPEECH: ["Discours devant le Parlement", "Allocution d'ouverture"],
        ItemKind.ARRIVAL: ["Arrivée à l'aéroport"],
        ItemKind.DEPARTURE: ["Départ de Bamako"],
        ItemKind.SUMMIT: ["Sommet de la CEDEAO", "Conseil européen"],
        ItemKind.PHONE_CALL: ["Entretien téléphonique avec M. Luc Ferrand"],
        ItemKind.INTERVIEW: ["Interview sur RFI"],
        ItemKind.CABINET_MEETING: ["Conseil des ministres", "Conseil de défense"],
        ItemKind.FORUM: ["Forum économique", "Rencontre avec la communauté portugaise", "Table ronde"],
        ItemKind.OTHER: ["Questions au gouvernement", "Photo de famille"],
    },
    "en": {
        ItemKind.BILATERAL_MEETING: ["Meeting with Mr Luc Ferrand", "Tête-à-tête with the President of India"],
        ItemKind.ENLARGED_SESSION: ["Delegation-level talks", "Plenary session"],
        ItemKind.PRESS_CONFERENCE: ["Press conference", "Joint press statement"],
        ItemKind.AUDIENCE: ["Audience with the King"],
        ItemKind.COURTESY_CALL: ["Courtesy call on the Speaker"],
        ItemKind.WORKING_MEAL: ["Working lunch", "Working dinner", "Breakfast"],
        ItemKind.OFFICIAL_DINNER: ["State banquet", "Official dinner"],
        ItemKind.SIGNING: ["Signing of agreements", "Signing ceremony"],
        ItemKind.CEREMONY: ["Welcome ceremony", "Guard of honour"],
        ItemKind.WREATH_LAYING: ["Wreath-laying at the War Memorial"],
        ItemKind.SITE_VISIT: ["Tour of the factory", "Visit to the museum"],
        ItemKind.SPEECH: ["Speech to Parliament", "Keynote address", "Opening remarks"],
        ItemKind.ARRIVAL: ["Arrival at the airport"],
        ItemKind.DEPARTURE: ["Departure for Lisbon"],
        ItemKind.SUMMIT: ["Summit", "Trilateral meeting"],
        ItemKind.PHONE_CALL: ["Phone call with Mr Luc Ferrand"],
        ItemKind.INTERVIEW: ["Television interview"],
        ItemKind.CABINET_MEETING: ["Cabinet meeting"],
        ItemKind.FORUM: ["Business forum", "Round table", "Conference"],
        ItemKind.OTHER: ["Family photo", "Committee hearing"],
    },
    "es": {
        ItemKind.BILATERAL_MEETING: ["Reunión bilateral con el Sr. Luis Ferrand", "Encuentro con el canciller peruano"],
        ItemKind.ENLARGED_SESSION: ["Reunión ampliada", "Sesión plenaria"],
        ItemKind.PRESS_CONFERENCE: ["Conferencia de prensa", "Rueda de prensa"],
        ItemKind.AUDIENCE: ["Audiencia con el Rey"],
        ItemKind.COURTESY_CALL: ["Visita de cortesía al Presidente del Congreso"],
        ItemKind.WORKING_MEAL: ["Almuerzo de trabajo", "Desayuno de trabajo"],
        ItemKind.OFFICIAL_DINNER: ["Cena oficial", "Cena de Estado"],
        ItemKind.SIGNING: ["Firma de acuerdos"],
        ItemKind.CEREMONY: ["Ceremonia de bienvenida", "Inauguración del puente"],
        ItemKind.WREATH_LAYING: ["Ofrenda floral"],
        ItemKind.SITE_VISIT: ["Visita al museo", "Recorrido por la planta"],
        ItemKind.SPEECH: ["Discurso ante el Congreso"],
        ItemKind.ARRIVAL: ["Llegada al aeropuerto"],
        ItemKind.DEPARTURE: ["Salida hacia Lima"],
        ItemKind.SUMMIT: ["Cumbre iberoamericana"],
        ItemKind.PHONE_CALL: ["Conversación telefónica con el Sr. Luis Ferrand"],
        ItemKind.INTERVIEW: ["Entrevista en televisión"],
        ItemKind.CABINET_MEETING: ["Consejo de Ministros"],
        ItemKind.FORUM: ["Foro empresarial"],
        ItemKind.OTHER: ["Foto de familia"],
    },
    "pt": {
        ItemKind.BILATERAL_MEETING: ["Reunião bilateral com o Sr. Luís Ferrand", "Encontro com o ministro angolano"],
        ItemKind.ENLARGED_SESSION: ["Reunião alargada", "Sessão plenária"],
        ItemKind.PRESS_CONFERENCE: ["Conferência de imprensa"],
        ItemKind.AUDIENCE: ["Audiência com o Rei"],
        ItemKind.COURTESY_CALL: ["Visita de cortesia ao Presidente da Assembleia"],
        ItemKind.WORKING_MEAL: ["Almoço de trabalho"],
        ItemKind.OFFICIAL_DINNER: ["Jantar oficial", "Banquete"],
        ItemKind.SIGNING: ["Assinatura de acordos"],
        ItemKind.CEREMONY: ["Cerimónia de boas-vindas", "Inauguração da ponte"],
        ItemKind.WREATH_LAYING: ["Deposição de uma coroa de flores"],
        ItemKind.SITE_VISIT: ["Visita ao museu"],
        ItemKind.SPEECH: ["Discurso no Parlamento"],
        ItemKind.ARRIVAL: ["Chegada ao aeroporto"],
        ItemKind.DEPARTURE: ["Partida para Lisboa"],
        ItemKind.SUMMIT: ["Cimeira da CPLP"],
        ItemKind.PHONE_CALL: ["Conversa telefónica com o Sr. Luís Ferrand"],
        ItemKind.INTERVIEW: ["Entrevista à televisão"],
        ItemKind.CABINET_MEETING: ["Conselho de Ministros"],
        ItemKind.FORUM: ["Fórum empresarial"],
        ItemKind.OTHER: ["Fotografia de família"],
    },
}

# Kinds that no verb tells: they are named.
VERBS = {
    "fr": {
        ItemKind.BILATERAL_MEETING: ["Il s'entretiendra avec M. Luc Ferrand", "Il rencontrera son homologue malien"],
        ItemKind.ENLARGED_SESSION: ["Il coprésidera une commission mixte"],
        ItemKind.PRESS_CONFERENCE: ["Il s'adressera à la presse"],
        ItemKind.AUDIENCE: ["Il sera reçu en audience par le Président malien"],
        ItemKind.COURTESY_CALL: ["Il rendra une visite de courtoisie au Président de l'Assemblée nationale"],
        ItemKind.WORKING_MEAL: ["Il déjeunera avec M. Luc Ferrand"],
        ItemKind.OFFICIAL_DINNER: ["Le Président malien donnera une réception"],
        ItemKind.SIGNING: ["Les deux parties signeront un accord"],
        ItemKind.CEREMONY: ["Il inaugurera le barrage"],
        ItemKind.WREATH_LAYING: ["Il déposera une gerbe au monument aux morts"],
        ItemKind.SITE_VISIT: ["Il visitera le musée national"],
        ItemKind.SPEECH: ["Il prononcera un discours devant le Parlement"],
        ItemKind.ARRIVAL: ["Il sera accueilli à l'aéroport par le ministre malien de la Santé"],
        ItemKind.DEPARTURE: ["Il quittera Bamako vendredi"],
        ItemKind.PHONE_CALL: ["Il s'entretiendra par téléphone avec M. Luc Ferrand"],
        ItemKind.INTERVIEW: ["Il accordera une interview à la télévision"],
    },
    "en": {
        ItemKind.BILATERAL_MEETING: ["She will meet Mr Luc Ferrand", "She will hold talks with President Arun Patel"],
        ItemKind.PRESS_CONFERENCE: ["She will brief the media"],
        ItemKind.AUDIENCE: ["She will be received in audience by the King"],
        ItemKind.COURTESY_CALL: ["She will pay a courtesy call on the Speaker"],
        ItemKind.WORKING_MEAL: ["She will have lunch with Mr Luc Ferrand"],
        ItemKind.OFFICIAL_DINNER: ["The Prime Minister of India will host a dinner"],
        ItemKind.SIGNING: ["The two sides will sign an agreement"],
        ItemKind.CEREMONY: ["She will inaugurate the dam"],
        ItemKind.WREATH_LAYING: ["She will lay a wreath at the War Memorial"],
        ItemKind.SITE_VISIT: ["She will tour the factory"],
        ItemKind.SPEECH: ["She will deliver a speech to Parliament"],
        ItemKind.ARRIVAL: ["She will be received at the airport by the Minister of Health"],
        ItemKind.DEPARTURE: ["She will leave New Delhi on Friday"],
        ItemKind.PHONE_CALL: ["She will speak by phone with Mr Luc Ferrand"],
        ItemKind.INTERVIEW: ["She will give an interview to local television"],
        ItemKind.OTHER: ["She will sign the guest book"],
    },
}


def items(text: str, language: str | None = None) -> list[ItemDraft]:
    reading = read(text, published_on=TODAY, language=language)
    return [item for visit in reading.visits for item in visit.items] + list(reading.items)


def kinds(text: str, language: str | None = None) -> list[str]:
    return [item.kind.value for item in items(text, language)]


def each(table: dict[str, dict[ItemKind, list[str]]]) -> list[tuple[str, str, str]]:
    return [
        (language, kind.value, text) for language in table for kind in table[language] for text in table[language][kind]
    ]


@pytest.mark.parametrize(("language", "kind", "line"), each(NOUNS))
def test_every_kind_by_a_noun_in_a_list(language: str, kind: str, line: str) -> None:
    (item,) = items(f"{AGENDA[language]}10:00 {line}{END[language]}", language)
    assert (item.kind.value, item.date, item.start_time) == (kind, THURSDAY, "10:00")


@pytest.mark.parametrize(("language", "kind", "sentence"), each(VERBS))
def test_every_kind_by_a_verb_in_running_text(language: str, kind: str, sentence: str) -> None:
    assert kinds(f"{VISIT[language]}{sentence}.", language) == [kind]


@pytest.mark.parametrize("language", NOUNS)
def test_no_kind_is_left_out(language: str) -> None:
    assert set(NOUNS[language]) == set(ItemKind)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("fr", "Il aura un tête-à-tête avec son homologue, suivi d'une séance de travail élargie.",
         ["bilateral_meeting", "enlarged_session"]),
        wrong("fr", "Il aura un tête-à-tête avec son homologue avant de signer un accord.",
              ["bilateral_meeting", "signing"], reason="“signer” in the infinitive is no phrase of its kind"),
        ("fr", "Le programme prévoit un dépôt de gerbe, puis un déjeuner de travail et une conférence de presse.",
         ["wreath_laying", "working_meal", "press_conference"]),
        ("fr", "La journée débutera par un entretien avec M. Luc Ferrand, se terminant par un dîner officiel.",
         ["bilateral_meeting", "official_dinner"]),
        ("fr", "Il déposera une gerbe au mémorial. Il visitera ensuite le musée. Enfin, il prononcera un discours.",
         ["wreath_laying", "site_visit", "speech"]),
        ("en", "She will hold talks with President Arun Patel, followed by a signing ceremony and a press conference.",
         ["bilateral_meeting", "signing", "press_conference"]),
        ("en", "The programme includes a wreath-laying, a working lunch and a press conference.",
         ["wreath_laying", "working_meal", "press_conference"]),
        wrong("en", "She will lay a wreath before addressing Parliament.", ["wreath_laying", "speech"],
              reason="“addressing” is no phrase of its kind"),
    ],
)  # fmt: skip
def test_several_in_one_sentence_stand_in_order(language: str, sentence: str, expected: list[str]) -> None:
    found = items(VISIT[language] + sentence, language)
    assert [one.kind.value for one in found] == expected
    assert [one.order for one in found] == list(range(1, len(expected) + 1))
    assert {one.start_time for one in found} == {None}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("10h00 Tête-à-tête, suivi d'une conférence de presse",
         [("bilateral_meeting", "10:00"), ("press_conference", None)]),
        ("10h00 Signature d'accords et déclarations à la presse",
         [("signing", "10:00"), ("press_conference", "10:00")]),
        ("10h00-11h00 Entretien avec M. Luc Ferrand, puis point de presse",
         [("bilateral_meeting", "10:00"), ("press_conference", "11:00")]),
        wrong("10h00 Audience ; 11h30 Dépôt de gerbe", [("audience", "10:00"), ("wreath_laying", "11:30")],
              reason="the second hour of a line is lost to the first"),
    ],
)  # fmt: skip
def test_hours_of_a_line_with_two_items(line: str, expected: list[tuple[str, str | None]]) -> None:
    found = items(f"{AGENDA['fr']}{line}{END['fr']}", "fr")
    assert [(one.kind.value, one.start_time) for one in found] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Jeudi à 10h, il sera reçu en audience par le Président malien, puis, à 12h30, il déjeunera avec M. Luc "
         "Ferrand.", [("audience", THURSDAY, "10:00"), ("working_meal", THURSDAY, "12:30")]),
        ("Il déposera une gerbe jeudi à 9h et prononcera un discours vendredi à 15h.",
         [("wreath_laying", THURSDAY, "09:00"), ("speech", FRIDAY, "15:00")]),
        ("Il visitera le musée jeudi. Le lendemain, il inaugurera le barrage.",
         [("site_visit", THURSDAY, None), ("ceremony", FRIDAY, None)]),
        ("Le deuxième jour, il visitera le musée.", [("site_visit", FRIDAY, None)]),
        ("Jeudi, il déposera une gerbe. Il s'entretiendra ensuite avec M. Luc Ferrand.",
         [("wreath_laying", THURSDAY, None), ("bilateral_meeting", THURSDAY, None)]),
        ("Il visitera le musée.", [("site_visit", None, None)]),
    ],
)  # fmt: skip
def test_days_and_hours_of_running_text(sentence: str, expected: list[tuple[str, dt.date | None, str | None]]) -> None:
    found = items(VISIT["fr"] + sentence, "fr")
    assert [(one.kind.value, one.date, one.start_time) for one in found] == expected


@pytest.mark.parametrize(
    ("line", "precision", "part"),
    [
        ("10h00 Audience", Precision.EXACT, None),
        ("- Audience dans la matinée", Precision.PART_OF_DAY, PartOfDay.MORNING),
        wrong(
            "Matin : Audience",
            Precision.PART_OF_DAY,
            PartOfDay.MORNING,
            reason="a line that begins with a part of the day is no line of a list",
        ),
        wrong(
            "Dans l'après-midi : Audience",
            Precision.PART_OF_DAY,
            PartOfDay.AFTERNOON,
            reason="a line that begins with a part of the day is no line of a list",
        ),
        ("- Audience", Precision.DAY, None),
    ],
)
def test_how_exactly_the_time_is_told(line: str, precision: Precision, part: PartOfDay | None) -> None:
    first, _second = items(f"{AGENDA['fr']}{line}\n20h00 Dîner officiel{END['fr']}", "fr")
    assert (first.kind, first.precision, first.part_of_day) == (ItemKind.AUDIENCE, precision, part)


@pytest.mark.xfail(strict=True, reason="a day with one hour below it is no list of hours")
def test_a_day_with_one_line_is_an_agenda_too() -> None:
    assert kinds(f"{AGENDA['fr']}10h00 Signature d'accords\n", "fr") == ["signing"]


@pytest.mark.xfail(strict=True, reason="a forum is dated by the first day of the visit, which the text does not say")
def test_a_forum_of_a_longer_visit_has_no_day_of_its_own() -> None:
    found = items(VISIT["en"] + "The programme includes a working lunch and a business forum.", "en")
    assert [(one.kind.value, one.date) for one in found] == [("working_meal", None), ("forum", None)]


@pytest.mark.xfail(strict=True, reason="an apostrophe at the end of a word parts a phrase")
def test_the_visitors_book_is_not_signed_as_an_agreement() -> None:
    assert kinds(VISIT["en"] + "She will sign the visitors' book.", "en") == ["other"]


@pytest.mark.xfail(strict=True, reason="“Question time” in a list is lost")
def test_question_time_is_an_item() -> None:
    assert kinds(f"{AGENDA['en']}10:00 Question time{END['en']}", "en") == ["other"]


def test_only_an_order_is_told_where_no_day_is() -> None:
    (item,) = items(VISIT["fr"] + "Il visitera le musée.", "fr")
    assert (item.precision, item.order) == (Precision.ORDER, 1)


@pytest.mark.parametrize(
    ("language", "sentence", "status"),
    [
        ("fr", "Il prononcera un discours devant le Parlement.", ItemStatus.SCHEDULED),
        ("fr", "La conférence de presse prévue vendredi est annulée.", ItemStatus.CANCELLED),
        wrong(
            "fr",
            "Le dîner officiel prévu jeudi est reporté à vendredi.",
            ItemStatus.POSTPONED,
            reason="an item put off stays as it was",
        ),
        ("en", "She will deliver a speech to Parliament.", ItemStatus.SCHEDULED),
        ("en", "The press conference scheduled for Friday has been cancelled.", ItemStatus.CANCELLED),
    ],
)
def test_where_an_item_stands(language: str, sentence: str, status: ItemStatus) -> None:
    (item,) = items(VISIT[language] + sentence, language)
    assert item.status is status


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le Premier ministre portugais, António Ribeira, a été reçu lundi en audience à Bamako par le Président "
         "malien, Paul Andong."),
        ("en", "Portuguese Prime Minister Carla Mendes met Indian Foreign Minister Arun Patel on Monday in New Delhi."),
    ],
)  # fmt: skip
def test_what_lies_in_the_past_was_held(language: str, text: str) -> None:
    (item,) = items(text, language)
    assert (item.status, item.date) == (ItemStatus.HELD, dt.date(2023, 2, 6))


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("10h00 Entretien avec M. Luc Ferrand, maire de Lyon", ("Paul Ortega", "Luc Ferrand")),
        ("10h00 Audience accordée à Mme Claire Diallo", ("Paul Ortega", "Claire Diallo")),
        ("10h00 Conseil des ministres", ("Paul Ortega",)),
        ("10h00 Dépôt de gerbe à la mémoire de Jean Moulin", ("Paul Ortega",)),
        ("10h00 Visite du lycée Victor Hugo", ("Paul Ortega",)),
    ],
)
def test_who_takes_part(line: str, people: tuple[str, ...]) -> None:
    (item,) = items(f"{AGENDA['fr']}{line}{END['fr']}", "fr")
    assert item.participants == people


@pytest.mark.parametrize(
    ("note", "access"),
    [
        ("(huis clos)", PressAccess.CLOSED),
        ("(ouvert à la presse)", PressAccess.OPEN),
        ("(pool presse)", PressAccess.POOL),
        ("(presse accréditée)", PressAccess.ACCREDITED),
        ("(tour d'images)", PressAccess.PHOTO_OPPORTUNITY),
        ("", PressAccess.UNSPECIFIED),
    ],
)
def test_what_the_press_may_attend(note: str, access: PressAccess) -> None:
    (item,) = items(f"{AGENDA['fr']}10h00 Audience {note}{END['fr']}", "fr")
    assert item.press_access is access


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("10h00 Audience (Palais de Koulouba)", "Palais de Koulouba"),
        ("10h00 Audience", None),
        ("10h00 Audience (10h30 pour la presse)", None),
    ],
)
def test_the_place_in_brackets(line: str, place: str | None) -> None:
    assert items(f"{AGENDA['fr']}{line}{END['fr']}", "fr")[0].place == place


def test_the_zone_is_that_of_the_city() -> None:
    (item,) = items(
        "Le Premier ministre portugais, António Ribeira, effectue une visite au Mali du 9 au 10 février. "
        "Il visitera le musée de Bamako jeudi à 10h.", "fr",
    )  # fmt: skip
    assert (item.start_time, item.timezone) == ("10:00", "Africa/Bamako")


def test_an_hour_in_gmt_keeps_its_zone() -> None:
    (item,) = items(VISIT["fr"] + "Il tiendra une conférence de presse jeudi à 10h GMT.", "fr")
    assert (item.start_time, item.timezone) == ("10:00", "Etc/UTC")


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("fr", "Il sera reçu en audience par le Président malien jeudi. L'audience avec le Président malien aura lieu "
         "jeudi à 10h."),
        ("en", "She will hold a press conference on Friday. The press conference will take place on Friday at 3 p.m."),
    ],
)  # fmt: skip
def test_one_event_told_twice_is_one_item(language: str, sentences: str) -> None:
    (item,) = items(VISIT[language] + sentences, language)
    assert item.start_time is not None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Cette visite fait suite à l'entretien téléphonique des deux ministres."),
        ("fr", "À l'issue de la conférence de presse, rien n'a filtré."),
        ("fr", "Il a salué la signature de l'accord."),
        ("fr", "En marge du sommet, rien n'est prévu."),
        ("fr", "Il a appelé à la tenue d'un dialogue inclusif."),
        ("fr", "Aucune conférence de presse n'est prévue."),
        ("fr", "Il a reçu de son homologue, M. Issa Sani, une invitation à revenir."),
        ("es", "Ninguna conferencia de prensa está prevista."),
        ("de", "Keine Pressekonferenz ist geplant."),
        ("en", "On Thursday she received a letter from President Anil Rao."),
        ("fr", "« Nous signerons un jour », a-t-il dit."),
        ("fr", "Il a reçu une lettre."),
        ("en", "The visit comes after the phone call of the two ministers."),
        ("en", "The visit follows the phone call of the two ministers."),
        ("en", "She welcomed the signing of the agreement."),
        ("en", "No press conference is planned."),
        ("en", "She received a letter."),
    ],
)
def test_what_is_no_item(language: str, sentence: str) -> None:
    assert kinds(VISIT.get(language, "") + sentence, language) == []


def test_somebody_received_is_an_item_whatever_they_bring() -> None:
    assert kinds(VISIT["fr"] + "Jeudi, il a reçu M. Issa Sani, porteur d'une lettre.", "fr") == ["bilateral_meeting"]


@pytest.mark.parametrize(
    "line",
    ["12h00 Retour à l'hôtel", "12h00 Temps libre", "12h00 Transfert vers l'aéroport", "12h00 Pause",
     "12h00 Mise en place de la presse"],
)  # fmt: skip
def test_lines_that_are_no_item(line: str) -> None:
    assert kinds(f"{AGENDA['fr']}10h00 Audience\n{line}\n", "fr") == ["audience"]


def test_a_meeting_with_each_of_several() -> None:
    text = (
        "Weekly schedule of Carla Mendes, Prime Minister\n\nThursday 9 February\n"
        "10:00 Meetings with Ms Ana Torres, Prime Minister of Peru, and Mr Jean Keller, President of Switzerland\n"
    )
    assert [one.participants for one in items(text, "en")] == [
        ("Carla Mendes", "Ana Torres"), ("Carla Mendes", "Jean Keller"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Le Président malien, Paul Andong, a reçu lundi l'ambassadeur du Japon, Ken Sato.", "audience"),
        wrong("Le Président malien, Paul Andong, a reçu lundi son homologue nigérien, Issa Sani.", "bilateral_meeting",
              reason="a guest who is a counterpart is of equal rank, which is not seen"),
        ("Le ministre malien de la Défense, Paul Andong, a reçu lundi l'ambassadeur du Japon, Ken Sato.",
         "bilateral_meeting"),
    ],
)  # fmt: skip
def test_who_receives_whom_makes_an_audience_or_a_meeting(text: str, kind: str) -> None:
    assert kinds(text, "fr") == [kind]


def test_the_kind_of_a_heading_goes_for_its_lines() -> None:
    text = (
        "Agenda de M. Paul Ortega, Premier ministre\n\nJeudi 9 février\n\nAUDIENCES :\n"
        "- M. Luc Ferrand, ambassadeur du Gabon\n- Mme Claire Diallo, ministre de la Santé\n"
    )
    assert kinds(text, "fr") == ["audience", "audience"]


def test_the_words_of_each_value_are_kept() -> None:
    (item,) = items(f"{AGENDA['fr']}10h00 Entretien avec M. Luc Ferrand{END['fr']}", "fr")
    quotes = {name: [span.quote for span in spans] for name, spans in item.evidence_spans.items()}
    assert quotes["start_time"] == ["10h00"]
    assert quotes["date"] == ["Jeudi 9 février"]
    assert quotes["kind"] == ["Entretien"]
    assert item.evidence == "10h00 Entretien avec M. Luc Ferrand"


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("es", "El 9 de febrero el Presidente chileno, Luis Murillo, visitará Lima, Perú, donde visitará el museo. Al "
         "día siguiente visitará la escuela. Más tarde se reunirá con la canciller, Ana Torres, y con el ministro de "
         "Defensa, Juan Rojas.", [9, 10, 10, 10]),
        ("pt", "O Presidente de Angola, João Ramos, inicia na quinta-feira uma visita oficial de três dias ao Brasil. "
         "No dia seguinte, deposita uma coroa de flores e visita o museu.", [10, 10]),
    ],
)  # fmt: skip
def test_the_day_after_is_counted_once(language: str, text: str, days: list[int]) -> None:
    (visit,) = read(text, published_on=TODAY, language=language).visits
    assert [item.date.day for item in visit.items if item.date is not None] == days


def test_the_last_day_is_that_of_the_visit() -> None:
    text = f"{VISIT['en']}On the last day she will meet President Anil Rao."
    (visit,) = read(text, published_on=TODAY, language="en").visits
    assert [item.date for item in visit.items] == [FRIDAY]


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("fr", "Jeudi, après un dépôt de gerbe au mémorial, il rencontrera le maire, M. Issa Sani.",
         ["wreath_laying", "bilateral_meeting"]),
        ("fr", "Jeudi, après le dépôt de gerbe au mémorial, il rencontrera le maire, M. Issa Sani.",
         ["bilateral_meeting"]),
        ("en", "On Thursday, after a working lunch, she will visit the National Museum.",
         ["working_meal", "site_visit"]),
    ],
)  # fmt: skip
def test_what_is_new_after_after_is_an_item(language: str, sentence: str, expected: list[str]) -> None:
    assert kinds(VISIT[language] + sentence, language) == expected


def test_until_is_no_day_of_its_own() -> None:
    text = AGENDA["fr"] + "Déplacement en Pologne (jusqu'au 10 février) pour une réunion informelle\n10h00 Audience"
    assert {item.date for item in items(text + END["fr"], "fr")} == {THURSDAY}


def test_a_plural_in_the_name_of_an_event_calls_nobody_else_in() -> None:
    text = (
        "Agenda de Mme Claire Vasseur, ministre des Affaires étrangères\n\nJeudi 9 février\n"
        "09h00 - Entretien avec M. Henrik Solberg, ministre norvégien des Affaires étrangères\n"
        "10h00 - Conseil des ministres\n11h00 - Conférence de presse des deux ministres\n"
    )
    assert [item.participants for item in items(text, "fr")] == [
        ("Claire Vasseur", "Henrik Solberg"), ("Claire Vasseur",), ("Claire Vasseur", "Henrik Solberg"),
    ]  # fmt: skip


def test_who_invites_to_a_visit_takes_no_part_in_its_items() -> None:
    text = (
        "À l'invitation de son homologue malien, Paul Andong, le Premier ministre portugais, António Ribeira, se "
        "rendra à Bamako le 9 février, où il visitera le musée national."
    )
    (item,) = items(text, "fr")
    assert item.participants == ("António Ribeira",)


def test_who_invites_to_a_visit_told_before_takes_no_part_either() -> None:
    text = (
        "Le Premier ministre portugais, António Ribeira, est attendu à Bamako le 9 février. Le programme prévoit une "
        "conférence de presse. Puis un déjeuner de travail et une audience avec le Président malien, Issa Konaté, "
        "termineront cette visite, faite à l'invitation de son homologue malien, Paul Andong."
    )
    audience = next(item for item in items(text, "fr") if item.kind is ItemKind.AUDIENCE)
    assert audience.participants == ("António Ribeira", "Issa Konaté")


def test_who_invites_to_a_dinner_takes_part() -> None:
    text = AGENDA["en"] + "20:00 Dinner at the invitation of President Anil Rao" + END["en"]
    (item,) = items(text, "en")
    assert "Anil Rao" in item.participants


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("fr", "Jeudi, il rencontrera le maire, M. Issa Sani, autour d'un dîner.", ["working_meal"]),
        ("fr", "Jeudi, il rencontrera le maire, M. Issa Sani.", ["bilateral_meeting"]),
        ("en", "On Thursday she will meet President Anil Rao over lunch.", ["working_meal"]),
        ("en", "On Thursday she will meet President Anil Rao after lunch.", ["bilateral_meeting"]),
        ("fr", "Jeudi à 10h, il ira à la rencontre de la communauté portugaise.", ["forum"]),
        ("fr", "Jeudi, les honneurs militaires lui seront rendus aux Invalides.", ["ceremony"]),
        ("fr", "Jeudi, il s'entretiendra avec M. Issa Sani. Un déjeuner de travail suivra.",
         ["bilateral_meeting", "working_meal"]),
    ],
)  # fmt: skip
def test_meals_honours_and_communities(language: str, sentence: str, expected: list[str]) -> None:
    assert kinds(VISIT[language] + sentence, language) == expected


def test_a_day_since_which_somebody_is_there_is_not_that_of_a_meeting() -> None:
    text = "Agenda de M. Paul Ortega, Premier ministre\n\nMercredi 8 février\n10h : {}\n11h : Conseil des ministres\n"
    guest = "Entretien avec le Premier ministre portugais, António Ribeira, en visite à Paris depuis lundi"
    reading = read(text.format(guest), published_on=TODAY, language="fr")
    items = [item for one in reading.visits for item in one.items] + list(reading.items)
    assert {item.date for item in items} == {dt.date(2023, 2, 8)}
    assert {one.start for one in reading.visits} <= {dt.date(2023, 2, 6)}
