"""From a Revision to the diary's row of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from agenda.entries.models import DiaryEntry, EntryPlace
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import ProgrammeItem, Revision, Visit
from diplomacy.visits.snapshot import Snapshot
from diplomacy.visits.visibility import least_strict, strictest


def store(revisions: Sequence[Revision]) -> list[DiaryEntry]:
    """Make the diary's rows say what the revisions say; rows that stand under them follow where they have to. Items
    come before visits.
    """
    subjects = [revision.visit or revision.item for revision in revisions]
    uids = [subject.uid for subject in subjects if subject is not None]
    known = {row.uid: row for row in DiaryEntry.objects.select_for_update().filter(uid__in=uids).order_by("pk")}
    entries = [known.get(uid) or DiaryEntry(uid=uid) for uid in uids]
    lent = {entry.uid: _lent(entry) for entry in entries if entry.pk and entry.is_visit}
    points = {entry.uid: points_of(entry.content) for entry in entries if entry.pk}
    for entry, revision in zip(entries, revisions, strict=True):
        _fill(entry, revision)
    _store_items([entry for entry in entries if not entry.is_visit])
    for entry in entries:
        if entry.is_visit:
            _store_visit(entry, lent.get(entry.uid))
    _write_points(entries, points)
    return entries


def _fill(entry: DiaryEntry, revision: Revision) -> None:
    subject = revision.visit or revision.item
    assert subject is not None  # a database constraint
    entry.visit, entry.item, entry.revision = revision.visit, revision.item, revision
    entry.sequence, entry.created_at, entry.revised_at = revision.sequence, subject.created_at, revision.made_at
    entry.content = revision.snapshot
    for name, value in columns(revision.snapshot).items():
        setattr(entry, name, value)


def points_of(snapshot: dict[str, Any]) -> list[tuple[float, float]]:
    """The points of a snapshot's places: latitude and longitude in degrees, each once."""
    places = [*snapshot.get("cities", []), snapshot.get("city") or {}]
    found = {(place.get("latitude"), place.get("longitude")) for place in places}
    return sorted((north, east) for north, east in found if north is not None and east is not None)


def place_first() -> None:
    """Write the points of a diary that was published before points were kept."""
    if not EntryPlace.objects.exists():
        rows = DiaryEntry.objects.only("content").iterator()
        points = ((row.pk, point) for row in rows for point in points_of(row.content))
        EntryPlace.objects.bulk_create(
            (EntryPlace(entry_id=pk, latitude=north, longitude=east) for pk, (north, east) in points), batch_size=1000
        )


def _write_points(entries: Sequence[DiaryEntry], before: Mapping[str, list[tuple[float, float]]]) -> None:
    """Write the points of rows where they are others than before (by UID; none of a new row)."""
    changed = [entry for entry in entries if points_of(entry.content) != before.get(entry.uid, [])]
    if stale := [entry.pk for entry in changed if before.get(entry.uid)]:
        EntryPlace.objects.filter(entry__in=stale).delete()
    points = [(entry, point) for entry in changed for point in points_of(entry.content)]
    EntryPlace.objects.bulk_create(
        EntryPlace(entry=entry, latitude=north, longitude=east) for entry, (north, east) in points
    )


def _store_items(entries: Sequence[DiaryEntry]) -> None:
    if not entries:
        return
    under = {entry.uid: [line["visit"] for line in entry.content["visits"]] for entry in entries}
    rows = DiaryEntry.objects.filter(visit__in={visit for visits in under.values() for visit in visits})
    known = {str(row.visit_id): row for row in rows}
    parents = {uid: [known[visit] for visit in visits if visit in known] for uid, visits in under.items()}
    for entry in entries:
        _inherit(entry, parents[entry.uid])
    fields = [field.name for field in DiaryEntry._meta.concrete_fields if field.name not in {"id", "uid"}]
    DiaryEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["uid"], update_fields=fields)
    _tie({(entry.pk, parent.pk) for entry in entries for parent in parents[entry.uid]}, from_diaryentry__in=entries)
    _write_facets({entry.pk: _facets(entry, parents[entry.uid]) for entry in entries})


def _store_visit(entry: DiaryEntry, lent: tuple[object, ...] | None) -> None:
    entry.save()
    # Items are recorded before their visit, so the visit ties them to itself.
    lines = [line["item"] for line in entry.content["programme"]]
    items = list(DiaryEntry.objects.filter(item__in=lines).values_list("pk", flat=True))
    items += _taken_back_under(entry, lines)
    are_tied_anew = _tie({(item, entry.pk) for item in items}, to_diaryentry=entry)
    if not are_tied_anew and _lent(entry) == lent:
        return
    _write_facets({entry.pk: _facets(entry, [])})
    rows = list(DiaryEntry.objects.filter(pk__in=items).prefetch_related("parents"))
    for item in rows:
        _inherit(item, list(item.parents.all()))
    DiaryEntry.objects.bulk_update(rows, ["publication", "visibility", "release_at"], batch_size=200)
    _write_facets({item.pk: _facets(item, list(item.parents.all())) for item in rows})


