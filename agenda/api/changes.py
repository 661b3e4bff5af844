"""What changed since a place in the log of what the public was told: new states, and what is gone.

Each visit and item stands in the log once, where it changed last, in the order of the commits. So who reads to the
end, keeps the last `next` and goes on from there has an exact copy, however long they were away.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from agenda.api.as_of import asked_moment
from agenda.api.conditional import Conditional
from agenda.api.ordering import Column, Cursor, CursorError, number, read_cursor
from agenda.api.pagination import DEFAULT_LIMIT, MAX_LIMIT, asked_limit, bad_cursor
from agenda.api.problems import ParameterError
from agenda.api.questions import KnownParameters
from agenda.api.reading import public_rows, with_relatives
from agenda.api.serializers import ItemSerializer, VisitSerializer
from agenda.entries.models import DiaryEntry, Pulse, Telling
from agenda.entries.queries import visible_entries
from diplomacy.visits.visibility import Audience

_LIMIT = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
_ORDER = (Column("position", number),)


class ChangeSerializer(serializers.Serializer[Any]):
    """A visit or an item as it stands, or that it is gone: taken back, or merged into another."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["visit", "item"], source="what")
    is_gone = serializers.BooleanField()
    merged_into = serializers.UUIDField(allow_null=True, help_text="The one it was found to be, if that shows.")
    changed_at = serializers.DateTimeField()
    visit = VisitSerializer(allow_null=True)
    item = ItemSerializer(allow_null=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """A page of changes. `next` is always there: keep it, and ask it again when you want to know what is new."""

    next = serializers.URLField()
    has_more = serializers.BooleanField(help_text="Whether `next` has changes already.")
    results = ChangeSerializer(many=True)


class ChangesView(Conditional, KnownParameters, APIView):
    """Changes and what is gone, so that a copy stays exact."""

    permission_classes = (permissions.AllowAny,)
    parameters = frozenset({"cursor", "updated_since", "limit"})

    @extend_schema(
        operation_id="changes_list",
        parameters=[
            OpenApiParameter("cursor", str, description="From `next` of an answer."),
            OpenApiParameter(
                "updated_since",
                dt.datetime,
                description="To begin with: all changes from this moment on.",
            ),
            OpenApiParameter("limit", _LIMIT),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request: Request) -> Response:
        """Read the log from a cursor, from a moment, or from its beginning."""
        now, limit = timezone.now(), asked_limit(request)
        rows = public_rows(now)  # tells what the clock released, before the log is read
        start = _start(request)
        log = Telling.objects.filter(audience=Audience.PUBLIC, position__gt=start).order_by("position")
        found = list(log.select_related("entry").defer("view", "words")[: limit + 1])
        page = found[:limit]
        if not page and start and not Pulse.objects.filter(name=Audience.PUBLIC, position__gte=start).exists():
            raise ParameterError(cursor=_("These changes are no longer known here. Start without a cursor."))
        shown = with_relatives(rows.filter(pk__in=[telling.entry_id for telling in page]), now)
        changes = _changes(page, shown, now)
        last = Cursor("changes", False, [page[-1].position if page else start]).text()
        address = remove_query_param(request.build_absolute_uri(), "updated_since")
        answer = {
            "next": replace_query_param(address, "cursor", last),
            "has_more": len(found) > limit,
            "results": changes,
        }
        return Response(ChangesSerializer(answer, context={"request": request}).data)


def _start(request: Request) -> int:
    """The position after which the log is asked for. Raises ParameterError."""
    cursor, since = request.query_params.get("cursor"), request.query_params.get("updated_since")
    if cursor and since:
        raise ParameterError(cursor=_("Give a cursor or a moment, not both."))
    if cursor:
        try:
            return int(read_cursor(cursor, "changes", _ORDER).values[0] or 0)
        except CursorError as error:
            raise bad_cursor() from error
    return _position_before(asked_moment(request, "updated_since")) if since else 0


def _position_before(since: dt.datetime) -> int:
    """The last position before every change from a moment on: acts can be told later than they were made."""
    log = Telling.objects.filter(audience=Audience.PUBLIC)
    log = log.filter(changed_at__gte=since.replace(microsecond=0))
    first: int | None = log.aggregate(first=Min("position"))["first"]
    if first is not None:
        return first - 1
    return Pulse.objects.filter(name=Audience.PUBLIC).values_list("position", flat=True).first() or 0


def _changes(page: list[Telling], shown: QuerySet[DiaryEntry], now: dt.datetime) -> list[dict[str, Any]]:
    rows = {row.pk: row for row in shown}
    heirs = _seen_heirs([telling for telling in page if telling.entry_id not in rows], now)
    return [_change(telling, rows.get(telling.entry_id), heirs) for telling in page]


def _change(telling: Telling, row: DiaryEntry | None, heirs: set[str]) -> dict[str, Any]:
    heir = telling.entry.content.get("merged_into") if row is None else None
    return {
        "id": uuid.UUID(telling.entry.content["id"]),
        "what": "visit" if telling.is_visit else "item",
        "is_gone": row is None,
        "merged_into": heir if heir in heirs else None,
        "changed_at": telling.changed_at,
        "visit": row if telling.is_visit else None,
        "item": None if telling.is_visit else row,
    }


def _seen_heirs(gone: list[Telling], now: dt.datetime) -> set[str]:
    """Of what was merged, the ids of those it was merged into that the public may see."""
    named = {telling.entry.content.get("merged_into") for telling in gone if telling.is_visit} - {None}
    if not named:
        return set()
    shown = visible_entries(Audience.PUBLIC, now).filter(visit__in=named)
    return {str(pk) for pk in shown.values_list("visit_id", flat=True)}
