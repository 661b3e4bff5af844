"""Who is told by webhook, what there is to tell (the outbox), and how each telling of it went."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agenda.entries.models import DiaryEntry
from agenda.feeds.models import Feed
from diplomacy.communiques.models import Communique
from diplomacy.visits.visibility import Audience


class Stopped(models.TextChoices):
    """Why a webhook is sent nothing."""

    BY_HAND = "by_hand", _("switched off")
    FAILING = "failing", _("switched off: nothing got through for days")
    GONE = "gone", _("switched off: the target answered that it is gone (410)")


class Webhook(models.Model):
    """A program that is told of what changes. It hears what its audience is told, and of that what `feed` selects.

    Its secret is kept nowhere: it is made of the diary's own key, the id and `generation` (`signing.py`). Until
    `overlap_until` the secret before signs as well. `failing_since` is the first failure since anything got through;
    until `held_until` the receiver asked to be left alone. With `hears_of_communiques` it is also told what became of
    the texts handed in, which is the desk's own affair.
    """

    AUDIENCES: ClassVar = [
        (Audience.PUBLIC.value, _("what everybody may know")),
        (Audience.SUBSCRIBERS.value, _("also what is for subscribers alone")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(_("label"), max_length=100)
    target = models.CharField(_("target"), max_length=2000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    audience = models.CharField(_("audience"), max_length=12, choices=AUDIENCES)
    feed = models.ForeignKey(Feed, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("feed"))
    hears_of_communiques = models.BooleanField(_("also what became of each communiqué"), default=False)
    generation = models.PositiveIntegerField(default=1)
    overlap_until = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=8, choices=Stopped, blank=True)
    stopped_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["label", "made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="webhook_stopped_is_dated",
                condition=Q(stopped="", stopped_at__isnull=True) | ~Q(stopped="") & Q(stopped_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.label


class Event(models.Model):
    """Something an audience was told, written in the transaction that told it; of a diary entry, or for the desk of a
    communiqué; of neither where a webhook is tried out.

    `body` is what is sent, to the byte, however often. `before` is the view told before (None: nothing, or gone) and
    `is_first` that there never was one; both are kept so that a second word of the same act joins the first while
    nothing was sent. `dispatched_at` is when it was given to webhooks, `alerted_at` when to followers. `keys` and
    `words` are what it can be selected by, before or now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(DiaryEntry, models.CASCADE, null=True, related_name="+")
    communique = models.ForeignKey(Communique, models.CASCADE, null=True, related_name="+")
    audience = models.CharField(max_length=12)
    type = models.CharField(max_length=24)
    acted_at = models.DateTimeField()
    position = models.PositiveBigIntegerField(default=0)
    is_first = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    keys = models.JSONField(default=list)
    words = models.TextField(blank=True)
    body = models.TextField()
    dispatched_at = models.DateTimeField(null=True)
    alerted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["position"], name="event_waits", condition=Q(dispatched_at__isnull=True)),
            models.Index(fields=["dispatched_at"], name="event_dispatched"),
            models.Index(fields=["position"], name="event_not_alerted", condition=Q(alerted_at__isnull=True)),
            models.Index(fields=["audience", "-acted_at", "-position"], name="event_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class DeliveryState(models.TextChoices):
    """What became of an event at a webhook."""

    WAITING = "waiting", pgettext_lazy("delivery", "waiting")
    DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
    DEAD = "dead", pgettext_lazy("delivery", "given up")


class Delivery(models.Model):
    """One event for one webhook. Tried at `next_try_at` and again until `give_up_at`; `status` is what the target
    answered last, `trouble` why there was no answer: a `Refusal`, or `delivering.HIDDEN` where it was not sent.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(state=DeliveryState.WAITING)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook_id}"
