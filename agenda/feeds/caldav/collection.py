"""A feed as a collection: each event a resource of its own, and what changed since a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from agenda.feeds.body import event_rows
from agenda.feeds.caldav.answers import MalformedError
from agenda.feeds.catalogue import feed_name
from agenda.feeds.ical import CALENDAR_END, CalendarMeta, frame
from agenda.feeds.kept import spans_of, stamp
from agenda.feeds.models import Feed
from agenda.feeds.pulse import Beat
from agenda.feeds.selection import held, matching
from diplomacy.visits.visibility import Audience

AUDIENCE = Audience.SUBSCRIBERS
_DAY = dt.timedelta(days=1)
_BATCH = 500  # for one statement on every database
_Key = TypeVar("_Key", int, str)


class StaleTokenError(ValueError):
    """A token that no delta can be given for: the client must read all anew."""


@dataclass(frozen=True, slots=True)
class Item:
    """One event: the name of its resource, its tag and its calendar."""

    name: str
    etag: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """How far a client has read: position, day, settings, and what events are made with."""

    position: int
    day: dt.date
    addresses: int
    stamp: str

    def text(self) -> str:
        """As a client keeps it."""
        return f"data:,{self.position}/{self.day}/{self.addresses}/{self.stamp}"


def present_token(feed: Feed, beat: Beat, today: dt.date) -> Token:
    """How far there is to read."""
    return Token(beat.position(AUDIENCE), today, beat.addresses, stamp(feed.language))


def read_token(text: str) -> Token:
    """Raises StaleTokenError for what is no token of ours."""
    try:
        position, day, addresses, made_with = text.removeprefix("data:,").split("/")
        return Token(int(position), dt.date.fromisoformat(day), int(addresses), made_with)
    except ValueError as error:
        raise StaleTokenError(text) from error


def all_items(feed: Feed, today: dt.date) -> list[Item]:
    """Every event of the feed."""
    return _items(feed, today, None)


def named_items(feed: Feed, today: dt.date, names: Iterable[str]) -> dict[str, Item]:
    """Those of the named resources that are in the feed; no other event is read."""
    uids = {name.removesuffix(".ics") for name in names}
    chosen: set[int] = set()
    for batch in _batches(uids):
        chosen |= set(held(feed, AUDIENCE, today).filter(uid__in=batch).values_list("pk", flat=True))
    return {item.name: item for item in _items(feed, today, chosen)}


def items_between(feed: Feed, today: dt.date, start: str, end: str) -> list[Item]:
    """Those that touch the days, one more on either side for the zones ("20230207T000000Z", or empty)."""
    rows = held(feed, AUDIENCE, today)
    try:
        if start:
            rows = rows.filter(ends_on__gte=dt.date.fromisoformat(start[:8]) - _DAY)
        if end:
            rows = rows.filter(starts_on__lte=dt.date.fromisoformat(end[:8]) + _DAY)
    except (ValueError, OverflowError) as error:
        raise MalformedError("a time range that is none") from error
    return _items(feed, today, set(rows.values_list("pk", flat=True)))


def _items(feed: Feed, today: dt.date, only: set[int] | None) -> list[Item]:
    meta = CalendarMeta(
        name="", description="", language=feed.language, product_id="-//Agenda//Diplomatic diary", url="",
        last_modified=dt.datetime(1970, 1, 1, tzinfo=dt.UTC), default_zone="Etc/UTC", end_not_stated="",
        refresh_interval=None,
    )  # fmt: skip
    parts = [only] if only is None else [set(batch) for batch in _batches(only)]
    return [
        Item(
            f"{event.uid}.ics",
            f'"{event.digest.hex()}"',
            frame(meta, spans_of([event.zones])) + event.content + CALENDAR_END,
        )
        for part in parts
        for event in event_rows(feed, AUDIENCE, today, only=part)
    ]


def changes(feed: Feed, since: Token, now: Token) -> tuple[set[str], set[str]]:
    """The names of what was told anew or came since, and of what left. Raises StaleTokenError.

    Within a day only what was told since is asked for; over days also what the clock moved, by UID alone.
    """
    if (since.addresses, since.stamp) != (now.addresses, now.stamp) or since.position > now.position:
        raise StaleTokenError(since.text())
    told = set(matching(feed, AUDIENCE, since=since.position).values_list("uid", flat=True))
    if since.day == now.day:
        here = _uids(feed, now.day, told)
        came, left = told & here, told - here
    else:
        here, before = _uids(feed, now.day), _uids(feed, since.day)
        came, left = (told & here) | (here - before), (told | before) - here
    return {f"{uid}.ics" for uid in came}, {f"{uid}.ics" for uid in left}


def _batches(values: set[_Key]) -> Iterator[list[_Key]]:
    ordered = sorted(values)
    yield from (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _uids(feed: Feed, day: dt.date, among: set[str] | None = None) -> set[str]:
    rows = held(feed, AUDIENCE, day)
    if among is None:
        return set(rows.values_list("uid", flat=True))
    return {uid for batch in _batches(among) for uid in rows.filter(uid__in=batch).values_list("uid", flat=True)}


def display_name(feed: Feed) -> str:
    """What the collection is called, in the feed's language."""
    with translation.override(feed.language):
        return feed_name(feed) or _("Diary")
