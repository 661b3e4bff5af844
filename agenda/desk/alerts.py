"""What somebody at the desk follows, to be told by mail."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agenda.alerts import following
from agenda.alerts.forms import WishForm
from agenda.alerts.models import Follow
from agenda.desk.permission import require
from agenda.desk.webhooks import feed_choices
from agenda.feeds.catalogue import feed_names
from agenda.feeds.models import Feed, Selection

_VIEW = "agenda.view_feed"
_NAMING = tuple(f"feed__{name}" for name in ("visit", "person", "office", "country", "second_country"))


class FollowForm(WishForm):
    """What to follow, and when to be told."""

    feed = forms.ChoiceField(
        label=gettext_lazy("What you follow"),
        help_text=gettext_lazy("What a calendar selects. Cut a calendar to follow a search."),
    )
    field_order = ("feed", "rhythm", "hour", "weekday", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["feed"]
        assert isinstance(field, forms.ChoiceField)
        everything = Feed.objects.filter(selection=Selection.ALL, language=settings.LANGUAGE_CODE, slug="all").first()
        whole = [(everything.pk, _("everything"))] if everything is not None else []
        field.choices = [*whole, *feed_choices()]


@require_http_methods(["GET", "POST"])
def alerts_view(request: HttpRequest) -> HttpResponse:
    """What I follow, and something more."""
    user = require(request, _VIEW)
    form = FollowForm(request.POST or None, initial={"zone": user.time_zone or "UTC"})
    if request.method == "POST" and form.is_valid():
        feed = Feed.objects.get(pk=form.cleaned_data["feed"])
        language = user.language or get_language() or settings.LANGUAGE_CODE
        following.follow(user, feed, form.wish(language), now=timezone.now())
        messages.success(request, _("You will be told."))
        return redirect("admin:desk_alerts")
    follows = list(Follow.objects.filter(user=user, ended_at=None).select_related(*_NAMING))
    names = {feed.pk: name for feed, name in feed_names({follow.feed for follow in follows})}
    context = {
        **admin.site.each_context(request),
        "title": _("Be told of changes"),
        "form": form,
        "follows": [(follow, names[follow.feed_id]) for follow in follows],
        "has_address": bool(user.email),
        "mail_goes_out": bool(settings.AGENDA_SMTP),
    }
    return TemplateResponse(request, "admin/desk/alerts.html", context)


@require_POST
def end_view(request: HttpRequest, follow_id: uuid.UUID) -> HttpResponse:
    """Follow it no more; one's own alone."""
    user = require(request, _VIEW)
    for follow in Follow.objects.filter(pk=follow_id, user=user):
        following.end(follow, now=timezone.now())
        messages.success(request, _("You will be told nothing more of it."))
    return redirect("admin:desk_alerts")
