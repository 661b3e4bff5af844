"""By what lists are filtered. Countries, people and offices are those the public was told: an item does not stand
under a visit that the public may not see.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters

from agenda.api.as_of import asked_as_of, with_key
from agenda.api.problems import ParameterError
from agenda.entries import states
from agenda.entries.finding import keys_of_office, keys_of_person, told_under, with_words
from agenda.entries.models import EntryPlace, PublicState
from agenda.entries.provenance import of_visits_themselves, spoken
from diplomacy.communiques.models import Evidence
from diplomacy.directory.spelling import fold
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PRECISIONS,
    PRESS_ACCESSES,
    VISIT_KINDS,
    VISIT_STATUSES,
)

# The diary's rows, or with `as_of` the states that were told.
Rows = QuerySet[Any]


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

    source = filters.CharFilter(method="of_source", label="short name of a source whose text speaks for it")
    language = filters.CharFilter(method="in_language", label="code of the language of a text that speaks for it")
    bbox = filters.CharFilter(
        method="in_box", label="west,south,east,north in degrees (RFC 7946): a place of it lies there; not with as_of"
    )

    kinds: tuple[str, ...] = ("visit", "item")

    class Meta:
        fields: ClassVar[list[str]] = []

    def of_country(self, rows: Rows, name: str, value: str) -> Rows:
        """Under a country's code."""
        return _told(rows, f"country:{value.upper()}")

    def of_person(self, rows: Rows, name: str, value: str) -> Rows:
        """Under a person, whatever id they had before they were merged."""
        return _told(rows, *keys_of_person(value))

    def of_office(self, rows: Rows, name: str, value: str) -> Rows:
        """Under an office."""
        return _told(rows, *keys_of_office(value))

    def with_words(self, rows: Rows, name: str, value: str) -> Rows:
        """With all these words, however they are accented or transliterated; words of nothing find nothing."""
        if rows.model is not PublicState:
            return with_words(rows, value)
        words = fold(value).split()
        return states.with_words(rows, words, timezone.now()) if words else rows.none()

    def of_source(self, rows: Rows, name: str, value: str) -> Rows:
        """That a source told of."""
        return self._spoken_for(rows, Q(proposal__extraction__version__communique__source__slug=value))

    def in_language(self, rows: Rows, name: str, value: str) -> Rows:
        """That a text in a language told of."""
        return self._spoken_for(rows, Q(proposal__extraction__language=value.lower()))

    def _spoken_for(self, rows: Rows, said: Q) -> Rows:
        """With evidence of such texts for the visit or item itself, as `provenance` gives it."""
        entry = "entry__" if rows.model is PublicState else ""
        now = timezone.now()
        words = Evidence.objects.filter(said).filter(spoken(asked_as_of(self.request, now) or now))
        of_visits = words.filter(of_visits_themselves())
        of_kind = {
            "visit": Exists(of_visits.filter(visit=OuterRef(f"{entry}visit")))
            | Exists(of_visits.filter(visit__merged_into=OuterRef(f"{entry}visit"))),
            "item": Exists(words.filter(item=OuterRef(f"{entry}item"))),
        }
        return rows.filter(reduce(or_, (of_kind[kind] for kind in self.kinds)))

    def in_box(self, rows: Rows, name: str, value: str) -> Rows:
        """With a place in a box, which may cross the 180th meridian. Raises ParameterError."""
        west, south, east, north = _box(value)
        if rows.model is PublicState:
            raise ParameterError(bbox=_("Places are known of the present alone: leave out bbox or as_of."))
        points = EntryPlace.objects.filter(entry=OuterRef("pk"), latitude__range=(south, north))
        if west <= east:
            points = points.filter(longitude__range=(west, east))
        else:
            points = points.filter(Q(longitude__gte=west) | Q(longitude__lte=east))
        return rows.filter(Exists(points))


class VisitFilter(EntryFilter):
    """Of visits."""

    kinds = ("visit",)
    kind = SeveralOf(choices=_choices(VISIT_KINDS))
    status = SeveralOf(choices=_choices(VISIT_STATUSES))


class ItemFilter(EntryFilter):
    """Of items."""

    kinds = ("item",)
    kind = SeveralOf(choices=_choices(ITEM_KINDS))
    status = SeveralOf(choices=_choices(ITEM_STATUSES))
    precision = SeveralOf(choices=_choices(PRECISIONS))
    press_access = SeveralOf(choices=_choices(PRESS_ACCESSES))
    visit = filters.UUIDFilter(method="of_visit", label="id of the visit it belongs to")

    def of_visit(self, rows: Rows, name: str, value: uuid.UUID) -> Rows:
        """Of a visit that the public may see."""
        return _told(rows, f"visit:{value}")


def _told(rows: Rows, *keys: str) -> Rows:
    """Under any of these keys; none for no key."""
    if not keys:
        return rows.none()
    return with_key(rows, *keys) if rows.model is PublicState else rows.filter(told_under(*keys))


def _box(value: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):  # nor a number that is none
        raise ParameterError(bbox=_("Give west,south,east,north in degrees: -17.5,4.3,16,25."))
    return west, south, east, north
