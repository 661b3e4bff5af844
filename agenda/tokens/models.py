"""Tokens of the API: shown once, kept as a digest, ended but never deleted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from agenda.tokens.scopes import in_order, submitting
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
    `scopes` are those of `scopes.Scope`, `networks` from where it may be used (anywhere where none is named).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("label"), max_length=100)
    scopes = models.JSONField(_("what it may do"), default=submitting)
    networks = models.JSONField(_("from where"), default=list, blank=True)
    last_used_on = models.DateField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created"]

    def __str__(self) -> str:
        return self.label


def make_token(
    user: User,
    *,
    label: str,
    scopes: Collection[str] | None = None,
    networks: Sequence[str] = (),
    expires_at: dt.datetime | None = None,
) -> tuple[ApiToken, str]:
    """A token for a program that acts for the user, and its text, which nobody can see again.

    Without `scopes` it hands in communiqués and sees where they stand; `networks` are CIDR, `expires_at` is aware.
    """
    # knox's manager answers with the row and the text; it counts an expiry from now, so the moment is set after it.
    row, secret = cast(
        "tuple[ApiToken, str]",
        ApiToken.objects.create(
            user=user,
            label=label[:100],
            scopes=submitting() if scopes is None else in_order(scopes),
            networks=list(networks),
        ),
    )
    if expires_at is not None:
        row.expiry = expires_at
        row.save(update_fields=["expiry"])
    return row, secret


def revoke_token(token: ApiToken, *, now: dt.datetime) -> None:
    """End a token (at `now`, aware); one that was ended stays as it was."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def revoke_tokens(user: User, *, now: dt.datetime) -> int:
    """End every token of somebody's (at `now`, aware); how many worked until then."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Those that somebody sees and may end: their own, an administrator everybody's."""
    rows = ApiToken.objects.select_related("user")
    return rows if user.is_superuser else rows.filter(user=user)
