"""The editor's word on what sources say of a field: pick a value with a reason, pin it, give it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques.claims import FieldDecision
from diplomacy.communiques.disputes import mark
from diplomacy.communiques.drafts import day
from diplomacy.communiques.heard import latest_decisions, standing_item
from diplomacy.communiques.reconcile import weigh_again
from diplomacy.communiques.standing import when_from_json, when_json
from diplomacy.communiques.threeway import taken
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemPatch, VisitPatch
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import PressAccess, VisitKind


class SettleError(ValueError):
    """Raised for what cannot be settled so; the message says why."""


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
    _weigh(subject, act)
    return decision


@transaction.atomic
def pin(subject: Visit | ProgrammeItem, field: str, act: Act) -> FieldDecision:
    """Hold a field fast as it stands: nothing is proposed for it any more; what sources say is still kept."""
    decision = _decide(subject, field, _standing(subject, field), act, is_pinned=True)
    _weigh(subject, act)
    return decision


@transaction.atomic
def release(subject: Visit | ProgrammeItem, field: str, act: Act) -> FieldDecision:
    """Give a field back to the sources: their next word on it is a change again, no conflict."""
    decision = _decide(subject, field, None, act, is_released=True)
    _weigh(subject, act)
    return decision


def pinned_fields(subject: Visit | ProgrammeItem) -> frozenset[str]:
    """The keys of the fields that an editor holds fast; of a visit, those of its items too."""
    return frozenset(key for key, row in latest_decisions(subject, with_items=True).items() if row.is_pinned)


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


def _standing(subject: Visit | ProgrammeItem, field: str) -> Any:
    """The value that stands, as sources' claims have it; None where there is none or they are several."""
    if isinstance(subject, Visit):
        days = {"start": subject.start_on, "end": subject.end_on}
        if field in days:
            known = days[field]
            return known.isoformat() if known else None
        return {"visit_kind": subject.kind, "status": subject.status}.get(field)
    if field == "when":
        return when_json(standing_item(subject).when)
    values = {"venue": subject.venue, "city": str(subject.place or ""), "press_access": subject.press_access}
    return values.get(field) or None


def _weigh(subject: Visit | ProgrammeItem, act: Act) -> None:
    if isinstance(subject, Visit):
        weigh_again(subject, None)
    else:
        weigh_again(None, subject)
        for visit in subject.visits.all():
            weigh_again(visit, None)
    mark(subject, act)


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
