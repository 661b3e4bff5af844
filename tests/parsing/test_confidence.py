"""Every value given has a confidence, and what the rules know moves it the right way."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from diplomacy.parsing import read
from diplomacy.parsing.confidence import FIELDS, WEIGHTS, Weights, weights
from diplomacy.parsing.output import as_json
from tests.corpus import documents, reliability

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = dt.date(2023, 2, 1)
# Not read but counted or copied: the words themselves, and what only marks another value.
UNSAID = {"evidence", "evidence_spans", "confidence", "items", "offices", "aliases"}
NOTHING: tuple[object, ...] = (None, "", [], "unspecified")


def given(draft: Mapping[str, Any]) -> Iterator[str]:
    """The path of every value that a draft gives."""
    for name, value in draft.items():
        if name in UNSAID or value in NOTHING:
            continue
        if name in ("visitors", "delegation", "host"):
            people = {name: value} if name == "host" else {f"{name}.{at}": one for at, one in enumerate(value)}
            for path, person in people.items():
                yield from (f"{path}.{key}" for key, said in person.items() if key != "aliases" and said)
        elif isinstance(value, list):
            yield from (f"{name}.{number}" for number in range(len(value)))
        else:
            yield name


def drafts(reading: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for visit in reading["visits"]:
        yield visit
        yield from visit["items"]
    yield from reading["items"]


def test_every_value_has_a_confidence_and_nothing_else_has() -> None:
    seen = 0
    for document in documents.load(documents.FOLDER):
        for draft in drafts(documents.reading(document)):
            assert set(draft["confidence"]) == set(given(draft)), document["id"]
            assert all(0 < sure < 1 for sure in draft["confidence"].values())
            seen += len(draft["confidence"])
    assert seen > 3000


def confidence(text: str, *, item: bool = False) -> Mapping[str, float]:
    """That of the one visit of a text, or of its first item."""
    (visit,) = as_json(read(text, published_on=TODAY, language="fr"))["visits"]
    found: Mapping[str, float] = visit["items"][0]["confidence"] if item else visit["confidence"]
    return found


VISIT = (
    "Le ministre des Affaires étrangères du Sénégal, M. Amadou BA, effectuera une visite officielle à {place} {when}."
)


def visit(when: str = "le mardi 7 février 2023", place: str = "Bamako") -> str:
    return VISIT.format(place=place, when=when)


def test_a_weekday_that_disagrees_lowers_the_day_alone() -> None:
    right, wrong = confidence(visit()), confidence(visit("le lundi 7 février 2023"))
    assert wrong["start"] < right["start"] - 0.2
    assert wrong["start"] < 0.5
    assert wrong["visitors.0.name"] == right["visitors.0.name"]


def test_a_weekday_that_disagrees_lowers_the_day_of_an_item() -> None:
    programme = visit() + "\n\n{day}\n10h00 : Entretien avec M. Abdoulaye DIOP\n15h00 : Conférence de presse\n"
    right = confidence(programme.format(day="Mardi 7 février 2023"), item=True)
    wrong = confidence(programme.format(day="Lundi 7 février 2023"), item=True)
    assert wrong["date"] < right["date"]
    assert wrong["start_time"] == right["start_time"]


def test_a_guessed_kind_is_less_sure_than_a_named_one() -> None:
    programme = visit() + "\n\nMardi 7 février 2023\n10h00 : {event}\n15h00 : Conférence de presse\n"
    named = confidence(programme.format(event="Entretien avec M. Abdoulaye DIOP"), item=True)
    guessed = confidence(programme.format(event="M. Abdoulaye DIOP"), item=True)
    assert guessed["kind"] < named["kind"]


def test_an_hour_at_the_head_of_its_line_is_surer_than_one_in_running_text() -> None:
    line = (
        visit() + "\n\nMardi 7 février 2023\n10h00 : Entretien avec M. Abdoulaye DIOP\n15h00 : Conférence de presse\n"
    )
    prose = visit() + "\n\nMardi 7 février, M. BA s'entretiendra à 10h00 avec M. Abdoulaye DIOP."
    assert confidence(line, item=True)["start_time"] > confidence(prose, item=True)["start_time"]


@pytest.mark.parametrize(
    ("field", "surer", "less_sure"),
    [
        ("visit.status", "status_stated", "status_by_default"),
        ("visit.host_country", "host_by_visit_to", "host_by_city_of_programme"),
        ("visit.host.name", "host_invites", "host_by_rank"),
        ("visit.start", "days_spanned", "days_shared_by_tour"),
        ("visit.visitors.country", "country_stated", "country_of_text"),
        ("visit.visitors.name", "person_with_office", "person_by_bare_name"),
        ("visit.visitors.title", "title_beside_name", "title_apart"),
        ("item.participants", "participant_in_line", "participant_inferred"),
        ("item.date", "date_told_with_item", "day_by_relative"),
    ],
)
def test_what_is_stated_beats_what_is_inferred(field: str, surer: str, less_sure: str) -> None:
    found = weights()("visit", (), [("stated", field, (surer,)), ("inferred", field, (less_sure,))])
    assert found["stated"] > found["inferred"]


def test_what_speaks_against_a_visit_lowers_all_its_values() -> None:
    values = [(field, field, ()) for field in FIELDS]
    plain, doubtful = (weights()("visit", whole, values) for whole in ((), ("host_by_city_of_programme",)))
    assert all(doubtful[field] < plain[field] for field in FIELDS)


def test_a_field_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_field"):
        weights()("visit", (), [("x", "visit.no_such_field", ())])


def test_being_strict_lowers_everything() -> None:
    values = [("x", "item.kind", ())]
    told = [Weights({"item": 2.0}, {"item.kind": 2.0}, {}, strict)("item", (), values)["x"] for strict in (0, 1)]
    assert told[0] == pytest.approx(0.776, abs=0.001)
    assert told[1] == pytest.approx(0.534, abs=0.001)


@pytest.fixture
def estimating(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that estimates the weights."""
    spec = importlib.util.spec_from_file_location("estimate", ROOT / "scripts" / "estimate_confidence.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "estimate", script)
    spec.loader.exec_module(script)
    return script


def test_weights_come_from_what_was_right_within_the_signs_given(estimating: ModuleType) -> None:
    cases = [
        estimating.Case(str(number), "item.kind", ("helps",) if number % 2 else ("harms",), number % 2 == 1)
        for number in range(60)
    ]
    free = estimating.Rules(0.0, {}, frozenset(), frozenset())
    found = estimating.likeliest(cases, free)
    assert found["helps"] > 1
    assert found["harms"] < -1
    bound = estimating.Rules(0.0, {"harms": -0.5}, frozenset(), frozenset({"helps"}))
    found = estimating.likeliest(cases, bound)
    assert (found["helps"], found["harms"]) == (0.0, -0.5)


def test_the_weights_are_written_and_read_back(
    estimating: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "confidence.toml"
    file.write_text(WEIGHTS.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(estimating, "WEIGHTS", file)
    assert estimating.main([str(documents.FOLDER)]) == 0
    once = file.read_text(encoding="utf-8")
    assert estimating.main([str(documents.FOLDER)]) == 0
    assert file.read_text(encoding="utf-8") == once
    data = estimating.tomllib.loads(once)
    assert set(data["fields"]) == set(FIELDS)
    assert data["facts"]["participant_inferred"] < 0
    assert estimating.main([str(tmp_path)]) == 1
    assert "no value was read" in capsys.readouterr().err


def values(table: str) -> int:
    """The number of values that a reliability table counts."""
    return int(table.splitlines()[-1].split()[0])


def test_blind_documents_are_judged_by_weights_that_do_not_know_them(
    estimating: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{reliability.BEGIN}\nold\n{reliability.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(estimating, "PAGE", page)
    weighed = WEIGHTS.read_text(encoding="utf-8")
    assert estimating.main(["--blind", "sample", str(documents.FOLDER)]) == 0
    alone = capsys.readouterr().out
    assert estimating.main(["--blind", "sample", "--blind", "b1-", "--write", str(documents.FOLDER)]) == 0
    printed = capsys.readouterr().out
    assert values(alone) < values(printed) < 3000
    assert "| visit.start |" in printed
    written = page.read_text(encoding="utf-8")
    assert printed.strip() in written
    assert "old" not in written
    assert estimating.main(["--blind", "nothing", str(documents.FOLDER)]) == 1
    assert WEIGHTS.read_text(encoding="utf-8") == weighed
