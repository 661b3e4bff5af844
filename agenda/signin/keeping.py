"""What an administrator does with accounts: let somebody in, out, or in again without their second factor."""

from __future__ import annotations

import datetime as dt

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from agenda.tokens.models import revoke_tokens
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole


def password_link(user: User) -> str:
    """The address at which somebody sets their password: once, for PASSWORD_RESET_TIMEOUT seconds."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.AGENDA_BASE_URL}{reverse('account_reset_password_from_key', kwargs=key)}"


def forget_second_factors(user: User) -> int:
    """Take away authenticator app, passkeys and recovery codes; how many there were."""
    gone: int = Authenticator.objects.filter(user=user).delete()[0]
    return gone


def sign_out_everywhere(user: User) -> int:
    """End every session of the account; how many there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def take_role_away(user: User, *, now: dt.datetime) -> None:
    """Leave somebody nothing of the role they had: no countries, no session, and no token that works after `now`
    (aware).
    """
    user.assign_role(DeskRole.READER)
    user.remit = []
    user.save()
    revoke_tokens(user, now=now)
    sign_out_everywhere(user)


def may_ask_for_password(user: User) -> bool:
    """Whether a mail may lead the account to another password: not where the organisation's provider says who it is,
    nor where nobody signs in by password (an administrator makes the first link).
    """
    return user.has_usable_password() and not SocialAccount.objects.filter(user=user).exists()
