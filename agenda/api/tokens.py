"""Tokens by the API: made, listed, ended. A token with the scope for it makes none that may do more than itself."""

from __future__ import annotations

import datetime as dt
import ipaddress
import uuid
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agenda.api.once import Once
from agenda.api.ordering import Column, Order, moment
from agenda.api.pagination import CursorPages
from agenda.api.permission import Scoped
from agenda.api.problems import StrictSerializer
from agenda.api.questions import KnownParameters
from agenda.tokens.models import ApiToken, make_token, revoke_token, tokens_of
from agenda.tokens.networks import MOST, networks
from agenda.tokens.scopes import PERMISSIONS, Scope, submitting
from diplomacy.accounts.models import User


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token as it was given out; its text is not kept."""

    id = serializers.UUIDField(source="public_id")
    prefix = serializers.CharField(source="token_key", help_text="Its first characters.")
    holder = serializers.CharField(source="user.username")
    scopes = serializers.ListField(child=serializers.CharField())
    networks = serializers.ListField(child=serializers.CharField(), help_text="From where; anywhere if none is named.")
    made_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)

    class Meta:
        model = ApiToken
        fields: tuple[str, ...] = (
            "id", "label", "prefix", "holder", "scopes", "networks", "made_at", "expires_at", "last_used_on",
            "revoked_at",
        )  # fmt: skip


class MadeTokenSerializer(TokenSerializer):
    """A token just made, with its text: shown this once."""

    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")


class NewTokenSerializer(StrictSerializer):
    """What a token is to be."""

    label = serializers.CharField(max_length=100, help_text="Which program will use it.")  # type: ignore[assignment]
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[(scope.value, scope.value) for scope in Scope]),
        required=False,
        allow_empty=False,
        help_text="Without it: communiques:submit and communiques:read.",
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=50),
        required=False,
        max_length=MOST,
        help_text="192.0.2.0/24, 2001:db8::1",
    )
    expires_at = serializers.DateTimeField(required=False)

    def validate_networks(self, said: list[str]) -> list[str]:
        """The networks as they are kept."""
        try:
            return [one for each in said for one in networks(each)]
        except ValueError as error:
            raise serializers.ValidationError(_("Give addresses or networks such as 192.0.2.0/24.")) from error

    def validate_expires_at(self, said: dt.datetime) -> dt.datetime:
        """A moment to come."""
        if said <= timezone.now():
            raise serializers.ValidationError(_("This moment is over."))
        return said


class TokenViewSet(
    Once, KnownParameters, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Any]
):
    """Tokens of whoever asks; an administrator sees everybody's."""

    serializer_class = TokenSerializer
    pagination_class = CursorPages
    permission_classes = (Scoped,)
    scopes: ClassVar = dict.fromkeys(("list", "retrieve", "create", "destroy"), Scope.MANAGE_TOKENS)
    queryset = ApiToken.objects.none()
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    filter_backends = ()
    orders: ClassVar[dict[str, Order]] = {"made_at": (Column("created", moment), Column("public_id", uuid.UUID))}
    tells_secret = True

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Those that whoever asks may see."""
        return tokens_of(cast("User", self.request.user))

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; its text is in this answer and nowhere else."""
        form = NewTokenSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = {"scopes": submitting(), "networks": [], "expires_at": None, **form.validated_data}
        asked = _within(asked, cast("User", request.user), request.auth if isinstance(request.auth, ApiToken) else None)
        row, secret = make_token(cast("User", request.user), **asked)
        address = reverse("api-token-detail", args=[row.public_id], request=request)
        body = {**TokenSerializer(row).data, "token": secret}
        headers = {"Location": address, "Cache-Control": "no-store"}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    @extend_schema(responses={204: OpenApiResponse(description="It has ended; once ended it stays so.")})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a token. It stays in the list."""
        revoke_token(self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _within(asked: dict[str, Any], user: User, maker: ApiToken | None) -> dict[str, Any]:
    """What is asked, with the limits of the token that asks. Raises ValidationError for what goes beyond them."""
    wrong: dict[str, list[str]] = {}
    own = [scope for scope in asked["scopes"] if user.has_perm(PERMISSIONS[Scope(scope)])]
    allowed = own if maker is None else [scope for scope in own if scope in maker.scopes]
    beyond = sorted(set(asked["scopes"]) - set(allowed))
    if beyond:
        wrong["scopes"] = [_("You cannot give what you may not do yourself: %(names)s.") % {"names": ", ".join(beyond)}]
    if maker is not None and maker.networks:
        asked = {**asked, "networks": asked["networks"] or maker.networks}
        if not all(_lies_in(one, maker.networks) for one in asked["networks"]):
            wrong["networks"] = [_("These reach beyond the networks of the token that asks.")]
    if maker is not None and maker.expiry is not None:
        asked = {**asked, "expires_at": asked["expires_at"] or maker.expiry}
        if asked["expires_at"] > maker.expiry:
            wrong["expires_at"] = [_("It cannot last longer than the token that asks.")]
    if wrong:
        raise serializers.ValidationError(wrong)
    return asked


def _lies_in(network: str, listed: list[str]) -> bool:
    found: Any = ipaddress.ip_network(network)
    return any(found.version == outer.version and found.subnet_of(outer) for outer in map(ipaddress.ip_network, listed))
