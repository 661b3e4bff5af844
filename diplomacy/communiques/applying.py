"""Do what was decided: each change that is taken becomes an act on a visit or an item."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from diplomacy.communiques.change import Change, ChangeKind
from diplomacy.communiques.drafts import day
from diplomacy.communiques.heard import standing_item
from diplomacy.communiques.item_changes import when_told
from diplomacy.communiques.threeway import taken
from diplomacy.directory.spelling import fold
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, ItemPatch, Somebody, VisitFacts, VisitPatch
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import VisitKind, VisitStatus


def apply_to_visit(
    visit: Visit, changes: Iterable[Change], told: VisitFacts, items: Sequence[ItemFacts], act: Act, *, source: str
) -> None:
    """Make the changes true: of the visit's own fields first, then of its programme. `told` and `items` are what the
    changes were read from.
    """
    changes = list(changes)
    own = [change for change in changes if change.number is None]
    _apply_own(visit, own, told, act, source=source)
    of_items = {number: [one for one in changes if one.number == number] for number in range(len(items))}
    is_new = {number: of_item[0].kind is ChangeKind.ADD_ITEM for number, of_item in of_items.items() if of_item}
    known = ProgrammeItem.objects.in_bulk([of_items[number][0].item for number, new in is_new.items() if not new])
    programme.add_items([items[number] for number, new in is_new.items() if new], act, visit=visit, source=source)
    for number in (number for number, new in is_new.items() if not new):
        item = known[uuid.UUID(of_items[number][0].item)]
        programme.mark_changed(item, _item_patch(item, of_items[number], items[number]), source=source)
    publication.record_items(list(known.values()), act)


def apply_to_item(item: ProgrammeItem, changes: Sequence[Change], told: ItemFacts, act: Act, *, source: str) -> None:
    """Change of a known item what is taken."""
    programme.change_item(item, _item_patch(item, changes, told), act, source=source)


def _item_patch(item: ProgrammeItem, changes: Sequence[Change], told: ItemFacts) -> ItemPatch:
    fields = {change.field for change in changes}
    added = [
        somebody for somebody in told.participants if f"participant:{fold(somebody.name or somebody.title)}" in fields
    ]
    return ItemPatch(
        when=taken(when_told(told), standing_item(item).when) if "when" in fields else None,
        zone=told.zone if "when" in fields else "",
        status=told.status if "status" in fields else None,
        venue=told.venue if "venue" in fields else None,
        city=told.city if "city" in fields else None,
        country=told.country,
        press_access=told.press_access if "press_access" in fields else None,
        accreditation_until=told.accreditation_until if "accreditation_until" in fields else None,
        participants=tuple(added),
    )


def _apply_own(visit: Visit, changes: Sequence[Change], told: VisitFacts, act: Act, *, source: str) -> None:
    patch = _patch(changes, told)
    if patch != VisitPatch():
        lifecycle.change(visit, patch, act, source=source)
    for change in changes:
        if change.kind is ChangeKind.POSTPONE:
            start, end = day(change.says.get("start")), day(change.says.get("end"))
            lifecycle.postpone(visit, act, start_on=start, end_on=end or start)
        elif change.kind is ChangeKind.CANCEL:
            lifecycle.cancel(visit, act)
        elif change.kind is ChangeKind.CANCEL_PART:
            first, last = day(change.says["start"]), day(change.says["end"])
            assert first is not None
            assert last is not None
            lifecycle.cancel_days(visit, first, last, act)


def _patch(changes: Sequence[Change], told: VisitFacts) -> VisitPatch:
    plain = {change.key: change.says for change in changes if change.kind in _PLAIN}
    keys = {change.key for change in changes}
    return VisitPatch(
        kind=VisitKind(plain["visit_kind"]) if "visit_kind" in plain else None,
        status=VisitStatus(plain["status"]) if "status" in plain else None,
        start_on=day(plain.get("start")),
        end_on=day(plain.get("end")),
        cities=tuple(city for city in told.cities if f"city:{fold(city)}" in keys),
        members=tuple(member for member in told.members if _member_key(member) in keys),
    )


_PLAIN = (ChangeKind.SET_FIELD, ChangeKind.CHANGE_FIELD, ChangeKind.CONCLUDE)


def _member_key(member: Somebody) -> str:
    return f"{member.role.value}:{fold(member.name or member.title)}"
