"""Recorded scores of the project's own documents, and the comparison that fails when the reading gets worse.

Only the same documents are compared: a new or changed document counts once its score is recorded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.documents import Counts, Document, agenda_score, digest

FILE = Path(__file__).resolve().parent / "scores.json"
LARGEST_FALL = 0.005


@dataclass(frozen=True, slots=True)
class Recorded:
    """The counters of one document when it was recorded, and what the document was then."""

    digest: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Comparison:
    """The agenda_score (0..1) of the documents that stand in both, then and now, and what is not compared."""

    compared: int
    before: float
    now: float
    unrecorded: tuple[str, ...]  # new or changed since
    gone: tuple[str, ...]

    @property
    def complaints(self) -> list[str]:
        """Why the check fails; empty when it passes."""
        found = []
        if self.before - self.now > LARGEST_FALL:
            found.append(
                f"agenda_score fell from {self.before:.4f} to {self.now:.4f} over the same {self.compared} documents"
            )
        if self.unrecorded:
            found.append(f"not recorded (use --record): {', '.join(self.unrecorded)}")
        if self.gone:
            found.append(f"recorded but gone: {', '.join(self.gone)}")
        return found


def compare(documents: Sequence[Document], now: Mapping[str, Counts], recorded: Mapping[str, Recorded]) -> Comparison:
    """The documents against what is recorded of them."""
    known = {one["id"]: one for one in documents}
    same = [name for name, one in known.items() if name in recorded and recorded[name].digest == digest(one)]
    return Comparison(
        compared=len(same),
        before=agenda_score(recorded[name].counts for name in same),
        now=agenda_score(now[name] for name in same),
        unrecorded=tuple(sorted(set(known) - set(same))),
        gone=tuple(sorted(set(recorded) - set(known))),
    )


def recorded_with(
    documents: Sequence[Document], now: Mapping[str, Counts], recorded: Mapping[str, Recorded], *, anew: bool
) -> dict[str, Recorded]:
    """What to record: the new and changed documents as they score now, the others as they were (all, if `anew`)."""
    kept = {}
    for document in documents:
        name, fresh = document["id"], Recorded(digest(document), now[document["id"]])
        known = recorded.get(name)
        kept[name] = known if known and known.digest == fresh.digest and not anew else fresh
    return kept


def load(file: Path = FILE) -> dict[str, Recorded]:
    """The recorded scores by document; none where nothing was recorded yet."""
    if not file.exists():
        return {}
    entries = json.loads(file.read_text(encoding="utf-8"))
    return {name: Recorded(one["digest"], Counter(one["counts"])) for name, one in entries.items()}


def save(recorded: Mapping[str, Recorded], file: Path = FILE) -> None:
    """One line a document, so that a change shows which ones moved."""
    lines = [
        f"{json.dumps(name)}: {json.dumps({'digest': one.digest, 'counts': dict(one.counts)})}"
        for name, one in sorted(recorded.items())
    ]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
