"""The project's own documents are sound, and the page shows the rounds as they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus import documents, guard, rounds, score

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = {path.stem: path for path in sorted(documents.FOLDER.glob("*.json"))}


@pytest.mark.parametrize("stem", OWN)
def test_each_document_keeps_the_schema(stem: str) -> None:
    (document,) = [one for one in documents.load(documents.FOLDER) if one["id"] == stem]
    assert documents.problems(document, stem) == []


def test_every_document_is_recorded() -> None:
    assert {one["id"]: documents.digest(one) for one in documents.load(documents.FOLDER)} == {
        name: one.digest for name, one in guard.load().items()
    }


def test_the_scorer_finds_its_own_annotations_perfect() -> None:
    own = documents.load(documents.FOLDER)
    assert score.evaluate(own, {one["id"]: one for one in own})["ALL"]["agenda_score"] == 1.0


def test_the_page_shows_the_rounds_as_kept() -> None:
    page = (ROOT / "docs" / "reference" / "reading-scores.md").read_text(encoding="utf-8")
    assert page == rounds.with_tables(page, rounds.load())


def test_a_broken_document_is_told_in_words() -> None:
    document = {
        "id": "one",
        "language": "fr",
        "type": "agenda",
        "published": "2023-02-31",
        "text": "10h : entretien",
        "gold": {
            "visits": [],
            "items": [{"kind": "chat", "status": "scheduled", "date": None, "evidence": "11h : entretien"}],
        },
    }
    assert documents.problems(document, "two") == [
        "is called one inside",
        "kind chat",
        "2023-02-31 is no date",
        "“11h : entretien” is not in the text",
    ]
    assert documents.problems({"id": "one"}, "one")[0] == "lacks language"
