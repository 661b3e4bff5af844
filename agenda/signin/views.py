"""Pages of one's own account that django-allauth does not have."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from diplomacy.accounts.models import User
from diplomacy.directory.countries import country_name


@login_required
def home_view(request: HttpRequest) -> HttpResponse:
    """Whom one is signed in as, and what can be changed about it."""
    user = cast("User", request.user)
    remit = [country_name(code) for code in user.remit] if user.is_limited else []
    return TemplateResponse(request, "signin/home.html", {"remit": remit})


def closed_view(_request: HttpRequest) -> HttpResponse:
    """Addresses of mails are the administrator's to set: invitations and single sign-on rest on them.

    Raises Http404.
    """
    raise Http404
