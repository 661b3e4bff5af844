"""Two visits that are one and the same are made one: chosen, looked at side by side, then merged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agenda.desk.cut_form import KnownField, suggested_visits
from agenda.desk.permission import require
from agenda.desk.wording import known_state
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import Visit
from diplomacy.visits.publication import is_stale
from diplomacy.vocabulary import Visibility


class MergeForm(forms.Form):
    """Which of two visits goes and which stays, by their addresses."""

    goes = KnownField(Visit.objects, label=gettext_lazy("The visit that goes"))
    stays = KnownField(Visit.objects, label=gettext_lazy("The visit that stays"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("goes", "stays"):
            self.fields[name].widget.attrs["list"] = "known-visit"

    def clean(self) -> dict[str, Any]:
        """Both, and such as can be merged."""
        data = super().clean() or {}
        for name in ("goes", "stays"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Say which."))
        if not self.errors:
            try:
                lifecycle.check_merge(data["goes"], data["stays"])
            except lifecycle.MergeError as error:
                raise forms.ValidationError(str(error)) from error
        return data


class ConfirmForm(MergeForm):
    """The same, with the versions of the two that were looked at."""

    goes_version = forms.IntegerField()
    stays_version = forms.IntegerField()

    def clean(self) -> dict[str, Any]:
        """Neither was changed since."""
        data = super().clean()
        if not self.errors and any(is_stale(data[name], data[f"{name}_version"]) for name in ("goes", "stays")):
            raise forms.ValidationError(_("One of them was changed since you looked. Look again before you merge."))
        return data


@require_http_methods(["GET", "POST"])
def merge_view(request: HttpRequest) -> HttpResponse:
    """Ask which two; show what will happen; do it when that is confirmed."""
    user = require(request, "diplomacy.publish_visit")
    form: MergeForm = ConfirmForm(request.POST) if request.method == "POST" else MergeForm(request.GET or None)
    if not form.is_valid():
        return _page(request, "merge.html", form=form, visits=suggested_visits())
    goes, stays = form.cleaned_data["goes"], form.cleaned_data["stays"]
    require(request, "diplomacy.publish_visit", goes, stays)
    if request.method == "GET":
        return _page(
            request, "merge_confirm.html", goes=goes, stays=stays, effects=effects(goes, stays),
            states=[(_("Goes"), goes, known_state(goes)), (_("Stays"), stays, known_state(stays))],
        )  # fmt: skip
    lifecycle.merge(goes, stays, Act(now=timezone.now(), by=user))
    messages.success(request, _("Merged: %(goes)s now leads to %(stays)s.") % {"goes": goes, "stays": stays})
    return redirect("admin:diplomacy_visit_change", stays.pk)


def effects(goes: Visit, stays: Visit) -> list[str]:
    """What merging will do, a sentence each, in the active language."""
    known = set(stays.programme.values_list("item_id", flat=True))
    lines = [line for line in goes.programme.select_related("item").order_by("position") if line.item_id not in known]
    said = [_("%(stays)s keeps its days, its delegation, its places and its status.") % {"stays": stays}]
    if lines:
        titles = ", ".join(line.item.title or line.item.get_kind_display() for line in lines)
        said.append(_("These items come to its programme, after its own: %(titles)s.") % {"titles": titles})
    else:
        said.append(_("No item comes to its programme."))
    if any(line.item.publication == Publication.DRAFT for line in lines) and stays.is_published:
        said.append(_("Those that are drafts stay drafts until they are published."))
    if lines and _is_kept_back(goes) and not _is_kept_back(stays):
        said.append(_("%(goes)s is kept back from the public and %(stays)s is not: its published items will show.")
                    % {"goes": goes, "stays": stays})  # fmt: skip
    if goes.is_published:
        said.append(_("Calendars say “Withdrawn” of %(goes)s for 30 days after it.") % {"goes": goes})
        said.append(_("Its page and its own calendar lead to those of %(stays)s.") % {"stays": stays})
    said.append(_("This cannot be undone at the desk."))
    return said


def _is_kept_back(visit: Visit) -> bool:
    hidden = visit.visibility != Visibility.PUBLIC
    return hidden or (visit.release_at is not None and visit.release_at > timezone.now())


def _page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Merge two visits"), **shown}
    return TemplateResponse(request, f"admin/desk/{template}", context)
