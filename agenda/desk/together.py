"""Accept all that was read with high confidence: shown first, accepted together, and undone together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agenda.desk import keys
from agenda.desk.making import LooksAlikeError, warn_of_look_alikes
from agenda.desk.permission import may, require
from agenda.desk.wording import proposal_facts, proposal_title
from agenda.entries.days import days_text
from agenda.handling import acts as handling
from diplomacy.accounts.models import User
from diplomacy.communiques import review, second_eyes, undo
from diplomacy.communiques.by_rule import is_free, least_confidence
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.models import Proposal, ProposalKind, ProposalState
from diplomacy.visits.acts import Act

# So many are looked at, the soonest first: what more there is comes when these are decided.
SHOWN = 50
_LEAST = "0.90"
_REVIEW = "diplomacy.review_proposal"
_PUBLISH = "diplomacy.publish_visit"


class LeastForm(forms.Form):
    """From which confidence on."""

    least = forms.ChoiceField(
        label=gettext_lazy("Every value read with a confidence of at least"),
        choices=[(f"0.{percent}", f"{percent} %") for percent in (95, 90, 80)],
    )


@dataclass(frozen=True, slots=True)
class Sure:
    """A proposal that nothing speaks against; `key` names it and the version that is shown."""

    proposal: Proposal
    title: str
    facts: str
    day: str
    percent: int

    @property
    def key(self) -> str:
        """What its box sends."""
        return f"{self.proposal.pk} {self.proposal.version}"


@require_http_methods(["GET", "POST"])
def together_view(request: HttpRequest) -> HttpResponse:
    """What would be accepted; POST accepts what is ticked, each by itself, and says what was left."""
    user = require(request, _REVIEW)
    form = LeastForm(request.GET or None)
    least = float(form.cleaned_data["least"]) if form.is_valid() else float(_LEAST)
    if request.method == "POST":
        _accept_all(request, user)
        return redirect("admin:desk_together")
    context = {
        **admin.site.each_context(request),
        "title": _("Accept what is certain"),
        "form": form if form.is_valid() else LeastForm(initial={"least": _LEAST}),
        "sure": list(_sure(least, user)),
        "undoable": len(request.session.get(keys.LAST_TOGETHER, ())),
        "may_publish": user.has_perm(_PUBLISH),
    }
    return TemplateResponse(request, "admin/desk/together.html", context)


@require_POST
def undo_view(request: HttpRequest) -> HttpResponse:
    """Take back what was accepted together last, as far as nothing builds on it yet."""
    user = require(request, _REVIEW)
    named = request.session.pop(keys.LAST_TOGETHER, [])
    act = Act(now=timezone.now(), by=user, reason=_("Decision undone."))
    undone = 0
    for proposal in Proposal.objects.filter(pk__in=named).select_related("visit", "item"):
        try:
            _undo(request, proposal, act)
            undone += 1
        except (undo.UndoError, ValidationError) as error:
            messages.error(request, f"{proposal_title(proposal)}{_(': ')}{_said(error)}")
    if undone:
        messages.success(request, _waits_again(undone))
    return redirect("admin:desk_together")


def _sure(least: float, user: User) -> Iterator[Sure]:
    """New visits and diary lines, each value of which is certain enough and which raise no question."""
    now = timezone.now()
    rows = Proposal.objects.filter(
        state=ProposalState.WAITING, confidence__gte=least, visit=None, item=None,
        kind__in=[ProposalKind.NEW_VISIT, ProposalKind.NEW_ITEM],
    ).select_related("extraction__version__communique__source", "handling__holder")  # fmt: skip
    for proposal in rows.order_by("soonest_on", "pk")[:SHOWN]:
        certain = least_confidence(proposal)
        if (
            certain < least
            or not may(user, _REVIEW, proposal)
            or handling.held_by_other(getattr(proposal, "handling", None), user, now)
        ):
            continue
        if not is_free(proposal) or _looks_alike(proposal):
            continue
        day = days_text(proposal.soonest_on, None)
        yield Sure(proposal, proposal_title(proposal), proposal_facts(proposal), day, int(certain * 100))


def _looks_alike(proposal: Proposal) -> bool:
    if proposal.kind != ProposalKind.NEW_VISIT or proposal.is_new_for_sure:
        return False
    try:
        warn_of_look_alikes(proposal.draft, {})
    except (LooksAlikeError, DraftError):
        return True
    return False


def _accept_all(request: HttpRequest, user: User) -> None:
    publish = "publish" in request.POST
    if publish:
        require(request, _PUBLISH)
    act = Act(now=timezone.now(), by=user, reason=_("Accepted together with others read with high confidence."))
    done: list[str] = []
    for key in request.POST.getlist("proposal")[:SHOWN]:
        pk, _blank, version = key.partition(" ")
        try:
            proposal = Proposal.objects.filter(pk=pk, state=ProposalState.WAITING).first()
        except ValidationError:
            continue
        if proposal is not None:
            require(request, _REVIEW, proposal)
        if proposal is None or str(proposal.version) != version or _looks_alike(proposal):
            messages.warning(request, _("One was changed or decided meanwhile: it is left as it is."))
            continue
        other = handling.held_by_other(handling.handling_of(proposal), user, act.now)
        if other is not None:
            said = {"title": proposal_title(proposal), "name": other.holder}
            messages.warning(request, _("%(title)s: %(name)s has it open. It is left as it is.") % said)
            continue
        try:
            with transaction.atomic():
                before = undo.standing(proposal)
                is_published = publish and not second_eyes.is_wanted(proposal)
                accepted = review.accept(proposal, act, publish=is_published)
                handling.close(accepted, {**undo.seal(before, accepted), "typed": None})
        except (DraftError, ValidationError, review.DecidedError) as error:
            messages.error(request, f"{proposal_title(proposal)}{_(': ')}{_said(error)}")
            continue
        done.append(pk)
    if done:
        request.session[keys.LAST_TOGETHER] = done
        messages.success(request, _accepted(len(done)))


def _undo(request: HttpRequest, proposal: Proposal, act: Act) -> None:
    require(request, _REVIEW, proposal)
    known: Any = proposal.visit or proposal.item
    if known is not None and known.is_published:
        require(request, _PUBLISH, proposal)
    handling.take_back(proposal, act)


def _said(error: Exception) -> str:
    return " ".join(getattr(error, "messages", [str(error)]))


def _accepted(number: int) -> str:
    return ngettext("%(number)d proposal is accepted.", "%(number)d proposals are accepted.", number) % {
        "number": number
    }


def _waits_again(number: int) -> str:
    return ngettext("%(number)d proposal waits again.", "%(number)d proposals wait again.", number) % {"number": number}
