"""What the OpenAPI schema cannot tell by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it ships no types
    """`Authorization: Token agenda_…`."""

    target_class = "agenda.api.authentication.TokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        """The scheme as OpenAPI has it."""
        scheme: dict[str, Any] = build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
        return scheme
