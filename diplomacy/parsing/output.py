"""A Reading as plain JSON values: the shape of docs/reference/reading.schema.json and of the corpus."""

from __future__ import annotations

import datetime as dt
from typing import Any

from diplomacy.parsing.reading import Confidence, Evidence, ItemDraft, PersonDraft, Reading, VisitDraft
from diplomacy.vocabulary import VisitStatus


def as_json(reading: Reading) -> dict[str, Any]:
    """The whole reading. A visit under way is written "confirmed", as in the corpus."""
    return {
        "schema_version": reading.schema_version,
        "language": reading.language,
        "warnings": list(reading.warnings),
        "visits": [_visit(visit) for visit in reading.visits],
        "items": [_item(item) for item in reading.items],
        "aliases": {name: list(forms) for name, forms in reading.aliases.items()},
    }


def _visit(visit: VisitDraft) -> dict[str, Any]:
    status = VisitStatus.CONFIRMED if visit.status is VisitStatus.UNDER_WAY else visit.status
    return {
        "visitors": [_person(person) for person in visit.visitors],
        "host_country": visit.host_country,
        "host": _host(visit.host),
        "cities": list(visit.cities),
        "start": _iso(visit.start),
        "end": _iso(visit.end),
        "original_start": _iso(visit.original_start),
        "original_end": _iso(visit.original_end),
        "status": status.value,
        "visit_kind": visit.visit_kind.value,
        "delegation": [_person(person) for person in visit.delegation],
        "at_invitation_of": visit.at_invitation_of,
        "date_text": visit.date_text,
        "items": [_item(item) for item in visit.items],
        "evidence": visit.evidence,
        "evidence_spans": _spans(visit.evidence_spans),
        "confidence": _confidence(visit.confidence),
    }


def _item(item: ItemDraft) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "title": item.title,
        "form": item.form,
        "date": _iso(item.date),
        "start_time": item.start_time,
        "end_time": item.end_time,
        "timezone": item.timezone,
        "precision": item.precision.value,
        "part_of_day": item.part_of_day.value if item.part_of_day else None,
        "duration_minutes": item.duration_minutes,
        "place": item.place,
        "city": item.city,
        "participants": list(item.participants),
        "offices": list(item.offices),
        "order": item.order,
        "status": item.status.value,
        "press_access": item.press_access.value,
        "accreditation_until": item.accreditation_until.isoformat() if item.accreditation_until else None,
        "evidence": item.evidence,
        "evidence_spans": _spans(item.evidence_spans),
        "confidence": _confidence(item.confidence),
    }


def _person(person: PersonDraft) -> dict[str, Any]:
    return {"name": person.name, "aliases": list(person.aliases), "title": person.title, "country": person.country}


def _host(person: PersonDraft | None) -> dict[str, Any] | None:
    return {"name": person.name, "aliases": list(person.aliases), "title": person.title} if person else None


def _spans(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    return {
        field: [{"start": span.start, "end": span.end, "quote": span.quote, "rule": span.rule} for span in spans]
        for field, spans in evidence.items()
    }


def _confidence(confidence: Confidence) -> dict[str, float]:
    return dict(confidence)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None
