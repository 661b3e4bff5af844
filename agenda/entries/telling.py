"""Tell readers: keep, for each audience, what it was last told of every entry, and count each change once.

The state of the rows decides what an audience may know; the difference to what it was told before decides what
changed for it. So a change that an audience cannot see moves nothing of its own, an entry that is taken back is said
to be, and a release by the clock is told as of its own moment whenever it is noticed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Min

from agenda.entries import view as views
from agenda.entries.models import DiaryEntry, Pulse, Telling, TellingKey
from agenda.entries.queries import readable as may_be_read
from agenda.entries.signals import told
from agenda.entries.states import Told, keep
from agenda.entries.wording import stands_in_visits_text
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import VisitStatus

AUDIENCES = (Audience.PUBLIC, Audience.SUBSCRIBERS)
# How long what was cancelled, taken back or put off stays in calendars after its last day.
ENDED_STAYS = dt.timedelta(days=30)
_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)


@transaction.atomic
def tell(entries: Iterable[DiaryEntry], at: dt.datetime) -> None:
    """Tell every audience how these entries stand at `at` (aware), the moment of the act."""
    rows = list(entries)
    pulses = [_hold(audience) for audience in AUDIENCES]
    told_before = _known(rows, AUDIENCES)
    next_releases = {until: _next_release(until) for until in {pulse.told_until for pulse in pulses}}
    for audience, pulse in zip(AUDIENCES, pulses, strict=True):
        known = told_before[audience]
        changed = [_tell_one(entry, at, pulse, known) for entry in rows]
        changed += _tell_late(rows, at, pulse, known)
        _write(changed)
        _close(pulse, changed, next_releases[pulse.told_until])


def tell_due(now: dt.datetime) -> None:
    """Tell the releases that came with the clock up to `now`, each as of its own moment."""
    due = set(Pulse.objects.filter(next_release_at__lte=now).values_list("name", flat=True))
    for audience in AUDIENCES:
        if audience in due:
            _tell_released(audience, now)


@transaction.atomic
def _tell_released(audience: Audience, now: dt.datetime) -> None:
    pulse = _hold(audience)
    changed: list[Telling | None] = []
    due = DiaryEntry.objects.filter(release_at__lte=now).order_by("release_at")
    if pulse.told_until is not None:
        due = due.filter(release_at__gt=pulse.told_until)
    for entry in due:
        assert entry.release_at is not None
        rows = related(entry)
        known = _known(rows, [audience])[audience]
        told_now = [_tell_one(row, entry.release_at, pulse, known) for row in rows]
        _write(told_now)
        changed += told_now
    pulse.told_until = now if pulse.told_until is None else max(now, pulse.told_until)
    _close(pulse, changed, _next_release(pulse.told_until))


def _write(changed: Iterable[Telling | None]) -> None:
    """Write what was told, and the keys that came, went or came back: two queries, however much was told."""
    tellings = list({id(telling): telling for telling in changed if telling is not None}.values())
    if not tellings:
        return
    fields = [field.name for field in Telling._meta.concrete_fields if field.name not in {"id", "entry", "audience"}]
    Telling.objects.bulk_create(
        tellings, update_conflicts=True, unique_fields=["entry", "audience"], update_fields=fields
    )
    keys = [
        TellingKey(telling=telling, key=key, is_lost=is_lost)
        for telling in tellings
        for key, is_lost in _turned(telling).items()
    ]
    TellingKey.objects.bulk_create(
        keys, update_conflicts=True, unique_fields=["key", "telling"], update_fields=["is_lost"]
    )
    for telling in tellings:
        _turned(telling).clear()


def _turned(telling: Telling) -> dict[str, bool]:
    """The keys to be written of a telling, each with whether it is lost."""
    found: dict[str, bool] = telling.__dict__.setdefault("_turned_keys", {})
    return found


def _close(pulse: Pulse, changed: Iterable[Telling | None], next_release_at: dt.datetime | None) -> None:
    """Let the pulse go, and say what was told."""
    pulse.next_release_at = next_release_at
    pulse.save()
    tellings = [telling for telling in changed if telling is not None]
    if pulse.name == Audience.PUBLIC:
        each = {id(telling): telling for telling in tellings}  # an act can tell one thing twice
        keep([state for telling in each.values() for state in _told_states(telling)])
    told.send(sender=Telling, audience=Audience(pulse.name), tellings=tellings)


def _told_states(telling: Telling) -> list[Told]:
    """The states that a telling just told, in order: one, or two where a release followed at once."""
    found: list[Told] = telling.__dict__.setdefault("_states", [])
    return found


def gained_keys(telling: Telling) -> frozenset[str]:
    """The keys that a telling just told has and had not before."""
    found: frozenset[str] = getattr(telling, "_gained", frozenset())
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """What an audience was last told of an entry; `view` is empty where that was that it is gone."""

    is_shown: bool
    view: dict[str, Any]


def told_before(telling: Telling) -> Before | None:
    """What was told before a telling just told; None where this is the first word of it."""
    found: Before | None = telling._before  # type: ignore[attr-defined]
    return found


def related_ids(entries: Iterable[DiaryEntry]) -> set[int]:
    """The ids of what `related` gives for each."""
    ties: Any = DiaryEntry.parents.through.objects
    rows = {entry.pk: entry.is_visit for entry in entries}
    visits = [pk for pk, is_visit in rows.items() if is_visit]
    items = {pk for pk, is_visit in rows.items() if not is_visit}
    if visits:
        items |= set(ties.filter(to_diaryentry__in=visits).values_list("from_diaryentry", flat=True))
    if items:
        rows |= dict.fromkeys(ties.filter(from_diaryentry__in=items).values_list("to_diaryentry", flat=True), True)
    return {*rows, *items}


def related(entry: DiaryEntry) -> list[DiaryEntry]:
    """The entry and those whose telling depends on it: its items, their visits, its own visits."""
    items = list(entry.programme.all())
    visits = DiaryEntry.objects.filter(programme__in=[entry, *items]).exclude(pk=entry.pk).distinct()
    return [*items, entry, *visits]


def _hold(audience: Audience) -> Pulse:
    """The audience's pulse, locked until the transaction ends: positions are given in the order of the commits."""
    held = Pulse.objects.select_for_update().filter(name=audience).first()
    if held is None:
        Pulse.objects.get_or_create(name=audience)
        held = Pulse.objects.select_for_update().get(name=audience)
    return held


