"""The whole published state of a visit or an item as plain JSON values: what a Revision keeps.

A snapshot speaks no language: names are as the directory has them, countries and kinds are codes, days and times are
ISO strings on the host's clock. Readers' texts are made from it (`agenda.entries`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from diplomacy.directory.models import Office, Person, Place
from diplomacy.visits.models import (
    DelegationMember,
    ItemParticipant,
    ItineraryStop,
    ProgrammeItem,
    ProgrammeLine,
    Publishable,
    Visit,
)

Snapshot = dict[str, Any]

# Keys whose change raises SEQUENCE: start, end, place, title (who, what), status (RFC 5546, 2.1.4), and who sees it.
SIGNIFICANT_FOR_VISIT = frozenset(
    {
        "publication", "visibility", "release_at", "status", "kind", "start_on", "end_on", "cities", "host_country",
        "members",
    }
)  # fmt: skip
SIGNIFICANT_FOR_ITEM = frozenset(
    {
        "publication", "visibility", "release_at", "status", "kind", "form", "precision", "day", "start_time",
        "end_time", "ends_next_day", "part_of_day", "zone", "city", "venue", "participants",
    }
)  # fmt: skip


def snapshot_of_visit(visit: Visit) -> Snapshot:
    """A visit with its members, places and the order of its programme, asked for anew."""
    return visit_snapshot(
        visit,
        visit.members.select_related("person", "office"),
        visit.stops.select_related("place"),
        visit.programme.select_related("item").order_by("position", "item_id"),
    )


def visit_snapshot(
    visit: Visit, members: Iterable[DelegationMember], stops: Iterable[ItineraryStop], lines: Iterable[ProgrammeLine]
) -> Snapshot:
    """The same of a visit whose rows are at hand, each in its order (items keep snapshots of their own)."""
    return {
        **_published(visit),
        "slug": visit.slug,
        "kind": visit.kind,
        "status": visit.status,
        "host_country": visit.host_country_id,
        "start_on": _iso(visit.start_on),
        "end_on": _iso(visit.end_on),
        "original_start_on": _iso(visit.original_start_on),
        "original_end_on": _iso(visit.original_end_on),
        "date_text": visit.date_text,
        "members": _members(members),
        "cities": [
            {**_place(stop.place), "arrives_on": _iso(stop.arrives_on), "leaves_on": _iso(stop.leaves_on)}
            for stop in stops
        ],
        "programme": [
            {"item": str(line.item_id), "position": line.position, "revision": line.item.revision_number}
            for line in lines
            if line.item.is_published
        ],
        "merged_into": str(visit.merged_into_id) if visit.merged_into_id else None,
    }


def snapshot_of_item(item: ProgrammeItem) -> Snapshot:
    """An item with its participants, place and the visits it belongs to, asked for anew."""
    return snapshots_of_items([item])[0]


def snapshots_of_items(items: Sequence[ProgrammeItem]) -> list[Snapshot]:
    """The same of each, in two queries where their places are at hand."""
    participants: dict[uuid.UUID, list[ItemParticipant]] = {item.pk: [] for item in items}
    lines: dict[uuid.UUID, list[ProgrammeLine]] = {item.pk: [] for item in items}
    for one in ItemParticipant.objects.filter(item__in=participants).select_related("person", "office"):
        participants[one.item_id].append(one)
    for line in ProgrammeLine.objects.filter(item__in=lines).order_by("visit_id"):
        lines[line.item_id].append(line)
    return [item_snapshot(item, participants[item.pk], lines[item.pk]) for item in items]


def item_snapshot(
    item: ProgrammeItem, participants: Iterable[ItemParticipant], lines: Iterable[ProgrammeLine]
) -> Snapshot:
    """The same of an item whose rows are at hand: `lines` are its places in programmes."""
    return {
        **_published(item),
        "kind": item.kind,
        "form": item.form,
        "title": item.title,
        "status": item.status,
        "precision": item.precision,
        "day": _iso(item.day),
        "start_time": _clock(item.start_time),
        "end_time": _clock(item.end_time),
        "ends_next_day": item.ends_next_day,
        "part_of_day": item.part_of_day,
        "duration_minutes": item.duration_minutes,
        "zone": item.zone,
        "original_day": _iso(item.original_day),
        "city": _place(item.place) if item.place else None,
        "venue": item.venue,
        "press_access": item.press_access,
        "accreditation_until": item.accreditation_until.isoformat() if item.accreditation_until else None,
        "participants": _members(participants),
        "visits": [{"visit": str(line.visit_id), "position": line.position} for line in lines],
        "merged_into": str(item.merged_into_id) if item.merged_into_id else None,
    }


def disputed_of(subject: Publishable) -> list[str] | None:
    """What sources disagree on; None where nothing is, as in states that were kept before this was known."""
    return subject.disputed or None


def _published(subject: Publishable) -> Snapshot:
    return {
        "id": str(subject.id),
        "uid": subject.uid,
        "publication": subject.publication,
        "visibility": subject.visibility,
        "release_at": subject.release_at.isoformat() if subject.release_at else None,
        "disputed": disputed_of(subject),
    }


def _members(members: Iterable[DelegationMember | ItemParticipant]) -> list[Snapshot]:
    return [
        {
            "role": member.role,
            "side": getattr(member, "side", None),
            "person": _person(member.person),
            "office": _office(member.office),
            "title": member.title,
            "country": _country_of(member),
        }
        for member in members
        # Somebody merged still has a row only where the one who stays has the same part: they are told once.
        if member.person is None or member.person.merged_into_id is None
    ]


def _country_of(member: DelegationMember | ItemParticipant) -> str | None:
    said: str | None = getattr(member, "country_id", None)
    if said is None and member.person is not None:
        said = member.person.country_id
    if said is None and member.office is not None:
        said = member.office.country_id
    return said


def _person(person: Person | None) -> Snapshot | None:
    return {"id": str(person.id), "slug": person.slug, "name": person.name} if person else None


def _office(office: Office | None) -> Snapshot | None:
    return {"id": str(office.id), "slug": office.slug, "title": office.title} if office else None


def _place(place: Place) -> Snapshot:
    return {
        "name": place.name,
        "country": place.country_id,
        "zone": place.zone,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _clock(time: dt.time | None) -> str | None:
    return time.strftime("%H:%M") if time else None
