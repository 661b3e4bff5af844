"""Take the last act on a whole visit back: a session keeps what stood before it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.desk.permission import require
from diplomacy.communiques import undo
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit

KEPT = "desk_whole_visit"
_PUBLISH = "diplomacy.publish_visit"


@require_POST
def undo_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Let the visit and its items stand as before the last of these acts: one more published change."""
    visit = get_object_or_404(Visit, pk=visit_id)
    user = require(request, _PUBLISH, visit)
    kept = request.session.get(KEPT) or {}
    if kept.get("visit") != str(visit.pk) or kept["left"] != undo.versions_of(visit):
        messages.error(request, _("The visit was changed since. Correct it there instead."))
    else:
        undo.put_back(visit, kept["before"], Act(now=timezone.now(), by=user, reason=_("Decision undone.")))
        request.session.pop(KEPT)
        messages.success(request, _("Undone. It stands as before."))
    return redirect("admin:desk_visit", visit.pk)


def is_undoable(request: HttpRequest, visit: Visit) -> bool:
    """Whether the last act on the whole visit can be taken back by whoever did it."""
    kept = request.session.get(KEPT) or {}
    return bool(kept.get("visit") == str(visit.pk) and kept["left"] == undo.versions_of(visit))
