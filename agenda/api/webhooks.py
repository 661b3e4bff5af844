"""Webhooks by the API: as at the desk, for whoever may have them there. The secret is in one answer and in no other."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.once import Once
from agenda.api.ordering import PK_UUID, Column, Order, moment, number, words
from agenda.api.pagination import CursorPages
from agenda.api.permission import Scoped
from agenda.api.problems import StrictSerializer
from agenda.api.questions import KnownParameters
from agenda.feeds.models import Feed
from agenda.tokens.scopes import Scope
from agenda.webhooks import keeping
from agenda.webhooks.models import Delivery, DeliveryState, Webhook
from agenda.webhooks.outbox import try_out
from diplomacy.accounts.models import User
from diplomacy.fetching import AddressError
from diplomacy.visits.visibility import Audience


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook, without its secret."""

    feed = serializers.SerializerMethodField(help_text="The calendar that selects, as in its address; null: all.")
    stopped = serializers.CharField(help_text="Empty while it is sent what happens; by_hand, failing, gone.")

    class Meta:
        model = Webhook
        fields = (
            "id", "label", "target", "audience", "feed", "hears_of_communiques", "made_at", "stopped", "stopped_at",
            "failing_since", "held_until", "overlap_until",
        )  # fmt: skip

    def get_feed(self, hook: Webhook) -> str | None:
        """`fr/country-ml`, as in the calendar's address."""
        return str(hook.feed) if hook.feed is not None else None


class SecretSerializer(WebhookSerializer):
    """A webhook with its secret: shown this once."""

    secret = serializers.SerializerMethodField(help_text="Shown this once, and kept nowhere.")

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")  # type: ignore[assignment]

    def get_secret(self, _hook: Webhook) -> str:
        """What a receiver verifies with."""
        return str(self.context["secret"])


class NewWebhookSerializer(StrictSerializer):
    """Whom to tell of what."""

    label = serializers.CharField(max_length=100, help_text="Which program listens.")  # type: ignore[assignment]  # a field, whatever else is called so
    target = serializers.CharField(max_length=2000, help_text="An https address of the public web, on its usual port.")
    audience = serializers.ChoiceField(
        Webhook.AUDIENCES,
        default=Audience.PUBLIC.value,
        help_text="What everybody may know, or also what is for subscribers alone.",
    )
    feed = serializers.CharField(
        required=False, allow_null=True, help_text="A calendar that selects, as in its address: fr/country-ml."
    )
    hears_of_communiques = serializers.BooleanField(
        default=False, help_text="Also communique.read and communique.failed."
    )

    def validate_target(self, said: str) -> str:
        """Refuse what cannot be one."""
        try:
            keeping.check_target(said)
        except AddressError as error:
            raise serializers.ValidationError(
                _("Give an https address of the public web, on its usual port.")
            ) from error
        return said

    def validate_feed(self, said: str | None) -> Feed | None:
        """The calendar of that address."""
        if said is None:
            return None
        language, _slash, slug = said.partition("/")
        found = Feed.objects.filter(language=language, slug=slug).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such calendar. Write language/address: fr/country-ml."))
        return found


class ChangeSerializer(StrictSerializer):
    """What can be changed of a webhook."""

    label = serializers.CharField(max_length=100, required=False)  # type: ignore[assignment]  # a field, whatever else is called so
    is_on = serializers.BooleanField(required=False, help_text="False: it is sent nothing, what waits is given up.")


class ReplaySerializer(StrictSerializer):
    """What to send again."""

    delivery = serializers.IntegerField(required=False, min_value=1, help_text="One; without it all that is given up.")


