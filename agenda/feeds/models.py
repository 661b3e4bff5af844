"""Feeds (what can be subscribed to) and subscriptions (whose secret address)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.entries.models import Telling
from diplomacy.directory.models import Country, Office, Person
from diplomacy.visits.choices import ITEM_KINDS, PRESS_ACCESSES
from diplomacy.visits.models import Visit


class Selection(models.TextChoices):
    """What a feed holds."""

    ALL = "all", _("everything")
    VISIT = "visit", _("one visit")
    PERSON = "person", _("one person")
    OFFICE = "office", _("one office")
    COUNTRY = "country", _("one country")
    PAIR = "pair", _("two countries")
    KIND = "kind", _("one kind of item")
    PRESS = "press", _("open to the press in one way")
    SEARCH = "search", _("saved search")


class UntimedItems(models.TextChoices):
    """Where a visit's items of known day and unknown hour stand."""

    TEXT = "text", _("in the text of their visit")
    DAYS = "days", _("as days of their own")


# The column that each selection needs, and alone may have; a saved search may have any.
NEEDS: dict[Selection, tuple[str, ...]] = {
    Selection.ALL: (),
    Selection.VISIT: ("visit",),
    Selection.PERSON: ("person",),
    Selection.OFFICE: ("office",),
    Selection.COUNTRY: ("country",),
    Selection.PAIR: ("country", "second_country"),
    Selection.KIND: ("kind",),
    Selection.PRESS: ("press_access",),
}
_LINKS = ("visit", "person", "office", "country", "second_country")
_WORDS = ("kind", "press_access", "words")
CONDITIONS = (*_LINKS, *_WORDS)


def _selects(selection: Selection) -> Q:
    """The selection with just the columns it needs."""
    needed = NEEDS[selection]
    condition = Q(selection=selection)
    for name in _LINKS:
        condition &= Q(**{f"{name}__isnull": name not in needed})
    for name in _WORDS:
        condition &= ~Q(**{name: ""}) if name in needed else Q(**{name: ""})
    return condition


def _selects_one_thing() -> Q:
    condition = Q(selection=Selection.SEARCH)
    for selection in NEEDS:
        condition |= _selects(selection)
    return condition


class Feed(models.Model):
    """A calendar that can be subscribed to. Language and selection are fixed; the slug stays when a name changes.

    The window is in whole days before and after today; what lies outside is not in the feed. A feed of two countries
    has what concerns both; a saved search has what all its conditions hold for. `moved_to` is where readers of an
    address that was given up are sent.
    """

    slug = models.SlugField(_("address"), max_length=120)
    language = models.CharField(_("language"), max_length=8)
    selection = models.CharField(_("selection"), max_length=12, choices=Selection)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="feeds")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="feeds")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="feeds")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="feeds")
    second_country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind of item"), max_length=24, choices=ITEM_KINDS, blank=True)
    press_access = models.CharField(_("press access"), max_length=20, choices=PRESS_ACCESSES, blank=True)
    words = models.CharField(_("words"), max_length=200, blank=True, help_text=_("All of them are looked for."))
    is_public = models.BooleanField(_("public"), default=True)
    shows_cancelled = models.BooleanField(_("shows what is cancelled"), default=True)
    untimed_items = models.CharField(
        _("items of unknown hour"), max_length=8, choices=UntimedItems, default=UntimedItems.TEXT
    )
    days_before = models.PositiveSmallIntegerField(
        _("days before today"), default=90, validators=[MaxValueValidator(36500)]
    )
    days_after = models.PositiveSmallIntegerField(
        _("days after today"), default=400, validators=[MaxValueValidator(36500)]
    )
    moved_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("moved to")
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering: ClassVar = ["selection", "slug", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["language", "slug"], name="feed_address_once"),
            models.CheckConstraint(name="feed_selects_one_thing", condition=_selects_one_thing()),
        ]

    def __str__(self) -> str:
        return f"{self.language}/{self.slug}"


class KeptEvent(models.Model):
    """The VEVENT of a telling in one language, kept so that it is rendered once.

    Good while `position` is the telling's and `stamp` says what it was made with (`agenda.feeds.kept`). `content` is
    without RELATED-TO, which depends on the feed; `parents` are the UIDs it may name and `zones` the zones with years
    that its calendar must describe, one a line each.
    """

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="kept")
    language = models.CharField(max_length=8)
    position = models.PositiveBigIntegerField()
    stamp = models.CharField(max_length=16)
    content = models.BinaryField()
    zones = models.TextField(blank=True)
    parents = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["telling", "language"], name="kept_once")]

    def __str__(self) -> str:
        return f"{self.telling_id} {self.language}"


class FeedState(models.Model):
    """What a feed was last seen to hold for an audience, and since when: its revision.

    `digest` is of everything but the date of change; `etag` of that and the date. `position` and `day` are those it
    was made at, `addresses` the position of the feeds' own settings and of the names in use.
    """

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="states")
    audience = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    etag = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    position = models.PositiveBigIntegerField()
    addresses = models.PositiveBigIntegerField()
    day = models.DateField()
    stamp = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["feed", "audience"], name="feed_state_once")]

    def __str__(self) -> str:
        return f"{self.feed_id} to {self.audience}"


class Subscription(models.Model):
    """One reader's secret address of a feed. The token is shown once and kept only as its SHA-256."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="subscriptions", verbose_name=_("feed"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    label = models.CharField(_("label"), max_length=100)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.label
