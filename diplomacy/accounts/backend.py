"""How Django asks what a role may do."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from diplomacy.accounts.remit import is_within
from diplomacy.accounts.roles import PERMISSIONS, DeskRole


class PasswordBackend(ModelBackend):
    """Signs in by name and password. Grants nothing and asks no table of grants: roles alone do (`RoleBackend`)."""

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None) -> set[str]:
        """None."""
        return set()


class RoleBackend(BaseBackend):
    """Grants the permissions of the user's role; authenticates nobody.

    `user.has_perm(permission)` says whether the role has it at all, `user.has_perm(permission, something)` whether for
    that: what is only looked at is open to the role, the rest as far as the user's countries go (`remit`).
    """

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: object = None) -> set[str]:
        """Permissions of the user's role, on `obj` if one is given, as "app.codename"; none for the inactive and the
        anonymous.
        """
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        granted = PERMISSIONS[getattr(user_obj, "role", DeskRole.READER)]
        if obj is None or is_within(getattr(user_obj, "remit", ()), obj):
            return set(granted)
        return {permission for permission in granted if is_looking(permission)}

    def has_perm(self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: object = None) -> bool:
        """Whether the role grants `perm`, on `obj` if one is given."""
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Whether the role grants anything in the app."""
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


def is_looking(permission: str) -> bool:
    """Whether a permission is to see something, not to change it."""
    return permission.partition(".")[2].startswith("view_")
