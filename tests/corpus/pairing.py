"""Which of the visits and items found stands for which of those annotated.

First as the scorer pairs them; what found no partner so is paired with the likeliest one left, so that one wrong value
does not make its neighbours wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.corpus import score

Aliases = Mapping[str, Sequence[str]]
Draft = Mapping[str, Any]


class Names(NamedTuple):
    """The spellings that the annotation and the reading know of each person."""

    gold: Aliases
    found: Aliases

    def same(self, gold: object, found: object) -> bool:
        """The scorer's comparison of two people, by all their spellings."""
        return bool(score.same_name(score.forms(gold, self.gold), score.forms(found, self.found)))


def paired_visits(gold: Sequence[Draft], found: Sequence[Draft], names: Names) -> dict[int, Draft]:
    """Each visit found, by its place in the list, to the annotated one it stands for."""

    def likeness(g: Draft, p: Draft) -> float:
        return float(score.visit_sim(g, p, names.gold, names.found, strict=False))

    def rest(g: Draft, p: Draft) -> float:
        person = score.shared_visitor(g, p, names.gold, names.found) is not None
        return float(person + (g.get("host_country") == p.get("host_country")) * (1 + score.dates_ok(g, p)))

    return _in_passes(gold, found, (likeness, rest))


def paired_items(gold: Sequence[Draft], found: Sequence[Draft], names: Names) -> dict[int, Draft]:
    """Each item found, by its place in the list, to the annotated one it stands for."""

    def like(mode: str) -> Any:
        return lambda g, p: float(score.item_sim(g, p, names.gold, names.found, mode))

    def rest(g: Draft, p: Draft) -> float:
        people = people_f1(g, p, names) if g.get("participants") and p.get("participants") else 0.0
        title = score.overlap(g.get("title"), p.get("title"))
        time = g.get("start_time") == p.get("start_time") and g.get("start_time") is not None
        likely = g.get("date") == p.get("date") and (time or people >= 0.5 or title >= 0.5)
        return float(people + title + time) if likely else 0.0

    return _in_passes(gold, found, (like("strict"), like("basic"), like("loose"), rest))


def _in_passes(gold: Sequence[Draft], found: Sequence[Draft], passes: Sequence[Any]) -> dict[int, Draft]:
    partners: dict[int, Draft] = {}
    free_gold, free = list(range(len(gold))), list(range(len(found)))
    for likeness in passes:
        like = _likeness(gold, found, free_gold, free, likeness)
        pairs = [(free_gold[i], free[j]) for i, j in score.match(len(free_gold), len(free), like)]
        partners.update({j: gold[i] for i, j in pairs})
        free_gold = [i for i in free_gold if i not in {pair[0] for pair in pairs}]
        free = [j for j in free if j not in partners]
    return partners


def _likeness(gold: Any, found: Any, free_gold: list[int], free: list[int], likeness: Any) -> Any:
    known: dict[tuple[int, int], float] = defaultdict(float)
    for i, g in enumerate(free_gold):
        for j, p in enumerate(free):
            known[i, j] = likeness(gold[g], found[p])
    return lambda i, j: known[i, j]


def people_f1(gold: Draft, found: Draft, names: Names) -> float:
    """F1 (0..1) of the participants of two items, as the scorer counts it."""
    ours, theirs = found.get("participants") or [], gold.get("participants") or []
    return float(score.name_set_f1(theirs, ours, names.gold, names.found))
