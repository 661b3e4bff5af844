"""What of the diary is looked for: by whom it is about, of what kind, with which words.

Countries, people and offices are those the audience was told: an item does not stand under a visit that it may not
see. Every filter here is of rows of `agenda.entries.queries.with_told`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from agenda.entries.models import TellingKey
from agenda.entries.queries import visible_entries, with_told
from diplomacy.directory.merging import one_and_the_same
from diplomacy.directory.models import Office, Person
from diplomacy.directory.spelling import fold
from diplomacy.visits.visibility import Audience

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a reader asked for; an empty value asks for nothing in particular.

    `country` is a code, `person` and `office` an id or slug, the others values of their vocabularies; `words` are
    looked for in names, titles and places, all of them, each from its beginning.
    """

    country: str = ""
    person: str = ""
    office: str = ""
    kind: str = ""
    status: str = ""
    access: str = ""
    words: str = ""


def among(rows: Rows, sought: Sought) -> Rows:
    """Those of the rows that are sought."""
    exact = {"kind": sought.kind, "status": sought.status, "press_access": sought.access}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if sought.country:
        rows = rows.filter(told_under(f"country:{sought.country.upper()}"))
    if sought.person:
        rows = rows.filter(told_under(*keys_of_person(sought.person)))
    if sought.office:
        rows = rows.filter(told_under(*keys_of_office(sought.office)))
    return with_words(rows, sought.words) if sought.words else rows


def keys_of_person(value: str) -> tuple[str, ...]:
    """The keys of a person by id or slug, whatever id they had before they were merged; none for nobody known."""
    person = Person.objects.filter(named(value)).first()
    return tuple(f"person:{pk}" for pk in one_and_the_same(person)) if person else ()


def keys_of_office(value: str) -> tuple[str, ...]:
    """The key of an office by id or slug; none for an unknown one."""
    office = Office.objects.filter(named(value)).first()
    return (f"office:{office.pk}",) if office else ()


def with_words(rows: Rows, text: str) -> Rows:
    """With all these words, however they are accented or transliterated; a text without a word finds nothing."""
    words = fold(text).split()
    return rows.filter(told__pk__in=_telling_ids(words, rows.db)) if words else rows.none()


def _telling_ids(words: list[str], database: str) -> RawSQL:
    """The ids of tellings that show words beginning with all of these, folded: by `agenda.entries.word_index`."""
    if connections[database].vendor == "postgresql":
        wanted = " & ".join(f"'{word}':*" for word in words)  # a folded word has neither quote nor backslash
        return RawSQL("SELECT id FROM agenda_telling WHERE agenda_words(shown_words) @@ %s::tsquery", [wanted])
    wanted = " ".join(f'"{word}"*' for word in words)
    return RawSQL("SELECT rowid FROM agenda_telling_words WHERE agenda_telling_words MATCH %s", [wanted])


def told_under(*keys: str) -> Exists:
    """Rows that the audience was told of under any of these keys (`TellingKey`)."""
    return Exists(TellingKey.objects.filter(telling=OuterRef("told__pk"), key__in=keys, is_lost=False))


def is_told(audience: Audience, now: dt.datetime, *keys: str) -> bool:
    """Whether the audience sees something at `now` (aware) under any of these keys."""
    return with_told(visible_entries(audience, now), audience).filter(told_under(*keys)).exists()


def named(value: str) -> Q:
    """By id or slug."""
    try:
        return Q(pk=uuid.UUID(value))
    except ValueError:
        return Q(slug=value)
