"""Questions about names that an editor answers once, and mergers of people that can be undone."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diplomacy.directory.models import LONGEST_NAME, Country, OfCountry, Person


class QuestionKind(models.TextChoices):
    """What is asked. SPELLING: whether a name is one of those known; HOLDER: who holds an office on a day."""

    SPELLING = "spelling", _("new spelling")
    HOLDER = "holder", _("unknown holder")


class Answer(models.TextChoices):
    """What the editor said. OTHER: somebody else than anyone known."""

    OPEN = "open", pgettext_lazy("question", "open")
    SAME = "same", pgettext_lazy("question", "is this person")
    OTHER = "other", pgettext_lazy("question", "is somebody else")


class NameQuestion(OfCountry, models.Model):
    """A name or an office as a source wrote it, and whom the editor says it means. Asked once for each spelling."""

    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind)
    text = models.CharField(_("as written"), max_length=LONGEST_NAME)
    folded = models.CharField(max_length=LONGEST_NAME, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, null=True, related_name="+", verbose_name=_("country"))
    on_day = models.DateField(_("on"), null=True)
    source = models.CharField(_("where it was read"), max_length=200, blank=True)
    candidates: models.ManyToManyField[Person, models.Model] = models.ManyToManyField(Person, related_name="+")
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.OPEN)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="answers", verbose_name=_("person"))
    asked_at = models.DateTimeField()
    put_off_at = models.DateTimeField(null=True, help_text="Not now: it is shown after those nobody has looked at.")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made = models.JSONField(default=dict, help_text="What the answer entered, to take it back: see `asking.reopen`.")

    class Meta:
        verbose_name = _("question about a name")
        verbose_name_plural = _("questions about names")
        ordering: ClassVar = [F("put_off_at").asc(nulls_first=True), "asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "folded", "country"], name="name_asked_once", nulls_distinct=False),
            models.CheckConstraint(
                name="answer_names_somebody",
                condition=Q(answer=Answer.SAME, person__isnull=False) | ~Q(answer=Answer.SAME),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PersonMerge(models.Model):
    """That two people are one: what was moved to the one that stays, so that it can be undone."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="mergers")
    into = models.ForeignKey(Person, models.PROTECT, related_name="+")
    moved = models.JSONField(default=list, help_text="Rows as [model, primary key, column].")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merger of people")
        verbose_name_plural = _("mergers of people")
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.person} → {self.into}"
