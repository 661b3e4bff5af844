"""Fields held fast: which are, and holding or giving back one from a visit's page or from the review of a change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agenda.desk.permission import require
from diplomacy.communiques import settling
from diplomacy.communiques.change_wording import field_text
from diplomacy.communiques.models import Proposal
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Role

_OF_VISIT = ("start", "end", "visit_kind", "status", "cities", "members")
_OF_ITEM = ("when", "venue", "city", "press_access", "accreditation_until", "participants", "status")
_LABELS = {
    "cities": gettext_lazy("Cities"),
    "members": gettext_lazy("Delegation"),
    "participants": gettext_lazy("Participants"),
}
_ROLES = {role.value for role in Role}


@dataclass(frozen=True, slots=True)
class Pin:
    """A field that can be held fast; `key` is "end" or "<item>/when"."""

    key: str
    label: str
    is_pinned: bool


def pins_of(subject: Visit | ProgrammeItem, pinned: Iterable[str]) -> list[Pin]:
    """Every field of a visit, or of an item, that can be held fast; `pinned` are the keys of those that are."""
    is_visit, held = isinstance(subject, Visit), set(pinned)
    keys = [(name, name if is_visit else f"{subject.pk}/{name}") for name in (_OF_VISIT if is_visit else _OF_ITEM)]
    return [Pin(key, str(_LABELS.get(name) or field_text(name)), key in held) for name, key in keys]


def pins_in(proposal: Proposal) -> dict[str, Pin]:
    """The field that can be held fast for each change of a proposal, by the change's key."""
    subject = proposal.visit or proposal.item
    if subject is None:
        return {}
    held = settling.pinned_fields(subject)
    found = {}
    for change in proposal.changes:
        key = _held_by(change["key"])
        if key:
            name = key.rpartition("/")[2]
            found[change["key"]] = Pin(key, str(_LABELS.get(name) or field_text(name)), key in held)
    return found


def _held_by(key: str) -> str:
    """The key that holds the field of a change fast: of one city or member all of them; empty where none does."""
    item, slash, field = key.rpartition("/")
    name = field.partition(":")[0]
    if not item:
        name = "cities" if name == "city" else "members" if name in _ROLES else name
        return name if name in _OF_VISIT else ""
    name = "participants" if name == "participant" else name
    return f"{item}{slash}{name}" if name in _OF_ITEM else ""


@require_POST
def visit_pins_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Hold just the ticked fields of a visit, or of one of its items, fast."""
    visit = get_object_or_404(Visit, pk=visit_id)
    user = require(request, "diplomacy.publish_visit", visit)
    item = request.POST.get("item", "")
    subject = get_object_or_404(ProgrammeItem, pk=uuid.UUID(item), visits=visit) if item else visit
    act = Act(now=timezone.now(), by=user, reason=request.POST.get("reason", ""))
    ticked = set(request.POST.getlist("pinned"))
    _hold(subject, pins_of(subject, settling.pinned_fields(subject)), ticked, act)
    messages.success(request, _("Kept. What sources say of a pinned field is still recorded."))
    return redirect("admin:desk_visit", visit.pk)


@require_POST
def review_pin_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Hold the field of a change fast, or give it back to the sources; what waits is weighed anew."""
    proposal = get_object_or_404(Proposal.objects.select_related("visit", "item"), pk=proposal_id)
    user = require(request, "diplomacy.publish_visit", proposal)
    pin = pins_in(proposal).get(request.POST.get("change", ""))
    if pin is None:
        messages.error(request, _("Say which."))
    else:
        item = pin.key.rpartition("/")[0]
        subject = get_object_or_404(ProgrammeItem, pk=item) if item else proposal.visit
        assert subject is not None  # a key without an item is of a visit
        _hold(subject, [pin], set() if pin.is_pinned else {pin.key}, Act(now=timezone.now(), by=user))
        messages.success(request, _("Unpinned: given back to the sources.") if pin.is_pinned else _("Pinned."))
    return redirect("admin:desk_review", proposal_id=proposal_id)


@transaction.atomic
def _hold(subject: Visit | ProgrammeItem, pins: Iterable[Pin], wanted: set[str], act: Act) -> None:
    for pin in pins:
        field = pin.key.rpartition("/")[2]
        if pin.key in wanted and not pin.is_pinned:
            settling.pin(subject, field, act)
        elif pin.is_pinned and pin.key not in wanted:
            settling.release(subject, field, act)
