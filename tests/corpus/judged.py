"""Visits and items as they were read, with what was known of each value and whether it was right.

`first_sight/NAME.json` keeps those of a blind round as it was first read: later the rules have learnt from its texts,
and what is read in them says too little of what goes wrong in others.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from diplomacy.parsing import read
from diplomacy.parsing.confidence import Facts, Value
from diplomacy.parsing.output import as_json
from tests.corpus import reliability
from tests.corpus.documents import Document

FOLDER = Path(__file__).resolve().parent / "first_sight"


class Draft(NamedTuple):
    """A visit or item that was read, with those of its values that can be judged."""

    document: str
    kind: str
    whole: Facts
    values: tuple[tuple[Value, bool], ...]

    @property
    def is_there(self) -> bool:
        """Whether the annotation has it: nothing is right of one that it has not."""
        return any(right for _value, right in self.values)


class _Recorder:
    """Keeps what is known of each value, and gives its number in place of a confidence."""

    def __init__(self) -> None:
        self.drafts: list[tuple[str, Facts]] = []
        self.known: list[tuple[int, Value]] = []

    def __call__(self, kind: str, whole: Facts, values: Sequence[Value]) -> dict[str, float]:
        numbers = range(len(self.known), len(self.known) + len(values))
        self.known += [(len(self.drafts), value) for value in values]
        self.drafts.append((kind, whole))
        return {path: float(number) for (path, _field, _facts), number in zip(values, numbers, strict=True)}


def drafts_of(document: Document) -> list[Draft]:
    """Everything that is read in a document, judged."""
    recorder = _Recorder()
    published = dt.date.fromisoformat(document["published"])
    reading = read(document["text"], published_on=published, language=document.get("language"), weigh=recorder)
    values: list[list[tuple[Value, bool]]] = [[] for _ in recorder.drafts]
    for one in reliability.judge(document, as_json(reading)):
        if one.confidence is not None:
            draft, value = recorder.known[int(one.confidence)]
            values[draft].append((value, one.right))
    return [
        Draft(document["id"], kind, whole, tuple(judged))
        for (kind, whole), judged in zip(recorder.drafts, values, strict=True)
    ]


def save(name: str, drafts: Iterable[Draft], folder: Path = FOLDER) -> None:
    """Keep a round as it was first read. Raises FileExistsError: first sight comes once."""
    names: dict[str, int] = {}

    def numbers(facts: Iterable[str]) -> list[int]:
        return [names.setdefault(fact, len(names)) for fact in facts]

    lines = [
        [one.document, one.kind, numbers(one.whole),
         [[path, *numbers((field, *facts)), int(right)] for (path, field, facts), right in one.values]]
        for one in drafts
    ]  # fmt: skip
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.json").open("x", encoding="utf-8") as file:
        kept = ",\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
        file.write(f'{{"names": {json.dumps(list(names))},\n"drafts": [\n{kept}\n]}}\n')


def load(folder: Path = FOLDER) -> dict[str, list[Draft]]:
    """The rounds that are kept, by name."""
    return {path.stem: _drafts(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))}


def _drafts(data: dict[str, Any]) -> list[Draft]:
    names = data["names"]
    found = []
    for document, kind, whole, values in data["drafts"]:
        judged = []
        for path, field, *facts, right in values:
            judged.append(((path, names[field], tuple(names[one] for one in facts)), bool(right)))
        found.append(Draft(document, kind, tuple(names[one] for one in whole), tuple(judged)))
    return found
