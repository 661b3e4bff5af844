"""By what lists are filtered. Countries, people and offices are those the public was told: an item does not stand
under a visit that the public may not see.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters import rest_framework as filters

from agenda.entries.models import DiaryEntry, TellingKey
from diplomacy.directory.merging import one_and_the_same
from diplomacy.directory.models import Office, Person
from diplomacy.directory.spelling import fold
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PRECISIONS,
    PRESS_ACCESSES,
    VISIT_KINDS,
    VISIT_STATUSES,
)

Rows = QuerySet[DiaryEntry]


class SeveralOf(filters.BaseInFilter, filters.ChoiceFilter):  # type: ignore[misc]  # the package ships no types
    """One or several known values, with commas."""


def _choices(*several: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """The values alone, each once: an interface for programs names no words for people."""
    return [(value, value) for value in dict.fromkeys(str(value) for choices in several for value, _said in choices)]


class EntryFilter(filters.FilterSet):  # type: ignore[misc]  # the package ships no types
    """What visits, items and entries share. Days are the host's; a row without days lies in no period."""

    touching_from = filters.DateFilter(field_name="ends_on", lookup_expr="gte", label="touches this day or a later one")
    touching_until = filters.DateFilter(
        field_name="starts_on", lookup_expr="lte", label="touches this day or an earlier one"
    )
    starts_from = filters.DateFilter(field_name="starts_on", lookup_expr="gte", label="starts on this day or later")
    starts_until = filters.DateFilter(field_name="starts_on", lookup_expr="lte", label="starts on this day or earlier")
    country = filters.CharFilter(method="of_country", label="code of a country that takes part or is the place")
    person = filters.CharFilter(method="of_person", label="id or slug of somebody who takes part")
    office = filters.CharFilter(method="of_office", label="id or slug of an office that takes part")
    kind = SeveralOf(choices=_choices(VISIT_KINDS, ITEM_KINDS))
    status = SeveralOf(choices=_choices(VISIT_STATUSES, ITEM_STATUSES))
    q = filters.CharFilter(method="with_words", label="words of names, titles and places, each from its beginning")

    class Meta:
        model = DiaryEntry
        fields: ClassVar[list[str]] = []

    def of_country(self, rows: Rows, name: str, value: str) -> Rows:
        """Under a country's code."""
        return rows.filter(_told(f"country:{value.upper()}"))

    def of_person(self, rows: Rows, name: str, value: str) -> Rows:
        """Under a person, whatever id they had before they were merged."""
        person = Person.objects.filter(_named(value)).first()
        if person is None:
            return rows.none()
        return rows.filter(_told(*(f"person:{pk}" for pk in one_and_the_same(person))))

    def of_office(self, rows: Rows, name: str, value: str) -> Rows:
        """Under an office."""
        office = Office.objects.filter(_named(value)).first()
        return rows.filter(_told(f"office:{office.pk}")) if office else rows.none()

    def with_words(self, rows: Rows, name: str, value: str) -> Rows:
        """With all these words, however they are accented or transliterated; words of nothing find nothing."""
        words = fold(value).split()
        for word in words:
            rows = rows.filter(told__words__contains=f" {word}")  # type: ignore[misc]  # of `with_told`
        return rows if words else rows.none()


class VisitFilter(EntryFilter):
    """Of visits."""

    kind = SeveralOf(choices=_choices(VISIT_KINDS))
    status = SeveralOf(choices=_choices(VISIT_STATUSES))


class ItemFilter(EntryFilter):
    """Of items."""

    kind = SeveralOf(choices=_choices(ITEM_KINDS))
    status = SeveralOf(choices=_choices(ITEM_STATUSES))
    precision = SeveralOf(choices=_choices(PRECISIONS))
    press_access = SeveralOf(choices=_choices(PRESS_ACCESSES))
    visit = filters.UUIDFilter(method="of_visit", label="id of the visit it belongs to")

    def of_visit(self, rows: Rows, name: str, value: uuid.UUID) -> Rows:
        """Of a visit that the public may see."""
        return rows.filter(_told(f"visit:{value}"))


def _told(*keys: str) -> Exists:
    return Exists(TellingKey.objects.filter(telling=OuterRef("told__pk"), key__in=keys, is_lost=False))


def _named(value: str) -> Q:
    """By id or slug."""
    try:
        return Q(pk=uuid.UUID(value))
    except ValueError:
        return Q(slug=value)
