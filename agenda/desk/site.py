"""The desk: Django's admin site, with the queue and the review page in front."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _


class DeskSite(AdminSite):
    """Queue, review, intake, and the plain lists of everything."""

    site_title = _("Agenda desk")
    site_header = _("Agenda desk")
    index_title = _("The desk")
    index_template = "admin/desk/index.html"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The desk's own pages before the admin's."""
        from agenda.desk import views

        own: list[URLResolver | URLPattern] = [
            path("receive/", self.admin_view(views.receive_view), name="desk_receive"),
            path("review/<uuid:proposal_id>/", self.admin_view(views.review_view), name="desk_review"),
            path("communiques/<uuid:communique_id>/date/", self.admin_view(views.date_view), name="desk_date"),
            path("communiques/<uuid:communique_id>/retry/", self.admin_view(views.retry_view), name="desk_retry"),
        ]
        return own + list(super().get_urls())

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits, most urgent first, before the lists."""
        from agenda.desk.queue import queue_context

        return super().index(request, {**(extra_context or {}), **queue_context()})
