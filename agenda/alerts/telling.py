"""What changed, in words, in the active language: of each entry once, from what was known before to what is now."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from agenda.entries import wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.days import days_text, zone_text
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import readable
from agenda.entries.view import View, plain_row
from agenda.webhooks.change import changes_between, type_of
from agenda.webhooks.models import Event
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import VisitStatus

_TYPES = {
    "visit.announced": pgettext_lazy("change", "Announced"),
    "visit.changed": pgettext_lazy("change", "Changed"),
    "visit.postponed": pgettext_lazy("change", "Postponed"),
    "visit.cancelled": pgettext_lazy("change", "Cancelled"),
    "visit.concluded": pgettext_lazy("change", "Concluded"),
    "item.added": pgettext_lazy("change", "Added"),
    "item.moved": pgettext_lazy("change", "Moved"),
    "item.changed": pgettext_lazy("change", "Changed"),
    "item.cancelled": pgettext_lazy("change", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one entry: its heading, each value as (label, old, new), and its page. `old` is empty where
    nothing was said before; `entry_id` is None for what was taken back, of which nothing more is told.
    """

    entry_id: int | None
    heading: str
    values: tuple[tuple[str, str, str], ...]
    address: str


def line_of(value: tuple[str, str, str]) -> str:
    """ "Hour: 15:00 → 17:00"."""
    label, old, new = value
    return label + _(": ") + (f"{old} → {new}" if old else new)


def told_of(events: Iterable[Event], audience: Audience, now: dt.datetime) -> list[Told]:
    """What there is to tell of events (with their `entry`) to an audience at `now` (aware), by entry, visits first.

    What the audience may not read by now is left out; that something it knew before was taken back is said.
    """
    by_entry: dict[int, list[Event]] = {}
    for event in sorted(events, key=_visits_first):
        if event.entry_id is not None:
            by_entry.setdefault(event.entry_id, []).append(event)
    found = (_told(of_one, audience, now) for of_one in by_entry.values())
    return [told for told in found if told is not None]


def _visits_first(event: Event) -> tuple[bool, int]:
    return event.entry is not None and not event.entry.is_visit, event.position


def _told(events: list[Event], audience: Audience, now: dt.datetime) -> Told | None:
    entry = events[0].entry
    assert entry is not None
    if not readable(entry, audience, now):
        if events[0].before is not None and any(event.type.endswith(".withdrawn") for event in events):
            return Told(None, _("Something that you follow was taken back from readers."), (), "")
        return None
    shown = [event for event in events if not event.type.endswith(".withdrawn")]
    if not shown:
        return None
    view = view_in(shown[-1])
    before = events[0].before
    said = type_of(before, view, is_visit=entry.is_visit)
    if said is None:
        return None
    row = plain_row(view, entry.is_visit, entry.uid)
    old = plain_row({**view, **before}, entry.is_visit, entry.uid) if before is not None else None
    values = tuple(_values(old, row))
    if not values and before is not None:
        fields = len(changes_between(before, view))
        values = ((_("Details"), "", _("corrected: %(count)s") % {"count": fields}),)
    title = wording.title(row)
    # A title says so itself of what is cancelled, or put off without a day.
    is_said = row.status == VisitStatus.CANCELLED or wording.awaits_new_day(row)
    heading = title if is_said else f"{_TYPES[said]}{_(': ')}{title}"
    return Told(entry.pk, heading, values, absolute(page_path(row)))


def view_in(event: Event) -> View:
    """The view that an event tells, made whole again of its body."""
    data: dict[str, Any] = json.loads(event.body)["data"]
    return {"id": data["id"], "uid": data["uid"], "visits": data["visits"], "items": [], **data["now"]}


def _values(old: DiaryEntry | None, row: DiaryEntry) -> Iterator[tuple[str, str, str]]:
    """Each value that differs; all that is known where there was nothing before."""
    before = dict(_facts(old)) if old is not None else {}
    for label, new in _facts(row):
        if new != before.get(label, ""):
            yield label, before.get(label, ""), new or _("not stated")


def _facts(row: DiaryEntry) -> Iterator[tuple[str, str]]:
    yield _("Status"), wording.status_label(row)
    yield _("Dates"), days_text(row.starts_on, row.ends_on) or str(row.content.get("date_text") or "")
    yield _("Hour"), _hour(row)
    yield _("Where"), wording.place(row)
    yield _("Who"), ", ".join(wording.people_of(row))
    yield _("What"), wording.kind_label(row)
    yield _("Press access"), wording.access(row)
    yield pgettext("alert", "Accreditation until"), wording.accreditation(row)


def _hour(row: DiaryEntry) -> str:
    hour = wording.hour(row)
    return f"{hour} ({zone_text(row.zone, row.starts_on)})" if hour and row.starts_at and row.starts_on else hour
