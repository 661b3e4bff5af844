"""What a date says beside its day: warnings, days that only count, two clocks, the press, datelines, durations.

Everything is published on Tuesday 7 February 2023.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from diplomacy.parsing.dates import DateWarning, Kind, Relative, find_dates, read_expression, resolve_relative
from diplomacy.vocabulary import PartOfDay
from tests.parsing.pairs import TODAY, day, only, with_day, wrong


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "mardi 8 février 2023"), ("en", "Tuesday, 8 February 2023"), ("es", "martes 8 de febrero de 2023"),
     ("pt", "terça-feira, 8 de fevereiro de 2023"), ("de", "Dienstag, 8. Februar 2023"),
     ("it", "martedì 8 febbraio 2023"), ("ru", "вторник, 8 февраля 2023 года"),
     ("ar", "الثلاثاء 8 فبراير 2023")],
)  # fmt: skip
def test_a_weekday_that_disagrees_is_said_and_the_date_kept(language: str, text: str) -> None:
    mention = only(text, language)
    assert mention.first == dt.date(2023, 2, 8)
    assert mention.warnings == (DateWarning.WEEKDAY_DISAGREES,)
    agreeing = only("mercredi 8 février 2023")
    assert agreeing.warnings == ()
    assert mention.confidence < agreeing.confidence


def test_tomorrow_and_a_date_that_is_another_day() -> None:
    mention = only("demain, 12 février")
    assert (mention.first, mention.warnings) == (dt.date(2023, 2, 12), (DateWarning.DAYS_DISAGREE,))


@pytest.mark.parametrize(
    ("language", "text", "relative", "count"),
    [
        ("fr", "le même jour", Relative.SAME_DAY, 0),
        ("fr", "le lendemain", Relative.NEXT_DAY, 1),
        ("fr", "la veille", Relative.PREVIOUS_DAY, -1),
        ("fr", "deux jours plus tard", Relative.DAYS_LATER, 2),
        ("fr", "le deuxième jour", Relative.NTH_DAY, 2),
        ("fr", "le dernier jour", Relative.NTH_DAY, -1),
        ("en", "the same day", Relative.SAME_DAY, 0),
        ("en", "the following day", Relative.NEXT_DAY, 1),
        ("en", "on the second day", Relative.NTH_DAY, 2),
        ("es", "al día siguiente", Relative.NEXT_DAY, 1),
        ("es", "ese mismo día", Relative.SAME_DAY, 0),
        ("pt", "no dia seguinte", Relative.NEXT_DAY, 1),
        ("de", "am folgenden Tag", Relative.NEXT_DAY, 1),
        ("it", "il giorno seguente", Relative.NEXT_DAY, 1),
        ("ru", "на следующий день", Relative.NEXT_DAY, 1),
        ("ar", "في اليوم التالي", Relative.NEXT_DAY, 1),
    ],
)
def test_days_that_only_count_have_no_day_of_their_own(
    language: str, text: str, relative: Relative, count: int
) -> None:
    mention = only(text, language)
    assert (mention.kind, mention.relative, mention.nth) == (Kind.RELATIVE, relative, count)
    assert not mention.has_day


@pytest.mark.parametrize(
    ("text", "expected"),
    [("le lendemain", "02-10"), ("la veille", "02-08"), ("le même jour", "02-09"), ("le deuxième jour", "02-10"),
     ("le troisième jour", "02-11"), ("deux jours plus tard", "02-11")],
)  # fmt: skip
def test_they_count_from_the_day_spoken_of(text: str, expected: str) -> None:
    resolved = resolve_relative(only(text), reference_day=dt.date(2023, 2, 9))
    assert (resolved.first, resolved.last) == (day(expected), day(expected))


@pytest.mark.parametrize(
    "text",
    ["jeudi à 15h, heure locale (14h GMT)", "jeudi à 15h (14h GMT)",
     wrong("jeudi à 15 heures locales (14h GMT)", reason="“heures locales” before the bracket loses the hour")],
)  # fmt: skip
def test_two_clocks_of_one_moment(text: str) -> None:
    mention = only(text)
    assert (str(mention.time), str(mention.second_time)) == ("15:00", "14:00")
    assert mention.second_time is not None
    assert mention.second_time.zone == "Etc/UTC"
    assert mention.local_time == mention.time


def test_gmt_in_front_leaves_the_local_clock_second() -> None:
    mention = only("jeudi à 14h GMT (15h heure locale)")
    assert str(mention.local_time) == "15:00"


def test_the_clock_of_another_city_is_not_that_of_the_place() -> None:
    mention = only("jeudi à 15 heures, heure de Paris")
    assert mention.time is not None
    assert mention.time.clock_of == "Paris"
    assert mention.local_time is None


def test_gmt_alone_gives_no_local_clock() -> None:
    assert only("jeudi à 15h GMT").local_time is None


def test_the_other_clock_may_stand_on_the_next_day() -> None:
    text = "Arrivée jeudi 9 février à 17h35 (23h35, J+1)"
    clock = next(
        one.second_time for one in find_dates(text, published_on=TODAY, language="fr") if one.second_time is not None
    )
    assert (str(clock), clock.day_offset) == ("23:35", 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "jeudi vers 10h"), ("fr", "jeudi aux environs de 10h"), ("en", "Thursday at about 10 a.m.")],
)
def test_about_is_kept(language: str, text: str) -> None:
    mention = only(text, language)
    assert (str(mention.time), mention.is_approximate) == ("10:00", True)


def test_half_past_two_without_its_half_of_the_day_is_said_to_be_assumed() -> None:
    assert DateWarning.HALF_OF_DAY_ASSUMED in only("half past two on Thursday", "en").warnings


def test_figures_that_may_be_month_first_are_said_so() -> None:
    assert only("02/03/2023", "en").warnings == (DateWarning.DAY_OR_MONTH_FIRST,)
    assert only("02/03/2023", "fr").first == dt.date(2023, 3, 2)
    assert only("13/03/2023", "en").first == dt.date(2023, 3, 13)
    assert only("03/13/2023", "en").first == dt.date(2023, 3, 13)


@pytest.mark.parametrize("text", ["32 février", "le 30 février 2023", "31/02/2023", "45h30", "à 25h"])
def test_what_no_calendar_or_clock_has(text: str) -> None:
    found = find_dates(text, published_on=TODAY, language="fr")
    assert all(one.kind is not Kind.DATE or one.first is None for one in found)
    assert all(one.time is None for one in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Accès presse dès 15h30."),
        ("fr", "Les journalistes confirment leur présence au plus tard le 8 février à 17h."),
        ("fr", "Accréditations avant le mercredi 8 février, 12h."),
        ("en", "Final access for media: 3:30 p.m."),
        ("en", "Media accreditation closes on 8 February at 17:00."),
        ("es", "Acreditación de prensa hasta las 15:30."),
    ],
)
def test_when_the_press_must_come_is_no_hour_of_the_event(language: str, text: str) -> None:
    found = find_dates(text, published_on=TODAY, language=language)
    assert found
    assert all(one.press_access for one in found)


def test_the_event_beside_it_keeps_its_own_hour() -> None:
    text = "16h00 - Conférence de presse (accès presse dès 15h30)"
    event, press = find_dates(text, published_on=TODAY, language="fr")
    assert (str(event.time), event.press_access) == ("16:00", False)
    assert (str(press.time), press.press_access) == ("15:30", True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "BAMAKO, 7 fév 2023 - Le ministre arrive."),
        ("fr", "Bamako, le 7 février 2023"),
        ("fr", "Fait à Cotonou, le 6 février 2023"),
        ("fr", "Communiqué de presse - 7 février 2023"),
        ("en", "LONDON, 7 February 2023 - The minister arrives."),
        ("es", "Lima, 7 de febrero de 2023"),
    ],
)
def test_where_and_when_a_text_was_written_is_no_day_of_the_programme(language: str, text: str) -> None:
    assert [one.dateline for one in with_day(text, language)] == [True]


@pytest.mark.parametrize(
    "text",
    ["Le ministre sera à Bamako, le 9 février.", "Jeudi 9 février 2023", "MARDI 7 FÉVRIER", "Le 9 février à Bamako"],
)
def test_days_that_are_no_dateline(text: str) -> None:
    assert [one.dateline for one in with_day(text)] == [False]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("les22 et 23 février", "02-22", "02-23"),
        ("du22 au 23 février", "02-22", "02-23"),
        ("le 9février", "02-09", "02-09"),
        ("le  9   février", "02-09", "02-09"),
        ("JEUDI 9 FÉVRIER", "02-09", "02-09"),
        ("jeudi 9 fevrier", "02-09", "02-09"),
        ("le 1er février", "02-01", "02-01"),
        ("1 er février", "02-01", "02-01"),
        ("le jeudi 9\nfévrier", "02-09", "02-09"),
    ],
)
def test_slips_of_the_keyboard(text: str, first: str, last: str) -> None:
    assert read_expression(text, TODAY, "fr")[:2] == (day(first), day(last))


@pytest.mark.parametrize(
    ("text", "minutes"), [("un entretien de 45 minutes", 45), ("une séance d'une heure", 60), ("pendant 2 heures", 120)]
)
def test_how_long_an_event_lasts_is_no_hour(text: str, minutes: int) -> None:
    mention = only(text)
    assert (mention.kind, mention.duration_minutes, mention.time) == (Kind.DURATION, minutes, None)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [("fr", "une visite de 48 heures", 2), ("fr", "une visite de 72 heures", 3), ("fr", "un séjour de cinq jours", 5),
     ("en", "a two-day visit", 2), ("en", "a 48-hour visit", 2), ("es", "una visita de dos días", 2),
     ("pt", "uma visita de dois dias", 2), ("de", "ein zweitägiger Besuch", 2), ("it", "una visita di due giorni", 2),
     ("ru", "двухдневный визит", 2), ("fr", "une visite de 24 heures", 1),
     ("it", "una missione di undici giorni", 11), ("pt", "uma viagem de doze dias", 12),
     ("ru", "визит на восемь дней", 8), ("ar", "زيارة تستغرق تسعة أيام", 9),
     wrong("en", "a 24-hour stopover", 1, reason="“24-hour” is not read, “48-hour” is")],
)  # fmt: skip
def test_days_are_counted_inclusively(language: str, text: str, days: int) -> None:
    assert only(text, language).duration_days == days


@pytest.mark.parametrize("text", ["depuis trois jours", "après deux jours de discussions", "ces deux jours"])
def test_what_lasts_already_is_not_how_long_a_visit_is(text: str) -> None:
    assert all(one.duration_days is None for one in find_dates(text, published_on=TODAY, language="fr"))


def test_what_lies_long_back_is_history() -> None:
    assert [one.history for one in with_day("La visite du 14 juillet 2014 avait été un succès.")] == [True]
    assert [one.history for one in with_day("La visite du 9 février sera courte.")] == [False]


def test_days_in_order_and_without_overlaps() -> None:
    text = "Arrivée jeudi 9 février à 10h, départ vendredi 10 février à 18h30, retour prévu le lendemain."
    found = find_dates(text, published_on=TODAY, language="fr")
    assert [one.quote(text) for one in found] == [
        "jeudi 9 février à 10h",
        "vendredi 10 février à 18h30",
        "le lendemain",
    ]
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_a_window_of_the_day_is_kept_with_its_day() -> None:
    mention = only("dans l'après-midi du jeudi 9 février")
    assert (mention.part_of_day, mention.time) == (PartOfDay.AFTERNOON, None)


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("en", "Manila follows on Monday and Tuesday of next week.", "02-13", "02-14"),
        ("en", "He leaves on Tuesday of next week.", "02-14", "02-14"),
        ("fr", "Il partira mardi de la semaine prochaine.", "02-14", "02-14"),
        ("es", "Viajará el martes de la próxima semana.", "02-14", "02-14"),
        ("en", "He leaves on Thursday. The talks next week are open.", "02-09", "02-09"),
    ],
)
def test_a_weekday_lies_in_the_week_named_right_after(language: str, text: str, first: str, last: str) -> None:
    found = [one for one in find_dates(text, published_on=TODAY, language=language) if one.kind is Kind.WEEKDAY]
    assert [(one.first, one.last) for one in found] == [(day(first), day(last))]


def test_a_weekday_is_looked_for_in_the_days_told_before() -> None:
    text = "Manila follows on Wednesday and Thursday of next week. On Thursday he will see the port."
    assert [one.first for one in find_dates(text, published_on=TODAY, language="en") if one.kind is Kind.WEEKDAY] == [
        day("02-15"),
        day("02-16"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Agenda\n14/02\t10h00\tAudience", "02-14"),
        ("pt", "Agenda\n14/02 (3.ª f.)\t10h00\tAudiência", "02-14"),
        ("es", "Agenda\n14/02 | 10:00 | Audiencia", "02-14"),
        ("pt", "Agenda\nter., 14/02\tAudiência", "02-14"),
        ("fr", "Agenda\n14/02 des députés ont voté", ""),
        ("fr", "Le vote\n14/02/ 12", ""),
        ("en", "Schedule\n02/03 10:00 Audience", ""),
    ],
)
def test_a_day_and_month_that_begin_a_row(language: str, text: str, expected: str) -> None:
    assert [one.first for one in with_day(text, language)] == ([day(expected)] if expected else [])


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Programme\n10.15  Accueil\n11.50  Point de presse", ["10:15", "11:50"]),
        ("Chiffres\n10.15 millions", []),
        ("Règlement\n1.10 Objet", []),
        ("Règlement\n25.10 Objet", []),
    ],
)
def test_hours_with_a_dot_that_begin_a_row(text: str, hours: list[str]) -> None:
    found = find_dates(text, published_on=TODAY, language="fr")
    assert [f"{one.time.hour}:{one.time.minute}" for one in found if one.time is not None] == hours


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "en visite à Dakar depuis dimanche", "02-05"),
        ("en", "on a visit to Dakar since Sunday", "02-05"),
        ("fr", "il se rendra à Dakar dimanche", "02-12"),
    ],
)
def test_what_is_since_a_weekday_has_begun(language: str, text: str, expected: str) -> None:
    assert only(text, language).first == day(expected)
