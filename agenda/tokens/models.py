"""Tokens of the API: shown once, kept as a digest, ended but never deleted."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar, cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from diplomacy.accounts.models import User

if TYPE_CHECKING:  # knox ships no types

    class Base(models.Model):
        """What knox's token has."""

        digest = models.CharField(max_length=128, primary_key=True)
        token_key = models.CharField(max_length=25)
        user = models.ForeignKey(User, models.CASCADE, related_name="auth_token_set")
        created = models.DateTimeField(auto_now_add=True)
        expiry = models.DateTimeField(null=True)
        objects: ClassVar[models.Manager[ApiToken]]

        class Meta:
            abstract = True

else:
    Base = AbstractAuthToken


class ApiToken(Base):
    """What a program shows to act for a user. `label` says which program; the first characters tell tokens apart.

    knox gives `digest` (SHA-512 of the token), `token_key` (its first characters), `user`, `created`, `expiry`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("label"), max_length=100)
    last_used_on = models.DateField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created"]

    def __str__(self) -> str:
        return self.label


def make_token(user: User, *, label: str) -> tuple[ApiToken, str]:
    """A token for a program that acts for the user, and its text, which nobody can see again."""
    # knox's manager answers with the row and the text.
    return cast("tuple[ApiToken, str]", ApiToken.objects.create(user=user, label=label[:100]))


def revoke_token(token: ApiToken, *, now: dt.datetime) -> None:
    """End a token (at `now`, aware); one that was ended stays as it was."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
