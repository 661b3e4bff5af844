"""What a revision changed, in words: old and new value of each field a reader is told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.entries.days import days_text
from diplomacy.directory.countries import country_name
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRECISIONS,
    PRESS_ACCESSES,
    PUBLICATIONS,
    VISIBILITIES,
    VISIT_KINDS,
    VISIT_STATUSES,
)
from diplomacy.visits.models import Revision

_LABELS = {
    "publication": gettext_lazy("Publication"),
    "visibility": gettext_lazy("Seen by"),
    "release_at": gettext_lazy("Under embargo until"),
    "kind": gettext_lazy("Kind"),
    "status": gettext_lazy("Status"),
    "host_country": gettext_lazy("Host country"),
    "start_on": gettext_lazy("First day"),
    "end_on": gettext_lazy("Last day"),
    "date_text": gettext_lazy("Dates as said"),
    "members": gettext_lazy("Delegation"),
    "cities": gettext_lazy("Cities"),
    "form": gettext_lazy("Form"),
    "title": gettext_lazy("As said"),
    "precision": gettext_lazy("Precision"),
    "day": gettext_lazy("Day"),
    "start_time": gettext_lazy("From"),
    "end_time": gettext_lazy("Until"),
    "part_of_day": gettext_lazy("Part of the day"),
    "zone": gettext_lazy("Time zone"),
    "city": gettext_lazy("City"),
    "venue": gettext_lazy("Venue"),
    "press_access": gettext_lazy("Press access"),
    "accreditation_until": gettext_lazy("Accreditation until"),
    "participants": gettext_lazy("Participants"),
    "disputed": gettext_lazy("Contested by the sources"),
}
_CODES: Mapping[str, Mapping[str, Any]] = {
    "publication": dict(PUBLICATIONS),
    "visibility": dict(VISIBILITIES),
    "kind": dict(VISIT_KINDS) | dict(ITEM_KINDS),
    "status": dict(VISIT_STATUSES) | dict(ITEM_STATUSES),
    "precision": dict(PRECISIONS),
    "part_of_day": dict(PARTS_OF_DAY),
    "press_access": dict(PRESS_ACCESSES),
}
_DAYS = ("start_on", "end_on", "day")


@dataclass(frozen=True, slots=True)
class Changed:
    """One field, before and after; empty is nothing said."""

    field: str
    old: str
    new: str


def changed(revision: Revision, before: Revision | None) -> list[Changed]:
    """What the revision says otherwise than the one before it; nothing for the first."""
    return list(_differing(before.snapshot, revision.snapshot)) if before else []


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Changed]:
    for key, label in _LABELS.items():
        said, says = said_of(key, old.get(key)), said_of(key, new.get(key))
        if said != says:
            yield Changed(str(label), said, says)


def said_of(key: str, value: Any) -> str:
    """A value of a snapshot in words."""
    if not value:
        return ""
    if key in _CODES:
        return str(_CODES[key].get(value, value))
    if key in _DAYS:
        return days_text(dt.date.fromisoformat(value), None)
    if key in {"members", "participants"}:
        return ", ".join(_somebody(member) for member in value)
    if key == "cities":
        return ", ".join(city["name"] for city in value)
    if key == "city":
        return str(value["name"])
    if key == "host_country":
        return country_name(value)
    if key == "disputed":
        return ", ".join(dict.fromkeys(str(_LABELS.get(name, name)) for name in value))
    if key in {"release_at", "accreditation_until"}:
        return _("%(moment)s UTC") % {"moment": f"{dt.datetime.fromisoformat(value).astimezone(dt.UTC):%Y-%m-%d %H:%M}"}
    return str(value)


def _somebody(member: Mapping[str, Any]) -> str:
    name = (member["person"] or {}).get("name", "")
    return ", ".join(part for part in (name, member["title"]) if part)
