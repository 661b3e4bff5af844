"""Who takes part in a visit and in an item: persons and offices entered in the directory as they are named."""

from __future__ import annotations

from collections.abc import Iterable

from diplomacy.directory.models import Country, Office, Person
from diplomacy.directory.registry import country_coded, office_titled, person_named
from diplomacy.visits.facts import Somebody
from diplomacy.visits.models import DelegationMember, ItemParticipant, ProgrammeItem, Visit


def set_members(visit: Visit, members: Iterable[Somebody], *, source: str = "") -> None:
    """Make these the members of the visit, in this order."""
    visit.members.all().delete()
    seen: set[tuple[str, object]] = set()
    for position, somebody in enumerate(members, start=1):
        entered = person, _office, _country = _enter(somebody, source=source)
        if person is not None and (somebody.role, person.pk) in seen:
            continue
        seen.add((somebody.role, person.pk if person else position))
        _enrol(visit, somebody, entered, position)


def set_participants(item: ProgrammeItem, participants: Iterable[Somebody], *, source: str = "") -> None:
    """Make these the participants of the item, in this order."""
    item.participants.all().delete()
    seat([(item, participants)], source=source)


def seat(told: Iterable[tuple[ProgrammeItem, Iterable[Somebody]]], *, source: str = "") -> None:
    """Make these the participants of items that have none yet; whoever takes part in several is looked for once."""
    known: dict[Somebody, _Entered] = {}
    rows = []
    for item, participants in told:
        seen: set[object] = set()
        for position, somebody in enumerate(participants, start=1):
            if somebody not in known:
                known[somebody] = _enter(somebody, source=source)
            person, _office, _country = known[somebody]
            if person is not None and person.pk in seen:
                continue
            seen.add(person.pk if person else position)
            rows.append(_participant(item, somebody, known[somebody], position))
    ItemParticipant.objects.bulk_create(rows)


def add_members(visit: Visit, members: Iterable[Somebody], *, source: str = "") -> None:
    """Add these to the visit, after those who are its members; an office that now has a name gets it."""
    last = max((member.position for member in visit.members.all()), default=0)
    for somebody in members:
        entered = person, office, _country = _enter(somebody, source=source)
        if person is not None and visit.members.filter(person=person, role=somebody.role).exists():
            continue
        unnamed = visit.members.filter(person=None, office=office, side=somebody.side).first() if office else None
        if unnamed is not None and person is not None:
            unnamed.person = person
            unnamed.save(update_fields=["person"])
            continue
        last += 1
        _enrol(visit, somebody, entered, last)


def add_participants(item: ProgrammeItem, participants: Iterable[Somebody], *, source: str = "") -> None:
    """Add these to the item, after those who take part already."""
    last = max((one.position for one in item.participants.all()), default=0)
    for somebody in participants:
        entered = person, _office, _country = _enter(somebody, source=source)
        if person is not None and item.participants.filter(person=person).exists():
            continue
        last += 1
        _participant(item, somebody, entered, last).save()


_Entered = tuple[Person | None, Office | None, Country | None]


def _enrol(visit: Visit, somebody: Somebody, entered: _Entered, position: int) -> None:
    person, office, country = entered
    DelegationMember.objects.create(
        visit=visit,
        side=somebody.side,
        role=somebody.role,
        person=person,
        office=office,
        title=somebody.title[:300],
        country=country,
        position=position,
    )


def _participant(item: ProgrammeItem, somebody: Somebody, entered: _Entered, position: int) -> ItemParticipant:
    person, office, _country = entered
    return ItemParticipant(
        item=item, role=somebody.role, person=person, office=office, title=somebody.title[:300], position=position
    )


def _enter(somebody: Somebody, *, source: str) -> _Entered:
    country = country_coded(somebody.country) if somebody.country else None
    person = (
        person_named(somebody.name, country=country, spellings=somebody.spellings, source=source)
        if somebody.name
        else None
    )
    office = office_titled(somebody.title, country=country, source=source) if somebody.title else None
    return person, office, country
