"""What an editor should see before a visit is published: warnings with what they are about. Pure.

A warning stops nobody: sources may be right in ways that look wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names

from diplomacy.communiques.matching import same_somebody
from diplomacy.communiques.standing import ItemStanding, VisitStanding
from diplomacy.directory.spelling import fold
from diplomacy.directory.zones import zone_or_none
from diplomacy.visits.facts import Somebody, When
from diplomacy.vocabulary import ItemStatus, Side, VisitStatus


class Code(StrEnum):
    """What is doubtful; `check_wording` says it and how to resolve it."""

    PERSON_IN_TWO_PLACES = "person_in_two_places"
    HOST_DOUBLE_BOOKED = "host_double_booked"
    END_BEFORE_START = "end_before_start"
    ITEM_OUTSIDE_VISIT = "item_outside_visit"
    WEEKDAY_DISAGREES = "weekday_disagrees"
    ZONE_MISSING = "zone_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A warning: its code, the visits and items it speaks of (their keys), and the values to say it with."""

    code: Code
    about: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedWords:
    """Words that a day was read from, with their language."""

    about: str
    words: str
    day: dt.date
    language: str


def check(
    visit: VisitStanding, *, others: Sequence[VisitStanding] = (), words: Iterable[DatedWords] = ()
) -> tuple[Doubt, ...]:
    """Every warning on a visit. `others` are visits at about the same days, cancelled ones left out."""
    return (
        *_ends(visit),
        *_outside(visit),
        *_zones(visit),
        *(doubt for one in words if (doubt := weekday(one)) is not None),
        *_elsewhere(visit, others),
        *_at_once(visit, others),
    )


def weekday(words: DatedWords) -> Doubt | None:
    """A doubt where the words name a weekday that the day is not: "mardi 8 février" of a Wednesday."""
    named = {number for number, name in _weekdays(words.language).items() if name in fold(words.words).split()}
    if not named or words.day.weekday() in named:
        return None
    return Doubt(
        code=Code.WEEKDAY_DISAGREES,
        about=(words.about,),
        values={"words": words.words, "day": words.day.isoformat()},
    )


def _weekdays(language: str) -> dict[int, str]:
    try:
        names = get_day_names("wide", locale=Locale.parse(language))
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    return {number: fold(name).split()[0].removesuffix("-feira") for number, name in names.items()}


def _ends(visit: VisitStanding) -> Iterator[Doubt]:
    if visit.start_on and visit.end_on and visit.end_on < visit.start_on:
        values = {"start": visit.start_on.isoformat(), "end": visit.end_on.isoformat()}
        yield Doubt(code=Code.END_BEFORE_START, about=(visit.key,), values=values)
    for item in visit.items:
        start, end = item.when.start_time, item.when.end_time
        if start and end and end < start and not item.when.ends_next_day:
            values = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
            yield Doubt(code=Code.END_BEFORE_START, about=(item.key,), values=values)


def _outside(visit: VisitStanding) -> Iterator[Doubt]:
    if visit.start_on is None:
        return
    last = visit.end_on or visit.start_on
    for item in _held(visit):
        if item.when.day is not None and not visit.start_on <= item.when.day <= last:
            values = {"item": label(item), "day": item.when.day.isoformat()}
            yield Doubt(code=Code.ITEM_OUTSIDE_VISIT, about=(item.key,), values=values)


def _zones(visit: VisitStanding) -> Iterator[Doubt]:
    for item in _held(visit):
        if item.when.start_time is not None and zone_or_none(item.zone) is None:
            yield Doubt(code=Code.ZONE_MISSING, about=(item.key,), values={"item": label(item)})


def _elsewhere(visit: VisitStanding, others: Sequence[VisitStanding]) -> Iterator[Doubt]:
    """A visitor on another visit for more than a day of travel between the two."""
    for other in others:
        if other.host_country == visit.host_country or not _share_days(visit, other):
            continue
        for one in _on_side(visit, Side.VISITING):
            if any(same_somebody(one, also) for also in _on_side(other, Side.VISITING)):
                values = {"person": one.name or one.title, "place": other.host_country}
                yield Doubt(code=Code.PERSON_IN_TWO_PLACES, about=(visit.key, other.key), values=values)


def _at_once(visit: VisitStanding, others: Sequence[VisitStanding]) -> Iterator[Doubt]:
    """Two items at the same time with somebody in both."""
    own = _held(visit)
    theirs = [item for other in others for item in _held(other) if item.key not in {one.key for one in own}]
    pairs = [*combinations(own, 2), *((one, other) for one in own for other in theirs)]
    hosts = [one for known in (visit, *others) for one in _on_side(known, Side.HOST)]
    for one, other in pairs:
        if not _overlap(one, other):
            continue
        for somebody in one.participants:
            if any(same_somebody(somebody, also) for also in other.participants):
                is_host = any(same_somebody(somebody, host) for host in hosts)
                values = {"person": somebody.name or somebody.title, "item": label(one), "other": label(other)}
                code = Code.HOST_DOUBLE_BOOKED if is_host else Code.PERSON_IN_TWO_PLACES
                yield Doubt(code=code, about=(one.key, other.key), values=values)


def label(item: ItemStanding) -> str:
    """An item in a few words of its source; its kind where there are none."""
    return item.title or item.form or item.kind.value


def _held(visit: VisitStanding) -> list[ItemStanding]:
    gone = (ItemStatus.CANCELLED, ItemStatus.POSTPONED)
    return [] if visit.status is VisitStatus.CANCELLED else [one for one in visit.items if one.status not in gone]


def _on_side(visit: VisitStanding, side: Side) -> list[Somebody]:
    return [one for one in visit.members if one.side is side]


def _share_days(one: VisitStanding, other: VisitStanding) -> bool:
    """Whether two visits share more than the day on which one travels on from the first to the second."""
    if one.start_on is None or other.start_on is None:
        return False
    shared = min(one.end_on or one.start_on, other.end_on or other.start_on) - max(one.start_on, other.start_on)
    return shared.days >= 1


def _overlap(one: ItemStanding, other: ItemStanding) -> bool:
    """Whether two items of known hours go on at the same time; one without an end counts as a moment."""
    first, second = _span(one), _span(other)
    if first is None or second is None or one.zone == "" or other.zone == "":
        return False
    earlier, later = sorted((first, second))
    return earlier[0] == later[0] or later[0] < earlier[1]


def _span(item: ItemStanding) -> tuple[dt.datetime, dt.datetime] | None:
    when, zone = item.when, zone_or_none(item.zone)
    if when.day is None or when.start_time is None or zone is None:
        return None
    start = dt.datetime.combine(when.day, when.start_time, tzinfo=zone)
    return start.astimezone(dt.UTC), _end(when, start).astimezone(dt.UTC)


def _end(when: When, start: dt.datetime) -> dt.datetime:
    if when.end_time is None:
        return start + dt.timedelta(minutes=when.duration_minutes or 0)
    day = start.date() + dt.timedelta(days=int(when.ends_next_day))
    return dt.datetime.combine(day, when.end_time, tzinfo=start.tzinfo)
