"""What the OpenAPI schema cannot tell by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter
from drf_standardized_errors.openapi import AutoSchema

from agenda.api.formats.renderers import EntryRenderer
from agenda.api.once import HEADER, Once
from agenda.api.problems import MEDIA_TYPE, ProblemSerializer

_IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Your own name for what is sent: sent again within a day it is done once, and answered alike.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of what you looked at."
)


class Schema(AutoSchema):
    """Answers that are no success are problem details (RFC 9457)."""

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: list[str] | None = None, direction: str = "response"
    ) -> Any:
        if str(status_code)[0] in "345":
            media_types = [MEDIA_TYPE]
        found = super()._get_response_for_code(serializer, status_code, media_types, direction)  # type: ignore[no-untyped-call]
        for renderer in self.view.get_renderers():
            if isinstance(renderer, EntryRenderer) and renderer.media_type in found.get("content", {}):
                found["content"][renderer.media_type] = {"schema": renderer.described}
        return found

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        found = super()._get_response_bodies(direction)
        for status in self._own_refusals():
            if status not in found:
                found[status] = self._get_response_for_code(ProblemSerializer, status)
        return found

    def _own_refusals(self) -> Iterator[str]:
        """What a view may answer beside what every view may."""
        if self.method == "POST" and isinstance(self.view, Once):
            yield "409"  # the key was used for something else
        if self.method != "GET" and getattr(self.view, "action", "") in getattr(self.view, "needs_match", ()):
            yield from ("412", "428")

    def get_override_parameters(self) -> list[Any]:
        """The headers that a view reads beside its parameters."""
        found = list(super().get_override_parameters())
        if self.method == "POST" and isinstance(self.view, Once):
            found.append(_IDEMPOTENCY_KEY)
        if self.method != "GET" and getattr(self.view, "action", "") in getattr(self.view, "needs_match", ()):
            found.append(_IF_MATCH)
        return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it ships no types
    """`Authorization: Token agenda_…`."""

    target_class = "agenda.api.authentication.TokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        """The scheme as OpenAPI has it."""
        scheme: dict[str, Any] = build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
        return scheme


def only_ids_are_certain(result: dict[str, Any], **_context: object) -> dict[str, Any]:
    """`?fields=` leaves out all but the id, so the schema promises no more (a hook of drf-spectacular)."""
    for name in ("Entry", "Item", "Visit"):
        result["components"]["schemas"][name]["required"] = ["id"]
    return result
