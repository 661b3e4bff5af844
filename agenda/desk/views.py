"""The desk's own pages: receive a communiqué, review a proposal, give a date, retry."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.desk.evidence import pieces
from agenda.desk.forms import DateForm, VisitForm, amended_draft, review_forms
from agenda.desk.queue import next_waiting
from agenda.desk.release import ReleaseForm, release_form
from agenda.desk.second_opinion import opinion_on
from agenda.desk.wording import known_state, proposal_title, said_in_reading
from diplomacy.accounts.models import User
from diplomacy.communiques import intake, queueing, review
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.models import Communique, Proposal, ProposalState
from diplomacy.communiques.wording import reasons_text
from diplomacy.visits.acts import Act


@require_http_methods(["GET", "POST"])
def review_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The communiqué on the left, what is proposed on the right: accept, amend, reject."""
    _require(request, "diplomacy.view_proposal")
    proposal = get_object_or_404(
        Proposal.objects.select_related("extraction__version__communique__source"), pk=proposal_id
    )
    visit_form, item_forms = review_forms(proposal, request.POST or None)
    release = release_form(proposal, request.POST or None)
    if request.method == "POST":
        _require(request, "diplomacy.review_proposal")
        if request.POST.get("version") != str(proposal.version):
            messages.error(request, _("Somebody changed this proposal meanwhile. Look again before you decide."))
            return redirect("admin:desk_review", proposal_id=proposal.pk)
        answer = _decide(request, proposal, visit_form, item_forms, release)
        if answer is not None:
            return answer
    version = proposal.extraction.version
    evidence = list(proposal.evidence.all())
    context = {
        **admin.site.each_context(request),
        "title": proposal_title(proposal),
        "proposal": proposal,
        "waiting": proposal.state == ProposalState.WAITING,
        "version": version,
        "pieces": pieces(version.text, [(row.start, row.end, row.field) for row in evidence]),
        "visit_form": visit_form,
        "item_forms": item_forms,
        "release_form": release,
        "match_reason": reasons_text(proposal.match_reason.split(",")),
        "changes": change_lines(proposal.changes),
        "known": known_state(proposal.visit) if proposal.visit else "",
        "warnings": said_in_reading(proposal.extraction),
        "opinion": opinion_on(proposal),
    }
    return TemplateResponse(request, "admin/desk/review.html", context)


def _decide(
    request: HttpRequest, proposal: Proposal, visit_form: VisitForm | None, item_forms: Any, release: ReleaseForm
) -> HttpResponse | None:
    act = Act(now=timezone.now(), by=_user(request), reason=request.POST.get("reason", "")[:500])
    following = next_waiting(proposal)
    try:
        if "reject" in request.POST:
            review.reject(proposal, act)
            messages.success(request, _("Rejected. It stays in the record."))
        else:
            forms = [item_forms, release, *([visit_form] if visit_form else [])]
            if [form for form in forms if not form.is_valid()]:  # each is asked, so that each shows its errors
                messages.error(request, _("Nothing is decided yet: correct what is marked below."))
                return None
            publish = "publish" in request.POST
            if publish:
                _require(request, "diplomacy.publish_visit")
            amended = amended_draft(proposal, visit_form, item_forms)
            review.accept(proposal, act, amended=amended, release=release.release(), publish=publish)
            messages.success(request, _("Published.") if publish else _("Accepted as a draft."))
    except (DraftError, ValidationError, review.DecidedError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return None
    if following is None:
        return redirect("admin:index")
    return redirect("admin:desk_review", proposal_id=following.pk)


@require_http_methods(["GET", "POST"])
def date_view(request: HttpRequest, communique_id: uuid.UUID) -> HttpResponse:
    """Give a communiqué its publication date, or correct date and language: it is read (again) with them."""
    _require(request, "diplomacy.change_communique")
    communique = get_object_or_404(Communique, pk=communique_id)
    version = communique.latest
    form = DateForm(request.POST or None, initial={"published_on": version.published_on, "language": version.language})
    if request.method == "POST" and form.is_valid():
        intake.date_version(
            version, form.cleaned_data["published_on"], now=timezone.now(), language=form.cleaned_data["language"]
        )
        messages.success(request, _("Dated. It is being read."))
        return redirect("admin:index")
    context = {
        **admin.site.each_context(request),
        "form": form,
        "communique": communique,
        "version": version,
        "title": _("Date and language"),
    }
    return TemplateResponse(request, "admin/desk/date.html", context)


@require_POST
def retry_view(request: HttpRequest, communique_id: uuid.UUID) -> HttpResponse:
    """Read a communiqué again."""
    _require(request, "diplomacy.change_communique")
    communique = get_object_or_404(Communique, pk=communique_id)
    if communique.latest.published_on is None:
        return redirect("admin:desk_date", communique_id=communique.pk)
    queueing.queue(communique.latest, now=timezone.now())
    messages.success(request, _("Queued to be read again."))
    return redirect("admin:index")


def _require(request: HttpRequest, permission: str) -> None:
    if not _user(request).has_perm(permission):
        raise PermissionDenied


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
