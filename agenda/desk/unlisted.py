"""What an agenda no longer lists, and an editor's word on it: keep it, cancel it, or ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.desk.permission import require
from diplomacy.communiques.listings import EditionLine, Resolution
from diplomacy.communiques.unlisted import ResolveError, resolve
from diplomacy.visits.acts import Act

_BUTTONS = {"keep": Resolution.KEPT, "cancel": Resolution.CANCELLED, "ask": Resolution.ASKED}


@require_POST
def resolve_view(request: HttpRequest, line_id: int) -> HttpResponse:
    """Do what the pressed button says; back to the page it was pressed on."""
    line = get_object_or_404(EditionLine, pk=line_id)
    user = require(request, "diplomacy.publish_visit", line.item or line.before)
    pressed = next((what for name, what in _BUTTONS.items() if name in request.POST), None)
    act = Act(now=timezone.now(), by=user, reason=request.POST.get("reason", ""))
    if pressed is None:
        messages.error(request, _("Say which."))
    else:
        try:
            resolve(line, pressed, act)
        except ResolveError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _said(pressed))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "admin:index")


def _said(resolution: Resolution) -> str:
    return {
        Resolution.KEPT: _("Kept: it stands as it was."),
        Resolution.CANCELLED: _("Cancelled. Readers see it as cancelled."),
        Resolution.ASKED: _("Noted that the source is asked. It stays here until there is an answer."),
    }[resolution]
