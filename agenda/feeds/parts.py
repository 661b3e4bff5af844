"""Of which events a calendar is made, column by column: kept beside its file, so that a change is cut into it."""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_NEXT = "\x1f"  # in no place of an event: those are a day, a clock and a UID
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it stands in a calendar."""

    order: str  # sorts as the calendar does: day, clock, UID
    telling_id: int
    uid: str
    content: bytes
    zones: str

    @property
    def digest(self) -> bytes:
        """A digest of its bytes."""
        return hashlib.blake2b(self.content, digest_size=_DIGEST_BYTES).digest()


def _numbers(code: str) -> array[int]:
    return array(code)


@dataclass(frozen=True, slots=True)
class Parts:
    """The events of a calendar in its order.

    Numbers lie in arrays and digests in one run of bytes: of 10,000 events none becomes an object of its own when one
    of them changes.
    """

    order: list[str] = field(default_factory=list)
    ids: array[int] = field(default_factory=lambda: _numbers("q"))
    lengths: array[int] = field(default_factory=lambda: _numbers("q"))
    digests: bytearray = field(default_factory=bytearray)
    zones: array[int] = field(default_factory=lambda: _numbers("I"))  # which of the zone texts
    zone_texts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Parts:
        """The parts of a calendar of these events, which are in its order."""
        parts = cls()
        known: dict[str, int] = {}
        for event in events:
            parts.order.append(event.order)
            parts.ids.append(event.telling_id)
            parts.lengths.append(len(event.content))
            parts.digests.extend(event.digest)
            parts.zones.append(known.setdefault(event.zones, len(known)))
        parts.zone_texts.extend(known)
        return parts

    @classmethod
    def load(cls, content: bytes) -> Parts:
        """What `dump` wrote on this machine."""
        head, _newline, rest = content.partition(b"\n")
        lengths, zone_texts = json.loads(head)
        columns = []
        for length in lengths:
            columns.append(rest[:length])
            rest = rest[length:]
        order, ids, sizes, digests, zones = columns
        parts = cls(order.decode().split(_NEXT) if order else [], digests=bytearray(digests), zone_texts=zone_texts)
        for column, kept in ((parts.ids, ids), (parts.lengths, sizes), (parts.zones, zones)):
            column.frombytes(kept)
        return parts

    def dump(self) -> bytes:
        """All of it, for `load`."""
        columns = (
            _NEXT.join(self.order).encode(), self.ids.tobytes(), self.lengths.tobytes(), bytes(self.digests),
            self.zones.tobytes(),
        )  # fmt: skip
        head = json.dumps([[len(column) for column in columns], self.zone_texts])
        return b"".join((head.encode(), b"\n", *columns))

    def copy(self) -> Parts:
        """The same, to be changed."""
        return Parts(self.order[:], self.ids[:], self.lengths[:], self.digests[:], self.zones[:], self.zone_texts[:])

    def offsets(self) -> Sequence[int]:
        """Where each event begins, in bytes after the calendar's head, and where the last ends."""
        return [0, *accumulate(self.lengths)]

    def places(self, telling_ids: Iterable[int]) -> list[int]:
        """The indexes of these tellings' events, the last first; those of others' are left out."""
        found = []
        for telling_id in telling_ids:
            try:
                found.append(self.ids.index(telling_id))
            except ValueError:
                continue
        return sorted(found, reverse=True)

    def uids_among(self, uids: set[str]) -> set[str]:
        """Which of these UIDs the calendar has."""
        if not uids:
            return uids
        text = _NEXT.join(("", *self.order, ""))
        return {uid for uid in uids if f" {uid}{_NEXT}" in text}

    def zones_named(self) -> set[str]:
        """The zone texts of its events ("Africa/Bamako 2026", one a line)."""
        return {self.zone_texts[index] for index in set(self.zones)}

    def insert(self, event: Event) -> None:
        """Put an event at its place."""
        index = bisect_left(self.order, event.order)
        if event.zones not in self.zone_texts:
            self.zone_texts.append(event.zones)
        self.order.insert(index, event.order)
        self.ids.insert(index, event.telling_id)
        self.lengths.insert(index, len(event.content))
        self.digests[index * _DIGEST_BYTES : index * _DIGEST_BYTES] = event.digest
        self.zones.insert(index, self.zone_texts.index(event.zones))

    def delete(self, index: int) -> None:
        """Take the event at an index out."""
        for column in (self.order, self.ids, self.lengths, self.zones):
            del column[index]
        del self.digests[index * _DIGEST_BYTES : (index + 1) * _DIGEST_BYTES]
