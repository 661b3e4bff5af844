"""CalDAV's methods. The password is the token of a private address: revoked there, it opens nothing here."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from agenda.feeds import usage
from agenda.feeds.caldav import collection
from agenda.feeds.caldav.answers import (
    APPLE,
    CALDAV,
    CS,
    DAV,
    Asked,
    MalformedError,
    Properties,
    Resource,
    error,
    multistatus,
    nested,
    read,
)
from agenda.feeds.current import ensure_told
from agenda.feeds.models import Feed, Subscription
from agenda.feeds.tokens import token_digest

_LARGEST = 1_000_000
_READS = "OPTIONS, GET, HEAD, PROPFIND, REPORT"
_XML = "application/xml; charset=utf-8"

View = Callable[[HttpRequest, Feed, str], HttpResponse]


def well_known(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/caldav` (RFC 6764)."""
    if not settings.AGENDA_CALDAV:
        raise Http404
    return HttpResponseRedirect(reverse("caldav"))


@csrf_exempt
def caldav(request: HttpRequest, name: str = "") -> HttpResponse:
    """`/dav/`, `/dav/calendar/` and `/dav/calendar/<uid>.ics`."""
    if not settings.AGENDA_CALDAV:
        raise Http404
    if request.method == "OPTIONS":
        return HttpResponse(headers={"DAV": "1, 3, calendar-access", "Allow": _READS})
    subscription = _subscription(request)
    if subscription is None:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="Agenda", charset="UTF-8"'})
    usage.used(subscription.pk, timezone.now())
    methods: dict[str, View] = {"GET": _get, "HEAD": _get, "PROPFIND": _propfind, "REPORT": _report}
    method = methods.get(request.method or "")
    if method is None:
        return HttpResponse(error(f"{{{DAV}}}need-privileges"), status=403, content_type=_XML)
    try:
        response = method(request, subscription.feed, name)
    except MalformedError:
        return HttpResponse(status=400)
    response["DAV"] = "1, 3, calendar-access"
    response["Cache-Control"] = "private"
    return response


def _subscription(request: HttpRequest) -> Subscription | None:
    """The private address whose token is the password; the user's name is not looked at."""
    kind, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        _user, _colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    rows = Subscription.objects.select_related("feed__person", "feed__office")
    return rows.filter(token_sha256=token_digest(password), revoked_at=None).first()


def _asked(request: HttpRequest) -> Asked:
    if int(request.headers.get("Content-Length") or 0) > _LARGEST:
        raise MalformedError("too long")
    return read(request.body)


def _path(name: str = "") -> str:
    return f"{reverse('caldav')}calendar/{name}"


def _get(_request: HttpRequest, feed: Feed, name: str) -> HttpResponse:
    wanted = name.removeprefix("calendar/")
    today = timezone.now().date()
    ensure_told(timezone.now())
    item = collection.named_items(feed, today, [wanted]).get(wanted)
    if item is None:
        return HttpResponse(status=404)
    return HttpResponse(item.data, content_type="text/calendar; charset=utf-8", headers={"ETag": item.etag})


def _propfind(request: HttpRequest, feed: Feed, name: str) -> HttpResponse:
    asked = _asked(request)
    deep = request.headers.get("Depth", "0") != "0"
    found: list[Resource]
    if not name:
        found = [Resource(reverse("caldav"), _home())]
        if deep:
            found.append(Resource(_path(), _calendar(feed)))
    elif name == "calendar/":
        found = [Resource(_path(), _calendar(feed))]
        if deep:
            found += [_resource(item) for item in collection.all_items(feed, timezone.now().date())]
    else:
        wanted = name.removeprefix("calendar/")
        item = collection.named_items(feed, timezone.now().date(), [wanted]).get(wanted)
        if item is None:
            return HttpResponse(status=404)
        found = [_resource(item)]
    return _answer(multistatus(found, asked.wanted))


