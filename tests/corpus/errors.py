"""Why visits and items do not count as right: classes of error with their numbers.

Everything the scorer does not pair falls into one class by what is wrong in it ("item: date", "visit: host_country,
start"), "not found" where nothing stands for it, or "invented" where it stands for nothing. In brackets the kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.corpus import score
from tests.corpus.documents import Document
from tests.corpus.pairing import Draft, Names, paired_items, paired_visits, people_f1

Classes = Counter[str]


def classes(document: Document, found: Draft) -> Classes:
    """The classes of error in the reading of a document; empty where every visit and item is right."""
    gold_visits, gold_items, gold_aliases = score.load_part(document)
    visits, items, aliases = score.load_part(found)
    names = Names(gold_aliases, aliases)
    told: Classes = Counter()
    told.update(_of(gold_visits, visits, paired_visits(gold_visits, visits, names), _wrong_in_visit, "visit", names))
    ours, theirs = [item for _, item in items], [item for _, item in gold_items]
    told.update(_of(theirs, ours, paired_items(theirs, ours, names), _wrong_in_item, "item", names))
    return told


def markdown(told: Classes) -> str:
    """The classes, the most frequent first."""
    rows = [f"| {name} | {number} |" for name, number in sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))]
    return "\n".join(["| what is wrong | times |", "| --- | ---: |", *rows])


def _of(
    gold: Iterable[Draft], found: list[Draft], partners: dict[int, Draft], wrong_in: Any, what: str, names: Names
) -> Iterator[str]:
    taken = {id(one) for one in partners.values()}
    yield from (f"{what} not found{_kind(one)}" for one in gold if id(one) not in taken)
    for number, one in enumerate(found):
        partner = partners.get(number)
        if partner is None:
            yield f"{what} invented{_kind(one)}"
            continue
        wrong = ", ".join(wrong_in(partner, one, names))
        if wrong:
            yield f"{what}: {wrong}"


def _kind(one: Draft) -> str:
    return f" ({one['kind']})" if "kind" in one else ""


def _wrong_in_visit(gold: Draft, found: Draft, names: Names) -> Iterator[str]:
    if not score.shared_visitor(gold, found, names.gold, names.found):
        yield "visitors"
    if gold.get("host_country") != found.get("host_country"):
        yield "host_country"
    if not score.dates_ok(gold, found):
        yield "dates"


def _wrong_in_item(gold: Draft, found: Draft, names: Names) -> Iterator[str]:
    if gold.get("kind") != found.get("kind"):
        yield f"kind ({gold.get('kind')} read as {found.get('kind')})"
    yield from (field for field in ("date", "start_time") if gold.get(field) != found.get(field))
    if gold.get("participants") and people_f1(gold, found, names) < 0.5:
        yield "participants"
