"""The API: read what the public may see; submit a communiqué with a token."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.pagination import Pages
from agenda.api.serializers import (
    CommuniqueSerializer,
    EntrySerializer,
    ItemSerializer,
    SubmitSerializer,
    VisitSerializer,
)
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import visible_entries, with_told
from agenda.feeds.current import ensure_told
from agenda.tokens.models import ApiToken
from diplomacy.accounts.models import User
from diplomacy.communiques import intake
from diplomacy.communiques.authenticity import by_token
from diplomacy.communiques.models import Communique, Source, SourceKind
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Person
from diplomacy.visits.visibility import Audience


class EntryFilter(filters.FilterSet):  # type: ignore[misc]  # the package ships no types
    """By period (days touched), country, person, kind and status."""

    starts_from = filters.DateFilter(field_name="ends_on", lookup_expr="gte", label="touching this day or later")
    starts_until = filters.DateFilter(field_name="starts_on", lookup_expr="lte", label="touching this day or earlier")
    country = filters.CharFilter(field_name="countries__code")
    person = filters.CharFilter(method="of_person", label="address of a person; one who was merged answers as another")
    kind = filters.CharFilter()
    status = filters.CharFilter()

    class Meta:
        model = DiaryEntry
        fields: ClassVar[list[str]] = []

    def of_person(self, rows: QuerySet[DiaryEntry], _name: str, slug: str) -> QuerySet[DiaryEntry]:
        """What somebody takes part in."""
        person = Person.objects.filter(slug=slug).select_related("merged_into").first()
        return rows.none() if person is None else rows.filter(people=survivor(person))


def _public_rows() -> QuerySet[DiaryEntry]:
    """What the public may see now, with what it was told of each, in a total order."""
    now = timezone.now()
    ensure_told(now)
    rows = with_told(visible_entries(Audience.PUBLIC, now), Audience.PUBLIC).select_related("visit", "item")
    return rows.order_by("starts_on", "uid").distinct()


class _ReadOnly(viewsets.ReadOnlyModelViewSet[DiaryEntry]):
    """What the public may see, in a total order, in the language of `?lang=`."""

    pagination_class = Pages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = EntryFilter
    permission_classes = (permissions.AllowAny,)
    queryset = DiaryEntry.objects.none()

    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Rows the public may see now."""
        return _public_rows()

    def get_serializer_context(self) -> dict[str, Any]:
        """Serializers ask here which related rows may show."""
        now = timezone.now()
        return {
            **super().get_serializer_context(),
            "visible_items": lambda entry: _ids(entry.programme.all(), "item_id", now),
            "visible_visits": lambda entry: _ids(entry.parents.all(), "visit_id", now),
        }


def _ids(rows: QuerySet[DiaryEntry], field: str, now: dt.datetime) -> list[uuid.UUID]:
    seen = visible_entries(Audience.PUBLIC, now).filter(pk__in=rows)
    return list(seen.values_list(field, flat=True))


class VisitViewSet(_ReadOnly):
    """Official visits."""

    serializer_class = VisitSerializer
    lookup_field = "visit_id"

    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Visits alone."""
        return super().get_queryset().filter(visit__isnull=False)


class ItemViewSet(_ReadOnly):
    """Programme items, with or without a visit."""

    serializer_class = ItemSerializer
    lookup_field = "item_id"

    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Items alone."""
        return super().get_queryset().filter(item__isnull=False)


class EntryViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[DiaryEntry]):
    """Diary lines: visits and items in one list."""

    serializer_class = EntrySerializer
    pagination_class = Pages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = EntryFilter
    permission_classes = (permissions.AllowAny,)
    queryset = DiaryEntry.objects.none()

    def get_queryset(self) -> QuerySet[DiaryEntry]:
        """Rows the public may see now."""
        return _public_rows()


class MaySubmit(permissions.BasePermission):
    """Whoever may add a communiqué at the desk may submit one."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether the token's holder has the role for it."""
        return bool(request.user.is_authenticated and request.user.has_perm("diplomacy.add_communique"))


class CommuniqueViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Communique]):
    """Submit a communiqué, and see where it stands."""

    queryset = Communique.objects.all()
    serializer_class = CommuniqueSerializer
    permission_classes = (MaySubmit,)

    @extend_schema(request=SubmitSerializer, responses={201: CommuniqueSerializer, 200: CommuniqueSerializer})
    def create(self, request: Request) -> Response:
        """Keep a text and have it read: 201, or 200 if we had it already."""
        form = SubmitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        user = cast("User", request.user)
        source, _made = Source.objects.get_or_create(slug="api", defaults={"name": "API", "kind": SourceKind.API})
        arrival = intake.Arrival(
            original=data["text"].encode(),
            received_at=timezone.now(),
            published_on=data.get("published_on"),
            language=data.get("language", ""),
            title=data.get("title", ""),
            identity=data.get("identity", ""),
            received_by=user,
            authenticity=by_token(user.pk) if isinstance(request.auth, ApiToken) else "",
        )
        try:
            receipt = intake.receive(arrival, source)
        except intake.RefusedError as error:
            raise serializers.ValidationError({"text": str(error)}) from error
        body = CommuniqueSerializer(receipt.version.communique).data
        return Response(body, status=status.HTTP_200_OK if receipt.is_repeat else status.HTTP_201_CREATED)
