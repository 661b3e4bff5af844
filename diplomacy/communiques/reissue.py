"""Compare the edition of an agenda just read with the one before, and keep what became of each line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, Q, QuerySet, Subquery

from diplomacy.communiques.drafts import DraftError, item_facts
from diplomacy.communiques.editions import LEAST_LINES, Line, LineChange, LineState, compare
from diplomacy.communiques.item_changes import when_told
from diplomacy.communiques.listings import EditionLine, Resolution
from diplomacy.communiques.matching import Reason
from diplomacy.communiques.models import UNDECIDED, Extraction, Proposal, ProposalKind, ProposalState, Source
from diplomacy.communiques.reconcile import refresh
from diplomacy.vocabulary import ItemStatus, VisitStatus

_LINES = (ProposalKind.NEW_ITEM, ProposalKind.CHANGE_ITEM)
_AT_ONCE = 500  # identities a query
_REACH_BACK = 20  # texts of the same source among which the edition before is sought


def compare_with_edition_before(extraction: Extraction, *, now: dt.datetime) -> list[EditionLine]:
    """Keep what became of each line since the edition before; nothing for a text that re-issues none.

    A line moved or reworded becomes a change to the item that was made of it; one that still waited in the edition
    before waits in this one only.
    """
    current = _lines(extraction)
    if len(current) < LEAST_LINES:
        return []
    today = extraction.version.published_on
    for previous in _editions_before(extraction):
        changes = compare(_lines(previous), current, not_before=today)
        if changes:
            return _keep(extraction, previous, changes, now=now)
    return []


def carry_on_event(extraction: Extraction) -> None:
    """A new version of a calendar's event speaks of what was made of the versions before: it is one event, wherever it
    has been moved to."""
    earlier = Proposal.objects.filter(
        extraction__version__communique=extraction.version.communique_id, kind__in=_LINES
    ).exclude(extraction=extraction)
    before: dict[str, Proposal] = {}
    for old in earlier.select_related("item").order_by("made_at", "id"):
        if old.item is not None or before.get(old.path, old).item is None:
            before[old.path] = old
    for new in extraction.proposals.filter(kind__in=_LINES).select_related("item"):
        if new.path in before:
            _carry_on(before[new.path], new)


def stop_listing(source: Source, identities: Sequence[str], *, now: dt.datetime) -> set[str]:
    """Keep that a calendar lists these events no longer; returns those that were read, of which this can be kept."""
    rows = _live(source, identities)
    EditionLine.objects.bulk_create(
        EditionLine(
            edition=row.extraction, state=LineState.NO_LONGER_LISTED.value, before=row, item=row.item, noticed_at=now
        )
        for row in rows
    )
    return {row.extraction.version.communique.identity for row in rows}


def list_again(source: Source, identities: Sequence[str], *, now: dt.datetime) -> None:
    """Keep that a calendar lists these events again."""
    rows = _live(source, identities)
    EditionLine.objects.bulk_create(
        [
            EditionLine(
                edition=row.extraction, state=LineState.UNCHANGED.value, before=row, now=row, item=row.item,
                noticed_at=now,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["edition", "before", "now"],
        update_fields=["noticed_at", "item"],
    )  # fmt: skip


def unlisted_to_come(today: dt.date) -> QuerySet[Proposal]:
    """What was proposed of this day or later, is not given up, and is listed no longer by its calendar or agenda; the
    soonest first, until an editor has kept or cancelled it.
    """
    of_it = EditionLine.objects.filter(Q(before=OuterRef("pk")) | Q(item=OuterRef("item")))
    of_it = of_it.order_by("-noticed_at", "-id")
    rows = Proposal.objects.exclude(state__in=(ProposalState.SUPERSEDED, ProposalState.REJECTED))
    rows = rows.exclude(item__status=ItemStatus.CANCELLED).exclude(visit__status=VisitStatus.CANCELLED)
    dropped = EditionLine.objects.filter(state=LineState.NO_LONGER_LISTED)
    rows = rows.filter(soonest_on__gte=today, pk__in=dropped.values("before"))
    rows = rows.alias(listed=Subquery(of_it.values("state")[:1])).filter(listed=LineState.NO_LONGER_LISTED)
    rows = rows.alias(resolved=Subquery(of_it.values("resolution")[:1]))
    rows = rows.exclude(resolved__in=(Resolution.KEPT, Resolution.CANCELLED))
    return rows.select_related("extraction__version__communique__source").order_by("soonest_on", "pk")


def _live(source: Source, identities: Sequence[str]) -> list[Proposal]:
    """The proposals of a source's events that no later reading has replaced."""
    found: list[Proposal] = []
    for start in range(0, len(identities), _AT_ONCE):
        chunk = identities[start : start + _AT_ONCE]
        rows = Proposal.objects.filter(
            extraction__version__communique__source=source, extraction__version__communique__identity__in=chunk
        )
        rows = rows.exclude(state=ProposalState.SUPERSEDED)
        found += rows.select_related("extraction__version__communique", "item").order_by("made_at", "id")
    return found


