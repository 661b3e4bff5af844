"""Who a request with a token is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agenda.tokens.counting import address_of
from agenda.tokens.models import ApiToken
from agenda.tokens.networks import is_within
from diplomacy.accounts.models import User

if TYPE_CHECKING:  # knox ships no types
    Authentication = BaseAuthentication
else:
    Authentication = KnoxAuthentication


class TokenAuthentication(Authentication):
    """`Authorization: Token agenda_…`: knox's; a token that was revoked, has expired or is used from elsewhere than
    from its networks opens nothing.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The holder and the token of a request that shows one. Raises AuthenticationFailed."""
        try:
            found: Any = super().authenticate(request)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("This is no token.")) from error
        if found is None:
            return None
        user, token = found
        if not is_within(address_of(request), token.networks):
            raise AuthenticationFailed(_("This token may not be used from this address."))
        return user, token

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        """The token's holder; notes the day it was used.

        Raises AuthenticationFailed for a token that has ended or a user who is no longer active.
        """
        now = timezone.now()
        if auth_token.revoked_at is not None:
            raise AuthenticationFailed(_("This token was revoked. Ask for a new one."))
        if auth_token.expiry is not None and auth_token.expiry <= now:
            raise AuthenticationFailed(_("This token has expired. Ask for a new one."))
        answer: Any = super().validate_user(auth_token)  # type: ignore[misc]
        if auth_token.last_used_on != now.date():
            ApiToken.objects.filter(pk=auth_token.pk).update(last_used_on=now.date())
        user, token = answer
        return user, token

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Nothing: knox deletes what has expired, ours stays in the list of what was given out."""
        return False
