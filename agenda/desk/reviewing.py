"""The review page: the communiqué beside what is proposed, and every act on a proposal.

Each act answers with a page, so that all of it works without a script; `review.js` sends the same forms without leaving
the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agenda.desk import keys, words
from agenda.desk.comparison import Difference, differences
from agenda.desk.evidence import pieces
from agenda.desk.forms import VisitForm, amended_draft, review_forms
from agenda.desk.making import LookAlike, LooksAlikeError, warn_of_look_alikes
from agenda.desk.permission import may, require
from agenda.desk.pinning import pins_in
from agenda.desk.queue import neighbours, next_waiting
from agenda.desk.release import ReleaseForm, release_form
from agenda.desk.second_opinion import opinion_on
from agenda.desk.wording import known_state, proposal_title, said_in_reading
from agenda.entries.days import days_text
from agenda.handling import acts as handling
from agenda.handling.models import Handling
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import review, second_eyes, undo
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.models import DECIDED, Proposal, ProposalKind, ProposalState
from diplomacy.communiques.naming import known_holders, open_questions
from diplomacy.communiques.reconcile import changes_of, told_by
from diplomacy.communiques.rules import RuledAct
from diplomacy.communiques.threeway import Outcome
from diplomacy.communiques.unlisted import is_unlisted
from diplomacy.communiques.wording import reasons_text
from diplomacy.visits.acts import Act

_REVIEW = "diplomacy.review_proposal"
# What may be typed into the form and is worth keeping; and how much of it.
_TYPED = ("visit-", "items-", "release-", "reason", "assigned", "settled", "changes_shown")
MOST_TYPED = 200_000
CONFLICT = 409
_ENDORSED = gettext_lazy("Kept, and not shown yet: here a second person accepts the same before readers see it.")


@require_http_methods(["GET", "POST"])
def review_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """One proposal. A form made before somebody else decided or changed something decides nothing: it comes back with
    what was typed, and the differences.
    """
    user = require(request, "diplomacy.view_proposal")
    proposal = _proposal(proposal_id)
    if request.method == "GET":
        held = _opened(request, proposal, user)
        typed = held.typed if held and proposal.state == ProposalState.WAITING else None
        return _page(request, proposal, held, typed)
    require(request, _REVIEW, proposal)
    held = handling.handling_of(proposal)
    other = handling.held_by_other(held, user, timezone.now())
    if other is not None:
        messages.error(request, _("%(name)s has this proposal open. Take it over before you decide.")
                       % {"name": other.holder})  # fmt: skip
        return _page(request, proposal, held, _typed(request), status=CONFLICT)
    if _is_stale(request, proposal):
        messages.error(request, _("This was changed meanwhile. Nothing of yours is decided yet: look at what differs."))
        return _page(request, proposal, held, _typed(request), stale=True, status=CONFLICT)
    return _decide(request, proposal, user) or _page(request, proposal, held, _typed(request))


def _opened(request: HttpRequest, proposal: Proposal, user: User) -> Handling | None:
    """Whoever opens a page that waits holds it; a browser that only loads it ahead does not."""
    is_ahead = request.headers.get("X-Requested-With") == "ahead"
    if is_ahead or proposal.state != ProposalState.WAITING or not may(user, _REVIEW, proposal):
        return _handling(proposal)
    return handling.hold(proposal, user, timezone.now(), known=_handling(proposal))


def _handling(proposal: Proposal) -> Handling | None:
    """The row that was read with the proposal."""
    found: Handling | None = getattr(proposal, "handling", None)
    return found


def _is_stale(request: HttpRequest, proposal: Proposal) -> bool:
    shown = (request.POST.get("version"), request.POST.get("visit_version", ""))
    return shown != (str(proposal.version), str(proposal.visit.version) if proposal.visit else "")


def _page(
    request: HttpRequest,
    proposal: Proposal,
    held: Handling | None,
    typed: Mapping[str, str] | None,
    *,
    stale: bool = False,
    look_alikes: list[LookAlike] | None = None,
    status: int = 200,
) -> HttpResponse:
    visit_form, item_forms = _forms(proposal, typed)
    version = proposal.extraction.version
    evidence = [(row.start, row.end, row.field) for row in proposal.evidence.all()]
    settled = set(((typed or {}).get("settled") or "").split())
    user = cast("User", request.user)
    last = request.session.get(keys.LAST) or {}
    before, following, opens = neighbours(proposal, user)
    pins = pins_in(proposal)
    may_review = may(user, _REVIEW, proposal)
    context = {
        **admin.site.each_context(request),
        "title": proposal_title(proposal),
        "proposal": proposal,
        "waiting": proposal.state == ProposalState.WAITING,
        "version": version,
        "pieces": pieces(version.text, evidence),
        "visit_form": visit_form,
        "item_forms": item_forms,
        "release_form": release_form(proposal, typed),
        "reason": (typed or {}).get("reason", ""),
        "assigned": (typed or {}).get("assigned", ""),
        "settled": settled,
        "changes": [
            (line, pins.get(line.key)) for line in change_lines(proposal.changes, proposal.draft.get("items", ()))
        ],
        "taken": _ticked(proposal, typed),
        "match_reason": reasons_text(proposal.match_reason.split(",")),
        "known": known_state(proposal.visit) if proposal.visit else "",
        "warnings": said_in_reading(proposal.extraction),
        "opinion": opinion_on(proposal),
        "questions": open_questions(proposal=proposal).prefetch_related(None),
        "holders": [(title, person, days_text(day, None)) for title, person, day in known_holders(proposal)],
        "held": held,
        "held_by_other": handling.held_by_other(held, user, timezone.now()),
        "is_typed": bool(typed) and request.method == "GET",
        "differences": _differences(proposal, (visit_form, item_forms)) if stale else [],
        "is_stale": stale,
        "look_alikes": look_alikes or [],
        "may_review": may_review,
        "may_publish": may_review and user.has_perm("diplomacy.publish_visit"),
        "colleagues": _colleagues() if may_review else [],
        "previous": before,
        "following": following,
        "opens": opens,
        "ruled": proposal.state in DECIDED and RuledAct.objects.filter(proposal=proposal, revoked_at=None).exists(),
        "endorsed_by": held.endorsed_by if held else None,
        "undoable": proposal.state in DECIDED and held is not None and held.before is not None,
        "keys": keys.REVIEW,
        "last": last if last.get("id") != str(proposal.pk) else None,
    }
    return TemplateResponse(request, "admin/desk/review.html", context, status=status)


def _forms(proposal: Proposal, typed: Mapping[str, str] | None) -> tuple[VisitForm | None, Any]:
    """The forms with what was typed; with what is proposed where that does not fit it (any more)."""
    if typed and typed.get("items-TOTAL_FORMS"):
        bound = review_forms(proposal, typed)
        if len(bound[1].forms) == len(review_forms(proposal)[1].forms):
            return bound
    return review_forms(proposal)


def _differences(proposal: Proposal, typed: tuple[VisitForm | None, Any]) -> list[Difference]:
    return differences(review_forms(proposal), typed)


def _decide(request: HttpRequest, proposal: Proposal, user: User) -> HttpResponse | None:
    """Do what the pressed button says and go on to the next proposal; None if the form cannot stand."""
    act = Act(now=timezone.now(), by=user, reason=request.POST.get("reason", "")[:500])
    following = next_waiting(proposal, user)
    typed = _typed(request)
    try:
        with transaction.atomic():
            before = undo.standing(proposal)
            if "new" in request.POST:
                proposal = review.take_for_new(proposal, act)
                messages.success(request, _("It is something new now. It still waits."))
                return redirect("admin:desk_review", proposal_id=proposal.pk)
            if "reject" in request.POST:
                proposal = review.reject(proposal, act)
                done = _("Rejected. It stays in the record.")
            else:
                if _waits_for_second_eyes(proposal, user, typed):
                    messages.success(request, _ENDORSED)
                    return redirect("admin:index")
                accepted = _accept(request, proposal, act)
                if accepted is None:
                    messages.error(request, _("Nothing is decided yet: correct what is marked below."))
                    return None
                proposal, done = accepted
            handling.close(proposal, {**undo.seal(before, proposal), "typed": typed})
    except LooksAlikeError as warning:
        messages.warning(request, str(warning))
        held = handling.handling_of(proposal)
        return _page(request, proposal, held, typed, look_alikes=warning.found, status=CONFLICT)
    except (DraftError, ValidationError, review.DecidedError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return None
    messages.success(request, done)
    request.session[keys.LAST] = {"id": str(proposal.pk), "title": proposal_title(proposal)}
    if following is None:
        return redirect("admin:index")
    return redirect("admin:desk_review", proposal_id=following.pk)


def _waits_for_second_eyes(proposal: Proposal, user: User, typed: Mapping[str, str] | None) -> bool:
    """Whether somebody else has to accept the same first: readers would see a change to something published at once.
    Then what the form says is kept, with who would have it so.
    """
    known = proposal.visit or proposal.item
    if known is None or not known.is_published or not second_eyes.is_wanted(proposal):
        return False
    said = handling.as_endorsed(typed)
    held = handling.handling_of(proposal)
    if held is not None and held.endorsed_by not in {None, user} and held.endorsed == said:
        return False
    handling.endorse(proposal, user, said, typed, timezone.now())
    return True


def _accept(request: HttpRequest, proposal: Proposal, act: Act) -> tuple[Proposal, str] | None:
    visit_form, item_forms = review_forms(proposal, request.POST)
    release: ReleaseForm = release_form(proposal, request.POST)
    forms = [item_forms, release, *([visit_form] if visit_form else [])]
    if [form for form in forms if not form.is_valid()]:  # each is asked, so that each shows its errors
        return None
    publish = "publish" in request.POST
    if publish:
        require(request, "diplomacy.publish_visit", proposal)
    publish = publish and not second_eyes.is_wanted(proposal)
    amended = amended_draft(proposal, visit_form, item_forms)
    if proposal.kind == ProposalKind.NEW_VISIT and not proposal.is_new_for_sure:
        warn_of_look_alikes(amended or proposal.draft, request.POST.dict())
    words.keep_assigned(proposal, request.POST.get("assigned", ""))  # before: accepting ties evidence to what it makes
    taken = _taken(proposal, request, amended)
    accepted = review.accept(proposal, act, amended=amended, taken=taken, release=release.release(), publish=publish)
    require(
        request, _REVIEW, accepted.visit or accepted.item
    )  # what was typed may have led out of the user's countries
    if "publish" in request.POST and not publish:
        return accepted, _("Accepted as a draft. Here a second person publishes: ask a colleague.")
    return accepted, _("Published.") if publish else _("Accepted as a draft.")


def _ticked(proposal: Proposal, typed: Mapping[str, str] | None) -> set[str]:
    """The changes that are to be made: as typed, as decided, or all that no editor decided otherwise."""
    if typed and "changes_shown" in typed:
        return set(typed["taken"].split("\n")) if "taken" in typed else set()
    by_itself = {one["key"] for one in proposal.changes if one["outcome"] == Outcome.CHANGE}
    return {one["key"] for one in proposal.changes if one.get("taken", one["key"] in by_itself)}


def _taken(proposal: Proposal, request: HttpRequest, amended: dict[str, Any] | None) -> set[str] | None:
    """The keys of the changes that are ticked, and of those that the editor typed; None where none were shown."""
    if "changes_shown" not in request.POST:
        return None
    ticked = set(request.POST.getlist("taken"))
    if amended is None:
        return ticked
    read = {(one["key"], repr(one["says"])) for one in proposal.changes}
    typed = changes_of(proposal, told_by(amended, is_line=proposal.is_line))
    return ticked | {one.key for one in typed if (one.key, repr(one.says)) not in read}


@require_POST
def undo_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take a decision back; the form comes back as it was sent."""
    proposal = _proposal(proposal_id)
    user = require(request, _REVIEW, proposal)
    try:
        if proposal.visit is not None and proposal.visit.is_published:
            require(request, "diplomacy.publish_visit", proposal)
        now = timezone.now()
        with transaction.atomic():
            typed = handling.take_back(proposal, Act(now=now, by=user, reason=_("Decision undone.")))
            if typed:
                handling.keep_typed(proposal, user, typed, now)
    except undo.UndoError as error:
        messages.error(request, str(error))
    else:
        request.session.pop(keys.LAST, None)
        messages.success(request, _("Undone. It waits for a decision again."))
    return redirect("admin:desk_review", proposal_id=proposal.pk)


