"""Where an entry is shown: its page, in the active language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from agenda.entries.models import DiaryEntry


def page_path(entry: DiaryEntry) -> str:
    """The page of an entry, in the active language."""
    if entry.is_visit:
        return reverse("visit", args=[entry.content["slug"]])
    return reverse("item", args=[entry.item_id])


def absolute(path: str) -> str:
    """A path as an address that works from a calendar."""
    return f"{settings.AGENDA_BASE_URL}{path}"
