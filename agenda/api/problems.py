"""What went wrong, as problem details (RFC 9457): a sentence to act on, and where it applies.

`pointer` (RFC 6901) leads into the body that was sent, `parameter` names a part of the address, `header` a header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.parsers import TooMuchError
from diplomacy.directory.spelling import writable

MEDIA_TYPE = "application/problem+json"
MOST_ENTRIES = 100  # of what is sent in one body, each for an answer of its own
_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS", "DELETE"}


class ParameterError(exceptions.ValidationError):
    """400: parts of the address that cannot be read, each with its sentences."""

    def __init__(self, **said: str) -> None:
        super().__init__({name: [text] for name, text in said.items()})


class HeaderError(exceptions.APIException):
    """A header that does not fit; `header` names it."""

    def __init__(self, header: str, said: str, status: HTTPStatus) -> None:
        super().__init__(said, code="header")
        self.header, self.status_code = header, status


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong."""

    code = serializers.CharField(help_text="For programs: required, invalid, unknown …")
    detail = serializers.CharField(help_text="For people, in the language asked for.")
    pointer = serializers.CharField(required=False, help_text="Where in the body (RFC 6901).")
    parameter = serializers.CharField(required=False, help_text="Which part of the address.")
    header = serializers.CharField(required=False, help_text="Which header.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text="about:blank: what the status says.")
    title = serializers.CharField(help_text="What the status is called.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence to act on.")
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # a field, whatever else is called so


def problem(status: int, errors: list[dict[str, str]]) -> dict[str, Any]:
    """The body of an answer that says what went wrong; `errors` has at least one, the first is its sentence. What they
    repeat of the request is left out where no answer can hold it.
    """
    errors = [{name: writable(said) for name, said in error.items()} for error in errors]
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": errors[0]["detail"],
        "errors": errors,
    }


class ProblemFormatter(ExceptionFormatter):
    """The package finds what is wrong; the words around it are the standard's."""

    def format_error_response(self, error_response: Any) -> dict[str, Any]:
        """The body."""
        errors = [
            {"code": error.code, "detail": error.detail, **self._place(error.attr)} for error in error_response.errors
        ]
        return problem(self.exc.status_code, errors)

    def _place(self, attr: str | None) -> dict[str, str]:
        if isinstance(self.exc, HeaderError):
            return {"header": self.exc.header}
        if attr is None:
            return {}
        request: Request | None = self.context.get("request")
        if isinstance(self.exc, ParameterError) or (request is not None and request.method in _WITHOUT_BODY):
            return {"parameter": attr}
        return {"pointer": "" if attr == "non_field_errors" else "/" + attr.replace("~", "~0").replace(".", "/")}


class ProblemHandler(ExceptionHandler):
    """Answers with problem details."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Django refuses a body, or fields, that are too much by exceptions of its own."""
        if isinstance(exc, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
            return TooMuchError()
        found: Exception = super().convert_known_exceptions(exc)
        return found

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        """The answer, in the standard's media type."""
        return Response(data, status=exc.status_code, headers=self.get_headers(exc), content_type=MEDIA_TYPE)


class StrictSerializer(serializers.Serializer[Any]):
    """A body, or a part of one, in which every field is known: others are refused by their names."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what nobody would read, with all else that is wrong."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        said = _("There is no such field. Known are: %(names)s.") % {"names": ", ".join(sorted(self.fields))}
        refused = {name: [exceptions.ErrorDetail(said, code="unknown")] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not refused or not isinstance(error.detail, dict):
                raise
            raise serializers.ValidationError({**error.detail, **refused}) from error
        if refused:
            raise serializers.ValidationError(refused)
        return value


def errors_at(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """What is wrong with one of several that were sent (the detail of a ValidationError), each with its pointer."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from errors_at(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list) and any(isinstance(one, dict | list) for one in detail):
        for number, inner in enumerate(detail):
            yield from errors_at(inner, f"{pointer}/{number}")
    else:
        for one in detail if isinstance(detail, list) else [detail]:
            yield {"code": getattr(one, "code", "invalid"), "detail": writable(str(one)), "pointer": writable(pointer)}
