"""Another's calendar (iCalendar): each event is a communiqué, an event that says something else a new version of it.

An event that their calendar leaves out is no longer listed; nobody said that it is cancelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from diplomacy.communiques.intake import RefusedError, receive_event
from diplomacy.communiques.models import Source, fetched_at
from diplomacy.communiques.reissue import list_again, stop_listing
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools
from diplomacy.communiques.sources.web import page_at
from diplomacy.communiques.troubles import sentence
from diplomacy.documents import DocumentError, Trouble
from diplomacy.documents.calendar_parts import CalendarParts, EventPart, calendar_parts
from diplomacy.fetching import Known

_AT_ONCE = 500  # new or changed events a look; the rest waits for the next
_PAST = dt.timedelta(days=31)  # what ended longer ago than this when it is first seen is not received

# What is remembered of an event: its digest, its last day (ISO, or nothing), and whether it is listed no longer.
Seen = dict[str, tuple[str, str, bool]]


def poll(source: Source, memory: Memory, *, now: dt.datetime, tools: Tools) -> Outcome:
    """Receive the events that are new or say something else, the soonest first, and note which are listed no longer.

    Raises SourceError where the calendar cannot be had, is none, or holds too many events.
    """
    page = page_at(
        fetched_at(source.address), tools, known=Known(memory.get("etag", ""), memory.get("last_modified", ""))
    )
    if page.content is None:
        return Outcome(memory=memory)
    try:
        parts = calendar_parts(page.content)
    except DocumentError as error:
        code = "many_events" if error.trouble is Trouble.TOO_MANY_PARTS else "no_calendar"
        raise SourceError(code, source.address) from error
    seen: Seen = {identity: (kept[0], kept[1], kept[2]) for identity, kept in memory.get("seen", {}).items()}
    today = now.astimezone(ZoneInfo(source.zone or "UTC")).date()
    outcome = Outcome(refused=list(_not_read(parts)))
    news = sorted(_news(parts.events, seen, since=today - _PAST), key=lambda one: _turn(one, today))
    for part in news[:_AT_ONCE]:
        _take(part, source, outcome, seen, now=now)
    is_complete = len(news) <= _AT_ONCE and parts.is_whole
    _note_listings(parts, source, seen, today=today, now=now)
    known = page.known if is_complete else Known()
    outcome.memory = {"etag": known.etag, "last_modified": known.last_modified, "seen": seen}
    return outcome


def _news(events: Iterable[EventPart], seen: Mapping[str, tuple[str, str, bool]], *, since: dt.date) -> list[EventPart]:
    """The events to receive: changed ones, and new ones that are not long past."""
    found = []
    for part in events:
        if part.is_recurring:
            continue
        kept = seen.get(part.identity)
        is_new = kept is None and (part.last_on is None or part.last_on >= since)
        if is_new or (kept is not None and kept[0] != part.digest):
            found.append(part)
    return found


def _turn(part: EventPart, today: dt.date) -> tuple[bool, int]:
    """What is to come before what is past; of both the nearest first."""
    days = ((part.last_on or today) - today).days
    return days < 0, abs(days)


def _take(part: EventPart, source: Source, outcome: Outcome, seen: Seen, *, now: dt.datetime) -> None:
    was_dropped = part.identity in seen and seen[part.identity][2]
    try:
        receipt = receive_event(part, source, now=now)
    except RefusedError as error:
        outcome.refused.append(f"{part.title or part.identity}: {error}"[:300])
    else:
        outcome.received += not receipt.is_repeat
        outcome.known += receipt.is_repeat
    seen[part.identity] = (part.digest, part.last_on.isoformat() if part.last_on else "", was_dropped)


def _note_listings(parts: CalendarParts, source: Source, seen: Seen, *, today: dt.date, now: dt.datetime) -> None:
    """Keep which events the calendar lists no longer, and which it lists again. What is past is not missed, and of a
    file that breaks off nobody knows what it would have listed."""
    listed = {part.identity for part in parts.events}
    back = [identity for identity in seen if seen[identity][2] and identity in listed]
    list_again(source, back, now=now)
    _mark(seen, back, is_dropped=False)
    if not parts.is_whole or parts.oversized:
        return
    missing = [identity for identity in seen if identity not in listed and not seen[identity][2]]
    for identity in [one for one in missing if seen[one][1] < today.isoformat()]:
        del seen[identity]
    _mark(seen, stop_listing(source, [one for one in missing if one in seen], now=now), is_dropped=True)


def _mark(seen: Seen, identities: Iterable[str], *, is_dropped: bool) -> None:
    for identity in identities:
        seen[identity] = (*seen[identity][:2], is_dropped)


def _not_read(parts: CalendarParts) -> Iterable[str]:
    if parts.unnamed:
        yield f"{parts.unnamed} × {sentence(Trouble.NO_EVENTS)}"[:300]
    if parts.oversized:
        yield f"{parts.oversized} × {sentence(Trouble.TOO_LARGE)}"[:300]
    for part in parts.events:
        if part.is_recurring:
            yield f"{part.title or part.identity}: {sentence(Trouble.RECURRING)}"[:300]
