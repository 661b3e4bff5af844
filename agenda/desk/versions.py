"""Two versions of a text side by side, cut where words were taken out or added. No HTML here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_MOST = 8_000  # words, or lines, up to which two texts are compared; the cost grows with the product of both
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text; `is_other` where the other version does not have it."""

    text: str
    is_other: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The earlier text with what was taken out, the later one with what was added; joined, the runs are the texts."""

    earlier: tuple[Run, ...]
    later: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        """Whether the two say the same."""
        return not any(run.is_other for run in (*self.earlier, *self.later))


def side_by_side(earlier: str, later: str) -> SideBySide:
    """The differences word by word; of long texts line by line, and of very long ones all that lies between their
    common beginning and end."""
    for cut in (_WORD, _LINE):
        one, other = cut.findall(earlier), cut.findall(later)
        if max(len(one), len(other)) <= _MOST:
            return _compared(one, other)
    return _ends_compared(one, other)


def _compared(one: list[str], other: list[str]) -> SideBySide:
    earlier, later = [], []
    for edit in Levenshtein.opcodes(one, other):
        is_other = edit.tag != "equal"
        earlier.append(Run("".join(one[edit.src_start : edit.src_end]), is_other))
        later.append(Run("".join(other[edit.dest_start : edit.dest_end]), is_other))
    return SideBySide(_joined(earlier), _joined(later))


def _ends_compared(one: list[str], other: list[str]) -> SideBySide:
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next((at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start)
    pieces = [
        [
            Run("".join(lines[:start]), is_other=False),
            Run("".join(lines[start : len(lines) - end]), is_other=True),
            Run("".join(lines[len(lines) - end :]), is_other=False),
        ]
        for lines in (one, other)
    ]
    return SideBySide(_joined(pieces[0]), _joined(pieces[1]))


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Runs of one kind beside each other made one; empty ones left out."""
    found: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if found and found[-1].is_other == run.is_other:
            run = Run(found.pop().text + run.text, run.is_other)
        found.append(run)
    return tuple(found)
