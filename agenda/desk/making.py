"""A visit made by hand, and the warning before one is made that looks like a known one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.desk.forms import VisitForm
from agenda.desk.permission import require
from agenda.desk.wording import known_state
from diplomacy.communiques.drafts import DraftError, visit_facts
from diplomacy.communiques.known import look_alikes
from diplomacy.communiques.seen import visit_told
from diplomacy.communiques.wording import reasons_text
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitKind, VisitStatus

SEEN = "look_alikes_seen"  # the field that says which look-alikes whoever sends the form was shown


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A known visit that one about to be made may be, and why."""

    visit: Visit
    state: str
    reasons: str


class LooksAlikeError(ValueError):
    """Raised before a visit is made that looks like known ones which the editor was not shown yet."""

    def __init__(self, found: list[LookAlike]) -> None:
        super().__init__(_("It looks like a visit that is known. Look, or press again to make another all the same."))
        self.found = found


def warn_of_look_alikes(draft: Mapping[str, Any], sent: Mapping[str, str]) -> None:
    """Raise LooksAlikeError if the visit of a draft looks like known ones that the form `sent` does not name as seen.

    What was withdrawn is no other visit to confuse it with. Raises DraftError for a day that is none.
    """
    found = [
        LookAlike(visit, known_state(visit), reasons_text(match.reasons))
        for visit, match in look_alikes(visit_told("", draft))
        if visit.publication != Publication.WITHDRAWN
    ]
    if {str(one.visit.pk) for one in found} - set(sent.get(SEEN, "").split()):
        raise LooksAlikeError(found)


@require_http_methods(["GET", "POST"])
def new_visit_view(request: HttpRequest) -> HttpResponse:
    """A visit that no communiqué tells of: made as a draft, all of it the editor's own word."""
    user = require(request, "diplomacy.publish_visit")
    initial = {"visit_kind": VisitKind.UNSPECIFIED.value, "status": VisitStatus.ANNOUNCED.value}
    form = VisitForm(request.POST or None, prefix="visit", initial=initial)
    found: list[LookAlike] = []
    if request.method == "POST" and form.is_valid():
        draft = form.amended({})
        try:
            facts = visit_facts(draft)
            warn_of_look_alikes(draft, request.POST.dict())
            with transaction.atomic():
                visit = lifecycle.announce(facts, (), Act(now=timezone.now(), by=user))
                require(request, "diplomacy.publish_visit", visit)
        except LooksAlikeError as warning:
            found = warning.found
            messages.warning(request, str(warning))
        except (DraftError, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(request, _("Made as a draft."))
            return redirect("admin:desk_visit", visit.pk)
    context = {**admin.site.each_context(request), "title": _("New visit"), "form": form, "look_alikes": found}
    return TemplateResponse(request, "admin/desk/new_visit.html", context)
