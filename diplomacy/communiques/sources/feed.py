"""A news feed (RSS, Atom): each entry is a communiqué, an entry that is changed a new version of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from diplomacy.communiques.authenticity import by_page
from diplomacy.communiques.intake import Arrival
from diplomacy.communiques.models import Source
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools
from diplomacy.communiques.sources.web import page_at
from diplomacy.fetching import Known, file_name

_AT_ONCE = 50  # entries a look, the first of the feed
_REMEMBERED = 500
_WHOLE = 600  # characters from which an entry is taken to hold its text; below, the page it links to does


@dataclass(frozen=True, slots=True)
class _Entry:
    identity: str
    title: str
    link: str
    html: str
    published_on: dt.date | None

    @property
    def digest(self) -> str:
        words = "\n".join((self.title, self.link, self.html, str(self.published_on)))
        return hashlib.blake2b(words.encode(), digest_size=12).hexdigest()


def poll(source: Source, memory: Memory, *, now: dt.datetime, tools: Tools) -> Outcome:
    """Receive the entries that are new or have changed, the oldest first. An entry whose page cannot be had is tried
    again at the next look.

    Raises SourceError where the feed cannot be had, or is none.
    """
    page = page_at(source.address, tools, known=Known(memory.get("etag", ""), memory.get("last_modified", "")))
    if page.content is None:
        return Outcome(memory=memory)
    # A response handed over as bytes: feedparser asks nobody for anything.
    feed = feedparser.parse(page.content, response_headers={"content-type": page.media_type})
    if not feed.entries and not feed.get("version"):
        raise SourceError("no_feed", source.address)
    seen: dict[str, str] = dict(memory.get("seen", {}))
    outcome = Outcome()
    complete = True
    for found in reversed(feed.entries[:_AT_ONCE]):
        entry = _entry(found, source)
        if not entry.identity or seen.get(entry.identity) == entry.digest:
            continue
        try:
            outcome.take(
                _arrival(entry, tools, said_at=by_page(source.address, page.url), now=now),
                source,
                called=entry.title or entry.identity,
            )
        except SourceError as error:
            outcome.refused.append(f"{entry.title or entry.link}: {error}"[:300])
            complete = False
            continue
        seen.pop(entry.identity, None)
        seen[entry.identity] = entry.digest
    known = page.known if complete else Known()
    outcome.memory = {
        "etag": known.etag,
        "last_modified": known.last_modified,
        "seen": dict(list(seen.items())[-_REMEMBERED:]),
    }
    return outcome


def _entry(found: Mapping[str, Any], source: Source) -> _Entry:
    contents = [part.get("value", "") for part in found.get("content", [])]
    html = max([*contents, found.get("summary", "")], key=len)
    link = str(found.get("link", ""))
    return _Entry(
        identity=str(found.get("id") or link)[:280],
        title=str(found.get("title", ""))[:300],
        link=link,
        html=html,
        published_on=_day(found, source),
    )


def _arrival(entry: _Entry, tools: Tools, *, said_at: str, now: dt.datetime) -> Arrival:
    """`said_at` is how we know the feed itself; an entry's page is known by its own host, and no better than it."""
    original, media_type = f"<html><body>{entry.html}</body></html>".encode(), "text/html"
    if len(entry.html) < _WHOLE and entry.link:
        page = page_at(entry.link, tools)
        original, media_type = page.content or original, page.media_type or media_type
        said_at = by_page(entry.link, page.url) if said_at else said_at
    return Arrival(
        original=original,
        media_type=media_type,
        filename=file_name(entry.link),
        title=entry.title,
        identity=entry.identity,
        published_on=entry.published_on,
        received_at=now,
        authenticity=said_at,
    )


def _day(found: Mapping[str, Any], source: Source) -> dt.date | None:
    """The day an entry was published, where it was: on the clock it states, else on the source's own. A feed that
    states Greenwich time for all states no clock."""
    stated = str(found.get("published") or found.get("updated") or "")
    moment = _moment(stated)
    if moment is None:
        return None
    if moment.tzinfo is not None and not moment.utcoffset() and source.zone:
        moment = moment.astimezone(ZoneInfo(source.zone))
    return moment.date()


def _moment(stated: str) -> dt.datetime | None:
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(stated)
        except (ValueError, TypeError, IndexError):
            continue
    return None