def _editions_before(extraction: Extraction) -> list[Extraction]:
    """The last readings of other texts of the same source, latest first; of each text the last reading only."""
    version = extraction.version
    earlier = Q(version__published_on__lt=version.published_on) | Q(
        version__published_on=version.published_on, version__received_at__lt=version.received_at
    )
    rows = Extraction.objects.filter(earlier, version__communique__source=version.communique.source_id)
    rows = rows.exclude(version=version).select_related("version")
    rows = rows.order_by("-version__published_on", "-version__received_at", "-made_at")
    latest: dict[int, Extraction] = {}
    for row in rows[:_REACH_BACK]:
        latest.setdefault(row.version_id, row)
    return list(latest.values())


def _lines(extraction: Extraction) -> list[Line]:
    lines = []
    for number, draft in enumerate(extraction.reading["items"]):
        try:
            facts = item_facts(draft)
        except DraftError:
            continue  # the editor sees why when the proposal is opened
        lines.append(
            Line(
                key=f"items.{number}",
                kind=facts.kind,
                when=when_told(facts),
                title=facts.title,
                venue=facts.venue,
                participants=facts.participants,
            )
        )
    return lines


def _keep(
    extraction: Extraction, previous: Extraction, changes: Iterable[LineChange], *, now: dt.datetime
) -> list[EditionLine]:
    before = {row.path: row for row in previous.proposals.select_related("item")}
    present = {row.path: row for row in extraction.proposals.select_related("item")}
    rows = []
    for change in changes:
        old, new = before.get(change.before), present.get(change.now)
        if old is not None and new is not None:
            _carry_on(old, new)
        item = (new and new.item) or (old and old.item) or None
        rows.append(
            EditionLine(edition=extraction, state=change.state.value, before=old, now=new, item=item, noticed_at=now)
        )
    return EditionLine.objects.bulk_create(rows)


def _carry_on(old: Proposal, new: Proposal) -> None:
    """The line goes on: what was made of it in the edition before is what it speaks of now."""
    if old.state in UNDECIDED:
        old.state = ProposalState.SUPERSEDED
        old.save(update_fields=["state"])
    if new.item is None and old.item is not None and new.state == ProposalState.WAITING:
        new.kind, new.item, new.match_reason, new.match_score = (
            ProposalKind.CHANGE_ITEM,
            old.item,
            Reason.SAME_LINE,
            1.0,
        )
        new.save(update_fields=["kind", "item", "match_reason", "match_score"])
        refresh(Proposal.objects.select_related("extraction__version__communique", "item").get(pk=new.pk))
    elif old.state == ProposalState.REJECTED and old.draft.get("title") == new.draft.get("title"):
        _stay_rejected(old, new)


def _stay_rejected(old: Proposal, new: Proposal) -> None:
    """What an editor rejected is not asked again where its next edition says it in the same words at the same time."""
    same = all(old.draft.get(name) == new.draft.get(name) for name in ("kind", "date", "start_time", "participants"))
    if same and new.state == ProposalState.WAITING:
        new.state = ProposalState.CONFIRMING
        new.save(update_fields=["state"])
