"""Add, amend, move, cancel and drop programme items; each act on something published keeps a Revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from diplomacy.directory.models import Place
from diplomacy.directory.registry import country_coded, place_named
from diplomacy.visits import delegation, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, ItemPatch, Release, When
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine, Visit
from diplomacy.vocabulary import ItemStatus


def add_item(facts: ItemFacts, act: Act, *, visit: Visit | None = None, source: str = "") -> ProgrammeItem:
    """A new item as a draft: at the end of the visit's programme, or in its participants' own diary."""
    return add_items([facts], act, visit=visit, source=source)[0]


@transaction.atomic
def add_items(
    told: Sequence[ItemFacts], act: Act, *, visit: Visit | None = None, source: str = ""
) -> list[ProgrammeItem]:
    """New items as `add_item` makes them. Asks as often for many as for one, but for each person, office and city."""
    if not told:
        return []
    where = _Where(visit, source)
    items = [_new_item(facts, act, where) for facts in told]
    _insert(items)
    delegation.seat(zip(items, (facts.participants for facts in told), strict=True), source=source)
    if visit is not None:
        last = visit.programme.aggregate(last=Max("position"))["last"] or 0
        ProgrammeLine.objects.bulk_create(
            ProgrammeLine(visit=visit, item=item, position=position) for position, item in enumerate(items, last + 1)
        )
    return items


def _new_item(facts: ItemFacts, act: Act, where: _Where) -> ProgrammeItem:
    identifier, uid = publication.new_identity()
    item = ProgrammeItem(id=identifier, uid=uid, created_at=act.now, visibility=facts.visibility)
    _fill(item, facts, where)
    item.clean_fields(exclude=["place"])
    item.clean()
    return item


def _insert(items: Sequence[ProgrammeItem]) -> None:
    """Write new items. The database judges; only what it refuses is looked at one by one, for the words to say so.

    Raises ValidationError.
    """
    try:
        with transaction.atomic():
            ProgrammeItem.objects.bulk_create(items)
    except IntegrityError:
        for item in items:
            item.validate_constraints()
        raise


@transaction.atomic
def amend_item(item: ProgrammeItem, facts: ItemFacts, act: Act, *, source: str = "") -> None:
    """Make the item say this; a change of day, or putting it off, keeps the day it was planned for."""
    before = item.day
    _fill(item, facts, _Where(item.visits.first(), source))
    _save_moved(item, before)
    delegation.set_participants(item, facts.participants, source=source)
    publication.record_item(item, act)


@transaction.atomic
def change_item(item: ProgrammeItem, patch: ItemPatch, act: Act, *, source: str = "") -> None:
    """Change of the item what the patch says; the rest of it stays as somebody decided it."""
    mark_changed(item, patch, source=source)
    publication.record_item(item, act)


def mark_changed(item: ProgrammeItem, patch: ItemPatch, *, source: str = "") -> None:
    """Change an item as a part of a larger act, which records it."""
    before, where = item.day, _Where(item.visits.first(), source)
    if patch.when is not None:
        _fill_time(item, patch.when)
    if patch.status is not None:
        item.status = patch.status
    if patch.venue is not None:
        item.venue = patch.venue[:300]
    if patch.press_access is not None:
        item.press_access = patch.press_access
    if patch.city:
        item.place = where.place(patch.city, patch.country) or item.place
    item.zone = patch.zone or item.zone or where.zone(item.place)
    if patch.accreditation_until is not None:
        item.accreditation_until = _moment(patch.accreditation_until, item.zone) or item.accreditation_until
    _save_moved(item, before)
    delegation.add_participants(item, patch.participants, source=source)


def _save_moved(item: ProgrammeItem, before: dt.date | None) -> None:
    if before is not None and (item.day != before or item.status == ItemStatus.POSTPONED):
        item.original_day = before
    item.version += 1
    item.full_clean(exclude=["place"], validate_unique=False)  # its keys never change
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


def _fill(item: ProgrammeItem, facts: ItemFacts, where: _Where) -> None:
    item.kind, item.form, item.title = facts.kind, facts.form[:100], facts.title[:300]
    item.status = facts.status
    _fill_time(item, facts)
    item.venue, item.press_access = facts.venue[:300], facts.press_access
    item.place = where.place(facts.city, facts.country)
    item.zone = facts.zone or where.zone(item.place)
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


class _Where:
    """Where the items of one act take place, each city asked for once."""

    def __init__(self, visit: Visit | None, source: str) -> None:
        self._visit, self._source = visit, source
        self._places: dict[tuple[str, str], Place | None] = {}

    def place(self, city: str, code: str) -> Place | None:
        """The city in the country of that code, else in the visit's; None where no country is known."""
        if not city:
            return None
        if (city, code) not in self._places:
            country = country_coded(code) if code else self._visit.host_country if self._visit else None
            found = place_named(city, country=country, source=self._source) if country is not None else None
            self._places[city, code] = found
        return self._places[city, code]

    def zone(self, place: Place | None) -> str:
        """The zone of the item's city; else of the visit's only city; else of the host country, if it has just one."""
        return place.zone if place is not None else self._zone_of_visit

    @cached_property
    def _zone_of_visit(self) -> str:
        if self._visit is None:
            return ""
        zones = {stop.place.zone for stop in self._visit.stops.select_related("place")}
        return zones.pop() if len(zones) == 1 else self._visit.host_country.zone


def day_of_visit(visit: Visit) -> dt.date | None:
    """The day of a visit that lasts one day; None for a longer one or one of unknown days."""
    return visit.start_on if visit.start_on == visit.end_on else None
