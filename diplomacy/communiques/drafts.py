"""From a reading's plain JSON to the facts that the visits package writes. No database here.

The shapes are those of docs/reference/reading.schema.json; what an editor typed comes in the same shape.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts
from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    Role,
    Side,
    Visibility,
    VisitKind,
    VisitStatus,
)

Draft = Mapping[str, Any]


class DraftError(ValueError):
    """Raised when a draft lacks what a visit or item cannot be without, or holds what cannot be read."""


def countries_in(draft: Draft) -> frozenset[str]:
    """The host's country and the visitors', as far as they are said."""
    read = {draft.get("host_country"), *(one.get("country") for one in draft.get("visitors") or ())}
    return frozenset(str(code) for code in read if code)


def visit_facts(draft: Draft) -> VisitFacts:
    """The visit of a draft, without its programme.

    Raises DraftError where host country or visitor is missing, or a value is none of the vocabulary.
    """
    if not draft.get("host_country"):
        raise DraftError(_("The host country is missing. Say where the visit takes place."))
    members = people_on(draft)
    if not members:
        raise DraftError(_("The visitor is missing. Say who visits."))
    return VisitFacts(
        host_country=str(draft["host_country"]),
        members=members,
        kind=VisitKind(draft.get("visit_kind") or VisitKind.UNSPECIFIED),
        status=VisitStatus(draft.get("status") or VisitStatus.ANNOUNCED),
        start_on=day(draft.get("start")),
        end_on=day(draft.get("end")),
        original_start_on=day(draft.get("original_start")),
        original_end_on=day(draft.get("original_end")),
        date_text=str(draft.get("date_text") or ""),
        cities=tuple(draft.get("cities") or ()),
    )


def item_facts(draft: Draft, *, people: Mapping[str, Somebody] | None = None, country: str = "") -> ItemFacts:
    """The item of a draft. `people` gives titles, countries and spellings of those named; `country` is the host's.

    Raises DraftError for a value that is none of the vocabulary or no time.
    """
    start, end = clock(draft.get("start_time")), clock(draft.get("end_time"))
    precision = _precision(draft, start)
    return ItemFacts(
        kind=ItemKind(draft["kind"]),
        title=str(draft.get("title") or ""),
        form=str(draft.get("form") or ""),
        status=ItemStatus(draft.get("status") or ItemStatus.SCHEDULED),
        precision=precision,
        day=day(draft.get("date")),
        start_time=start,
        end_time=end if start else None,
        ends_next_day=bool(start and end and end < start),
        part_of_day=PartOfDay(draft["part_of_day"]) if precision is Precision.PART_OF_DAY else None,
        duration_minutes=draft.get("duration_minutes"),
        zone=str(draft.get("timezone") or "") if start else "",
        city=str(draft.get("city") or ""),
        country=country,
        venue=str(draft.get("place") or ""),
        press_access=PressAccess(draft.get("press_access") or PressAccess.UNSPECIFIED),
        accreditation_until=_moment(draft.get("accreditation_until"), draft.get("timezone")),
        participants=_participants(draft.get("participants") or (), draft.get("offices") or (), people or {}),
        visibility=Visibility(draft.get("visibility") or Visibility.PUBLIC),
        is_distinct=bool(draft.get("is_distinct")),
    )


def people_of(draft: Draft) -> dict[str, Somebody]:
    """Everybody a visit's draft describes, by each of their spellings."""
    return {
        spelling: somebody
        for somebody in people_on(draft)
        for spelling in (somebody.name, *somebody.spellings)
        if spelling
    }


def day(value: object) -> dt.date | None:
    """A day written as an ISO date; None for nothing.

    Raises DraftError for anything else.
    """
    if not value:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise DraftError(_("“%(value)s” is not a day. Write it as 2023-02-07.") % {"value": value}) from error


def clock(value: object) -> dt.time | None:
    """A clock time written HH:MM; None for nothing.

    Raises DraftError for anything else.
    """
    if not value:
        return None
    try:
        return dt.time.fromisoformat(str(value)[:5])
    except ValueError as error:
        raise DraftError(_("“%(value)s” is not an hour. Write it as 10:30.") % {"value": value}) from error


def soonest_day(draft: Draft) -> dt.date | None:
    """The first day a draft names, for the order of the queue."""
    items = draft.get("items") or ()
    days = [draft.get("start"), draft.get("date"), *(item.get("date") for item in items)]
    return min((found for found in map(day, days) if found), default=None)


def _precision(draft: Draft, start: dt.time | None) -> Precision:
    if start is not None:
        return Precision.EXACT
    said = Precision(draft.get("precision") or Precision.ORDER)
    if said is Precision.PART_OF_DAY and draft.get("part_of_day"):
        return said
    if said is Precision.DURATION and draft.get("duration_minutes"):
        return said
    if said is Precision.TBC:
        return said
    return Precision.DAY if draft.get("date") else Precision.ORDER


def _moment(value: object, zone: object) -> dt.datetime | None:
    if not value:
        return None
    moment = dt.datetime.fromisoformat(str(value))
    return moment if moment.tzinfo or not zone else moment.replace(tzinfo=ZoneInfo(str(zone)))


def people_on(draft: Draft) -> tuple[Somebody, ...]:
    """Everybody a visit's draft describes, in the order of a delegation: visitors, company, host, inviter."""
    visitors = [person for person in draft.get("visitors") or () if person.get("name") or person.get("title")]
    members = [
        _somebody(person, Role.HEAD_OF_DELEGATION if number == 0 else Role.MEMBER, Side.VISITING)
        for number, person in enumerate(visitors)
    ]
    members += [_somebody(person, Role.MEMBER, Side.VISITING) for person in draft.get("delegation") or ()]
    host = draft.get("host")
    country = str(draft.get("host_country") or "")
    if host and (host.get("name") or host.get("title")):
        members.append(_somebody({"country": country, **host}, Role.COUNTERPART, Side.HOST))
    inviter = draft.get("at_invitation_of")
    if inviter:
        known = next((one for one in members if inviter == one.name or inviter in one.spellings), None)
        members.append(
            Somebody(
                name=known.name if known else str(inviter),
                title=known.title if known else "",
                country=country,
                role=Role.INVITED_BY,
                side=Side.HOST,
            )
        )
    return tuple(members)


def _somebody(person: Draft, role: Role, side: Side) -> Somebody:
    name, title = str(person.get("name") or ""), str(person.get("title") or "")
    is_office = bool(title) and name.casefold() == title.casefold()
    return Somebody(
        name="" if is_office else name,
        title=title,
        country=str(person.get("country") or ""),
        spellings=tuple(person.get("aliases") or ()),
        role=role,
        side=side,
    )


def _participants(names: Sequence[str], offices: Sequence[str], people: Mapping[str, Somebody]) -> tuple[Somebody, ...]:
    return tuple(Somebody(title=name) if name in offices else _participant(name, people) for name in names)


def _participant(name: str, people: Mapping[str, Somebody]) -> Somebody:
    known = people.get(name)
    if known is not None:
        return Somebody(name=known.name, title=known.title, country=known.country, spellings=known.spellings)
    return Somebody(name=name)
