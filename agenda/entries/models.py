"""The diary as published: one row per visit and per item, rebuilt from its last Revision.

Readers are served from these rows alone, so what an editor has not published cannot show. Rows follow the domain
(`agenda.receivers`); nothing else writes them, and each can be built again from its Revision.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diplomacy.directory.models import Country, Office, Person
from diplomacy.visits.choices import PUBLICATIONS, VISIBILITIES
from diplomacy.visits.models import ProgrammeItem, Revision, Visit


class DiaryEntry(models.Model):
    """A published visit or item: what is needed to select, order and show it.

    `starts_on` and `ends_on` are days on the host's calendar, inclusive, None where not stated. `starts_at` is the
    moment (UTC) of an exact time whose zone is known. `content` is the snapshot of `revision`.
    `visibility` and `release_at` are the strictest of an item's own and its visits'.
    """

    uid = models.CharField(max_length=200, unique=True)
    visit = models.OneToOneField(Visit, models.CASCADE, null=True, related_name="entry")
    item = models.OneToOneField(ProgrammeItem, models.CASCADE, null=True, related_name="entry")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    publication = models.CharField(max_length=12, choices=PUBLICATIONS)
    visibility = models.CharField(_("visibility"), max_length=12, choices=VISIBILITIES)
    release_at = models.DateTimeField(null=True)
    kind = models.CharField(_("kind"), max_length=24)
    status = models.CharField(_("status"), max_length=12)
    precision = models.CharField(max_length=12, blank=True)
    press_access = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(_("first day"), null=True)
    ends_on = models.DateField(_("last day"), null=True)
    starts_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    revised_at = models.DateTimeField()
    content = models.JSONField()
    parents = models.ManyToManyField("self", symmetrical=False, related_name="programme")
    countries = models.ManyToManyField(Country, related_name="+")
    people = models.ManyToManyField(Person, related_name="+")
    offices = models.ManyToManyField(Office, related_name="+")

    class Meta:
        verbose_name = _("diary entry")
        verbose_name_plural = _("diary entries")
        ordering: ClassVar = [F("starts_on").asc(nulls_last=True), F("starts_at").asc(nulls_first=True), "uid"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="entry_of_one_thing",
                condition=Q(visit__isnull=False, item__isnull=True) | Q(visit__isnull=True, item__isnull=False),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_on", "ends_on"], name="entry_days"),
            models.Index(fields=["revised_at"], name="entry_revised"),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def is_visit(self) -> bool:
        """Whether the row stands for a whole visit."""
        return self.visit_id is not None
