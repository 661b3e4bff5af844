"""Calendars over HTTP: the same bytes for everybody who may read them, with ETag and Last-Modified (RFC 9110)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

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
from agenda.feeds.copies import Form
from agenda.feeds.current import (
    DATABASE_AWAY,
    Address,
    Calendar,
    EndedAddressError,
    MovedAddressError,
    UnknownAddressError,
    calendar_at,
    ensure_told,
    private_address,
)
from agenda.feeds.ical import jcal_bytes, strong_etag
from agenda.feeds.models import Feed
from agenda.feeds.rich import rich_bytes
from agenda.feeds.single import NothingToldError, item_file, visit_file
from diplomacy.visits.visibility import Audience

_READS = ("GET", "HEAD")
_MAX_AGE = 900
_RETRY_SECONDS = 120
# Up to this size a calendar is answered from memory; a larger one is a file that the kernel sends.
_SMALL = 256 * 1024
# Google Calendar obeys robots.txt: a rule against /f/ would end its users' private subscriptions.
_TYPES = {
    Form.PLAIN: "text/calendar; charset=utf-8",
    Form.RICH: "text/calendar; charset=utf-8",
    Form.JCAL: "application/calendar+json; charset=utf-8",
}
_TAGS = {Form.PLAIN: "", Form.JCAL: "-jcal", Form.RICH: "-rich"}
_ROBOTS = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {settings.AGENDA_BASE_URL}/sitemap.xml\n"


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
def public_feed(request: HttpRequest, language: str, slug: str, form: Form = Form.PLAIN) -> HttpResponseBase:
    """`/feeds/<language>/<slug>.ics`, `.json` (jCal), `/feeds/rich/…`; 308 where it has moved to another address."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    address = Address(slug=slug, language=language)
    try:
        return _answer(request, address, form)
    except UnknownAddressError:
        if slug != "all" or language not in dict(settings.LANGUAGES):
            return _plainly(_("There is no such calendar."), 404)
        Feed.objects.get_or_create(language=language, slug=slug, defaults={"selection": "all"})
        return _answer(request, address, form)