Known = dict[int, tuple[Telling, dict[str, bool]]]


def _known(rows: Iterable[DiaryEntry], audiences: Sequence[Audience]) -> dict[Audience, Known]:
    """What each audience was told of these entries before, and its keys with whether each is lost; by entry."""
    found: dict[Audience, Known] = {audience: {} for audience in audiences}
    for telling in Telling.objects.filter(entry__in=rows, audience__in=audiences).prefetch_related("keys"):
        keys = {key.key: key.is_lost for key in telling.keys.all()}
        found[Audience(telling.audience)][telling.entry_id] = (telling, keys)
    return found


def _next_release(told_until: dt.datetime | None) -> dt.datetime | None:
    rows = DiaryEntry.objects.filter(release_at__isnull=False)
    if told_until is not None:
        rows = rows.filter(release_at__gt=told_until)
    found: dt.datetime | None = rows.aggregate(first=Min("release_at"))["first"]
    return found


def _tell_late(rows: list[DiaryEntry], at: dt.datetime, pulse: Pulse, known: Known) -> list[Telling | None]:
    """Tell a release that lies after the act but before what was told already (an act dated earlier than now)."""
    return [
        _tell_one(entry, entry.release_at, pulse, known)
        for entry in rows
        if entry.release_at and pulse.told_until and at < entry.release_at <= pulse.told_until
    ]


@dataclass(frozen=True, slots=True)
class _State:
    """How an entry stands for an audience: what a telling is compared with.

    `view` is what calendars say; `readable` what may be read of it, which of something without a day is more.
    """

    is_shown: bool
    view: dict[str, Any]
    readable: dict[str, Any]
    first: dt.date | None
    last: dt.date | None
    stands_alone: bool
    keys: frozenset[str]


