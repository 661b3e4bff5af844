"""An iCalendar file cut into its events, byte for byte, each a small calendar of its own. Nothing is interpreted here
beyond what recognises an event: one that is broken takes no other with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diplomacy.documents.document import DocumentError, Trouble

MOST_EVENTS = 20_000  # of a file
MOST_EVENT_BYTES = 200_000
_MOST_CLOCKS = 100_000  # bytes of time zones that go along with each event
EVENT_TYPE = "text/calendar;component=vevent"

_NAME = re.compile(rb"([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_STAMPS = (b"DTSTAMP", b"LAST-MODIFIED", b"CREATED")  # which many calendars set anew whenever they are asked
_OF_ALL = (b"VERSION", b"PRODID", b"CALSCALE", b"METHOD", b"X-WR-TIMEZONE")
_CUT_OUT = b"X-AGENDA-CUT-OUT:TRUE"  # so that a file of one event and that event are never the same bytes
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPart:
    """One event of a file. `identity` is its UID, with its RECURRENCE-ID where it has one; `original` a calendar that
    holds it alone, in the file's own bytes. `digest` is of all that it says but its stamps; `sequence` and `stamp`
    (DTSTAMP as written) tell which of two is newer. `last_on` is the last day that its dates name.
    """

    identity: str
    title: str
    sequence: int
    stamp: str
    digest: str
    last_on: dt.date | None
    is_recurring: bool
    original: bytes

    def is_older_than(self, other: EventPart) -> bool:
        """Whether the other has come from their calendar later: neither sequence nor stamp speaks for this one."""
        mine, others = (self.sequence, self.stamp), (other.sequence, other.stamp)
        return mine != others and self.sequence <= other.sequence and self.stamp <= other.stamp


@dataclass(frozen=True, slots=True)
class CalendarParts:
    """The events of a file, of each identity the newest only, in the order of the file; `unnamed` of them have no UID
    and `oversized` are too large. A file whose end is missing is not whole.
    """

    events: tuple[EventPart, ...]
    unnamed: int
    oversized: int
    is_whole: bool


def calendar_parts(original: bytes) -> CalendarParts:
    """The events of an iCalendar file.

    Raises DocumentError for what is no calendar and for one of more than MOST_EVENTS events.
    """
    lines = [line for line in original.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n") if line]
    if not lines or lines[0].strip().upper() != b"BEGIN:VCALENDAR":
        raise DocumentError(Trouble.DAMAGED, "no BEGIN:VCALENDAR")
    within = list(_blocks(lines[1:]))
    blocks = [block for kind, block in within if kind == b"VEVENT"]
    if len(blocks) > MOST_EVENTS:
        raise DocumentError(Trouble.TOO_MANY_PARTS, f"more than {MOST_EVENTS} events")
    clocks = [b"\r\n".join(block) for kind, block in within if kind == b"VTIMEZONE"]
    common = [line for kind, block in within if not kind and _name(block[0]) in _OF_ALL for line in block]
    found: dict[str, EventPart] = {}
    unnamed = oversized = 0
    for block in blocks:
        if sum(map(len, block)) > MOST_EVENT_BYTES:
            oversized += 1
            continue
        part = _part(block, common, clocks)
        if part is None:
            unnamed += 1
        elif part.identity not in found or not part.is_older_than(found[part.identity]):
            found[part.identity] = part
    is_whole = lines[-1].strip().upper() == b"END:VCALENDAR"
    return CalendarParts(tuple(found.values()), unnamed, oversized, is_whole)


def _blocks(lines: Sequence[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """The components directly within the calendar, and the calendar's own properties (kind empty), folded as sent.

    A component that does not end gives nothing.
    """
    at = 0
    while at < len(lines):
        start, line = at, lines[at].strip().upper()
        at += 1
        if line.startswith(b"BEGIN:"):
            kind = line[6:]
            end = b"END:" + kind
            while at < len(lines) and (found := lines[at].strip().upper()) != end:
                start = at if found == line else start  # one that begins anew has not ended: it is left out
                at += 1
            at += 1
            if at <= len(lines):
                yield kind, list(lines[start:at])
            continue
        while at < len(lines) and lines[at][:1] in (b" ", b"\t"):
            at += 1
        yield b"", list(lines[start:at])


def _part(block: Sequence[bytes], common: Sequence[bytes], clocks: Sequence[bytes]) -> EventPart | None:
    said: dict[bytes, str] = {}
    digest = hashlib.blake2b(digest_size=12)
    depth = 0
    for line in _unfolded(block[1:-1]):
        name = _name(line)
        depth += (name == b"BEGIN") - (name == b"END")
        if depth == 0 and name not in (b"END", *_STAMPS):
            digest.update(line + b"\n")
        if depth == 0 and (found := _NAME.match(line)):
            said.setdefault(name, found[3].decode("utf-8", "replace").strip())
    uid = said.get(b"UID", "")
    if not uid:
        return None
    recurrence = said.get(b"RECURRENCE-ID", "")
    days = [day for name in (b"DTSTART", b"DTEND") if (day := _day(said.get(name, "")))]
    return EventPart(
        identity=_identity(uid, recurrence),
        title=" ".join(_ESCAPED.sub(_plain, said.get(b"SUMMARY", "")).split())[:300],
        sequence=int(said[b"SEQUENCE"]) if re.fullmatch(r"\d{1,9}", said.get(b"SEQUENCE", "")) else 0,
        stamp=said.get(b"DTSTAMP", "")[:20],
        digest=digest.hexdigest(),
        last_on=max(days, default=None),
        is_recurring=b"RRULE" in said or b"RDATE" in said,
        original=_calendar(block, common, clocks),
    )


def _calendar(block: Sequence[bytes], common: Sequence[bytes], clocks: Sequence[bytes]) -> bytes:
    """An event with what it needs of its calendar: the clocks it names and what is said of all."""
    whole = b"\r\n".join(block)
    needed = [clock for clock in clocks if any(b"TZID=" + name in whole for name in _named(clock))]
    if sum(map(len, needed)) > _MOST_CLOCKS:
        needed = []
    return b"\r\n".join([b"BEGIN:VCALENDAR", *common, _CUT_OUT, *needed, whole, b"END:VCALENDAR", b""])


def _named(clock: bytes) -> Iterator[bytes]:
    for line in clock.split(b"\r\n"):
        if _name(line) == b"TZID":
            name = line.partition(b":")[2].strip()
            yield name
            yield b'"' + name


def _identity(uid: str, recurrence: str) -> str:
    """An identity no longer than can be kept: of a longer one its beginning and a digest of all of it."""
    whole = f"{uid}/{recurrence}" if recurrence else uid
    if len(whole) <= 280:
        return whole
    return f"{whole[:240]}~{hashlib.blake2b(whole.encode(), digest_size=12).hexdigest()}"


def _unfolded(lines: Sequence[bytes]) -> Iterator[bytes]:
    pieces: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            pieces.append(line[1:])
            continue
        if pieces:
            yield b"".join(pieces)
        pieces = [line]
    if pieces:
        yield b"".join(pieces)


def _name(line: bytes) -> bytes:
    return re.split(rb"[;:]", line, maxsplit=1)[0].strip().upper()


def _day(value: str) -> dt.date | None:
    digits = re.match(r"(\d{4})(\d\d)(\d\d)", value)
    try:
        return dt.date(*map(int, digits.groups())) if digits else None
    except ValueError:
        return None


def _plain(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
