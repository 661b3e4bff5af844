"""Take the last act on a whole visit back: it is kept with who did it and when, so that a colleague can, too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agenda.desk.permission import require
from diplomacy.communiques import undo, whole
from diplomacy.communiques.whole_acts import WholeAct, WholeActKind
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit

_PUBLISH = "diplomacy.publish_visit"


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last act on the whole visit as its page shows it; `refusal` says why it can no longer be undone."""

    row: WholeAct
    what: str
    refusal: str


@require_POST
def undo_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Let the visit and its items stand as before the act that the page showed."""
    visit = get_object_or_404(Visit, pk=visit_id)
    user = require(request, _PUBLISH, visit)
    number = request.POST.get("act", "")
    kept = get_object_or_404(WholeAct, pk=int(number) if number.isdecimal() else 0, visit=visit)
    try:
        whole.take_back(kept, Act(now=timezone.now(), by=user, reason=_("Decision undone.")))
    except undo.UndoError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Undone. It stands as before."))
    return redirect("admin:desk_visit", visit.pk)


def last_act(visit: Visit) -> LastAct | None:
    """What was done last to the visit as a whole and stands; None where nothing was."""
    kept = whole.last_of(visit)
    return LastAct(kept, _what(kept), whole.why_final(kept)) if kept is not None else None


def _what(kept: WholeAct) -> str:
    if kept.kind == WholeActKind.CANCEL or kept.days is None:
        return _("Cancelled with its items")
    days = abs(kept.days)
    if kept.days < 0:
        return ngettext("Moved %(days)d day earlier", "Moved %(days)d days earlier", days) % {"days": days}
    return ngettext("Moved %(days)d day later", "Moved %(days)d days later", days) % {"days": days}
