"""Every state that the public was told, kept as it was: what was known at a moment.

What an editor has kept back since (no longer public, or under embargo anew) is not told of any moment. What was taken
back or merged is, of the time when it was public.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agenda.entries.build import columns
from agenda.entries.models import DiaryEntry, PublicState, Pulse, Telling
from agenda.entries.queries import visible_entries
from agenda.entries.view import View, all_keys, view_of, words_of
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import Visibility

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A state as it was told: `view` is what could be read of the entry from `at` (aware) on, empty where nothing.
    States of an entry are told in the order of their `at`.

    `sequence` and `changed_at` are those of its telling.
    """

    entry_id: int
    is_visit: bool
    at: dt.datetime
    sequence: int
    changed_at: dt.datetime
    view: View


def keep(told: Sequence[Told]) -> None:
    """Keep what the public was told now, in the order it was told: two queries where all was told at one moment."""
    made: dict[int, PublicState] = {}
    states: list[PublicState] = []
    ended: dict[dt.datetime, list[int]] = {}
    for one in told:
        if one.entry_id in made:
            made.pop(one.entry_id).told_until = one.at
        else:
            ended.setdefault(one.at, []).append(one.entry_id)
        if one.view:
            made[one.entry_id] = _state(one)
            states.append(made[one.entry_id])
    for at, entries in ended.items():
        PublicState.objects.filter(entry__in=entries, told_until=None).update(told_until=at)
    PublicState.objects.bulk_create(states, batch_size=200)


def _state(told: Told) -> PublicState:
    keys = sorted(all_keys(told.view, told.is_visit))
    chosen = columns({"publication": "", "visibility": "", "release_at": None, **told.view})
    return PublicState(
        entry_id=told.entry_id, told_from=told.at, told_sequence=told.sequence, told_at=told.changed_at,
        keys=f" {' '.join(keys)} ", words=words_of(told.view), content=told.view,
        **{name: chosen[name] for name in (
            "kind", "status", "precision", "press_access", "starts_on", "ends_on", "starts_at",
        )},
    )  # fmt: skip


def keep_first(now: dt.datetime) -> None:
    """Of a diary that was told before states were kept: keep what the public can read at `now`, and say since when."""
    pulse = Pulse.objects.filter(name=Audience.PUBLIC, position__gt=0, states_since=None).first()
    if pulse is None or PublicState.objects.exists():
        return
    told = Telling.objects.filter(entry__in=visible_entries(Audience.PUBLIC, now), audience=Audience.PUBLIC)
    rows = told.select_related("entry").prefetch_related("entry__programme", "entry__parents").order_by("pk")
    left = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(left, _BATCH)):
        keep([_present(telling, now) for telling in batch])
    Pulse.objects.filter(name=Audience.PUBLIC).update(states_since=now)


def _present(telling: Telling, now: dt.datetime) -> Told:
    view = view_of(telling.entry, Audience.PUBLIC, now)
    return Told(telling.entry_id, telling.is_visit, telling.acted_at, telling.sequence, telling.changed_at, view)


def kept_since() -> dt.datetime | None:
    """From when on every state is kept; None where it always was."""
    return Pulse.objects.filter(name=Audience.PUBLIC).values_list("states_since", flat=True).first()


def states_at(at: dt.datetime, now: dt.datetime) -> QuerySet[PublicState]:
    """What the public knew at `at`, but for what is kept back at `now` (both aware)."""
    then = Q(told_from__lte=at) & (Q(told_until__isnull=True) | Q(told_until__gt=at))
    rows = PublicState.objects.filter(then, _not_kept_back("entry__", now))
    return rows.annotate(created_at=F("entry__created_at"))


def with_words(states: QuerySet[PublicState], words: Sequence[str], now: dt.datetime) -> QuerySet[PublicState]:
    """States that hold words beginning with all of these (folded), those of items kept back at `now` apart. Two
    queries, besides the one that is answered.
    """
    for word in words:
        states = states.filter(words__contains=f" {word}")
    kept_back = DiaryEntry.objects.exclude(_not_kept_back("", now))
    unsure = list(states.filter(Exists(kept_back.filter(parents=OuterRef("entry")))))
    visits = {state.entry_id for state in unsure}
    items = kept_back.filter(parents__in=visits).values_list("item", flat=True) if unsure else ()
    hidden = {str(item) for item in items}
    return states.exclude(pk__in=[state.pk for state in unsure if not _shows(state, words, hidden)])


def _shows(state: PublicState, words: Sequence[str], hidden: set[str]) -> bool:
    items = [item for item in state.content.get("items", []) if item["id"] not in hidden]
    shown = words_of(state.content | {"items": items})
    return all(f" {word}" in shown for word in words)


def rows_of(states: Iterable[PublicState], now: dt.datetime) -> list[DiaryEntry]:
    """The diary rows of states, with `shown_items` and `shown_visits` as they were told; not to be saved. One query."""
    found = list(states)
    names = {item["id"] for state in found for item in state.content.get("items", [])}
    visits = {visit for state in found for visit in state.content.get("visits", [])}
    others = Q(item__in=names) | Q(visit__in=visits)
    kept_back = DiaryEntry.objects.filter(others).exclude(_not_kept_back("", now)) if names or visits else []
    hidden = {str(row.item_id or row.visit_id) for row in kept_back}
    return [_row(state, hidden) for state in found]


def _not_kept_back(prefix: str, now: dt.datetime) -> Q:
    released = Q(**{f"{prefix}release_at__isnull": True}) | Q(**{f"{prefix}release_at__lte": now})
    return released & Q(**{f"{prefix}visibility": Visibility.PUBLIC})


def _row(state: PublicState, hidden: set[str]) -> DiaryEntry:
    view: dict[str, Any] = state.content
    items = [item for item in view.get("items", []) if item["id"] not in hidden]
    row = _unsaved(view, is_visit="items" in view)
    row.content = view | {"programme": [{"item": item["id"], "position": at} for at, item in enumerate(items)]}
    row.sequence, row.revised_at = state.told_sequence, state.told_at
    row.created_at = state.created_at  # type: ignore[attr-defined]
    shown: Any = row
    shown.told_sequence, shown.told_at = state.told_sequence, state.told_at
    shown.shown_items = [_unsaved(item, is_visit=False) for item in items]
    shown.shown_visits = list(_visits(view, hidden))
    return row


def _visits(view: View, hidden: set[str]) -> Iterator[DiaryEntry]:
    for visit in view.get("visits", []):
        if visit not in hidden:
            yield DiaryEntry(visit_id=visit)


def _unsaved(view: View, *, is_visit: bool) -> DiaryEntry:
    owner = {"visit_id": view["id"]} if is_visit else {"item_id": view["id"]}
    chosen = columns({"publication": "", "visibility": "", "release_at": None, **view})
    return DiaryEntry(uid=view["uid"], content=view, **owner, **chosen)
