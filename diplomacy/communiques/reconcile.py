"""Weigh what a proposal says against what stands: at its making, when what it speaks of changed, when it is accepted.

Nothing here touches a visit or an item.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from diplomacy.communiques.change import Change, as_json
from diplomacy.communiques.changes import visit_changes
from diplomacy.communiques.drafts import DraftError, item_facts, people_of, visit_facts
from diplomacy.communiques.heard import heard_of, keep_claims, standing_item, standing_visit
from diplomacy.communiques.item_changes import item_changes, pair_items
from diplomacy.communiques.known import recognise_each
from diplomacy.communiques.matching import Match
from diplomacy.communiques.models import Evidence, Proposal, ProposalKind, ProposalState
from diplomacy.visits.facts import ItemFacts, VisitFacts
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Side

_AROUND = dt.timedelta(days=60)  # of a visit, what waits may speak of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A draft as facts: the visit with its items, or one line of a diary (then there is no visit)."""

    visit: VisitFacts | None
    items: tuple[ItemFacts, ...]


def told_by(draft: dict[str, Any], *, is_line: bool) -> Told:
    """The facts of a draft.

    Raises DraftError for one that cannot stand.
    """
    if is_line:
        return Told(visit=None, items=(item_facts(draft),))
    people, country = people_of(draft), str(draft.get("host_country") or "")
    items = tuple(item_facts(item, people=people, country=country) for item in draft.get("items") or ())
    return Told(visit=visit_facts(draft), items=items)


def changes_of(proposal: Proposal, told: Told) -> tuple[Change, ...]:
    """What `told` changes, confirms or contradicts of the visit or item of the proposal, as they stand now."""
    if proposal.visit is not None and told.visit is not None:
        stands = standing_visit(proposal.visit)
        heard = heard_of(proposal.visit, stands, proposal=proposal)
        return visit_changes(told.visit, told.items, stands, heard)
    if proposal.item is not None and told.visit is None:
        item_stands = standing_item(proposal.item)
        heard = heard_of(proposal.item, item_stands, proposal=proposal)
        return tuple(item_changes("items.0", told.items[0], item_stands, heard))
    return ()


def refresh(proposal: Proposal) -> None:
    """Weigh a proposal that waits once more: its changes, its claims, and whether anybody has work with it."""
    if proposal.visit_id is None and proposal.item_id is None:
        return
    try:
        told = told_by(proposal.draft, is_line=proposal.is_line)
    except DraftError:
        return  # what cannot stand waits as it is for the editor, who sees why
    changes = changes_of(proposal, told)
    keep(proposal, changes)
    work = any(change.is_work for change in changes)
    waits = ProposalState.REPEATED if proposal.state == ProposalState.REPEATED else ProposalState.WAITING
    proposal.state = waits if work else ProposalState.CONFIRMING
    proposal.save(update_fields=["changes", "state"])
    tie_evidence(proposal, told)


def keep(proposal: Proposal, changes: Sequence[Change], *, chosen: Sequence[Change] | None = None) -> None:
    """Keep the changes with their proposal (unsaved), and what its source said of each field. `chosen` are those that
    an editor took.
    """
    proposal.changes = [as_json(change) | ({} if chosen is None else {"taken": change in chosen}) for change in changes]
    keep_claims(proposal, changes)


def weigh_again(visit: Visit | None, item: ProgrammeItem | None, *, but: Proposal | None = None) -> None:
    """What waits about a visit or item is weighed anew once that changed; and so is what may now be a change to it,
    though it was read as something new before.
    """
    waiting = Proposal.objects.filter(state__in=(ProposalState.WAITING, ProposalState.REPEATED))
    if but is not None:
        waiting = waiting.exclude(pk=but.pk)
    waiting = waiting.select_related("extraction__version__communique", "visit", "item")
    known = waiting.filter(visit=visit) if visit is not None else waiting.filter(item=item)
    for proposal in known:
        refresh(proposal)
    kind = ProposalKind.NEW_VISIT if visit is not None else ProposalKind.NEW_ITEM
    fresh = waiting.filter(kind=kind, is_new_for_sure=False)
    if visit is not None:
        fresh = fresh.filter(draft__host_country=visit.host_country_id)
        if visit.start_on is not None:
            around = (visit.start_on - _AROUND, (visit.end_on or visit.start_on) + _AROUND)
            fresh = fresh.filter(Q(soonest_on=None) | Q(soonest_on__range=around))
    elif item is not None:
        fresh = fresh.filter(draft__kind=item.kind, draft__date=item.day.isoformat() if item.day else None)
    proposals = list(fresh)
    readings = [(one.extraction.reading, str(one.extraction.version.communique_id)) for one in proposals]
    for proposal, matches in zip(proposals, recognise_each(readings), strict=True):
        if proposal.path in matches:
            _take_for_known(proposal, matches[proposal.path])


def _take_for_known(proposal: Proposal, match: Match) -> None:
    if proposal.kind == ProposalKind.NEW_VISIT:
        proposal.kind, proposal.visit_id = ProposalKind.CHANGE_VISIT, match.key
    else:
        proposal.kind, proposal.item_id = ProposalKind.CHANGE_ITEM, match.key
    proposal.match_reason, proposal.match_score = ",".join(match.reasons), match.score
    proposal.version += 1  # a form that shows it as something new is stale
    proposal.save()
    refresh(Proposal.objects.get(pk=proposal.pk))


def tie_evidence(proposal: Proposal, told: Told, *, numbers: Sequence[int] | None = None) -> None:
    """Say of each quoted word which visit and item it speaks for, as they stand now. `numbers` are those that the items
    told have in the reading; None where they were told in its order.
    """
    if told.visit is None:
        Evidence.objects.filter(proposal=proposal).update(item=proposal.item)
        return
    if proposal.visit is None:
        return
    Evidence.objects.filter(proposal=proposal).update(visit=proposal.visit, item=None)
    stands = standing_visit(proposal.visit)
    everybody = [one for one in stands.members if one.side is Side.VISITING]
    pairs = pair_items(told.items, stands.items, everybody=everybody)
    if numbers is not None:
        pairs = {numbers[place]: item for place, item in pairs.items()}
    rows = list(Evidence.objects.filter(proposal=proposal, field__startswith="items."))
    for row in rows:
        number = row.field.split(".")[1]
        row.item_id = uuid.UUID(pairs[int(number)].key) if number.isdecimal() and int(number) in pairs else None
    Evidence.objects.bulk_update(rows, ["item"])
