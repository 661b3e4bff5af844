"""Feeds (what can be subscribed to) and subscriptions (whose secret address)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diplomacy.directory.models import Country, Person
from diplomacy.visits.choices import ITEM_KINDS
from diplomacy.visits.models import Visit


class Selection(models.TextChoices):
    """What a feed holds."""

    ALL = "all", _("everything")
    VISIT = "visit", _("one visit")
    PERSON = "person", _("one person")
    COUNTRY = "country", _("one country")
    KIND = "kind", _("one kind of item")


class Feed(models.Model):
    """A calendar that can be subscribed to. Language and selection are fixed; the slug stays when a name changes.

    The window is in whole days before and after today; what lies outside is not in the feed.
    """

    slug = models.SlugField(_("address"), max_length=120)
    language = models.CharField(_("language"), max_length=8)
    selection = models.CharField(_("selection"), max_length=12, choices=Selection)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="feeds")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="feeds")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="feeds")
    kind = models.CharField(_("kind of item"), max_length=24, choices=ITEM_KINDS, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    shows_cancelled = models.BooleanField(_("shows what is cancelled"), default=True)
    days_before = models.PositiveSmallIntegerField(
        _("days before today"), default=90, validators=[MaxValueValidator(36500)]
    )
    days_after = models.PositiveSmallIntegerField(
        _("days after today"), default=400, validators=[MaxValueValidator(36500)]
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering: ClassVar = ["selection", "slug", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["language", "slug"], name="feed_address_once"),
            models.CheckConstraint(
                name="feed_selects_one_thing",
                condition=Q(selection=Selection.ALL, visit=None, person=None, country=None, kind="")
                | Q(selection=Selection.VISIT, visit__isnull=False, person=None, country=None, kind="")
                | Q(selection=Selection.PERSON, visit=None, person__isnull=False, country=None, kind="")
                | Q(selection=Selection.COUNTRY, visit=None, person=None, country__isnull=False, kind="")
                | (Q(selection=Selection.KIND, visit=None, person=None, country=None) & ~Q(kind="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language}/{self.slug}"


class Subscription(models.Model):
    """One reader's secret address of a feed. The token is shown once and kept only as its SHA-256."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="subscriptions", verbose_name=_("feed"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    label = models.CharField(_("label"), max_length=100)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.label
