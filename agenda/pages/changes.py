"""What changed lately, as an Atom feed (RFC 4287) of each public calendar: old and new values of the last month."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from agenda.alerts.telling import line_of, told_of
from agenda.entries.addresses import absolute
from agenda.feeds.catalogue import feed_name
from agenda.feeds.current import ensure_told
from agenda.feeds.models import Feed
from agenda.webhooks.listening import selects
from agenda.webhooks.models import Event
from diplomacy.visits.visibility import Audience

SHOWN = 50
_LOOKED_THROUGH = 1000
_MOST_SECONDS = 60  # until a reader asks again
_KEPT_SECONDS = 3600
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
logger = logging.getLogger(__name__)


@require_safe
def changes(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """`/feeds/<language>/<slug>.atom`. Made once for each state of the diary, and 304 for who has it."""
    now = timezone.now()
    feed = get_object_or_404(Feed.objects.select_related("moved_to"), slug=slug, language=language, is_public=True)
    beat = ensure_told(now)
    etag = f'"{beat.position(Audience.PUBLIC)}-{beat.addresses}-{feed.pk}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        return _marked(unchanged, etag)
    return _marked(HttpResponse(_body(feed, etag, now), content_type=MEDIA_TYPE), etag)


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_MOST_SECONDS}"
    return response


def _body(feed: Feed, etag: str, now: dt.datetime) -> str:
    key = f"changes:{etag}"
    try:
        kept = cache.get(key)
        if isinstance(kept, str):
            return kept
        made = _made(feed, now)
        cache.set(key, made, _KEPT_SECONDS)
    except RedisError as error:
        logger.warning("The cache is away (%s).", type(error).__name__)
        return _made(feed, now)
    return made


def _made(feed: Feed, now: dt.datetime) -> str:
    with translation.override(feed.language):
        name = feed_name(feed)
        atom = Atom1Feed(
            title=_("Changes · %(what)s") % {"what": name},
            link=absolute(reverse("feeds")),
            description=None,
            language=feed.language,
            feed_url=absolute(reverse("changes_atom", args=[feed.language, feed.slug])),
        )
        for event in _lately(feed):
            for told in told_of([event], Audience.PUBLIC, now):
                if told.entry_id is None:
                    continue
                atom.add_item(
                    title=" ".join(told.heading.split()),
                    link=told.address,
                    description="\n".join(map(line_of, told.values)),
                    unique_id=f"urn:uuid:{event.pk}",
                    pubdate=event.acted_at,
                    updateddate=event.acted_at,
                )
        return atom.writeString("utf-8")


def _lately(feed: Feed) -> list[Event]:
    """The last events of what the feed selects, the newest first."""
    rows = Event.objects.filter(audience=Audience.PUBLIC).exclude(type__endswith=".withdrawn")
    rows = rows.order_by("-acted_at", "-position")
    looked = rows.values_list("pk", "keys", "words")[:_LOOKED_THROUGH]
    chosen = [pk for pk, keys, words in looked if selects(feed, keys, words)][:SHOWN]
    return list(rows.filter(pk__in=chosen).select_related("entry"))
