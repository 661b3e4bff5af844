"""Pages of one's own account that django-allauth does not have."""

from __future__ import annotations

from typing import cast

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from diplomacy.accounts.models import User
from diplomacy.directory.countries import country_name


@login_required
def home_view(request: HttpRequest) -> HttpResponse:
    """Whom one is signed in as, and what can be changed about it."""
    user = cast("User", request.user)
    remit = [country_name(code) for code in user.remit] if user.is_limited else []
    return TemplateResponse(request, "signin/home.html", {"remit": remit})


def reset_view(request: HttpRequest) -> HttpResponseBase:
    """Ask for a mail with a link to set a password, where mails go out: else the page would promise one that never
    comes, and an administrator makes the link.

    Raises Http404.
    """
    if not settings.AGENDA_SMTP:
        raise Http404
    response: HttpResponseBase = password_reset(request)
    return response


def closed_view(_request: HttpRequest) -> HttpResponse:
    """Addresses of mails are the administrator's to set: invitations and single sign-on rest on them.

    Raises Http404.
    """
    raise Http404
