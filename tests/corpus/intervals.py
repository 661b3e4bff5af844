"""How far an agenda_score could be off by the luck of the draw: documents resampled with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from operator import itemgetter

from tests.corpus.documents import Counts, agenda_score

RESAMPLES = 2000
SEED = 20261125


def interval(counted: Sequence[Counts], *, level: float = 0.95) -> tuple[float, float]:
    """The percentile bootstrap interval (low, high) of the agenda_score over these documents; same input, same answer.

    Documents are drawn whole, since the values of one text stand or fall together. Raises ValueError without any.
    """
    if not counted:
        raise ValueError("no documents to resample")
    draw = random.Random(SEED)  # noqa: S311 - sampling, not secrecy
    scores = sorted(agenda_score(draw.choices(counted, k=len(counted))) for _ in range(RESAMPLES))
    tail = (1 - level) / 2
    low, high = itemgetter(round(tail * (RESAMPLES - 1)), round((1 - tail) * (RESAMPLES - 1)))(scores)
    return low, high
