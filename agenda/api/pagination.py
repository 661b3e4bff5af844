"""Pages of a list. (A module of its own: pagination classes named in settings must not import views.)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from agenda.api.ordering import (
    CursorError,
    Order,
    backwards,
    cursor_at,
    read_cursor,
    stretches,
    turned,
)
from agenda.api.problems import ParameterError

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class Ordered(Protocol):
    """A view whose list can be ordered: `orders` by name, the first as long as none is asked for."""

    orders: Mapping[str, Order]


def asked_limit(request: Request) -> int:
    """How many results a page is to have. Raises ParameterError."""
    said = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not (said.isascii() and said.isdigit() and len(said) < 6 and 1 <= int(said) <= MAX_LIMIT):
        raise ParameterError(limit=_("Give a number from 1 to %(most)s.") % {"most": MAX_LIMIT})
    return int(said)


def bad_cursor() -> ParameterError:
    """400 for a cursor that no answer gave."""
    return ParameterError(cursor=_("This cursor is not of this list and order. Start without one."))


class CursorPages(BasePagination):
    """`?limit=`, `?ordering=` and `?cursor=`: as fast deep in a list as at its start, and nothing lost or repeated."""

    parameters = frozenset({"limit", "ordering", "cursor"})

    def paginate_queryset(self, queryset: Any, request: Request, view: object | None = None) -> list[Any]:
        """The rows of the page asked for. Raises ParameterError."""
        limit = asked_limit(request)
        name, order = _asked_order(request, cast("Ordered", view).orders)
        cursor = None
        if said := request.query_params.get("cursor"):
            try:
                cursor = read_cursor(said, name, order)
            except CursorError as error:
                raise bad_cursor() from error
        is_back = cursor is not None and cursor.is_back
        walked = backwards(order) if is_back else order
        found: list[Any] = []
        for condition, stretch in stretches(walked, cursor.values if cursor is not None else None):
            if len(found) <= limit:
                rows = queryset.filter(condition).order_by(*(column.ordered() for column in stretch))
                found += rows[: limit + 1 - len(found)]
        has_more, page = len(found) > limit, found[:limit]
        if is_back:
            page.reverse()
        address = request.build_absolute_uri()

        def link(row: Any, *, back: bool) -> str:
            return replace_query_param(address, "cursor", cursor_at(name, order, row, is_back=back).text())

        self._next = link(page[-1], back=False) if page and (is_back or has_more) else None
        before = has_more if is_back else cursor is not None
        self._previous = link(page[0], back=True) if page and before else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the addresses of its neighbours, also as links (RFC 8288) for forms that have no room."""
        links = {"next": self._next, "prev": self._previous}
        said = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address)
        body = {"next": self._next, "previous": self._previous, "results": data}
        return Response(body, headers={"Link": said} if said else {})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same, for the OpenAPI schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters, for the OpenAPI schema."""
        names = [each for name in view.orders for each in (name, f"-{name}")]
        return [
            _parameter("cursor", {"type": "string"}, "From `next` or `previous` of an answer."),
            _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}, ""),
            _parameter("ordering", {"type": "string", "enum": names}, "What is null comes last, up and down."),
        ]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _asked_order(request: Request, orders: Mapping[str, Order]) -> tuple[str, Order]:
    """The order asked for, with its name. Raises ParameterError."""
    name = request.query_params.get("ordering") or next(iter(orders))
    order = orders.get(name.removeprefix("-"))
    if order is None:
        known = ", ".join(orders)
        raise ParameterError(ordering=_("Order by one of %(names)s, or with a minus.") % {"names": known})
    return name, turned(order) if name.startswith("-") else order
