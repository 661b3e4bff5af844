"""Calendars that can be subscribed to, and private addresses of them, as at the desk."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, permissions, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.conditional import Conditional
from agenda.api.once import Once
from agenda.api.ordering import PK, Column, Order, moment, words
from agenda.api.pagination import CursorPages
from agenda.api.permission import Scoped
from agenda.api.problems import StrictSerializer
from agenda.api.questions import KnownParameters
from agenda.feeds.catalogue import feed_names, with_something
from agenda.feeds.links import public_links
from agenda.feeds.models import Feed, Selection, Subscription
from agenda.feeds.subscriptions import revoke_subscription, subscribe
from agenda.tokens.scopes import Scope
from diplomacy.accounts.models import User

_CHOSEN = ("visit", "person", "office", "country", "second_country")


class FeedSerializer(serializers.ModelSerializer[Feed]):
    """A public calendar and its addresses."""

    name = serializers.SerializerMethodField(help_text="In the language asked for.")
    address = serializers.SerializerMethodField(help_text="Of the iCalendar, to copy into a calendar program.")
    jcal = serializers.SerializerMethodField(help_text="Of the same in jCal.")
    rich = serializers.SerializerMethodField(help_text="With people and places as components of their own.")
    kind = serializers.CharField(help_text="Of items; empty where not chosen by it.")
    press_access = serializers.CharField(help_text="Empty where not chosen by it.")

    class Meta:
        model = Feed
        fields = (
            "id", "language", "slug", "selection", "name", "address", "jcal", "rich", *_CHOSEN, "kind", "press_access",
            "words", "days_before", "days_after", "changed_at",
        )  # fmt: skip

    def get_name(self, feed: Feed) -> str:
        """What the view found it is called."""
        name: str = self.context["view"].names[feed.pk]
        return name

    def get_address(self, feed: Feed) -> str:
        """The plain one."""
        return public_links(feed, "").https

    def get_jcal(self, feed: Feed) -> str:
        """Of jCal."""
        return public_links(feed, "").jcal

    def get_rich(self, feed: Feed) -> str:
        """Of the rich profile."""
        return public_links(feed, "").rich


class FeedFilter(filters.FilterSet):  # type: ignore[misc]  # the package ships no types
    """By language and by what is selected."""

    language = filters.ChoiceFilter(choices=settings.LANGUAGES)
    selection = filters.ChoiceFilter(choices=[(value, value) for value in Selection.values])


class FeedViewSet(
    Conditional, KnownParameters, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Feed]
):
    """Public calendars, one a language: of everything, a visit, a person, an office, a country, a kind of item."""

    serializer_class = FeedSerializer
    filterset_class = FeedFilter
    filter_backends = (filters.DjangoFilterBackend,)
    pagination_class = CursorPages
    permission_classes = (permissions.AllowAny,)
    queryset = Feed.objects.filter(is_public=True, moved_to=None)
    orders: ClassVar[dict[str, Order]] = {"slug": (Column("slug", words), PK)}

    def get_queryset(self) -> QuerySet[Feed]:
        """Those that say something now, with what they are named after."""
        return with_something(super().get_queryset()).select_related(*_CHOSEN)

    def get_object(self) -> Feed:
        """One, with its name."""
        found: Feed = super().get_object()
        self._name([found])
        return found

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """A page of them, with their names."""
        found = list(super().paginate_queryset(queryset) or ())
        self._name(found)
        return found

    def _name(self, found: list[Feed]) -> None:
        self.names = {feed.pk: name for feed, name in feed_names(found)}


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """A private address of a calendar, without its secret."""

    feed = serializers.SerializerMethodField(help_text="The calendar, as in its address: fr/country-ml.")

    class Meta:
        model = Subscription
        fields = ("id", "feed", "label", "created_at", "last_used_at", "revoked_at")
        read_only_fields = fields

    def get_feed(self, subscription: Subscription) -> str:
        """Language and slug."""
        return str(subscription.feed)


class MadeSubscriptionSerializer(SubscriptionSerializer):
    """A private address: shown this once."""

    address = serializers.URLField(read_only=True, help_text="Secret; nobody can see it again.")

    class Meta(SubscriptionSerializer.Meta):
        fields = (*SubscriptionSerializer.Meta.fields, "address")  # type: ignore[assignment]


class NewSubscriptionSerializer(StrictSerializer):
    """Whose address of which calendar."""

    feed = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The id of the calendar.")
    label = serializers.CharField(max_length=100, help_text="Whose it is.")  # type: ignore[assignment]

    def validate_feed(self, said: int) -> Feed:
        """A calendar that is there."""
        feed = Feed.objects.filter(pk=said, moved_to=None).first()
        if feed is None:
            raise serializers.ValidationError(self.fields["feed"].error_messages["invalid"])
        return feed


class SubscriptionViewSet(
    Once, KnownParameters, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Subscription]
):
    """Private addresses of calendars, for whoever keeps them at the desk."""

    serializer_class = SubscriptionSerializer
    pagination_class = CursorPages
    permission_classes = (Scoped,)
    scopes: ClassVar = dict.fromkeys(("list", "retrieve", "create", "destroy"), Scope.KEEP_SUBSCRIPTIONS)
    queryset = Subscription.objects.select_related("feed")
    filter_backends = ()
    orders: ClassVar[dict[str, Order]] = {"created_at": (Column("created_at", moment), PK)}
    tells_secret = True

    @extend_schema(request=NewSubscriptionSerializer, responses={201: MadeSubscriptionSerializer})
    def create(self, request: Request) -> Response:
        """Make a private address; it is in this answer and nowhere else."""
        form = NewSubscriptionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        row, address = subscribe(said["feed"], label=said["label"], by=cast("User", request.user))
        body = {**SubscriptionSerializer(row).data, "address": address}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: OpenApiResponse(description="It has ended; once ended it stays so.")})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a private address. It stays in the list."""
        revoke_subscription(self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
