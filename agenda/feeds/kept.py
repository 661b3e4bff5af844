"""Events as they are kept: each telling rendered once a language, and again only when it or what made it changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

import agenda.entries
from agenda.entries import view
from agenda.entries.addresses import absolute, page_path
from agenda.entries.entry import Certainty, Entry
from agenda.entries.models import Telling
from agenda.entries.wording import as_entry
from agenda.feeds.ical import RenderedEvent, render_event
from agenda.feeds.models import KeptEvent

# Rendered and written together; small enough for one statement on every database.
_BATCH = 200


@cache
def stamp(language: str) -> str:
    """A short digest of everything but the telling that an event is made from.

    The code that words and writes it, the translations of the language, country names, the time-zone data and the
    address readers see: when any of them changes, what was kept is rendered anew.
    """
    digest = hashlib.blake2b(digest_size=8)
    here = Path(__file__).parent
    sources = [*Path(agenda.entries.__path__[0]).glob("*.py"), *here.glob("*.py"), *(here / "ical").glob("*.py")]
    catalogues = [Path(folder, language, "LC_MESSAGES", "django.mo") for folder in settings.LOCALE_PATHS]
    zones = [Path(folder, "tzdata.zi") for folder in zoneinfo.TZPATH]
    for path in (*sorted(sources), *catalogues, *zones):
        if path.is_file():
            digest.update(path.read_bytes())
    for package in ("tzdata", "babel"):
        digest.update(importlib.metadata.version(package).encode())
    digest.update(settings.AGENDA_BASE_URL.encode())
    return digest.hexdigest()


def entry_of(telling: Telling) -> Entry | None:
    """What a telling says in the active language; None for what has no day."""
    if telling.starts_on is None or telling.ends_on is None:
        return None
    if not telling.is_shown:
        return taken_back(telling)
    row, programme = view.row_of(telling)
    return as_entry(row, programme, url=absolute(page_path(row)))


def taken_back(telling: Telling) -> Entry:
    """A telling that no longer shows anything: that it is withdrawn, on its days, and not a word more."""
    assert telling.starts_on is not None
    return Entry(
        uid=telling.uid,
        sequence=telling.sequence,
        created=telling.created_at,
        last_modified=telling.changed_at,
        certainty=Certainty.CANCELLED,
        kind="",
        is_visit=telling.is_visit,
        summary=_("Withdrawn"),
        starts=telling.starts_on,
        ends=telling.ends_on,
        transparent=True,
    )


def rendered(telling: Telling, entry: Entry, language: str) -> KeptEvent:
    """The event of a telling, ready to be kept. The language is active."""
    event = render_event(replace(entry, parent_uid=None), end_not_stated=_("end not stated"))
    parents = telling.view.get("parents", []) if telling.is_shown else []
    return KeptEvent(
        telling_id=telling.pk,  # not the telling: each would keep its view in memory
        language=language,
        position=telling.position,
        stamp=stamp(language),
        content=event.content,
        zones="\n".join(sorted(_zones(event))),
        parents="\n".join(parents),
    )


def _zones(event: RenderedEvent) -> set[str]:
    return {f"{time.zone} {time.wall.year}" for time in event.times}


def keep(telling_ids: Sequence[int], language: str) -> dict[int, KeptEvent]:
    """Render these tellings in a language and keep them; returns them by the telling's id."""
    found: dict[int, KeptEvent] = {}
    for start in range(0, len(telling_ids), _BATCH):
        tellings = Telling.objects.filter(pk__in=telling_ids[start : start + _BATCH])
        found |= _keep(tellings, language)
    return found


def _keep(tellings: Iterable[Telling], language: str) -> dict[int, KeptEvent]:
    with translation.override(language):
        events = [rendered(telling, entry, language) for telling in tellings if (entry := entry_of(telling))]
    KeptEvent.objects.bulk_create(
        events,
        update_conflicts=True,
        unique_fields=["telling", "language"],
        update_fields=["position", "stamp", "content", "zones", "parents"],
    )
    return {event.telling_id: event for event in events}


def spans_of(zones: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The zones of kept events ("Africa/Bamako 2026", one a line) with the first and last year of each."""
    spans: dict[str, tuple[int, int]] = {}
    for line in {line for text in set(zones) for line in text.splitlines()}:
        zone, _blank, year = line.rpartition(" ")
        first, last = spans.get(zone, (dt.MAXYEAR, dt.MINYEAR))
        spans[zone] = (min(first, int(year)), max(last, int(year)))
    return spans
