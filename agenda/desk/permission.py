"""Who may see a page of the desk or do an act on it: what their role lets them (docs/decisions/0004)."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from diplomacy.accounts.models import User


def require(request: HttpRequest, permission: str) -> User:
    """Who asks, if their role lets them.

    Raises PermissionDenied.
    """
    user = cast("User", request.user)
    if not user.has_perm(permission):
        raise PermissionDenied
    return user
