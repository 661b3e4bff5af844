"""By which channel communiqués of a source arrive."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """By which channel communiqués of a source arrive."""

    DESK = "desk", _("pasted or uploaded at the desk")
    API = "api", _("API")
    SAMPLE = "sample", _("sample of the demonstration")
    FOLDER = "folder", _("watched folder")
    FEED = "feed", _("news feed (RSS, Atom)")
    PAGE = "page", _("watched web page")
    MAILBOX = "mailbox", _("mailbox (IMAP)")
    IMPORT = "import", _("imported table")
    CALENDAR = "calendar", _("another's calendar (iCalendar)")
