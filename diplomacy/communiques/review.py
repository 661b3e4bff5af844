"""Accept, amend and reject proposals: an editor's decision becomes an act on visits and items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques.applying import apply_to_item, apply_to_visit
from diplomacy.communiques.change import Change
from diplomacy.communiques.disputes import mark, mark_told_by
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.heard import keep_claims
from diplomacy.communiques.models import Proposal, ProposalKind, ProposalState
from diplomacy.communiques.reconcile import changes_of, keep, tie_evidence, told_by, weigh_again
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.models import Country
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Visibility


class DecidedError(ValueError):
    """Raised when a proposal was decided (or changed) meanwhile; says by whom."""


@transaction.atomic
def accept(
    proposal: Proposal,
    act: Act,
    *,
    amended: dict[str, Any] | None = None,
    taken: Collection[str] | None = None,
    release: Release | None = None,
    publish: bool = False,
) -> Proposal:
    """Make what is proposed true: as read, or as the editor amended it. With `publish` readers see it at once, as far
    as `release` lets them; None is as the communiqué says, or as the visit has it already.

    Of a known visit or item just what changes is changed. `taken` names the changes to make by their keys; None is
    all of them but those that contradict an editor, whose value stays.
    Raises DecidedError if somebody decided before, DraftError or ValidationError for what cannot stand.
    """
    proposal = _waiting(proposal)
    draft = proposal.draft if amended is None else amended
    if proposal.visit is None and proposal.item is None:
        _accept_new(proposal, draft, act, release=release, publish=publish)
    else:
        _accept_change(proposal, draft, act, taken=taken, release=release, publish=publish)
    proposal.decided = amended
    _decide(proposal, ProposalState.ACCEPTED if amended is None else ProposalState.AMENDED, act)
    _remember(proposal)
    weigh_again(proposal.visit, proposal.item, but=proposal)
    mark_told_by([proposal], act)
    return proposal


@transaction.atomic
def reject(proposal: Proposal, act: Act) -> Proposal:
    """Put a proposal aside; it stays, with who, when and why.

    Raises DecidedError if somebody decided before.
    """
    proposal = _waiting(proposal)
    _decide(proposal, ProposalState.REJECTED, act)
    mark_told_by([proposal], act)
    return proposal


@transaction.atomic
def take_for_new(proposal: Proposal, act: Act) -> Proposal:
    """It tells of another visit or item than it was matched to: a proposal of something new, which still waits.

    Raises DecidedError if somebody decided before.
    """
    proposal = _waiting(proposal)
    subject = proposal.visit or proposal.item
    proposal.kind = ProposalKind.NEW_ITEM if proposal.is_line else ProposalKind.NEW_VISIT
    proposal.visit, proposal.item, proposal.changes = None, None, []
    proposal.match_reason, proposal.match_score, proposal.reason = "", None, act.reason
    proposal.is_new_for_sure = True
    proposal.version += 1
    proposal.save()
    proposal.claims.all().delete()
    proposal.evidence.update(visit=None, item=None)
    if subject is not None:
        mark(subject, act)
    return proposal


def _waiting(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update().select_related("extraction__version__communique").get(pk=proposal.pk)
    if locked.state != ProposalState.WAITING or locked.version != proposal.version:
        raise DecidedError(_("This proposal is no longer waiting (%(state)s).") % {"state": locked.get_state_display()})
    return locked


def _decide(proposal: Proposal, state: ProposalState, act: Act) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.reason = state, act.now, act.by, act.reason
    proposal.version += 1
    proposal.save()


def _accept_new(proposal: Proposal, draft: dict[str, Any], act: Act, *, release: Release | None, publish: bool) -> None:
    told = told_by(draft, is_line=proposal.is_line)
    source, release = _source(proposal), release or _release(proposal)
    if told.visit is None:
        proposal.item = programme.add_item(told.items[0], act, source=source)
        programme.set_release(proposal.item, release, act)
    else:
        proposal.visit = lifecycle.announce(told.visit, told.items, act, release=release, source=source)
    _publish(proposal, act, publish=publish)


def _accept_change(
    proposal: Proposal,
    draft: dict[str, Any],
    act: Act,
    *,
    taken: Collection[str] | None,
    release: Release | None,
    publish: bool,
) -> None:
    known = proposal.visit or proposal.item
    assert known is not None
    _refuse_under_embargo(proposal, known, act)
    told = told_by(draft, is_line=proposal.is_line)
    changes = changes_of(proposal, told)
    chosen = _chosen(proposal, changes, taken=taken, is_amended=draft is not proposal.draft)
    source = _source(proposal)
    if proposal.visit is not None and told.visit is not None:
        apply_to_visit(proposal.visit, chosen, told.visit, told.items, act, source=source)
        if release is not None and release != release_of(proposal.visit):
            lifecycle.set_release(proposal.visit, release, act)
    elif proposal.item is not None:
        apply_to_item(proposal.item, chosen, told.items[0], act, source=source)
        if release is not None and release != release_of(proposal.item):
            programme.set_release(proposal.item, release, act)
    numbers = _numbers_read(draft)
    keep(proposal, _as_read(changes, numbers), chosen=_as_read(chosen, numbers))
    _publish(proposal, act, publish=publish)


def _chosen(
    proposal: Proposal, changes: Sequence[Change], *, taken: Collection[str] | None, is_amended: bool
) -> list[Change]:
    """The changes to be made: those named in `taken`; else all that no editor decided otherwise, and what the editor
    now typed.
    """
    if taken is not None:
        return [change for change in changes if change.key in taken and change.outcome is not Outcome.CONFIRMED]
    chosen = [change for change in changes if change.outcome is Outcome.CHANGE]
    if is_amended:
        read = changes_of(proposal, told_by(proposal.draft, is_line=proposal.is_line))
        as_read = [(change.key, change.says) for change in read]
        asked = (Outcome.CONFLICT, Outcome.KEPT)
        chosen += [one for one in changes if one.outcome in asked and (one.key, one.says) not in as_read]
    return chosen


def _as_read(changes: Sequence[Change], numbers: Sequence[int]) -> list[Change]:
    """The changes with each item's number in the reading, which an editor who drops one before it does not change:
    its words go by that number.
    """
    return [
        replace(change, path=f"items.{numbers[change.number]}") if change.number is not None and numbers else change
        for change in changes
    ]


def _numbers_read(draft: dict[str, Any]) -> list[int]:
    """The number in the reading of each item of a draft as the editor left it."""
    return [int(item.get("number_read", place)) for place, item in enumerate(draft.get("items") or ())]


def _publish(proposal: Proposal, act: Act, *, publish: bool) -> None:
    if publish and proposal.visit is not None:
        publication.publish(proposal.visit, act)
    elif publish and proposal.item is not None:
        publication.publish_item(proposal.item, act)


def _remember(proposal: Proposal) -> None:
    """Keep what the text said of each field of the visit or item as it stands now, and tie its words to them."""
    proposal.save()
    try:
        read = told_by(proposal.draft, is_line=proposal.is_line)
    except DraftError:  # the editor said what the text lacks: no value of it is the source's
        decided = proposal.decided or {}
        tie_evidence(proposal, told_by(decided, is_line=proposal.is_line), numbers=_numbers_read(decided))
        return
    keep_claims(proposal, changes_of(proposal, read))
    tie_evidence(proposal, read)


def _refuse_under_embargo(proposal: Proposal, known: Visit | ProgrammeItem, act: Act) -> None:
    """A change to what readers see would show at once, so it waits for the release of its source."""
    until = proposal.extraction.version.communique.embargoed_until
    if known.is_published and until is not None and until > act.now:
        raise DraftError(
            _("The source is under embargo until %(until)s UTC. Accept the change then.")
            % {"until": f"{until:%Y-%m-%d %H:%M}"}
        )


def _source(proposal: Proposal) -> str:
    return str(proposal.extraction.version.communique)[:200]


def release_of(subject: Visit | ProgrammeItem) -> Release:
    """Who may see a visit or an item as it stands, and from when."""
    return Release(
        visibility=Visibility(subject.visibility),
        release_at=subject.release_at,
        release_zone=subject.release_zone,
    )


def _release(proposal: Proposal) -> Release:
    return replace(Release(), release_at=proposal.extraction.version.communique.embargoed_until)


def countries() -> list[tuple[str, str]]:
    """Every party as (code, name), by name: the choices of a review form."""
    return sorted(((country.code, str(country)) for country in Country.objects.all()), key=lambda pair: pair[1])
