"""A re-issued agenda against its previous edition: added, moved, reworded, no longer listed. Pure.

To drop out of an edition is a state of its own: nobody said that it is cancelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.communiques.matching import same_somebody
from diplomacy.communiques.threeway import says_no_other
from diplomacy.directory.spelling import fold
from diplomacy.visits.facts import Somebody, When
from diplomacy.vocabulary import ItemKind

LEAST_LINES = 3  # dated lines that make a text an edition of an agenda


class LineState(StrEnum):
    """What became of a line from one edition to the next."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    MOVED = "moved"
    REWORDED = "reworded"
    NO_LONGER_LISTED = "no_longer_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an edition; `key` is its path in the reading ("items.2")."""

    key: str
    kind: ItemKind
    when: When
    title: str = ""
    venue: str = ""
    participants: tuple[Somebody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A line's state, with its key in the edition before and in this one (empty where it is in one only)."""

    state: LineState
    before: str = ""
    now: str = ""


def shared_days(previous: Sequence[Line], current: Sequence[Line]) -> tuple[dt.date, dt.date] | None:
    """The period that both editions cover, inclusive; None where the one does not re-issue the other."""
    periods = [_period(previous), _period(current)]
    if len(previous) < LEAST_LINES or len(current) < LEAST_LINES:
        return None
    spans = [period for period in periods if period is not None]
    if len(spans) < 2:
        return None
    first, last = max(span[0] for span in spans), min(span[1] for span in spans)
    return (first, last) if first <= last else None


def compare(
    previous: Sequence[Line], current: Sequence[Line], *, not_before: dt.date | None = None
) -> tuple[LineChange, ...]:
    """What became of each line, in the order of this edition and then of the one before; nothing where it is no
    re-issue. What lies before `not_before`, the day of this edition, is past and not missed.
    """
    period = shared_days(previous, current)
    if period is None:
        return ()
    pairs = _pairs(previous, current)
    by_key = {line.key: line for line in previous}
    found = []
    for line in current:
        before = by_key.get(pairs.get(line.key, ""))
        if before is None:
            found.append(LineChange(state=LineState.ADDED, now=line.key))
        else:
            found.append(LineChange(state=_state(before, line), before=before.key, now=line.key))
    kept = set(pairs.values())
    first = max(period[0], not_before) if not_before else period[0]
    dropped = [
        LineChange(state=LineState.NO_LONGER_LISTED, before=line.key)
        for line in previous
        if line.key not in kept and line.when.day is not None and first <= line.when.day <= period[1]
    ]
    return (*found, *dropped)


def _state(before: Line, now: Line) -> LineState:
    if not says_no_other(now.when, before.when) and not says_no_other(before.when, now.when):
        return LineState.MOVED
    same_words = fold(before.title) == fold(now.title) and fold(before.venue) == fold(now.venue)
    return LineState.UNCHANGED if same_words and before.kind is now.kind else LineState.REWORDED


def _pairs(previous: Sequence[Line], current: Sequence[Line]) -> dict[str, str]:
    """For each line of this edition (by key) the line before that it is: the likest pairs first, each once."""
    scored = [
        (score, -place, -before_place, line.key, before.key)
        for place, line in enumerate(current)
        for before_place, before in enumerate(previous)
        if (score := _likeness(before, line)) >= _PAIRED_FROM
    ]
    pairs: dict[str, str] = {}
    for _score, _place, _before_place, now, before in sorted(scored, reverse=True):
        if now not in pairs and before not in pairs.values():
            pairs[now] = before
    return pairs


_PAIRED_FROM = 5


def _likeness(before: Line, now: Line) -> int:
    """Points for the same people, words, kind, day and hour. A pair needs people or words, and one thing more."""
    fewer, more = sorted((before.participants, now.participants), key=len)
    met = [one for one in fewer if any(same_somebody(one, other) for other in more)]
    if fewer and len(met) < len(fewer) and not (len(met) > 1):
        return 0  # he sees somebody else
    words = bool(before.title) and fold(before.title) == fold(now.title)
    if not met and not words:
        return 0
    score = 2 * bool(met) + (len(met) > 1) + 3 * words + 2 * (before.kind is now.kind)
    score += bool(before.when.day and before.when.day == now.when.day)
    return score + (before.when.start_time is not None and before.when.start_time == now.when.start_time)


def _period(lines: Sequence[Line]) -> tuple[dt.date, dt.date] | None:
    """The period that an edition covers: its one day, or else whole weeks, for their ends may have nothing listed."""
    days = [line.when.day for line in lines if line.when.day is not None]
    if not days:
        return None
    first, last = min(days), max(days)
    if first == last:
        return first, last
    return first - dt.timedelta(days=first.weekday()), last + dt.timedelta(days=6 - last.weekday())
