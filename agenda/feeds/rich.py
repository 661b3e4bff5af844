"""The rich profile of a calendar: people, place and page as components and links of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils import translation

from agenda.entries import view, wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import Telling
from agenda.feeds.ical import Details, Participant, enriched
from diplomacy.visits.visibility import Audience

_EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID = re.compile(rb"\r\nUID:(\S+)\r\n")
_BATCH = 500


def rich_bytes(plain: bytes, audience: Audience, language: str) -> bytes:
    """The rich profile of a calendar that was made for the audience in the language."""
    return b"".join(_pieces(plain, audience, language))


def _pieces(plain: bytes, audience: Audience, language: str) -> Iterator[bytes]:
    found = list(_EVENT.finditer(plain))
    yield plain[: found[0].start()] if found else plain
    for start in range(0, len(found), _BATCH):
        events = [event.group() for event in found[start : start + _BATCH]]
        uids = [match[1].decode() for event in events if (match := _UID.search(event))]
        tellings = {row.uid: row for row in Telling.objects.filter(audience=audience, uid__in=uids, is_shown=True)}
        with translation.override(language):
            for uid, event in zip(uids, events, strict=True):
                is_bare = uid not in tellings or b"\r\nURL:" not in event  # withdrawn, from here at least
                yield event if is_bare else enriched(event, _details(tellings[uid]))
    if found:
        yield plain[found[-1].end() :]


def _details(telling: Telling) -> Details:
    row, _programme = view.row_of(telling)
    latitude, longitude = wording.point(row)
    return Details(
        uid=telling.uid,
        url=absolute(page_path(row)),
        kind=absolute(f"/kinds/{row.kind}"),
        participants=tuple(
            Participant(member["person"]["name"] if member["person"] else member["title"], member["title"])
            for member in view.members_of(telling.view)
        ),
        place=wording.place(row),
        latitude=latitude,
        longitude=longitude,
    )
