"""`/api/v1/` explains itself: what there is, and where it is described."""

from __future__ import annotations

import inspect
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import resolve
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from agenda.api.changes import ChangesView
from agenda.api.conditional import Conditional
from agenda.api.formats.renderers import RENDERERS
from agenda.api.parse import ParseView
from agenda.api.problems import MEDIA_TYPE, problem
from agenda.api.questions import KnownParameters
from agenda.entries.states import kept_since

_BESIDE = {"changes": ("api-changes", ChangesView), "parse": ("api-parse", ParseView)}


class RootView(Conditional, KnownParameters, APIRootView):
    """What the API has, and where each part of it is described."""

    described: dict[str, tuple[str, type]] = {}  # noqa: RUF012  a view's arguments are attributes

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The resources with their addresses."""
        resources = {
            name: {"url": reverse(route, request=request), "about": _about(view)}
            for name, (route, view) in (self.described | _BESIDE).items()
        }
        since = kept_since()
        return Response(
            {
                "name": settings.SPECTACULAR_SETTINGS["TITLE"],
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                "schema": reverse("api-schema", request=request),
                "documentation": reverse("api-docs", request=request),
                "languages": [code for code, _name in settings.LANGUAGES],
                "forms": {renderer.format: renderer.media_type for renderer in RENDERERS},
                "as_of_since": since.isoformat() if since else None,
                "resources": resources,
            }
        )


class Router(DefaultRouter):
    """Addresses of resources, with a root that says what each is."""

    APIRootView = RootView

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        """The root, which knows each list by its name."""
        listed = {
            prefix: (f"{basename}-list", viewset) for prefix, viewset, basename in self.registry if "(" not in prefix
        }
        return self.APIRootView.as_view(described=listed)


def _about(view: type[ViewSetMixin] | type) -> str:
    return inspect.cleandoc(view.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def nothing_here(request: HttpRequest) -> HttpResponse:
    """An address of the API that leads nowhere: led on where only the slash at its end is missing, else 404."""
    if request.method in {"GET", "HEAD"} and not request.path.endswith("/") and _leads_on(f"{request.path}/"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    said = _("There is nothing at this address. /api/v1/ says what there is.")
    return JsonResponse(problem(404, [{"code": "not_found", "detail": said}]), status=404, content_type=MEDIA_TYPE)


def _leads_on(path: str) -> bool:
    return resolve(path).func is not nothing_here
