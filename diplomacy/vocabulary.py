"""The field's terms, once. Plain enumerations: database, API, JSON and parsing all spell them as here."""

from __future__ import annotations

from enum import StrEnum


class VisitKind(StrEnum):
    """How protocol ranks a visit; UNSPECIFIED unless the source says it."""

    STATE = "state"
    OFFICIAL = "official"
    WORKING = "working"
    FRIENDSHIP_AND_WORKING = "friendship_and_working"
    PRIVATE = "private"
    TRANSIT = "transit"
    UNSPECIFIED = "unspecified"


class VisitStatus(StrEnum):
    """Where a visit stands."""

    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    UNDER_WAY = "under_way"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CONCLUDED = "concluded"


class ItemKind(StrEnum):
    """What a programme item is. The finer wording (tête-à-tête, lunch) is the item's form."""

    BILATERAL_MEETING = "bilateral_meeting"
    ENLARGED_SESSION = "enlarged_session"
    PRESS_CONFERENCE = "press_conference"
    AUDIENCE = "audience"
    COURTESY_CALL = "courtesy_call"
    WORKING_MEAL = "working_meal"
    OFFICIAL_DINNER = "official_dinner"
    SIGNING = "signing"
    CEREMONY = "ceremony"
    WREATH_LAYING = "wreath_laying"
    SITE_VISIT = "site_visit"
    SPEECH = "speech"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    SUMMIT = "summit"
    PHONE_CALL = "phone_call"
    INTERVIEW = "interview"
    CABINET_MEETING = "cabinet_meeting"
    FORUM = "forum"
    OTHER = "other"


class ItemStatus(StrEnum):
    """Where a programme item stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    """How precisely the source gives an item's time; never more precise than the source."""

    EXACT = "exact"  # an hour on the clock
    PART_OF_DAY = "part_of_day"  # "dans la matinée"
    DAY = "day"  # a day, no hour
    ORDER = "order"  # only its place in the programme
    DURATION = "duration"  # only how long it lasts
    TBC = "tbc"  # the source says "to be confirmed"


class PartOfDay(StrEnum):
    """A part of the day as a source names it; never turned into hours."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class PressAccess(StrEnum):
    """What the press may attend; UNSPECIFIED unless the source says it."""

    UNSPECIFIED = "unspecified"
    OPEN = "open"
    ACCREDITED = "accredited"
    POOL = "pool"
    PHOTO_OPPORTUNITY = "photo_opportunity"
    CLOSED = "closed"


class Side(StrEnum):
    """Which side of a visit somebody stands on."""

    VISITING = "visiting"
    HOST = "host"


class Role(StrEnum):
    """Part somebody plays in a visit or in a programme item."""

    HEAD_OF_DELEGATION = "head_of_delegation"
    MEMBER = "member"
    SPOUSE = "spouse"
    COUNTERPART = "counterpart"
    INVITED_BY = "invited_by"
    PARTICIPANT = "participant"


class Rank(StrEnum):
    """Protocol rank of an office, highest first."""

    HEAD_OF_STATE = "head_of_state"
    HEAD_OF_GOVERNMENT = "head_of_government"
    DEPUTY_HEAD = "deputy_head"
    FOREIGN_MINISTER = "foreign_minister"
    MINISTER = "minister"
    HEAD_OF_ORGANISATION = "head_of_organisation"
    SPEAKER = "speaker"
    AMBASSADOR = "ambassador"
    OTHER = "other"


class PartyKind(StrEnum):
    """What a party to diplomacy is."""

    STATE = "state"
    TERRITORY = "territory"
    ORGANISATION = "organisation"


class Visibility(StrEnum):
    """Who may see something once it is published and its release time has come."""

    PUBLIC = "public"
    SUBSCRIBERS = "subscribers"
    INTERNAL = "internal"


class Genre(StrEnum):
    """What kind of newsroom text a communiqué is."""

    COMMUNIQUE = "communique"
    ADVISORY = "advisory"
    PROGRAMME = "programme"
    AGENDA = "agenda"
    NEWS = "news"
