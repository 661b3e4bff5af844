"""What is to be said of a visit or an item: plain values handed to the writing functions of this package.

Here texts enter the domain, from whatever side: what no database can keep is left out as a value is made.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from diplomacy.directory.spelling import make_writable
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person, or an office said without its holder (then `name` is empty and `title` is not)."""

    name: str = ""
    title: str = ""
    country: str = ""  # code of a party
    spellings: tuple[str, ...] = ()
    role: Role = Role.PARTICIPANT
    side: Side = Side.VISITING

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """A programme item. Day and times are the host's; `zone` is empty where it cannot be told."""

    kind: ItemKind
    title: str = ""
    form: str = ""
    status: ItemStatus = ItemStatus.SCHEDULED
    precision: Precision = Precision.ORDER
    day: dt.date | None = None
    start_time: dt.time | None = None
    end_time: dt.time | None = None
    ends_next_day: bool = False
    part_of_day: PartOfDay | None = None
    duration_minutes: int | None = None
    zone: str = ""
    city: str = ""
    country: str = ""  # of the city, or of the host
    venue: str = ""
    press_access: PressAccess = PressAccess.UNSPECIFIED
    accreditation_until: dt.datetime | None = None  # naive: on the clock of the item's zone
    participants: tuple[Somebody, ...] = ()
    visibility: Visibility = Visibility.PUBLIC  # of a new item; one that is known keeps its own
    is_distinct: bool = False  # none of another day, hour or title is it, however alike

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The time of an item on the host's clock, as precise as it is said; what is None was not said."""

    precision: Precision = Precision.ORDER
    day: dt.date | None = None
    start_time: dt.time | None = None
    end_time: dt.time | None = None
    ends_next_day: bool = False
    part_of_day: PartOfDay | None = None
    duration_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPatch:
    """What of an item is to be changed; None stays as it is. `participants` are those to be added."""

    when: When | None = None
    zone: str = ""
    status: ItemStatus | None = None
    venue: str | None = None
    city: str | None = None
    country: str = ""  # of the city
    press_access: PressAccess | None = None
    accreditation_until: dt.datetime | None = None  # aware, or on the clock of the item's zone
    participants: tuple[Somebody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPatch:
    """What of a visit is to be changed; None stays as it is. `cities` and `members` are those to be added."""

    kind: VisitKind | None = None
    status: VisitStatus | None = None
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    cities: tuple[str, ...] = ()
    members: tuple[Somebody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit without its programme. Days are inclusive; None is not stated."""

    host_country: str
    members: tuple[Somebody, ...]
    kind: VisitKind = VisitKind.UNSPECIFIED
    status: VisitStatus = VisitStatus.ANNOUNCED
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    original_start_on: dt.date | None = None
    original_end_on: dt.date | None = None
    date_text: str = ""
    cities: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Who may see something, and from when. `release_at` is aware."""

    visibility: Visibility = Visibility.PUBLIC
    release_at: dt.datetime | None = None
    release_zone: str = ""

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)
