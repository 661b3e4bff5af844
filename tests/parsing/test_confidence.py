"""Every value given has a confidence, and what the rules know moves it the right way."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from diplomacy.parsing import confidence as confidence_module
from diplomacy.parsing import read
from diplomacy.parsing.confidence import BY_HAND, FIELDS, Tree, Trees, trees
from diplomacy.parsing.output import as_json
from tests.corpus import documents, judged, reliability
from tests.corpus.growing import Case, Signs, grow

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
    found = trees()("visit", (), [("stated", field, (surer,)), ("inferred", field, (less_sure,))])
    assert found["stated"] > found["inferred"]


def test_what_speaks_against_a_visit_lowers_all_its_values() -> None:
    values = [(field, field, ()) for field in FIELDS]
    plain, doubtful = (trees()("visit", whole, values) for whole in ((), ("host_by_city_of_programme",)))
    assert all(doubtful[field] < plain[field] for field in FIELDS)


def test_a_field_that_is_not_weighed_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_field"):
        trees()("visit", (), [("x", "visit.no_such_field", ())])


def test_being_strict_lowers_everything() -> None:
    values = [("x", "item.kind", ())]
    told = [Trees([880], [900, 860], {}, strict)("item", (), values)["x"] for strict in (0, 1)]
    assert told[0] == pytest.approx(0.880 * 0.880, abs=0.001)
    assert told[1] == pytest.approx(0.730 * 0.730, abs=0.001)


def test_a_tree_is_asked_down_to_what_was_seen_and_the_trees_say_their_mean() -> None:
    tree: Tree = ("item.kind", ("sure", 980, ("unsure", 300, 900)), 500)
    said = Trees([1000], [tree, 900], {"doubted": -2.0}, 0)
    values = [(facts[0], "item.kind", facts) for facts in (("sure",), ("unsure",), ("other",), ("other", "doubted"))]
    found = said("item", (), [*values[:3], ("doubted", *values[3][1:])])
    assert found == {"sure": 0.931, "unsure": 0.594, "other": 0.891, "doubted": 0.544}


def judged_cases(*told: tuple[str, bool]) -> list[Case]:
    """Sixty of each fact, in as many documents."""
    return [Case(f"{fact}{number}", "item.kind", (fact,), right) for fact, right in told for number in range(60)]


def test_trees_come_from_what_was_right() -> None:
    cases = judged_cases(("helps", True), ("harms", False))
    grown = grow(cases, Signs(), trees=8)
    assert grown == grow(cases, Signs(), trees=8)
    said = Trees([1000], grown, {}, 0)
    found = said("item", (), [(fact, "item.kind", (fact,)) for fact in ("helps", "harms")])
    assert found["helps"] > 0.8 > 0.3 > found["harms"]
    with pytest.raises(ValueError, match="nothing was judged"):
        grow([], Signs())


def test_no_tree_asks_against_what_is_said_by_hand() -> None:
    cases = judged_cases(("helps", True), ("harms", False))
    assert all(isinstance(tree, int) for tree in grow(cases, Signs({"harms"}, {"helps"}), trees=8))
    assert all(isinstance(tree, int) for tree in grow(cases, Signs(unasked={"helps", "harms"}), trees=8))


@pytest.fixture
def estimating(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that grows the trees."""
    spec = importlib.util.spec_from_file_location("estimate", ROOT / "scripts" / "estimate_confidence.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setitem(sys.modules, "estimate", script)
    spec.loader.exec_module(script)
    return script


def test_what_was_known_at_first_sight_is_kept_once(
    estimating: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample,) = sorted(documents.FOLDER.glob("b9-01.json"))
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / sample.name).write_bytes(sample.read_bytes())
    monkeypatch.setattr(estimating.judged.save, "__defaults__", (tmp_path / "kept",))
    assert estimating.main(["--keep", "12", str(tmp_path / "texts")]) == 0
    drafts = judged.load(tmp_path / "kept")["12"]
    assert drafts == judged.drafts_of(documents.load(tmp_path / "texts")[0])
    assert sum(len(one.values) for one in drafts) > 10
    assert estimating.main(["--keep", "12", str(tmp_path / "texts")]) == 1
    assert "kept already" in capsys.readouterr().err
    assert estimating.main(["--keep", "13", str(tmp_path)]) == 1
    assert "no value was read" in capsys.readouterr().err


def few(estimating: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rounds of a few documents instead of all: what is tested is what is made of them."""
    rounds = {name: judged.load()[name] for name in ("8", "9")}
    monkeypatch.setattr(estimating, "as_read_now", lambda: rounds)
    monkeypatch.setattr(estimating.judged, "load", lambda: rounds)


def test_the_trees_are_written_and_read_back(
    estimating: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(estimating, monkeypatch)
    file = tmp_path / "trees.json"
    monkeypatch.setattr(estimating, "TREES", file)
    assert estimating.main([]) == 0
    once = file.read_text(encoding="utf-8")
    monkeypatch.setattr(confidence_module, "TREES", file)
    read_back = confidence_module.trees.__wrapped__()
    drafts = [draft for several in judged.load().values() for draft in several] * 2
    grown = estimating.estimate(drafts, estimating.tomllib.loads(BY_HAND.read_text(encoding="utf-8")))
    assert (list(read_back.whole), list(read_back.values)) == (list(grown.whole), list(grown.values))
    assert once == estimating.as_json(read_back)


def test_each_round_is_judged_by_trees_that_do_not_know_it(
    estimating: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few(estimating, monkeypatch)
    page = tmp_path / "page.md"
    page.write_text(f"before\n{reliability.BEGIN}\nold\n{reliability.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(estimating, "PAGE", page)
    known: list[set[str]] = []
    estimate = estimating.estimate

    def estimated(drafts: Sequence[judged.Draft], said: Mapping[str, Any]) -> Trees:
        known.append({one.document.partition("-")[0] for one in drafts})
        found: Trees = estimate(drafts, said)
        return found

    monkeypatch.setattr(estimating, "estimate", estimated)
    assert estimating.main(["--left-out", "--write"]) == 0
    assert known == [{"b9"}, {"b8"}]
    printed = capsys.readouterr().out
    assert values(printed) == 914 + 1081
    assert "| visit.start |" in printed
    assert [line.split(" |")[0] for line in printed.splitlines()[2:6]] == ["| 8", "| 9", "| the last three", "| all"]
    written = page.read_text(encoding="utf-8")
    assert printed.strip() in written
    assert "old" not in written


def values(table: str) -> int:
    """The number of values that a reliability table counts."""
    return int(table.splitlines()[-1].split()[0])
