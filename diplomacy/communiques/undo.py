"""Take a decision on a proposal back: the proposal waits again, and what it changed stands as before.

`standing` is taken before the decision and `seal`ed after it; both are plain JSON, kept by who may want to undo.
What readers saw meanwhile stays in the revisions: undoing is one more published change, never a rewriting.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from diplomacy.communiques.disputes import mark_told_by
from diplomacy.communiques.echoing import is_echo
from diplomacy.communiques.models import UNDECIDED, Proposal, ProposalKind, ProposalState
from diplomacy.communiques.reconcile import weigh_again
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.facts import Release
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.visits.restore import restore_item, restore_visit
from diplomacy.visits.snapshot import snapshot_of_visit, snapshots_of_items
from diplomacy.vocabulary import Visibility

Standing = dict[str, Any]

_UNDOABLE = (ProposalState.ACCEPTED, ProposalState.AMENDED, ProposalState.REJECTED)


class UndoError(ValueError):
    """Raised when a decision can no longer be taken back; says why."""


def standing(proposal: Proposal) -> Standing:
    """What a decision on the proposal may change, as it stands: its visit with the items, or its line of a diary."""
    return _standing(proposal.visit, _items(proposal))


def standing_of(visit: Visit) -> Standing:
    """What an act on a visit with its items may change, as it stands."""
    return _standing(visit, _items_of(visit))


def versions_of(visit: Visit) -> dict[str, Any]:
    """The versions of a visit and its items: whoever changes something makes others of them."""
    visit = Visit.objects.get(pk=visit.pk)
    return {"visit": visit.version, "items": {str(item.pk): item.version for item in _items_of(visit)}}


@transaction.atomic
def put_back(visit: Visit, before: Standing, act: Act) -> None:
    """Let a visit and its items stand as `before`: one more published change."""
    visit.refresh_from_db()
    _put_items_back(visit, None, before["items"], act)
    _put_visit_back(visit, before["visit"], act)
    weigh_again(visit, None)


def _standing(visit: Visit | None, items: list[ProgrammeItem]) -> Standing:
    return {
        "visit": {**snapshot_of_visit(visit), "release_zone": visit.release_zone, "version": visit.version}
        if visit
        else None,
        "items": {
            str(item.pk): {**snapshot, "version": item.version}
            for item, snapshot in zip(items, snapshots_of_items(items), strict=True)
        },
    }


def seal(before: Standing, proposal: Proposal) -> Standing:
    """`before` with the versions the decision left: whoever changes something after it makes it final."""
    return {**before, "left": _versions(proposal)}


@transaction.atomic
def undo(proposal: Proposal, before: Standing, act: Act) -> Proposal:
    """Let the proposal wait again, and what it changed stand as `before`.

    Raises UndoError if it is not decided, or something else changed or builds on the same visit since.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state not in _UNDOABLE:
        raise UndoError(_("There is nothing to undo: this proposal is not decided."))
    if before.get("left") != _versions(proposal):
        raise UndoError(_("The visit was changed since. Correct it there instead."))
    was_rejected, visit, item = proposal.state == ProposalState.REJECTED, proposal.visit, proposal.item
    proposal.state, proposal.decided = ProposalState.WAITING, None
    proposal.decided_at, proposal.decided_by, proposal.reason = None, None, ""
    proposal.version += 1
    if not was_rejected and not before["visit"] and not before["items"]:  # it made something new
        _untie(proposal)
    proposal.save()
    if not was_rejected:
        if visit is not None and before["visit"] is None:
            _set_free(Proposal.objects.filter(visit=visit), ProposalKind.NEW_VISIT)
        if item is not None and str(item.pk) not in before["items"]:
            _set_free(Proposal.objects.filter(item=item), ProposalKind.NEW_ITEM)
        _put_items_back(visit, item, before["items"], act)
        _put_visit_back(visit, before["visit"], act)
        weigh_again(proposal.visit, proposal.item)
    mark_told_by([proposal], act)
    proposal.refresh_from_db()
    return proposal


def _untie(proposal: Proposal) -> None:
    """It speaks of nothing known (any more): to be saved by the caller."""
    proposal.claims.all().delete()
    proposal.evidence.update(visit=None, item=None)
    proposal.visit, proposal.item, proposal.changes = None, None, []


def _set_free(told: QuerySet[Proposal], kind: ProposalKind) -> None:
    """What waits and was taken for a change of what goes is something new again."""
    for proposal in told.filter(state__in=UNDECIDED).select_related("extraction"):
        _untie(proposal)
        rests = is_echo(proposal.extraction.version_id)
        proposal.kind = kind
        proposal.state = ProposalState.REPEATED if rests else ProposalState.WAITING
        proposal.match_reason, proposal.match_score = "", None
        proposal.version += 1
        proposal.save()


def _put_items_back(visit: Visit | None, item: ProgrammeItem | None, before: dict[str, Any], act: Act) -> None:
    lines = list(visit.programme.select_related("item")) if visit else []
    for one in [*(line.item for line in lines), *([item] if item else [])]:
        known = before.get(str(one.pk))
        if known is None:
            one.lines.filter(visit=visit).delete()
            _drop_item(one, act)
        elif known["version"] != one.version:
            restore_item(one, known, act)
            one.refresh_from_db()
        if known is not None and one.is_published and known["publication"] != Publication.PUBLISHED:
            publication.withdraw_item(one, act)


def _put_visit_back(visit: Visit | None, before: dict[str, Any] | None, act: Act) -> None:
    if visit is None:
        return
    if before is None:
        _take_back(visit, act)
        return
    if before["version"] != visit.version:
        restore_visit(visit, before, act)
        release = Release(
            visibility=Visibility(before["visibility"]),
            release_at=dt.datetime.fromisoformat(before["release_at"]) if before["release_at"] else None,
            release_zone=before["release_zone"],
        )
        lifecycle.set_release(visit, release, act)
    publication.record(visit, act)
    if visit.is_published and before["publication"] != Publication.PUBLISHED:
        publication.withdraw(visit, act)


def _take_back(visit: Visit, act: Act) -> None:
    """A visit nobody was shown goes; one that readers saw is withdrawn, so that their calendars are told."""
    if visit.is_published:
        publication.withdraw(visit, act)
        return
    try:
        visit.delete()
    except ProtectedError as error:
        raise UndoError(_("Another proposal builds on this visit. Withdraw it instead.")) from error


def _drop_item(item: ProgrammeItem, act: Act) -> None:
    if item.is_published:
        publication.withdraw_item(item, act)
    elif not item.revisions.exists() and not item.lines.exists():
        try:
            item.delete()
        except ProtectedError as error:
            raise UndoError(_("Another proposal builds on this visit. Withdraw it instead.")) from error


def _items(proposal: Proposal) -> list[ProgrammeItem]:
    return [*(_items_of(proposal.visit) if proposal.visit else []), *([proposal.item] if proposal.item else [])]


def _items_of(visit: Visit) -> list[ProgrammeItem]:
    return [line.item for line in visit.programme.select_related("item__place")]


def _versions(proposal: Proposal) -> dict[str, Any]:
    proposal = Proposal.objects.select_related("visit", "item").get(pk=proposal.pk)
    return {
        "proposal": proposal.version,
        "visit": proposal.visit.version if proposal.visit else None,
        "items": {str(item.pk): item.version for item in _items(proposal)},
    }
