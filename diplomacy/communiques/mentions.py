"""Where a text writes the name that a question is about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import Proposal
from diplomacy.directory.questions import NameQuestion


class NameMention(models.Model):
    """A proposal whose text raises a question; `text[start:end]` of its version are the words (code points).

    Both are None where the name was put together from several places of the text.
    """

    question = models.ForeignKey(NameQuestion, models.CASCADE, related_name="mentions")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="name_mentions")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("mention of a name")
        verbose_name_plural = _("mentions of names")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "proposal"], name="name_mentioned_once"),
            models.CheckConstraint(
                name="mention_spans_words",
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__isnull=False, end__gt=F("start")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.proposal}"
