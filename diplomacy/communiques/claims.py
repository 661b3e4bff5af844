"""What sources said, and what editors decided, of each field of a visit and of its items."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import Proposal, Source
from diplomacy.visits.models import ProgrammeItem, Visit


class Claim(models.Model):
    """That a source said this value of this field, in the text of this proposal. Kept for good: whether it confirms,
    changes or contradicts what stands is told from the claims of all sources.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="claims")
    source = models.ForeignKey(Source, models.PROTECT, related_name="claims", verbose_name=_("source"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="claims")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, related_name="claims")
    field = models.CharField(_("field"), max_length=400)
    path = models.CharField(max_length=40, help_text="Where in the draft its words are: start, items.2")
    value = models.JSONField(_("value"))
    said_on = models.DateField(_("said"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering: ClassVar = ["said_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "item", "field"], name="claim_once", nulls_distinct=False),
            models.CheckConstraint(name="claim_of_something", condition=Q(visit__isnull=False) | Q(item__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["visit", "field"], name="claim_of_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class FieldDecision(models.Model):
    """That an editor settled a field: which value, and why. The last one of a field counts. `is_pinned` holds it fast:
    nothing is proposed for it any more. `is_released` gives it back to the sources.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="decisions")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, related_name="decisions")
    field = models.CharField(_("field"), max_length=400)
    value = models.JSONField(_("value"), null=True)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_released = models.BooleanField(_("given back to the sources"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("decision on a field")
        verbose_name_plural = _("decisions on fields")
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_of_something", condition=Q(visit__isnull=False) | Q(item__isnull=False)
            ),
            models.CheckConstraint(name="decision_is_not_both", condition=Q(is_pinned=False) | Q(is_released=False)),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
