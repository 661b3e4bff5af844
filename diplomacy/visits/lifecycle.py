"""Announce, amend, postpone, cancel and conclude visits; each act on something published keeps a Revision."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from diplomacy.directory.registry import country_coded, free_slug, place_named
from diplomacy.directory.spelling import display_name
from diplomacy.visits import delegation, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release, VisitFacts, VisitPatch
from diplomacy.visits.models import ItineraryStop, ProgrammeItem, Visit
from diplomacy.vocabulary import VisitStatus


@transaction.atomic
def announce(
    facts: VisitFacts,
    items: tuple[ItemFacts, ...],
    act: Act,
    *,
    release: Release | None = None,
    source: str = "",
) -> Visit:
    """A new visit with its programme, as a draft: `publication.publish` shows it to readers."""
    identifier, uid = publication.new_identity()
    visit = Visit(id=identifier, uid=uid, created_at=act.now, slug=_slug(facts))
    _fill(visit, facts)
    if release is not None:
        _fill_release(visit, release)
    visit.full_clean()
    visit.save(force_insert=True)
    delegation.set_members(visit, facts.members, source=source)
    _set_stops(visit, facts.cities, source=source)
    programme.add_items(items, act, visit=visit, source=source)
    return visit


@transaction.atomic
def amend(visit: Visit, facts: VisitFacts, act: Act, *, source: str = "") -> None:
    """Make the visit say this; days that change are kept as the days planned before."""
    before = (visit.start_on, visit.end_on)
    if facts.status == VisitStatus.POSTPONED != visit.status:
        _put_off_items(visit)
    _fill(visit, facts)
    moved = (visit.start_on, visit.end_on) != before
    if before[0] is not None and (moved or (facts.status == VisitStatus.POSTPONED and not facts.original_start_on)):
        visit.original_start_on, visit.original_end_on = before
    _save(visit)
    delegation.set_members(visit, facts.members, source=source)
    _set_stops(visit, facts.cities, source=source)
    publication.record(visit, act)


@transaction.atomic
def postpone(visit: Visit, act: Act, *, start_on: dt.date | None = None, end_on: dt.date | None = None) -> None:
    """Put the visit off: to new days if they are known, else its days stay as those it was planned for.

    The days and hours of the items that are its alone no longer hold, so these are put off with it.
    """
    _put_off_items(visit)
    visit.status = VisitStatus.POSTPONED
    visit.original_start_on, visit.original_end_on = visit.start_on, visit.end_on
    if start_on is not None:
        visit.start_on, visit.end_on = start_on, end_on
    _change(visit, act)


@transaction.atomic
def cancel(visit: Visit, act: Act) -> None:
    """The visit will not take place, nor will the items that are its alone."""
    for item in _own_items(visit):
        programme.mark_cancelled(item)
    visit.status = VisitStatus.CANCELLED
    _change(visit, act)


@transaction.atomic
def shift(visit: Visit, days: int, act: Act) -> None:
    """Move the visit and the items that are its alone by so many days (earlier with a minus): an editor's word that
    the programme is the same on other days, its hours included. The days planned before are kept.
    """
    by = dt.timedelta(days=days)
    for item in _own_items(visit):
        programme.mark_shifted(item, by)
    visit.original_start_on, visit.original_end_on = visit.start_on, visit.end_on
    visit.start_on = visit.start_on + by if visit.start_on else None
    visit.end_on = visit.end_on + by if visit.end_on else None
    _change(visit, act)


@transaction.atomic
def change(visit: Visit, patch: VisitPatch, act: Act, *, source: str = "") -> None:
    """Change of the visit what the patch says; days that change are kept as the days planned before.

    A first day that is moved beyond the last takes it along: until when is not stated any more.
    """
    before = (visit.start_on, visit.end_on)
    visit.kind = patch.kind or visit.kind
    visit.status = patch.status or visit.status
    visit.start_on = patch.start_on or visit.start_on
    visit.end_on = patch.end_on or visit.end_on
    if patch.end_on is None and visit.start_on and visit.end_on and visit.end_on < visit.start_on:
        visit.end_on = None
    if before[0] is not None and (visit.start_on, visit.end_on) != before:
        visit.original_start_on, visit.original_end_on = before
    _save(visit)
    delegation.add_members(visit, patch.members, source=source)
    _add_stops(visit, patch.cities, source=source)
    publication.record(visit, act)


@transaction.atomic
def cancel_days(visit: Visit, first: dt.date, last: dt.date, act: Act) -> None:
    """Of the visit just these days (inclusive) do not take place, nor do the items of them that are its alone. Where
    they are its first or last days, the visit is shorter.
    """
    for item in _own_items(visit):
        if item.day is not None and first <= item.day <= last:
            programme.mark_cancelled(item)
    before = (visit.start_on, visit.end_on)
    if visit.start_on is not None and visit.end_on is not None:
        if first <= visit.start_on <= last < visit.end_on:
            visit.start_on = last + dt.timedelta(days=1)
        elif visit.start_on < first <= visit.end_on <= last:
            visit.end_on = first - dt.timedelta(days=1)
    if (visit.start_on, visit.end_on) != before:
        visit.original_start_on, visit.original_end_on = before
    _change(visit, act)


@transaction.atomic
def set_status(visit: Visit, status: VisitStatus, act: Act) -> None:
    """Confirm, begin or conclude the visit."""
    visit.status = status
    _change(visit, act)


@transaction.atomic
def set_release(visit: Visit, release: Release, act: Act) -> None:
    """Say who may see the visit and from when; of something published this holds at once."""
    _fill_release(visit, release)
    _change(visit, act)


def _fill_release(visit: Visit, release: Release) -> None:
    visit.visibility = release.visibility
    visit.release_at, visit.release_zone = release.release_at, release.release_zone


class MergeError(ValueError):
    """Two visits that cannot be made one; its text says why, in the active language."""


def check_merge(visit: Visit, into: Visit) -> None:
    """Raise MergeError for a visit with itself or one merged before, and where readers know `visit` but not `into`."""
    if visit.pk == into.pk:
        raise MergeError(_("These are one visit already. Choose two."))
    for each in (visit, into):
        if each.merged_into is not None:
            said = _("%(visit)s was merged into %(other)s before. Choose that one instead.")
            raise MergeError(said % {"visit": each, "other": each.merged_into})
    if visit.is_published and not into.is_published:
        raise MergeError(_("Readers know the visit that would go and not the one that would stay. Publish that first."))


@transaction.atomic
def merge(visit: Visit, into: Visit, act: Act) -> None:
    """The two are one and the same: `into` goes on, with the items of both; `visit` is withdrawn and leads there.

    Raises MergeError as `check_merge` does.
    """
    check_merge(visit, into)
    last = into.programme.aggregate(last=Max("position"))["last"] or 0
    known = set(into.programme.values_list("item_id", flat=True))
    for line in visit.programme.order_by("position"):
        if line.item_id in known:
            line.delete()
            continue
        last += 1
        line.visit, line.position = into, last
        line.save(update_fields=["visit", "position"])
    visit.merged_into = into
    _save(visit)
    publication.withdraw(visit, act)
    publication.record(into, act)


def _own_items(visit: Visit) -> list[ProgrammeItem]:
    """The items of the visit that are no other visit's too."""
    lines = visit.programme.select_related("item")
    return [line.item for line in lines if not line.item.lines.exclude(visit=visit).exists()]


