"""Accept, amend and reject proposals: an editor's decision becomes an act on visits and items."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques.drafts import DraftError, item_facts, people_of, visit_facts
from diplomacy.communiques.models import Evidence, Proposal, ProposalState
from diplomacy.directory.models import Country
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemStatus, Visibility, VisitStatus


class DecidedError(ValueError):
    """Raised when a proposal was decided (or changed) meanwhile; says by whom."""


@transaction.atomic
def accept(
    proposal: Proposal,
    act: Act,
    *,
    amended: dict[str, Any] | None = None,
    release: Release | None = None,
    publish: bool = False,
) -> Proposal:
    """Make what is proposed true: as read, or as the editor amended it. With `publish` readers see it at once, as far
    as `release` lets them; None is as the communiqué says, or as the visit has it already.

    Raises DecidedError if somebody decided before, DraftError or ValidationError for what cannot stand.
    """
    proposal = _waiting(proposal)
    draft = proposal.draft if amended is None else amended
    if proposal.is_line:
        _accept_item(proposal, draft, act, release=release, publish=publish)
    else:
        _accept_visit(proposal, draft, act, release=release, publish=publish)
    proposal.decided = amended
    _decide(proposal, ProposalState.ACCEPTED if amended is None else ProposalState.AMENDED, act)
    return proposal


@transaction.atomic
def reject(proposal: Proposal, act: Act) -> Proposal:
    """Put a proposal aside; it stays, with who, when and why.

    Raises DecidedError if somebody decided before.
    """
    proposal = _waiting(proposal)
    _decide(proposal, ProposalState.REJECTED, act)
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


def _accept_visit(
    proposal: Proposal, draft: dict[str, Any], act: Act, *, release: Release | None, publish: bool
) -> None:
    people = people_of(draft)
    country = str(draft.get("host_country") or "")
    items = tuple(item_facts(item, people=people, country=country) for item in draft.get("items") or ())
    source = _source(proposal)
    if proposal.visit is None:
        visit = lifecycle.announce(visit_facts(draft), items, act, release=release or _release(proposal), source=source)
        made = [line.item for line in visit.programme.select_related("item").order_by("position")]
    else:
        visit = proposal.visit
        _refuse_under_embargo(proposal, visit, act)
        made = _apply_change(visit, draft, items, act, source=source)
        if release is not None and release != release_of(visit):
            lifecycle.set_release(visit, release, act)
    if publish:
        publication.publish(visit, act)
    proposal.visit = visit
    _tie_evidence(proposal, visit, _by_number_read(draft, made))


def _refuse_under_embargo(proposal: Proposal, known: Visit | ProgrammeItem, act: Act) -> None:
    """A change to what readers see would show at once, so it waits for the release of its source."""
    until = proposal.extraction.version.communique.embargoed_until
    if known.is_published and until is not None and until > act.now:
        raise DraftError(
            _("The source is under embargo until %(until)s UTC. Accept the change then.")
            % {"until": f"{until:%Y-%m-%d %H:%M}"}
        )


def _apply_change(
    visit: Visit, draft: dict[str, Any], items: tuple[ItemFacts, ...], act: Act, *, source: str
) -> list[ProgrammeItem]:
    """Apply what a later communiqué says: its status and days, and the items not known yet. What it does not mention
    stays as it is.
    """
    facts = visit_facts(draft)
    if facts.status is VisitStatus.CANCELLED:
        lifecycle.cancel(visit, act)
    elif facts.status is VisitStatus.POSTPONED:
        moved = facts.start_on is not None and facts.start_on != visit.start_on
        lifecycle.postpone(
            visit, act, start_on=facts.start_on if moved else None, end_on=facts.end_on if moved else None
        )
    else:
        if facts.start_on is not None:
            visit.start_on, visit.end_on = facts.start_on, facts.end_on or facts.start_on
        # A text that says no more than that a visit is to come does not take back what was confirmed.
        is_said = facts.status is not VisitStatus.ANNOUNCED
        lifecycle.set_status(visit, facts.status if is_said else VisitStatus(visit.status), act)
    known: list[ProgrammeItem] = []
    for item in items:
        known.append(_retell_item(visit, item, act, known, source=source))
    return known


def _retell_item(visit: Visit, facts: ItemFacts, act: Act, told: list[ProgrammeItem], *, source: str) -> ProgrammeItem:
    """The item of the visit that is meant (same kind and day, each once), moved if another hour is told; else a new
    one.
    """
    same = [item for item in visit.items.filter(kind=facts.kind, day=facts.day) if item not in told]
    item = next((one for one in same if one.start_time == facts.start_time), same[0] if same else None)
    if item is None:
        return programme.add_item(facts, act, visit=visit, source=source)
    other_hour = facts.start_time is not None and item.start_time != facts.start_time
    other_status = facts.status is not ItemStatus.SCHEDULED and item.status != facts.status
    if other_hour or other_status:
        programme.move_item(item, facts, act, source=source)
    return item


def _accept_item(
    proposal: Proposal, draft: dict[str, Any], act: Act, *, release: Release | None, publish: bool
) -> None:
    facts = item_facts(draft)
    item = proposal.item
    if item is None:
        item = programme.add_item(facts, act, source=_source(proposal))
        programme.set_release(item, release or _release(proposal), act)
    else:
        _refuse_under_embargo(proposal, item, act)
        programme.move_item(item, facts, act, source=_source(proposal))
        if release is not None and release != release_of(item):
            programme.set_release(item, release, act)
    if publish:
        publication.publish_item(item, act)
    proposal.item = item
    Evidence.objects.filter(proposal=proposal).update(item=item)


def _by_number_read(draft: dict[str, Any], made: list[ProgrammeItem]) -> dict[int, ProgrammeItem]:
    """Each item by its number in the reading, which an editor who drops one before it does not change."""
    numbers = [int(said.get("number_read", place)) for place, said in enumerate(draft.get("items") or ())]
    return dict(zip(numbers, made, strict=True))


def _tie_evidence(proposal: Proposal, visit: Visit, items: dict[int, ProgrammeItem]) -> None:
    Evidence.objects.filter(proposal=proposal).update(visit=visit)
    for number, item in items.items():
        Evidence.objects.filter(proposal=proposal, field__startswith=f"items.{number}.").update(item=item)


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
