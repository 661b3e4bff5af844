"""How sure each value is: what the rules know of it, as facts, and how often what is known so was right.

A confidence is the product of two shares: how likely the visit or item is there at all (a meeting on a line with its
hour mostly is; one told in passing may not be), and how likely the value is right if so (a host country that is only
the inviter's often is not). Each share is the mean over some trees. A tree asks for one fact after another ("does the
hour lead its line?") until it comes to what was seen of such values: the right ones of all. Trees, since one fact's
weight hangs on others: a day carried over is as good as any in a table, and not where several visits are told.

The trees stand in confidence_trees.json, made by scripts/estimate_confidence.py from annotated documents; what is said
by hand stands in confidence.toml.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

BY_HAND = Path(__file__).with_name("confidence.toml")
TREES = Path(__file__).with_name("confidence_trees.json")
_HIGHEST = 0.99  # nothing read by rule is certain
_MOST_KNOWN = 4096  # shares kept

Facts = tuple[str, ...]

# The values that are weighed; further ones are as sure as one of these (see assessor.py).
FIELDS = (
    *(f"visit.{name}" for name in ("at_invitation_of", "cities", "end", "host.name", "host.title", "host_country")),
    *(f"visit.{name}" for name in ("original_end", "original_start", "start", "status")),
    *(f"visit.{name}" for name in ("visitors.country", "visitors.name", "visitors.title")),
    *(f"item.{name}" for name in ("city", "date", "end_time", "kind", "participants", "place")),
    *(f"item.{name}" for name in ("start_time", "status", "timezone")),
)


# One value given: its path ("visitors.0.name"), its field ("visit.visitors.name"), what is known of it.
Value = tuple[str, str, Facts]

# From the kind of draft ("visit", "item"), what is known of it as a whole, and its values, to their confidence by path.
Weigh = Callable[[str, Facts, Sequence[Value]], dict[str, float]]

# The share that was right in thousandths, or a fact and the trees for those that have it and those that have not.
Tree = int | tuple[str, "Tree", "Tree"]


@dataclass(frozen=True)
class Trees:
    """Trees for visits and items (`whole`) and for values, the field being a fact among the others. `given` are
    log-odds said by hand of facts that are in no tree; `strictness` is taken off the log-odds of every share, for texts
    that no rule was written for.
    """

    whole: Sequence[Tree]
    values: Sequence[Tree]
    given: Mapping[str, float]
    strictness: float

    _known: dict[tuple[str, Facts], float] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, kind: str, whole: Facts, values: Sequence[Value]) -> dict[str, float]:
        """The confidence (0..1) of each value by its path. Raises KeyError for a field that is not weighed."""
        known, confidence = self._known, {}
        there = known.get((kind, whole))
        if there is None:
            there = self._keep((kind, whole), self.whole)
        for path, field_name, facts in values:
            right = known.get((field_name, facts))
            if right is None:
                if field_name not in FIELDS:
                    raise KeyError(field_name)
                right = self._keep((field_name, facts), self.values)
            confidence[path] = round(there * right, 3)
        return confidence

    def _keep(self, key: tuple[str, Facts], trees: Sequence[Tree]) -> float:
        """The share of what is known so; what is said again and again is looked for once."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        base, facts = key
        log_odds = _log_odds(_mean(trees, {base, *facts})) - self.strictness
        for fact in facts:
            log_odds += self.given.get(fact, 0.0)
        share = self._known[key] = min(_HIGHEST, 1 / (1 + math.exp(-log_odds)))
        return share


def _mean(trees: Sequence[Tree], facts: set[str]) -> float:
    """What the trees say of something with these facts, 0 to 1."""
    total = 0
    for tree in trees:
        while type(tree) is tuple:  # isinstance takes half as long again, and this is asked hundreds of times
            tree = tree[1] if tree[0] in facts else tree[2]
        total += tree  # type: ignore[operator]  # a number by now
    return total / (1000 * len(trees))


def _log_odds(share: float) -> float:
    share = min(0.999, max(0.001, share))
    return math.log(share / (1 - share))


@cache
def trees() -> Trees:
    """Those of the two files."""
    made, said = json.loads(TREES.read_text(encoding="utf-8")), tomllib.loads(BY_HAND.read_text(encoding="utf-8"))
    return Trees(_read(made["facts"], made["whole"]), _read(made["facts"], made["values"]), said["given"],
                 said["strictness"])  # fmt: skip


def _read(names: Sequence[str], written: Iterable[Any]) -> tuple[Tree, ...]:
    """Trees as they are written: thousandths, or the number of a fact's name and two trees."""

    def tree(node: Any) -> Tree:
        if isinstance(node, int):
            return node
        fact, having, lacking = node
        return (names[fact], tree(having), tree(lacking))

    return tuple(tree(one) for one in written)
