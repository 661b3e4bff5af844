"""A communiqué at the desk: its versions side by side and as they came, and what only echoes it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agenda.desk.permission import require
from agenda.desk.versions import side_by_side
from agenda.desk.wording import proposal_title, sender_text
from diplomacy.communiques.echoes import Echo
from diplomacy.communiques.echoing import tell_apart
from diplomacy.communiques.models import Communique, CommuniqueVersion, Proposal
from diplomacy.communiques.repeats import Repeat
from diplomacy.visits.acts import Act

_TITLE = 120  # code points of the heading; a text without a title is called by its first line
_SHOWN = 100  # versions and proposals, the latest


@require_GET
def communique_view(request: HttpRequest, communique_id: uuid.UUID) -> HttpResponse:
    """What reached us under one identity, and what became of it. `?earlier=1&later=3` sets two versions side by side;
    without it the last two are."""
    require(request, "diplomacy.view_communique")
    communique = get_object_or_404(Communique.objects.select_related("source"), pk=communique_id)
    versions = list(communique.versions.defer("original", "text").order_by("-number")[:_SHOWN])
    pair = _chosen(request, versions)
    texts = dict(CommuniqueVersion.objects.filter(pk__in=[one.pk for one in pair]).values_list("pk", "text"))
    proposals = Proposal.objects.filter(extraction__version__communique=communique).order_by("-made_at", "path")
    links = Echo.objects.select_related("version__communique__source", "of__communique__source", "ended_by")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": Truncator(communique).chars(_TITLE),
        "communique": communique,
        "sender": sender_text(communique),
        "versions": versions,
        "pair": pair,
        "compared": side_by_side(texts[pair[0].pk], texts[pair[1].pk]) if len(pair) == 2 else None,
        "text": texts[pair[0].pk] if len(pair) == 1 else "",
        "proposals": [(one, proposal_title(one)) for one in proposals[:_SHOWN]],
        "echoes": links.filter(of__communique=communique)[:_SHOWN],
        "repeats": Repeat.objects.filter(version__communique=communique).select_related("source")[:_SHOWN],
        "echo_of": links.filter(version__communique=communique)[:_SHOWN],
    }
    return TemplateResponse(request, "admin/desk/communique.html", context)


@require_POST
def apart_view(request: HttpRequest, echo_id: int) -> HttpResponse:
    """Tell a text apart from the one it was taken to repeat: its proposals wait for an editor."""
    user = require(request, "diplomacy.review_proposal")
    echo = get_object_or_404(Echo.objects.select_related("version"), pk=echo_id)
    tell_apart(echo, Act(now=timezone.now(), by=user))
    messages.success(request, _("Told apart. What the text says waits in the queue by itself."))
    return redirect("admin:desk_communique", echo.version.communique_id)


class PairForm(forms.Form):
    """Which two versions to set side by side."""

    earlier = forms.IntegerField(min_value=1)
    later = forms.IntegerField(min_value=1)


def _chosen(request: HttpRequest, versions: list[CommuniqueVersion]) -> list[CommuniqueVersion]:
    """The two versions asked for, the earlier first; the last two where none that are here are asked for. Of a text
    with one version that one."""
    form = PairForm(request.GET)
    numbers = set(form.cleaned_data.values()) if form.is_valid() else set()
    asked = [one for one in versions if one.number in numbers]
    return sorted(asked if len(asked) == 2 else versions[:2], key=lambda one: one.number)
