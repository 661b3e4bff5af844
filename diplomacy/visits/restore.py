"""Make a visit or an item say again what a snapshot says: an earlier published state, or what stood before an act.

What is restored is what is told. Who may see it, and whether it is published, stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Person, Place
from diplomacy.directory.registry import country_coded, place_named
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import DelegationMember, ItemParticipant, ItineraryStop, ProgrammeItem, Visit
from diplomacy.visits.snapshot import Snapshot

_VISIT_WORDS = ("kind", "status", "date_text")
_VISIT_DAYS = ("start_on", "end_on", "original_start_on", "original_end_on")
_ITEM_WORDS = (
    "kind", "form", "title", "status", "precision", "ends_next_day", "part_of_day", "duration_minutes", "zone", "venue",
    "press_access",
)  # fmt: skip
_ITEM_DAYS = ("day", "original_day")
_ITEM_HOURS = ("start_time", "end_time")


@transaction.atomic
def restore_visit(visit: Visit, snapshot: Snapshot, act: Act) -> None:
    """The visit's own values, members and places, as the snapshot has them. Its items stay as they are."""
    for name in _VISIT_WORDS:
        setattr(visit, name, snapshot[name])
    for name in _VISIT_DAYS:
        setattr(visit, name, _day(snapshot[name]))
    visit.host_country = country_coded(snapshot["host_country"])
    visit.version += 1
    visit.full_clean()
    visit.save(update_fields=publication.decided_fields(visit))
    visit.members.all().delete()
    for member in _people(snapshot["members"], once_a_role=True):
        DelegationMember.objects.create(visit=visit, **member)
    visit.stops.all().delete()
    for position, city in enumerate(snapshot["cities"], start=1):
        ItineraryStop.objects.create(
            visit=visit,
            position=position,
            place=_place(city),
            arrives_on=_day(city["arrives_on"]),
            leaves_on=_day(city["leaves_on"]),
        )
    publication.record(visit, act)


@transaction.atomic
def restore_item(item: ProgrammeItem, snapshot: Snapshot, act: Act) -> None:
    """The item's own values, place and participants, as the snapshot has them."""
    for name in _ITEM_WORDS:
        setattr(item, name, snapshot[name])
    for name in _ITEM_DAYS:
        setattr(item, name, _day(snapshot[name]))
    for name in _ITEM_HOURS:
        setattr(item, name, dt.time.fromisoformat(snapshot[name]) if snapshot[name] else None)
    until = snapshot["accreditation_until"]
    item.accreditation_until = dt.datetime.fromisoformat(until) if until else None
    item.place = _place(snapshot["city"]) if snapshot["city"] else None
    item.version += 1
    item.full_clean(exclude=["place"])
    item.save(update_fields=publication.decided_fields(item))
    item.participants.all().delete()
    for participant in _people(snapshot["participants"], once_a_role=False):
        ItemParticipant.objects.create(
            item=item, **{name: value for name, value in participant.items() if name not in {"side", "country_id"}}
        )
    publication.record_item(item, act)


def _people(members: list[dict[str, Any]], *, once_a_role: bool) -> Iterator[dict[str, Any]]:
    """The rows of a snapshot's people; who was merged since is who stays, once (`once_a_role`: in each role)."""
    people = Person.objects.in_bulk({member["person"]["id"] for member in members if member["person"]})
    stays = {str(pk): survivor(person).pk for pk, person in people.items()}
    seen: set[tuple[str, object]] = set()
    for position, member in enumerate(members, start=1):
        person = stays[member["person"]["id"]] if member["person"] else None
        part = (member["role"] if once_a_role else "", person)
        if person is not None and part in seen:
            continue
        seen.add(part)
        yield {
            "role": member["role"],
            "side": member["side"],
            "person_id": person,
            "office_id": member["office"]["id"] if member["office"] else None,
            "title": member["title"],
            "country_id": member["country"],
            "position": position,
        }


def _place(city: dict[str, Any]) -> Place:
    return place_named(city["name"], country=country_coded(city["country"]))


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
