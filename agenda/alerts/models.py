"""Who follows what, what there is to tell them, and the mails it goes out in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.feeds.models import Feed
from agenda.webhooks.models import Event
from diplomacy.visits.visibility import Audience


class Rhythm(models.TextChoices):
    """When somebody is told."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


class Follow(models.Model):
    """Somebody who is told what changes of what a calendar selects: a user, or an address that was confirmed.

    `hour` and `weekday` (Monday is 0) are on the clock of `zone`. The token of the links in mails is made of the
    diary's own key (`following.token_of`) and kept only as its SHA-256. `questions` is how often the address was mailed
    because somebody asked, since `asked_at` or, once confirmed, since then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = models.ForeignKey(Feed, models.PROTECT, related_name="+", verbose_name=_("what is followed"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="follows")
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    rhythm = models.CharField(_("when"), max_length=8, choices=Rhythm, default=Rhythm.AT_ONCE)
    hour = models.PositiveSmallIntegerField(_("hour"), default=7, validators=[MaxValueValidator(23)])
    weekday = models.PositiveSmallIntegerField(_("day"), default=0, choices=WEEKDAYS)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    questions = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="follow_is_somebodys", condition=Q(user=None) & ~Q(email="") | Q(user__isnull=False, email="")
            ),
            models.UniqueConstraint(
                fields=["feed", "email"], condition=Q(user=None, ended_at=None), name="follow_once_an_address"
            ),
            models.UniqueConstraint(
                fields=["feed", "user"], condition=Q(user__isnull=False, ended_at=None), name="follow_once_a_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def audience(self) -> Audience:
        """What they may know: an address alone what everybody may, a user also what is for subscribers."""
        return Audience.SUBSCRIBERS if self.user_id else Audience.PUBLIC

    @property
    def address(self) -> str:
        """Where mails go; empty where there is none."""
        return self.user.email if self.user is not None else self.email


class MailState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    EMPTY = "empty"  # nothing of it was left to be told
    DEAD = "dead"


class AlertMail(models.Model):
    """One mail to one follower. Its id is its Message-ID, however often it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="mails")
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="alert_mail_due", condition=Q(state=MailState.WAITING))
        ]

    def __str__(self) -> str:
        return str(self.id)


class Alert(models.Model):
    """One event for one follower, told from `due_at` on, in `mail` once that is made."""

    follow = models.ForeignKey(Follow, models.CASCADE, related_name="alerts")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    mail = models.ForeignKey(AlertMail, models.CASCADE, null=True, related_name="alerts")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["follow", "event"], name="alert_once")]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="alert_due", condition=Q(mail=None))]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.follow_id}"
