"""What the desk keeps of a proposal while somebody works on it: whose it is, who has it open, what was typed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import Proposal


class Handling(models.Model):
    """One row a proposal, made when somebody first touches it. None of it is a decision.

    `holder` has it open since `held_since` and was last seen at `seen_at`; nobody else decides meanwhile, unless they
    take over. `typed` is the review form as it was last saved by itself (names and values as a browser sends them).
    `endorsed` is the form as `endorsed_by` would accept it, where a second person has to.
    `before` is what stood before the last decision (`diplomacy.communiques.undo`); None where there is nothing to undo.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="handling")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("assigned to")
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    held_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    typed = models.JSONField(null=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    typed_at = models.DateTimeField(null=True)
    before = models.JSONField(null=True)
    endorsed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    endorsed = models.JSONField(null=True)

    class Meta:
        verbose_name = _("handling")
        verbose_name_plural = _("handlings")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="handling_held_is_dated",
                condition=models.Q(holder__isnull=True) | models.Q(held_since__isnull=False, seen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal_id)
