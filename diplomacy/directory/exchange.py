"""People, offices and tenures as tables, out and in. What stands is filled up where it says nothing and never
overwritten; somebody who looks like somebody known becomes a question to an editor.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.directory import asking
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Country, Office, OfficeTitle, Organisation, Person, PersonName, Tenure
from diplomacy.directory.registry import UnknownCountryError, country_coded, known_person, office_titled, person_named
from diplomacy.directory.spelling import fold
from diplomacy.directory.wikidata import NoIdentifierError, item_id
from diplomacy.tables import Row, RowOutcome, Verdict, joined, parted
from diplomacy.vocabulary import Rank

PEOPLE = ("id", "name", "country", "wikidata_id", "spellings")
OFFICES = ("id", "title", "country", "organisation", "rank", "wikidata_id", "wordings")
TENURES = ("person_id", "person", "office_id", "office", "country", "starts_on", "ends_on", "source")

Cells = Mapping[str, str]


class RowError(ValueError):
    """Raised for a row that cannot be taken; says why, in the active language."""


def people_cells() -> Iterator[Cells]:
    """Everybody, but those who were merged into somebody else."""
    for person in Person.objects.filter(merged_into=None).prefetch_related("names").order_by("name", "pk"):
        yield {
            "id": str(person.pk),
            "name": person.name,
            "country": person.country_id or "",
            "wikidata_id": person.wikidata_id,
            "spellings": joined([name.text] for name in person.names.all() if name.text != person.name),
        }


def office_cells() -> Iterator[Cells]:
    """Every office."""
    rows = Office.objects.select_related("organisation").prefetch_related("titles").order_by("title", "pk")
    for office in rows:
        yield {
            "id": str(office.pk),
            "title": office.title,
            "country": office.country_id or "",
            "organisation": office.organisation.name if office.organisation else "",
            "rank": office.rank,
            "wikidata_id": office.wikidata_id,
            "wordings": joined([title.text] for title in office.titles.all() if title.text != office.title),
        }


def tenure_cells() -> Iterator[Cells]:
    """Who holds or held which office."""
    rows = Tenure.objects.select_related("person", "office").order_by("office__title", "starts_on", "pk")
    for tenure in rows:
        yield {
            "person_id": str(tenure.person_id),
            "person": tenure.person.name,
            "office_id": str(tenure.office_id),
            "office": tenure.office.title,
            "country": tenure.office.country_id or "",
            "starts_on": tenure.starts_on.isoformat() if tenure.starts_on else "",
            "ends_on": tenure.ends_on.isoformat() if tenure.ends_on else "",
            "source": tenure.source,
        }


def take_people(rows: Iterable[Row], *, source: str, now: dt.datetime) -> list[RowOutcome]:
    """Enter people, or fill up what is known of them. `source` is kept with new spellings."""
    return [_taken(row, row["name"], lambda row: _take_person(row, source, now)) for row in rows]


def take_offices(rows: Iterable[Row], *, source: str) -> list[RowOutcome]:
    """Enter offices, or fill up what is known of them."""
    return [_taken(row, row["title"], lambda row: _take_office(row, source)) for row in rows]


def take_tenures(rows: Iterable[Row], *, source: str) -> list[RowOutcome]:
    """Enter who holds which office; person and office are known already."""
    what = ("person", "office")
    return [_taken(row, " · ".join(row[name] for name in what), lambda row: _take_tenure(row, source)) for row in rows]


def _taken(row: Row, what: str, take: Callable[[Row], tuple[Verdict, list[str]]]) -> RowOutcome:
    """One row is taken whole, or not at all."""
    try:
        with transaction.atomic():
            verdict, why = take(row)
    except (RowError, UnknownCountryError) as error:
        verdict, why = Verdict.REFUSED, [str(error)]
    except ValidationError as error:
        verdict, why = Verdict.REFUSED, list(error.messages)
    return RowOutcome(row.number, verdict, what, tuple(why))


def _take_person(row: Row, source: str, now: dt.datetime) -> tuple[Verdict, list[str]]:
    name, country = _wanted(row, "name"), _country(row)
    spellings = tuple(thing[0] for thing in parted(row["spellings"]))
    person = _person_by_id(row["id"]) or known_person(name, country=country, spellings=spellings)
    if person is None:
        if asking.ask_about_name(name, country=country, spellings=spellings, source=source, now=now) is not None:
            return Verdict.WAITS, [_("It looks like somebody known: answer the question at the desk first.")]
        person = person_named(name, country=country, spellings=spellings, source=source)
        person.wikidata_id = _identifier(row)
        person.full_clean()
        person.save()
        return Verdict.MADE, []
    done = _Filling(person)
    done.fill("country", country)
    done.fill("wikidata_id", _identifier(row))
    for text in dict.fromkeys((name, *spellings)):
        _spelling, made = PersonName.objects.get_or_create(
            person=person, text=text, defaults={"folded": fold(text), "source": source}
        )
        done.note(_("spelling: %(text)s") % {"text": text}, made=made)
    return done.verdict()


def _take_office(row: Row, source: str) -> tuple[Verdict, list[str]]:
    title, country = _wanted(row, "title"), _country(row)
    rank = _rank(row["rank"])
    known = _by_id(Office, row["id"]) or Office.objects.filter(titles__folded=fold(title), country=country).first()
    organisation = _organisation(row["organisation"], country)
    if known is None:
        office = office_titled(title, country=country, rank=rank, source=source)
        office.organisation, office.wikidata_id = organisation, _identifier(row)
        office.save(update_fields=["organisation", "wikidata_id"])
        _word(office, row, source)
        return Verdict.MADE, []
    done = _Filling(known)
    done.fill("country", country)
    done.fill("organisation", organisation)
    done.fill("wikidata_id", _identifier(row))
    done.fill("rank", rank if rank is not Rank.OTHER else None, empty=Rank.OTHER)
    for text in _word(known, row, source):
        done.note(_("wording: %(text)s") % {"text": text}, made=True)
    return done.verdict()


def _word(office: Office, row: Row, source: str) -> list[str]:
    """Keep the wordings of a row; returns those that are new."""
    new = []
    for text in dict.fromkeys((row["title"], *(thing[0] for thing in parted(row["wordings"])))):
        defaults = {"folded": fold(text), "source": source}
        _title, made = OfficeTitle.objects.get_or_create(office=office, text=text[:300], defaults=defaults)
        new += [text] if made else []
    return new


def _take_tenure(row: Row, source: str) -> tuple[Verdict, list[str]]:
    person = _person_by_id(row["person_id"]) or known_person(_wanted(row, "person"), country=None)
    if person is None:
        raise RowError(_("Nobody of this name is known, or several are. Import people first, or give the person_id."))
    known = Office.objects.filter(titles__folded=fold(row["office"]), country=_country(row)).first()
    office = _by_id(Office, row["office_id"]) or known
    if office is None:
        raise RowError(_("No such office is known. Import offices first, or give the office_id."))
    starts, ends = _day(row["starts_on"]), _day(row["ends_on"])
    held = Tenure.objects.filter(person=person, office=office)
    tenure = held.filter(starts_on=starts).first()
    if tenure is None and starts is not None:
        tenure = held.filter(starts_on=None).first()
    if tenure is None:
        said = (row["source"] or source)[:200]
        tenure = Tenure(person=person, office=office, starts_on=starts, ends_on=ends, source=said)
        tenure.full_clean()
        tenure.save()
        return Verdict.MADE, []
    done = _Filling(tenure)
    done.fill("starts_on", starts)
    done.fill("ends_on", ends)
    if done.made:
        tenure.is_imported = (
            False  # whoever sends a table is an editor: no import of office-holders changes it any more
        )
    return done.verdict()


class _Filling:
    """Fills what a row of the directory does not say yet, and notes where it says otherwise."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.made: list[str] = []
        self.kept: list[str] = []

    def fill(self, field: str, value: Any, *, empty: Any = None) -> None:
        """Set a field that says nothing; keep one that says something else."""
        stands = getattr(self.row, field)
        if not value or value == stands:
            return
        name = {"field": self.row._meta.get_field(field).verbose_name, "value": value}
        if stands and stands != empty:
            self.kept.append(_("%(field)s: stands as %(stands)s, not %(value)s") % {**name, "stands": stands})
            return
        setattr(self.row, field, value)
        self.made.append(_("%(field)s: %(value)s") % name)

    def note(self, what: str, *, made: bool) -> None:
        """Something else that was new."""
        if made:
            self.made.append(what)

    def verdict(self) -> tuple[Verdict, list[str]]:
        """Save; what came of the row."""
        if self.made:
            self.row.full_clean()
            self.row.save()
        verdict = Verdict.CHANGED if self.made else Verdict.KEPT if self.kept else Verdict.SAME
        return verdict, [*self.made, *self.kept]


