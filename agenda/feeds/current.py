"""The present calendar of an address: found without a query where nothing changed, made anew where something did."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F, FilteredRelation, Max, Q, QuerySet

from agenda.entries.telling import tell_due
from agenda.feeds import copies
from agenda.feeds.body import Body, build, entity_tag, spliced
from agenda.feeds.ical import CALENDAR_END
from agenda.feeds.kept import stamp
from agenda.feeds.models import Feed, FeedState
from agenda.feeds.parts import Parts
from agenda.feeds.pulse import Beat, current_beat, forget
from agenda.feeds.selection import matching
from agenda.feeds.tokens import token_digest
from diplomacy.visits.visibility import Audience

DATABASE_AWAY = (DatabaseError, InterfaceError)
_REMEMBERED = 50_000  # addresses; about 1 kB each
# From so many events on, a calendar is cut open for a change; a smaller one is as soon made whole.
WORTH_CUTTING = 200
_SECOND = dt.timedelta(seconds=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """What a reader asked for: a public feed by language and slug, or a private one by its token's digest."""

    slug: str
    language: str = ""
    digest: str = ""

    @property
    def audience(self) -> Audience:
        """Who reads there."""
        return Audience.SUBSCRIBERS if self.digest else Audience.PUBLIC


def private_address(token: str, slug: str) -> Address:
    """The address that a token opens."""
    return Address(slug=slug, digest=token_digest(token))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that is ready to be sent, and what it was made at."""

    etag: str
    changed_at: int  # seconds since 1970
    size: int
    position: int
    addresses: int
    day: dt.date
    feed_id: int
    subscription_id: int | None = None


class UnknownAddressError(LookupError):
    """There is no such calendar."""


class EndedAddressError(LookupError):
    """There was one, and its subscription was ended."""


class MovedAddressError(LookupError):
    """The calendar has another address now: `feed`."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(str(feed))
        self.feed = feed


