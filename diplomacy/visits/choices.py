"""The vocabulary with its words for people, as Django's choices."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    Role,
    Side,
    Visibility,
    VisitKind,
    VisitStatus,
)


class Publication(TextChoices):
    """Whether readers may know of something. DRAFT was never published; WITHDRAWN was, and is no longer."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLICATIONS = Publication.choices

VISIT_KINDS = [
    (VisitKind.STATE.value, _("state visit")),
    (VisitKind.OFFICIAL.value, _("official visit")),
    (VisitKind.WORKING.value, _("working visit")),
    (VisitKind.FRIENDSHIP_AND_WORKING.value, _("friendship and working visit")),
    (VisitKind.PRIVATE.value, _("private visit")),
    (VisitKind.TRANSIT.value, _("transit")),
    (VisitKind.UNSPECIFIED.value, _("visit")),
]

VISIT_STATUSES = [
    (VisitStatus.ANNOUNCED.value, pgettext_lazy("visit", "announced")),
    (VisitStatus.CONFIRMED.value, pgettext_lazy("visit", "confirmed")),
    (VisitStatus.UNDER_WAY.value, pgettext_lazy("visit", "under way")),
    (VisitStatus.POSTPONED.value, pgettext_lazy("visit", "postponed")),
    (VisitStatus.CANCELLED.value, pgettext_lazy("visit", "cancelled")),
    (VisitStatus.CONCLUDED.value, pgettext_lazy("visit", "concluded")),
]

ITEM_KINDS = [
    (ItemKind.BILATERAL_MEETING.value, _("bilateral meeting")),
    (ItemKind.ENLARGED_SESSION.value, _("enlarged session")),
    (ItemKind.PRESS_CONFERENCE.value, _("press conference")),
    (ItemKind.AUDIENCE.value, _("audience")),
    (ItemKind.COURTESY_CALL.value, _("courtesy call")),
    (ItemKind.WORKING_MEAL.value, _("working meal")),
    (ItemKind.OFFICIAL_DINNER.value, _("official dinner")),
    (ItemKind.SIGNING.value, _("signing")),
    (ItemKind.CEREMONY.value, _("ceremony")),
    (ItemKind.WREATH_LAYING.value, _("wreath-laying")),
    (ItemKind.SITE_VISIT.value, _("site visit")),
    (ItemKind.SPEECH.value, _("speech")),
    (ItemKind.ARRIVAL.value, _("arrival")),
    (ItemKind.DEPARTURE.value, _("departure")),
    (ItemKind.SUMMIT.value, _("summit")),
    (ItemKind.PHONE_CALL.value, _("phone call")),
    (ItemKind.INTERVIEW.value, _("interview")),
    (ItemKind.CABINET_MEETING.value, _("cabinet meeting")),
    (ItemKind.FORUM.value, _("forum")),
    (ItemKind.OTHER.value, _("other event")),
]

ITEM_STATUSES = [
    (ItemStatus.SCHEDULED.value, pgettext_lazy("item", "scheduled")),
    (ItemStatus.HELD.value, pgettext_lazy("item", "held")),
    (ItemStatus.POSTPONED.value, pgettext_lazy("item", "postponed")),
    (ItemStatus.CANCELLED.value, pgettext_lazy("item", "cancelled")),
]

PRECISIONS = [
    (Precision.EXACT.value, _("exact hour")),
    (Precision.PART_OF_DAY.value, _("part of the day")),
    (Precision.DAY.value, _("day, hour unknown")),
    (Precision.ORDER.value, _("order in the programme only")),
    (Precision.DURATION.value, _("duration only")),
    (Precision.TBC.value, _("to be confirmed")),
]

PARTS_OF_DAY = [
    (PartOfDay.MORNING.value, _("morning")),
    (PartOfDay.MIDDAY.value, _("midday")),
    (PartOfDay.AFTERNOON.value, _("afternoon")),
    (PartOfDay.EVENING.value, _("evening")),
    (PartOfDay.NIGHT.value, _("night")),
]

PRESS_ACCESSES = [
    (PressAccess.UNSPECIFIED.value, _("not stated")),
    (PressAccess.OPEN.value, _("open to the press")),
    (PressAccess.ACCREDITED.value, _("accredited press")),
    (PressAccess.POOL.value, _("pool")),
    (PressAccess.PHOTO_OPPORTUNITY.value, _("photo opportunity")),
    (PressAccess.CLOSED.value, _("closed to the press")),
]

SIDES = [(Side.VISITING.value, _("visiting side")), (Side.HOST.value, _("host side"))]

ROLES = [
    (Role.HEAD_OF_DELEGATION.value, _("head of delegation")),
    (Role.MEMBER.value, _("member of the delegation")),
    (Role.SPOUSE.value, _("spouse")),
    (Role.COUNTERPART.value, _("counterpart")),
    (Role.INVITED_BY.value, _("invited by")),
    (Role.PARTICIPANT.value, _("participant")),
]

VISIBILITIES = [
    (Visibility.PUBLIC.value, _("public")),
    (Visibility.SUBSCRIBERS.value, _("subscribers")),
    (Visibility.INTERNAL.value, _("internal")),
]
