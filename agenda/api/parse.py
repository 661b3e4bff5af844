"""Have a text read that is not kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agenda.api.parsers import TooMuchError
from agenda.api.permission import Scoped
from agenda.api.problems import ProblemSerializer, StrictSerializer
from agenda.api.questions import KnownParameters
from agenda.api.rates import Rate, ReadingRate
from agenda.api.reading_schema import READING
from agenda.tokens.scopes import Scope
from diplomacy import parsing
from diplomacy.directory.lexicon import lexicon
from diplomacy.parsing.errors import UnreadableTextError
from diplomacy.parsing.language import languages
from diplomacy.parsing.output import as_json

MOST_BYTES = 100_000  # of a text, in UTF-8
_MOST_SENT = 8 * MOST_BYTES  # of a body: every sign of it may be escaped


class TextSerializer(StrictSerializer):
    """A text to be read."""

    text = serializers.CharField(trim_whitespace=False, help_text="At most 100,000 bytes of UTF-8.")
    published_on = serializers.DateField(help_text="The day the text calls today.")
    language = serializers.ChoiceField(choices=languages(), required=False)


class ParseView(KnownParameters, APIView):
    """Read a text and keep nothing of it."""

    permission_classes = (Scoped,)
    throttle_classes = (Rate, ReadingRate)
    scopes: ClassVar = {"post": Scope.PARSE}

    @extend_schema(
        operation_id="parse",
        request=TextSerializer,
        responses={200: OpenApiResponse(response=READING), 413: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """What the text says, with the words each value came from and the people of the directory in mind."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_SENT:
            raise _too_much()
        form = TextSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data: dict[str, Any] = form.validated_data
        if len(data["text"].encode()) > MOST_BYTES:
            raise _too_much()
        try:
            reading = parsing.read(
                data["text"], published_on=data["published_on"], language=data.get("language"), lexicon=lexicon()
            )
        except UnreadableTextError as error:
            raise serializers.ValidationError({"text": [str(error)]}) from error
        return Response(as_json(reading))


def _too_much() -> TooMuchError:
    return TooMuchError(
        _("This is too large: at most 100,000 bytes of text are read here. Hand it in as a communiqué.")
    )