def _put_off_items(visit: Visit) -> None:
    for item in _own_items(visit):
        programme.mark_postponed(item)


def _change(visit: Visit, act: Act) -> None:
    _save(visit)
    publication.record(visit, act)


def _save(visit: Visit) -> None:
    """Write what was decided; what was published is `publication`'s to write."""
    visit.version += 1
    visit.full_clean()
    visit.save(update_fields=publication.decided_fields(visit))


def _fill(visit: Visit, facts: VisitFacts) -> None:
    visit.host_country = country_coded(facts.host_country)
    visit.kind, visit.status = facts.kind, facts.status
    visit.start_on, visit.end_on = facts.start_on, facts.end_on
    if facts.original_start_on is not None:
        visit.original_start_on, visit.original_end_on = facts.original_start_on, facts.original_end_on
    visit.date_text = facts.date_text[:200]


def _set_stops(visit: Visit, cities: tuple[str, ...], *, source: str) -> None:
    visit.stops.all().delete()
    places = [place_named(city, country=visit.host_country, source=source) for city in cities]
    for position, place in enumerate(dict.fromkeys(places), start=1):
        ItineraryStop.objects.create(visit=visit, position=position, place=place)


def _add_stops(visit: Visit, cities: tuple[str, ...], *, source: str) -> None:
    stops = list(visit.stops.all())
    known, last = {stop.place_id for stop in stops}, max((stop.position for stop in stops), default=0)
    for city in cities:
        place = place_named(city, country=visit.host_country, source=source)
        if place.pk not in known:
            last += 1
            known.add(place.pk)
            ItineraryStop.objects.create(visit=visit, position=last, place=place)


def _slug(facts: VisitFacts) -> str:
    who = next((display_name(member.name) or member.title for member in facts.members), "")
    family_name = who.split()[-1] if who else ""
    when = f"{facts.start_on:%Y-%m}" if facts.start_on else ""
    where = facts.cities[0] if facts.cities else facts.host_country
    return free_slug(Visit.objects.values_list("slug", flat=True), f"{family_name} {where} {when}", "visit")
