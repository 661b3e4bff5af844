"""Where what is published comes from: the words of the texts that speak for it, and whose texts they are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from agenda.entries.models import DiaryEntry
from agenda.entries.quoting import sentence_around
from diplomacy.communiques.left_out import is_left_out, read_value
from diplomacy.communiques.models import CommuniqueVersion, Evidence, Proposal, ProposalKind, ProposalState

# The field of the diary that each field of a reading speaks for; what is not here is called the same.
_OF_VISIT = {
    "start": "starts_on", "end": "ends_on", "original_start": "original_start_on", "original_end": "original_end_on",
    "visit_kind": "kind", "visitors": "members", "delegation": "members", "at_invitation_of": "members",
}  # fmt: skip
_OF_ITEM = {
    "title": "as_said", "date": "day", "timezone": "zone", "place": "venue", "offices": "participants",
}  # fmt: skip
# What a snapshot calls fields that the diary calls otherwise.
_COLUMNS = {"starts_on": "start_on", "ends_on": "end_on"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text that speaks for something published, and whose it is."""

    communique: uuid.UUID
    title: str
    slug: str
    name: str
    published_on: dt.date | None
    language: str  # empty where nobody told it


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a value came from; `field` is the diary's name of what they speak for."""

    field: str
    quote: str
    sentence: str
    confidence: float | None
    communique: uuid.UUID


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that speaks for one entry, in the order of the texts' arrival and of their words."""

    evidence: tuple[Quote, ...] = ()
    sources: tuple[Source, ...] = ()


def spoken(at: dt.datetime) -> Q:
    """Evidence of texts that spoke for what stood at `at` (aware) and were not under embargo then."""
    said = Q(proposal__state__in=(ProposalState.ACCEPTED, ProposalState.AMENDED), proposal__decided_at__lte=at)
    said |= Q(proposal__state=ProposalState.CONFIRMING, proposal__made_at__lte=at)
    until = "proposal__extraction__version__communique__embargoed_until"
    return said & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__lte": at}))


def of_visits_themselves() -> Q:
    """Evidence for a visit's own values: neither for one of its items, nor for an item read that an editor did not
    take, which stands in no diary.
    """
    return Q(item=None) & ~Q(field__startswith="items.")


def spoken_for(entries: Sequence[DiaryEntry], at: dt.datetime) -> QuerySet[Evidence]:
    """The evidence that speaks for these entries themselves, not for a visit's items."""
    visits = [entry.visit_id for entry in entries if entry.visit_id]
    items = [entry.item_id for entry in entries if entry.item_id]
    of_visits = of_visits_themselves() & (Q(visit__in=visits) | Q(visit__merged_into__in=visits))
    return Evidence.objects.filter(of_visits | Q(item__in=items)).filter(spoken(at))


def provenance_of(entries: Sequence[DiaryEntry], at: dt.datetime) -> dict[str, Provenance]:
    """What spoke for each entry at `at`, by the id of the visit or item: two or three queries, however many entries."""
    rows = list(
        spoken_for(entries, at)
        .select_related("proposal__extraction", "visit")
        .defer("proposal__draft", "proposal__decided", "proposal__changes", "proposal__extraction__reading")
        .order_by("start", "field")
    )
    versions = (
        CommuniqueVersion.objects.select_related("communique__source")
        .only("text", "published_on", "language", "received_at", "communique__title", "communique__source")
        .in_bulk({row.proposal.extraction.version_id for row in rows})
    )
    rows.sort(key=lambda row: versions[row.proposal.extraction.version_id].received_at)
    rows = without_left_out(rows, entries)
    known = {entry.visit_id or entry.item_id for entry in entries}
    found: dict[str, list[tuple[Evidence, CommuniqueVersion]]] = {}
    for row in rows:
        owner = row.item_id or (row.visit_id if row.visit_id in known else row.visit and row.visit.merged_into_id)
        found.setdefault(str(owner), []).append((row, versions[row.proposal.extraction.version_id]))
    return {owner: _provenance(said) for owner, said in found.items()}


def without_left_out(rows: Iterable[Evidence], entries: Iterable[DiaryEntry]) -> list[Evidence]:
    """Those whose value an editor took, and of the others those whose value stands all the same. One query, where
    there is something to ask; the rows have their proposals at hand.
    """
    said = list(rows)
    weighed = {row.proposal_id for row in said if _is_weighed(row.proposal)}
    proposals = Proposal.objects.only("draft", "decided", "changes").in_bulk(weighed) if weighed else {}
    stands = {entry.visit_id or entry.item_id: entry.content for entry in entries}

    def speaks(row: Evidence) -> bool:
        proposal = proposals.get(row.proposal_id)
        if proposal is None or not is_left_out(row, proposal):
            return True
        name = _COLUMNS.get(_field(row), _field(row))
        content = stands.get(row.item_id or row.visit_id) or {}
        return name in content and content[name] == read_value(row, proposal)

    return [row for row in said if speaks(row)]


def _is_weighed(proposal: Proposal) -> bool:
    """Whether an editor could take one value of it and leave another."""
    is_change = proposal.kind in {ProposalKind.CHANGE_VISIT, ProposalKind.CHANGE_ITEM}
    return is_change or proposal.state == ProposalState.AMENDED


def _provenance(said: Iterable[tuple[Evidence, CommuniqueVersion]]) -> Provenance:
    quotes: dict[Quote, None] = {}
    sources: dict[Source, None] = {}
    for row, version in said:
        communique = version.communique
        quotes[
            Quote(
                field=_field(row),
                quote=row.quote,
                sentence=sentence_around(version.text, row.start, row.end),
                confidence=row.confidence,
                communique=communique.pk,
            )
        ] = None
        sources[
            Source(
                communique=communique.pk,
                title=communique.title,
                slug=communique.source.slug,
                name=communique.source.name,
                published_on=version.published_on,
                language=row.proposal.extraction.language or version.language,
            )
        ] = None
    return Provenance(tuple(quotes), tuple(sources))


def _field(row: Evidence) -> str:
    parts = row.field.split(".")
    if row.item_id is None:
        return _OF_VISIT.get(parts[0], parts[0])
    name = parts[2] if parts[0] == "items" and len(parts) > 2 else parts[0]
    return _OF_ITEM.get(name, name)
