"""Visits as a table, out and in. An import is a source like any other: each row is matched to what is known and weighed
three ways. New visits are drafts; what contradicts an editor waits in the queue.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques import review, second_eyes
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.disputes import mark_told_by
from diplomacy.communiques.drafts import DraftError, visit_facts
from diplomacy.communiques.extraction import propose_one
from diplomacy.communiques.known import recognise
from diplomacy.communiques.matching import Match, Reason
from diplomacy.communiques.models import (
    IMPORT_TYPE,
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    Proposal,
    ProposalKind,
    ProposalState,
    Source,
    SourceKind,
)
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.models import Country
from diplomacy.tables import Row, RowOutcome, Verdict, joined, parted
from diplomacy.visits.acts import Act
from diplomacy.visits.models import DelegationMember, Visit
from diplomacy.vocabulary import Role, Side, VisitKind, VisitStatus

VISITS = (
    "id", "visitors", "delegation", "host", "invited_by", "host_country", "cities", "start", "end", "date_text",
    "visit_kind", "status",
)  # fmt: skip
_READER = "table-1"  # what the columns mean; another meaning is another number
_PEOPLE = ("visitors", "delegation", "host")


class _RefusedError(ValueError):
    """A row that cannot be taken; says why."""


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


@transaction.atomic
def take_visits(content: bytes, rows: Sequence[Row], act: Act, *, filename: str) -> list[RowOutcome]:
    """Take the rows of a file one after the other. `act.by` accepts what is new and what contradicts nobody."""
    version = _keep_file(content, rows, act, filename=filename)
    extraction = Extraction.objects.create(
        version=version, parser_version=_READER, published_on=version.published_on, made_at=act.now,
        reading={"visits": [], "items": [], "warnings": [], "aliases": {}, "language": None},
    )  # fmt: skip
    offsets = _offsets(rows)
    outcomes = []
    for row, offset in zip(rows, offsets, strict=True):
        outcomes.append(_take(row, offset, extraction, act))
    extraction.save(update_fields=["reading"])
    mark_told_by(Proposal.objects.filter(extraction=extraction), act)
    return outcomes


def _keep_file(content: bytes, rows: Sequence[Row], act: Act, *, filename: str) -> CommuniqueVersion:
    """The file as a communiqué whose text is its rows in words, so that each value shows what it came from."""
    source, _made = Source.objects.get_or_create(slug="import", defaults={"name": "Import", "kind": SourceKind.IMPORT})
    digest = hashlib.sha256(content).hexdigest()
    communique = Communique.objects.create(
        source=source, identity=f"{act.now.isoformat()} {uuid.uuid4()}", title=filename[:300], received_at=act.now,
        received_by=act.by, state=CommuniqueState.READ,
    )  # fmt: skip
    return CommuniqueVersion.objects.create(
        communique=communique, original=content, sha256=digest, media_type=IMPORT_TYPE, filename=filename[:200],
        resent_of=CommuniqueVersion.objects.filter(sha256=digest, resent_of=None).first(),
        text="".join(_said(row) for row in rows), published_on=act.now.date(), received_at=act.now,
    )  # fmt: skip


def _said(row: Row) -> str:
    cells = "".join(f"{column}: {row[column]}\n" for column in VISITS if row[column])
    return f"[{row.number}]\n{cells}\n"


def _offsets(rows: Sequence[Row]) -> list[int]:
    """Where the words of each row begin in the text."""
    found, offset = [], 0
    for row in rows:
        found.append(offset)
        offset += len(_said(row))
    return found


def _take(row: Row, offset: int, extraction: Extraction, act: Act) -> RowOutcome:
    what = " · ".join(part for part in (row["visitors"], row["host_country"], row["start"]) if part)
    try:
        with transaction.atomic():
            verdict, why = _weighed(row, offset, extraction, act)
    except (_RefusedError, DraftError) as error:
        verdict, why = Verdict.REFUSED, [str(error)]
    except ValidationError as error:
        verdict, why = Verdict.REFUSED, list(error.messages)
    return RowOutcome(row.number, verdict, what, tuple(why))


def _weighed(row: Row, offset: int, extraction: Extraction, act: Act) -> tuple[Verdict, list[str]]:
    draft = draft_of(row, offset)
    visit_facts(draft)  # what cannot stand is refused before anything is made of it
    match = _match(row, draft)
    number = len(extraction.reading["visits"])
    extraction.reading["visits"].append(draft)
    proposal = propose_one(extraction, f"visits.{number}", ProposalKind.NEW_VISIT, draft, match, now=act.now)
    if proposal.state == ProposalState.CONFIRMING:
        return Verdict.SAME, []
    if match is None:
        review.accept(proposal, act)
        return Verdict.MADE, []
    return _changed(proposal, act)


def _changed(proposal: Proposal, act: Act) -> tuple[Verdict, list[str]]:
    lines = [line for line in change_lines(proposal.changes) if line.outcome != Outcome.CONFIRMED]
    why = [
        _("%(name)s: %(value)s") % {"name": line.field, "value": f"{line.stands} → {line.says} ({line.outcome_text})"}
        for line in lines
    ]
    contradicts = any(line.outcome is Outcome.CONFLICT for line in lines)
    seen = proposal.visit is not None and proposal.visit.is_published
    if contradicts or (seen and second_eyes.is_wanted(proposal)):
        return Verdict.WAITS, why
    if not any(line.outcome is Outcome.CHANGE for line in lines):
        return Verdict.KEPT, why
    review.accept(proposal, act)
    return Verdict.CHANGED, why


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
        raise _RefusedError(_("No row has the id “%(id)s”. Leave it empty for something new.") % {"id": row["id"][:40]})
    if visit.host_country_id != draft["host_country"]:
        raise _RefusedError(
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
            raise _RefusedError(
                _("“%(value)s” is not known in the column “%(column)s”. Use one of: %(known)s.")
                % {"value": row[column][:40], "column": column, "known": ", ".join(vocabulary)}
            )
    people = {column: [_somebody(thing) for thing in parted(row[column])] for column in _PEOPLE}
    country = row["host_country"].upper()
    codes = [country, *(one["country"] for those in people.values() for one in those if one.get("country"))]
    unknown = [code for code in codes if code and not Country.objects.filter(code=code).exists()]
    if unknown:
        raise _RefusedError(_("“%(code)s” is not the code of a country or body.") % {"code": unknown[0][:40]})
    spans = _spans(row, offset)
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
        "evidence_spans": spans,
        "confidence": dict.fromkeys(spans, 1.0),
    }


def _somebody(thing: Sequence[str]) -> dict[str, Any]:
    name, title, country = (*thing, "", "")[:3]
    return {"name": name, "aliases": [], "title": title, "country": country.upper()}


def _spans(row: Row, offset: int) -> dict[str, list[dict[str, Any]]]:
    found = {}
    start = offset + len(f"[{row.number}]\n")
    for column in VISITS:
        if not row[column]:
            continue
        start += len(f"{column}: ")
        end = start + len(row[column])
        if column != "id":
            field = {"visitors": "visitors.0.name", "invited_by": "at_invitation_of"}.get(column, column)
            found[field] = [{"start": start, "end": end, "quote": row[column], "rule": "table"}]
        start = end + 1
    return found