def _report(request: HttpRequest, feed: Feed, _name: str) -> HttpResponse:
    asked = _asked(request)
    now = timezone.now()
    beat = ensure_told(now)
    today = now.date()
    if asked.kind == f"{{{CALDAV}}}calendar-multiget":
        names = [(href, unquote(href).rpartition("/")[2]) for href in asked.hrefs]
        items = collection.named_items(feed, today, [name for _href, name in names])
        found = [_resource(items[name]) if name in items else Resource(href, None) for href, name in names]
        return _answer(multistatus(found, asked.wanted))
    if asked.kind == f"{{{CALDAV}}}calendar-query":
        rows = (
            collection.items_between(feed, today, asked.start, asked.end)
            if asked.start or asked.end
            else collection.all_items(feed, today)
        )
        return _answer(multistatus([_resource(item) for item in rows], asked.wanted))
    if asked.kind == f"{{{DAV}}}sync-collection":
        return _synced(feed, asked, collection.present_token(feed, beat, today))
    return HttpResponse(error(f"{{{DAV}}}supported-report"), status=403, content_type=_XML)


def _synced(feed: Feed, asked: Asked, token: collection.Token) -> HttpResponse:
    """All of the collection, or what changed since the token that was shown."""
    if not asked.token:
        found = [_resource(item) for item in collection.all_items(feed, token.day)]
        return _answer(multistatus(found, asked.wanted, token.text()))
    try:
        came, left = collection.changes(feed, collection.read_token(asked.token), token)
    except collection.StaleTokenError:
        return HttpResponse(error(f"{{{DAV}}}valid-sync-token"), status=403, content_type=_XML)
    items = collection.named_items(feed, token.day, came)
    found = [_resource(items[name]) for name in sorted(items)]
    found += [Resource(_path(name), None) for name in sorted(left)]
    return _answer(multistatus(found, asked.wanted, token.text()))


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, status=207, content_type=_XML)


def _home() -> Properties:
    root = reverse("caldav")
    return {
        f"{{{DAV}}}resourcetype": nested(f"{{{DAV}}}collection", f"{{{DAV}}}principal"),
        f"{{{DAV}}}displayname": "Agenda",
        f"{{{DAV}}}current-user-principal": nested(href=root),
        f"{{{DAV}}}principal-URL": nested(href=root),
        f"{{{CALDAV}}}calendar-home-set": nested(href=root),
    }


def _calendar(feed: Feed) -> Properties:
    now = timezone.now()
    token = collection.present_token(feed, ensure_told(now), now.date()).text()
    privileges = nested()
    privilege = nested(f"{{{DAV}}}read")
    privilege.tag = f"{{{DAV}}}privilege"
    privileges.append(privilege)
    reports = nested()
    for report in (f"{{{CALDAV}}}calendar-multiget", f"{{{CALDAV}}}calendar-query", f"{{{DAV}}}sync-collection"):
        inner = nested(report)
        inner.tag = f"{{{DAV}}}report"
        outer = nested()
        outer.tag = f"{{{DAV}}}supported-report"
        outer.append(inner)
        reports.append(outer)
    kinds = nested()
    kind = nested()
    kind.tag = f"{{{CALDAV}}}comp"
    kind.set("name", "VEVENT")
    kinds.append(kind)
    return {
        f"{{{DAV}}}resourcetype": nested(f"{{{DAV}}}collection", f"{{{CALDAV}}}calendar"),
        f"{{{DAV}}}displayname": collection.display_name(feed),
        f"{{{DAV}}}current-user-principal": nested(href=reverse("caldav")),
        f"{{{DAV}}}owner": nested(href=reverse("caldav")),
        f"{{{DAV}}}current-user-privilege-set": privileges,
        f"{{{DAV}}}supported-report-set": reports,
        f"{{{DAV}}}sync-token": token,
        f"{{{CS}}}getctag": token,
        f"{{{CALDAV}}}supported-calendar-component-set": kinds,
        f"{{{APPLE}}}calendar-color": "#4682b4",
    }


def _resource(item: collection.Item) -> Resource:
    return Resource(
        _path(item.name),
        {
            f"{{{DAV}}}resourcetype": "",
            f"{{{DAV}}}getetag": item.etag,
            f"{{{DAV}}}getcontenttype": "text/calendar; charset=utf-8; component=VEVENT",
            f"{{{DAV}}}getcontentlength": str(len(item.data)),
            f"{{{CALDAV}}}calendar-data": item.data.decode(),
        },
    )
