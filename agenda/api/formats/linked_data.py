"""Entries as schema.org Events in JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from agenda.api.formats.parts import Json, end, filled, items_of, members, places, start
from agenda.entries import wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry
from diplomacy.vocabulary import VisitStatus

_CONTEXT = "https://schema.org"


def event_of(entry: DiaryEntry) -> Json:
    """One Event with its context."""
    return {"@context": _CONTEXT, **_event(entry)}


def list_of(entries: Sequence[DiaryEntry], address: str) -> Json:
    """Events in order, as an ItemList found at `address`."""
    lines = [
        {"@type": "ListItem", "position": number, "item": _event(entry)} for number, entry in enumerate(entries, 1)
    ]
    return {
        "@context": _CONTEXT, "@type": "ItemList", "@id": address, "numberOfItems": len(lines),
        "itemListElement": lines,
    }  # fmt: skip


def _event(entry: DiaryEntry) -> Json:
    url = absolute(page_path(entry))
    planned = entry.content.get("original_start_on") or entry.content.get("original_day")
    is_moved = bool(planned) and entry.starts_on is not None and planned != entry.starts_on.isoformat()
    return filled(
        {
            "@type": "Event", "@id": url, "url": url, "identifier": entry.uid, "name": wording.title(entry),
            "inLanguage": get_language(), "keywords": wording.kind_label(entry), "startDate": start(entry),
            "endDate": end(entry), "previousStartDate": planned if is_moved else "",
            "eventStatus": f"{_CONTEXT}/{_status(entry, is_moved=is_moved)}",
            "location": [_place(place, entry) for place in places(entry)] or _country(entry),
            "attendee": [_attendee(member) for member in members(entry)],
            "subEvent": [_event(item) for item in items_of(entry)],
        }
    )  # fmt: skip


def _status(entry: DiaryEntry, *, is_moved: bool) -> str:
    if entry.status == VisitStatus.CANCELLED:
        return "EventCancelled"
    if wording.awaits_new_day(entry):
        return "EventPostponed"
    return "EventRescheduled" if is_moved else "EventScheduled"


def _place(place: Json, entry: DiaryEntry) -> Json:
    point = {"@type": "GeoCoordinates", "latitude": place["latitude"], "longitude": place["longitude"]}
    address = {"@type": "PostalAddress", "addressLocality": place["name"], "addressCountry": place["country"]}
    return filled(
        {
            "@type": "Place", "name": entry.content.get("venue") or place["name"], "address": address,
            "geo": point if place["latitude"] is not None else None,
        }
    )  # fmt: skip


def _country(entry: DiaryEntry) -> Json:
    if entry.is_visit:
        return {"@type": "Country", "name": wording.place(entry), "identifier": entry.content["host_country"]}
    venue = entry.content.get("venue")
    return {"@type": "Place", "name": venue} if venue else {}


def _attendee(member: Json) -> Json:
    if member["person"]:
        return filled({"@type": "Person", "name": member["person"]["name"], "jobTitle": member["title"]})
    return {"@type": "Organization", "name": member["title"] or member["office"]["title"]}
