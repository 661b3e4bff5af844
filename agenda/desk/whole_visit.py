"""Acts on a visit with all of its items: shift it by days, cancel it. Previewed, kept, and taken back while nothing
else changed.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agenda.desk.permission import require
from agenda.desk.visiting import Shown, told_now
from diplomacy.communiques import whole
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from diplomacy.visits.publication import is_stale

_PUBLISH = "diplomacy.publish_visit"


class WholeForm(forms.Form):
    """What is to be done with the visit and its items."""

    act = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("shift", gettext_lazy("shift by days")), ("cancel", gettext_lazy("cancel with its items"))],
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"), required=False, min_value=-366, max_value=366,
        help_text=gettext_lazy("Earlier with a minus. Hours go along."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """A shift needs its days."""
        data = super().clean() or {}
        if data.get("act") == "shift" and not data.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say by how many days."))
        return data


@require_http_methods(["GET", "POST"])
def whole_visit_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Ask what; show what subscribers will see; do it when that is confirmed."""
    visit = get_object_or_404(Visit, pk=visit_id, merged_into=None)
    user = require(request, _PUBLISH, visit)
    form = WholeForm(request.POST if request.method == "POST" else request.GET or None)
    if not form.is_valid():
        return _page(request, visit, form)
    act = Act(now=timezone.now(), by=user, reason=form.cleaned_data["reason"])
    version = request.POST.get("version", "")
    if request.method == "POST" and not (version.isdecimal() and not is_stale(visit, int(version))):
        messages.error(request, _("This was changed meanwhile. Nothing of yours is decided yet: look at what differs."))
        return redirect("admin:desk_visit", visit.pk)
    items = list(visit.items.values_list("pk", flat=True))
    now, then = told_now(visit.pk, items), {}
    try:
        with transaction.atomic():
            _do(visit, form, act)
            if request.method == "GET":  # what it would tell is read off, and nothing of it stays
                then = told_now(visit.pk, items)
                transaction.set_rollback(True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, visit, form)
    if request.method == "GET":
        changed = [Shown(now.get(uid, ""), then.get(uid, "")) for uid in {**now, **then}]
        return _page(request, Visit.objects.get(pk=visit.pk), form, shown=changed)
    messages.success(request, _("Done. It can be undone here while nothing else changes."))
    return redirect("admin:desk_visit", visit.pk)


def _do(visit: Visit, form: WholeForm, act: Act) -> None:
    if form.cleaned_data["act"] == "cancel":
        whole.cancel(visit, act)
    else:
        whole.shift(visit, form.cleaned_data["days"], act)


def _page(request: HttpRequest, visit: Visit, form: WholeForm, **shown: Any) -> HttpResponse:
    title = _("Shift or cancel %(visit)s") % {"visit": visit}
    context = {**admin.site.each_context(request), "title": title, "visit": visit, "form": form, "shown": None, **shown}
    return TemplateResponse(request, "admin/desk/whole_visit.html", context)