def _wanted(row: Row, column: str) -> str:
    if not row[column]:
        raise RowError(_("The column “%(column)s” is empty.") % {"column": column})
    return row[column]


def _country(row: Row) -> Country | None:
    return country_coded(row["country"].upper()) if row["country"] else None


def _identifier(row: Row) -> str:
    try:
        return item_id(row["wikidata_id"])
    except NoIdentifierError as error:
        raise RowError(_("This is no identifier of Wikidata. It is Q and a number: Q42.")) from error


def _rank(text: str) -> Rank:
    try:
        return Rank(text) if text else Rank.OTHER
    except ValueError as error:
        raise RowError(_("“%(value)s” is no rank. Use one of: %(known)s.")
                       % {"value": text, "known": ", ".join(Rank)}) from error  # fmt: skip


def _organisation(name: str, country: Country | None) -> Organisation | None:
    if not name:
        return None
    found = Organisation.objects.filter(name=name, country=country).first()
    return found or Organisation.objects.create(name=name, country=country)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RowError(_("“%(value)s” is not a day. Write it as 2023-02-07.") % {"value": text}) from error


def _person_by_id(text: str) -> Person | None:
    person = _by_id(Person, text)
    return survivor(person) if person is not None else None


def _by_id(model: Any, text: str) -> Any:
    """The row with that id; None for no id. An id that is unknown here is refused: it names somebody else's row."""
    if not text:
        return None
    try:
        found = model.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise RowError(_("No row has the id “%(id)s”. Leave it empty for something new.") % {"id": text[:40]})
    return found
