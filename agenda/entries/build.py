"""From a Revision to the diary's row of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from agenda.entries.models import DiaryEntry
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import Revision
from diplomacy.visits.visibility import least_strict, strictest


def store(revision: Revision) -> DiaryEntry:
    """Make the diary's row say what the revision says."""
    subject = revision.visit or revision.item
    assert subject is not None  # a database constraint
    entry, _made = DiaryEntry.objects.update_or_create(
        uid=subject.uid,
        defaults={
            "visit": revision.visit,
            "item": revision.item,
            "revision": revision,
            "sequence": revision.sequence,
            "created_at": subject.created_at,
            "revised_at": revision.made_at,
            "content": revision.snapshot,
            **columns(revision.snapshot),
        },
    )
    if revision.visit:
        # Items are recorded before their visit, so the visit ties them to itself.
        entry.programme.set(
            DiaryEntry.objects.filter(item__in=[line["item"] for line in revision.snapshot["programme"]])
        )
    else:
        visits = [line["visit"] for line in revision.snapshot["visits"]]
        entry.parents.set(DiaryEntry.objects.filter(visit__in=visits))
    _set_facets(entry, revision.snapshot)
    for item in [entry] if revision.item else list(entry.programme.all()):
        _set_facets(item, item.content)
        _inherit(item)
    return entry


def columns(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row that are read off its snapshot."""
    first = snapshot.get("start_on") or snapshot.get("day")
    last = snapshot.get("end_on") or first
    return {
        "publication": snapshot["publication"],
        "visibility": snapshot["visibility"],
        "release_at": _moment(snapshot["release_at"]),
        "kind": snapshot["kind"],
        "status": snapshot["status"],
        "precision": snapshot.get("precision", ""),
        "press_access": snapshot.get("press_access", ""),
        "starts_on": _day(first),
        "ends_on": _day(last),
        "starts_at": _starts_at(snapshot),
        "zone": snapshot.get("zone", ""),
    }


def _starts_at(snapshot: dict[str, Any]) -> dt.datetime | None:
    if not (snapshot.get("start_time") and snapshot.get("day") and snapshot.get("zone")):
        return None
    local = dt.datetime.fromisoformat(f"{snapshot['day']}T{snapshot['start_time']}")
    return local.replace(tzinfo=ZoneInfo(snapshot["zone"])).astimezone(dt.UTC)


def _set_facets(entry: DiaryEntry, snapshot: dict[str, Any]) -> None:
    """Keys to select by, from the published snapshot alone; an item also stands under its visits' keys."""
    members = snapshot.get("members", snapshot.get("participants", []))
    countries = {member["country"] for member in members if member["country"]}
    countries |= {place["country"] for place in snapshot.get("cities", [])}
    countries |= {code for code in (snapshot.get("host_country"), (snapshot.get("city") or {}).get("country")) if code}
    people = {member["person"]["id"] for member in members if member["person"]}
    for parent in entry.parents.all():
        countries |= set(parent.countries.values_list("code", flat=True))
        people |= {str(pk) for pk in parent.people.values_list("pk", flat=True)}
    entry.countries.set(sorted(countries))
    entry.people.set(sorted(people))
    entry.offices.set(sorted({member["office"]["id"] for member in members if member["office"]}))


def _inherit(item: DiaryEntry) -> None:
    """An item of visits shows only with one of them, no more than the most open and no sooner than the first."""
    own = item.content
    known = list(item.parents.all())
    parents = [parent for parent in known if parent.publication == Publication.PUBLISHED]
    publication = own["publication"]
    if publication == Publication.PUBLISHED and own["visits"] and not parents:
        publication = Publication.WITHDRAWN if known else Publication.DRAFT
    visibility = own["visibility"]
    release = _moment(own["release_at"])
    if parents:
        visibility = strictest(visibility, least_strict(*(parent.visibility for parent in parents)))
        releases = [parent.release_at for parent in parents]
        release = _latest([release, None if None in releases else min(filter(None, releases))])
    item.publication, item.visibility, item.release_at = publication, visibility, release
    item.save(update_fields=["publication", "visibility", "release_at"])


def _latest(moments: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
