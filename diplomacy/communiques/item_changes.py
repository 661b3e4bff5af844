"""What a text changes of the programme of a known visit, or of a known line of a diary. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from diplomacy.communiques.change import Change, ChangeKind
from diplomacy.communiques.matching import same_somebody
from diplomacy.communiques.standing import Heard, ItemStanding, key_of, moment_json, somebody_json, when_json
from diplomacy.communiques.threeway import says_no_other, says_something, weigh
from diplomacy.directory.spelling import fold
from diplomacy.visits.facts import ItemFacts, Somebody, When
from diplomacy.vocabulary import ItemStatus, PressAccess


def pair_items(
    told: Sequence[ItemFacts], standing: Sequence[ItemStanding], *, everybody: Sequence[Somebody] = ()
) -> dict[int, ItemStanding]:
    """For each item told (by its number) the known one it is: of its kind, nearest in day, hour and people, each once.

    `everybody` are those who take part in most of the items, so that they tell none from another.
    """
    scored = [
        (score, -number, -place, number, item)
        for number, facts in enumerate(told)
        for place, item in enumerate(standing)
        if (score := _nearness(facts, item, everybody, is_only=_is_only(facts, told, standing))) is not None
    ]
    pairs: dict[int, ItemStanding] = {}
    taken_keys: set[str] = set()
    for _score, _number, _place, number, item in sorted(scored, key=lambda one: one[:3], reverse=True):
        if number not in pairs and item.key not in taken_keys:
            pairs[number] = item
            taken_keys.add(item.key)
    return pairs


def programme_changes(
    told: Sequence[ItemFacts], standing: Sequence[ItemStanding], heard: Heard, *, everybody: Sequence[Somebody] = ()
) -> Iterator[Change]:
    """The changes of a programme; an item that the text does not mention stays as it is."""
    pairs = pair_items(told, standing, everybody=everybody)
    for number, facts in enumerate(told):
        if number in pairs:
            yield from item_changes(f"items.{number}", facts, pairs[number], heard)
        else:
            yield _addition(f"items.{number}", facts, heard)


def item_changes(path: str, told: ItemFacts, stands: ItemStanding, heard: Heard) -> Iterator[Change]:
    """The changes of one known item, field by field. `path` is where the draft tells it."""
    yield from _time(path, told, stands, heard)
    yield from _status(path, told, stands, heard)
    yield from _field(path, "venue", told.venue, stands.venue, heard, stands.key)
    press = told.press_access.value if told.press_access is not PressAccess.UNSPECIFIED else None
    known_press = stands.press_access.value if stands.press_access is not PressAccess.UNSPECIFIED else None
    yield from _field(path, "press_access", press, known_press, heard, stands.key)
    until, known_until = moment_json(told.accreditation_until), moment_json(stands.accreditation_until)
    yield from _field(path, "accreditation_until", until, known_until, heard, stands.key)
    if told.city:
        known = {fold(city) for city in stands.cities}
        city = told.city if fold(told.city) not in known else stands.cities[0]
        yield from _field(path, "city", city, stands.cities[0] if stands.cities else None, heard, stands.key)
    for somebody in told.participants:
        if not any(_is_same(somebody, other) for other in stands.participants):
            yield _participant(path, somebody, stands, heard)


def signature(facts: ItemFacts) -> str:
    """What an item that is not known yet is remembered by: its kind, day and hour."""
    hour = f"{facts.start_time:%H:%M}" if facts.start_time else ""
    return f"+{facts.kind.value} {facts.day or ''} {hour}".strip()


def when_told(facts: ItemFacts) -> When:
    """The time of an item as a text gives it."""
    return When(
        precision=facts.precision,
        day=facts.day,
        start_time=facts.start_time,
        end_time=facts.end_time,
        ends_next_day=facts.ends_next_day,
        part_of_day=facts.part_of_day,
        duration_minutes=facts.duration_minutes,
    )


def item_json(facts: ItemFacts) -> dict[str, Any]:
    """An item to be added, as plain JSON."""
    said: dict[str, Any] = {
        "kind": facts.kind.value,
        "form": facts.form,
        "title": facts.title,
        "when": when_json(when_told(facts)),
        "venue": facts.venue,
        "city": facts.city,
        "status": facts.status.value,
        "participants": [one.name or one.title for one in facts.participants],
    }
    return {name: value for name, value in said.items() if value}


def _addition(path: str, facts: ItemFacts, heard: Heard) -> Change:
    key = signature(facts)
    said = item_json(facts)
    # What the source said before and is not in the programme, an editor left out.
    outcome = weigh(said, stands=None, last=said if key in heard.last else None)
    assert outcome is not None
    return Change(kind=ChangeKind.ADD_ITEM, key=key, path=path, says=said, outcome=outcome)


def _time(path: str, told: ItemFacts, stands: ItemStanding, heard: Heard) -> Iterator[Change]:
    now = when_told(told)
    if not says_something(now):
        return
    key = key_of("when", stands.key)
    if says_no_other(now, stands.when):
        outcome = weigh(True, stands=True)
    else:
        last = heard.last.get(key)
        outcome = weigh(
            when_json(now),
            stands=when_json(stands.when),
            last=last,
            is_decided=key in heard.decided,
            is_pinned=key in heard.pinned,
        )
    assert outcome is not None
    yield Change(
        kind=ChangeKind.MOVE_ITEM,
        key=key,
        path=path,
        says=when_json(now),
        stands=when_json(stands.when),
        last=heard.last.get(key),
        outcome=outcome,
    )


def _status(path: str, told: ItemFacts, stands: ItemStanding, heard: Heard) -> Iterator[Change]:
    if told.status is ItemStatus.SCHEDULED:
        return  # no more than that it is to come
    kind = ChangeKind.DROP_ITEM if told.status is ItemStatus.CANCELLED else ChangeKind.CHANGE_ITEM
    yield from _field(path, "status", told.status.value, stands.status.value, heard, stands.key, kind=kind)


def _participant(path: str, somebody: Somebody, stands: ItemStanding, heard: Heard) -> Change:
    name = somebody.name or somebody.title
    key = key_of(f"participant:{fold(name)}", stands.key)
    said = somebody_json(somebody)
    is_pinned = key_of("participants", stands.key) in heard.pinned
    outcome = weigh(said, stands=None, last=said if key in heard.last else None, is_pinned=is_pinned)
    assert outcome is not None
    return Change(kind=ChangeKind.CHANGE_ITEM, key=key, path=path, says=said, outcome=outcome)


def _field(
    path: str, name: str, now: str | None, stands: str | None, heard: Heard, item: str,
    *, kind: ChangeKind = ChangeKind.CHANGE_ITEM,
) -> Iterator[Change]:  # fmt: skip
    key = key_of(name, item)
    outcome = weigh(
        now or None,
        stands=stands or None,
        last=heard.last.get(key),
        is_decided=key in heard.decided,
        is_pinned=key in heard.pinned,
        agrees=_says_the_same,
    )
    if outcome is not None:
        yield Change(
            kind=kind, key=key, path=path, says=now, stands=stands or None, last=heard.last.get(key), outcome=outcome
        )


def _says_the_same(now: str, stands: str) -> bool:
    """A venue said with fewer words is the same venue."""
    return fold(now) == fold(stands) or f" {fold(now)} " in f" {fold(stands)} "


def _is_only(facts: ItemFacts, told: Sequence[ItemFacts], standing: Sequence[ItemStanding]) -> bool:
    alone_told = sum(one.kind is facts.kind for one in told) == 1
    return alone_told and sum(one.kind is facts.kind for one in standing) == 1


def _nearness(facts: ItemFacts, item: ItemStanding, everybody: Sequence[Somebody], *, is_only: bool) -> int | None:
    """How near a known item is to the one told; None where it is another."""
    if facts.kind is not item.kind or (facts.is_distinct and not _is_listed_as(facts, item)):
        return None
    met, known = _met(facts.participants, everybody), _met(item.participants, everybody)
    shares = any(_is_same(one, other) for one in met for other in known)
    if met and known and not shares:
        return None
    days_differ = facts.day is not None and item.when.day is not None and facts.day != item.when.day
    if days_differ and not (is_only or shares):
        return None
    score = 3 * shares + (-1 if days_differ else 2 * (facts.day is not None and facts.day == item.when.day))
    score += 4 * (facts.start_time is not None and facts.start_time == item.when.start_time)
    return score + 2 * bool(facts.form and fold(facts.form) == fold(item.form))


def _is_same(one: Somebody, other: Somebody) -> bool:
    """Whether two are one within a programme, where an office of the same title is the same if no country is said."""
    is_office = not (one.name or other.name or one.country or other.country)
    return same_somebody(one, other) or (is_office and fold(one.title) == fold(other.title))


def _is_listed_as(facts: ItemFacts, item: ItemStanding) -> bool:
    told, stands = when_told(facts), item.when
    is_then = (told.day, told.start_time, told.part_of_day) == (stands.day, stands.start_time, stands.part_of_day)
    return is_then and fold(facts.title) == fold(item.title)


def _met(participants: Sequence[Somebody], everybody: Sequence[Somebody]) -> list[Somebody]:
    return [one for one in participants if not any(same_somebody(one, other) for other in everybody)]
