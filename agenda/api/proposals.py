"""Proposals: what waits for a decision, and the decision, by the same acts as at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agenda.api.drafts import AmendedLineSerializer, AmendedVisitSerializer, amended_line, amended_visit, values_of
from agenda.api.filters import SeveralOf
from agenda.api.matching import check_match, tag_of
from agenda.api.once import Once
from agenda.api.ordering import PK_UUID, Column, Order, day, moment
from agenda.api.pagination import CursorPages
from agenda.api.permission import Scoped, require
from agenda.api.problems import ProblemSerializer, StrictSerializer
from agenda.api.questions import KnownParameters
from agenda.handling import acts as handling
from agenda.tokens.scopes import Scope
from diplomacy.accounts.models import User
from diplomacy.accounts.remit import EVERYWHERE
from diplomacy.communiques import review, second_eyes, undo
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.known import look_alikes
from diplomacy.communiques.models import Proposal, ProposalKind, ProposalState
from diplomacy.communiques.seen import visit_told
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication

KINDS, STATES = values_of(ProposalKind.choices), values_of(ProposalState.choices)


class StandsInTheWayError(APIException):
    """409: something speaks against doing it now; the code says what."""

    status_code = HTTPStatus.CONFLICT


@extend_schema_field({})
class PlainField(serializers.JSONField):
    """Any JSON."""


@extend_schema_field({"type": ["object", "null"], "additionalProperties": {}})
class DraftField(serializers.JSONField):
    """A visit or an item of docs/reference/reading.schema.json."""


class ProposedChangeSerializer(serializers.Serializer[Any]):
    """What it changes of a known visit or item, by its key."""

    key = serializers.CharField()
    kind = serializers.CharField()
    outcome = serializers.CharField(help_text="confirmed, change, conflict or kept.")
    stands = PlainField()
    says = PlainField()
    taken = serializers.BooleanField(required=False, help_text="Once it is decided.")


class ProposedEvidenceSerializer(serializers.Serializer[Any]):
    """The words a value came from: code points of the communiqué's text."""

    field = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class ProposalLineSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal in a list."""

    url = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=KINDS)
    state = serializers.ChoiceField(choices=STATES)
    communique = serializers.UUIDField(source="extraction.version.communique_id")
    visit = serializers.UUIDField(source="visit_id", allow_null=True)
    item = serializers.UUIDField(source="item_id", allow_null=True)
    draft = DraftField(help_text="As it was read.")

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = (
            "id", "url", "kind", "state", "confidence", "soonest_on", "made_at", "communique", "visit", "item", "draft",
        )  # fmt: skip

    @extend_schema_field(serializers.URLField())
    def get_url(self, proposal: Proposal) -> str:
        """Its own address."""
        return reverse("api-proposal-detail", args=[proposal.pk], request=self.context["request"])


class ProposalSerializer(ProposalLineSerializer):
    """A proposal with what it changes, the words it came from, and what was decided."""

    changes = ProposedChangeSerializer(many=True)
    evidence = ProposedEvidenceSerializer(many=True, source="evidence.all")
    decided = DraftField(help_text="What an editor made of the draft; null as it was read.")
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)

    class Meta(ProposalLineSerializer.Meta):
        fields = (
            *ProposalLineSerializer.Meta.fields, "changes", "evidence", "decided", "decided_at", "decided_by", "reason",
        )  # fmt: skip


class _ActSerializer(StrictSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class RejectSerializer(_ActSerializer):
    """Why it is put aside."""

    reason = serializers.CharField(max_length=500)


class AcceptSerializer(_ActSerializer):
    """How it is accepted."""

    publish = serializers.BooleanField(default=False, help_text="Show it to readers at once (scope visits:publish).")
    taken = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=500,
        help_text="Keys of the changes to make; without it all but those that contradict an editor.",
    )
    look_alikes_seen = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=100,
        help_text="Known visits that a new one looks like and is not.",
    )


class AmendSerializer(AcceptSerializer):
    """What is to be otherwise than it was read: of a visit, or of a line of a diary."""

    visit = AmendedVisitSerializer(required=False)
    item = AmendedLineSerializer(required=False)


class ProposalFilter(filters.FilterSet):  # type: ignore[misc]  # the package ships no types
    """What of the queue."""

    state = SeveralOf(choices=STATES)
    kind = SeveralOf(choices=KINDS)
    communique = filters.UUIDFilter(field_name="extraction__version__communique")
    visit = filters.UUIDFilter(field_name="visit")
    item = filters.UUIDFilter(field_name="item")

    class Meta:
        model = Proposal
        fields: ClassVar[list[str]] = []


_DECISION: dict[int, Any] = dict.fromkeys((409, 412, 428), ProblemSerializer) | {200: ProposalSerializer}


class ProposalViewSet(
    Once, KnownParameters, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Proposal]
):
    """Proposals. Each has an ETag; whoever decides says by it in If-Match what they looked at."""

    serializer_class = ProposalSerializer
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = ProposalFilter
    permission_classes = (Scoped,)
    scopes: ClassVar = {
        **dict.fromkeys(("list", "retrieve"), Scope.READ_PROPOSALS),
        **dict.fromkeys(("accept", "amend", "reject"), Scope.REVIEW_PROPOSALS),
    }
    needs_match: ClassVar = frozenset({"accept", "amend", "reject"})
    queryset = Proposal.objects.none()
    orders: ClassVar[dict[str, Order]] = {
        "soonest_on": (Column("soonest_on", day), Column("made_at", moment), PK_UUID),
        "made_at": (Column("made_at", moment), PK_UUID),
    }

    def get_queryset(self) -> QuerySet[Proposal]:
        """All of them: who sees the queue sees the whole queue."""
        rows = Proposal.objects.select_related("extraction__version__communique__source", "visit", "item", "decided_by")
        return rows.defer("extraction__version__original", "extraction__version__text", "extraction__reading")

    @extend_schema(responses=ProposalLineSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The proposals, the soonest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        body = ProposalLineSerializer(page, many=True, context=self.get_serializer_context()).data
        return self.get_paginated_response(body)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One proposal, with its ETag."""
        return self._answer(self.get_object())

    @extend_schema(request=AcceptSerializer, responses=_DECISION)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make it true as it was read."""
        return self._accept(AcceptSerializer, _as_read)

    @extend_schema(request=AmendSerializer, responses=_DECISION)
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make it true with some of it otherwise."""
        return self._accept(AmendSerializer, _amended)

    @extend_schema(request=RejectSerializer, responses=_DECISION)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put it aside; it stays in the record."""
        proposal = self._looked_at(request)
        form = RejectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self._decide(proposal, lambda act: review.reject(proposal, act), form.validated_data["reason"])

    def _accept(
        self, form: type[AcceptSerializer], amended: Callable[[Proposal, dict[str, Any]], dict[str, Any] | None]
    ) -> Response:
        proposal = self._looked_at(self.request)
        sent = form(data=self.request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        if said["publish"]:
            require(self.request, Scope.PUBLISH_VISITS)
        draft = amended(proposal, said)
        known = proposal.visit or proposal.item
        if known is not None and known.is_published:  # readers see the change at once
            require(self.request, Scope.PUBLISH_VISITS)
            _refuse_alone(proposal)
        publish = said["publish"] and not second_eyes.is_wanted(proposal)
        _warn_of_look_alikes(proposal, draft or proposal.draft, said.get("look_alikes_seen", ()))

        def do(act: Act) -> Proposal:
            accepted = review.accept(proposal, act, amended=draft, taken=said.get("taken"), publish=publish)
            require(self.request, Scope.REVIEW_PROPOSALS, accepted.visit or accepted.item or EVERYWHERE)
            return accepted

        return self._decide(proposal, do, said.get("reason", ""))

    def _looked_at(self, request: Request) -> Proposal:
        """The proposal if it is still as whoever decides has seen it, and nobody else has it open."""
        proposal: Proposal = self.get_object()
        check_match(request, _tag(proposal))
        held = handling.held_by_other(handling.handling_of(proposal), cast("User", request.user), timezone.now())
        if held is not None:
            said = _("%(name)s has this proposal open at the desk.") % {"name": held.holder}
            raise StandsInTheWayError(said, code="held")
        return proposal

    def _decide(self, proposal: Proposal, do: Callable[[Act], Proposal], reason: str) -> Response:
        act = Act(now=timezone.now(), by=cast("User", self.request.user), reason=reason)
        try:
            with transaction.atomic():
                before = undo.standing(proposal)
                decided = do(act)
                handling.close(decided, {**undo.seal(before, decided), "typed": None})
        except review.DecidedError as error:
            raise StandsInTheWayError(str(error), code="decided") from error
        except DraftError as error:
            raise serializers.ValidationError(str(error)) from error
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return self._answer(self.get_object())

    def _answer(self, proposal: Proposal) -> Response:
        body = ProposalSerializer(proposal, context=self.get_serializer_context()).data
        return Response(body, headers={"ETag": _tag(proposal), "Cache-Control": "private, no-cache"})


def _tag(proposal: Proposal) -> str:
    known = proposal.visit or proposal.item
    return tag_of(proposal.pk, proposal.version, proposal.state, known and known.version)


def _as_read(_proposal: Proposal, _said: dict[str, Any]) -> None:
    """Nothing is otherwise."""


def _amended(proposal: Proposal, said: dict[str, Any]) -> dict[str, Any]:
    """The draft as it is to be. Raises ValidationError where none of it is said, or of another kind of thing."""
    name, other = ("item", "visit") if proposal.is_line else ("visit", "item")
    if other in said or name not in said:
        asked = _("Say in “%(name)s” what is to be otherwise.") % {"name": name}
        raise serializers.ValidationError({other if other in said else name: [asked]})
    return amended_line(proposal.draft, said[name]) if proposal.is_line else amended_visit(proposal.draft, said[name])


def _refuse_alone(proposal: Proposal) -> None:
    if second_eyes.is_wanted(proposal):
        said = _("Two people accept the same here before readers see it: decide at the desk.")
        raise StandsInTheWayError(said, code="second_eyes")


def _warn_of_look_alikes(proposal: Proposal, draft: dict[str, Any], seen: Iterable[Any]) -> None:
    """Raise where a new visit looks like known ones that the request does not name as other visits."""
    if proposal.kind != ProposalKind.NEW_VISIT or proposal.is_new_for_sure:
        return
    try:
        alike = look_alikes(visit_told("", draft))
    except DraftError as error:
        raise serializers.ValidationError(str(error)) from error
    found = {str(visit.pk) for visit, _match in alike if visit.publication != Publication.WITHDRAWN}
    unseen = sorted(found - {str(one) for one in seen})
    if unseen:
        said = _("It looks like visits that are known: %(ids)s. Name them in “look_alikes_seen” if it is another.")
        raise StandsInTheWayError(said % {"ids": ", ".join(unseen)}, code="looks_alike")
