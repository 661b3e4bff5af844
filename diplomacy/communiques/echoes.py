"""Texts that say in the same words what another said, and by what near-identical ones are found."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import CommuniqueVersion


class Shingle(models.Model):
    """One of the few shingles of a version's text by which it is looked up (`alike.fingerprint`). `day` is its
    publication date."""

    version = models.ForeignKey(CommuniqueVersion, models.CASCADE, related_name="shingles")
    value = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("shingle of a text")
        verbose_name_plural = _("shingles of texts")
        indexes: ClassVar = [models.Index(fields=["value", "day"], name="shingle_value_day")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "value"], name="shingle_once")]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.value}"


class Echo(models.Model):
    """That a version only echoes another text's: its proposals wait for nobody. It holds until it is ended: `ended_by`
    an editor, who told the two apart, or by nobody, where what it repeats was replaced by a newer version."""

    version = models.OneToOneField(CommuniqueVersion, models.PROTECT, related_name="echo_of")
    of = models.ForeignKey(CommuniqueVersion, models.PROTECT, related_name="echoes")
    likeness = models.FloatField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("echo")
        verbose_name_plural = _("echoes")
        ordering: ClassVar = ["noticed_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="echo_of_another", condition=~Q(version=models.F("of"))),
        ]

    def __str__(self) -> str:
        return f"{self.version} = {self.of}"
