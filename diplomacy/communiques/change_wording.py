"""Changes in words, in the active language: what stands and what is said, side by side."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from diplomacy.communiques.change import Change, ChangeKind, from_json
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.countries import country_name
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRESS_ACCESSES,
    ROLES,
    VISIT_KINDS,
    VISIT_STATUSES,
)

KINDS = {
    ChangeKind.SET_FIELD: gettext_lazy("add what is not known yet"),
    ChangeKind.CHANGE_FIELD: gettext_lazy("change a value"),
    ChangeKind.ADD_ITEM: gettext_lazy("add an item"),
    ChangeKind.MOVE_ITEM: gettext_lazy("move an item"),
    ChangeKind.CHANGE_ITEM: gettext_lazy("change an item"),
    ChangeKind.DROP_ITEM: gettext_lazy("cancel an item"),
    ChangeKind.POSTPONE: gettext_lazy("postpone the visit"),
    ChangeKind.CANCEL: gettext_lazy("cancel the visit"),
    ChangeKind.CANCEL_PART: gettext_lazy("cancel a part of the visit"),
    ChangeKind.CONCLUDE: gettext_lazy("conclude the visit"),
}
OUTCOMES = {
    Outcome.CONFIRMED: pgettext_lazy("outcome", "confirms what stands"),
    Outcome.CHANGE: pgettext_lazy("outcome", "is proposed"),
    Outcome.CONFLICT: pgettext_lazy("outcome", "contradicts an editor’s decision, which stays"),
    Outcome.KEPT: pgettext_lazy("outcome", "was weighed before, or is pinned"),
}
_FIELDS = {
    "start": gettext_lazy("First day"),
    "end": gettext_lazy("Last day"),
    "visit_kind": gettext_lazy("Kind"),
    "status": gettext_lazy("Status"),
    "city": gettext_lazy("City"),
    "when": gettext_lazy("Time"),
    "venue": gettext_lazy("Venue"),
    "press_access": gettext_lazy("Press access"),
    "accreditation_until": gettext_lazy("Accreditation until"),
    "participant": gettext_lazy("Participant"),
    "cancelled_days": gettext_lazy("Days cancelled"),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ROLES = dict(ROLES)
_CODES = {
    "visit_kind": dict(VISIT_KINDS),
    "press_access": dict(PRESS_ACCESSES),
    "kind": dict(ITEM_KINDS),
    "status": dict(ITEM_STATUSES) | dict(VISIT_STATUSES),
    "part_of_day": dict(PARTS_OF_DAY),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change to show: `key` names it to `review.accept`, `path` leads to its words in the text."""

    key: str
    path: str
    kind: str
    field: str
    stands: str
    says: str
    outcome: Outcome
    outcome_text: str
    taken: bool | None


def change_lines(kept: Iterable[dict[str, Any]], items: Sequence[Mapping[str, Any]] = ()) -> list[ChangeLine]:
    """The changes of a proposal as it keeps them, those that are work first; `items` are those of its draft, by whose
    kind each change of an item is called.
    """
    order = [Outcome.CONFLICT, Outcome.CHANGE, Outcome.KEPT, Outcome.CONFIRMED]
    lines = [_line(from_json(one), one.get("taken"), items) for one in kept]
    return sorted(lines, key=lambda line: order.index(line.outcome))


def field_text(field: str) -> str:
    """What a field is called."""
    name = field.partition(":")[0]
    if name in _ROLES:
        return str(_ROLES[name])
    if name.startswith("+"):
        return str(_("Item"))
    return str(_FIELDS.get(name, name))


def value_text(field: str, value: Any) -> str:
    """A value of a field; a dash for none."""
    if value is None or value == {}:
        return "—"
    if isinstance(value, dict):
        return _parts(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    if field == "country":
        return country_name(str(value))
    codes = _CODES.get(field.partition(":")[0], {})
    return str(codes.get(value, value))


def _line(change: Change, taken: bool | None, items: Sequence[Mapping[str, Any]]) -> ChangeLine:
    field = field_text(change.field)
    if change.item and change.number is not None and change.number < len(items):
        field = f"{field} · {value_text('kind', items[change.number]['kind'])}"
    return ChangeLine(
        key=change.key,
        path=change.path,
        kind=str(KINDS[change.kind]),
        field=field,
        stands=value_text(change.field, change.stands),
        says=value_text(change.field, change.says),
        outcome=change.outcome,
        outcome_text=str(OUTCOMES[change.outcome]),
        taken=taken,
    )


def _parts(value: dict[str, Any]) -> str:
    """Several values as one: an item, a person, a time, a period."""
    if "start" in value:
        days = " – ".join(dict.fromkeys(value_text("start", day) for day in (value["start"], value.get("end")) if day))
        rest = {name: one for name, one in value.items() if name not in {"start", "end"}}
        return ", ".join(part for part in (_parts(rest), days) if part)
    shown = []
    for name, one in value.items():
        if (name in {"role", "title"} and "kind" in value) or name == "role":
            continue
        if name == "duration_minutes":
            shown.append(_("%(minutes)d min") % {"minutes": one})
        elif isinstance(one, dict):
            shown.append(_parts(one))
        elif isinstance(one, list):
            shown.append(", ".join(one))
        else:
            shown.append(value_text(name, one))
    return ", ".join(dict.fromkeys(shown))  # a form may be its kind in other words, or in the same
