"""A feed's calendar put together from kept events; only what changed since is rendered.

A calendar that was made before is cut open and the changed events are put in; otherwise every event is fetched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from agenda.feeds.parts import Event, Parts
from agenda.feeds.selection import held
from diplomacy.visits.visibility import Audience

# What a calendar may weigh before whoever builds it is told so.
HEAVY_BYTES = 2_000_000
_UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Body:
    """A calendar but for the date of its last change, which is written when it is known."""

    meta: CalendarMeta
    spans: dict[str, tuple[int, int]]
    parts: Parts
    pieces: Sequence[bytes | memoryview]  # the events' bytes, one after another

    def digest(self) -> str:
        """A digest of everything but the date."""
        digest = hashlib.blake2b(frame(self.meta, self.spans), digest_size=32)
        digest.update(self.parts.digests)
        return digest.hexdigest()

    def head(self, changed_at: dt.datetime) -> bytes:
        """What stands before the events."""
        return frame(replace(self.meta, last_modified=changed_at), self.spans)

    def chunks(self, changed_at: dt.datetime) -> Iterable[bytes | memoryview]:
        """The bytes, with the date of the last change."""
        return [self.head(changed_at), *self.pieces, CALENDAR_END]


def entity_tag(digest: str, changed_at: dt.datetime) -> str:
    """The tag of a calendar, without quotes: its digest and its date make every byte of it."""
    return hashlib.blake2b(f"{digest} {changed_at.timestamp():.0f}".encode(), digest_size=16).hexdigest()


def build(feed: Feed, audience: Audience, today: dt.date) -> Body:
    """The calendar of a feed for an audience on a day (UTC), from all its events."""
    events = event_rows(feed, audience, today)
    parts = Parts.of(events)
    return _body(feed, audience, today, parts, [event.content for event in events])


def event_rows(feed: Feed, audience: Audience, today: dt.date, *, only: set[int] | None = None) -> list[Event]:
    """The events of a feed for an audience on a day (UTC), each as it stands in the calendar; only these tellings'."""
    rows = _rows(feed, audience, today, only=only)
    if only is None:
        return list(_events(feed, rows))

    def also_there(uids: set[str]) -> set[str]:
        return set(held(feed, audience, today).filter(uid__in=uids).values_list("uid", flat=True)) if uids else set()

    return list(_events(feed, rows, also_there=also_there))


def calendar_weight(feed: Feed, now: dt.datetime) -> tuple[int, int]:
    """How many events a feed's calendar has and about how many bytes, for the audience that sees most of it."""
    lengths = build(feed, Audience.SUBSCRIBERS, now.date()).parts.lengths
    return len(lengths), sum(lengths)


def spliced(
    feed: Feed, audience: Audience, today: dt.date, changed: set[int], parts: Parts, old: memoryview
) -> Body | None:
    """The calendar as it was, `old` (its events alone) with its parts, with these tellings told anew.

    None where a visit comes or goes, since items of it then name it or no longer do: make the calendar whole.
    """
    rows = _rows(feed, audience, today, only=changed)
    gone = changed - {row.pk for row in rows}
    new = {row.pk for row in rows}.difference(parts.ids)
    moved = gone.intersection(parts.ids) | new
    if moved and Telling.objects.filter(pk__in=moved, is_visit=True).exists():
        return None

    events = list(_events(feed, rows, also_there=parts.uids_among))
    cuts: list[tuple[int, int, bytes]] = []  # where, how many bytes are taken out, what is put in
    offsets = parts.offsets()
    kept = parts.copy()
    for event in events:
        at = bisect_left(parts.order, event.order)
        cuts.append((offsets[at], 0, event.content))
    for index in parts.places(changed):
        cuts.append((offsets[index], parts.lengths[index], b""))
        kept.delete(index)
    for event in events:
        kept.insert(event)
    # By place; what is put in comes before what is taken out there.
    return _body(feed, audience, today, kept, list(_cut(old, sorted(cuts, key=lambda cut: cut[:2]))))


def _cut(old: memoryview, cuts: Iterable[tuple[int, int, bytes]]) -> Iterator[bytes | memoryview]:
    position = 0
    for where, taken, put in cuts:
        if where > position:
            yield old[position:where]
        position = max(position, where + taken)
        if put:
            yield put
    yield old[position:]


def _body(feed: Feed, audience: Audience, today: dt.date, parts: Parts, pieces: Sequence[bytes | memoryview]) -> Body:
    meta = _meta(feed, audience)
    spans = spans_of(parts.zones_named()) if parts.ids else {meta.default_zone: (today.year, today.year)}
    return Body(meta, spans, parts, pieces)


@dataclass(frozen=True, slots=True)
class _Row:
    """A telling with its kept event beside it, as the database gives them."""

    pk: int
    uid: str
    position: int
    starts_on: dt.date | None
    start_clock: str
    has_left: bool | None
    kept_position: int | None
    kept_stamp: str | None
    content: bytes
    zones: str
    parents: str


def _rows(feed: Feed, audience: Audience, today: dt.date, *, only: set[int] | None = None) -> list[_Row]:
    kept = FilteredRelation("kept", condition=Q(kept__language=feed.language))
    rows = held(feed, audience, today)
    if only is not None:
        rows = rows.filter(pk__in=only)
    found = rows.annotate(event=kept).values_list(
        "pk", "uid", "position", "starts_on", "start_clock", "has_left", "event__position", "event__stamp",
        "event__content", "event__zones", "event__parents",
    )  # fmt: skip
    return [_Row(*row) for row in found]


def _events(
    feed: Feed, rows: Sequence[_Row], *, also_there: Callable[[set[str]], set[str]] = lambda _uids: set()
) -> Iterator[Event]:
    """The events of rows, in order; `also_there` says which of some UIDs the calendar has beside these rows'."""
    made_with = stamp(feed.language)
    stale = [
        row.pk for row in rows if not row.has_left and (row.kept_position, row.kept_stamp) != (row.position, made_with)
    ]
    fresh = keep(stale, feed.language) if stale else {}
    left = _taken_back([row.pk for row in rows if row.has_left], feed.language)
    made = {**fresh, **left}
    found = [_content(row, made.get(row.pk)) for row in rows]
    uids = {row.uid for row in rows}
    uids |= also_there({uid for _content, _zones, parents in found if parents for uid in parents.split("\n")} - uids)
    for row, (content, zones, parents) in zip(rows, found, strict=True):
        if parents and (present := [uid for uid in parents.split("\n") if uid in uids]):
            content = related_to(content, present)
        yield Event(f"{row.starts_on} {row.start_clock:5} {row.uid}", row.pk, row.uid, content, zones)


def _content(row: _Row, made: KeptEvent | None) -> tuple[bytes, str, str]:
    """Bytes, zones and parents of a row: as they were kept, or as they were made now."""
    if made is not None:
        return bytes(made.content), made.zones, made.parents
    return bytes(row.content), row.zones, row.parents


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
