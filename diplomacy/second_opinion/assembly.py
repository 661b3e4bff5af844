"""From a model's answer to a reading: what stands in the text is kept in the text's words, the rest is rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from diplomacy.parsing.reading import ItemDraft, PersonDraft, Reading, Span, VisitDraft
from diplomacy.second_opinion import answer
from diplomacy.second_opinion.extractor import Extracted
from diplomacy.second_opinion.grammar import Grammar
from diplomacy.second_opinion.grounding import Source
from diplomacy.vocabulary import ItemStatus, Precision, VisitKind, VisitStatus

B = TypeVar("B", bound=BaseModel)
_LONGEST_TITLE = 120
_SHORT_LINE = 40  # characters of a line that holds an hour and little else
_SHOWN = 80  # characters of what was rejected


class Assembly:
    """Makes one reading; `rejected` says in words what was not kept."""

    def __init__(self, source: Source, grammar: Grammar) -> None:
        self.source, self.grammar = source, grammar
        self.rejected: list[str] = []

    def reading(self, envelope: answer.Envelope, language: str | None) -> Extracted:
        """Everything of the answer that stands in the text."""
        visits = [self._visit(visit) for visit in self._valid(answer.Visit, envelope.visits, "visit")]
        items = [self._item(item) for item in self._valid(answer.Item, envelope.items, "item")]
        found = Reading(
            language=language,
            visits=tuple(visit for visit in visits if visit is not None),
            items=_in_order([item for item in items if item is not None]),
        )
        return Extracted(found, tuple(self.rejected))

    def _valid(self, kind: type[B], given: Sequence[dict[str, JsonValue]], what: str) -> list[B]:
        found = []
        for one in given:
            try:
                found.append(kind.model_validate(one))
            except ValidationError as error:
                fields = {".".join(map(str, fault["loc"])) for fault in error.errors()}
                self.rejected.append(f"{what}: not of the shape asked for ({', '.join(sorted(fields))[:_SHOWN]})")
        return found

    def _visit(self, said: answer.Visit) -> VisitDraft | None:
        place = self.find(said.words, "visit")
        if place is None:
            return None
        evidence = _Evidence(self, place)
        visitors = evidence.people("visitors", said.visitors)
        if not visitors:
            self.rejected.append(f"visit: none of its visitors is in the text: “{said.words[:_SHOWN]}”")
            return None
        hosts = evidence.people("host", [said.host] if said.host else [])
        country = evidence.span("host_country", said.host_country)
        days = evidence.span("start", said.days)
        start, end = self.grammar.days(days) if days else (None, None)
        cities = [evidence.span(f"cities.{number}", city) for number, city in enumerate(said.cities)]
        has_kind = said.kind is not VisitKind.UNSPECIFIED and evidence.span("visit_kind", said.kind_words)
        has_status = said.status is not VisitStatus.ANNOUNCED and evidence.span("status", said.status_words)
        items = [self._item(item) for item in self._valid(answer.Item, said.items, "item")]
        return VisitDraft(
            visitors=visitors,
            host_country=self.grammar.country(country) if country else None,
            host=hosts[0] if hosts else None,
            cities=tuple(dict.fromkeys(city.quote for city in cities if city)),
            start=start,
            end=end,
            status=said.status if has_status else VisitStatus.ANNOUNCED,
            visit_kind=said.kind if has_kind else VisitKind.UNSPECIFIED,
            at_invitation_of=evidence.quote("at_invitation_of", said.invited_by),
            date_text=days.quote if days and start is None else None,
            items=_in_order([item for item in items if item is not None]),
            evidence=place.quote,
            evidence_spans=evidence.kept,
        )

    def _item(self, said: answer.Item) -> ItemDraft | None:
        place = self.find(said.words, "item")
        if place is None:
            return None
        evidence = _Evidence(self, place)
        evidence.kept["kind"] = (place,)
        day, hour = evidence.span("date", said.day), evidence.span("start_time", said.clock)
        if hour is not None and not self._is_beside(hour, place):
            self.rejected.append(f"start_time: not said beside its item: “{hour.quote[:_SHOWN]}”")
            del evidence.kept["start_time"]
            hour = None
        clock = self.grammar.clock(hour) if hour else None
        first = self.grammar.days(day)[0] if day else None
        people = [evidence.span(f"participants.{number}", name) for number, name in enumerate(said.participants)]
        has_status = said.status is not ItemStatus.SCHEDULED and evidence.span("status", said.status_words)
        draft = ItemDraft(
            kind=said.kind,
            title=place.quote[:_LONGEST_TITLE],
            date=first,
            start_time=clock.time if clock else None,
            end_time=clock.until if clock else None,
            timezone=clock.zone if clock else None,
            part_of_day=clock.part if clock else None,
            place=evidence.quote("place", said.place),
            city=evidence.quote("city", said.city),
            participants=tuple(dict.fromkeys(one.quote for one in people if one)),
            status=said.status if has_status else ItemStatus.SCHEDULED,
            evidence=place.quote,
            evidence_spans=evidence.kept,
        )
        return replace(draft, precision=_precision(draft))

    def _is_beside(self, hour: Span, place: Span) -> bool:
        """Whether an hour stands in a line of its item, or in the next one before or after with little else there: an
        hour quoted from elsewhere is another event's.
        """
        of_hour, of_place = self.source.lines_of(hour), self.source.lines_of(place)
        apart = max(of_place.start - of_hour.stop, of_hour.start - of_place.stop) + 1
        return apart <= 0 or (apart == 1 and len(self.source.line(of_hour.start).strip()) <= _SHORT_LINE)

    def find(self, quote: str, what: str, near: int = 0) -> Span | None:
        """The words in the text, else a line in `rejected` that names `what` they were for."""
        found = self.source.find(quote, near=near)
        if found is None:
            self.rejected.append(f"{what}: not in the text: “{quote[:_SHOWN]}”")
        return found


class _Evidence:
    """Looks words up near those of their visit or item, and keeps where they were found."""

    def __init__(self, assembly: Assembly, place: Span) -> None:
        self.assembly, self.near = assembly, place.start
        self.kept: dict[str, tuple[Span, ...]] = {}

    def span(self, field: str, quote: str | None) -> Span | None:
        if quote is None:
            return None
        found = self.assembly.find(quote, field, self.near)
        if found is not None:
            self.kept[field] = (found,)
        return found

    def quote(self, field: str, quote: str | None) -> str | None:
        found = self.span(field, quote)
        return found.quote if found else None

    def people(self, field: str, said: Sequence[answer.Person]) -> tuple[PersonDraft, ...]:
        found: list[PersonDraft] = []
        for one in said:
            path = field if field == "host" else f"{field}.{len(found)}"
            name = self.quote(f"{path}.name", one.name)
            if name is None:
                continue
            country = self.span(f"{path}.country", one.country)
            code = self.assembly.grammar.country(country) if country else None
            found.append(PersonDraft(name=name, title=self.quote(f"{path}.title", one.title), country=code))
        return tuple(found)


def _precision(item: ItemDraft) -> Precision:
    if item.start_time is not None:
        return Precision.EXACT
    if item.part_of_day is not None:
        return Precision.PART_OF_DAY
    return Precision.DAY if item.date is not None else Precision.ORDER


def _in_order(items: Sequence[ItemDraft]) -> tuple[ItemDraft, ...]:
    """Numbered among the items of the same date, as the answer gives them."""
    counted: Counter[object] = Counter()
    numbered = []
    for item in items:
        counted[item.date] += 1
        numbered.append(replace(item, order=counted[item.date]))
    return tuple(numbered)
