"""That a text came again: kept once, and every source that sent it is remembered."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import CommuniqueVersion, Source


class Repeat(models.Model):
    """A source that sent the bytes of a version we had already. `received_at` is when it first did so."""

    version = models.ForeignKey(CommuniqueVersion, models.CASCADE, related_name="repeats")
    source = models.ForeignKey(Source, models.PROTECT, related_name="repeats", verbose_name=_("source"))
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("repeat")
        verbose_name_plural = _("repeats")
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "source"], name="repeat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.source}"


def note_repeat(version: CommuniqueVersion, source: Source, *, identity: str, now: dt.datetime) -> None:
    """Remember that a source sent a version again. A feed that still lists an entry, or a mail looked at twice, is the
    same thing seen again and no repeat: its source and its `identity` are those of the communiqué.
    """
    communique = version.communique
    if communique.source_id == source.pk and identity == communique.identity:
        return
    Repeat.objects.get_or_create(version=version, source=source, defaults={"received_at": now})
