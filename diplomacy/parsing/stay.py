"""What a text says of one visitor at one host country, gathered on the way through it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from diplomacy.parsing.finders.places import PlaceMention
from diplomacy.parsing.layout import Unit
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent
from diplomacy.vocabulary import VisitKind, VisitStatus

# Once: an enum's members are slow to look up.
_CANCELLED, _POSTPONED = VisitStatus.CANCELLED, VisitStatus.POSTPONED

_MOST_SPANS = 200  # kept for one field


@dataclass(slots=True, eq=False)
class Stay:
    """What the units of a text say of one visitor at one host, gathered on the way."""

    visitor: Referent
    host: str
    units: list[Unit] = field(default_factory=list)
    company: list[Referent] = field(default_factory=list)
    cities: dict[str, PlaceMention] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    days: int | None = None
    is_one_day: bool = False
    is_shared: bool = False  # the dates are those of a whole tour
    status: VisitStatus | None = None
    is_only_denied: bool = False  # "ne se rendra pas": off, whether put off or cancelled is still to be told
    date_text: str | None = None  # "la semaine prochaine": where no day is said
    is_past: bool = False
    is_dated_by_items: bool = False
    kind: VisitKind = VisitKind.UNSPECIFIED
    planned: tuple[dt.date, dt.date] | None = None
    evidence: tuple[int, int] = (0, 0)
    disagrees: bool = False
    told_by: set[str] = field(default_factory=set)  # the labels of the words that claim it
    spans: dict[str, list[Span]] = field(default_factory=dict)
    receiver: tuple[Referent | None] | None = None  # who receives, once that was looked for

    def note(self, name: str, span: Span) -> None:
        """Keep words for a field."""
        known = self.spans.setdefault(name, [])
        if len(known) < _MOST_SPANS and span not in known:
            known.append(span)

    @property
    def is_off(self) -> bool:
        """Whether it is put off or called off."""
        return self.status in (_POSTPONED, _CANCELLED)

    def covers(self, day: dt.date | None, slack: int = 0) -> bool:
        """Whether a day lies within what is known of the stay."""
        if day is None or self.first is None:
            return True
        last = self.last or self.first + dt.timedelta(days=(self.days or 4) - 1)
        if not slack:
            return self.first <= day <= last
        return self.first - dt.timedelta(days=slack) <= day <= last + dt.timedelta(days=slack)
