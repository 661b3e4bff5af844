"""What django-allauth asks us: who may sign up (nobody), where somebody goes next, how secrets are kept, and what
role the organisation's provider gives somebody.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from agenda.signin.keeping import may_ask_for_password, take_role_away
from agenda.signin.provider import Grant, Provider, granted
from agenda.signin.sealing import open_sealed, seal
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, never by whoever comes by."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for whoever works there; a reader's own page of the account."""
        return reverse("admin:index") if getattr(request.user, "is_staff", False) else reverse("account_home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same for an account that single sign-on just made."""
        return self.get_login_redirect_url(request)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The mail with the link, to whom it may lead in; to others none, and the page does not tell."""
        if may_ask_for_password(user):
            super().send_password_reset_mail(user, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        """The secret, sealed."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of what `encrypt` made."""
        return open_sealed(encrypted_text)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever the provider vouches for comes in with the role that their groups give, asked anew at each sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever has a role there gets an account here (`pre_social_login` sent the others away)."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Give an account the role of today's groups; nobody without one comes in, or keeps what they had.

        Raises ImmediateHttpResponse with a page that says why not.
        """
        grant = _grant_of(sociallogin)
        if grant is None:
            if sociallogin.is_existing:
                if request.user == sociallogin.user:
                    logout(request)  # first, or the answer would save a session that is no more
                take_role_away(sociallogin.user, now=timezone.now())
            raise ImmediateHttpResponse(render(request, "signin/no_role.html", status=403))
        if sociallogin.is_existing:
            give(sociallogin.user, grant)
            sociallogin.user.save()
        elif sociallogin.state.get("process") != "connect" and _is_known(sociallogin):
            raise ImmediateHttpResponse(render(request, "signin/known_address.html", status=409))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The new account, with its role."""
        grant = _grant_of(sociallogin)
        assert grant is not None  # `pre_social_login` saw to it
        give(sociallogin.user, grant)
        user: User = super().save_user(request, sociallogin, form)
        return user


def give(user: User, grant: Grant) -> None:
    """Set what the groups give; does not save."""
    user.assign_role(DeskRole(grant.role))
    user.remit = list(grant.remit)


def _grant_of(sociallogin: SocialLogin) -> Grant | None:
    provider: Provider | None = settings.AGENDA_OIDC
    if provider is None:
        return None
    return granted(groups_told(sociallogin.account.extra_data, provider.groups_claim), provider.grants)


def groups_told(claims: dict[str, Any], name: str) -> list[str]:
    """The groups in the claim of that name, in the identity or in what the provider told of the user."""
    parts = [claims, claims.get("userinfo") or {}, claims.get("id_token") or {}]
    found = [part.get(name) for part in parts if isinstance(part, dict)]
    groups: list[str] = []
    for told in found:
        groups += [told] if isinstance(told, str) else [one for one in told or () if isinstance(one, str)]
    return list(dict.fromkeys(groups))


def _is_known(sociallogin: SocialLogin) -> bool:
    """Whether an account that is not connected has the address: whoever owns both connects them, signed in."""
    addresses = [one.email for one in sociallogin.email_addresses if one.email]
    return any(User.objects.filter(email__iexact=address).exists() for address in addresses)
