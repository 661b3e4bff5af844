"""What the rich profile adds to an event (RFC 9073, RFC 9253): people, place and page as components and links.

Widely used calendar programs take a nested component's UID and SUMMARY for the event's, or refuse the whole calendar;
so this is never part of the usual calendars.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from .content_lines import content_lines, geo_value, line_value, text_value, uri_value

_END = b"END:VEVENT\r\n"
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of addresses (RFC 9562, 6.6)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part: name, and title as said."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a rich event says besides; empty parts are left out."""

    uid: str
    url: str
    kind: str  # an address that stands for the kind, in any language
    participants: tuple[Participant, ...]
    place: str
    latitude: float | None = None
    longitude: float | None = None


def enriched(event: bytes, details: Details) -> bytes:
    """Return a rendered VEVENT with LINK, CONCEPT, PARTICIPANTs and VLOCATION at its end."""
    return event.removesuffix(_END) + content_lines(_lines(details)) + _END


def _lines(details: Details) -> Iterable[str]:
    yield f"CONCEPT:{uri_value(details.kind)}"
    if details.url:
        yield f"LINK;LINKREL=alternate;FMTTYPE=text/html;VALUE=URI:{uri_value(details.url)}"
    for number, participant in enumerate(details.participants, start=1):
        yield "BEGIN:PARTICIPANT"
        yield f"UID:{_part_uid(details.uid, f'participant-{number}')}"
        yield "PARTICIPANT-TYPE:ACTIVE"
        yield f"SUMMARY:{line_value(participant.name)}"
        if participant.title:
            yield f"DESCRIPTION:{text_value(participant.title)}"
        yield "END:PARTICIPANT"
    if details.place:
        yield "BEGIN:VLOCATION"
        yield f"UID:{_part_uid(details.uid, 'place')}"
        yield f"NAME:{line_value(details.place)}"
        if details.latitude is not None and details.longitude is not None:
            yield f"GEO:{geo_value(details.latitude, details.longitude)}"
        yield "END:VLOCATION"


def _part_uid(uid: str, part: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{uid}/{part}"))
