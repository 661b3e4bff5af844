"""What search engines may list (sitemaps.org): the pages of visits, in every language, and when each last changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from agenda.entries.addresses import absolute
from agenda.entries.queries import visible_entries, with_told
from diplomacy.visits.visibility import Audience


class Visits(Sitemap):  # type: ignore[type-arg]  # no generic when it runs
    """The visits that the public may see, in one language."""

    limit = 10_000  # addresses a file; the protocol takes 50,000
    protocol = "https" if settings.AGENDA_BASE_URL.startswith("https") else "http"

    def __init__(self, language: str) -> None:
        self.language = language

    def items(self) -> QuerySet[Any]:
        """The visits, in an order that stays."""
        rows = with_told(visible_entries(Audience.PUBLIC, timezone.now()), Audience.PUBLIC).filter(visit__isnull=False)
        found: QuerySet[Any] = rows.order_by("pk").annotate(slug=F("visit__slug")).defer("content")
        return found

    def location(self, item: Any) -> str:
        """The path of a visit's page."""
        with translation.override(self.language):
            return reverse("visit", args=[item.slug])

    def lastmod(self, item: Any) -> dt.datetime | None:
        """When readers were last told of a change."""
        found: dt.datetime | None = item.told_at
        return found

    def get_domain(self, site: Any = None) -> str:
        """The diary's own address, whatever host was asked."""
        return str(settings.AGENDA_BASE_URL.split("://", 1)[-1])


SITEMAPS = {f"visits-{code}": Visits(code) for code, _name in settings.LANGUAGES}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the files of each language, at the diary's own address."""
    files = [
        absolute(reverse("sitemap", args=[section])) + (f"?p={page}" if page > 1 else "")
        for section, listed in SITEMAPS.items()
        for page in listed.paginator.page_range
    ]
    context = {"sitemaps": [{"location": address} for address in files]}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")