@require_POST
def typed_view(request: HttpRequest, proposal_id: uuid.UUID) -> JsonResponse:
    """Keep what is typed, and say that the page is open: who holds it, and whether it was decided meanwhile."""
    proposal = _proposal(proposal_id)
    user = require(request, _REVIEW, proposal)
    now = timezone.now()
    answer: dict[str, Any] = {"stale": _is_stale(request, proposal) or proposal.state != ProposalState.WAITING}
    if answer["stale"]:
        return JsonResponse(answer)
    typed = _typed(request) if "items-TOTAL_FORMS" in request.POST else None
    held = handling.keep_typed(proposal, user, typed, now) if typed else handling.hold(proposal, user, now)
    is_mine = held.holder_id == user.pk
    return JsonResponse({**answer, "holder": "" if is_mine else str(held.holder), "saved": is_mine and bool(typed)})


@require_POST
def leave_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The page was closed: the proposal is free for others."""
    proposal = _proposal(proposal_id)
    handling.let_go(proposal, require(request, _REVIEW, proposal))
    return HttpResponse(status=204)


@require_POST
def take_over_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Decide in place of whoever has it open; what was typed stays."""
    proposal = _proposal(proposal_id)
    user = require(request, _REVIEW, proposal)
    handling.hold(proposal, user, timezone.now(), take_over=True)
    messages.success(request, _("It is yours now."))
    return redirect("admin:desk_review", proposal_id=proposal_id)


