"""Does a confidence mean what it says: every value given against the annotation, by field and tenth of confidence.

A value is right when it agrees with the annotation by the scorer's own comparisons: names by tokens (F1 0.6, or one
within the other), titles and places at token F1 0.5, dates, times, countries, kinds and statuses exactly. A visit or
item is first paired as the scorer pairs it, then, if it found no partner, with the likeliest one left, so that one
wrong value does not make its neighbours wrong. Where the annotation gives nothing, a value given is wrong; so are all
values of a visit or item that is not there. Not judged: what the annotation does not hold (kind of visit, precision,
press access) and free wording (titles of items).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.corpus import score
from tests.corpus.documents import Document
from tests.corpus.pairing import Draft, Names, paired_items, paired_visits, people_f1

BINS = 10
BEGIN, END = "<!-- made by scripts/estimate_confidence.py: begin -->", "<!-- reliability: end -->"
# Field to [right, total] for each tenth of confidence, the last entry for values without a confidence.
Table = dict[str, list[list[int]]]


class Judged(NamedTuple):
    """One value given: its field ("visit.start"), its confidence (None: none stated), and whether it is right."""

    field: str
    confidence: float | None
    right: bool


def judge(document: Document, found: Draft) -> list[Judged]:
    """Every value that a reading gives for a document."""
    gold_visits, gold_items, gold_aliases = score.load_part(document)
    visits, items, aliases = score.load_part(found)
    names = Names(gold_aliases, aliases)
    judged: list[Judged] = []
    partners = paired_visits(gold_visits, visits, names)
    for number, visit in enumerate(visits):
        judged += _of_visit(partners.get(number), visit, names)
    ours, theirs = [item for _, item in items], [item for _, item in gold_items]
    partners = paired_items(theirs, ours, names)
    for number, item in enumerate(ours):
        judged += _of_item(partners.get(number), item, names)
    return judged


def tabulate(judged: Iterable[Judged]) -> Table:
    """Counted by field and tenth of confidence; 1.0 belongs to the last tenth."""
    table: Table = {}
    for field, confidence, right in judged:
        row = table.setdefault(field, [[0, 0] for _ in range(BINS + 1)])
        # The rounding keeps 0.9 from landing in the tenth below by its binary form.
        cell = row[BINS if confidence is None else min(int(round(confidence * BINS, 6)), BINS - 1)]
        cell[0] += right
        cell[1] += 1
    return table


def pooled(tables: Iterable[Table]) -> Table:
    """Several tables as one."""
    total: Table = {}
    for table in tables:
        for field, row in table.items():
            known = total.setdefault(field, [[0, 0] for _ in range(BINS + 1)])
            for cell, more in zip(known, row, strict=True):
                cell[0] += more[0]
                cell[1] += more[1]
    return total


def markdown(table: Table) -> str:
    """The table with a line for all fields, and what the two promises on confidence come to."""
    heads = [f"{bound / BINS:.1f}+" for bound in range(BINS)] + ["none"]
    lines = [f"| field | {' | '.join(heads)} |", f"| --- |{' ---: |' * (BINS + 1)}"]
    everything = _sum(table.values())
    for field, row in [*sorted(table.items()), ("all", everything)]:
        cells = [f"{right}/{total}" if total else "" for right, total in row]
        lines.append(f"| {field} | {' | '.join(cells)} |")
    right, total = (sum(cell[part] for cell in everything) for part in (0, 1))
    sure_right, sure = everything[BINS - 1]
    low = sum(cell[1] for cell in everything[: BINS // 2])
    lines += [
        "",
        f"{total} values. Of those given with confidence 0.9 or more, {_share(sure_right, sure)} are right. Of the "
        f"right values, {_share(sure_right, right)} carry 0.9 or more. Below 0.5 (a question to the editor): {low}.",
    ]
    return "\n".join(lines)


def promises(first: Mapping[str, Sequence[Judged]], now: Mapping[str, Sequence[Judged]]) -> str:
    """Round by round what the two promises come to, as the round was first read and as it is read now."""
    heads = "round | first read: right at 0.9 or more | of the right, at 0.9 or more | read now: right | of the right"
    lines = [f"| {heads} |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {name} | {_kept(first.get(name, ()))} | {_kept(now[name])} |" for name in now]
    for title, names in (("the last three", [*now][-3:]), ("all", [*now])):
        both = ([one for name in names for one in judged.get(name, ())] for judged in (first, now))
        lines.append(f"| {title} | {' | '.join(map(_kept, both))} |")
    return "\n".join(lines)


def _kept(judged: Sequence[Judged]) -> str:
    """Two cells: how many of what is given as sure is right, and how much of what is right is given as sure."""
    sure_right, sure = _sum(tabulate(judged).values())[BINS - 1]
    right = sum(one.right for one in judged)
    return f"{_share(sure_right, sure)} | {_share(sure_right, right)}" if judged else " | "


def _sum(rows: Iterable[list[list[int]]]) -> list[list[int]]:
    total = [[0, 0] for _ in range(BINS + 1)]
    for row in rows:
        for cell, more in zip(total, row, strict=True):
            cell[0] += more[0]
            cell[1] += more[1]
    return total


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0 of 0"


# Judging


def _of_visit(gold: Draft | None, visit: Draft, names: Names) -> Iterator[Judged]:
    truth: Draft = gold or {}

    def told(field: str, right: bool) -> Judged:
        return Judged(f"visit.{re.sub('[.][0-9]+', '', field)}", _confidence(visit, field), gold is not None and right)

    for field in ("host_country", "start", "end", "status", "original_start", "original_end"):
        if visit.get(field) is not None:
            yield told(field, truth.get(field) == visit[field])
    if visit.get("at_invitation_of"):
        yield told("at_invitation_of", names.same(truth.get("at_invitation_of"), visit["at_invitation_of"]))
    cities = {" ".join(score.tokens(city)) for city in truth.get("cities") or ()}
    for number, city in enumerate(visit.get("cities") or ()):
        yield told(f"cities.{number}", " ".join(score.tokens(city)) in cities)
    for kind in ("visitors", "delegation"):
        for number, person in enumerate(visit.get(kind) or ()):
            yield from _of_person(truth.get("visitors") or (), person, f"{kind}.{number}", told, names)
    if visit.get("host"):
        yield from _of_person([truth["host"]] if truth.get("host") else [], visit["host"], "host", told, names)


def _of_person(gold: Sequence[Any], person: Draft, path: str, told: Any, names: Names) -> Iterator[Judged]:
    same = next((score.person(one) for one in gold if names.same(one, person)), None)
    if person.get("name"):
        yield told(f"{path}.name", same is not None)
    if same is None and not person.get("name"):
        same = next((score.person(one) for one in gold if one.get("country") == person.get("country")), None)
    truth: Draft = same or {}
    if person.get("title"):
        yield told(f"{path}.title", score.overlap(truth.get("title"), person["title"]) >= 0.5)
    if person.get("country"):
        yield told(f"{path}.country", truth.get("country") == person["country"])


def _of_item(gold: Draft | None, item: Draft, names: Names) -> Iterator[Judged]:
    truth: Draft = gold or {}

    def told(field: str, right: bool) -> Judged:
        return Judged(f"item.{field.split('.')[0]}", _confidence(item, field), gold is not None and right)

    for field in ("kind", "date", "start_time", "end_time", "timezone", "status"):
        if item.get(field) is not None:
            yield told(field, truth.get(field) == item[field])
    for field in ("place", "city"):
        if item.get(field):
            yield told(field, score.overlap(truth.get(field), item[field]) >= 0.5)
    people = item.get("participants") or ()
    if people and "participants" in (item.get("confidence") or {}):
        yield told("participants", bool(truth.get("participants")) and people_f1(truth, item, names) >= 0.5)
        return
    for number, name in enumerate(people):
        right = any(names.same(one, name) for one in truth.get("participants") or ())
        yield told(f"participants.{number}", right)


def _confidence(draft: Draft, field: str) -> float | None:
    """The confidence of a field, or of the whole it is part of ("visitors.0.title", "visitors.0", "visitors")."""
    stated = draft.get("confidence") or {}
    while field not in stated:
        field, dot, _ = field.rpartition(".")
        if not dot:
            return None
    return float(stated[field])
