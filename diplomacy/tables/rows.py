"""One row of a table, and cells that hold several things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns, lower case; `number` is its line in a spreadsheet (the head is 1)."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, stripped; empty where the table has no such column."""
        return self.cells.get(column, "").strip()


def joined(things: Iterable[Sequence[str]]) -> str:
    """Several things in one cell: "name | title | country; name | title | country". Empty ends are left out."""
    return "; ".join(" | ".join(_escaped(part) for part in _without_empty_end(thing)) for thing in things)


def parted(cell: str) -> list[list[str]]:
    """What `joined` wrote, or somebody typed: things by ";", their parts by "|"; a backslash takes a sign as it is."""
    things: list[list[str]] = [[""]]
    signs = iter(cell)
    for sign in signs:
        if sign == "\\":
            things[-1][-1] += next(signs, "")
        elif sign == ";":
            things.append([""])
        elif sign == "|":
            things[-1].append("")
        else:
            things[-1][-1] += sign
    stripped = ([part.strip() for part in thing] for thing in things)
    return [thing for thing in stripped if any(thing)]


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace(";", "\\;").replace("|", "\\|")


def _without_empty_end(thing: Sequence[str]) -> Sequence[str]:
    size = len(thing)
    while size > 1 and not thing[size - 1]:
        size -= 1
    return thing[:size]
