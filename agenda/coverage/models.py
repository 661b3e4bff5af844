"""What a newsroom plans for an item, and the words it owes to whoever is sent. Never published."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diplomacy.visits.models import ProgrammeItem


class Plan(models.TextChoices):
    """Whether something is made of an item (IPTC ncostat: int, notdec, notint)."""

    PLANNED = "planned", pgettext_lazy("coverage", "planned")
    ON_MERIT = "on_merit", pgettext_lazy("coverage", "on merit")
    NO = "no", pgettext_lazy("coverage", "no")


MEDIA = ("text", "photo", "video")


class Coverage(models.Model):
    """What is planned of one item: by medium, who goes, and how to be let in. Until when to ask for accreditation is
    the item's own (`accreditation_until`).

    `seen` is the item as the assignee knows it (`state.py`); `version` counts writes and lets a stale form be refused.
    """

    item = models.OneToOneField(ProgrammeItem, models.CASCADE, related_name="coverage", primary_key=True)
    text = models.CharField(pgettext_lazy("coverage", "text"), max_length=8, choices=Plan, default=Plan.NO)
    photo = models.CharField(_("photo"), max_length=8, choices=Plan, default=Plan.NO)
    video = models.CharField(_("video"), max_length=8, choices=Plan, default=Plan.NO)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="coverages",
        verbose_name=_("assigned to"),
    )  # fmt: skip
    accreditation = models.TextField(
        _("how to be accredited"), blank=True, max_length=2000, help_text=_("What to send, where; for the desk alone.")
    )
    contact = models.CharField(_("contact"), max_length=300, blank=True)
    seen = models.JSONField(default=dict, editable=False)
    seen_version = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        indexes: ClassVar = [models.Index(fields=["assignee"], name="coverage_assignee")]

    def __str__(self) -> str:
        return str(self.item_id)

    @property
    def is_covered(self) -> bool:
        """Whether anything is made of the item, or may be."""
        return any(getattr(self, medium) != Plan.NO for medium in MEDIA)


def is_covered() -> Q:
    """The same as a condition."""
    return ~Q(**dict.fromkeys(MEDIA, Plan.NO))


class NoticeKind(models.TextChoices):
    """What somebody is told."""

    REMINDER = "reminder", _("accreditation ends soon")
    CHANGE = "change", _("a covered item changed")


class Notice(models.Model):
    """One word to one person, at the desk and by mail. `changes` are [field, old, new] as `state.py` has them;
    `deadline` is the one a reminder is about.
    """

    coverage = models.ForeignKey(Coverage, models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind)
    changes = models.JSONField(default=list)
    deadline = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = [F("made_at").desc(), "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["coverage", "recipient", "deadline"],
                condition=Q(kind=NoticeKind.REMINDER),
                name="reminder_once",
            ),
            models.CheckConstraint(
                name="reminder_has_deadline",
                condition=Q(kind=NoticeKind.REMINDER, deadline__isnull=False)
                | Q(kind=NoticeKind.CHANGE, deadline__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["recipient", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.coverage_id}"
