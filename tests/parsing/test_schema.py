"""The JSON of the command is what docs/reference/reading.schema.json says, and the schema speaks our vocabulary."""

from __future__ import annotations

import copy
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from diplomacy.communiques.samples import samples
from diplomacy.parsing import read
from diplomacy.parsing.output import as_json
from diplomacy.parsing.reading import SCHEMA_VERSION
from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    VisitKind,
    VisitStatus,
)
from tests.corpus import documents

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "reading.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
TODAY = dt.date(2026, 3, 2)
OWN = documents.load(documents.FOLDER)
BAMAKO = next(one for one in OWN if one["id"] == "sample-01-bamako-fr")
BESIDE = ROOT.parent / "shared" / "corpus" / "dev"


def complaints(reading: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(reading)]


def untrue_spans(text: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "quote", "rule"} and text[value["start"] : value["end"]] != value["quote"]:
            yield str(value)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from untrue_spans(text, inner)


def values(enumeration: Iterable[StrEnum]) -> set[str]:
    return {member.value for member in enumeration}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_no_object_takes_fields_it_does_not_name() -> None:
    named = [SCHEMA, *(part for part in SCHEMA["$defs"].values() if "properties" in part)]
    assert len(named) == 6
    for part in named:
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])


def test_the_schema_speaks_the_vocabulary() -> None:
    visit, item = (SCHEMA["$defs"][name]["properties"] for name in ("visit", "item"))
    assert set(visit["visit_kind"]["enum"]) == values(VisitKind)
    # As in the corpus, a visit under way is written "confirmed".
    assert set(visit["status"]["enum"]) == values(VisitStatus) - {VisitStatus.UNDER_WAY}
    assert set(item["kind"]["enum"]) == values(ItemKind)
    assert set(item["status"]["enum"]) == values(ItemStatus)
    assert set(item["precision"]["enum"]) == values(Precision)
    assert set(item["press_access"]["enum"]) == values(PressAccess)
    assert set(item["part_of_day"]["enum"]) == values(PartOfDay) | {None}


@pytest.mark.parametrize("sample", [*samples(ROOT / "samples", TODAY)], ids=lambda sample: sample.name)
def test_samples(sample: Any) -> None:
    reading = as_json(read(sample.text, published_on=TODAY, language=sample.language))
    assert complaints(reading) == []
    assert list(untrue_spans(sample.text, reading)) == []


@pytest.mark.parametrize("document", OWN, ids=lambda document: document["id"])
def test_own_documents(document: documents.Document) -> None:
    reading = documents.reading(document)
    assert complaints(reading) == []
    assert list(untrue_spans(document["text"], reading)) == []


def test_the_corpus_beside_the_checkout() -> None:
    if not BESIDE.is_dir():
        pytest.skip(f"{BESIDE} is not here")
    for document in documents.load(BESIDE):
        reading = documents.reading(document)
        assert complaints(reading) == [], document["id"]
        assert list(untrue_spans(document["text"], reading)) == [], document["id"]


def test_the_command_prints_it() -> None:
    command = [sys.executable, "-m", "diplomacy.parsing", "--published", "2026-03-02", "-"]
    text = BAMAKO["text"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT)
    printed = json.loads(done.stdout)
    assert complaints(printed) == []
    assert printed["visits"]


def spoiled(change: Any) -> dict[str, Any]:
    reading = copy.deepcopy(documents.reading(BAMAKO))
    change(reading)
    return reading


@pytest.mark.parametrize(
    "change",
    [
        lambda reading: reading.update(mood="good"),
        lambda reading: reading.pop("language"),
        lambda reading: reading["visits"][0].update(start="7 février"),
        lambda reading: reading["visits"][0].update(start="2023-02-31"),
        lambda reading: reading["visits"][0].update(status="under_way"),
        lambda reading: reading["visits"][0]["visitors"][0].update(rank="minister"),
        lambda reading: reading["visits"][0]["items"][0].update(kind="chat"),
        lambda reading: reading["visits"][0]["items"][0].update(start_time="25:00"),
        lambda reading: reading["visits"][0]["items"][0].update(confidence={"kind": 1.2}),
        lambda reading: reading["visits"][0].update(evidence_spans={"start": []}),
        lambda reading: reading["visits"][0].update(evidence_spans={"a field": []}),
    ],
)
def test_what_does_not_keep_the_schema_is_refused(change: Any) -> None:
    assert complaints(spoiled(change)) != []


def test_what_is_tested_on_keeps_it() -> None:
    assert complaints(spoiled(lambda _reading: None)) == []
