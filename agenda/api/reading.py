"""Read visits, items and diary lines: what the public may see, in a total order, in the language of `?lang=`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, permissions, viewsets

from agenda.api.as_of import asked_as_of
from agenda.api.conditional import Conditional
from agenda.api.filters import EntryFilter, ItemFilter, VisitFilter
from agenda.api.formats.renderers import RENDERERS, EntryRenderer
from agenda.api.merged import GoneSerializer, LeadsOn, MovedSerializer, last_of
from agenda.api.ordering import PK, Column, Order, day, moment, words
from agenda.api.pagination import CursorPages
from agenda.api.questions import KnownParameters
from agenda.api.serializers import EntrySerializer, ItemSerializer, PublishedSerializer, VisitSerializer
from agenda.api.shaping import PARAMETERS, Shaped
from agenda.entries.models import DiaryEntry, PublicState, Telling
from agenda.entries.queries import visible_entries, with_told
from agenda.entries.states import rows_of, states_at
from agenda.feeds.current import ensure_told
from diplomacy.visits.models import ProgrammeItem, Visit
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


def with_relatives(rows: QuerySet[DiaryEntry], now: dt.datetime, *, whole: bool = False) -> QuerySet[DiaryEntry]:
    """The rows, each with the items (`shown_items`) and visits (`shown_visits`) of it that the public may see: as much
    of them as tells their order, or whole.
    """
    shown = visible_entries(Audience.PUBLIC, now)
    if not whole:
        shown = shown.only("item_id", "visit_id", "starts_on").annotate(start_clock=KT("content__start_time"))
    return rows.prefetch_related(
        Prefetch("programme", shown, to_attr="shown_items"), Prefetch("parents", shown, to_attr="shown_visits")
    )


class _Reading(Shaped, Conditional, KnownParameters, viewsets.GenericViewSet[DiaryEntry]):
    """`kinds`: what is read, of visit and item; `shown`: the rows of the answer, for forms other than our own JSON."""

    renderer_classes = RENDERERS
    shown: Sequence[DiaryEntry] = ()
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class: type[EntryFilter] = EntryFilter
    permission_classes = (permissions.AllowAny,)
    queryset = DiaryEntry.objects.none()
    orders: ClassVar = ORDERS
    kinds: tuple[str, ...] = ("visit", "item")

    def get_queryset(self) -> QuerySet[Any]:
        """Rows of these kinds that the public may see now; with `as_of` the states that it knew then."""
        now = timezone.now()
        at = asked_as_of(self.request, now)
        if at is not None:
            ensure_told(now)
            return states_at(at, now).filter(self._of_kinds("entry__"))
        rows = public_rows(now).filter(self._of_kinds(""))
        whole = isinstance(getattr(self.request, "accepted_renderer", None), EntryRenderer)
        return with_relatives(rows, now, whole=whole) if whole or len(self.kinds) == 1 else rows

    def get_object(self) -> DiaryEntry:
        """The row of an id, as it is or was known. Raises Http404."""
        rows: QuerySet[Any] = self.filter_queryset(self.get_queryset())
        try:
            pk = uuid.UUID(self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        except ValueError as error:
            raise Http404 from error
        entry = "entry__" if rows.model is PublicState else ""
        conditions = (Q(**{f"{entry}{kind}": pk}) for kind in self.kinds)
        found = self._ready(list(rows.filter(reduce(or_, conditions))[:1]))
        if not found:
            raise Http404
        return found[0]

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """The rows of the page asked for. Raises ParameterError."""
        return self._ready(list(super().paginate_queryset(queryset) or ()))

    def _of_kinds(self, prefix: str) -> Q:
        return reduce(or_, (Q(**{f"{prefix}{kind}__isnull": False}) for kind in self.kinds))

    def _ready(self, found: list[Any]) -> list[DiaryEntry]:
        rows: list[DiaryEntry] = found
        if found and isinstance(found[0], PublicState):
            rows = rows_of(found, timezone.now())
        self.with_provenance(rows)
        self.shown = rows
        return rows


def _id(name: str, description: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.UUID, OpenApiParameter.PATH, description=description)


def _reads(name: str, serializer: type[PublishedSerializer]) -> Any:
    """The parameters of a resource for the OpenAPI schema, and what its ids, called `name`, answer."""
    single = {200: serializer, 301: MovedSerializer, 410: GoneSerializer}
    return extend_schema_view(
        list=extend_schema(parameters=PARAMETERS),
        retrieve=extend_schema(parameters=[_id(name), *PARAMETERS], responses=single),
    )


@_reads("visit_id", VisitSerializer)
class VisitViewSet(LeadsOn, mixins.RetrieveModelMixin, mixins.ListModelMixin, _Reading):
    """Official visits."""

    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    lookup_field = "visit_id"
    kinds = ("visit",)

    def heir(self, pk: uuid.UUID) -> uuid.UUID | None:
        """What goes on for a visit that the public was told of."""
        return last_of(Visit.objects.filter(pk=pk).first()) if self.was_told(pk) else None

    def was_told(self, pk: uuid.UUID) -> bool:
        """Whether the public was told of the visit."""
        return Telling.objects.filter(audience=Audience.PUBLIC, entry__visit=pk).exists()


@_reads("item_id", ItemSerializer)
class ItemViewSet(LeadsOn, mixins.RetrieveModelMixin, mixins.ListModelMixin, _Reading):
    """Programme items, with or without a visit."""

    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    lookup_field = "item_id"
    kinds = ("item",)

    def heir(self, pk: uuid.UUID) -> uuid.UUID | None:
        """What goes on for an item that the public was told of."""
        return last_of(ProgrammeItem.objects.filter(pk=pk).first()) if self.was_told(pk) else None

    def was_told(self, pk: uuid.UUID) -> bool:
        """Whether the public was told of the item."""
        return Telling.objects.filter(audience=Audience.PUBLIC, entry__item=pk).exists()


@extend_schema_view(
    list=extend_schema(parameters=PARAMETERS),
    retrieve=extend_schema(parameters=[_id("id", "Of the visit or the item."), *PARAMETERS]),
)
class EntryViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, _Reading):
    """Diary lines: visits and items in one list, a line each as in the feeds."""

    serializer_class = EntrySerializer
    lookup_field = "id"
