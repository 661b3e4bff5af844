"""Who may see a page of the desk or do an act on it: what their role lets them (docs/decisions/0004)."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from diplomacy.accounts.models import User
from diplomacy.accounts.remit import EVERYWHERE


def require(request: HttpRequest, permission: str, *subjects: object) -> User:
    """Who asks, if their role lets them, and their countries for each of the subjects.

    Raises PermissionDenied.
    """
    user = cast("User", request.user)
    if not user.has_perm(permission):
        raise PermissionDenied
    if not all(may(user, permission, subject) for subject in subjects):
        raise PermissionDenied(_("This is of countries that are not your desk's. You may look at it."))
    return user


def may(user: User, permission: str, subject: object) -> bool:
    """Whether the user's role and countries let them do it to the subject; None is of no known country."""
    return user.has_perm(permission, cast("Any", EVERYWHERE if subject is None else subject))
