"""The desk's own pages: receive a communiqué, give a date, retry. Review has a module of its own."""

from __future__ import annotations

import uuid

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.desk.forms import DateForm
from agenda.desk.permission import require
from diplomacy.communiques import intake, queueing
from diplomacy.communiques.models import Communique


@require_http_methods(["GET", "POST"])
def date_view(request: HttpRequest, communique_id: uuid.UUID) -> HttpResponse:
    """Give a communiqué its publication date, or correct date and language: it is read (again) with them."""
    require(request, "diplomacy.change_communique")
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
    require(request, "diplomacy.change_communique")
    communique = get_object_or_404(Communique, pk=communique_id)
    if communique.latest.published_on is None and communique.latest.text:
        return redirect("admin:desk_date", communique_id=communique.pk)
    queueing.queue(communique.latest, now=timezone.now())
    messages.success(request, _("Queued to be read again."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page of this desk that the form stood on; the queue where it does not say, or says another site."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith("/")
    return page if is_ours else reverse("admin:index")
