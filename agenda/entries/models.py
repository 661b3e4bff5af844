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
            models.Index(fields=["starts_at"], name="entry_starts_at"),
            models.Index(fields=["ends_on"], name="entry_ends_on"),
            models.Index(fields=["revised_at"], name="entry_revised"),
            # Few rows have one, and each act asks for the next.
            models.Index(fields=["release_at"], name="entry_release", condition=Q(release_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def is_visit(self) -> bool:
        """Whether the row stands for a whole visit."""
        return self.visit_id is not None


class EntryPlace(models.Model):
    """A point where an entry takes place, as published; degrees (WGS 84). A place without coordinates has none."""

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="points")
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["latitude", "longitude"], name="entry_place_point")]

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


class Pulse(models.Model):
    """How far the telling has come, one row a listener: what has to be asked to know that nothing is new.

    `position` grows with every change, in the order of the commits: whoever changes holds the row's lock. `told_until`
    is the moment up to which releases by the clock have been told, `next_release_at` the first one after it.
    `states_since`: from when on every state told is kept; None where it always was.
    """

    name = models.CharField(max_length=12, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    told_until = models.DateTimeField(null=True)
    next_release_at = models.DateTimeField(null=True)
    states_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"


class Telling(models.Model):
    """What an audience was last told of an entry, kept whole: what feeds say, and the log of their changes.

    An entry that an audience never could see has no row for it. `view` is what the audience may know (a snapshot
    without its internal keys, a visit's with the items that show); an entry that was taken back has `is_shown` False
    and an empty view, and keeps its days, so that calendars can say so on them. `sequence` and `changed_at` (whole
    seconds) are SEQUENCE and DTSTAMP as this audience saw them grow; `acted_at` is the act's own moment, `known_from`
    the same but never before what was told earlier.

    `starts_on`, `ends_on` and `start_clock` are as told; `earliest_on` and `latest_on` span every day ever told, so
    that what moves out of a window is seen to move. `words` are all that were ever told of it, so that a saved search
    sees it leave; `shown_words` those that can be read now, by which it is found. `stands_alone`: it is, or once was,
    an event of its own; False for an item whose place is its visit's text. `leaves_on` is the first day on which no
    feed has it any more.
    """

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="tellings")
    audience = models.CharField(max_length=12)
    position = models.PositiveBigIntegerField()
    uid = models.CharField(max_length=200)
    is_visit = models.BooleanField()
    is_shown = models.BooleanField()
    is_cancelled = models.BooleanField()
    sequence = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    acted_at = models.DateTimeField()
    known_from = models.DateTimeField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    start_clock = models.CharField(max_length=5, blank=True)
    earliest_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    leaves_on = models.DateField(null=True)
    stands_alone = models.BooleanField()
    words = models.TextField(blank=True)
    shown_words = models.TextField(blank=True)
    view = models.JSONField()
    significant = models.CharField(max_length=32)
    whole = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "audience"], name="telling_once")]
        indexes: ClassVar = [
            models.Index(fields=["audience", "position"], name="telling_position"),
            models.Index(fields=["audience", "changed_at"], name="telling_changed"),
            models.Index(fields=["audience", "latest_on", "earliest_on"], name="telling_days"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} to {self.audience}"


class TellingKey(models.Model):
    """Something a telling can be selected by: "country:ML", "person:<id>". `is_lost`: it was so once."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80)
    is_lost = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "telling"], name="telling_key_once")]

    def __str__(self) -> str:
        return self.key


class PublicState(models.Model):
    """One state of an entry that the public was told, whole: what could be read of it from `told_from` until
    `told_until` (None: it still can). Never changed but for its end.

    `content` is the view, as `view.py` makes it; the columns beside it are read off it, called as those of the diary.
    `keys` and `words` have a blank before, between and after: what it can be selected by and searched for.
    """

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="states")
    told_from = models.DateTimeField()
    told_until = models.DateTimeField(null=True)
    told_sequence = models.PositiveIntegerField()
    told_at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    status = models.CharField(max_length=12)
    precision = models.CharField(max_length=12, blank=True)
    press_access = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    starts_at = models.DateTimeField(null=True)
    keys = models.TextField()
    words = models.TextField(blank=True)
    content = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["told_from", "told_until"], name="state_told"),
            models.Index(fields=["entry"], name="state_open", condition=Q(told_until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} from {self.told_from}"