class CountSerializer(serializers.Serializer[Any]):
    """How many."""

    count = serializers.IntegerField()


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event for one webhook, and how sending it went."""

    event = serializers.UUIDField(source="event_id", help_text="The webhook-id.")
    type = serializers.CharField(source="event.type")
    acted_at = serializers.DateTimeField(source="event.acted_at")
    status = serializers.IntegerField(allow_null=True, help_text="What the target answered last.")
    trouble = serializers.CharField(help_text="Why there was no answer, or hidden: not sent; else empty.")
    next_try_at = serializers.SerializerMethodField(help_text="Null where it is not tried any more.")

    class Meta:
        model = Delivery
        fields = (
            "id", "event", "type", "acted_at", "state", "attempts", "tried_at", "next_try_at", "status", "trouble",
        )  # fmt: skip

    def get_next_try_at(self, delivery: Delivery) -> str | None:
        """The moment of the next attempt."""
        return delivery.next_try_at.isoformat() if delivery.state == DeliveryState.WAITING else None


class StoppedError(serializers.ValidationError):
    """400: nothing is sent to a webhook that is switched off."""

    def __init__(self) -> None:
        super().__init__(_("It is switched off. Switch it on first."), code="stopped")


class WebhookViewSet(
    Once, KnownParameters, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]
):
    """Webhooks: who is told of what changes, signed as Standard Webhooks says."""

    permission_classes = (Scoped,)
    scopes: ClassVar = dict.fromkeys(
        ("list", "retrieve", "create", "partial_update", "destroy", "rotate", "test", "replay"), Scope.KEEP_WEBHOOKS
    )
    serializer_class = WebhookSerializer
    pagination_class = CursorPages
    filter_backends = ()
    queryset = Webhook.objects.none()
    orders: ClassVar[dict[str, Order]] = {
        "label": (Column("label", words), PK_UUID),
        "made_at": (Column("made_at", moment), PK_UUID),
    }

    @property
    def tells_secret(self) -> bool:  # type: ignore[override]
        """Whether the answer to this act holds a secret, and is not kept."""
        return self.action in {"create", "rotate"}

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, as at the desk."""
        return Webhook.objects.select_related("feed")

    @extend_schema(request=NewWebhookSerializer, responses={201: SecretSerializer})
    def create(self, request: Request) -> Response:
        """Make a webhook; the answer has its secret, which is shown this once."""
        form = NewWebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = {"feed": None, **form.validated_data, "audience": Audience(form.validated_data["audience"])}
        hook, secret = keeping.make(**given, owner=cast("User", request.user), now=timezone.now())
        body = SecretSerializer(hook, context={"secret": secret}).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(request=ChangeSerializer, responses={200: WebhookSerializer})
    def partial_update(self, request: Request, **_kwargs: object) -> Response:
        """Call it otherwise, or switch it off and on."""
        hook = self.get_object()
        form = ChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        if "label" in given:
            Webhook.objects.filter(pk=hook.pk).update(label=given["label"])
        if given.get("is_on") is True:
            keeping.switch_on(hook)
        elif given.get("is_on") is False:
            keeping.switch_off(hook, now=timezone.now())
        hook.refresh_from_db()
        return Response(WebhookSerializer(hook).data)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, **_kwargs: object) -> Response:
        """Take it away, with its log."""
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={200: SecretSerializer})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, **_kwargs: object) -> Response:
        """Another secret, shown this once; until `overlap_until` the one before signs as well."""
        hook = self.get_object()
        secret = keeping.rotate(hook, now=timezone.now())
        return Response(SecretSerializer(hook, context={"secret": secret}).data, headers={"Cache-Control": "no-store"})

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_kwargs: object) -> Response:
        """Send it one message that says nothing (webhook.test)."""
        hook = self.get_object()
        if hook.stopped:
            raise StoppedError
        body = DeliverySerializer(try_out(hook, now=timezone.now())).data
        return Response(body, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReplaySerializer, responses={202: CountSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, **_kwargs: object) -> Response:
        """Send again what was given up, or one delivery, with the same id and body."""
        hook = self.get_object()
        form = ReplaySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if hook.stopped:
            raise StoppedError
        chosen = form.validated_data.get("delivery")
        rows = hook.deliveries.filter(pk=chosen) if chosen else hook.deliveries.filter(state=DeliveryState.DEAD)
        return Response({"count": keeping.replay(rows, now=timezone.now())}, status=status.HTTP_202_ACCEPTED)


class DeliveryViewSet(KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """What was sent to a webhook, and what came of it."""

    permission_classes = (Scoped,)
    scopes: ClassVar = {"list": Scope.KEEP_WEBHOOKS}
    serializer_class = DeliverySerializer
    pagination_class = CursorPages
    filter_backends = ()
    queryset = Delivery.objects.none()
    orders: ClassVar[dict[str, Order]] = {"newest": (Column("pk", number, descending=True),)}

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the webhook, the last first."""
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        hook = get_object_or_404(Webhook.objects.all(), pk=self.kwargs["webhook_id"])
        return hook.deliveries.select_related("event").defer("event__body", "event__keys", "event__words")
