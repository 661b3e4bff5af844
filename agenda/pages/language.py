"""In which language an answer is, and that anonymous readers get no cookie."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Public pages: by the address (`/en/…`, else the default language). Desk: the user's, else the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the language active, and say which it is."""
        language = _language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _language_of(request: HttpRequest) -> str:
    first = request.path_info.lstrip("/").split("/", 1)[0]
    if first in dict(settings.LANGUAGES):
        return first
    if first in {"admin", "api", "account"}:
        chosen = getattr(request.user, "language", "") or request.GET.get("lang", "")
        if chosen in dict(settings.LANGUAGES):
            return chosen
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class PublicWithoutCookies:
    """Public pages and feeds set no cookie: they are the same for everybody and may be cached."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Drop what a session would add to a public answer."""
        response = self.get_response(request)
        if not request.path_info.startswith(("/admin/", "/api/", "/account/")):
            response.cookies.clear()
        return response
