"""Submit a communiqué with a token, as text, file or address, and see where it stands."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agenda.api.drafts import values_of
from agenda.api.once import Once
from agenda.api.parsers import JsonParser, UploadParser
from agenda.api.permission import Scoped
from agenda.api.problems import MOST_ENTRIES, ErrorSerializer, ProblemSerializer, StrictSerializer, errors_at
from agenda.api.questions import KnownParameters
from agenda.api.reading_schema import READING
from agenda.tokens.models import ApiToken
from agenda.tokens.scopes import Scope
from diplomacy.accounts.models import User
from diplomacy.communiques import intake, tasks
from diplomacy.communiques.authenticity import by_token
from diplomacy.communiques.models import (
    NO_PROSE,
    Communique,
    CommuniqueState,
    Extraction,
    Proposal,
    ProposalState,
    Source,
    SourceKind,
)
from diplomacy.communiques.sources.outcome import BusyError, SourceError
from diplomacy.communiques.sources.web import page_while_waiting
from diplomacy.communiques.sources.wording import said_of_source
from diplomacy.communiques.troubles import sentence
from diplomacy.documents import Trouble
from diplomacy.documents.limits import MOST_BYTES
from diplomacy.fetching import file_name
from diplomacy.parsing.language import languages

STATES, PROPOSAL_STATES = values_of(CommuniqueState.choices), values_of(ProposalState.choices)
_WAYS = ("text", "file", "url")


class TooManyPagesError(APIException):
    """429: pages are waited for by too many already; `wait` (seconds) becomes Retry-After."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "busy"

    def __init__(self, error: BusyError) -> None:
        super().__init__(said_of_source(str(error)))
        self.wait = error.wait


