"""Visits as a table, out and in. An import is a source like any other: each row is matched to what is known and weighed
three ways. New visits are drafts; what contradicts an editor waits in the queue.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from diplomacy.communiques import review
from diplomacy.communiques.drafts import visit_facts
from diplomacy.communiques.extraction import propose_one
from diplomacy.communiques.imported import RefusedError, Weighed, decided, refused_word, spans, take_rows
from diplomacy.communiques.known import recognise
from diplomacy.communiques.matching import Match, Reason
from diplomacy.communiques.models import Extraction, ProposalKind
from diplomacy.directory.models import Country
from diplomacy.tables import Row, RowOutcome, Verdict, joined, parted
from diplomacy.visits.acts import Act
from diplomacy.visits.models import DelegationMember, Visit
from diplomacy.vocabulary import Role, Side, VisitKind, VisitStatus

VISITS = (
    "id", "visitors", "delegation", "host", "invited_by", "host_country", "cities", "start", "end", "date_text",
    "visit_kind", "status",
)  # fmt: skip
_PEOPLE = ("visitors", "delegation", "host")
_FIELDS = {"id": "", "visitors": "visitors.0.name", "invited_by": "at_invitation_of"}  # of a draft, by columns


def visit_cells() -> Iterator[Mapping[str, str]]:
    """Every visit, drafts and internal ones included, but those that were merged into another."""
    rows = Visit.objects.filter(merged_into=None).order_by("start_on", "slug")
    rows = rows.prefetch_related("members__person", "members__office", "stops__place")
    for visit in rows.iterator(chunk_size=500):
        members = list(visit.members.all())
        visiting = [one for one in members if one.side == Side.VISITING]
        inviters = [one for one in members if one.role == Role.INVITED_BY]
        yield {
            "id": str(visit.pk),
            "visitors": _people(one for one in visiting if one.role == Role.HEAD_OF_DELEGATION),
            "delegation": _people(one for one in visiting if one.role != Role.HEAD_OF_DELEGATION),
            "host": _people(one for one in members if one.role == Role.COUNTERPART),
            "invited_by": next((str(one) for one in inviters), ""),
            "host_country": visit.host_country_id,
            "cities": joined([stop.place.name] for stop in visit.stops.all()),
            "start": visit.start_on.isoformat() if visit.start_on else "",
            "end": visit.end_on.isoformat() if visit.end_on else "",
            "date_text": visit.date_text,
            "visit_kind": visit.kind,
            "status": visit.status,
        }


def _people(members: Iterable[DelegationMember]) -> str:
    return joined(
        [one.person.name if one.person else "", one.title or (one.office.title if one.office else ""), _country_of(one)]
        for one in members
    )


def _country_of(member: DelegationMember) -> str:
    person, office = member.person, member.office
    return member.country_id or (person and person.country_id) or (office and office.country_id) or ""


def take_visits(content: bytes, rows: Sequence[Row], act: Act, *, filename: str) -> list[RowOutcome]:
    """Take the rows of a file one after the other. `act.by` accepts what is new and what contradicts nobody."""
    named_by = ("visitors", "host_country", "start")
    return take_rows(content, rows, act, _weighed, filename=filename, columns=VISITS, named_by=named_by)


def _weighed(row: Row, offset: int, extraction: Extraction, act: Act) -> Weighed:
    draft = draft_of(row, offset)
    visit_facts(draft)  # what cannot stand is refused before anything is made of it
    match = _match(row, draft)
    number = len(extraction.reading["visits"])
    extraction.reading["visits"].append(draft)
    proposal = propose_one(extraction, f"visits.{number}", ProposalKind.NEW_VISIT, draft, match, now=act.now)
    if match is None:
        review.accept(proposal, act)
        return Verdict.MADE, []
    return decided(proposal, act)


def _match(row: Row, draft: dict[str, Any]) -> Match | None:
    """The visit that the id names, else the one that is recognised."""
    if not row["id"]:
        return recognise({"visits": [draft], "items": []}, communique=str(uuid.uuid4())).get("visits.0")
    try:
        visit = Visit.objects.filter(pk=uuid.UUID(row["id"])).select_related("merged_into").first()
    except ValueError:
        visit = None
    while visit is not None and visit.merged_into is not None:
        visit = visit.merged_into
    if visit is None:
        raise RefusedError(_("No row has the id “%(id)s”. Leave it empty for something new.") % {"id": row["id"][:40]})
    if visit.host_country_id != draft["host_country"]:
        raise RefusedError(
            _("This visit goes to %(stands)s, not to %(said)s: another host is another visit.")
            % {"stands": visit.host_country_id, "said": draft["host_country"]}
        )
    return Match(key=str(visit.pk), score=1.0, reasons=(Reason.NAMED,))


def draft_of(row: Row, offset: int) -> dict[str, Any]:
    """The row in the shape of a reading's visit, each value with its words.

    Raises what says why a value cannot be read.
    """
    for column, vocabulary in (("visit_kind", VisitKind), ("status", VisitStatus)):
        if row[column] and row[column] not in set(vocabulary):
            raise refused_word(row[column], column, list(vocabulary))
    people = {column: [_somebody(thing) for thing in parted(row[column])] for column in _PEOPLE}
    country = row["host_country"].upper()
    codes = [country, *(one["country"] for those in people.values() for one in those if one.get("country"))]
    unknown = [code for code in codes if code and not Country.objects.filter(code=code).exists()]
    if unknown:
        raise RefusedError(_("“%(code)s” is not the code of a country or body.") % {"code": unknown[0][:40]})
    said = spans(row, offset, VISITS, _FIELDS)
    return {
        "visitors": people["visitors"],
        "delegation": people["delegation"],
        "host": people["host"][0] if people["host"] else None,
        "at_invitation_of": row["invited_by"] or None,
        "host_country": country,
        "cities": [thing[0] for thing in parted(row["cities"])],
        "start": row["start"] or None,
        "end": row["end"] or None,
        "date_text": row["date_text"],
        "visit_kind": row["visit_kind"] or VisitKind.UNSPECIFIED.value,
        "status": row["status"] or VisitStatus.ANNOUNCED.value,
        "items": [],
        "evidence_spans": said,
        "confidence": dict.fromkeys(said, 1.0),
    }


def _somebody(thing: Sequence[str]) -> dict[str, Any]:
    name, title, country = (*thing, "", "")[:3]
    return {"name": name, "aliases": [], "title": title, "country": country.upper()}
