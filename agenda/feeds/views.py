"""Calendars over HTTP: the same bytes for everybody who may read them, with ETag and Last-Modified (RFC 9110)."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from agenda.feeds import copies, usage
from agenda.feeds.current import (
    DATABASE_AWAY,
    Address,
    Calendar,
    EndedAddressError,
    MovedAddressError,
    UnknownAddressError,
    calendar_at,
    private_address,
)
from agenda.feeds.models import Feed
from diplomacy.visits.visibility import Audience

_READS = ("GET", "HEAD")
_MAX_AGE = 900
_RETRY_SECONDS = 120
# Up to this size a calendar is answered from memory; a larger one is a file that the kernel sends.
_SMALL = 256 * 1024
# Google Calendar obeys robots.txt: a rule against /f/ would end its users' private subscriptions.
_ROBOTS = "User-agent: *\nDisallow: /admin/\n"


def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


@csrf_exempt
def default_feed(request: HttpRequest) -> HttpResponseBase:
    """`/feeds/all.ics`: everything, in the default language."""
    return public_feed(request, settings.LANGUAGE_CODE, "all")


@csrf_exempt
def public_feed(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    """`/feeds/<language>/<slug>.ics`; 308 where the feed has moved to another address."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    address = Address(slug=slug, language=language)
    try:
        return _answer(request, address)
    except UnknownAddressError:
        if slug != "all" or language not in dict(settings.LANGUAGES):
            return _plainly(_("There is no such calendar."), 404)
        Feed.objects.get_or_create(language=language, slug=slug, defaults={"selection": "all"})
        return _answer(request, address)


@csrf_exempt
def private_feed(request: HttpRequest, token: str, slug: str) -> HttpResponseBase:
    """`/f/<token>/<slug>.ics`: 404 for an unknown token, 410 for a revoked one."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    try:
        response = _answer(request, private_address(token, slug))
    except UnknownAddressError:
        response = _plainly(_("There is no such calendar."), 404)
    except EndedAddressError:
        response = _plainly(_("This subscription was ended. Ask for a new address."), 410)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _plainly(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _answer(request: HttpRequest, address: Address) -> HttpResponseBase:
    now = timezone.now()
    try:
        calendar = calendar_at(address, now)
    except MovedAddressError as moved:
        response = _plainly("", 308)
        response["Location"] = reverse("public_feed", args=[moved.feed.language, moved.feed.slug])
        return response
    except DATABASE_AWAY:
        response = _plainly(_("The calendar cannot be had at the moment."), 503)
        response["Retry-After"] = str(_RETRY_SECONDS)
        return response
    if calendar.subscription_id is not None:
        usage.used(calendar.subscription_id, now)
    return _calendar(request, address, calendar)


def _calendar(request: HttpRequest, address: Address, calendar: Calendar) -> HttpResponseBase:
    packed = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    etag = f'"{calendar.etag}{"-gzip" if packed else ""}"'
    headers = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'inline; filename="{address.slug}.ics"',
        "ETag": etag,
        "Last-Modified": http_date(calendar.changed_at),
        "Cache-Control": f"{'public' if address.audience is Audience.PUBLIC else 'private'}, max-age={_MAX_AGE}",
        "Vary": "Accept-Encoding",
    }
    known = _known_tag(request, calendar) or etag
    unchanged = get_conditional_response(
        request, etag=known, last_modified=calendar.changed_at, response=HttpResponse(headers={"Vary": headers["Vary"]})
    )
    if unchanged is not None and unchanged.status_code != 200:
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
            unchanged[name] = headers[name]
        return unchanged
    return _whole(request, calendar, headers, packed=packed)


def _known_tag(request: HttpRequest, calendar: Calendar) -> str | None:
    """The tag of the same calendar in the other encoding, if the reader has that one."""
    asked = request.headers.get("If-None-Match", "")
    return next((tag for tag in (f'"{calendar.etag}"', f'"{calendar.etag}-gzip"') if tag in asked), None)


def _whole(request: HttpRequest, calendar: Calendar, headers: dict[str, str], *, packed: bool) -> HttpResponseBase:
    if settings.AGENDA_ACCEL:
        path = copies.path_of(calendar.etag)
        accel = f"{settings.AGENDA_ACCEL.rstrip('/')}/{path.parent.name}/{path.name}"
        return HttpResponse(headers={**headers, "X-Accel-Redirect": accel})
    path = copies.compressed(calendar.etag) if packed else copies.path_of(calendar.etag)
    if packed:
        headers["Content-Encoding"] = "gzip"
    if calendar.size <= _SMALL:
        body = _small_body(calendar.etag, packed)
        return HttpResponse(body, headers={**headers, "Content-Length": str(len(body))})
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Length": str(path.stat().st_size)})
    response = FileResponse(path.open("rb"))
    for name, value in headers.items():
        response[name] = value  # FileResponse names and types the file itself, by its name on disk
    return response


@lru_cache(maxsize=64)
def _small_body(etag: str, packed: bool) -> bytes:
    """The bytes of a small calendar. A tag stands for the same bytes for ever."""
    return (copies.compressed(etag) if packed else copies.path_of(etag)).read_bytes()


def _takes_gzip(accepted: str) -> bool:
    """Whether a reader asks for gzip (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
