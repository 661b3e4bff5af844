"""What a calendar states of its event, put in place of what was read of it: days, hours, clock, cancellation. Pure.

Who and what are read from the event's words as from any text; when it is stands in fields of the calendar, which the
head of its text (`documents.event_text`) holds exactly.
"""

from __future__ import annotations

from dataclasses import replace

from diplomacy.documents.event_text import CANCELLED, EventHead, head_of
from diplomacy.parsing.reading import ItemDraft, Reading, Span, VisitDraft
from diplomacy.vocabulary import ItemKind, ItemStatus, Precision, VisitStatus

_RULE = "calendar_field"
_SURE = 1.0
_UNTOLD = 0.5  # of the kind of an event whose words name none: "other" is a question to the editor


def as_stated(reading: Reading, text: str) -> Reading:
    """The reading of an event's text with the times that its calendar states.

    What is told in the event's title is the event: it has its days and hours. What its description tells besides keeps
    its own. Where the title tells nothing that is known, the event is an item of its own all the same.
    """
    head = head_of(text)
    if head is None:
        return reading
    titled = [item for item in reading.items if _is_titled(item, head)]
    visits = tuple(_visit(visit, head, text) for visit in reading.visits)
    if not titled and not visits:
        own = _item(_untold(head, text), head, text, is_alone=True)
        return replace(reading, items=(own, *reading.items), warnings=())
    items = tuple(
        _item(item, head, text, is_alone=len(titled) == 1) if item in titled else item for item in reading.items
    )
    return replace(reading, items=items, visits=visits)


def _is_titled(item: ItemDraft, head: EventHead) -> bool:
    start, end = head.title
    spans = [span for field in ("kind", "title") for span in item.evidence_spans.get(field, ())]
    return any(start <= span.start < end for span in spans)


def _item(item: ItemDraft, head: EventHead, text: str, *, is_alone: bool) -> ItemDraft:
    """An item of the title at the event's time. Of several in one title only the first is at its beginning, and it is
    not said when any of them ends."""
    when = head.when
    spans = {name: found for name, found in item.evidence_spans.items() if name not in _TIMES}
    confidence = {name: sure for name, sure in item.confidence.items() if name not in _TIMES}
    spans["date"] = (_span(head.days, text),)
    confidence["date"] = _SURE
    item = replace(item, date=when.first, evidence=item.evidence or text[slice(*head.title)])
    if head.hours is None:
        item = replace(item, start_time=None, end_time=None, timezone=None, precision=Precision.DAY, part_of_day=None)
    elif is_alone or item.order == 1:
        zone = None if when.unknown_zone else when.zone or item.timezone
        spans["start_time"] = (_span(head.hours, text), _span(head.days, text))
        if when.zone:
            spans["timezone"] = (_span(head.days, text),)
        confidence["start_time"] = _SURE
        end = when.end if is_alone else ""
        if end:
            spans["end_time"] = (_span(head.hours, text),)
            confidence["end_time"] = _SURE
        item = replace(
            item,
            start_time=when.start,
            end_time=end or None,
            timezone=zone,
            precision=Precision.EXACT,
            part_of_day=None,
        )
    else:
        item = replace(item, start_time=None, end_time=None, timezone=None, precision=Precision.ORDER)
    if head.location is not None and not item.place:
        place = _span(head.location, text)
        spans["place"], confidence["place"] = (place,), _SURE
        item = replace(item, place=place.quote)
    if cancelled := _cancelled(text):
        item = replace(item, status=ItemStatus.CANCELLED)
        spans["status"], confidence["status"] = (cancelled,), _SURE
    return replace(item, evidence_spans=spans, confidence=confidence)


_TIMES = frozenset({"date", "start_time", "end_time", "timezone", "part_of_day", "duration_minutes"})


def _visit(visit: VisitDraft, head: EventHead, text: str) -> VisitDraft:
    """A visit on the days of the event, where its own words name none; cancelled with it."""
    spans, confidence = dict(visit.evidence_spans), dict(visit.confidence)
    if visit.start is None and visit.date_text is None:
        spans["start"] = spans["end"] = (_span(head.days, text),)
        confidence["start"] = confidence["end"] = _SURE
        visit = replace(visit, start=head.when.first, end=head.when.last)
    items = tuple(
        _item(item, head, text, is_alone=True) if _is_titled(item, head) else item
        for item in visit.items
        if not (item.kind is ItemKind.SITE_VISIT and item.title == text[slice(*head.title)])  # the visit itself
    )
    if cancelled := _cancelled(text):
        visit = replace(visit, status=VisitStatus.CANCELLED)
        spans["status"], confidence["status"] = (cancelled,), _SURE
    return replace(visit, items=items, evidence_spans=spans, confidence=confidence)


def _untold(head: EventHead, text: str) -> ItemDraft:
    title = _span(head.title, text)
    return ItemDraft(
        kind=ItemKind.OTHER,
        title=title.quote,
        evidence=title.quote,
        evidence_spans={"title": (title,), "kind": (title,)},
        confidence={"title": _SURE, "kind": _UNTOLD},
    )


def _cancelled(text: str) -> Span | None:
    """The line that says that the event is cancelled: the last, where the calendar states it."""
    start = len(text) - len(CANCELLED)
    return Span(start, len(text), CANCELLED, _RULE) if text.endswith(f"\n{CANCELLED}") else None


def _span(ends: tuple[int, int], text: str) -> Span:
    return Span(*ends, text[slice(*ends)], _RULE)
