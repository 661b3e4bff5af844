"""Add, amend, move, cancel and drop programme items; each act on something published keeps a Revision."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from diplomacy.directory.models import Place
from diplomacy.directory.registry import country_coded, place_named
from diplomacy.visits import delegation, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, ItemPatch, Release, When
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine, Visit
from diplomacy.vocabulary import ItemStatus


@transaction.atomic
def add_item(facts: ItemFacts, act: Act, *, visit: Visit | None = None, source: str = "") -> ProgrammeItem:
    """A new item as a draft: at the end of the visit's programme, or in its participants' own diary."""
    identifier, uid = publication.new_identity()
    item = ProgrammeItem(id=identifier, uid=uid, created_at=act.now, visibility=facts.visibility)
    _fill(item, facts, visit, source=source)
    item.full_clean(exclude=["place"])
    item.save(force_insert=True)
    delegation.set_participants(item, facts.participants, source=source)
    if visit is not None:
        last = visit.programme.aggregate(last=Max("position"))["last"] or 0
        ProgrammeLine.objects.create(visit=visit, item=item, position=last + 1)
    return item


@transaction.atomic
def amend_item(item: ProgrammeItem, facts: ItemFacts, act: Act, *, source: str = "") -> None:
    """Make the item say this; a change of day, or putting it off, keeps the day it was planned for."""
    before = item.day
    _fill(item, facts, item.visits.first(), source=source)
    _save_moved(item, before)
    delegation.set_participants(item, facts.participants, source=source)
    publication.record_item(item, act)


@transaction.atomic
def change_item(item: ProgrammeItem, patch: ItemPatch, act: Act, *, source: str = "") -> None:
    """Change of the item what the patch says; the rest of it stays as somebody decided it."""
    before, visit = item.day, item.visits.first()
    if patch.when is not None:
        _fill_time(item, patch.when)
    if patch.status is not None:
        item.status = patch.status
    if patch.venue is not None:
        item.venue = patch.venue[:300]
    if patch.press_access is not None:
        item.press_access = patch.press_access
    if patch.city:
        item.place = _place(patch.city, patch.country, visit, source=source) or item.place
    item.zone = patch.zone or item.zone or _zone(item.place, visit)
    if patch.accreditation_until is not None:
        item.accreditation_until = _moment(patch.accreditation_until, item.zone) or item.accreditation_until
    _save_moved(item, before)
    delegation.add_participants(item, patch.participants, source=source)
    publication.record_item(item, act)


def _save_moved(item: ProgrammeItem, before: dt.date | None) -> None:
    if before is not None and (item.day != before or item.status == ItemStatus.POSTPONED):
        item.original_day = before
    item.version += 1
    item.full_clean(exclude=["place"])
    item.save(update_fields=publication.decided_fields(item))


@transaction.atomic
def set_release(item: ProgrammeItem, release: Release, act: Act) -> None:
    """Say who may see the item and from when; of something published this holds at once."""
    item.visibility = release.visibility
    item.release_at, item.release_zone = release.release_at, release.release_zone
    item.version += 1
    item.full_clean(exclude=["place"])
    item.save(update_fields=["visibility", "release_at", "release_zone", "version"])
    publication.record_item(item, act)


@transaction.atomic
def set_accreditation(item: ProgrammeItem, until: dt.datetime | None, act: Act) -> None:
    """Say until when to ask for accreditation (aware); None takes it back."""
    item.accreditation_until = until
    item.version += 1
    item.save(update_fields=["accreditation_until", "version"])
    publication.record_item(item, act)


@transaction.atomic
def cancel_item(item: ProgrammeItem, act: Act) -> None:
    """The item will not take place."""
    mark_cancelled(item)
    publication.record_item(item, act)


def mark_cancelled(item: ProgrammeItem) -> None:
    """Cancel an item as a part of a larger act, which records it."""
    item.status = ItemStatus.CANCELLED
    item.version += 1
    item.save(update_fields=["status", "version"])


def mark_shifted(item: ProgrammeItem, by: dt.timedelta) -> None:
    """Move an item by whole days as a part of a larger act, which records it; without a day, it stays."""
    if item.day is None or item.status != ItemStatus.SCHEDULED:
        return
    item.original_day, item.day = item.day, item.day + by
    item.version += 1
    item.save(update_fields=["original_day", "day", "version"])


def mark_postponed(item: ProgrammeItem) -> None:
    """Put an item off as a part of a larger act, which records it: its day is from now on the one it was planned for.

    One without a day keeps its place in the programme, wherever that goes.
    """
    if item.day is None or item.status != ItemStatus.SCHEDULED:
        return
    item.status, item.original_day = ItemStatus.POSTPONED, item.day
    item.version += 1
    item.save(update_fields=["status", "original_day", "version"])


def _fill(item: ProgrammeItem, facts: ItemFacts, visit: Visit | None, *, source: str) -> None:
    item.kind, item.form, item.title = facts.kind, facts.form[:100], facts.title[:300]
    item.status = facts.status
    _fill_time(item, facts)
    item.venue, item.press_access = facts.venue[:300], facts.press_access
    item.place = _place(facts.city, facts.country, visit, source=source)
    item.zone = facts.zone or _zone(item.place, visit)
    item.accreditation_until = _moment(facts.accreditation_until, item.zone)


def _moment(said: dt.datetime | None, zone: str) -> dt.datetime | None:
    """A moment said on the clock of `zone`; None where no zone can be told: nobody knows which moment it is."""
    if said is None or said.tzinfo is not None:
        return said
    return said.replace(tzinfo=ZoneInfo(zone)) if zone else None


def _fill_time(item: ProgrammeItem, facts: ItemFacts | When) -> None:
    item.precision, item.day = facts.precision, facts.day
    item.start_time, item.end_time, item.ends_next_day = facts.start_time, facts.end_time, facts.ends_next_day
    item.part_of_day = facts.part_of_day or ""
    item.duration_minutes = facts.duration_minutes


def _place(city: str, code: str, visit: Visit | None, *, source: str) -> Place | None:
    country = country_coded(code) if code else visit.host_country if visit else None
    if city and country is not None:
        return place_named(city, country=country, source=source)
    return None


def _zone(place: Place | None, visit: Visit | None) -> str:
    """The zone of the item's city; else of the visit's only city; else of the host country, if it has just one."""
    if place is not None:
        return place.zone
    if visit is None:
        return ""
    zones = {stop.place.zone for stop in visit.stops.select_related("place")}
    return zones.pop() if len(zones) == 1 else visit.host_country.zone


def day_of_visit(visit: Visit) -> dt.date | None:
    """The day of a visit that lasts one day; None for a longer one or one of unknown days."""
    return visit.start_on if visit.start_on == visit.end_on else None