@require_POST
def discard_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Forget what was typed: the form shows again what was read."""
    proposal = _proposal(proposal_id)
    user = require(request, _REVIEW, proposal)
    if handling.held_by_other(handling.handling_of(proposal), user, timezone.now()) is None:
        Handling.objects.filter(proposal=proposal).update(typed=None, typed_by=None, typed_at=None)
    return redirect("admin:desk_review", proposal_id=proposal_id)


@require_POST
def assign_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Make it a colleague's task, or nobody's."""
    proposal = _proposal(proposal_id)
    require(request, _REVIEW, proposal)
    chosen = request.POST.get("assignee", "")
    to = get_object_or_404(_colleagues(), pk=chosen) if chosen.isdecimal() else None
    handling.assign(proposal, to)
    messages.success(request, _("Assigned to %(name)s.") % {"name": to} if to else _("Assigned to nobody."))
    return redirect("admin:desk_review", proposal_id=proposal_id)


@require_POST
def words_view(request: HttpRequest, proposal_id: uuid.UUID) -> JsonResponse:
    """What the chosen words say in a field: `value` for its widget, and where they lie in the text (code points)."""
    proposal = _proposal(proposal_id)
    require(request, _REVIEW, proposal)
    version = proposal.extraction.version
    found = next(words.assigned_words(request.POST.get("assigned", ""), version), None)
    if found is None:
        return JsonResponse({"value": "", "quote": ""})
    quote = version.text[found.start : found.end]
    return JsonResponse({"value": words.value_of(found.field, quote, version), "quote": quote})


def _proposal(proposal_id: uuid.UUID) -> Proposal:
    rows = Proposal.objects.select_related(
        "extraction__version__communique__source", "visit", "item", "decided_by", "handling__holder",
        "handling__typed_by", "handling__assignee",
    ).defer("extraction__version__original")  # fmt: skip
    return get_object_or_404(rows.annotate(is_unlisted=is_unlisted("pk")), pk=proposal_id)


def _colleagues() -> Any:
    return User.objects.filter(role__in=[DeskRole.EDITOR, DeskRole.ADMINISTRATOR], is_active=True).order_by("username")


def _typed(request: HttpRequest) -> dict[str, str] | None:
    """What the form holds, as far as it is a form of ours and no larger than one can be."""
    kept = {name: value for name, value in request.POST.items() if name.startswith(_TYPED) and isinstance(value, str)}
    if "taken" in request.POST:
        kept["taken"] = "\n".join(request.POST.getlist("taken"))
    return kept if kept and sum(map(len, kept.values())) < MOST_TYPED else None
