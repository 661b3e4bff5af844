"""A feed's calendar put together from kept events; only what changed since is rendered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.entries.addresses import absolute
from agenda.entries.models import Telling
from agenda.feeds.catalogue import feed_name
from agenda.feeds.ical import CALENDAR_END, CalendarMeta, Colour, frame, related_to
from agenda.feeds.kept import keep, rendered, spans_of, stamp, taken_back
from agenda.feeds.models import Feed, KeptEvent
from agenda.feeds.selection import held
from diplomacy.visits.visibility import Audience

_UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Body:
    """A calendar but for the date of its last change, which is written when it is known."""

    meta: CalendarMeta
    spans: dict[str, tuple[int, int]]
    events: list[bytes]
    newest: dt.datetime | None  # the last change of an event in it

    def digest(self) -> str:
        """A digest of everything but the date."""
        digest = hashlib.blake2b(frame(self.meta, self.spans), digest_size=32)
        for event in self.events:
            digest.update(event)
        return digest.hexdigest()

    def chunks(self, changed_at: dt.datetime) -> Iterable[bytes]:
        """The bytes, with the date of the last change."""
        return [frame(replace(self.meta, last_modified=changed_at), self.spans), *self.events, CALENDAR_END]


def entity_tag(digest: str, changed_at: dt.datetime) -> str:
    """The tag of a calendar, without quotes: its digest and its date make every byte of it."""
    return hashlib.blake2b(f"{digest} {changed_at.timestamp():.0f}".encode(), digest_size=16).hexdigest()


def build(feed: Feed, audience: Audience, today: dt.date) -> Body:
    """The calendar of a feed for an audience on a day (UTC)."""
    rows = _rows(feed, audience, today)
    stale = [row[0] for row in rows if (row[4], row[5]) != (row[2], stamp(feed.language)) and not row[3]]
    fresh = keep(stale, feed.language) if stale else {}
    left = _taken_back([row[0] for row in rows if row[3]], feed.language)
    uids = {row[1] for row in rows}
    events: list[bytes] = []
    zones: set[str] = set()
    for pk, _uid, _position, has_left, _kept_position, _kept_stamp, content, used, parents, _changed in rows:
        if has_left or pk in fresh:
            kept = left[pk] if has_left else fresh[pk]
            content, used, parents = bytes(kept.content), kept.zones, kept.parents
        if parents and (present := [uid for uid in parents.split("\n") if uid in uids]):
            content = related_to(bytes(content), present)
        events.append(content)
        zones.add(used)
    spans = spans_of(zones) if events else {}
    meta = _meta(feed, audience)
    return Body(
        meta=meta,
        spans=spans if events else {meta.default_zone: (today.year, today.year)},
        events=events,
        newest=max((row[9] for row in rows), default=None),
    )


Row = tuple[int, str, int, bool, int | None, str | None, bytes, str, str, dt.datetime]


def _rows(feed: Feed, audience: Audience, today: dt.date) -> list[Row]:
    kept = FilteredRelation("kept", condition=Q(kept__language=feed.language))
    return list(
        held(feed, audience, today)
        .annotate(event=kept)
        .values_list(
            "pk", "uid", "position", "has_left", "event__position", "event__stamp", "event__content", "event__zones",
            "event__parents", "changed_at",
        )
    )  # fmt: skip


def _taken_back(telling_ids: list[int], language: str) -> dict[int, KeptEvent]:
    """What a feed says of tellings that are shown elsewhere but no longer concern it."""
    if not telling_ids:
        return {}
    with translation.override(language):
        tellings = Telling.objects.filter(pk__in=telling_ids)
        events = {telling.pk: rendered(telling, taken_back(telling), language) for telling in tellings}
    for event in events.values():
        event.parents = ""
    return events


def _meta(feed: Feed, audience: Audience) -> CalendarMeta:
    with translation.override(feed.language):
        name = feed_name(feed)
        if settings.AGENDA_DEMO:
            name = _("%(name)s (demonstration)") % {"name": name}
        address = reverse("public_feed", args=[feed.language, feed.slug])
        return CalendarMeta(
            name=name,
            description=_("Official visits and their programmes, on the host's clock."),
            language=feed.language,
            product_id="-//Agenda//Diplomatic diary",
            url=absolute(reverse("feeds")),
            last_modified=_UNDATED,
            default_zone="Etc/UTC",
            end_not_stated=_("end not stated"),
            source_url=absolute(address) if audience is Audience.PUBLIC else None,
            colour=Colour(name="steelblue", rgb="#4682b4"),
        )
