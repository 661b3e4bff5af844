"""Calendars are answered before anything looks for a session, a user or a language: they have none."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

Handler = Callable[[HttpRequest], HttpResponseBase]
_FOLDERS = ("/feeds/", "/f/")


class CalendarsFirst:
    """Hands a calendar's address straight to its view; everything else goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The calendar, or what the rest of the diary answers."""
        path = request.path_info
        if not path.startswith(_FOLDERS) or not path.endswith((".ics", ".json")):
            return self.get_response(request)
        try:
            found = resolve(path)
        except Resolver404:
            return self.get_response(request)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
