"""The guard compares the same documents, a round is scored once, and confidences are judged as the scorer judges."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import errors, guard, reliability, rounds
from tests.corpus.documents import Counts, agenda_score, counts, digest
from tests.corpus.intervals import interval


def counted(right: int, of: int) -> Counts:
    return Counter(docs=1, v_tp=right, v_gold=of, v_pred=of, s_tp=right, i_tp=right, i_gold=of, i_pred=of)


def document(name: str, text: str = "") -> dict[str, Any]:
    return {"id": name, "language": "fr", "published": "2023-02-07", "text": text, "gold": {"visits": [], "items": []}}


def test_a_fall_over_the_same_documents_fails_and_a_new_document_does_not_hide_it() -> None:
    documents = [document("old"), document("new")]
    recorded = {"old": guard.Recorded(digest(documents[0]), counted(9, 10))}
    compared = guard.compare(documents, {"old": counted(8, 10), "new": counted(10, 10)}, recorded)
    assert compared.compared == 1
    assert (round(compared.before, 6), round(compared.now, 6)) == (0.9, 0.8)
    assert compared.complaints == [
        "agenda_score fell from 0.9000 to 0.8000 over the same 1 documents",
        "not recorded (use --record): new",
    ]


def test_a_fall_within_the_margin_and_a_rise_pass() -> None:
    documents = [document("one")]
    recorded = {"one": guard.Recorded(digest(documents[0]), counted(500, 1000))}
    assert guard.compare(documents, {"one": counted(496, 1000)}, recorded).complaints == []
    assert guard.compare(documents, {"one": counted(900, 1000)}, recorded).complaints == []
    assert guard.compare(documents, {"one": counted(494, 1000)}, recorded).complaints != []


def test_a_changed_document_and_a_lost_one_are_told() -> None:
    recorded = {"one": guard.Recorded("another", counted(1, 1)), "lost": guard.Recorded("x", counted(1, 1))}
    compared = guard.compare([document("one")], {"one": counted(0, 1)}, recorded)
    assert compared.complaints == ["not recorded (use --record): one", "recorded but gone: lost"]


def test_recording_leaves_what_is_known_as_it_was_unless_told() -> None:
    documents = [document("one"), document("two")]
    now = {"one": counted(1, 2), "two": counted(2, 2)}
    known = {"one": guard.Recorded(digest(documents[0]), counted(2, 2))}
    assert guard.recorded_with(documents, now, known, anew=False)["one"].counts == counted(2, 2)
    assert guard.recorded_with(documents, now, known, anew=False)["two"].counts == counted(2, 2)
    assert guard.recorded_with(documents, now, known, anew=True)["one"].counts == counted(1, 2)


def test_what_is_recorded_is_read_back(tmp_path: Path) -> None:
    recorded = {"é": guard.Recorded("abc", counted(1, 2))}
    guard.save(recorded, tmp_path / "scores.json")
    assert guard.load(tmp_path / "scores.json") == recorded
    assert guard.load(tmp_path / "none.json") == {}


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    assert agenda_score([Counter(docs=1, neg=1)]) == 1.0
    assert agenda_score([Counter(docs=1, neg=1, neg_fp=1, v_pred=1)]) == 0.0


def test_the_interval_is_the_same_each_time_and_holds_the_score() -> None:
    sample = [counted(right, 10) for right in (2, 5, 7, 9, 10, 4)]
    low, high = interval(sample)
    assert (low, high) == interval(sample)
    assert low < agenda_score(sample) < high
    assert interval([counted(1, 2)]) == (0.5, 0.5)
    with pytest.raises(ValueError, match="no documents"):
        interval([])


def annotated() -> dict[str, Any]:
    visit = {
        "visitors": [{"name": "Sergey LAVROV", "aliases": ["Lavrov"], "title": "ministre", "country": "RU"}],
        "host_country": "ML",
        "host": None,
        "cities": ["Bamako"],
        "start": "2023-02-07",
        "end": None,
        "status": "announced",
        "at_invitation_of": None,
        "items": [
            {"kind": "audience", "title": "audience", "date": None, "start_time": None,
             "participants": ["Sergey LAVROV"], "status": "scheduled"}
        ],
    }  # fmt: skip
    return {**document("one"), "gold": {"visits": [visit], "items": [], "aliases": {}}}


def test_values_are_right_as_the_scorer_compares_them() -> None:
    visit = {
        "visitors": [{"name": "S. Lavrov", "title": "ministre des Affaires étrangères", "country": "RU"}],
        "host_country": "ML",
        "start": "2023-02-07",
        "end": "2023-02-08",
        "host": {"name": "Abdoulaye DIOP"},
        "confidence": {"visitors.0.name": 0.95, "start": 0.9, "end": 0.45, "host": 0.2},
        "items": [
            {"kind": "courtesy_call", "title": "audience", "date": None, "start_time": "10:00",
             "participants": ["Lavrov"], "confidence": {"kind": 1.0, "participants": 0.7}},
            {"kind": "signing", "title": "accord", "date": None, "participants": [], "confidence": {"kind": 0.8}},
        ],
    }  # fmt: skip
    judged = set(reliability.judge(annotated(), {"visits": [visit], "items": []}))
    assert judged == {
        ("visit.visitors.name", 0.95, True),
        ("visit.visitors.title", None, False),
        ("visit.visitors.country", None, True),
        ("visit.host_country", None, True),
        ("visit.start", 0.9, True),
        ("visit.end", 0.45, False),  # the annotation gives none
        ("visit.host.name", 0.2, False),
        ("item.kind", 1.0, False),  # paired all the same, by title and people
        ("item.start_time", None, False),
        ("item.participants", 0.7, True),
        ("item.kind", 0.8, False),  # there is no such item
    }


def test_every_value_of_an_invented_visit_is_wrong() -> None:
    visit = {"visitors": [{"name": "Nobody"}], "host_country": "FR", "start": "2023-02-07", "confidence": {}}
    judged = reliability.judge(document("none"), {"visits": [visit], "items": []})
    assert [one.right for one in judged] == [False, False, False]


def test_the_annotation_against_itself_has_no_wrong_value() -> None:
    judged = reliability.judge(annotated(), annotated())
    assert judged
    assert all(one.right for one in judged)


def test_the_reliability_table_counts_by_tenths() -> None:
    judged = [
        reliability.Judged("visit.start", confidence, right)
        for confidence, right in ((0.9, True), (1.0, False), (0.7, True), (0.29, True), (None, True))
    ]
    shown = reliability.markdown(reliability.pooled([reliability.tabulate(judged), reliability.tabulate(judged)]))
    assert "| visit.start |  |  | 2/2 |  |  |  |  | 2/2 |  | 2/4 | 2/2 |" in shown
    assert "10 values. Of those given with confidence 0.9 or more, 2 of 4 (50.0 %) are right." in shown
    assert "Of the right values, 2 of 8 (25.0 %) carry 0.9 or more." in shown


def test_a_round_is_scored_once(tmp_path: Path) -> None:
    found: dict[str, dict[str, Any]] = {"one": {"visits": [], "items": []}}
    scored = rounds.first_sight("1", "2026-11-25", "1.0", [annotated()], found, [], failed="all")
    with pytest.raises(rounds.SeenBeforeError, match="the name is taken"):
        rounds.first_sight("1", "2026-11-25", "1.0", [document("two")], {"two": {}}, [scored])
    with pytest.raises(rounds.SeenBeforeError, match="one"):
        rounds.first_sight("2", "2026-11-25", "1.0", [annotated()], found, [scored])
    rounds.save([scored], tmp_path / "rounds.json")
    assert rounds.load(tmp_path / "rounds.json") == [scored]


def test_two_rounds_are_pooled_in_the_table_and_set_into_the_page() -> None:
    perfect = annotated()
    empty: dict[str, Any] = {"visits": [], "items": []}
    other = {**annotated(), "id": "two", "language": "en"}
    first = rounds.first_sight("1", "2026-11-25", "1.0", [annotated()], {"one": empty}, [], failed="everything")
    second = rounds.first_sight("2", "2026-11-26", "1.1", [other], {"two": perfect}, [first])
    page = rounds.with_tables(f"# Title\n{rounds.BEGIN}\nold\n{rounds.END}\nafter\n", [first, second])
    assert "| 1 | 2026-11-25 | 1 | fr 1 | **0.000** (0.000 to 0.000) | 0.000 | 0.000 |" in page
    assert "| 2 | 2026-11-26 | 1 | en 1 | **1.000** (1.000 to 1.000) | 1.000 | 1.000 | 1.000 | 0 of 0 |" in page
    assert "| 1 and 2 pooled |  | 2 | fr 1, en 1 | **0.667** (0.000 to 1.000) |" in page
    assert "old" not in page
    assert page.endswith("-->\nafter\n")
    with pytest.raises(ValueError, match="no <!--"):
        rounds.with_tables("# Title", [])


def test_counts_are_the_scorers() -> None:
    assert counts(annotated(), annotated())["s_tp"] == 1
    errors: list[str] = []
    assert counts(annotated(), {}, errors)["v_gold"] == 1
    assert [error.split(":")[1].split()[0] for error in errors] == ["MISSED", "MISSED"]


def test_what_is_wrong_falls_into_classes() -> None:
    visit = {
        "visitors": [{"name": "Lavrov"}],
        "host_country": "ML",
        "start": "2023-03-07",
        "items": [
            {
                "kind": "courtesy_call",
                "title": "audience",
                "date": None,
                "participants": ["Lavrov"],
                "start_time": "10:00",
            },
            {"kind": "signing", "title": "accord", "date": None, "participants": []},
        ],
    }
    assert errors.classes(annotated(), {"visits": [visit], "items": []}) == {
        "visit: dates": 1,
        "item: kind (audience read as courtesy_call), start_time": 1,
        "item invented (signing)": 1,
    }
    assert errors.classes(annotated(), {}) == {"visit not found": 1, "item not found (audience)": 1}
    assert errors.classes(annotated(), annotated()) == {}
    assert errors.markdown(errors.classes(annotated(), {})).splitlines()[2] == "| item not found (audience) | 1 |"
