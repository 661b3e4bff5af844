"""One change that a text proposes to a known visit or item: both values, and what is to be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from diplomacy.communiques.threeway import WORK, Outcome


class ChangeKind(StrEnum):
    """What taking a change does."""

    SET_FIELD = "set_field"
    CHANGE_FIELD = "change_field"
    ADD_ITEM = "add_item"
    MOVE_ITEM = "move_item"
    CHANGE_ITEM = "change_item"
    DROP_ITEM = "drop_item"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    CANCEL_PART = "cancel_part"
    CONCLUDE = "conclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`key` names the field of the visit, or "<item>/field"; `path` leads to the words in the draft ("end",
    "items.2"). `stands` and `says` are plain JSON, `last` is what the source said before.
    """

    kind: ChangeKind
    key: str
    path: str
    says: Any
    outcome: Outcome
    stands: Any = None
    last: Any = None

    @property
    def is_work(self) -> bool:
        """Whether an editor has to look at it."""
        return self.outcome in WORK

    @property
    def item(self) -> str:
        """The known item it speaks of; empty for the visit itself and for an item to be added."""
        return self.key.rpartition("/")[0]

    @property
    def field(self) -> str:
        """The field without the item."""
        return self.key.rpartition("/")[2]

    @property
    def number(self) -> int | None:
        """The item's number in the draft."""
        return int(self.path.split(".")[1]) if self.path.startswith("items.") else None


def as_json(change: Change) -> dict[str, Any]:
    """A change as it is kept with its proposal."""
    return {
        "kind": change.kind.value,
        "key": change.key,
        "path": change.path,
        "says": change.says,
        "stands": change.stands,
        "last": change.last,
        "outcome": change.outcome.value,
    }


def from_json(kept: dict[str, Any]) -> Change:
    """A kept change as a value."""
    return Change(
        kind=ChangeKind(kept["kind"]),
        key=kept["key"],
        path=kept["path"],
        says=kept["says"],
        stands=kept["stands"],
        last=kept["last"],
        outcome=Outcome(kept["outcome"]),
    )
