"""What a reading gives: frozen values, each claim with the words it came from.

A Reading says only what the text says. An hour, a day or a name that the text does not give is None (or an empty
tuple). Dates are days at the host's place; times are on the host's local clock, "HH:MM", in the zone named beside
them. Offsets are code points of the text as given: `text[span.start:span.end] == span.quote`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    VisitKind,
    VisitStatus,
)

SCHEMA_VERSION = 1


class Span(NamedTuple):
    """Words of the source that a value rests on, and the rule that read them."""

    start: int
    end: int
    quote: str
    rule: str


# Field name (list fields by index: "visitors.0.name") to the words it came from, and to how sure the rule is (0..1).
Evidence = Mapping[str, tuple[Span, ...]]
Confidence = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody as the text names them. `name` is the fullest form; a definite office where nobody is named."""

    name: str
    aliases: tuple[str, ...] = ()
    title: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2, or EU, UN, AU ...


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One programme item, or one line of an official's diary."""

    kind: ItemKind
    title: str
    form: str | None = None  # finer wording of the kind: "tête-à-tête", "déjeuner de travail"
    date: dt.date | None = None
    start_time: str | None = None
    end_time: str | None = None
    timezone: str | None = None  # IANA name of that clock, Etc/UTC for GMT
    precision: Precision = Precision.ORDER
    part_of_day: PartOfDay | None = None
    duration_minutes: int | None = None
    place: str | None = None
    city: str | None = None
    participants: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()  # those of `participants` that are an office said without its holder
    order: int = 1  # among the items of the same date of the same visit
    status: ItemStatus = ItemStatus.SCHEDULED
    press_access: PressAccess = PressAccess.UNSPECIFIED
    accreditation_until: dt.datetime | None = None  # naive: host-local
    evidence: str = ""
    evidence_spans: Evidence = field(default_factory=dict)
    confidence: Confidence = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """One visitor (with company) to one host country. Dates are inclusive."""

    visitors: tuple[PersonDraft, ...]
    host_country: str | None
    host: PersonDraft | None = None
    cities: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    original_start: dt.date | None = None
    original_end: dt.date | None = None
    status: VisitStatus = VisitStatus.ANNOUNCED
    visit_kind: VisitKind = VisitKind.UNSPECIFIED
    delegation: tuple[PersonDraft, ...] = ()
    at_invitation_of: str | None = None
    date_text: str | None = None  # the expression, where no exact date can be had
    items: tuple[ItemDraft, ...] = ()
    evidence: str = ""
    evidence_spans: Evidence = field(default_factory=dict)
    confidence: Confidence = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one text says: visits with their programme, and items that belong to no visit."""

    language: str | None  # ISO 639-1; None when it could not be told
    visits: tuple[VisitDraft, ...] = ()
    items: tuple[ItemDraft, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # fullest name: other forms in the text
    warnings: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION
