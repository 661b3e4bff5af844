"""Visits by the ids of another system: said once or ten times, it is the same; what an editor decided stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from agenda.api.drafts import DraftVisitSerializer, whole_visit
from agenda.api.matching import check_match, tag_of
from agenda.api.once import Once
from agenda.api.permission import Scoped, may
from agenda.api.problems import (
    MOST_ENTRIES,
    ErrorSerializer,
    ParameterError,
    ProblemSerializer,
    StrictSerializer,
    errors_at,
)
from agenda.api.proposals import PlainField
from agenda.api.questions import KnownParameters
from agenda.tokens.models import ApiToken
from agenda.tokens.scopes import Scope
from diplomacy.accounts.models import User
from diplomacy.communiques.authenticity import by_token
from diplomacy.communiques.models import Communique, Source, SourceKind
from diplomacy.communiques.records import (
    FieldVerdict,
    RecordError,
    RecordOutcome,
    Verdict,
    known_record,
    take_record,
    visit_of,
)
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit

Check = Callable[[Communique | None], None]

_SYSTEM = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID = re.compile(r"[^\x00-\x20\x7f/]{1,200}")
_VALIDATE = OpenApiParameter("validate", bool, description="true: say what would become of it, and keep nothing.")
_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="Take it only if this is its ETag.")


class FieldVerdictSerializer(serializers.Serializer[Any]):
    """What became of one field."""

    pointer = serializers.CharField(help_text="Where in what was sent (RFC 6901).")
    field = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[(one.value, one.value) for one in Verdict])
    stands = PlainField()
    says = PlainField()


class RecordSerializer(serializers.Serializer[Any]):
    """What became of a record. `visit` is null as long as nobody accepted it."""

    system = serializers.CharField()
    id = serializers.CharField()
    url = serializers.URLField()
    version = serializers.IntegerField(help_text="How often it has said something else.")
    visit = serializers.UUIDField(allow_null=True)
    is_published = serializers.BooleanField()
    proposals = serializers.ListField(child=serializers.URLField(), help_text="What of it waits for an editor.")
    fields = FieldVerdictSerializer(many=True)  # type: ignore[assignment]  # a field, whatever else is called so
    is_rehearsal = serializers.BooleanField(help_text="Nothing of this was kept.")


class KnownRecordSerializer(serializers.Serializer[Any]):
    """What a system said last."""

    system = serializers.CharField()
    id = serializers.CharField()
    url = serializers.URLField()
    version = serializers.IntegerField()
    visit = serializers.UUIDField(allow_null=True)
    is_published = serializers.BooleanField()


class RecordEntrySerializer(StrictSerializer):
    """One of several."""

    id = serializers.CharField(max_length=200)
    visit = serializers.DictField(help_text="As for one alone.")


class RecordEntriesSerializer(StrictSerializer):
    """Several visits of one system."""

    entries = RecordEntrySerializer(many=True)

    def validate_entries(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Some, and not too many."""
        if not 1 <= len(said) <= MOST_ENTRIES:
            raise serializers.ValidationError(_("Send 1 to %(most)d at once.") % {"most": MOST_ENTRIES})
        return said


class RecordEntryAnswerSerializer(serializers.Serializer[Any]):
    """What became of one of several: its record, or what is wrong with it."""

    id = serializers.CharField()
    status = serializers.IntegerField(help_text="200, 201 or 400, as for one alone.")
    record = RecordSerializer(allow_null=True)
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # a field, whatever else is called so


class RecordEntriesAnswerSerializer(serializers.Serializer[Any]):
    """An answer for each, in their order."""

    results = RecordEntryAnswerSerializer(many=True)


class _Records(KnownParameters, APIView):
    permission_classes = (Scoped,)
    parameters = frozenset({"validate"})

    def take(self, request: Request, system: str, record: str, said: Any, check: Check | None = None) -> RecordOutcome:
        """Take one record, if `check` has nothing against what is known. Raises ValidationError, and what that does."""
        form = DraftVisitSerializer(data=said)
        form.is_valid(raise_exception=True)
        user = cast("User", request.user)
        act = Act(now=timezone.now(), by=user)
        proven = by_token(user.pk) if isinstance(request.auth, ApiToken) else ""
        draft = whole_visit(form.validated_data)
        may_publish = partial(may, request, Scope.PUBLISH_VISITS)
        try:
            with transaction.atomic():
                outcome = take_record(
                    _source(system), record, draft, act, may_publish=may_publish, check=check, authenticity=proven
                )
                transaction.set_rollback(_is_rehearsal(request))
        except RecordError as error:
            raise serializers.ValidationError({error.field: [str(error)]} if error.field else str(error)) from error
        return outcome

    def said(self, request: Request, system: str, record: str, outcome: RecordOutcome) -> dict[str, Any]:
        """What became of it, as plain JSON. Of a dry run no id is told that nobody will find."""
        is_rehearsal = _is_rehearsal(request)
        is_kept = not (is_rehearsal and outcome.is_new)
        waiting = () if is_rehearsal else outcome.waiting
        return {
            **_head(request, system, record, outcome.visit if is_kept else None),
            "version": outcome.version,
            "proposals": [reverse("api-proposal-detail", args=[one.pk], request=request) for one in waiting],
            "fields": [_field(one) for one in outcome.fields],
            "is_rehearsal": is_rehearsal,
        }


