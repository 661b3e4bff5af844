"""What a text changes of a known visit: field by field, three ways. Pure: values in, proposed changes out.

A text never makes a second visit of a known one; what it does not mention stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from diplomacy.communiques.change import Change, ChangeKind
from diplomacy.communiques.item_changes import programme_changes
from diplomacy.communiques.matching import same_somebody
from diplomacy.communiques.standing import Heard, VisitStanding, somebody_json
from diplomacy.communiques.threeway import Outcome, weigh
from diplomacy.directory.spelling import fold
from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts
from diplomacy.vocabulary import Role, Side, VisitKind, VisitStatus

# What a visit's status does not take back when a text just says that the visit is to come.
_AHEAD = {
    VisitStatus.ANNOUNCED: 0,
    VisitStatus.CONFIRMED: 1,
    VisitStatus.UNDER_WAY: 2,
    VisitStatus.CONCLUDED: 3,
}


def visit_changes(
    told: VisitFacts, items: Sequence[ItemFacts], stands: VisitStanding, heard: Heard
) -> tuple[Change, ...]:
    """Everything that a text says of a known visit: changes, conflicts, and what it confirms."""
    found: list[Change] = []
    if told.status is VisitStatus.CANCELLED:
        found.append(_cancellation(told, stands, heard))
    elif told.status is VisitStatus.POSTPONED:
        found.append(_postponement(told, stands, heard))
    else:
        found += _status(told, stands, heard)
        found += _days(told, stands, heard)
    found += _kind(told, stands, heard)
    found += _cities(told, stands, heard)
    found += _members(told, stands, heard)
    everybody = [one for one in stands.members if one.side is Side.VISITING]
    return (*found, *programme_changes(items, stands.items, heard, everybody=everybody))


def is_part(told: VisitFacts, stands: VisitStanding) -> bool:
    """Whether what is cancelled is some days of the visit only."""
    if told.start_on is None or stands.start_on is None or stands.end_on is None:
        return False
    first, last = told.start_on, told.end_on or told.start_on
    within = stands.start_on <= first <= last <= stands.end_on
    if told.end_on is None and first == stands.start_on:
        return False  # "the visit of the 7th": its first day names the visit
    return within and (first, last) != (stands.start_on, stands.end_on)


def _cancellation(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Change:
    if is_part(told, stands):
        assert told.start_on is not None
        said = _period(told.start_on, told.end_on or told.start_on)
        return _change("cancelled_days", said, None, heard, kind=ChangeKind.CANCEL_PART, path="start")
    stood = _period(stands.start_on, stands.end_on) | {"status": stands.status.value}
    return _change(
        "status", VisitStatus.CANCELLED.value, stands.status.value, heard, kind=ChangeKind.CANCEL, shown=stood
    )


def _postponement(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Change:
    """Old and new days, as one change; days that are not known yet are not said."""
    days = _period(told.start_on, told.end_on) if told.start_on != stands.start_on else {}
    said = {"status": VisitStatus.POSTPONED.value, **days}
    stood = {"status": stands.status.value, **_period(stands.start_on, stands.end_on)}
    is_known = stands.status is VisitStatus.POSTPONED and (not days or days.items() <= stood.items())
    last = {name: heard.last[name] for name in said if name in heard.last}
    outcome = weigh(
        said,
        stands=said if is_known else stood,
        last=last or None,
        is_decided="status" in heard.decided,  # days that an editor corrected may be put off like any others
        is_pinned=bool(said.keys() & heard.pinned),
    )
    assert outcome is not None
    return Change(
        kind=ChangeKind.POSTPONE, key="status", path="start" if days else "status", says=said, stands=stood,
        last=last or None, outcome=outcome,
    )  # fmt: skip


def _status(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Iterator[Change]:
    now, known = told.status, stands.status
    if now is VisitStatus.ANNOUNCED and known is not VisitStatus.CANCELLED:
        return  # no more than that a visit is to come
    if _AHEAD.get(now, 0) <= _AHEAD.get(known, -1):
        yield Change(
            kind=ChangeKind.CHANGE_FIELD, key="status", path="status", says=now.value, stands=known.value,
            outcome=Outcome.CONFIRMED,
        )  # fmt: skip
        return
    kind = ChangeKind.CONCLUDE if now is VisitStatus.CONCLUDED else ChangeKind.CHANGE_FIELD
    yield _change("status", now.value, known.value, heard, kind=kind)


def _days(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Iterator[Change]:
    for key, now, known in (("start", told.start_on, stands.start_on), ("end", told.end_on, stands.end_on)):
        if now is not None:
            yield _change(key, now.isoformat(), known.isoformat() if known else None, heard)


def _kind(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Iterator[Change]:
    if told.kind is not VisitKind.UNSPECIFIED:
        known = stands.kind.value if stands.kind is not VisitKind.UNSPECIFIED else None
        yield _change("visit_kind", told.kind.value, known, heard)


def _cities(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Iterator[Change]:
    known = {fold(city) for city in stands.cities}
    for city in told.cities:
        stood = city if fold(city) in known else None
        yield _change(f"city:{fold(city)}", city, stood, heard, path="cities", pinned_as="cities")


def _members(told: VisitFacts, stands: VisitStanding, heard: Heard) -> Iterator[Change]:
    for somebody in told.members:
        same_side = [one for one in stands.members if one.side is somebody.side]
        known = next((one for one in same_side if _is_told(somebody, one)), None)
        said = somebody_json(somebody)
        key = f"{somebody.role.value}:{fold(somebody.name or somebody.title)}"
        if known is None:
            yield _change(key, said, None, heard, path=_PATHS[somebody.role], pinned_as="members")
        else:
            yield Change(
                kind=ChangeKind.SET_FIELD, key=key, path=_PATHS[somebody.role], says=said,
                stands=somebody_json(known), outcome=Outcome.CONFIRMED,
            )  # fmt: skip


def _is_told(somebody: Somebody, known: Somebody) -> bool:
    """Whether a member is told already; an office alone tells no more than whoever is known of that country."""
    if known.name and not somebody.name:
        return not (somebody.country and known.country) or somebody.country == known.country
    if somebody.name and not known.name:
        return False  # who holds the office is news
    return same_somebody(somebody, known)


_PATHS = {
    Role.HEAD_OF_DELEGATION: "visitors",
    Role.MEMBER: "delegation",
    Role.SPOUSE: "delegation",
    Role.COUNTERPART: "host",
    Role.INVITED_BY: "at_invitation_of",
    Role.PARTICIPANT: "visitors",
}


def _change(
    key: str, now: object, stands: object, heard: Heard,
    *, kind: ChangeKind | None = None, path: str = "", shown: object = None, pinned_as: str = "",
) -> Change:  # fmt: skip
    outcome = weigh(
        now,
        stands=stands,
        last=heard.last.get(key),
        is_decided=key in heard.decided,
        is_pinned=key in heard.pinned or pinned_as in heard.pinned,
    )
    assert outcome is not None
    return Change(
        kind=kind or (ChangeKind.SET_FIELD if stands is None else ChangeKind.CHANGE_FIELD),
        key=key,
        path=path or key,
        says=now,
        stands=stands if shown is None else shown,
        last=heard.last.get(key),
        outcome=outcome,
    )


def _period(start: dt.date | None, end: dt.date | None) -> dict[str, str]:
    said = {"start": start, "end": end}
    return {name: day.isoformat() for name, day in said.items() if day is not None}
