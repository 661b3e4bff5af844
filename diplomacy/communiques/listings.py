"""What became of the lines of an agenda from one edition to the next."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diplomacy.communiques.editions import LineState
from diplomacy.communiques.models import Extraction, Proposal
from diplomacy.visits.models import ProgrammeItem

LINE_STATES = [
    (LineState.UNCHANGED.value, pgettext_lazy("line", "unchanged")),
    (LineState.ADDED.value, pgettext_lazy("line", "added")),
    (LineState.MOVED.value, pgettext_lazy("line", "moved")),
    (LineState.REWORDED.value, pgettext_lazy("line", "reworded")),
    (LineState.NO_LONGER_LISTED.value, pgettext_lazy("line", "no longer listed")),
]


class Resolution(models.TextChoices):
    """What an editor made of a line that is no longer listed."""

    OPEN = "", pgettext_lazy("line", "open")
    KEPT = "kept", pgettext_lazy("line", "kept: it takes place")
    ASKED = "asked", pgettext_lazy("line", "asked: an answer is awaited")
    CANCELLED = "cancelled", pgettext_lazy("line", "cancelled")


class EditionLine(models.Model):
    """A line as one edition lists it, or lists it no longer: its proposals in the edition before and in this one, and
    the item it became. The last row of an item says whether its source still lists it; `resolution` is what an editor
    made of one that it does not.
    """

    edition = models.ForeignKey(Extraction, models.PROTECT, related_name="lines")
    state = models.CharField(_("state"), max_length=20, choices=LINE_STATES)
    before = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="listed_next")
    now = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="listed_as")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, related_name="listings")
    noticed_at = models.DateTimeField()
    resolution = models.CharField(_("resolution"), max_length=12, choices=Resolution, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of an edition")
        verbose_name_plural = _("lines of editions")
        ordering: ClassVar = ["noticed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "before", "now"], name="edition_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.now or self.before}"
