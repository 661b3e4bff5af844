"""What of an item matters to whoever is sent there, as plain JSON values, and what differs between two such states."""

from __future__ import annotations

from typing import Any

from diplomacy.visits.models import ProgrammeItem, Visit

State = dict[str, Any]

# One word is said of each group, in this order: day and hour, whether at all, where, until when to be accredited.
MOVED = ("day", "precision", "start_time", "part_of_day", "zone", "visit_days")
STATUS = ("status", "visit_status")
PLACE = ("city", "venue")
ACCREDITATION = ("accreditation_until",)
FIELDS = (*STATUS, *MOVED, *PLACE, *ACCREDITATION)

Change = tuple[str, Any, Any]


def state_of(item: ProgrammeItem) -> State:
    """The item now. Of an item without a day its visits' days count: it goes where they go."""
    visits: list[Visit] = list(item.visits.all())
    return {
        "status": item.status,
        "visit_status": sorted(str(visit.status) for visit in visits if str(visit.status) in _SAID_OF_VISITS),
        "precision": item.precision,
        "day": item.day.isoformat() if item.day else None,
        "start_time": f"{item.start_time:%H:%M}" if item.start_time else None,
        "part_of_day": item.part_of_day,
        "zone": item.zone,
        "visit_days": sorted(_days(visit) for visit in visits) if item.day is None else [],
        "city": item.place.name if item.place else "",
        "venue": item.venue,
        "accreditation_until": item.accreditation_until.isoformat() if item.accreditation_until else None,
    }


_SAID_OF_VISITS = ("cancelled", "postponed")  # that one is confirmed or under way moves nobody


def _days(visit: Visit) -> list[str]:
    return [day.isoformat() if day else "" for day in (visit.start_on, visit.end_on)]


def changes_between(before: State, now: State) -> list[Change]:
    """Each field that differs, with its old and its new value, most telling first."""
    return [(name, before.get(name), now.get(name)) for name in FIELDS if before.get(name) != now.get(name)]
