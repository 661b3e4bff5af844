"""Contradictions of what is known, and the editor's word on them: pick a value with a reason, pin it, give it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques.claims import Claim, FieldDecision
from diplomacy.communiques.drafts import day
from diplomacy.communiques.heard import claim_key, claims_on, latest_decisions, standing_item
from diplomacy.communiques.ledger import Contradiction, Ruling, Said, contradictions
from diplomacy.communiques.models import Evidence, ProposalState
from diplomacy.communiques.reconcile import weigh_again
from diplomacy.communiques.standing import when_from_json
from diplomacy.communiques.threeway import taken
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemPatch, VisitPatch
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import PressAccess, VisitKind, VisitStatus


class SettleError(ValueError):
    """Raised for what cannot be settled so; the message says why."""


def contradictions_of(subject: Visit | ProgrammeItem) -> tuple[Contradiction, ...]:
    """Where sources disagree on a visit (its items included) or an item, each value with its quotes."""
    claims = list(claims_on(subject).select_related("proposal__extraction"))
    quotes = _quotes(claims)
    said = [
        Said(
            key=claim_key(claim),
            value=claim.value,
            source=claim.source.name,
            said_on=claim.said_on,
            made_at=claim.proposal.made_at,
            quotes=quotes.get(claim.pk, ()),
            trust=claim.source.trust,
        )
        for claim in claims
    ]
    accepted = (ProposalState.ACCEPTED, ProposalState.AMENDED)
    put_off = [
        claim.proposal.made_at
        for claim in claims
        if claim.field == "status" and claim.value == VisitStatus.POSTPONED and claim.proposal.state in accepted
    ]
    rulings = {
        key: Ruling(value=row.value, reason=row.reason, made_at=row.made_at, by=str(row.made_by or ""))
        for key, row in latest_decisions(subject).items()
        if not row.is_released
    }
    return contradictions(said, rulings, postponed_at=max(put_off, default=None))


def disputed_fields(subject: Visit | ProgrammeItem) -> frozenset[str]:
    """The keys of the fields on which sources disagree and no editor has ruled: "start", or "<item>/when"."""
    return frozenset(one.key for one in contradictions_of(subject) if one.is_disputed)


@transaction.atomic
def settle(
    subject: Visit | ProgrammeItem, field: str, value: Any, act: Act, *, is_pinned: bool = False
) -> FieldDecision:
    """Make a value stand, with the act's reason; it is the editor's own from now on. `value` is plain JSON as sources'
    claims are, `field` as in their keys without the item.

    Raises SettleError without a reason, or for a field that is not settled so.
    """
    if not act.reason.strip():
        raise SettleError(_("Say why: the reason is kept with the decision."))
    if isinstance(subject, Visit):
        _settle_visit(subject, field, value, act)
    else:
        _settle_item(subject, field, value, act)
    decision = _decide(subject, field, value, act, is_pinned=is_pinned)
    _weigh(subject)
    return decision


@transaction.atomic
def pin(subject: Visit | ProgrammeItem, field: str, act: Act) -> FieldDecision:
    """Hold a field fast as it stands: nothing is proposed for it any more; what sources say is still kept."""
    last = latest_decisions(subject).get(_key(subject, field))
    decision = _decide(subject, field, last.value if last else None, act, is_pinned=True)
    _weigh(subject)
    return decision


@transaction.atomic
def release(subject: Visit | ProgrammeItem, field: str, act: Act) -> FieldDecision:
    """Give a field back to the sources: their next word on it is a change again, no conflict."""
    decision = _decide(subject, field, None, act, is_released=True)
    _weigh(subject)
    return decision


def pinned_fields(subject: Visit | ProgrammeItem) -> frozenset[str]:
    """The keys of the fields that an editor holds fast."""
    return frozenset(key for key, row in latest_decisions(subject).items() if row.is_pinned)


def _decide(
    subject: Visit | ProgrammeItem, field: str, value: Any, act: Act,
    *, is_pinned: bool = False, is_released: bool = False,
) -> FieldDecision:  # fmt: skip
    item = subject if isinstance(subject, ProgrammeItem) else None
    return FieldDecision.objects.create(
        visit=subject if isinstance(subject, Visit) else item.visits.first() if item else None,
        item=item,
        field=field,
        value=value,
        is_pinned=is_pinned,
        is_released=is_released,
        reason=act.reason[:500],
        made_at=act.now,
        made_by=act.by,
    )


def _key(subject: Visit | ProgrammeItem, field: str) -> str:
    return field if isinstance(subject, Visit) else f"{subject.pk}/{field}"


def _weigh(subject: Visit | ProgrammeItem) -> None:
    if isinstance(subject, Visit):
        weigh_again(subject, None)
        return
    weigh_again(None, subject)
    for visit in subject.visits.all():
        weigh_again(visit, None)


def _settle_visit(visit: Visit, field: str, value: Any, act: Act) -> None:
    if field == "start":
        patch = VisitPatch(start_on=day(value))
    elif field == "end":
        patch = VisitPatch(end_on=day(value))
    elif field == "visit_kind":
        patch = VisitPatch(kind=VisitKind(value))
    else:
        raise SettleError(_("“%(field)s” is changed on the visit's own page.") % {"field": field})
    lifecycle.change(visit, patch, act)


def _settle_item(item: ProgrammeItem, field: str, value: Any, act: Act) -> None:
    if field == "when":
        patch = ItemPatch(when=taken(when_from_json(value), standing_item(item).when))
    elif field == "venue":
        patch = ItemPatch(venue=value)
    elif field == "city":
        patch = ItemPatch(city=value)
    elif field == "press_access":
        patch = ItemPatch(press_access=PressAccess(value))
    else:
        raise SettleError(_("“%(field)s” is changed on the visit's own page.") % {"field": field})
    programme.change_item(item, patch, act)


# The fields of a draft whose words stand for a claim's, where they are not called alike.
_WORDS = {"when": ("date", "start_time", "end_time", "part_of_day", "duration_minutes"), "venue": ("place",)}


def _quotes(claims: Iterable[Claim]) -> dict[int, tuple[str, ...]]:
    """The quoted words of each claim, by its number."""
    claims = list(claims)
    rows = Evidence.objects.filter(proposal__in={claim.proposal_id for claim in claims})
    by_field: dict[tuple[object, str], list[str]] = {}
    for proposal, field, quote in rows.values_list("proposal_id", "field", "quote"):
        by_field.setdefault((proposal, field), []).append(quote)
    return {
        claim.pk: tuple(
            dict.fromkeys(q for field in _fields(claim) for q in by_field.get((claim.proposal_id, field), ()))
        )
        for claim in claims
    }


def _fields(claim: Claim) -> list[str]:
    if claim.item_id is None:
        return [claim.path]
    prefix = "" if claim.proposal.is_line else f"{claim.path}."
    return [f"{prefix}{name}" for name in _WORDS.get(claim.field, (claim.field,))]
