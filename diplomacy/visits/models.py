"""Visits, programme items and every state of them that was published.

Only `lifecycle`, `programme` and `delegation` write here; each act ends in `publication.record`, which keeps a
Revision. Rows are never deleted once published: they are withdrawn, cancelled or merged.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diplomacy.directory.models import Country, Office, Person, Place, validate_zone
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRECISIONS,
    PRESS_ACCESSES,
    PUBLICATIONS,
    ROLES,
    SIDES,
    VISIBILITIES,
    VISIT_KINDS,
    VISIT_STATUSES,
    Publication,
)
from diplomacy.vocabulary import (
    ItemStatus,
    Precision,
    PressAccess,
    Role,
    Side,
    Visibility,
    VisitKind,
    VisitStatus,
)


class Publishable(models.Model):
    """What visits and items share: an identity for ever, who may see it, and what was last published.

    `uid` is the iCalendar UID (RFC 5545, 3.8.4.7), made with the row and never changed. `sequence` is the SEQUENCE
    of its VEVENT: raised when start, end, place, title or status of the published state changes. `revised_at` is the
    time of the last published change (DTSTAMP and LAST-MODIFIED), None before the first. `version` counts every
    write and lets a stale form be refused. `disputed` names the values on which sources disagree and no editor has
    ruled, as far as readers may know it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uid = models.CharField(max_length=200, unique=True, editable=False)
    publication = models.CharField(
        _("publication"), max_length=12, choices=PUBLICATIONS, default=Publication.DRAFT, editable=False
    )
    visibility = models.CharField(_("visibility"), max_length=12, choices=VISIBILITIES, default=Visibility.PUBLIC)
    release_at = models.DateTimeField(
        _("under embargo until"), null=True, blank=True, help_text=_("Nobody outside the desk sees it before.")
    )
    release_zone = models.CharField(
        _("zone of the release time"), max_length=64, blank=True, validators=[validate_zone]
    )
    disputed = models.JSONField(_("contested by the sources"), default=list, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revision_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    revised_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but all conditions are asked by one query; each alone only to say which does not hold."""
        checks = [each for each in self._meta.constraints if isinstance(each, models.CheckConstraint)]
        condition = reduce(and_, (each.condition for each in checks if isinstance(each.condition, Q)))
        if len(checks) < len(self._meta.constraints) or condition.referenced_base_fields & set(exclude or ()):
            super().validate_constraints(exclude)
            return
        try:
            models.CheckConstraint(name="all", condition=condition).validate(
                type(self), self, exclude=set(exclude or ())
            )
        except ValidationError:
            super().validate_constraints(exclude)

    @property
    def is_published(self) -> bool:
        """Whether readers may know of it (visibility and embargo permitting)."""
        return self.publication == Publication.PUBLISHED


def publication_constraints(prefix: str) -> list[models.BaseConstraint]:
    """The rules that hold for everything that can be published; `prefix` makes their names unique."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_draft_has_no_revision",
            condition=Q(publication=Publication.DRAFT, published_at__isnull=True)
            | (~Q(publication=Publication.DRAFT) & Q(published_at__isnull=False, revised_at__isnull=False)),
        ),
        models.CheckConstraint(name=f"{prefix}_uid_has_domain", condition=Q(uid__contains="@")),
    ]


