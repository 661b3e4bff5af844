"""Pages of one's own account that django-allauth does not have."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse


@login_required
def home_view(request: HttpRequest) -> HttpResponse:
    """Whom one is signed in as, and what can be changed about it."""
    return TemplateResponse(request, "signin/home.html")


def closed_view(_request: HttpRequest) -> HttpResponse:
    """Addresses of mails are the administrator's to set: invitations and single sign-on rest on them.

    Raises Http404.
    """
    raise Http404