def _taken_back_under(visit: DiaryEntry, lines: Sequence[Any]) -> list[int]:
    """The ids of items that its programme no longer shows though they are its own: they are kept back with it."""
    rows = DiaryEntry.objects.filter(parents=visit).exclude(item__in=lines).values_list("pk", "content")
    return [pk for pk, content in rows if str(visit.visit_id) in {line["visit"] for line in content["visits"]}]


def _tie(wanted: set[tuple[int, int]], **side: DiaryEntry | Sequence[DiaryEntry]) -> bool:
    """Make the ties (item, visit) of one side just these; returns whether anything changed."""
    through: Any = DiaryEntry.parents.through
    rows = through.objects.filter(**side).values_list("pk", "from_diaryentry_id", "to_diaryentry_id")
    kept = {(item, visit): pk for pk, item, visit in rows}
    stale = [pk for pair, pk in kept.items() if pair not in wanted]
    if stale:
        through.objects.filter(pk__in=stale).delete()
    missing = sorted(wanted - set(kept))
    through.objects.bulk_create(through(from_diaryentry_id=item, to_diaryentry_id=visit) for item, visit in missing)
    return bool(stale or missing)


def unsaved_row(subject: Visit | ProgrammeItem, snapshot: Snapshot) -> DiaryEntry:
    """A diary row of what stands, published or not; not to be saved."""
    owner = {"visit": subject} if isinstance(subject, Visit) else {"item": subject}
    return DiaryEntry(
        uid=subject.uid, content=snapshot, sequence=subject.sequence, created_at=subject.created_at,
        revised_at=subject.revised_at or subject.created_at, **owner, **columns(snapshot),
    )  # fmt: skip


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


Facets = dict[str, set[str]]
_KEYS = {"countries": "country_id", "people": "person_id", "offices": "office_id"}


def _own_facets(snapshot: dict[str, Any]) -> Facets:
    """Keys to select by, from a published snapshot alone."""
    members = snapshot.get("members", snapshot.get("participants", []))
    countries = {member["country"] for member in members if member["country"]}
    countries |= {place["country"] for place in snapshot.get("cities", [])}
    countries |= {code for code in (snapshot.get("host_country"), (snapshot.get("city") or {}).get("country")) if code}
    return {
        "countries": countries,
        "people": {member["person"]["id"] for member in members if member["person"]},
        "offices": {member["office"]["id"] for member in members if member["office"]},
    }


def _facets(entry: DiaryEntry, parents: Iterable[DiaryEntry]) -> Facets:
    """The keys of a row: its own, and an item also stands under its visits' countries and people."""
    facets = _own_facets(entry.content)
    for parent in parents:
        lent = _own_facets(parent.content)
        facets["countries"] |= lent["countries"]
        facets["people"] |= lent["people"]
    return facets


def _write_facets(wanted: dict[int, Facets]) -> None:
    """Make the keys of rows just these: a query a kind of key, and one more where some are new or gone."""
    for name, column in _KEYS.items():
        through: Any = getattr(DiaryEntry, name).through
        rows = through.objects.filter(diaryentry__in=wanted).values_list("pk", "diaryentry_id", column)
        kept = {(entry, str(key)): pk for pk, entry, key in rows}
        pairs = {(entry, key) for entry, facets in wanted.items() for key in facets[name]}
        if stale := [pk for pair, pk in kept.items() if pair not in pairs]:
            through.objects.filter(pk__in=stale).delete()
        missing = sorted(pairs - set(kept))
        through.objects.bulk_create(through(diaryentry_id=entry, **{column: key}) for entry, key in missing)


def _lent(visit: DiaryEntry) -> tuple[object, ...]:
    """What a visit's items take from it."""
    facets = _own_facets(visit.content)
    return (visit.publication, visit.visibility, visit.release_at, facets)


def _inherit(item: DiaryEntry, known: list[DiaryEntry]) -> None:
    """An item of visits shows only with one of them, no more than the most open and no sooner than the first. Where
    all were taken back, they still say who may know of what was.
    """
    own = item.content
    parents = [parent for parent in known if parent.publication == Publication.PUBLISHED]
    publication = own["publication"]
    if publication == Publication.PUBLISHED and own["visits"] and not parents:
        publication = Publication.WITHDRAWN if known else Publication.DRAFT
    visibility = own["visibility"]
    release = _moment(own["release_at"])
    if lenders := parents or known:
        visibility = strictest(visibility, least_strict(*(parent.visibility for parent in lenders)))
        releases = [parent.release_at for parent in lenders]
        release = _latest([release, None if None in releases else min(filter(None, releases))])
    item.publication, item.visibility, item.release_at = publication, visibility, release


def _latest(moments: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
