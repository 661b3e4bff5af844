"""Entries as ninjs 3.1 (IPTC): an event each, a visit with its items associated. Nothing is said of who covers what:
that is the newsroom's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from agenda.api.formats.parts import Json, day, filled, items_of, members, places
from agenda.entries import hours, wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry
from diplomacy.directory.countries import country_name

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}


def event_of(entry: DiaryEntry) -> Json:
    """One event."""
    associated = [_named(item) for item in items_of(entry)]
    return filled({"standard": STANDARD, **_event(entry), **_version(entry), "associations": associated})


def list_of(entries: Sequence[DiaryEntry], address: str) -> Json:
    """Events in order, associated with a composite found at `address`; a visit's items stand in lists of items."""
    return {
        "standard": STANDARD, "uri": address, "type": "composite", "language": get_language(),
        "associations": [{**_named(entry), **_version(entry)} for entry in entries],
    }  # fmt: skip


def _named(entry: DiaryEntry) -> Json:
    return {"name": wording.title(entry), **_event(entry)}


def _version(entry: DiaryEntry) -> Json:
    """Which state it is; a visit's items say so where they are asked for themselves."""
    return {
        "version": str(entry.sequence), "firstCreated": entry.created_at.isoformat(),
        "versionCreated": entry.revised_at.isoformat(),
    }  # fmt: skip


def _event(entry: DiaryEntry) -> Json:
    url = absolute(page_path(entry))
    details = {"eventStatus": absolute(f"/statuses/{entry.status}"), "dates": _dates(entry)}
    return filled(
        {
            "uri": url, "type": "event", "representationType": "partial", "pubStatus": "usable",
            "language": get_language(), "title": wording.title(entry), "edNote": _note(entry),
            "eventDetails": filled(details),
            "people": [_person(member) for member in members(entry) if member["person"]],
            "organisations": [{"name": member["title"]} for member in members(entry) if not member["person"]],
            "places": [_place(place) for place in places(entry)] or _elsewhere(entry),
            "subjects": [{"name": wording.kind_label(entry), "uri": absolute(f"/kinds/{entry.kind}")}],
            "altIds": [{"role": "uid", "value": entry.uid}],
        }
    )  # fmt: skip


def _dates(entry: DiaryEntry) -> Json:
    """An hour is a start, a day alone an expected one: ninjs has no other word for less than a moment."""
    starts, ends = hours.starts(entry), hours.ends(entry)
    if starts is None:
        return filled({"expectedStartDate": day(entry.starts_on), "expectedEndDate": day(entry.ends_on)})
    return filled({"startDate": starts.isoformat(), "endDate": ends.isoformat() if ends else ""})


def _note(entry: DiaryEntry) -> str:
    zone = entry.zone if entry.starts_at else ""
    lines = (
        wording.status_label(entry),
        wording.hour(entry),
        zone,
        wording.access(entry),
        wording.accreditation(entry),
    )
    return " · ".join(line for line in (*lines, wording.contested(entry)) if line)


def _person(member: Json) -> Json:
    return filled({"name": member["person"]["name"], "rel": member["role"], "literal": member["title"]})


def _place(place: Json) -> Json:
    address = {"locality": place["name"], "country": country_name(place["country"])}
    point = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    return filled(
        {
            "name": place["name"], "contactInfo": [{"type": "physical", "address": address}],
            "geoJSON": point if place["latitude"] is not None else None,
        }
    )  # fmt: skip


def _elsewhere(entry: DiaryEntry) -> list[Json]:
    name = wording.place(entry)
    return [{"name": name}] if name else []
