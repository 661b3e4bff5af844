"""What a source's texts may publish by themselves, and what was published so."""

from __future__ import annotations

import re
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.kinds import SourceKind
from diplomacy.communiques.models import Proposal, Source

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
# Channels that say by themselves from whom something is; the desk's editors decide on the rest.
VOUCHED = (SourceKind.API, SourceKind.FOLDER, SourceKind.PAGE, SourceKind.FEED, SourceKind.MAILBOX)
_LISTED = (SourceKind.PAGE, SourceKind.FEED, SourceKind.MAILBOX)


class PublishingRule(models.Model):
    """That proposals from a source are published without an editor: of these kinds, from this confidence on, and only
    where it is proven that the text is the source's. Off unless switched on, here and in the settings.
    """

    source = models.OneToOneField(Source, models.CASCADE, related_name="rule", primary_key=True)
    is_on = models.BooleanField(_("publishes by itself"), default=False)
    least_confidence = models.FloatField(
        _("from a confidence of"),
        default=0.9,
        validators=[MinValueValidator(0.5), MaxValueValidator(1.0)],
        help_text=_("The least certain value of a proposal counts; 1 is certain."),
    )
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    listed = models.CharField(
        _("hosts and domains"),
        max_length=1000,
        blank=True,
        help_text=_("Whose pages (https) or proven mail count, with spaces between: diplomatie.example"),
    )

    class Meta:
        verbose_name = _("rule of publishing")
        verbose_name_plural = _("rules of publishing")

    def __str__(self) -> str:
        return str(self.source)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts and domains that count."""
        return frozenset(self.listed.lower().replace(",", " ").split())

    def clean(self) -> None:
        """A rule that is on says for whom and for what it stands.

        Raises ValidationError.
        """
        wrong = [host for host in sorted(self.hosts) if not _HOST.fullmatch(host)]
        if wrong:
            said = _("“%(host)s” is no host or domain such as diplomatie.example.")
            raise ValidationError({"listed": ValidationError(said, params={"host": wrong[0]})})
        if not self.is_on:
            return
        if self.source.kind not in VOUCHED:
            raise ValidationError({"is_on": _("By this channel nobody vouches for a text: an editor decides.")})
        if self.source.kind in _LISTED and not self.hosts:
            raise ValidationError({"listed": _("Name the hosts or domains that count.")})
        if not self.kinds:
            raise ValidationError({"kinds": _("Say what may be published so.")})


class RuledAct(models.Model):
    """That a proposal was published by the rule of its source. `before` is what revoking needs
    (`undo.standing`, sealed); what was revoked stays so, whatever the source says again.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="ruled", primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    before = models.JSONField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("act by a rule")
        verbose_name_plural = _("acts by rules")
        ordering: ClassVar = ["made_at"]

    def __str__(self) -> str:
        return f"{self.source} · {self.proposal_id}"
