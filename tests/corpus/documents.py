"""Annotated documents: loaded, checked, read, and counted by the scorer.

The schema of a document is that of README.md beside this file; `score.py` is the scorer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from diplomacy.parsing import read
from diplomacy.parsing.output import as_json
from diplomacy.vocabulary import ItemKind, ItemStatus, VisitStatus
from tests.corpus import score

Document = dict[str, Any]
Counts = Counter[str]

FOLDER = Path(__file__).resolve().parent / "documents"
# What the agenda_score and the tables are made of; the other counters of the scorer are printed, not kept.
KEPT = ("docs", "v_tp", "v_gold", "v_pred", "s_tp", "i_tp", "i_gold", "i_pred", "d_ok", "d_all", "neg", "neg_fp")


def load(folder: Path) -> list[Document]:
    """The documents of a folder, in the order of their file names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def reading(document: Document) -> dict[str, Any]:
    """What is read in a document; only its text, publication date and language are looked at."""
    published = dt.date.fromisoformat(document["published"])
    return as_json(read(document["text"], published_on=published, language=document.get("language")))


def readings(documents: Iterable[Document]) -> dict[str, dict[str, Any]]:
    """The reading of each document by its id."""
    return {document["id"]: reading(document) for document in documents}


def counts(document: Document, found: dict[str, Any], errors: list[str] | None = None) -> Counts:
    """The scorer's counters for one document; `errors` gathers its missed and extra visits and items."""
    counted = score.score_doc(document, found, errors)
    return Counter({name: int(counted[name]) for name in KEPT if counted[name]})


def agenda_score(counted: Iterable[Counts]) -> float:
    """The headline figure over several documents; 1 where there was nothing to find and nothing was found."""
    total: Counts = Counter()
    for one in counted:
        total.update(one)
    value = score.summary(total)["agenda_score"]
    return 1.0 if value is None else float(value)


def digest(document: Document) -> str:
    """What changes whenever the text or the annotation does."""
    judged = json.dumps([document["text"], document["published"], document["gold"]], sort_keys=True)
    return hashlib.sha256(judged.encode()).hexdigest()[:16]


def problems(document: Document, stem: str) -> list[str]:
    """Everything a document does not keep of the schema; empty for a sound one. `stem` is its file's name."""
    found = [f"lacks {key}" for key in ("id", "language", "type", "published", "text", "gold") if key not in document]
    if found:
        return found
    if document["id"] != stem:
        found.append(f"is called {document['id']} inside")
    visits, items = document["gold"]["visits"], list(_items(document["gold"]))
    found += [f"status {visit['status']}" for visit in visits if visit["status"] not in set(VisitStatus)]
    found += [f"kind {item['kind']}" for item in items if item["kind"] not in set(ItemKind)]
    found += [f"status {item['status']}" for item in items if item["status"] not in set(ItemStatus)]
    found += [f"{day} is no date" for day in _days(document, visits, items) if not _is_date(day)]
    quotes = [one.get("evidence") or "" for one in (*visits, *items)]
    found += [f"“{quote[:60]}” is not in the text" for quote in quotes if quote not in document["text"]]
    return found


def _items(gold: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for visit in gold["visits"]:
        yield from visit.get("items") or ()
    yield from gold.get("items") or ()


def _days(document: Document, visits: Sequence[Any], items: Sequence[Any]) -> Iterator[str]:
    yield document["published"]
    for one in (*visits, *items):
        yield from (str(one[key]) for key in ("start", "end", "date") if one.get(key) is not None)


def _is_date(value: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(value))
    except ValueError:
        return False
