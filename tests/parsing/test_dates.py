"""Days, hours and durations: what the grammar reads in eight languages, and the numbers and names it leaves alone.

Everything is published on Tuesday 7 February 2023 unless a row says otherwise.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from diplomacy.parsing.dates import (
    find_dates,
    languages,
    read_csv,
    read_expression,
)
from tests.parsing.pairs import TODAY, day, with_day, wrong

TABLE = Path(__file__).resolve().parents[3] / "shared" / "dates" / "date_expressions.csv"

RANGES = [
    ("fr", "du 9 au 11 février", "02-09", "02-11"),
    ("fr", "du 9 au 11 février 2024", "2024-02-09", "2024-02-11"),
    ("fr", "du 27 février au 3 mars", "02-27", "03-03"),
    ("fr", "du jeudi 9 au samedi 11 février", "02-09", "02-11"),
    ("fr", "entre le 9 et le 11 février", "02-09", "02-11"),
    ("fr", "les 9, 10 et 11 février", "02-09", "02-11"),
    ("fr", "de jeudi à samedi", "02-09", "02-11"),
    ("fr", "du 9 au 11", "02-09", "02-11"),
    wrong("fr", "les 9 et 10", "02-09", "02-10", reason="two days without a month: the second is lost"),
    ("fr", "9-11 février 2023", "02-09", "02-11"),
    ("fr", "du 28 décembre 2023 au 3 janvier 2024", "2023-12-28", "2024-01-03"),
    ("en", "from 9 to 11 February", "02-09", "02-11"),
    ("en", "9–11 February 2023", "02-09", "02-11"),
    ("en", "February 9 to 11", "02-09", "02-11"),
    ("en", "February 27 to March 3, 2023", "02-27", "03-03"),
    ("en", "between 9 and 11 February", "02-09", "02-11"),
    ("en", "on 9 and 10 February", "02-09", "02-10"),
    ("en", "from Thursday to Saturday", "02-09", "02-11"),
    ("en", "from the 9th to the 11th", "02-09", "02-11"),
    ("en", "Thursday 9 - Saturday 11 February", "02-09", "02-11"),
    ("es", "del 9 al 11 de febrero", "02-09", "02-11"),
    ("es", "entre el 9 y el 11 de febrero", "02-09", "02-11"),
    ("es", "los días 9, 10 y 11 de febrero", "02-09", "02-11"),
    ("es", "del jueves 9 al sábado 11 de febrero", "02-09", "02-11"),
    ("es", "del 27 de febrero al 3 de marzo de 2023", "02-27", "03-03"),
    ("pt", "de 9 a 11 de fevereiro", "02-09", "02-11"),
    ("pt", "entre os dias 9 e 11 de fevereiro", "02-09", "02-11"),
    ("pt", "de 27 de fevereiro a 3 de março", "02-27", "03-03"),
    ("pt", "nos dias 9 e 10 de fevereiro", "02-09", "02-10"),
    ("de", "vom 9. bis zum 11. Februar", "02-09", "02-11"),
    ("de", "am 9. und 10. Februar", "02-09", "02-10"),
    ("de", "vom 27. Februar bis 3. März 2023", "02-27", "03-03"),
    ("it", "dal 9 all'11 febbraio", "02-09", "02-11"),
    ("it", "il 9 e il 10 febbraio", "02-09", "02-10"),
    ("it", "dal 27 febbraio al 3 marzo", "02-27", "03-03"),
    ("ru", "с 9 по 11 февраля", "02-09", "02-11"),
    ("ru", "9 и 10 февраля", "02-09", "02-10"),
    ("ru", "с 27 февраля по 3 марта 2023 года", "02-27", "03-03"),
    ("ar", "من 9 إلى 11 فبراير", "02-09", "02-11"),
    ("ar", "يومي 9 و10 فبراير", "02-09", "02-10"),
    ("ar", "من 27 فبراير إلى 3 مارس", "02-27", "03-03"),
]

COUNTS = [
    ("fr", "entame jeudi une visite de 48 heures", "02-09", "02-10"),
    ("fr", "une visite de 72 heures à partir du 9 février", "02-09", "02-11"),
    ("fr", "une visite de trois jours à compter du 9 février", "02-09", "02-11"),
    ("en", "a three-day visit starting on 9 February", "02-09", "02-11"),
    ("en", "begins on Thursday a 48-hour visit", "02-09", "02-10"),
    ("es", "una visita de tres días a partir del 9 de febrero", "02-09", "02-11"),
    ("pt", "uma visita de três dias a partir de 9 de fevereiro", "02-09", "02-11"),
    ("de", "ein dreitägiger Besuch ab dem 9. Februar", "02-09", "02-11"),
    ("it", "una visita di tre giorni a partire dal 9 febbraio", "02-09", "02-11"),
    ("ru", "двухдневный визит начиная с 9 февраля", "02-09", "02-10"),
    ("ar", "زيارة تستمر يومين ابتداء من 9 فبراير", "02-09", "02-10"),
]

OPEN_ENDS = [
    ("fr", "à partir du 9 février", "02-09", ""),
    ("fr", "à compter de jeudi", "02-09", ""),
    ("fr", "jusqu'à vendredi", "", "02-10"),
    ("fr", "jusqu'au 10 février inclus", "", "02-10"),
    ("en", "from 9 February", "02-09", ""),
    ("en", "as of Thursday", "02-09", ""),
    ("en", "until 10 February", "", "02-10"),
    ("es", "a partir del 9 de febrero", "02-09", ""),
    ("es", "hasta el 10 de febrero", "", "02-10"),
    ("pt", "a partir de 9 de fevereiro", "02-09", ""),
    ("pt", "até 10 de fevereiro", "", "02-10"),
    ("de", "ab dem 9. Februar", "02-09", ""),
    ("de", "bis zum 10. Februar", "", "02-10"),
    ("it", "a partire dal 9 febbraio", "02-09", ""),
    ("it", "fino al 10 febbraio", "", "02-10"),
    ("ru", "начиная с 9 февраля", "02-09", ""),
    ("ru", "до 10 февраля", "", "02-10"),
    ("ar", "ابتداء من 9 فبراير", "02-09", ""),
    ("ar", "حتى 10 فبراير", "", "02-10"),
]

COUNTED_DAYS = [
    ("fr", "avant-hier", "02-05"),
    ("fr", "hier", "02-06"),
    ("fr", "ce jour", "02-07"),
    ("fr", "demain", "02-08"),
    ("fr", "dans trois jours", "02-10"),
    ("fr", "il y a deux jours", "02-05"),
    ("fr", "le 9 courant", "02-09"),
    ("fr", "le 15 du mois dernier", "01-15"),
    ("fr", "vendredi dernier", "02-03"),
    ("en", "yesterday", "02-06"),
    ("en", "the day after tomorrow", "02-09"),
    ("en", "two days ago", "02-05"),
    ("en", "last Friday", "02-03"),
    ("en", "on the 9th inst.", "02-09"),
    ("es", "ayer", "02-06"),
    ("es", "pasado mañana", "02-09"),
    ("es", "el 9 del corriente", "02-09"),
    ("es", "el viernes pasado", "02-03"),
    ("pt", "ontem", "02-06"),
    ("pt", "depois de amanhã", "02-09"),
    ("pt", "na passada sexta-feira", "02-03"),
    ("de", "gestern", "02-06"),
    ("de", "übermorgen", "02-09"),
    ("de", "am vergangenen Freitag", "02-03"),
    ("it", "ieri", "02-06"),
    ("it", "dopodomani", "02-09"),
    ("it", "venerdì scorso", "02-03"),
    ("ru", "вчера", "02-06"),
    ("ru", "послезавтра", "02-09"),
    ("ru", "в прошлую пятницу", "02-03"),
    ("ar", "أمس", "02-06"),
    ("ar", "بعد غد", "02-09"),
    ("ar", "يوم الجمعة الماضي", "02-03"),
]

TENSES = [
    ("fr", "Le ministre est arrivé vendredi à Bamako.", "02-03"),
    ("fr", "Le ministre arrivera vendredi à Bamako.", "02-10"),
    ("fr", "Le ministre s'est rendu lundi à Bamako.", "02-06"),
    ("fr", "Le ministre se rendra lundi à Bamako.", "02-13"),
    ("en", "The minister arrived in Bamako on Friday.", "02-03"),
    ("en", "The minister will arrive in Bamako on Friday.", "02-10"),
    ("es", "El ministro llegó el viernes a Bamako.", "02-03"),
    ("es", "El ministro llegará el viernes a Bamako.", "02-10"),
    ("pt", "O ministro chegou na sexta-feira a Bamako.", "02-03"),
    ("pt", "O ministro chegará na sexta-feira a Bamako.", "02-10"),
    ("de", "Der Minister traf am Freitag in Bamako ein.", "02-03"),
    ("de", "Der Minister ist am Freitag in Bamako eingetroffen.", "02-03"),
    ("de", "Am Freitag wird der Minister in Bamako eingetroffen sein.", "02-10"),
    ("es", "El ministro inauguró el viernes el puente.", "02-03"),
    ("es", "El ministro inaugura el viernes el puente.", "02-10"),
    ("pt", "O ministro inaugurou na sexta-feira a ponte.", "02-03"),
    ("pt", "O ministro inaugura na sexta-feira a ponte.", "02-10"),
    ("ru", "Министр отправился в пятницу в Бамако.", "02-03"),
    ("ru", "Министр отправляется в пятницу в Бамако.", "02-10"),
    ("de", "Der Minister wird am Freitag in Bamako eintreffen.", "02-10"),
    ("it", "Il ministro è arrivato venerdì a Bamako.", "02-03"),
    ("it", "Il ministro arriverà venerdì a Bamako.", "02-10"),
    ("ru", "Министр прибыл в пятницу в Бамако.", "02-03"),
    ("ru", "Министр прибудет в пятницу в Бамако.", "02-10"),
    ("ar", "وصل الوزير يوم الجمعة إلى باماكو.", "02-03"),
    ("ar", "سيصل الوزير يوم الجمعة إلى باماكو.", "02-10"),
]

PARTS_OF_DAY = [
    ("fr", "jeudi matin", "02-09", "02-09", "MORNING"),
    ("fr", "demain après-midi", "02-08", "02-08", "AFTERNOON"),
    ("fr", "ce soir", "02-07", "02-07", "EVENING"),
    ("fr", "dans la soirée de jeudi", "02-09", "02-09", "EVENING"),
    ("fr", "jeudi en fin d'après-midi", "02-09", "02-09", "AFTERNOON"),
    # A night over two dates belongs to the day it ends on.
    ("fr", "dans la nuit de jeudi à vendredi", "02-10", "02-10", "NIGHT"),
    ("fr", "dans la nuit du 9 au 10 février", "02-10", "02-10", "NIGHT"),
    ("en", "tomorrow morning", "02-08", "02-08", "MORNING"),
    ("en", "on Thursday afternoon", "02-09", "02-09", "AFTERNOON"),
    ("en", "on the evening of 9 February", "02-09", "02-09", "EVENING"),
    ("es", "mañana por la mañana", "02-08", "02-08", "MORNING"),
    ("es", "el jueves por la tarde", "02-09", "02-09", "AFTERNOON"),
    ("es", "la noche del jueves", "02-09", "02-09", "EVENING"),
    ("pt", "amanhã de manhã", "02-08", "02-08", "MORNING"),
    ("pt", "na quinta-feira à tarde", "02-09", "02-09", "AFTERNOON"),
    ("de", "am Donnerstagnachmittag", "02-09", "02-09", "AFTERNOON"),
    ("de", "morgen Abend", "02-08", "02-08", "EVENING"),
    ("it", "domani mattina", "02-08", "02-08", "MORNING"),
    ("it", "giovedì pomeriggio", "02-09", "02-09", "AFTERNOON"),
    ("ru", "завтра утром", "02-08", "02-08", "MORNING"),
    ("ru", "в четверг вечером", "02-09", "02-09", "EVENING"),
    ("ar", "صباح الخميس", "02-09", "02-09", "MORNING"),
    ("ar", "مساء يوم الخميس", "02-09", "02-09", "EVENING"),
]

CLOCKS = [
    ("fr", "demain à 10h", "02-08", "10:00"),
    ("fr", "jeudi à 9 heures", "02-09", "09:00"),
    ("fr", "jeudi à 10 h 05", "02-09", "10:05"),
    ("fr", "jeudi, 10:30", "02-09", "10:30"),
    ("fr", "jeudi à 10H30", "02-09", "10:30"),
    ("fr", "jeudi à midi", "02-09", "12:00"),
    ("fr", "jeudi à midi et demi", "02-09", "12:30"),
    ("fr", "jeudi à 15h GMT", "02-09", "15:00Z"),
    ("fr", "jeudi à 15 heures TU", "02-09", "15:00Z"),
    ("fr", "jeudi de 10h à 11h30", "02-09", "10:00/11:30"),
    ("fr", "jeudi, 10h-11h30", "02-09", "10:00/11:30"),
    ("fr", "jeudi entre 10h et 11h", "02-09", "10:00/11:00"),
    ("fr", "jeudi à dix heures", "02-09", "10:00"),
    ("fr", "jeudi à 15 heures, heure locale", "02-09", "15:00"),
    ("en", "Thursday at 2 p.m.", "02-09", "14:00"),
    ("en", "Thursday at 2.30pm", "02-09", "14:30"),
    ("en", "Thursday, 10am to 11am", "02-09", "10:00/11:00"),
    ("en", "Thursday, 10:00-11:30", "02-09", "10:00/11:30"),
    ("en", "at half past two on Thursday", "02-09", "14:30"),
    ("en", "at quarter to three on Thursday", "02-09", "14:45"),
    ("en", "at noon on Thursday", "02-09", "12:00"),
    ("en", "Thursday at 1430 hours", "02-09", "14:30"),
    ("en", "Thursday at 15:00 GMT", "02-09", "15:00Z"),
    ("en", "Thursday at 12:15 a.m.", "02-09", "00:15"),
    ("es", "el jueves a las 10 de la mañana", "02-09", "10:00"),
    ("es", "el jueves a las 3 de la tarde", "02-09", "15:00"),
    ("es", "el jueves a las 10:30 h", "02-09", "10:30"),
    ("es", "el jueves al mediodía", "02-09", "12:00"),
    ("pt", "quinta-feira às 10h30", "02-09", "10:30"),
    ("pt", "na quinta-feira, às 15 horas", "02-09", "15:00"),
    ("pt", "na quinta-feira, ao meio-dia", "02-09", "12:00"),
    ("de", "am Donnerstag um 10.30 Uhr", "02-09", "10:30"),
    ("de", "am Donnerstag, 14 bis 15 Uhr", "02-09", "14:00/15:00"),
    ("it", "giovedì alle 15", "02-09", "15:00"),
    ("it", "giovedì a mezzogiorno", "02-09", "12:00"),
    ("ru", "в четверг в 15 часов", "02-09", "15:00"),
    ("ru", "в четверг в полдень", "02-09", "12:00"),
    ("ar", "الخميس الساعة 10:30", "02-09", "10:30"),
    wrong("ar", "الخميس الساعة العاشرة صباحا", "02-09", "10:00", reason="Arabic hours in words are not read"),
]

YEARS = [  # expression, published, start: the nearest year, leaning forward
    ("le 2 janvier", "2022-12-28", "2023-01-02"),
    ("le 28 décembre", "2023-01-05", "2022-12-28"),
    ("le 15 mars", "2023-02-07", "2023-03-15"),
    ("le 30 juin", "2023-02-07", "2023-06-30"),
    ("le 20 janvier", "2023-02-07", "2023-01-20"),
    ("le 29 février", "2024-01-15", "2024-02-29"),
    ("le 9 février 2024", "2023-02-07", "2024-02-09"),
    ("09/02/2023", "2023-02-07", "2023-02-09"),
    ("09.02.2023", "2023-02-07", "2023-02-09"),
    ("2023-02-09", "2023-02-07", "2023-02-09"),
]

NO_TIME = [
    ("fr", "Une délégation de 12 personnes accompagne le ministre."),
    ("fr", "Les 27 États membres se félicitent de cet accord."),
    ("fr", "La résolution 2085 du Conseil de sécurité a été rappelée."),
    ("fr", "Le montant s'élève à 10 millions d'euros, soit 15 % du total."),
    ("fr", "Sept ministres ont signé la déclaration."),
    ("fr", "Le chef du gouvernement loge au 10 Downing Street."),
    ("fr", "Le cortège empruntera l'avenue du 5 Juillet."),
    ("fr", "Contact : +223 20 22 56 03, bureau 12."),
    ("fr", "Décret n° 12/2023 portant nomination."),
    ("fr", "Le G7 et la COP27 ont été évoqués."),
    ("fr", "L'article 5 du traité prévoit une assistance mutuelle."),
    ("fr", "Mon cher ami, je vous remercie."),
    ("fr", "Mme Avril Haines dirige la délégation."),
    ("fr", "Les relations entre les deux pays datent de 1960."),
    ("fr", "Les deux parties ont franchi une seconde étape."),
    ("en", "The President may visit the region."),
    ("en", "Soldiers march to the sound of drums."),
    ("en", "Sun Weidong heads the delegation."),
    ("en", "The two-state solution was discussed."),
    ("en", "A 10-member delegation arrived."),
    ("en", "The two sides signed 12 agreements worth 3 billion dollars."),
    ("en", "Article 5 and Chapter 7 were recalled."),
    ("en", "The First Lady accompanied the second delegation."),
    ("en", "Mr August Keller leads the mission."),
    ("en", "Boeing 737 and Airbus 320 aircraft were ordered."),
    wrong("es", "La cumbre tendrá lugar en Mar del Plata.", reason="“en Mar” is taken for March"),
    ("es", "La delegación cuenta con 12 miembros."),
    ("es", "El Ministro agradeció las 3 iniciativas."),
    ("pt", "A segunda visita foi um êxito."),
    ("pt", "Os 27 Estados-membros saudaram o acordo."),
    ("de", "Mo Ibrahim leitet die Stiftung."),
    ("de", "So wird der Minister empfangen."),
    ("de", "Luigi Di Maio leitet die Delegation."),
    ("it", "I 27 Stati membri hanno approvato il testo."),
    ("it", "Luigi Di Maio guida la delegazione."),
    ("ru", "В делегацию входят 12 человек."),
    ("ar", "يضم الوفد 12 عضوا."),
]


def read(text: str, language: str = "fr", published: str = "2023-02-07") -> tuple[dt.date | None, dt.date | None, str]:
    return read_expression(text, dt.date.fromisoformat(published), language)


def test_the_table_of_expressions_is_read_whole() -> None:
    if not TABLE.exists():
        pytest.skip(f"{TABLE.name} is not here")
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    differing = [
        f"{row['expression']}: {got['start']} {got['end']} {got['time']}"
        for row, got in zip(csv.DictReader(lines), read_csv(lines), strict=True)
        if (row["expected start"], row["expected end"], row["expected time"]) != (got["start"], got["end"], got["time"])
    ]
    assert differing == []


@pytest.mark.parametrize(("language", "text", "first", "last"), RANGES + COUNTS + OPEN_ENDS)
def test_spans_of_days(language: str, text: str, first: str, last: str) -> None:
    assert read(text, language) == (day(first), day(last), "")


@pytest.mark.parametrize(("language", "text", "expected"), COUNTED_DAYS)
def test_days_counted_from_the_publication(language: str, text: str, expected: str) -> None:
    assert read(text, language)[:2] == (day(expected), day(expected))


@pytest.mark.parametrize(("language", "text", "expected"), TENSES)
def test_a_weekday_lies_where_the_verb_says(language: str, text: str, expected: str) -> None:
    assert [one.first for one in with_day(text, language)] == [day(expected)]


@pytest.mark.parametrize(("language", "text", "first", "last", "part"), PARTS_OF_DAY)
def test_a_part_of_the_day_never_becomes_an_hour(language: str, text: str, first: str, last: str, part: str) -> None:
    assert read(text, language) == (day(first), day(last), part)
    assert all(one.time is None for one in find_dates(text, published_on=TODAY, language=language))


@pytest.mark.parametrize(("language", "text", "on", "time"), CLOCKS)
def test_hours(language: str, text: str, on: str, time: str) -> None:
    assert read(text, language) == (day(on), day(on), time)


@pytest.mark.parametrize(("text", "published", "expected"), YEARS)
def test_the_year_is_the_nearest_and_leans_forward(text: str, published: str, expected: str) -> None:
    assert read(text, published=published)[0] == day(expected)


@pytest.mark.parametrize(("language", "text"), NO_TIME)
def test_numbers_and_names_that_are_no_dates(language: str, text: str) -> None:
    found = find_dates(text, published_on=TODAY, language=language)
    assert [one.quote(text) for one in found if one.has_day or one.time is not None] == []


@pytest.mark.parametrize("place", ["palais", "siège", "stade", "université"])
def test_a_day_below_a_line_that_ends_with_a_place_is_no_name(place: str) -> None:
    (mention,) = with_day(f"Audience au {place}\nJeudi 9 février | 11h00")
    assert (mention.first, str(mention.time)) == (dt.date(2023, 2, 9), "11:00")


def test_no_bare_number_is_a_day_without_its_words() -> None:
    assert read("9 et 10 participants") == (None, None, "")


def test_eight_languages_have_a_calendar() -> None:
    assert set(languages()) >= {"fr", "en", "es", "pt", "de", "it", "ru", "ar"}


def test_of_an_unknown_language_only_figures_are_read() -> None:
    assert read("9.2.2023 klo 10", "fi")[0] == dt.date(2023, 2, 9)
    assert read("helmikuun yhdeksäs", "fi") == (None, None, "")


def test_the_table_needs_its_columns() -> None:
    with pytest.raises(ValueError, match="no anchor date"):
        read_csv(["expression,language", "demain,fr"])
    with pytest.raises(ValueError, match="isoformat"):
        read_csv(["expression,language,anchor date", "demain,fr,7 février"])
