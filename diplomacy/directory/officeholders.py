"""Take office-holders of a file into the directory. What an editor decided stays; what differs is told, none lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from diplomacy.directory import asking
from diplomacy.directory.countries import country_name
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Country, CountryName, Office, Person, PersonName, Tenure
from diplomacy.directory.officeholder_files import BadRow, Holder, Raw
from diplomacy.directory.registry import new_person, office_titled
from diplomacy.directory.spelling import fold
from diplomacy.vocabulary import Rank


class Taken(StrEnum):
    """What became of a row. NEW: somebody holds an office; CHANGED: days of an imported row; SAME: known already."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ASKED = "asked"
    DIFFERS = "differs"
    BAD = "bad"


# Rows of these kinds wrote nothing of what they say.
LEFT_OVER = (Taken.ASKED, Taken.DIFFERS, Taken.BAD)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row and what became of it, in words."""

    taken: Taken
    place: str
    said: str
    raw: Raw


class _NotTakenError(Exception):
    """Why a row is not taken."""

    def __init__(self, taken: Taken, said: str) -> None:
        super().__init__(said)
        self.taken = taken


def import_holders(
    rows: Iterable[Holder | BadRow], *, source: str, now: dt.datetime, dry_run: bool = False
) -> list[Outcome]:
    """Enter each row; with `dry_run` all is done and taken back, so that it says what would be done.

    `source` says where the rows come from, for what they enter. Run again on the same rows it changes nothing.
    """
    everything = list(rows)
    found = [Outcome(Taken.BAD, row.place, row.reason, row.raw) for row in everything if isinstance(row, BadRow)]
    holders = [row for row in everything if isinstance(row, Holder)]
    holders.sort(key=lambda row: row.since.day or dt.date.min)  # whoever came before is there when the next one comes
    with transaction.atomic():
        found += [_take(row, source=source, now=now) for row in holders]
        if dry_run:
            transaction.set_rollback(True)
    order = {id(row.raw): number for number, row in enumerate(everything)}
    return sorted(found, key=lambda outcome: order[id(outcome.raw)])


def _take(row: Holder, *, source: str, now: dt.datetime) -> Outcome:
    try:
        with transaction.atomic():
            country = _country(row.country)
            person = _person(row, country, source=source)
            office = _office(row, country, source=source)
            taken, said = _tenure(row, person, office, source=source)
    except _AskError as asked:
        question = asking.ask_about_name(
            row.person, country=asked.country, spellings=row.spellings, source=source, now=now
        )
        named = ", ".join(map(str, question.candidates.all())) if question else ""
        return Outcome(Taken.ASKED, row.place, f"{_who(row)}: is “{row.person}” {named}?", row.raw)
    except _NotTakenError as error:
        return Outcome(error.taken, row.place, f"{_who(row)}: {error}", row.raw)
    return Outcome(taken, row.place, said, row.raw)


class _AskError(Exception):
    """That an editor has to say first whether somebody is one of those known."""

    def __init__(self, country: Country) -> None:
        super().__init__()
        self.country = country


def _who(row: Holder) -> str:
    return f"{row.office} ({row.country}), {row.person}"


def _country(said: str) -> Country:
    found = Country.objects.filter(code=said.upper()).first()
    if found is None:
        codes = set(CountryName.objects.filter(folded=fold(said)).values_list("country", flat=True))
        found = Country.objects.get(pk=codes.pop()) if len(codes) == 1 else None
    if found is None:
        raise _NotTakenError(Taken.BAD, f"“{said}” is not a country of the directory")
    return found


def _person(row: Holder, country: Country, *, source: str) -> Person:
    """Whom the row names: by identifier, else by a spelling known; entered only where nobody is like them.

    Raises _AskError, _NotTakenError.
    """
    person = _identified(row) or _spelled(row, country)
    if person is None:
        alike = asking.look_alike_people(row.person, country=country, spellings=row.spellings)
        if any(_may_be(row, one) for one in alike) and not asking.is_told_apart(row.person, country=country):
            raise _AskError(country)
        person = new_person(row.person, country=country)
    for text in dict.fromkeys((row.person, *row.spellings)):
        PersonName.objects.get_or_create(person=person, text=text, defaults={"folded": fold(text), "source": source})
    if row.person_id and not person.wikidata_id:
        person.wikidata_id = row.person_id
        person.save(update_fields=["wikidata_id"])
    return person


def _identified(row: Holder) -> Person | None:
    if not row.person_id:
        return None
    found = {survivor(person) for person in Person.objects.filter(wikidata_id=row.person_id)}
    if len(found) > 1:
        names = ", ".join(sorted(map(str, found)))
        raise _NotTakenError(Taken.DIFFERS, f"{row.person_id} is the identifier of several people: {names}; merge them")
    return found.pop() if found else None


def _spelled(row: Holder, country: Country) -> Person | None:
    folded = {fold(text) for text in (row.person, *row.spellings)}
    named = Person.objects.filter(names__folded__in=folded, merged_into=None).distinct()
    named = named.filter(Q(country=country) | Q(country=None))
    people = [one for one in named if _may_be(row, one)]
    if len(people) > 1:
        raise _NotTakenError(Taken.DIFFERS, f"several people are called “{row.person}”; give the identifier of one")
    return people[0] if people else None


def _may_be(row: Holder, person: Person) -> bool:
    """Two identifiers are two people, whatever they are called."""
    return not (row.person_id and person.wikidata_id and person.wikidata_id != row.person_id)


def _office(row: Holder, country: Country, *, source: str) -> Office:
    office = Office.objects.filter(wikidata_id=row.office_id).first() if row.office_id else None
    if office is None:
        office = office_titled(row.office, country=country, rank=row.rank or Rank.OTHER, source=source)
        if row.office_id and office.wikidata_id and office.wikidata_id != row.office_id:
            raise _NotTakenError(
                Taken.DIFFERS, f"the office of this title is {office.wikidata_id} here, {row.office_id} in the file"
            )
    if row.office_id and not office.wikidata_id:
        office.wikidata_id = row.office_id
        office.save(update_fields=["wikidata_id"])
    if row.rank and office.rank == Rank.OTHER:
        office.rank = row.rank
        office.save(update_fields=["rank"])
    return office


def _tenure(row: Holder, person: Person, office: Office, *, source: str) -> tuple[Taken, str]:
    since, until = row.since.day, row.until.day
    known = _known_tenure(Tenure.objects.filter(person=person, office=office), since, until)
    where = f"{office} ({country_name(str(office.country_id), 'en')})"
    if known is not None:
        return _compare(row, known, where)
    decided = next(_overlapping(_others(person, office).filter(is_imported=False), since, until), None)
    if decided is not None:
        raise _NotTakenError(Taken.DIFFERS, f"here it is {decided.person}{_days(decided.starts_on, decided.ends_on)}")
    before = _before(person, office, since)
    beside = next(_overlapping(_others(person, office), since, until), None)
    note = f", since {row.since.text}" if row.since.text else ""
    Tenure.objects.create(
        person=person, office=office, starts_on=since, ends_on=until, source=f"{source}{note}"[:200], is_imported=True
    )
    said = f"{where}: {person}{_days(since, until)}{note}"
    if before is not None:
        said += f", after {before.person}"
    if beside is not None:
        said += f"; {beside.person} stands too{_days(beside.starts_on, beside.ends_on)}"
    return Taken.NEW, said


def _known_tenure(mine: QuerySet[Tenure], since: dt.date | None, until: dt.date | None) -> Tenure | None:
    """The row that this one tells again: of the same first day, else of a time in common."""
    exact = mine.filter(starts_on=since).first() if since else None
    return exact or next(_overlapping(mine, since, until), None)


def _compare(row: Holder, known: Tenure, where: str) -> tuple[Taken, str]:
    """What the file says otherwise of a tenure. What says less erases nothing; only what was imported is changed."""
    says = {"starts_on": row.since.day, "ends_on": row.until.day}
    other = {name: day for name, day in says.items() if day is not None and day != getattr(known, name)}
    stands = f"{where}: {known.person}{_days(known.starts_on, known.ends_on)}"
    is_still = row.until.day is None and known.ends_on is not None and not row.until.text
    if not other and not is_still:
        return Taken.SAME, stands
    file_says = _days(says["starts_on"] or known.starts_on, says["ends_on"]).strip() or "no days"
    first, last = other.get("starts_on", known.starts_on), other.get("ends_on", known.ends_on)
    if not known.is_imported or is_still or (first and last and last < first):
        here = f"here {known.person}{_days(known.starts_on, known.ends_on)}"
        raise _NotTakenError(Taken.DIFFERS, f"{here}; the file: {file_says}")
    for name, day in other.items():
        setattr(known, name, day)
    known.save(update_fields=list(other))
    return Taken.CHANGED, f"{stands}; now{_days(known.starts_on, known.ends_on)}"


def _others(person: Person, office: Office) -> QuerySet[Tenure]:
    rows = Tenure.objects.filter(office=office, person__merged_into=None).exclude(person=person)
    return rows.select_related("person").order_by("starts_on", "pk")


def _overlapping(rows: QuerySet[Tenure], since: dt.date | None, until: dt.date | None) -> Iterator[Tenure]:
    """Those with a day in common; whoever leaves on the day the next one comes is not counted."""
    for row in rows:
        ends_first = row.ends_on is not None and since is not None and row.ends_on <= since
        begins_later = row.starts_on is not None and until is not None and row.starts_on >= until
        if not ends_first and not begins_later:
            yield row


def _before(person: Person, office: Office, since: dt.date | None) -> Tenure | None:
    if since is None:
        return None
    return _others(person, office).filter(ends_on__lte=since).order_by("-ends_on").first()


def _days(first: dt.date | None, last: dt.date | None) -> str:
    return "".join([f" since {first}" if first else "", f" until {last}" if last else ""])
