"""Read visits, items and diary lines: what the public may see, in a total order, in the language of `?lang=`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, permissions, viewsets

from agenda.api.conditional import Conditional
from agenda.api.filters import EntryFilter, ItemFilter, VisitFilter
from agenda.api.merged import LeadsOn, MovedSerializer, last_of
from agenda.api.ordering import PK, Column, Order, day, moment, words
from agenda.api.pagination import CursorPages
from agenda.api.questions import KnownParameters
from agenda.api.serializers import EntrySerializer, ItemSerializer, VisitSerializer
from agenda.entries.models import DiaryEntry, Telling
from agenda.entries.queries import visible_entries, with_told
from agenda.feeds.current import ensure_told
from diplomacy.visits.models import Visit
from diplomacy.visits.visibility import Audience

_STARTS_ON, _STARTS_AT = Column("starts_on", day), Column("starts_at", moment)
# Days first, then hours; what has a day and no hour comes after the hours of its day.
ORDERS: dict[str, Order] = {
    "starts_on": (_STARTS_ON, _STARTS_AT, PK),
    "starts_at": (_STARTS_AT, PK),
    "ends_on": (Column("ends_on", day), PK),
    "revised_at": (Column("told_at", moment), PK),
    "kind": (Column("kind", words), _STARTS_ON, PK),
    "status": (Column("status", words), _STARTS_ON, PK),
}


def public_rows(now: dt.datetime) -> QuerySet[DiaryEntry]:
    """What the public may see at `now` (aware), with what it was told of each."""
    ensure_told(now)
    return with_told(visible_entries(Audience.PUBLIC, now), Audience.PUBLIC)


def with_relatives(rows: QuerySet[DiaryEntry], now: dt.datetime) -> QuerySet[DiaryEntry]:
    """The rows, each with the items (`shown_items`) and visits (`shown_visits`) of it that the public may see."""
    shown = visible_entries(Audience.PUBLIC, now).only("item_id", "visit_id", "starts_on", "content")
    return rows.prefetch_related(
        Prefetch("programme", shown, to_attr="shown_items"), Prefetch("parents", shown, to_attr="shown_visits")
    )


class _Reading(Conditional, KnownParameters, viewsets.GenericViewSet[DiaryEntry]):
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class: type[EntryFilter] = EntryFilter
    permission_classes = (permissions.AllowAny,)
    queryset = DiaryEntry.objects.none()
    orders: ClassVar = ORDERS

    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Rows the public may see now."""
        return public_rows(timezone.now())


class _Resource(mixins.RetrieveModelMixin, mixins.ListModelMixin, _Reading):
    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Rows of this kind that the public may see now."""
        now = timezone.now()
        rows: dict[str, Any] = {f"{self.lookup_field}__isnull": False}
        return with_relatives(public_rows(now).filter(**rows), now)


@extend_schema_view(retrieve=extend_schema(responses={200: VisitSerializer, 301: MovedSerializer}))
class VisitViewSet(LeadsOn, _Resource):
    """Official visits."""

    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    lookup_field = "visit_id"

    def heir(self, pk: uuid.UUID) -> uuid.UUID | None:
        """What goes on for a visit that the public was told of."""
        told = Telling.objects.filter(audience=Audience.PUBLIC, entry__visit=OuterRef("pk"))
        return last_of(Visit.objects.filter(Exists(told), pk=pk).first())


class ItemViewSet(_Resource):
    """Programme items, with or without a visit."""

    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    lookup_field = "item_id"


class EntryViewSet(mixins.ListModelMixin, _Reading):
    """Diary lines: visits and items in one list."""

    serializer_class = EntrySerializer
