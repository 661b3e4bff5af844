"""What a request has to ask to know that nothing is new: a few numbers, kept in the cache for a short while."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from redis.exceptions import RedisError

from agenda.entries.models import Pulse
from agenda.entries.telling import AUDIENCES
from diplomacy.visits.visibility import Audience

_KEY = "agenda.feeds.pulse"
# A publisher writes the new numbers after its commit. Should that write be lost, this is how long readers can be late.
_SECONDS = 30
_ADDRESSES = "addresses"
# Within a second a process does not ask again; what it changed itself it knows at once.
_FRESH_SECONDS = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beat:
    """How far each audience has been told, how often addresses and names changed, and when the clock tells next."""

    positions: dict[str, int]
    addresses: int
    next_release_at: dt.datetime | None

    def position(self, audience: Audience) -> int:
        """The position of the audience's last change."""
        return self.positions.get(audience, 0)


class _LastHeard:
    """The numbers this process heard last, and when (monotonic seconds)."""

    def __init__(self) -> None:
        self.beat: tuple[float, Beat] | None = None


_heard = _LastHeard()


def current_beat() -> Beat:
    """The numbers as they stand: as heard within this second, else from the cache, else by one query."""
    heard = _heard.beat
    moment = time.monotonic()
    if heard is not None and 0 <= moment - heard[0] < _FRESH_SECONDS:
        return heard[1]
    beat = _asking_cache(lambda: cache.get(_KEY))
    if not isinstance(beat, Beat):
        beat = _read()
        # `add`, not `set`: what a publisher wrote meanwhile is newer than what was read here.
        _asking_cache(lambda: cache.add(_KEY, beat, _SECONDS))
    _heard.beat = (moment, beat)
    return beat


def _read() -> Beat:
    rows = {row.name: row for row in Pulse.objects.all()}
    releases = [row.next_release_at for row in rows.values() if row.next_release_at is not None]
    return Beat(
        positions={audience: rows[audience].position for audience in AUDIENCES if audience in rows},
        addresses=rows[_ADDRESSES].position if _ADDRESSES in rows else 0,
        next_release_at=min(releases, default=None),
    )


def announce() -> None:
    """Let readers know at once: forget the numbers now, and write the new ones after the commit."""
    forget()
    transaction.on_commit(_write, robust=True)


def _write() -> None:
    beat = _read()
    _asking_cache(lambda: cache.set(_KEY, beat, _SECONDS))
    _heard.beat = None


def forget() -> None:
    """Make the next reader ask the database."""
    _heard.beat = None
    _asking_cache(lambda: cache.delete(_KEY))


def addresses_changed() -> None:
    """Feeds, secret addresses or names in titles are no longer what was kept of them."""
    Pulse.objects.get_or_create(name=_ADDRESSES)
    Pulse.objects.filter(name=_ADDRESSES).update(position=F("position") + 1)
    announce()


def _asking_cache(question: Callable[[], object]) -> object:
    """The cache's answer; None where the cache is away, so that the database is asked instead."""
    try:
        return question()
    except RedisError as error:
        logger.warning("The cache is away (%s); feeds ask the database.", type(error).__name__)
        return None