class RecordView(_Records):
    """A visit as another system knows it."""

    scopes: ClassVar = dict.fromkeys(("get", "put"), Scope.WRITE_VISITS)

    @extend_schema(operation_id="visits_by_source_retrieve", responses=KnownRecordSerializer)
    def get(self, request: Request, system: str, record: str) -> Response:
        """Whether it is known, as what, and its ETag."""
        _check_address(system, record)
        known = _known(system, record)
        if known is None:
            raise Http404
        visit = visit_of(known)
        body = {**_head(request, system, record, visit), "version": known.latest.number}
        return Response(body, headers={"ETag": _tag(known, visit)})

    @extend_schema(
        operation_id="visits_by_source_update",
        parameters=[_VALIDATE, _MATCH],
        request=DraftVisitSerializer,
        responses={200: RecordSerializer, 201: RecordSerializer, 412: ProblemSerializer},
    )
    def put(self, request: Request, system: str, record: str) -> Response:
        """Say what the system knows of it: 201 for something new, 200 for what was known or said before."""
        _check_address(system, record)

        def check(known: Communique | None) -> None:
            check_match(request, _tag(known, visit_of(known)) if known is not None else "", is_required=False)

        outcome = self.take(request, system, record, request.data, check)
        known = _known(system, record)
        headers = {"ETag": _tag(known, visit_of(known))} if known is not None else {}
        return Response(
            self.said(request, system, record, outcome),
            status=201 if outcome.is_new and not _is_rehearsal(request) else 200,
            headers=headers,
        )


class RecordsView(Once, _Records):
    """Several visits of one system."""

    scopes: ClassVar = {"post": Scope.WRITE_VISITS}

    @extend_schema(
        operation_id="visits_by_source_create",
        parameters=[_VALIDATE],
        request=RecordEntriesSerializer,
        responses=RecordEntriesAnswerSerializer,
    )
    def post(self, request: Request, system: str) -> Response:
        """Take each by itself: what is wrong with one keeps none of the others out."""
        _source_name(system)
        form = RecordEntriesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        results = [
            self._one(request, system, number, entry) for number, entry in enumerate(form.validated_data["entries"])
        ]
        return Response({"results": results})

    def _one(self, request: Request, system: str, number: int, entry: dict[str, Any]) -> dict[str, Any]:
        record = entry["id"]
        if not _ID.fullmatch(record):
            said = _("An id has 1 to 200 characters, no space and no slash.")
            wrong = [{"code": "invalid", "detail": said, "pointer": f"/entries/{number}/id"}]
            return {"id": record, "status": 400, "record": None, "errors": wrong}
        try:
            outcome = self.take(request, system, record, entry["visit"])
        except serializers.ValidationError as error:
            errors = list(errors_at(error.detail, f"/entries/{number}/visit"))
            return {"id": record, "status": 400, "record": None, "errors": errors}
        status = 201 if outcome.is_new and not _is_rehearsal(request) else 200
        return {"id": record, "status": status, "record": self.said(request, system, record, outcome), "errors": []}


def _is_rehearsal(request: Request) -> bool:
    said = request.query_params.get("validate", "false")
    if said not in ("true", "false"):
        raise ParameterError(validate=_("Say true or false."))
    return said == "true"


def _source_name(system: str) -> str:
    """The short name of a system's source. Raises Http404 for what can be none."""
    if not _SYSTEM.fullmatch(system):
        raise Http404
    return f"by-source-{system}"


def _check_address(system: str, record: str) -> None:
    """Raise Http404 for what no visit is known by: PostgreSQL would not even look for some of it."""
    _source_name(system)
    if not _ID.fullmatch(record):
        raise Http404


def _source(system: str) -> Source:
    made = {"name": system, "kind": SourceKind.API}
    return Source.objects.get_or_create(slug=_source_name(system), defaults=made)[0]


def _known(system: str, record: str) -> Communique | None:
    source = Source.objects.filter(slug=_source_name(system)).first()
    return known_record(source, record) if source is not None else None


def _tag(known: Communique, visit: Visit | None) -> str:
    return tag_of(known.pk, known.latest.number, visit and visit.version)


def _head(request: Request, system: str, record: str, visit: Visit | None) -> dict[str, Any]:
    return {
        "system": system,
        "id": record,
        "url": reverse("api-visit-by-source", args=[system, record], request=request),
        "visit": str(visit.pk) if visit is not None else None,
        "is_published": visit is not None and visit.is_published,
    }


def _field(one: FieldVerdict) -> dict[str, Any]:
    return {
        "pointer": "/" + one.path.replace(".", "/"),
        "field": one.field,
        "verdict": one.verdict.value,
        "stands": one.stands,
        "says": one.says,
    }
