"""Submit a communiqué with a token, and see where it stands."""

from __future__ import annotations

from typing import ClassVar, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.once import Once
from agenda.api.permission import Scoped
from agenda.api.questions import KnownParameters
from agenda.api.serializers import (
    CommuniqueSerializer,
    SubmitSerializer,
)
from agenda.tokens.models import ApiToken
from agenda.tokens.scopes import Scope
from diplomacy.accounts.models import User
from diplomacy.communiques import intake
from diplomacy.communiques.authenticity import by_token
from diplomacy.communiques.models import Communique, Source, SourceKind


class CommuniqueViewSet(Once, KnownParameters, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Communique]):
    """Submit a communiqué, and see where it stands."""

    queryset = Communique.objects.all()
    serializer_class = CommuniqueSerializer
    permission_classes = (Scoped,)
    scopes: ClassVar = {"create": Scope.SUBMIT_COMMUNIQUES, "retrieve": Scope.READ_COMMUNIQUES}

    @extend_schema(request=SubmitSerializer, responses={201: CommuniqueSerializer, 200: CommuniqueSerializer})
    def create(self, request: Request) -> Response:
        """Keep a text and have it read: 201, or 200 if we had it already."""
        form = SubmitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        user = cast("User", request.user)
        source, _made = Source.objects.get_or_create(slug="api", defaults={"name": "API", "kind": SourceKind.API})
        arrival = intake.Arrival(
            original=data["text"].encode(),
            received_at=timezone.now(),
            published_on=data.get("published_on"),
            language=data.get("language", ""),
            title=data.get("title", ""),
            identity=data.get("identity", ""),
            received_by=user,
            authenticity=by_token(user.pk) if isinstance(request.auth, ApiToken) else "",
        )
        try:
            receipt = intake.receive(arrival, source)
        except intake.RefusedError as error:
            raise serializers.ValidationError({"text": str(error)}) from error
        body = CommuniqueSerializer(receipt.version.communique).data
        return Response(body, status=status.HTTP_200_OK if receipt.is_repeat else status.HTTP_201_CREATED)
