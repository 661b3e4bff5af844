"""Visits and items as plain values, whether a source tells them or we know them: what is compared. No database here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diplomacy.communiques.drafts import clock, day, item_facts, people_of, people_on
from diplomacy.visits.facts import Somebody
from diplomacy.vocabulary import ItemKind, Side, VisitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSeen:
    """One visitor (or several) to one host. Days are the host's, inclusive; None is not stated.

    `key` is the path in a reading, or the id of a known visit. `told_by` names the communiqués that told of it.
    """

    key: str
    visitors: tuple[Somebody, ...]
    host_country: str = ""
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    original_start_on: dt.date | None = None
    original_end_on: dt.date | None = None
    cities: tuple[str, ...] = ()
    status: VisitStatus = VisitStatus.ANNOUNCED
    told_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeen:
    """A programme item or a line of a diary; day and hour on the host's clock."""

    key: str
    kind: ItemKind
    day: dt.date | None = None
    start_time: dt.time | None = None
    participants: tuple[Somebody, ...] = ()
    title: str = ""
    country: str = ""
    told_by: frozenset[str] = frozenset()


def visit_told(key: str, draft: Mapping[str, Any], *, communique: str = "") -> VisitSeen:
    """The visit of a reading's draft.

    Raises DraftError for a value that is no day.
    """
    return VisitSeen(
        key=key,
        visitors=tuple(one for one in people_on(draft) if one.side is Side.VISITING),
        host_country=str(draft.get("host_country") or ""),
        start_on=day(draft.get("start")),
        end_on=day(draft.get("end")),
        original_start_on=day(draft.get("original_start")),
        original_end_on=day(draft.get("original_end")),
        cities=tuple(draft.get("cities") or ()),
        status=VisitStatus(draft.get("status") or VisitStatus.ANNOUNCED),
        told_by=frozenset({communique} - {""}),
    )


def item_told(
    key: str, draft: Mapping[str, Any], *, visit: Mapping[str, Any] | None = None, communique: str = ""
) -> ItemSeen:
    """The item of a reading's draft; `visit` is the draft it stands in, which says who its people are.

    Raises DraftError for a value that is no day or hour.
    """
    facts = item_facts(draft, people=people_of(visit) if visit else None)
    return ItemSeen(
        key=key,
        kind=facts.kind,
        day=day(draft.get("date")),
        start_time=clock(draft.get("start_time")),
        participants=facts.participants,
        title=facts.title,
        country=str((visit or {}).get("host_country") or ""),
        told_by=frozenset({communique} - {""}),
    )
