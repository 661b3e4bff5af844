"""Read people, offices and countries: those that something published names, and no others."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, permissions, viewsets

from agenda.api.conditional import Conditional
from agenda.api.merged import LeadsOn, MovedSerializer, last_of
from agenda.api.ordering import PK_UUID, Column, Order, words
from agenda.api.pagination import CursorPages
from agenda.api.questions import KnownParameters
from agenda.api.serializers import CountrySerializer, OfficeSerializer, PersonSerializer
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import visible_entries
from diplomacy.directory.models import Country, Office, Person
from diplomacy.visits.visibility import Audience, readable_by


def _named_by_public(*columns: str) -> Q:
    """Whether something that the public may see names the row, by one of its columns.

    An item stands under its visits' names too (`DiaryEntry`). So what a visit that is kept back names is shown by
    other things alone. A question a column: one with "or" in it would go through the whole diary for every row.
    """
    now = timezone.now()
    return reduce(or_, (Q(_named_by(column, now)) for column in columns))


def _named_by(column: str, now: dt.datetime) -> Exists:
    hidden = DiaryEntry.objects.filter(~readable_by(Audience.PUBLIC, now), programme=OuterRef("pk"))
    hidden = hidden.filter(**{column: OuterRef(OuterRef("pk"))})
    shown = visible_entries(Audience.PUBLIC, now).filter(**{column: OuterRef("pk")})
    return Exists(shown.filter(~Exists(hidden)))


class _Directory(
    Conditional, KnownParameters, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Any]
):
    pagination_class = CursorPages
    permission_classes = (permissions.AllowAny,)
    filter_backends = ()


@extend_schema_view(retrieve=extend_schema(responses={200: PersonSerializer, 301: MovedSerializer}))
class PersonViewSet(LeadsOn, _Directory):
    """People who take part in what is published."""

    serializer_class = PersonSerializer
    queryset = Person.objects.none()
    orders: ClassVar[dict[str, Order]] = {
        "name": (Column("name", words, never_null=True), PK_UUID),
        "slug": (Column("slug", words, never_null=True), PK_UUID),
    }

    def get_queryset(self) -> QuerySet[Person]:
        """Those the public knows of; who was merged is known by the one who stayed."""
        ways = ("people", "people__merged_into", "people__merged_into__merged_into")
        return Person.objects.filter(_named_by_public(*ways), merged_into=None)

    def heir(self, pk: uuid.UUID) -> uuid.UUID | None:
        """Who goes on for a person."""
        return last_of(Person.objects.filter(pk=pk).first())


class OfficeViewSet(_Directory):
    """Offices that take part in what is published."""

    serializer_class = OfficeSerializer
    queryset = Office.objects.none()
    orders: ClassVar[dict[str, Order]] = {
        "title": (Column("title", words, never_null=True), PK_UUID),
        "slug": (Column("slug", words, never_null=True), PK_UUID),
    }

    def get_queryset(self) -> QuerySet[Office]:
        """Those the public knows of."""
        return Office.objects.filter(_named_by_public("offices"))


class CountryViewSet(_Directory):
    """Countries and bodies that take part in what is published, or where it takes place."""

    serializer_class = CountrySerializer
    queryset = Country.objects.none()
    lookup_value_regex = "[A-Z0-9-]{2,8}"
    orders: ClassVar[dict[str, Order]] = {"code": (Column("pk", words, never_null=True),)}

    def get_queryset(self) -> QuerySet[Country]:
        """Those the public knows of."""
        return Country.objects.filter(_named_by_public("countries"))
