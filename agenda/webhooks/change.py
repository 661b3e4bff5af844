"""What a change means: its type, what is otherwise than before, and what of it moves people. Plain values, no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diplomacy.vocabulary import ItemStatus, VisitStatus

View = Mapping[str, Any]

# What people have to act on, by the fields that say it.
IMPACT: Mapping[str, frozenset[str]] = {
    "day": frozenset({"start_on", "end_on", "date_text", "day"}),
    "hour": frozenset(
        {"precision", "start_time", "end_time", "ends_next_day", "part_of_day", "duration_minutes", "zone"}
    ),
    "place": frozenset({"host_country", "cities", "city", "venue"}),
    "interlocutor": frozenset({"members", "participants"}),
    "press_access": frozenset({"press_access", "accreditation_until"}),
}
# Follows from other fields, or names the entry itself. A visit's items are told of by events of their own.
_APART = frozenset({"id", "uid", "items", "keys", "parents", "visits"})
_STATUS_TYPES = {
    VisitStatus.POSTPONED: "postponed",
    VisitStatus.CANCELLED: "cancelled",
    VisitStatus.CONCLUDED: "concluded",
}


def shown_part(view: View) -> dict[str, Any]:
    """Of a told view, what is sent."""
    return {key: value for key, value in view.items() if key not in _APART}


def changes_between(before: View, now: View) -> list[dict[str, Any]]:
    """Each field that differs, with its old and its new value; None is what was not said."""
    old, new = shown_part(before), shown_part(now)
    return [
        {"field": key, "old": old.get(key), "new": new.get(key)}
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def impact_of(fields: Iterator[str] | list[str]) -> list[str]:
    """Of day, hour, place, interlocutor and press access, those that the fields say."""
    named = set(fields)
    return [name for name, said_by in IMPACT.items() if named & said_by]


def type_of(before: View | None, now: View | None, *, is_visit: bool) -> str | None:
    """The event; None where nothing is otherwise. `before` None: not shown until now; `now` None: no longer shown."""
    noun = "visit" if is_visit else "item"
    if now is None:
        return f"{noun}.withdrawn" if before is not None else None
    if before is None:
        return "visit.announced" if is_visit else "item.added"
    fields = {change["field"] for change in changes_between(before, now)}
    if not fields:
        return None
    verb = _verb_of_visit(fields, now) if is_visit else _verb_of_item(fields, now)
    return f"{noun}.{verb}"


def _verb_of_visit(fields: set[str], now: View) -> str:
    return _STATUS_TYPES.get(now["status"], "changed") if "status" in fields else "changed"


def _verb_of_item(fields: set[str], now: View) -> str:
    if "status" in fields and now["status"] == ItemStatus.CANCELLED:
        return "cancelled"
    is_put_off = "status" in fields and now["status"] == ItemStatus.POSTPONED
    return "moved" if is_put_off or fields & (IMPACT["day"] | IMPACT["hour"]) else "changed"
