"""One diary line as readers get it, in one language: the value that feeds, API and pages share.

No Django here. A value is made by `agenda.entries.build` from what was published and is ready to be shown: texts are
final and in one language, times are local to the host with the IANA zone beside them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """STATUS of a VEVENT (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT's worth of diary.

    `starts` and `ends` are either both dates (all day; `ends` is the last day, inclusive) or both naive datetimes on
    the clock of `zone`. `ends` of a timed entry may be None: the source does not give it. A moment that lies in the
    second pass of a repeated hour carries fold=1.
    """

    uid: str  # "<uuid4>@<domain>", for ever
    sequence: int
    created: dt.datetime  # aware, UTC
    last_modified: dt.datetime  # aware, UTC: the last published change
    certainty: Certainty
    kind: str  # a value of VisitKind or ItemKind, language-neutral
    is_visit: bool
    summary: str
    starts: dt.date | dt.datetime
    ends: dt.date | dt.datetime | None
    zone: str | None = None  # IANA; required for timed entries
    description: str = ""
    location: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""
    categories: tuple[str, ...] = ()
    transparent: bool = False
    parent_uid: str | None = None
    usual_minutes: int = 60  # usual length of the kind, used by the feed alone when `ends` is None

    @property
    def all_day(self) -> bool:
        """Whether the entry is known by the day only."""
        return not isinstance(self.starts, dt.datetime)