class Memory:
    """What this process knows of addresses, the least used forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[Address, Calendar] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: Address) -> Calendar | None:
        """What was last known of an address, however old."""
        with self._lock:
            found = self._known.get(address)
            if found is not None:
                self._known.move_to_end(address)
            return found

    def put(self, address: Address, calendar: Calendar) -> None:
        """Remember an address."""
        with self._lock:
            self._known[address] = calendar
            self._known.move_to_end(address)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def drop(self, address: Address) -> None:
        """Forget an address."""
        with self._lock:
            self._known.pop(address, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


memory = Memory()
_making = [threading.Lock() for _number in range(64)]


def calendar_at(address: Address, now: dt.datetime) -> Calendar:
    """The calendar of an address at `now`.

    With the database away: the last good one, if it is at hand. Raises UnknownAddressError, EndedAddressError,
    MovedAddressError, and the database's own error where there is nothing to fall back on.
    """
    try:
        return _calendar_at(address, now)
    except DATABASE_AWAY as error:
        known = memory.get(address) or _on_disk(address)
        if known is None or not copies.path_of(known.etag).exists():
            raise
        logger.warning("The database is away (%s); a feed is answered as it last was.", type(error).__name__)
        return known


def ensure_told(now: dt.datetime) -> Beat:
    """Tell what the clock has released, if anything; returns how far the telling has come."""
    beat = current_beat()
    if beat.next_release_at is not None and beat.next_release_at <= now:
        tell_due(now)
        forget()
        beat = current_beat()
    return beat


def _calendar_at(address: Address, now: dt.datetime) -> Calendar:
    beat = ensure_told(now)
    known = memory.get(address)
    if known is not None and _is_good(known, address, beat, now):
        return known
    with _making[hash(address) % len(_making)]:  # many readers of one feed wait for one of them
        known = memory.get(address)
        if known is None or not _is_good(known, address, beat, now):
            known = _looked_up(address, known, beat, now)
            memory.put(address, known)
    return known


def _is_good(known: Calendar, address: Address, beat: Beat, now: dt.datetime) -> bool:
    return (
        known.position == beat.position(address.audience)
        and known.addresses == beat.addresses
        and known.day == _day(now)
        and copies.path_of(known.etag).exists()
    )


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(dt.UTC).date()


def _looked_up(address: Address, known: Calendar | None, beat: Beat, now: dt.datetime) -> Calendar:
    """The calendar by one query where its state still holds, by more where it has to be made."""
    try:
        feed, subscription_id = _feed_at(address)
    except LookupError:
        memory.drop(address)
        raise
    state = _state_beside(feed)
    if state is None or not _still_holds(state, feed, address, beat, now):
        with transaction.atomic():
            state = _made(feed, address.audience, state, beat, now)
    calendar = Calendar(
        etag=state.etag,
        changed_at=int(state.changed_at.timestamp()),
        size=state.size,
        position=beat.position(address.audience),
        addresses=beat.addresses,
        day=_day(now),
        feed_id=feed.pk,
        subscription_id=subscription_id,
    )
    if known is not None and known.etag != calendar.etag:
        copies.remove(known.etag)
    if not address.digest and (known is None or known.etag != calendar.etag):
        _to_disk(address, calendar)
    return calendar


def _feed_at(address: Address) -> tuple[Feed, int | None]:
    """The feed of an address with its state beside it, by one query, and the id of the subscription."""
    feeds = _with_state(Feed.objects.filter(slug=address.slug), address.audience)
    if address.digest:
        feeds = feeds.filter(subscriptions__token_sha256=address.digest)
        feeds = feeds.annotate(subscription=F("subscriptions__pk"), ended_at=F("subscriptions__revoked_at"))
    else:
        feeds = feeds.filter(language=address.language, is_public=True)
    feed = feeds.first()
    if feed is None:
        raise UnknownAddressError
    if address.digest:
        if feed.ended_at is not None:
            raise EndedAddressError
        return feed, feed.subscription
    if feed.moved_to is not None:
        raise MovedAddressError(feed.moved_to)
    return feed, None


_STATE = ("digest", "etag", "changed_at", "size", "position", "addresses", "day", "stamp")


def _with_state(feeds: QuerySet[Feed], audience: Audience) -> QuerySet[Any]:
    return (
        feeds.select_related("person", "office", "country", "second_country", "moved_to")
        .annotate(state=FilteredRelation("states", condition=Q(states__audience=audience)))
        .annotate(**{f"state_{name}": F(f"state__{name}") for name in _STATE})
    )


def _state_beside(feed: Any) -> FeedState | None:
    values = {name: getattr(feed, f"state_{name}") for name in _STATE}
    return FeedState(feed=feed, **values) if values["etag"] is not None else None


def _still_holds(state: FeedState, feed: Feed, address: Address, beat: Beat, now: dt.datetime) -> bool:
    return (
        state.position == beat.position(address.audience)
        and _same_but_for_events(state, feed, beat, now)
        and copies.path_of(state.etag).exists()
    )


def _made(feed: Feed, audience: Audience, state: FeedState | None, beat: Beat, now: dt.datetime) -> FeedState:
    """The state of a feed looked at anew; its calendar is made where something of it may have changed."""
    if state is not None and _is_untouched(feed, audience, state, beat, now):
        return state
    body = _body(feed, audience, state, beat, now)
    digest = body.digest()
    if state is None or digest != state.digest:
        changed_at = _changed_at(feed, audience, state, now)
    else:
        changed_at = state.changed_at
    etag = entity_tag(digest, changed_at)
    size = copies.write(etag, body.chunks(changed_at), changed_at)
    if len(body.parts.ids) >= WORTH_CUTTING:
        copies.write_parts(etag, len(body.head(changed_at)), body.parts.dump(), changed_at)
    if state is not None and state.etag != etag:
        copies.remove(state.etag)
    values = {
        "digest": digest, "etag": etag, "changed_at": changed_at, "size": size,
        "position": beat.position(audience), "addresses": beat.addresses, "day": _day(now),
        "stamp": stamp(feed.language),
    }  # fmt: skip
    made = FeedState(feed=feed, audience=audience, **values)
    FeedState.objects.bulk_create(  # one statement, whoever else makes it at the same time
        [made], update_conflicts=True, unique_fields=["feed", "audience"], update_fields=list(values)
    )
    return made


def _body(feed: Feed, audience: Audience, state: FeedState | None, beat: Beat, now: dt.datetime) -> Body:
    """The calendar: the one that lies there with the changed events put in, or made whole."""
    if state is not None and _same_but_for_events(state, feed, beat, now):
        kept = copies.read_parts(state.etag)
        if kept is not None:
            changed = set(matching(feed, audience, since=state.position).values_list("pk", flat=True))
            head, parts = kept
            with copies.path_of(state.etag).open("rb") as file:
                file.seek(head)
                old = memoryview(file.read())[: -len(CALENDAR_END)]
            body = spliced(feed, audience, _day(now), changed, Parts.load(parts), old)
            if body is not None:
                return body
    return build(feed, audience, _day(now))


def _same_but_for_events(state: FeedState, feed: Feed, beat: Beat, now: dt.datetime) -> bool:
    return state.day == _day(now) and state.addresses == beat.addresses and state.stamp == stamp(feed.language)


def _is_untouched(feed: Feed, audience: Audience, state: FeedState, beat: Beat, now: dt.datetime) -> bool:
    """Whether what changed since the state was kept concerns other feeds only."""
    if not _same_but_for_events(state, feed, beat, now):
        return False
    if not copies.path_of(state.etag).exists():
        return False
    return not matching(feed, audience, since=state.position).exists()


def _changed_at(feed: Feed, audience: Audience, state: FeedState | None, now: dt.datetime) -> dt.datetime:
    """When the feed came to be as it is now: the last change in it, published, of its settings or by the clock."""
    moments = [min(feed.changed_at, now)]
    since = state.position if state is not None else None
    told = matching(feed, audience, since=since).aggregate(newest=Max("changed_at"))["newest"]
    if told is not None:
        moments.append(told)
    if state is None:  # nobody has seen it before
        return max(moments).replace(microsecond=0)
    moments.append(state.changed_at + _SECOND)
    if state.day != _day(now):
        moments.append(now.replace(hour=0, minute=0, second=0))
    if told is None and state.day == _day(now):
        moments.append(now)  # a name, a translation, the time-zone data
    return max(moments).replace(microsecond=0)


def _index(address: Address) -> Path:
    name = sha256(f"{address.language}/{address.slug}".encode()).hexdigest()
    return Path(settings.AGENDA_DATA, "feeds", f"{name}.json")


def _to_disk(address: Address, calendar: Calendar) -> None:
    """Note which file a public address had last, for a day on which nobody else can say."""
    path = _index(address)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [calendar.etag, calendar.changed_at, calendar.size, calendar.feed_id]
    temporary = path.with_suffix(f".{threading.get_ident()}")
    temporary.write_text(json.dumps(values), encoding="ascii")
    temporary.replace(path)


def _on_disk(address: Address) -> Calendar | None:
    if address.digest or not _index(address).exists():
        return None
    etag, changed_at, size, feed_id = json.loads(_index(address).read_text(encoding="ascii"))
    return Calendar(etag, changed_at, size, position=-1, addresses=-1, day=dt.date.min, feed_id=feed_id)