class SubmitSerializer(StrictSerializer):
    """A communiqué to be read: a text, a file or an address, one of them."""

    text = serializers.CharField(required=False, trim_whitespace=False)
    file = serializers.FileField(
        required=False, max_length=200, help_text="In a multipart body. Text, PDF, .docx, .odt, HTML, .eml, .ics."
    )
    url = serializers.CharField(
        required=False, max_length=2000, help_text="A page of the public web, asked for while you wait."
    )
    published_on = serializers.DateField(required=False, help_text="The day the text calls today; without it it waits.")
    language = serializers.ChoiceField(choices=languages(), required=False)
    title = serializers.CharField(required=False, max_length=300)
    identity = serializers.CharField(
        required=False, max_length=300, help_text="Your own id: a repeat is a new version. Of an address: itself."
    )

    def validate_file(self, file: Any) -> Any:
        """A file that is not too large."""
        if file.size > MOST_BYTES:
            raise serializers.ValidationError(sentence(Trouble.TOO_LARGE))
        return file

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way, and one only."""
        given = [way for way in _WAYS if way in attrs]
        if not given:
            raise serializers.ValidationError({"text": [_("Give a text, a file or an address.")]}, code="required")
        if len(given) > 1:
            said = _("Give a text, a file or an address, one of them.")
            raise serializers.ValidationError({way: [said] for way in given[1:]})
        return attrs


class LinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.URLField()
    proposals = serializers.URLField()


class CommuniqueSerializer(serializers.ModelSerializer[Communique]):
    """Where a communiqué stands: `read` and `failed` are ends, `waiting_for_date` waits for an editor."""

    url = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=STATES)
    error = serializers.CharField(source="said_error", help_text="Why it was not read; empty for nothing.")
    links = serializers.SerializerMethodField()

    class Meta:
        model = Communique
        fields: tuple[str, ...] = ("id", "url", "title", "state", "error", "received_at", "links")

    @extend_schema_field(serializers.URLField())
    def get_url(self, communique: Communique) -> str:
        """Its own address."""
        return reverse("api-communique-detail", args=[communique.pk], request=self.context["request"])

    @extend_schema_field(LinksSerializer())
    def get_links(self, communique: Communique) -> dict[str, str]:
        """Where to go on."""
        proposals = reverse("api-proposal-list", request=self.context["request"])
        return {"self": self.get_url(communique), "proposals": f"{proposals}?communique={communique.pk}"}


class ProposedSerializer(serializers.ModelSerializer[Proposal]):
    """What was proposed of it, by its address."""

    url = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=PROPOSAL_STATES)

    class Meta:
        model = Proposal
        fields = ("id", "url", "kind", "state", "path")

    @extend_schema_field(serializers.URLField())
    def get_url(self, proposal: Proposal) -> str:
        """Its own address."""
        return reverse("api-proposal-detail", args=[proposal.pk], request=self.context["request"])


class ReadCommuniqueSerializer(CommuniqueSerializer):
    """The same with what its newest version says, once it is read."""

    version = serializers.IntegerField(source="latest.number")
    published_on = serializers.DateField(source="latest.published_on", allow_null=True)
    reading = serializers.SerializerMethodField()
    proposals = serializers.SerializerMethodField()

    class Meta(CommuniqueSerializer.Meta):
        fields = (*CommuniqueSerializer.Meta.fields, "version", "published_on", "reading", "proposals")

    @extend_schema_field({"anyOf": [READING, {"type": "null"}]})
    def get_reading(self, communique: Communique) -> dict[str, Any] | None:
        """As docs/reference/reading.schema.json has it; null as long as it is not read, and for tables."""
        extraction: Extraction | None = self.context["extraction"]
        is_prose = extraction is not None and extraction.version.media_type not in NO_PROSE
        return extraction.reading if extraction is not None and is_prose else None

    @extend_schema_field(ProposedSerializer(many=True))
    def get_proposals(self, communique: Communique) -> list[Any]:
        """What that reading proposed."""
        extraction: Extraction | None = self.context["extraction"]
        rows = extraction.proposals.order_by("path") if extraction is not None else Proposal.objects.none()
        return ProposedSerializer(rows, many=True, context=self.context).data  # type: ignore[return-value]


class TextsSerializer(StrictSerializer):
    """Several texts, each as one alone; no files and no addresses."""

    entries = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_ENTRIES)


class TextAnswerSerializer(serializers.Serializer[Any]):
    """What became of one of several."""

    status = serializers.IntegerField(help_text="202, 200 or 400, as for one alone.")
    communique = CommuniqueSerializer(allow_null=True)
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # a field, whatever else is called so


class TextsAnswerSerializer(serializers.Serializer[Any]):
    """An answer for each, in their order."""

    results = TextAnswerSerializer(many=True)


class CommuniqueViewSet(Once, KnownParameters, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Communique]):
    """Submit a communiqué, and see where it stands."""

    queryset = Communique.objects.all()
    serializer_class = ReadCommuniqueSerializer
    permission_classes = (Scoped,)
    parser_classes = (JsonParser, UploadParser, FormParser)
    scopes: ClassVar = {
        **dict.fromkeys(("create", "several"), Scope.SUBMIT_COMMUNIQUES),
        "retrieve": Scope.READ_COMMUNIQUES,
    }

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where it stands, what was read in its newest version, and what that proposed."""
        communique = self.get_object()
        readings = Extraction.objects.filter(version__communique=communique).defer("version__original")
        extraction = readings.select_related("version").order_by("-version__number", "-made_at").first()
        if extraction is not None and extraction.version.number != communique.latest.number:
            extraction = None  # of a version before
        context = {**self.get_serializer_context(), "extraction": extraction}
        return Response(ReadCommuniqueSerializer(communique, context=context).data)

    @extend_schema(
        request=SubmitSerializer,
        responses={202: CommuniqueSerializer, 200: CommuniqueSerializer, 413: ProblemSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep what is sent and have it read: 202 with its address, or 200 if we had it already."""
        code, body = self._take(request, request.data)
        return Response(body, status=code, headers={"Location": body["url"]})

    @extend_schema(
        request=TextsSerializer, responses={200: TextsAnswerSerializer, 413: ProblemSerializer}
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="bulk", parser_classes=[JsonParser])
    def several(self, request: Request) -> Response:
        """Take several texts, each by itself: what is wrong with one keeps none of the others out."""
        form = TextsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        entries = enumerate(form.validated_data["entries"])
        return Response({"results": [self._one(request, number, entry) for number, entry in entries]})

    def _one(self, request: Request, number: int, entry: dict[str, Any]) -> dict[str, Any]:
        try:
            if "url" in entry:  # a page is waited for: one at a time
                raise serializers.ValidationError({"url": [_("Hand in pages one by one.")]})
            code, body = self._take(request, entry)
        except serializers.ValidationError as error:
            errors = list(errors_at(error.detail, f"/entries/{number}"))
            return {"status": status.HTTP_400_BAD_REQUEST, "communique": None, "errors": errors}
        return {"status": code, "communique": body, "errors": []}

    def _take(self, request: Request, sent: Any) -> tuple[int, dict[str, Any]]:
        """Keep one: the status of its answer and its body. Raises ValidationError, TooManyPagesError."""
        form = SubmitSerializer(data=sent)
        form.is_valid(raise_exception=True)
        way = next(way for way in _WAYS if way in form.validated_data)
        try:
            receipt = intake.receive(_arrival(form.validated_data, request), _api_source())
        except BusyError as error:
            raise TooManyPagesError(error) from error
        except SourceError as error:
            raise serializers.ValidationError({way: [said_of_source(str(error))]}) from error
        except intake.RefusedError as error:
            raise serializers.ValidationError({way: [str(error)]}) from error
        body = CommuniqueSerializer(receipt.version.communique, context=self.get_serializer_context()).data
        return status.HTTP_200_OK if receipt.is_repeat else status.HTTP_202_ACCEPTED, body


def _api_source() -> Source:
    """The source of what is handed in."""
    return Source.objects.get_or_create(slug="api", defaults={"name": "API", "kind": SourceKind.API})[0]


def _arrival(data: dict[str, Any], request: Request) -> intake.Arrival:
    """What was sent; a page is asked for now. Raises SourceError where it cannot be had."""
    user = cast("User", request.user)
    return intake.Arrival(
        **_original(data),
        received_at=timezone.now(),
        published_on=data.get("published_on"),
        language=data.get("language", ""),
        title=data.get("title", ""),
        identity=data.get("identity") or data.get("url", ""),
        received_by=user,
        authenticity=by_token(user.pk) if isinstance(request.auth, ApiToken) else "",
    )


def _original(data: dict[str, Any]) -> dict[str, Any]:
    """Bytes, media type and name of what was sent."""
    if "text" in data:
        return {"original": data["text"].encode()}
    if "file" in data:
        file = data["file"]
        return {"original": file.read(), "media_type": file.content_type or "", "filename": file.name}
    page = page_while_waiting(data["url"], tasks.tools())
    name = file_name(page.url) or page.url
    return {"original": page.content or b"", "media_type": page.media_type, "filename": name}
