"""The outbox: each thing an audience is told becomes an event, in the very transaction that tells it.

An event is made of what the audience may know (`agenda.entries.telling`) and of nothing else: what is internal or
under embargo has no telling, and a release by the clock is told as of its own moment.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry, Telling
from agenda.entries.queries import readable
from agenda.entries.telling import told_before
from agenda.entries.view import all_keys, view_of, words_of
from agenda.webhooks.change import changes_between, impact_of, shown_part, type_of
from agenda.webhooks.listening import listening
from agenda.webhooks.models import Delivery, Event, Webhook
from agenda.webhooks.tasks import dispatch
from diplomacy.communiques.models import Communique, CommuniqueState, CommuniqueVersion, Proposal
from diplomacy.communiques.troubles import kind_of_error
from diplomacy.visits.visibility import Audience

TEST = "webhook.test"


def keep(audience: Audience, tellings: Iterable[Telling], *, is_followed: bool = False) -> None:
    """Keep what was just told to everybody, which the feed of changes gives for a while, or to those of another
    audience where somebody listens or follows; word to a worker, once the transaction is through, where one listens.
    """
    each = list({id(telling): telling for telling in tellings}.values())
    if not each:
        return
    is_heard = listening().filter(audience=audience).exists()
    if audience is not Audience.PUBLIC and not is_heard and not is_followed:
        return
    _keep_all(audience, each)
    if not is_heard:
        return
    # Robust: with the broker away the events still stand, and the scheduler's next round sends them.
    # A plain function, since Django names what failed by its `__qualname__`, which a partial has not.
    transaction.on_commit(_send_word, robust=True)


def _send_word() -> None:
    dispatch.delay()


def keep_settled(version: CommuniqueVersion, state: CommuniqueState, at: dt.datetime, **_kwargs: object) -> None:
    """Keep what became of a text that was handed in, where anybody hears of it. Nothing that the text says is told."""
    if not listening().filter(hears_of_communiques=True).exists():
        return
    communique = Communique.objects.select_related("source").get(pk=version.communique_id)
    data = {
        "kind": "communique",
        "id": str(communique.pk),
        "address": settings.AGENDA_BASE_URL + reverse("admin:desk_communique", args=[communique.pk]),
        "source": communique.source.slug,
        "version": version.number,
        "state": state.value,
        "error": kind_of_error(communique.error) if state is CommuniqueState.FAILED else None,
        "language": version.extractions.values_list("language", flat=True).first() or None,
        "proposals": Proposal.objects.filter(extraction__version=version).count(),
    }
    type_ = "communique.read" if state is CommuniqueState.READ else "communique.failed"
    Event.objects.create(
        communique=communique, audience=Audience.DESK, type=type_, acted_at=at, body=_message(type_, at, data)
    )
    transaction.on_commit(_send_word, robust=True)


def try_out(hook: Webhook, *, now: dt.datetime) -> Delivery:
    """Have a webhook sent a message that says nothing, once: whether its receiver gets and verifies it."""
    data = {"kind": "webhook", "id": str(hook.pk), "label": hook.label}
    event = Event.objects.create(
        audience=Audience.DESK, type=TEST, acted_at=now, dispatched_at=now, body=_message(TEST, now, data)
    )
    delivery = Delivery.objects.create(webhook=hook, event=event, next_try_at=now, give_up_at=now)
    transaction.on_commit(_send_word, robust=True)
    return delivery


def _message(type_: str, at: dt.datetime, data: dict[str, Any]) -> str:
    said = {"type": type_, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _keep_all(audience: Audience, tellings: list[Telling]) -> None:
    """As many queries for many as for one, but for what is known without a day."""
    unsent = _unsent(audience, tellings)
    made: list[Event] = []
    for telling in tellings:
        event = unsent.get((telling.entry_id, telling.acted_at))
        event, is_told = _filled(telling, telling.entry, event)
        if not is_told:
            if not event._state.adding:
                event.delete()
        elif event._state.adding:
            made.append(event)
        else:
            event.save()
    Event.objects.bulk_create(made, batch_size=500)


def _filled(telling: Telling, entry: DiaryEntry, event: Event | None) -> tuple[Event, bool]:
    """The event of a telling, and whether there is anything to tell."""
    if event is None:
        before = told_before(telling)
        event = Event(
            entry_id=telling.entry_id, audience=telling.audience, acted_at=telling.acted_at,
            is_first=before is None, before=before.view if before is not None and before.is_shown else None,
        )  # fmt: skip
    now = _now(telling, entry)
    said = type_of(event.before, now, is_visit=telling.is_visit)
    if said is None:
        return event, False
    event.type, event.position = said, telling.position
    views = [view for view in (event.before, now) if view is not None]
    event.keys = sorted({key for view in views for key in all_keys(view, telling.is_visit)})
    event.words = " ".join(words_of(view) for view in views)
    event.body = _message(said, telling.acted_at, _data(event, telling, entry, now))
    return event, True


def _unsent(audience: Audience, tellings: list[Telling]) -> dict[tuple[int | None, dt.datetime], Event]:
    """What was kept of the same acts and is not sent yet: one act is told once."""
    rows = Event.objects.select_for_update().filter(audience=audience, dispatched_at=None, alerted_at=None)
    rows = rows.filter(
        entry__in={telling.entry_id for telling in tellings}, acted_at__in={telling.acted_at for telling in tellings}
    )
    return {(event.entry_id, event.acted_at): event for event in rows}


def _now(telling: Telling, entry: DiaryEntry) -> dict[str, Any] | None:
    """What the audience may know now; None for what was taken back. What only lost its day is still known."""
    if telling.is_shown:
        found: dict[str, Any] = telling.view
        return found
    audience = Audience(telling.audience)
    return view_of(entry, audience, telling.acted_at) if readable(entry, audience, telling.acted_at) else None


def _data(event: Event, telling: Telling, entry: DiaryEntry, now: dict[str, Any] | None) -> dict[str, Any]:
    """What is sent. Of what was taken back nothing but which it is: whoever began to listen later never knew more."""
    data: dict[str, Any] = {
        "kind": "visit" if telling.is_visit else "item",
        "id": str(entry.visit_id or entry.item_id),
        "uid": telling.uid,
        "position": telling.position,
        "sequence": telling.sequence,
    }
    if now is not None:
        changes = changes_between(event.before, now) if event.before is not None else []
        data |= {
            "address": _address(entry),
            "again": event.before is None and not event.is_first,
            "visits": now.get("visits", []) if not telling.is_visit else [],
            "changes": changes,
            "impact": impact_of([change["field"] for change in changes]),
            "now": shown_part(now),
        }
    return data


def _address(entry: DiaryEntry) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(page_path(entry))
