"""Who a request with a token is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from agenda.tokens.models import ApiToken
from diplomacy.accounts.models import User

if TYPE_CHECKING:  # knox ships no types
    Authentication = BaseAuthentication
else:
    Authentication = KnoxAuthentication


class TokenAuthentication(Authentication):
    """`Authorization: Token agenda_…`: knox's, and a token that was revoked opens nothing."""

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        """The token's holder; notes the day it was used.

        Raises AuthenticationFailed for a revoked token or a user who is no longer active.
        """
        if auth_token.revoked_at is not None:
            raise AuthenticationFailed(_("This token was revoked. Ask for a new one."))
        answer: Any = super().validate_user(auth_token)  # type: ignore[misc]
        today = timezone.now().date()
        if auth_token.last_used_on != today:
            ApiToken.objects.filter(pk=auth_token.pk).update(last_used_on=today)
        user, token = answer
        return user, token
