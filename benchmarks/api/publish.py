"""Publish the drafts of `seed_load` at once: revisions, rows of the diary, and what the public was told of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from agenda.entries import view as views
from agenda.entries.build import columns, points_of
from agenda.entries.models import DiaryEntry, EntryPlace, Pulse, Telling, TellingKey
from agenda.entries.queries import in_order
from agenda.entries.states import Told, keep
from diplomacy.directory.models import Place
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import ItineraryStop, ProgrammeItem, Revision, Visit
from diplomacy.visits.snapshot import item_snapshot, visit_snapshot
from diplomacy.visits.visibility import Audience

_BATCH = 500
# A place a host, somewhere on the map: the load has none.
_SPAN = 120


def publish_drafts(now: dt.datetime) -> int:
    """Publish every draft visit with its items, each told at a minute of its own before `now`; returns how many."""
    drafts = Visit.objects.filter(publication=Publication.DRAFT).order_by("slug")
    drafts = drafts.prefetch_related("members__person", "members__office", "programme__item")
    left, published = drafts.iterator(chunk_size=_BATCH), 0
    places: dict[str, Place] = {}
    while batch := list(islice(left, _BATCH)):
        _Batch(batch, now - dt.timedelta(minutes=len(batch)), places).write()
        published += len(batch)
    return published


class _Batch:
    def __init__(self, visits: Sequence[Visit], at: dt.datetime, places: dict[str, Place]) -> None:
        self.visits, self.at, self.places = visits, at, places
        self.rows: list[DiaryEntry] = []
        self.programmes: list[tuple[DiaryEntry, list[DiaryEntry]]] = []

    def write(self) -> None:
        for visit in self.visits:
            self._plan(visit)
        for model in (Visit, ProgrammeItem):
            ids = [row.content["id"] for row in self.rows if row.is_visit == (model is Visit)]
            model.objects.filter(pk__in=ids).update(
                publication=Publication.PUBLISHED, published_at=self.at, revised_at=self.at, revision_number=1
            )
        revisions = Revision.objects.bulk_create(
            (
                Revision(
                    visit_id=row.visit_id, item_id=row.item_id, number=1, sequence=0, made_at=self.at,
                    snapshot=row.content,
                )
                for row in self.rows
            ),
            batch_size=_BATCH,
        )  # fmt: skip
        for row, revision in zip(self.rows, revisions, strict=True):
            row.revision = revision
        DiaryEntry.objects.bulk_create(self.rows, batch_size=_BATCH)
        self._tie()
        self._tell()

    def _plan(self, visit: Visit) -> None:
        stop = ItineraryStop(visit=visit, place=self._place(visit.host_country_id))
        lines = sorted(visit.programme.all(), key=lambda line: line.position)
        items = []
        for line in lines:
            line.item.publication = Publication.PUBLISHED
            items.append(self._row(line.item, item_snapshot(line.item, [], [line])))
        visit.publication = Publication.PUBLISHED
        row = self._row(visit, visit_snapshot(visit, visit.members.all(), [stop], lines))
        self.programmes.append((row, items))
        self.rows += [*items, row]

    def _place(self, country: str) -> Place:
        if country not in self.places:
            number = len(self.places)
            self.places[country], _made = Place.objects.get_or_create(
                name=f"City of {country}", country_id=country,
                defaults={"zone": "UTC", "latitude": number % _SPAN - 60.0, "longitude": number * 7 % 360 - 180.0},
            )  # fmt: skip
        return self.places[country]

    def _row(self, subject: Visit | ProgrammeItem, snapshot: dict[str, Any]) -> DiaryEntry:
        owner = {"visit": subject} if isinstance(subject, Visit) else {"item": subject}
        return DiaryEntry(
            uid=subject.uid, content=snapshot, sequence=0, created_at=subject.created_at, revised_at=self.at,
            **owner, **columns(snapshot),
        )  # fmt: skip

    def _tie(self) -> None:
        ties: Any = DiaryEntry.parents.through
        _write(
            ties(from_diaryentry_id=item.pk, to_diaryentry_id=visit.pk)
            for visit, items in self.programmes
            for item in items
        )
        for name, column, prefix in (("countries", "country_id", "country:"), ("people", "person_id", "person:")):
            through: Any = getattr(DiaryEntry, name).through
            _write(
                through(diaryentry_id=row.pk, **{column: key.removeprefix(prefix)})
                for visit, items in self.programmes
                for key in sorted(set(views.keys_of(visit.content)))
                if key.startswith(prefix)
                for row in (visit, *items)
            )
        _write(
            EntryPlace(entry=row, latitude=north, longitude=east)
            for row in self.rows
            for north, east in points_of(row.content)
        )

    def _tell(self) -> None:
        first = Pulse.objects.get_or_create(name=Audience.PUBLIC)[0].position
        told = [pair for visit, items in self.programmes for pair in self._views(visit, items)]
        tellings = Telling.objects.bulk_create(
            (
                self._telling(row, view, first + number // (_BATCH // 10) + number + 1)
                for number, (row, view) in enumerate(told)
            ),
            batch_size=_BATCH,
        )
        _write(
            TellingKey(telling=telling, key=key)
            for telling, (row, view) in zip(tellings, told, strict=True)
            for key in sorted(views.all_keys(view, row.is_visit))
        )
        keep([Told(row.pk, row.is_visit, self.at, 0, self.at, view) for row, view in told])
        Pulse.objects.filter(name=Audience.PUBLIC).update(position=tellings[-1].position)

    def _views(self, visit: DiaryEntry, items: list[DiaryEntry]) -> Iterable[tuple[DiaryEntry, views.View]]:
        plain = {row.pk: views.view_of_line(row) for row in (visit, *items)}
        keys = sorted(set(views.keys_of(visit.content)))
        for item in items:
            yield item, plain[item.pk] | {"visits": [str(visit.visit_id)], "parents": [visit.uid], "keys": keys}
        own = {name: value for name, value in plain[visit.pk].items() if name != "visits"}
        yield visit, own | {"items": [plain[item.pk] for item in in_order(items, visit)]}

    def _telling(self, row: DiaryEntry, view: views.View, position: int) -> Telling:
        return Telling(
            entry=row, audience=Audience.PUBLIC, position=position, uid=row.uid, is_visit=row.is_visit, is_shown=True,
            is_cancelled=False, sequence=0, created_at=row.created_at, changed_at=self.at, acted_at=self.at,
            known_from=self.at, starts_on=row.starts_on, ends_on=row.ends_on,
            start_clock=str(view.get("start_time") or ""), earliest_on=row.starts_on, latest_on=row.ends_on,
            stands_alone=row.is_visit or row.starts_at is not None, words=views.words_of(view),
            shown_words=views.words_of(view), view=view, significant="", whole="",
        )  # fmt: skip


def _write(rows: Iterable[Any]) -> None:
    """Write rows of one model, as many at once as one statement bears."""
    left = iter(rows)
    while batch := list(islice(left, 2000)):
        type(batch[0])._default_manager.bulk_create(batch)
