"""What the reading finds, what it leaves alone, and that it never breaks."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplomacy.parsing import read
from diplomacy.parsing.document import MAX_CHARACTERS
from diplomacy.parsing.errors import EmptyTextError, NoPublicationDateError, NotTextError, TextTooLongError
from diplomacy.parsing.output import as_json
from diplomacy.vocabulary import ItemKind

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
TODAY = dt.date(2023, 2, 7)


def spans_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "evidence_spans":
                for spans in inner.values():
                    yield from spans
            else:
                yield from spans_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_of(inner)


def test_the_seed_is_complete(tmp_path: Path) -> None:
    gold = SHARED / "corpus" / "dev" / "000-lavrov-bamako.json"
    if not gold.exists():
        pytest.skip(f"{gold.name} is not here")
    corpus = tmp_path / "gold"
    corpus.mkdir()
    (corpus / gold.name).write_bytes(gold.read_bytes())
    out = tmp_path / "out"
    command = [sys.executable, "-m", "diplomacy.parsing", "--corpus", str(corpus), "--out", str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    scorer = [sys.executable, str(ROOT / "tests" / "corpus" / "score.py"), str(corpus), str(out), "--json"]
    scores = json.loads(subprocess.run(scorer, check=True, capture_output=True).stdout)
    assert scores["ALL"]["agenda_score"] == 1.0
    reading = json.loads((out / gold.name).read_text(encoding="utf-8"))
    (visit,) = reading["visits"]
    assert visit["host"] == {"name": "Abdoulaye DIOP", "aliases": [], "title": "ministre des Affaires étrangères"}
    assert [item["start_time"] for item in visit["items"]] == [None] * 5


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("une réunion bilatérale, suivie d'une conférence de presse", ["bilateral_meeting", "press_conference"]),
        ("un tête-à-tête puis un déjeuner de travail", ["bilateral_meeting", "working_meal"]),
        ("une séance de travail élargie et une audience", ["enlarged_session", "audience"]),
    ],
)
def test_items_stand_in_the_order_of_the_text(text: str, kinds: list[str]) -> None:
    whole = (
        "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite au Sénégal du 9 au 10 février. "
        f"Le programme prévoit {text}."
    )
    (visit,) = read(whole, published_on=TODAY).visits
    assert [item.kind for item in visit.items] == [ItemKind(kind) for kind in kinds]
    assert [item.order for item in visit.items] == list(range(1, len(kinds) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "Le Président a adressé ses condoléances au peuple kényan après le décès de l'ancien ministre.",
        "La situation au Mali reste préoccupante, selon les observateurs.",
        "The treaty entered into force in 1998 and has been amended twice.",
        "Le ministre des Affaires étrangères, Abdou Keïta, s'est rendu au Sénégal en 2010.",
    ],
)
def test_what_is_no_visit_gives_nothing(text: str) -> None:
    reading = read(text, published_on=TODAY)
    assert (reading.visits, reading.items) == ((), ())


def test_agenda_lines_take_the_day_of_their_heading_and_their_owner() -> None:
    text = (
        "Agenda de M. Paul Ortega, Premier ministre\n\nJeudi 9 février\n"
        "09h00 - Conseil des ministres\n11h30 - Entretien avec M. Luc Ferrand, maire de Lyon\n"
    )
    first, second = read(text, published_on=TODAY).items
    assert (first.kind, first.date, first.start_time) == (ItemKind.CABINET_MEETING, dt.date(2023, 2, 9), "09:00")
    assert second.participants == ("Paul Ortega", "Luc Ferrand")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyTextError),
        (" \n", EmptyTextError),
        ("a\x00b", NotTextError),
        ("x" * (MAX_CHARACTERS + 1), TextTooLongError),
    ],
)
def test_what_is_no_text_is_named(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text, published_on=TODAY)


def test_today_is_never_guessed() -> None:
    with pytest.raises(NoPublicationDateError):
        read("Une visite aujourd'hui.", published_on=None)


def test_an_unknown_language_is_said() -> None:
    reading = read("Tämä on lyhyt tiedote.", published_on=TODAY)
    assert (reading.language, reading.visits) == (None, ())
    assert reading.warnings


@settings(max_examples=150)
@given(st.text(max_size=400).filter(lambda text: text.strip() and "\x00" not in text))
def test_no_text_breaks_it_and_every_span_is_true(text: str) -> None:
    for language in ("fr", "en"):
        reading = as_json(read(text, published_on=TODAY, language=language))
        assert all(text[span["start"] : span["end"]] == span["quote"] for span in spans_of(reading))


def test_spans_are_true_in_decomposed_text() -> None:
    text = (
        "Le ministre russe des Affaires e\u0301trange\u0300res, Sergei Lavrov, effectue une visite au Mali "
        "le 9 fe\u0301vrier."
    )
    reading = as_json(read(text, published_on=TODAY, language="fr"))
    found = list(spans_of(reading))
    assert found
    assert all(text[span["start"] : span["end"]] == span["quote"] for span in found)


def test_the_language_is_told_by_its_words() -> None:
    text = "El presidente de la República viajará el lunes a Lima para una visita oficial con el canciller."
    reading = read(text, published_on=TODAY)
    assert (reading.language, reading.visits[0].host_country) == ("es", "PE")


def test_a_language_that_is_not_read_is_said() -> None:
    reading = read("Ulkoministeri matkustaa Tallinnaan.", published_on=TODAY, language="fi")
    assert (reading.language, reading.visits) == ("fi", ())
    assert "not read yet" in reading.warnings[0]


def test_the_owner_of_an_agenda_is_not_whoever_was_named_last() -> None:
    text = (
        "Programme of President Carla Mendes in India\n\n9 February\n9:00 a.m. Arrival at the airport, greeted by\n"
        "Prime Minister Arun Patel\n11:00 a.m. Wreath-laying\n"
    )
    items = read(text, published_on=TODAY).items or read(text, published_on=TODAY).visits[0].items
    assert [item.participants[0] for item in items] == ["Carla Mendes", "Carla Mendes"]


def test_excellency_is_no_initial() -> None:
    text = "Agenda\nS.E.M. Paul ANDONG, Président de la République\n\n9 février\n10h00 - Audience\n11h00 - Discours\n"
    assert {item.participants for item in read(text, published_on=TODAY).items} == {("Paul ANDONG",)}


def test_a_postponed_visit_has_its_new_days_and_keeps_the_old() -> None:
    text = (
        "La visite officielle à Cotonou, au Bénin, de la ministre sénégalaise des Affaires étrangères, Mme Awa FALL, "
        "initialement prévue du 9 au 11 février, a été reportée. Elle se déroulera du 20 au 22 février."
    )
    (visit,) = read(text, published_on=TODAY).visits
    assert visit.status == "postponed"
    assert (visit.start, visit.end) == (dt.date(2023, 2, 20), dt.date(2023, 2, 22))
    assert (visit.original_start, visit.original_end) == (dt.date(2023, 2, 9), dt.date(2023, 2, 11))


def test_a_postponed_visit_without_new_days_keeps_those_it_had() -> None:
    text = (
        "La visite à Dakar, au Sénégal, du Premier ministre portugais, António Ribeira, prévue du 9 au 11 février, "
        "est reportée sine die."
    )
    (visit,) = read(text, published_on=TODAY).visits
    assert (visit.start, visit.end, visit.original_start) == (dt.date(2023, 2, 9), dt.date(2023, 2, 11), None)