def _tell_one(entry: DiaryEntry, at: dt.datetime, pulse: Pulse, known: Known) -> Telling | None:
    """The telling of the entry if it changed, to be written (`_write`); `known` holds what was told before, and
    then this.
    """
    audience = Audience(pulse.name)
    before, kept = known.get(entry.pk, (None, {}))
    state = _state(entry, audience, at, before)
    if state is None:
        return None
    significant = views.fingerprint(
        [state.is_shown, state.stands_alone, views.significant_part(state.view, entry.is_visit)]
    )
    whole = views.fingerprint([significant, {key: text for key, text in state.readable.items() if key != "keys"}])
    if before is None:
        telling = Telling(
            entry=entry, audience=audience, uid=entry.uid, is_visit=entry.is_visit, sequence=0,
            created_at=entry.created_at, changed_at=at.replace(microsecond=0), acted_at=at,
        )  # fmt: skip
    else:
        telling = before
        telling.entry = entry
        lost = {key for key, is_lost in kept.items() if not is_lost} - state.keys if state.is_shown else set()
        gained = state.keys - {key for key, is_lost in kept.items() if not is_lost}
        if whole == telling.whole and not lost and not gained:
            return None
        # The feed of a lost key says that it is gone, and that of one that is found again tells it anew.
        turned = lost | {key for key in gained if key in kept}
        # Press access is no part of what SEQUENCE counts, though feeds can be cut by it.
        if significant != telling.significant or any(not key.startswith("press:") for key in turned):
            telling.sequence += 1
        if whole != telling.whole or turned:
            _move_date(telling, at)
    if not hasattr(telling, "_before"):  # told twice by one act: the first word counts
        telling._before = Before(before.is_shown, before.view) if before is not None else None  # type: ignore[attr-defined]
    telling._gained = state.keys - {key for key, is_lost in kept.items() if not is_lost}  # type: ignore[attr-defined]
    pulse.position += 1
    telling.position = pulse.position
    telling.significant, telling.whole = significant, whole
    _keep_state(telling, state)
    telling.known_from = known_from = max(at, telling.known_from or at)
    _told_states(telling).append(
        Told(entry.pk, entry.is_visit, known_from, telling.sequence, telling.changed_at, state.readable)
    )
    known[entry.pk] = (telling, kept)
    if state.is_shown:
        _keep_keys(telling, kept, state.keys)
    elif entry.content.get("merged_into") and entry.is_visit:
        # Readers of its own calendar are sent to the other visit's: there they are told that it is gone.
        TellingKey.objects.get_or_create(telling=telling, key=f"visit:{entry.content['merged_into']}")
    return telling


def _move_date(telling: Telling, at: dt.datetime) -> None:
    """Set the time of the change: whole seconds, and later than what was told by any act before."""
    if at == telling.acted_at:
        return
    telling.changed_at = max(at.replace(microsecond=0), telling.changed_at + _SECOND)
    telling.acted_at = at


def _state(entry: DiaryEntry, audience: Audience, at: dt.datetime, before: Telling | None) -> _State | None:
    """How the entry stands; None for what the audience never knew of."""
    if not may_be_read(entry, audience, at):
        return _taken_back(before, {}) if before is not None else None
    view = readable = views.view_of(entry, audience, at)
    keys = frozenset(views.all_keys(view, entry.is_visit))
    first, last = entry.starts_on, entry.ends_on
    stood_alone = before is not None and before.stands_alone
    if first is None or last is None:
        if before is None or before.starts_on is None or before.ends_on is None:
            return _State(True, view, readable, None, None, False, keys)
        if not views.is_put_off(view):
            # Its day is no longer known: what calendars have there is no longer true.
            return _taken_back(before, readable)
        first, last = before.starts_on, before.ends_on
        view = views.on_days(view, entry.is_visit, first, last)
    in_text = stands_in_visits_text(entry)
    return _State(True, view, readable, first, last, stood_alone or not in_text, keys)


def _taken_back(before: Telling, readable: dict[str, Any]) -> _State:
    return _State(False, {}, readable, before.starts_on, before.ends_on, before.stands_alone, frozenset())


def _keep_state(telling: Telling, state: _State) -> None:
    telling.is_shown, telling.view, telling.stands_alone = state.is_shown, state.view, state.stands_alone
    telling.starts_on, telling.ends_on = state.first, state.last
    telling.start_clock = str(state.view.get("start_time") or "")
    if state.first is not None and state.last is not None:
        telling.earliest_on = min(state.first, telling.earliest_on or state.first)
        telling.latest_on = max(state.last, telling.latest_on or state.last)
    telling.shown_words = views.words_of(state.readable) if state.readable else ""
    if state.is_shown:
        telling.words = _joined(telling.words, views.words_of(state.view))
    telling.is_cancelled = not state.is_shown or state.view["status"] == VisitStatus.CANCELLED
    ends = telling.is_cancelled or _waits(telling)
    telling.leaves_on = state.last + ENDED_STAYS + _DAY if ends and state.last is not None else None


def _waits(telling: Telling) -> bool:
    from agenda.entries.wording import awaits_new_day

    return awaits_new_day(views.row_of(telling)[0])


def _joined(before: str, now: str) -> str:
    """The words ever told, each once: what a search found is still found when it changes."""
    words = dict.fromkeys([*before.split(), *now.split()])
    return f" {' '.join(words)} " if words else ""


def _keep_keys(telling: Telling, kept: dict[str, bool], keys: frozenset[str]) -> None:
    lost = [key for key, is_lost in kept.items() if not is_lost and key not in keys]
    found = [key for key, is_lost in kept.items() if is_lost and key in keys]
    turned = dict.fromkeys(lost, True) | dict.fromkeys([*found, *sorted(keys - set(kept))], False)
    _turned(telling).update(turned)
    kept |= turned
