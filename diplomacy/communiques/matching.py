"""Which known visit or item is told again: scored, and explained in words. Pure: values in, values out.

What is weighed for a visit is who, where and when; one of the three that speaks against it is enough to refuse. A
match is a proposal to the editor, and one that is not clearly the best is no match but a look-alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.communiques.seen import ItemSeen, VisitSeen
from diplomacy.directory.likeness import Likeness, best_likeness
from diplomacy.directory.spelling import fold
from diplomacy.visits.facts import Somebody
from diplomacy.vocabulary import VisitStatus

NEAR = dt.timedelta(days=14)  # a visit of the same people further off is another visit
PUT_OFF_WITHIN = dt.timedelta(days=370)  # as far as a visit is postponed to
MATCHES_FROM = 0.6
CLEARLY_BETTER = 0.08


class Reason(StrEnum):
    """Why two are taken for the same; `wording.reason_text` says it to readers."""

    SAME_COMMUNIQUE = "same_communique"
    NAMED = "named"
    SAME_VISITOR = "same_visitor"
    LIKE_VISITOR = "like_visitor"
    SAME_OFFICE = "same_office"
    PART_OF_NAME = "part_of_name"
    SAME_HOST = "same_host"
    SAME_DATES = "same_dates"
    DATES_OVERLAP = "dates_overlap"
    DATES_NEAR = "dates_near"
    PUT_OFF_FROM = "put_off_from"
    PUT_OFF_TO = "put_off_to"
    NO_DATES = "no_dates"
    SAME_PLACE = "same_place"
    SAME_KIND = "same_kind"
    SAME_DAY = "same_day"
    SAME_HOUR = "same_hour"
    SAME_PARTICIPANTS = "same_participants"
    SAME_LINE = "same_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A known visit or item by its key, how sure that it is the one told (0 to 1), and why."""

    key: str
    score: float
    reasons: tuple[Reason, ...]


# Weights add up to 1 for a visit whose visitor, host, days and place are all the same.
_WHO = {
    Reason.SAME_VISITOR: 0.4,
    Reason.LIKE_VISITOR: 0.34,
    Reason.SAME_OFFICE: 0.26,
    Reason.PART_OF_NAME: 0.18,
}
_WHEN = {
    Reason.SAME_DATES: 0.3,
    Reason.PUT_OFF_FROM: 0.3,
    Reason.DATES_OVERLAP: 0.27,
    Reason.DATES_NEAR: 0.16,
    Reason.PUT_OFF_TO: 0.14,
    Reason.NO_DATES: 0.12,
}
_HOST, _PLACE, _TOLD = 0.2, 0.1, 0.3
_PART_AT_MOST = MATCHES_FROM - 0.05  # a father and a son: shown as alike, never taken for each other


def match_visit(told: VisitSeen, known: VisitSeen) -> Match | None:
    """How well a known visit fits what is told; None where who, where or when says that it is another."""
    who = _who(told.visitors, known.visitors)
    if who is None or (told.host_country and known.host_country and told.host_country != known.host_country):
        return None
    again = bool(told.told_by & known.told_by)
    when = _when(told, known)
    if when is None and not again:
        return None
    reasons = [Reason.SAME_COMMUNIQUE] if again else []
    score = _WHO[who] + (_TOLD if again else 0.0)
    reasons.append(who)
    if told.host_country and told.host_country == known.host_country:
        reasons.append(Reason.SAME_HOST)
        score += _HOST
    if when is not None:
        reasons.append(when)
        score += _WHEN[when]
    if {fold(city) for city in told.cities} & {fold(city) for city in known.cities}:
        reasons.append(Reason.SAME_PLACE)
        score += _PLACE
    most = _PART_AT_MOST if who is Reason.PART_OF_NAME else 1.0
    return Match(key=known.key, score=round(min(score, most), 2), reasons=tuple(reasons))


def visits_like(told: VisitSeen, known: Iterable[VisitSeen]) -> tuple[Match, ...]:
    """Every known visit that it might be, best first: what a look-alike warning lists."""
    return _ranked(match_visit(told, one) for one in known)


def match_visits(told: Sequence[VisitSeen], known: Sequence[VisitSeen]) -> dict[str, Match]:
    """For each visit told (by its key) the one known visit it is; those without a clear one are left out.

    No two visits of one text are the same known one: a tour's stops stay apart.
    """
    return _one_to_one([(one.key, visits_like(one, known)) for one in told])


