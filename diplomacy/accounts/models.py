"""The people who use the desk and the feeds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diplomacy.accounts.roles import DESK_ROLES, DeskRole


class UserManager(DjangoUserManager["User"]):
    """Makes users whose flags agree with their role."""

    def create_with_role(self, username: str, *, role: DeskRole, password: str | None = None, email: str = "") -> User:
        """A saved user of that role. Without a password nobody can sign in as them."""
        user = self.model(username=self.model.normalize_username(username), email=self.normalize_email(email))
        user.assign_role(role)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> User:
        """An administrator (manage.py createsuperuser)."""
        return self.create_with_role(
            username, role=DeskRole.ADMINISTRATOR, password=password, email=email or "", **extra_fields
        )


class User(AbstractUser):
    """Somebody who signs in. The role decides; Django's two flags follow it (see `assign_role`)."""

    role = models.CharField(_("role"), max_length=16, choices=DeskRole, default=DeskRole.READER)
    remit = models.JSONField(
        _("countries and regions"),
        default=list,
        blank=True,
        help_text=_("What a contributor or editor may change; everything if none is chosen."),
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_flags_follow_role",
                condition=Q(role=DeskRole.ADMINISTRATOR, is_staff=True, is_superuser=True)
                | Q(role__in=[DeskRole.CONTRIBUTOR, DeskRole.EDITOR], is_staff=True, is_superuser=False)
                | Q(role=DeskRole.READER, is_staff=False, is_superuser=False),
            )
        ]

    @property
    def is_limited(self) -> bool:
        """Whether there are countries outside the user's desk. An administrator has none."""
        return bool(self.remit) and not self.is_superuser

    def assign_role(self, role: DeskRole) -> None:
        """Set the role and the flags that follow from it; does not save."""
        self.role = role
        self.is_staff = role in DESK_ROLES
        self.is_superuser = role == DeskRole.ADMINISTRATOR
