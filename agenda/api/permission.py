"""What somebody may do by the API: what their role lets them, and of that what their token is for."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import permissions
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from agenda.tokens.models import ApiToken
from agenda.tokens.scopes import PERMISSIONS, Scope
from diplomacy.accounts.remit import Concerning


class Scoped(permissions.BasePermission):
    """For a view that names its `scopes`: by action, or by method where it has no actions."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether role and token let the act be done. Raises PermissionDenied that names the scope that is missing."""
        if not request.user.is_authenticated:
            return False
        scope = _scope(request, view)
        if scope is None:  # what the view does not do is answered with 405; what it does has a scope
            return request.method == "OPTIONS" or not hasattr(view, _method(request))
        require(request, scope)
        return True

    def has_object_permission(self, request: Request, view: Any, obj: object) -> bool:
        """Whether the countries of what is acted on are the user's, where it has any. Raises PermissionDenied."""
        scope = _scope(request, view)
        if scope is not None and isinstance(obj, Concerning):
            require(request, scope, obj)
        return True


def _scope(request: Request, view: Any) -> Scope | None:
    found: Scope | None = view.scopes.get(getattr(view, "action", None) or _method(request))
    return found


def _method(request: Request) -> str:
    """The view's method that answers; HEAD is answered by GET's."""
    return (request.method or "").lower().replace("head", "get")


def require(request: Request, scope: Scope, subject: Concerning | None = None) -> None:
    """Raise PermissionDenied unless role and token let the act of that scope be done, to the subject if given."""
    if not may(request, scope):
        raise PermissionDenied(_missing(request, scope))
    if not may(request, scope, subject):
        raise PermissionDenied(_("This is of countries that are not your desk's. You may look at it."))


def may(request: Request, scope: Scope, subject: Concerning | None = None) -> bool:
    """Whether role and token let the act of that scope be done, to the subject if one is given. Who is signed in at the
    desk has no token.
    """
    has_scope = not isinstance(request.auth, ApiToken) or scope.value in request.auth.scopes
    return has_scope and request.user.has_perm(PERMISSIONS[scope], cast("Any", subject))


def _missing(request: Request, scope: Scope) -> str:
    if not request.user.has_perm(PERMISSIONS[scope]):
        return _("Your role does not let you do this.")
    return _("This token lacks the scope “%(scope)s”. Make one that has it.") % {"scope": scope.value}
