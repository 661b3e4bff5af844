"""Calendars at the desk: cut to need, and each with its addresses, its weight and who has a private address of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agenda.desk.cut_form import CutForm
from agenda.desk.permission import require
from agenda.feeds.body import HEAVY_BYTES, calendar_weight
from agenda.feeds.catalogue import feed_name
from agenda.feeds.links import public_links
from agenda.feeds.models import Feed


@require_http_methods(["GET", "POST"])
def cut_view(request: HttpRequest) -> HttpResponse:
    """Cut a calendar."""
    require(request, "agenda.add_feed")
    form = CutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        feeds = form.save()
        messages.success(request, _("Made. It can be subscribed to now."))
        return redirect("admin:desk_calendar", feeds[0].pk)
    context = {**admin.site.each_context(request), "title": _("Cut a calendar"), "form": form}
    return TemplateResponse(request, "admin/desk/cut.html", context)


@require_safe
def calendar_view(request: HttpRequest, feed_id: int) -> HttpResponse:
    """One calendar: what it holds, how heavy it is, its addresses."""
    require(request, "agenda.view_feed")
    feed = get_object_or_404(Feed, pk=feed_id)
    name = feed_name(feed)
    events, size = calendar_weight(feed, timezone.now())
    context = {
        **admin.site.each_context(request),
        "title": name,
        "feed": feed,
        "language": dict(settings.LANGUAGES)[feed.language],
        "others": Feed.objects.filter(slug=feed.slug).exclude(pk=feed.pk),
        "events": events,
        "size": size,
        "too_heavy": too_heavy(size),
        "links": public_links(feed, name) if feed.is_public else None,
        "given_out": feed.subscriptions.filter(revoked_at=None).count(),
    }
    return TemplateResponse(request, "admin/desk/calendar.html", context)


def too_heavy(size: int) -> str:
    """What to say of a calendar of `size` bytes; nothing of one that every program loads."""
    if size <= HEAVY_BYTES:
        return ""
    said = _("This calendar is %(size).1f MB. Some programs load it slowly or not at all: choose fewer days or less.")
    return said % {"size": size / 1e6}
