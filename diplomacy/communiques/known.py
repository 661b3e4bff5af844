"""What is known near to what a reading tells: the rows it may speak of, as values that `matching` weighs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.matching import NEAR, PUT_OFF_WITHIN, Match, match_items, match_visits, visits_like
from diplomacy.communiques.models import Proposal, ProposalState
from diplomacy.communiques.seen import ItemSeen, VisitSeen, item_told, visit_told
from diplomacy.visits.facts import Somebody
from diplomacy.visits.models import DelegationMember, ItemParticipant, ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, Role, Side, VisitStatus


def recognise(reading: dict[str, Any], *, communique: str) -> dict[str, Match]:
    """The known visit or item for each path of a reading that tells one again; `communique` is the id of its text."""
    return recognise_each([(reading, communique)])[0]


def recognise_each(readings: Iterable[tuple[dict[str, Any], str]]) -> list[dict[str, Match]]:
    """The same of each reading by itself; asks as often for many as for one."""
    told = [(_told_visits(reading, communique), _told_items(reading, communique)) for reading, communique in readings]
    visits = known_visits([one for of_text, _items in told for one in of_text])
    items = known_items([one for _visits, of_text in told for one in of_text])
    return [{**match_visits(own_visits, visits), **match_items(own_items, items)} for own_visits, own_items in told]


def look_alikes(told: VisitSeen) -> list[tuple[Visit, Match]]:
    """Known visits that a visit might be, best first: what to warn of before one is made by hand."""
    matches = visits_like(told, known_visits([told]))
    rows = {str(visit.pk): visit for visit in Visit.objects.filter(pk__in=[match.key for match in matches])}
    return [(rows[match.key], match) for match in matches]


def known_visits(told: Sequence[VisitSeen]) -> list[VisitSeen]:
    """Visits to the same hosts at about the same days, and those that the same communiqués told."""
    if not told:
        return []
    communiques = {uuid.UUID(communique) for one in told for communique in one.told_by}
    again = Proposal.objects.filter(extraction__version__communique__in=communiques, visit__isnull=False)
    # Asked for first: joined to the days in one query, every visit would be looked at.
    near = Q(pk__in=list(again.values_list("visit_id", flat=True)))
    for one in told:
        near |= _near(one)
    rows: QuerySet[Visit] = Visit.objects.filter(near, merged_into=None)
    rows = rows.prefetch_related("members__person__names", "members__office", "stops__place__names")
    visits = list(rows)
    told_by = _told_by("visit_id", visits)
    return [visit_known(visit, told_by=told_by.get(str(visit.pk), frozenset())) for visit in visits]


def known_items(told: Sequence[ItemSeen]) -> list[ItemSeen]:
    """Items of the same days and kinds, of visits and of diaries."""
    days, kinds = {one.day for one in told if one.day}, {one.kind for one in told}
    rows = ProgrammeItem.objects.filter(day__in=days, kind__in=kinds, merged_into=None)
    items = list(rows.prefetch_related("participants__person__names", "participants__office"))
    told_by = _told_by("item_id", items)
    return [item_known(item, told_by=told_by.get(str(item.pk), frozenset())) for item in items]


def visit_known(visit: Visit, *, told_by: frozenset[str] = frozenset()) -> VisitSeen:
    """A visit's row as a value; its cities come in every spelling."""
    return VisitSeen(
        key=str(visit.pk),
        visitors=tuple(somebody_of(one) for one in visit.members.all() if one.side == Side.VISITING),
        host_country=visit.host_country_id,
        start_on=visit.start_on,
        end_on=visit.end_on,
        original_start_on=visit.original_start_on,
        original_end_on=visit.original_end_on,
        cities=tuple(name.text for stop in visit.stops.all() for name in stop.place.names.all()),
        status=VisitStatus(visit.status),
        told_by=told_by,
    )


def item_known(item: ProgrammeItem, *, told_by: frozenset[str] = frozenset()) -> ItemSeen:
    """An item's row as a value."""
    return ItemSeen(
        key=str(item.pk),
        kind=ItemKind(item.kind),
        day=item.day,
        start_time=item.start_time,
        participants=tuple(somebody_of(one) for one in item.participants.all()),
        title=item.title,
        told_by=told_by,
    )


def somebody_of(row: DelegationMember | ItemParticipant) -> Somebody:
    """Somebody's part in a visit or an item, with every spelling of the name."""
    person, office = row.person, row.office
    country = getattr(row, "country_id", None) or (person and person.country_id) or (office and office.country_id)
    return Somebody(
        name=person.name if person else "",
        title=row.title or (office.title if office else ""),
        country=country or "",
        spellings=tuple(name.text for name in person.names.all()) if person else (),
        role=Role(row.role),
        side=Side(getattr(row, "side", Side.VISITING)),
    )


def _near(told: VisitSeen) -> Q:
    days = [day for day in (told.start_on, told.end_on, told.original_start_on) if day]
    host = Q(host_country=told.host_country) if told.host_country else Q()
    if not days:
        return host
    longest = dt.timedelta(days=60)  # a visit that began before and lasts
    before = PUT_OFF_WITHIN if told.status is VisitStatus.POSTPONED else NEAR + longest
    span = (min(days) - before, max(days) + NEAR)
    return host & (Q(start_on=None) | Q(start_on__range=span) | Q(original_start_on__range=span))


def _told_by(column: str, rows: Iterable[Visit | ProgrammeItem]) -> dict[str, frozenset[str]]:
    """For each row the communiqués that told of it and were not put aside."""
    told = Proposal.objects.filter(**{f"{column}__in": [row.pk for row in rows]})
    told = told.exclude(state=ProposalState.REJECTED)
    found: dict[str, set[str]] = {}
    for key, communique in told.values_list(column, "extraction__version__communique_id"):
        found.setdefault(str(key), set()).add(str(communique))
    return {key: frozenset(communiques) for key, communiques in found.items()}


def _told_visits(reading: dict[str, Any], communique: str) -> list[VisitSeen]:
    told = []
    for number, draft in enumerate(reading["visits"]):
        try:
            told.append(visit_told(f"visits.{number}", draft, communique=communique))
        except DraftError:
            continue  # what no visit can be made of is none that is known; the editor sees why
    return told


def _told_items(reading: dict[str, Any], communique: str) -> list[ItemSeen]:
    told = []
    for number, draft in enumerate(reading["items"]):
        try:
            told.append(item_told(f"items.{number}", draft, communique=communique))
        except DraftError:
            continue
    return told
