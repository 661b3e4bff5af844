"""How sure each value is: what the rules know of it, as facts, and the weight of each fact.

A confidence is the product of two shares: how likely the visit or item is there at all (a meeting on a line with its
hour mostly is; one told in passing may not be), and how likely the value is right if so (a host country that is only
the inviter's often is not). Each is a sum of weights in log-odds. The weights stand in confidence.toml;
scripts/estimate_confidence.py estimates them from annotated documents.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("confidence.toml")
_HIGHEST = 0.99  # nothing read by rule is certain
_MOST_KNOWN = 4096  # sums kept

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


@dataclass(frozen=True)
class Weights:
    """Log-odds: of a visit or item with its facts (`whole`), and of each field and fact of a value. `strictness` is
    taken off every sum, for texts that no rule was written for.
    """

    whole: Mapping[str, float]
    fields: Mapping[str, float]
    facts: Mapping[str, float]
    strictness: float

    _known: dict[tuple[str, Facts], float] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, kind: str, whole: Facts, values: Sequence[Value]) -> dict[str, float]:
        """The confidence (0..1) of each value by its path. Raises KeyError for a field that has no weight."""
        known, confidence = self._known, {}
        there = known.get((kind, whole))
        if there is None:
            there = self._keep((kind, whole), min(_HIGHEST, share(self._sum(self.whole[kind], whole, self.whole))))
        for path, field_name, facts in values:
            right = known.get((field_name, facts))
            if right is None:
                right = self._keep((field_name, facts), share(self._sum(self.fields[field_name], facts, self.facts)))
            confidence[path] = round(there * right, 3)
        return confidence

    def _keep(self, key: tuple[str, Facts], likelihood: float) -> float:
        """What is said again and again is summed once."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known[key] = likelihood
        return likelihood

    def _sum(self, base: float, facts: Facts, weights: Mapping[str, float]) -> float:
        total = base - self.strictness
        for fact in facts:
            total += weights.get(fact, 0.0)
        return total


def share(log_odds: float) -> float:
    """Log-odds as a share, 0 to 1."""
    return 1 / (1 + math.exp(-log_odds))


@cache
def weights() -> Weights:
    """Those of confidence.toml."""
    data = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    given = data["given"]
    return Weights({**data["whole"], **given}, data["fields"], {**data["facts"], **given}, data["strictness"])
