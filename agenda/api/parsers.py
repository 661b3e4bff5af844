"""How bodies are read, and how much of them. (A module of its own: parsers named in settings must not import views.)"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from diplomacy.documents.limits import MOST_BYTES

Context = Mapping[str, Any] | None


class TooMuchError(APIException):
    """413: more than is taken at once."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("This is too large to be taken at once.")


class JsonParser(JSONParser):
    """JSON; one that is nested without end is refused by a sentence."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:
        """The body. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deep.")) from error


class UploadParser(MultiPartParser):
    """A form with files."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:
        """The fields and files. (Django holds all else to its limits.) Raises TooMuchError, ParseError."""
        request = (parser_context or {}).get("request")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MOST_BYTES  # before a file is written to disk
        if request is not None and int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise TooMuchError
        return super().parse(stream, media_type, parser_context)