@csrf_exempt
def private_feed(request: HttpRequest, token: str, slug: str, form: Form = Form.PLAIN) -> HttpResponseBase:
    """`/f/<token>/<slug>.ics`, `.json` (jCal), `/f/<token>/rich/…`: 404 for an unknown token, 410 for a revoked one."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    try:
        response = _answer(request, private_address(token, slug), form)
    except UnknownAddressError:
        response = _plainly(_("There is no such calendar."), 404)
    except EndedAddressError:
        response = _plainly(_("This subscription was ended. Ask for a new address."), 410)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
def visit_download(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """`/feeds/<language>/visits/<slug>.ics`: a visit with its items, to be imported."""
    return _download(request, slug, lambda now: visit_file(slug, language, now), language)


@csrf_exempt
def item_download(request: HttpRequest, language: str, item_id: uuid.UUID) -> HttpResponse:
    """`/feeds/<language>/items/<id>.ics`: an item, to be imported."""
    return _download(request, str(item_id), lambda now: item_file(item_id, language, now), language)


def _download(
    request: HttpRequest, name: str, made: Callable[[dt.datetime], tuple[bytes, dt.datetime]], language: str
) -> HttpResponse:
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    now = timezone.now()
    try:
        ensure_told(now)
        if language not in dict(settings.LANGUAGES):
            raise NothingToldError
        body, changed_at = made(now)
    except NothingToldError:
        return _plainly(_("There is no such calendar."), 404)
    except DATABASE_AWAY:
        return _later()
    etag, seconds = strong_etag(body), int(changed_at.timestamp())
    headers = {
        "Content-Type": _TYPES[Form.PLAIN],
        "Content-Disposition": f'attachment; filename="{name}.ics"',
        "Content-Length": str(len(body)),
        "ETag": etag,
        "Last-Modified": http_date(seconds),
        "Cache-Control": f"public, max-age={_MAX_AGE}",
    }
    whole = HttpResponse(body, headers=headers)
    answer = get_conditional_response(request, etag=etag, last_modified=seconds, response=whole)
    assert isinstance(answer, HttpResponse)
    return answer


def _later() -> HttpResponse:
    response = _plainly(_("The calendar cannot be had at the moment."), 503)
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _plainly(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _answer(request: HttpRequest, address: Address, form: Form) -> HttpResponseBase:
    now = timezone.now()
    try:
        calendar = calendar_at(address, now)
    except MovedAddressError as moved:
        response = _plainly("", 308)
        response["Location"] = reverse("public_feed", args=[moved.feed.language, moved.feed.slug])
        return response
    except DATABASE_AWAY:
        return _later()
    if calendar.subscription_id is not None:
        usage.used(calendar.subscription_id, now)
    return _calendar(request, address, calendar, form)


def _calendar(request: HttpRequest, address: Address, calendar: Calendar, form: Form) -> HttpResponseBase:
    packed = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f"{calendar.etag}{_TAGS[form]}"
    etag = f'"{tag}{"-gzip" if packed else ""}"'
    headers = {
        "Content-Type": _TYPES[form],
        "Content-Disposition": f'inline; filename="{address.slug}{".json" if form is Form.JCAL else ".ics"}"',
        "ETag": etag,
        "Last-Modified": http_date(calendar.changed_at),
        "Cache-Control": f"{'public' if address.audience is Audience.PUBLIC else 'private'}, max-age={_MAX_AGE}",
        "Vary": "Accept-Encoding",
    }
    known = _known_tag(request, tag) or etag
    unchanged = get_conditional_response(
        request, etag=known, last_modified=calendar.changed_at, response=HttpResponse(headers={"Vary": headers["Vary"]})
    )
    if unchanged is not None and unchanged.status_code != 200:
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
            unchanged[name] = headers[name]
        return unchanged
    return _whole(request, address, calendar, headers, packed=packed, form=form)


def _known_tag(request: HttpRequest, tag: str) -> str | None:
    """The tag of the same calendar in the other encoding, if the reader has that one."""
    asked = request.headers.get("If-None-Match", "")
    return next((known for known in (f'"{tag}"', f'"{tag}-gzip"') if known in asked), None)


def _whole(
    request: HttpRequest, address: Address, calendar: Calendar, headers: dict[str, str], *, packed: bool, form: Form
) -> HttpResponseBase:
    plain = _file(address, calendar, form)
    if settings.AGENDA_ACCEL:
        accel = f"{settings.AGENDA_ACCEL.rstrip('/')}/{plain.parent.name}/{plain.name}"
        return HttpResponse(headers={**headers, "X-Accel-Redirect": accel})
    path = copies.compressed(calendar.etag, form) if packed else plain
    if packed:
        headers["Content-Encoding"] = "gzip"
    if calendar.size <= _SMALL:
        body = _small_body(path)
        return HttpResponse(body, headers={**headers, "Content-Length": str(len(body))})
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Length": str(path.stat().st_size)})
    response = FileResponse(path.open("rb"))
    for name, value in headers.items():
        response[name] = value  # FileResponse names and types the file itself, by its name on disk
    return response


def _file(address: Address, calendar: Calendar, form: Form) -> Path:
    """The file of a calendar in the form that was asked for."""
    if form is Form.JCAL:
        return copies.in_form(calendar.etag, form, jcal_bytes)
    if form is Form.RICH:
        language = address.language or Feed.objects.values_list("language", flat=True).get(pk=calendar.feed_id)
        return copies.in_form(calendar.etag, form, lambda plain: rich_bytes(plain, address.audience, language))
    return copies.path_of(calendar.etag)


@lru_cache(maxsize=64)
def _small_body(path: Path) -> bytes:
    """The bytes of a small calendar. A file's name stands for the same bytes for ever."""
    return path.read_bytes()


def _takes_gzip(accepted: str) -> bool:
    """Whether a reader asks for gzip (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
