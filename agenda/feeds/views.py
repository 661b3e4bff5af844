"""Calendars over HTTP: the same bytes for everybody who may read them, with ETag and Last-Modified (RFC 9110)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from agenda.feeds.ical import strong_etag
from agenda.feeds.models import Feed
from agenda.feeds.render import feed_bytes, subscription_with
from diplomacy.visits.visibility import Audience

_READS = ("GET", "HEAD")
_MAX_AGE = 900
# Google Calendar obeys robots.txt: a rule against /f/ would end its users' private subscriptions.
_ROBOTS = "User-agent: *\nDisallow: /admin/\n"


def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


@csrf_exempt
def default_feed(request: HttpRequest) -> HttpResponse:
    """`/feeds/all.ics`: everything, in the default language."""
    return public_feed(request, settings.LANGUAGE_CODE, "all")


@csrf_exempt
def public_feed(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """`/feeds/<language>/<slug>.ics`."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    if slug == "all" and language in dict(settings.LANGUAGES):
        Feed.objects.get_or_create(language=language, slug=slug, defaults={"selection": "all"})
    feed = get_object_or_404(Feed, language=language, slug=slug, is_public=True)
    response = _calendar(request, feed, Audience.PUBLIC)
    response["Cache-Control"] = f"public, max-age={_MAX_AGE}"
    return response


@csrf_exempt
def private_feed(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """`/f/<token>/<slug>.ics`: 404 for an unknown token, 410 for a revoked one."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    subscription = subscription_with(token)
    if subscription is None or subscription.feed.slug != slug:
        return HttpResponse(_("There is no such calendar."), status=404, content_type="text/plain; charset=utf-8")
    if subscription.revoked_at is not None:
        gone = _("This subscription was ended. Ask for a new address.")
        return HttpResponse(gone, status=410, content_type="text/plain; charset=utf-8")
    today = timezone.now().date()
    if subscription.last_used_on != today:
        subscription.last_used_on = today
        subscription.save(update_fields=["last_used_on"])
    response = _calendar(request, subscription.feed, Audience.SUBSCRIBERS)
    response["Cache-Control"] = f"private, max-age={_MAX_AGE}"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(request: HttpRequest, feed: Feed, audience: Audience) -> HttpResponse:
    body, changed = feed_bytes(feed, audience=audience, now=timezone.now())
    etag = strong_etag(body)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{feed.slug}.ics"'
    response["ETag"] = etag
    response["Last-Modified"] = http_date(_seconds(changed))
    patch_vary_headers(response, ["Accept-Encoding"])
    answer = (
        get_conditional_response(request, etag=etag, last_modified=_seconds(changed), response=response) or response
    )
    # Django leaves Vary out of its 304 (RFC 9110, 15.4.5 wants it).
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())
