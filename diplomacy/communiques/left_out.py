"""Which words an editor did not take: those of a value put right in review, or of a change that was not made."""

from __future__ import annotations

from typing import Any

from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.communiques.threeway import Outcome

_WHEN = frozenset({"date", "start_time", "end_time", "part_of_day", "duration_minutes"})
_KEYS = {"place": "venue"}


def read_value(row: Evidence, proposal: Proposal) -> Any:
    """What was read from the words, as the draft has it; None where the draft has nothing of that name."""
    return _value(proposal.draft, row.field)


def is_left_out(row: Evidence, proposal: Proposal) -> bool:
    """Whether the value read from the words was amended to another, or was a change that nobody made."""
    return _is_amended(row, proposal) or _is_refused(row, proposal)


def _is_amended(row: Evidence, proposal: Proposal) -> bool:
    read = _value(proposal.draft, row.field)
    if proposal.decided is None or not read:
        return False
    decided = _value(_as_read(proposal.decided), row.field, missing=read)
    return not _names(read) & _names(decided)


def _is_refused(row: Evidence, proposal: Proposal) -> bool:
    changes = [change for change in proposal.changes if _speaks_of(row.field, change)]
    return bool(changes) and not any(_is_made(change) for change in changes)


def _is_made(change: dict[str, Any]) -> bool:
    return bool(change.get("taken")) or change["outcome"] == Outcome.CONFIRMED


def _speaks_of(field: str, change: dict[str, Any]) -> bool:
    parts = field.split(".")
    if parts[0] != "items":
        return bool(change["path"].split(".")[0] == parts[0])
    name = "when" if parts[-1] in _WHEN else _KEYS.get(parts[-1], parts[-1])
    return bool(change["path"] == ".".join(parts[:2]) and change["key"].rpartition("/")[2] == name)


def _as_read(decided: dict[str, Any]) -> dict[str, Any]:
    """An amended draft with its items by their numbers in the reading; of those left out nothing is said."""
    items = {int(item.get("number_read", place)): item for place, item in enumerate(decided.get("items") or ())}
    return decided | {"items": [items.get(number, {}) for number in range(max(items, default=-1) + 1)]}


def _value(draft: dict[str, Any], field: str, missing: Any = None) -> Any:
    """The value of a draft that a field of evidence belongs to: of a list's element the list."""
    parts = field.split(".")
    if parts[0] != "items" or len(parts) < 3:
        return draft.get(parts[0], missing)
    items = draft.get("items") or []
    number = int(parts[1]) if parts[1].isdecimal() else len(items)
    return items[number].get(parts[2], missing) if number < len(items) else missing


def _names(value: Any) -> set[str]:
    """What a value says, to be compared: of people their names, else their titles."""
    several = value if isinstance(value, list) else [value]
    return {str(one.get("name") or one.get("title")) if isinstance(one, dict) else str(one or "") for one in several}
