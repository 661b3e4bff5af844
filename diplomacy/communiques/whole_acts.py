"""What was done to a visit as a whole, kept so that anybody who may can take it back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diplomacy.visits.models import Visit


class WholeActKind(models.TextChoices):
    """What was done with the visit and the items that are its alone."""

    SHIFT = "shift", _("shifted with its items")
    CANCEL = "cancel", _("cancelled with its items")


class WholeAct(models.Model):
    """One such act. `before` is what stood (`undo.standing_of`), `left` the versions that the act left
    (`undo.versions_of`): whoever changes something after it makes it final.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=WholeActKind)
    days = models.IntegerField(null=True, help_text="By how many days it was shifted; earlier with a minus.")
    before = models.JSONField()
    left = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("act on a whole visit")
        verbose_name_plural = _("acts on whole visits")
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.visit} · {self.get_kind_display()}"