class Visit(Publishable):
    """One visitor, with company, to one host. Days are host-local and inclusive; None is not stated."""

    slug = models.SlugField(_("address"), max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=VISIT_KINDS, default=VisitKind.UNSPECIFIED)
    status = models.CharField(_("status"), max_length=12, choices=VISIT_STATUSES, default=VisitStatus.ANNOUNCED)
    host_country = models.ForeignKey(
        Country, models.PROTECT, related_name="visits_received", verbose_name=_("host country")
    )
    start_on = models.DateField(_("first day"), null=True, blank=True)
    end_on = models.DateField(_("last day"), null=True, blank=True)
    original_start_on = models.DateField(_("first day as planned before"), null=True, blank=True)
    original_end_on = models.DateField(_("last day as planned before"), null=True, blank=True)
    date_text = models.CharField(
        _("dates as said"), max_length=200, blank=True, help_text=_("Where no exact day can be had.")
    )
    items: models.ManyToManyField[ProgrammeItem, ProgrammeLine] = models.ManyToManyField(
        "ProgrammeItem", through="ProgrammeLine", related_name="visits"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", editable=False
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering: ClassVar = [F("start_on").asc(nulls_last=True), "slug"]
        permissions: ClassVar = [("publish_visit", _("Can publish visits"))]
        constraints: ClassVar = [
            *publication_constraints("visit"),
            models.CheckConstraint(
                name="visit_ends_after_it_starts",
                condition=Q(start_on__isnull=True) | Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="visit_not_merged_into_itself", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["start_on", "end_on"], name="visit_days"),
            models.Index(fields=["host_country", "start_on"], name="visit_host_days"),
        ]

    def __str__(self) -> str:
        return self.slug

    def countries_concerned(self) -> frozenset[str]:
        """The host's, and those whose delegations visit."""
        visiting = self.members.filter(side=Side.VISITING).values_list("country__code", "person__country__code")
        return frozenset({self.host_country.code, *(code for row in visiting for code in row if code)})


class DelegationMember(models.Model):
    """Somebody's part in a visit, on either side. An office without a name is said as just that."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="members")
    side = models.CharField(_("side"), max_length=12, choices=SIDES, default=Side.VISITING)
    role = models.CharField(_("role"), max_length=24, choices=ROLES, default=Role.MEMBER)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("person")
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("office")
    )
    title = models.CharField(_("title as said"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("member of a delegation")
        verbose_name_plural = _("delegation")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="member_is_somebody", condition=Q(person__isnull=False) | Q(office__isnull=False) | ~Q(title="")
            ),
            models.UniqueConstraint(fields=["visit", "role", "person"], name="member_once"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.office or self.title)


class ItineraryStop(models.Model):
    """A place of the visit, in order of travel."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops", verbose_name=_("place"))
    arrives_on = models.DateField(_("arrives"), null=True, blank=True)
    leaves_on = models.DateField(_("leaves"), null=True, blank=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("itinerary")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "position"], name="stop_position_once"),
            models.CheckConstraint(
                name="stop_leaves_after_it_arrives",
                condition=Q(arrives_on__isnull=True) | Q(leaves_on__isnull=True) | Q(leaves_on__gte=F("arrives_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


class ProgrammeItem(Publishable):
    """One point of a programme, or one line of an official's own diary (then it has no visit).

    The time is only as precise as the source. `day`, `start_time` and `end_time` are on the host's clock; `zone`
    names it (empty where no zone can be told). An item that ends after midnight has `ends_next_day`.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=ITEM_KINDS)
    form = models.CharField(_("form"), max_length=100, blank=True, help_text=_("Finer wording: tête-à-tête, lunch."))
    title = models.CharField(_("as said"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=ITEM_STATUSES, default=ItemStatus.SCHEDULED)
    precision = models.CharField(_("precision"), max_length=12, choices=PRECISIONS, default=Precision.ORDER)
    day = models.DateField(_("day"), null=True, blank=True)
    start_time = models.TimeField(_("from"), null=True, blank=True)
    end_time = models.TimeField(_("until"), null=True, blank=True)
    ends_next_day = models.BooleanField(_("ends the next day"), default=False)
    part_of_day = models.CharField(_("part of the day"), max_length=12, choices=PARTS_OF_DAY, blank=True)
    duration_minutes = models.PositiveIntegerField(_("duration in minutes"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_zone])
    original_day = models.DateField(_("day as planned before"), null=True, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("city")
    )
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    press_access = models.CharField(
        _("press access"), max_length=20, choices=PRESS_ACCESSES, default=PressAccess.UNSPECIFIED
    )
    accreditation_until = models.DateTimeField(_("accreditation until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", editable=False
    )

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        ordering: ClassVar = [F("day").asc(nulls_last=True), F("start_time").asc(nulls_last=True), "id"]
        permissions: ClassVar = [("publish_programmeitem", _("Can publish programme items"))]
        constraints: ClassVar = [
            *publication_constraints("item"),
            models.CheckConstraint(
                name="item_hour_means_exact",
                condition=Q(precision=Precision.EXACT, start_time__isnull=False)
                | (~Q(precision=Precision.EXACT) & Q(start_time__isnull=True, end_time__isnull=True)),
                violation_error_message=_(
                    "An hour is given for an item that is not of exact time, or none for one that is."
                ),
            ),
            models.CheckConstraint(
                name="item_part_of_day_named",
                condition=Q(precision=Precision.PART_OF_DAY) & ~Q(part_of_day="")
                | ~Q(precision=Precision.PART_OF_DAY) & Q(part_of_day=""),
                violation_error_message=_("Say which part of the day, or choose another precision."),
            ),
            models.CheckConstraint(
                name="item_day_known",
                condition=Q(day__isnull=False) | ~Q(precision=Precision.DAY),
                violation_error_message=_("An item known by its day needs the day."),
            ),
            models.CheckConstraint(
                name="item_duration_known",
                condition=Q(duration_minutes__isnull=False, duration_minutes__gt=0)
                | (Q(duration_minutes__isnull=True) & ~Q(precision=Precision.DURATION)),
                violation_error_message=_("An item known by its duration needs the duration."),
            ),
            models.CheckConstraint(
                name="item_ends_after_it_starts",
                condition=Q(end_time__isnull=True) | Q(ends_next_day=True) | Q(end_time__gte=F("start_time")),
                violation_error_message=_("The end lies before the beginning. Does it end the next day?"),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day", "start_time"], name="item_day_time")]

    def __str__(self) -> str:
        return self.title or self.kind

    def countries_concerned(self) -> frozenset[str]:
        """Those of its visits, of its city, and of whoever takes part."""
        codes = {code for visit in self.visits.all() for code in visit.countries_concerned()}
        taking_part = self.participants.values_list("person__country__code", "office__country__code")
        own = {self.place.country.code} if self.place else set()
        return frozenset(codes | own | {code for row in taking_part for code in row if code})


class ProgrammeLine(models.Model):
    """An item's place in a visit's programme. A summit of several visits has a line in each."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="programme")
    item = models.ForeignKey(ProgrammeItem, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("line of the programme")
        verbose_name_plural = _("programme")
        ordering: ClassVar = ["visit", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["visit", "item"], name="programme_item_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.item}"


class ItemParticipant(models.Model):
    """Somebody's part in an item."""

    item = models.ForeignKey(ProgrammeItem, models.CASCADE, related_name="participants")
    role = models.CharField(_("role"), max_length=24, choices=ROLES, default=Role.PARTICIPANT)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="participations", verbose_name=_("person")
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="participations", verbose_name=_("office")
    )
    title = models.CharField(_("title as said"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="participant_is_somebody",
                condition=Q(person__isnull=False) | Q(office__isnull=False) | ~Q(title=""),
            ),
            models.UniqueConstraint(fields=["item", "person"], name="participant_once"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.office or self.title)


class Revision(models.Model):
    """One published state, whole: what readers could know from `made_at` on. Never changed, never deleted.

    `snapshot` holds the state as `snapshot.py` describes it; `changed` names its keys that differ from the revision
    before; `sequence` is the SEQUENCE it was published with.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="revisions")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, related_name="revisions")
    number = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    changed = models.JSONField(default=list)
    snapshot = models.JSONField()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="revision_of_one_thing",
                condition=Q(visit__isnull=False, item__isnull=True) | Q(visit__isnull=True, item__isnull=False),
            ),
            models.UniqueConstraint(fields=["visit", "number"], name="visit_revision_once"),
            models.UniqueConstraint(fields=["item", "number"], name="item_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.visit or self.item} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new revision; a kept one cannot change."""
        if not self._state.adding:
            raise ValidationError(_("A revision is kept as it was published."))
        super().save(*args, **kwargs)
