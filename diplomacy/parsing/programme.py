"""Programme items: "une réunion bilatérale …, suivie de …", "10h30 : entretien avec …"."""

from __future__ import annotations

from dataclasses import dataclass

from diplomacy.parsing.findings import Findings
from diplomacy.vocabulary import ItemKind


@dataclass(frozen=True, slots=True)
class ItemMention:
    """The words that name an item; `clause_end` is where what is said of it ends."""

    start: int
    end: int
    clause_end: int
    kind: ItemKind


def items_between(found: Findings, start: int, end: int) -> tuple[ItemMention, ...]:
    """Items named in text[start:end], in order. Of overlapping phrases the longest counts."""
    first, last = found.document.token_at(start), found.document.token_at(end)
    matches = found.language.items.find(found.document.tokens, first, last)
    longest_first = sorted(matches, key=lambda match: (match.first - match.last, match.first))
    kept: list[tuple[int, int, str]] = []
    used: set[int] = set()
    for match in longest_first:
        covered = set(range(match.first, match.last))
        if not covered & used:
            used |= covered
            place = found.place_of(match)
            kept.append((*place, match.label))
    kept.sort()
    if not kept:
        return ()
    ends = [begin for begin, _end, _label in kept[1:]] + [end]
    return tuple(
        ItemMention(begin, stop, clause_end, ItemKind(label))
        for (begin, stop, label), clause_end in zip(kept, ends, strict=True)
    )
