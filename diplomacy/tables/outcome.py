"""What becomes of a row that is imported."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """MADE something new, CHANGED something known, SAME as what stands; WAITS for an editor, who decides; KEPT: what
    stands says otherwise and stays; REFUSED: it cannot be taken as it is.
    """

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"
    WAITS = "waits"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """`number` is the row's line; `what` names what it speaks of, `why` says in sentences what changes or hinders."""

    number: int
    verdict: Verdict
    what: str
    why: tuple[str, ...] = ()
