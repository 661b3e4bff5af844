"""A feed as a collection: each event a resource of its own, and what changed since a token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


def items(feed: Feed, today: dt.date, *, start: str = "", end: str = "") -> list[Item]:
    """Every event of the feed; only those of the days between, if `start` or `end` is given ("20230207T000000Z")."""
    meta = CalendarMeta(
        name="", description="", language=feed.language, product_id="-//Agenda//Diplomatic diary", url="",
        last_modified=dt.datetime(1970, 1, 1, tzinfo=dt.UTC), default_zone="Etc/UTC", end_not_stated="",
        refresh_interval=None,
    )  # fmt: skip
    found = []
    for event in event_rows(feed, AUDIENCE, today, only=_between(feed, today, start, end)):
        data = frame(meta, spans_of([event.zones])) + event.content + CALENDAR_END
        found.append(Item(f"{event.uid}.ics", f'"{event.digest}"', data))
    return found


def _between(feed: Feed, today: dt.date, start: str, end: str) -> set[int] | None:
    """The tellings that touch the days, one more on either side for the zones; None: all."""
    if not start and not end:
        return None
    rows = held(feed, AUDIENCE, today)
    try:
        if start:
            rows = rows.filter(ends_on__gte=dt.date.fromisoformat(start[:8]) - _DAY)
        if end:
            rows = rows.filter(starts_on__lte=dt.date.fromisoformat(end[:8]) + _DAY)
    except (ValueError, OverflowError) as error:
        raise MalformedError("a time range that is none") from error
    return set(rows.values_list("pk", flat=True))


def changes(feed: Feed, since: Token, now: Token) -> tuple[set[str], set[str]]:
    """The names of what was told anew or came since, and of what left. Raises StaleTokenError."""
    if (since.addresses, since.stamp) != (now.addresses, now.stamp) or since.position > now.position:
        raise StaleTokenError(since.text())
    told = set(matching(feed, AUDIENCE).filter(position__gt=since.position).values_list("uid", flat=True))
    here = set(held(feed, AUDIENCE, now.day).values_list("uid", flat=True))
    before = here if since.day == now.day else set(held(feed, AUDIENCE, since.day).values_list("uid", flat=True))
    came = (told & here) | (here - before)
    left = (told | before) - here
    return {f"{uid}.ics" for uid in came}, {f"{uid}.ics" for uid in left}


def display_name(feed: Feed) -> str:
    """What the collection is called, in the feed's language."""
    with translation.override(feed.language):
        return feed_name(feed) or _("Diary")