def match_item(told: ItemSeen, known: ItemSeen) -> Match | None:
    """How well a known line of a diary fits what is told: the same kind, the same day, and somebody in both."""
    if told.kind is not known.kind or told.day is None or told.day != known.day:
        return None
    who = _who(told.participants, known.participants)
    if who not in {Reason.SAME_VISITOR, Reason.LIKE_VISITOR, Reason.SAME_OFFICE}:
        return None
    if not _may_be_all(told.participants, known.participants):
        return None
    reasons = [Reason.SAME_KIND, Reason.SAME_DAY, Reason.SAME_PARTICIPANTS]
    score = 0.7 if who is Reason.SAME_VISITOR else 0.62
    if told.told_by & known.told_by:
        reasons.insert(0, Reason.SAME_COMMUNIQUE)
        score += 0.1
    if told.start_time is not None and told.start_time == known.start_time:
        reasons.append(Reason.SAME_HOUR)
        score += 0.2
    return Match(key=known.key, score=round(score, 2), reasons=tuple(reasons))


def match_items(told: Sequence[ItemSeen], known: Sequence[ItemSeen]) -> dict[str, Match]:
    """For each line of a diary told (by its key) the one known item it is."""
    return _one_to_one([(one.key, _ranked(match_item(one, other) for other in known)) for one in told])


def same_somebody(one: Somebody, other: Somebody) -> bool:
    """Whether two are taken for one person or office: the name in some spelling, or the office where a name lacks."""
    return _like(one, other) in {Reason.SAME_VISITOR, Reason.LIKE_VISITOR, Reason.SAME_OFFICE}


def _ranked(found: Iterable[Match | None]) -> tuple[Match, ...]:
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (-one.score, one.key)))


def _one_to_one(candidates: Sequence[tuple[str, tuple[Match, ...]]]) -> dict[str, Match]:
    pairs = [(key, match) for key, matches in candidates for match in matches if match.score >= MATCHES_FROM]
    pairs.sort(key=lambda pair: -pair[1].score)
    found: dict[str, Match] = {}
    taken: set[str] = set()
    refused: set[str] = set()
    for key, match in pairs:
        if key in found or key in refused or match.key in taken:
            continue
        rivals = [one for other, one in pairs if other == key and one.key != match.key and one.key not in taken]
        if any(match.score - rival.score < CLEARLY_BETTER for rival in rivals):
            refused.add(key)
            continue
        found[key] = match
        taken.add(match.key)
    return found


def _who(told: Sequence[Somebody], known: Sequence[Somebody]) -> Reason | None:
    """The best reason why somebody of the one is somebody of the other."""
    found = {reason for one in told for other in known if (reason := _like(one, other)) is not None}
    return max(found, key=lambda reason: _WHO[reason], default=None)


def _like(one: Somebody, other: Somebody) -> Reason | None:
    if one.country and other.country and one.country != other.country:
        return None
    if not one.name or not other.name:
        same = bool(one.title) and fold(one.title) == fold(other.title) and bool(one.country or other.country)
        return Reason.SAME_OFFICE if same else None
    alike = best_likeness(_spellings(one), _spellings(other))
    if alike is Likeness.SAME:
        return Reason.SAME_VISITOR
    if alike is Likeness.LIKELY:
        return Reason.LIKE_VISITOR if _shares_country_or_office(one, other) else Reason.PART_OF_NAME
    return Reason.PART_OF_NAME if alike is Likeness.PART else None


def _shares_country_or_office(one: Somebody, other: Somebody) -> bool:
    return bool(one.country and one.country == other.country) or bool(
        one.title and fold(one.title) == fold(other.title)
    )


def _spellings(somebody: Somebody) -> tuple[str, ...]:
    return (somebody.name, *somebody.spellings)


def _may_be_all(told: Sequence[Somebody], known: Sequence[Somebody]) -> bool:
    """Whether one side's people are all among the other's: he sees another on the same day in another item."""
    fewer, more = sorted((told, known), key=len)
    return all(any(_like(one, other) is not None for other in more) for one in fewer)


def _when(told: VisitSeen, known: VisitSeen) -> Reason | None:
    """How the days fit; None for days that say that it is another visit."""
    if told.original_start_on is not None and _days(known) is not None:
        before = (told.original_start_on, told.original_end_on or told.original_start_on)
        return Reason.PUT_OFF_FROM if _apart(before, _days(known)) <= NEAR else None
    days, known_days = _days(told), _days(known)
    if days is None or known_days is None:
        return Reason.NO_DATES
    if days == known_days:
        return Reason.SAME_DATES
    apart = _apart(days, known_days)
    if apart <= dt.timedelta():
        return Reason.DATES_OVERLAP
    if apart <= NEAR:
        return Reason.DATES_NEAR
    is_later = days[0] > known_days[1]
    if told.status is VisitStatus.POSTPONED and is_later and apart <= PUT_OFF_WITHIN:
        return Reason.PUT_OFF_TO
    return None


def _days(visit: VisitSeen) -> tuple[dt.date, dt.date] | None:
    if visit.start_on is None:
        return (visit.end_on, visit.end_on) if visit.end_on else None
    return visit.start_on, visit.end_on or visit.start_on


def _apart(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date] | None) -> dt.timedelta:
    """The days between two periods; none or less where they overlap."""
    assert other is not None
    return max(one[0], other[0]) - min(one[1], other[1])
