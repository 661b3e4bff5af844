"""What is known of each value of a draft, for its confidence: facts with names (see confidence.py).

A fact says how something was read ("the hour leads its line"), never what the value is. None depends on where in the
text a value stands or on how long the text is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from diplomacy.parsing.confidence import Facts, Value, Weigh, trees
from diplomacy.parsing.dates import DateMention, Kind
from diplomacy.parsing.dates.values import DateWarning
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.item import Item
from diplomacy.parsing.layout import Form
from diplomacy.parsing.reading import Confidence, ItemDraft, PersonDraft, Span, VisitDraft
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind, ItemStatus, PressAccess, VisitKind

# Once: an enum's members are slow to look up.
_DAYS_DISAGREE, _WEEKDAY_DISAGREES = DateWarning.DAYS_DISAGREE, DateWarning.WEEKDAY_DISAGREES
_LINE = Form.LINE
_DATE = Kind.DATE
_PRESS_ACCESS_UNSPECIFIED = PressAccess.UNSPECIFIED
_VISIT_KIND_UNSPECIFIED = VisitKind.UNSPECIFIED

_COMPLETE = frozenset({"en", "es", "fr", "pt"})
_SURE_DATE = 0.9  # the confidence from which the rule of a date mention counts as sure
_OFTEN = 3  # mentions of somebody
_LATELY, _SOON = 10, 45  # days before and after publication of which news mostly tells
_LONG_SENTENCE = 260  # characters
_FAR = 90  # characters between the words of an item and somebody who takes part
_KINDS = {kind: f"kind_{kind.value}" for kind in ItemKind}
_KINDS_THERE = {kind: f"is_{kind.value}" for kind in ItemKind}
_STATUSES = {status: f"item_{status.value}" for status in ItemStatus}
_NAMED = {where: f"participant_{where}" for where in ("in_line", "before_words", "after_words")}
_TAKING_PART = ("none_take_part", "one_takes_part", "two_take_part", "several_take_part")
# What speaks for or against a visitor's being the right one also speaks of the items they are held to take part in.
_OF_VISITOR = frozenset({
    "home_unknown",
    "host_by_city_of_programme",
    "told_by_held",
    "visit_between_others",
    "visit_dated_by_items",
    "visitor_carried_over",
    "visitor_country_unknown",
    "visitor_elsewhere_then",
})  # fmt: skip


class Assessor:
    """Says of the values of one text how sure they are."""

    def __init__(
        self, found: Findings, stays: Sequence[Stay], items: Sequence[Item], weigh: Weigh | None = None
    ) -> None:
        self.found, self.stays, self.weigh = found, stays, weigh or trees()
        self.today = found.document.published_on
        self.told = Counter((one.kind, one.day, id(one.stay)) for one in items)
        self.in_unit = Counter(one.unit.start for one in items)
        self.text: Facts = (
            *(("partial_language",) if found.language.code not in _COMPLETE else ()),
            *(("several_visits",) if len(stays) > 1 else ()),
            *(("many_visits",) if len(stays) > 3 else ()),
        )
        given = found.document.source_span
        self.mention_at = {given(one.start, one.end)[0]: one for one in found.dates}
        self.of_person: dict[int, Facts] = {}
        self.of_mention: dict[int, Facts] = {}
        self.of_stay = {id(stay): tuple(self._stay_facts(stay)) for stay in stays}

    # Visits

    def visit(self, stay: Stay, draft: VisitDraft, host: Referent | None, inviter: Referent | None) -> Confidence:
        """The confidence of each value that a visit's draft gives."""
        values = [*self._people_of(stay, draft), *self._host_values(draft, host, inviter), *self._days(stay, draft)]
        for number, city in enumerate(draft.cities):
            values.append((f"cities.{number}", "visit.cities", self._city_facts(stay, city, number)))
        if draft.host_country is not None:
            values.append(("host_country", "visit.host_country", self._host_country_facts(stay)))
        values.append(("status", "visit.status", self._status_facts(stay, draft)))
        whole = (*self.text, *self.of_stay[id(stay)], *(("visit_with_items",) if draft.items else ("visit_alone",)))
        confidence = self.weigh("visit", whole, values)
        if draft.visit_kind is not _VISIT_KIND_UNSPECIFIED:
            confidence["visit_kind"] = confidence["status"]
        return confidence

    def _stay_facts(self, stay: Stay) -> Iterator[str]:
        """What speaks for or against a visit as a whole."""
        yield from _person_facts(stay.visitor, "visitor")
        if stay.visitor.country is None:
            yield "visitor_country_unknown"
        elif stay.visitor.country == stay.host:
            yield "visitor_of_host_country"
        rules = {span.rule for span in stay.spans.get("host_country", ())}
        yield from (f"host_by_{rule}" for rule in sorted(rules))
        yield from (f"told_by_{label}" for label in sorted(stay.told_by))
        if stay.told_by and stay.told_by <= {"goes", "held", "presence"}:
            yield "told_without_noun"
        if len({(unit.start, unit.end) for unit in stay.units}) > 1:
            yield "told_again"
        if stay.units:
            unit = stay.units[0]
            if unit.form is _LINE:
                yield "told_in_line"
            if not any(unit.start <= one.start < unit.end for one in stay.visitor.mentions):
                yield "visitor_carried_over"
        if stay.is_off:
            yield "visit_off"
        if stay.cities:
            yield "visit_with_city"
        yield from self._when_facts(stay)
        yield from self._setting_facts(stay)

    def _when_facts(self, stay: Stay) -> Iterator[str]:
        """How well a visit is dated, and how near the publication it lies."""
        if stay.first is None:
            yield "visit_undated"
            return
        if stay.is_dated_by_items:
            yield "visit_dated_by_items"
        elif stay.last is not None and stay.last > stay.first:
            yield "visit_of_days"
        ahead = (stay.first - self.today).days
        yield "visit_long_past" if ahead < -_LATELY else "visit_far_ahead" if ahead > _SOON else "visit_of_now"

    def _setting_facts(self, stay: Stay) -> Iterator[str]:
        """How a visit stands to the country of its text, and to the other visits told there."""
        home = self.found.home
        if home is None:
            yield "home_unknown"
        elif stay.host == home:
            yield "visit_received"
        else:
            yield "visit_from_home" if stay.visitor.country in (home, None) else "visit_between_others"
        others = [one for one in self.stays if one is not stay]
        if any(one.visitor is stay.visitor and one.covers(stay.first) for one in others):
            yield "visitor_elsewhere_then"
        if any(one.host == stay.host for one in others):
            yield "host_of_several"

    def _people_of(self, stay: Stay, draft: VisitDraft) -> Iterator[Value]:
        visitors = (stay.visitor, *stay.company)
        lists = (("visitors", visitors, draft.visitors), ("delegation", stay.company, draft.delegation))
        for name, people, drafts in lists:
            for number, (who, person) in enumerate(zip(people, drafts, strict=True)):
                yield from self._person(f"{name}.{number}", who, person, in_company=who is not stay.visitor)

    def _person(self, path: str, who: Referent, person: PersonDraft, *, in_company: bool) -> Iterator[Value]:
        rank = ("in_company",) if in_company else ()
        if person.name:
            yield (f"{path}.name", "visit.visitors.name", (*rank, *self._known_facts(who)))
        if person.title:
            yield (f"{path}.title", "visit.visitors.title", (*rank, *_title_facts(who)))
        if person.country:
            source = "country_of_text" if who.country is None else "country_stated"
            yield (f"{path}.country", "visit.visitors.country", (*rank, source))

    def _host_values(self, draft: VisitDraft, host: Referent | None, inviter: Referent | None) -> Iterator[Value]:
        if draft.host is not None and host is not None:
            if host is inviter:
                source = "host_invites"
            elif any(one.is_counterpart for one in host.mentions):
                source = "host_is_counterpart"
            else:
                source = "host_of_the_country" if host.country == draft.host_country else "host_by_rank"
            facts = (source, *_person_facts(host, "person"))
            yield ("host.name", "visit.host.name", facts)
            if draft.host.title:
                yield ("host.title", "visit.host.title", (source, *_title_facts(host)))
        if draft.at_invitation_of and inviter is not None:
            yield ("at_invitation_of", "visit.at_invitation_of", tuple(_person_facts(inviter, "person")))

    def _days(self, stay: Stay, draft: VisitDraft) -> Iterator[Value]:
        for name in ("start", "end", "original_start", "original_end"):
            if getattr(draft, name) is not None:
                facts = self._day_facts(stay, stay.spans.get(name, ()))
                yield (name, f"visit.{name}", tuple(facts))

    def _day_facts(self, stay: Stay, spans: Sequence[Span]) -> Iterator[str]:
        if stay.is_shared:
            yield "days_shared_by_tour"
        if stay.disagrees:
            yield "weekday_disagrees"
        if stay.is_dated_by_items:
            yield "day_by_items"
            return
        if not spans:
            yield "day_without_words"
            return
        span = spans[-1]
        yield from (f"day_by_{span.rule}",) if span.rule.endswith("_of_programme") else ()
        mention = self.mention_at.get(span.start)
        if mention is None:
            return
        yield from _mention_facts(mention, warned=not stay.disagrees)
        if not any(unit.start <= mention.start < max(unit.end, unit.notes_end) for unit in stay.units):
            yield "day_told_elsewhere"

    def _host_country_facts(self, stay: Stay) -> Facts:
        """By which words the country is known."""
        return (
            *(f"host_by_{rule}" for rule in sorted({span.rule for span in stay.spans.get("host_country", ())})),
            *(("host_of_several",) if sum(one.host == stay.host for one in self.stays) > 1 else ()),
            *(("host_with_city",) if stay.cities else ()),
        )

    def _status_facts(self, stay: Stay, draft: VisitDraft) -> Facts:
        stated = stay.spans.get("status") and stay.status is draft.status
        dated = "status_stated" if stated else "status_by_date" if stay.first is not None else "status_by_default"
        return (dated, f"status_{draft.status.value}")

    def _city_facts(self, stay: Stay, city: str, number: int) -> Facts:
        place = stay.cities.get(city)
        if place is None:
            return ()
        told = any(unit.start <= place.start < unit.end for unit in stay.units)
        return (
            "city_told_with_visit" if told else "city_told_elsewhere",
            *(("city_after_others",) if number else ()),
            *(("city_is_capital",) if place.city.is_capital else ()),
        )

    # Items

    def item(self, item: Item, draft: ItemDraft) -> Confidence:
        """The confidence of each value that an item's draft gives."""
        words = tuple(self._kind_facts(item))
        values: list[Value] = [("kind", "item.kind", (_KINDS[item.kind], *words))]
        values += self._times(item, draft)
        values.append(("status", "item.status", (_STATUSES[item.status], *self._status_source(item))))
        if draft.city is not None:
            within = any(one.name == draft.city for one in self.found.within(self.found.cities, item.begins, item.ends))
            values.append(("city", "item.city", ("city_named" if within else "city_of_heading",)))
        if draft.place is not None:
            values.append(("place", "item.place", ()))
        values += self._participants(item, draft)
        confidence = self.weigh("item", (*self.text, *words, *self._item_facts(item, draft)), values)
        return _with_the_like(confidence, draft)

    def _item_facts(self, item: Item, draft: ItemDraft) -> Iterator[str]:
        """What speaks for or against an item as a whole."""
        unit = item.unit
        yield "item_in_line" if unit.form is _LINE else "item_in_prose"
        yield _KINDS_THERE[item.kind]
        if item.start_time is not None:
            yield "item_at_an_hour"
        yield _TAKING_PART[min(len(draft.participants), 3)]
        yield "item_in_agenda" if unit.owner is not None else "item_of_visit" if item.stay is not None else "item_free"
        yield from self._place_in_visit(item)
        if item.day is None:
            yield "item_undated"
        elif item.day < self.today:
            yield "item_past"
        if self.told[item.kind, item.day, id(item.stay)] > 1:
            yield "kind_again_that_day"
        if not item.is_prose and self.in_unit[unit.start] > 1:
            yield "several_in_line"
        if "participants" not in item.spans:
            yield "nobody_named_in_prose" if item.is_prose else "nobody_named_in_line"
        if item.is_prose:
            spans = item.spans.get("date")
            mention = self.mention_at.get(spans[0].start) if spans else None
            own_day = mention is not None and unit.start <= mention.start < unit.end
            yield "own_day" if own_day else "own_hour" if item.start_time is not None else "no_own_time"
            if self.in_unit[unit.start] > 1:
                yield "several_in_sentence"
            if unit.end - unit.start > _LONG_SENTENCE:
                yield "long_sentence"

    def _kind_facts(self, item: Item) -> Iterator[str]:
        """By what kind of words an item is told."""
        if item.is_default or item.words is None:
            yield "kind_guessed"
            return
        for event in self.found.within(self.found.events, item.words[0], item.words[0] + 1):
            if item.is_prose:
                yield "told_by_verb" if event.is_verb else "told_by_noun"
            if event.kind is not item.kind:
                yield "kind_turned"

    def _place_in_visit(self, item: Item) -> Iterator[str]:
        stay = item.stay
        if stay is None:
            return
        if stay.is_off:
            yield "item_of_visit_off"
        elif "host_by_visit_to" not in self.of_stay[id(stay)]:
            yield "item_of_inferred_visit"
        if not stay.covers(item.day):
            yield "item_outside_visit"
        if item.is_prose and any(item.unit.start <= one.start < item.unit.end for one in stay.visitor.mentions):
            yield "visitor_in_sentence"

    def _times(self, item: Item, draft: ItemDraft) -> Iterator[Value]:
        if draft.date is not None:
            yield ("date", "item.date", tuple(self._date_facts(item)))
        if draft.start_time is None:
            return
        facts = tuple(self._hour_facts(item))
        yield ("start_time", "item.start_time", facts)
        if draft.end_time is not None:
            yield ("end_time", "item.end_time", facts)
        if draft.timezone is not None:
            source = "zone_stated" if item.zone is not None else "zone_of_city" if draft.city else "zone_of_visit"
            yield ("timezone", "item.timezone", (source,))

    def _hour_facts(self, item: Item) -> Iterator[str]:
        """Where an hour stands, and what its words leave open."""
        spans = item.spans.get("start_time")
        mention = self.mention_at.get(spans[0].start) if spans else None
        if self.in_unit[item.unit.start] > 1:
            yield "hour_of_several"
        if mention is None or mention is not item.unit.clock:
            yield "hour_in_words"
        elif mention.start < item.unit.line_start:
            yield "hour_above_line"
        else:
            yield "hour_leads_line" if mention.start < item.begins else "hour_ends_line"
        if mention is None:
            return
        if mention.warnings:
            yield "hour_with_warning"
        if mention.is_approximate:
            yield "hour_about"
        if mention.second_time is not None:
            yield "hour_on_two_clocks"

    def _date_facts(self, item: Item) -> Iterator[str]:
        spans = item.spans.get("date")
        if not spans:
            yield "date_of_visit"
            return
        mention = self.mention_at.get(spans[0].start)
        if mention is None:
            return
        yield from self._mention_facts(mention)
        unit = item.unit
        if item.is_prose:
            yield "date_in_prose"
        if item.stay is not None and not item.stay.covers(item.day):
            yield "date_outside_visit"
        if unit.line_start <= mention.start < max(unit.end, unit.notes_end):
            yield "date_told_with_item"
        else:
            yield "date_of_heading" if mention is unit.day else "date_carried_over"

    def _mention_facts(self, mention: DateMention) -> Facts:
        """Those of a day on which many items are, made once."""
        facts = self.of_mention.get(id(mention))
        if facts is None:
            facts = self.of_mention[id(mention)] = tuple(_mention_facts(mention))
        return facts

    def _status_source(self, item: Item) -> Facts:
        told = ("status_in_prose",) if item.is_prose else ()
        if item.day is None:
            return (*told, "status_undated")
        return (*told, "status_of_today") if item.day == self.today else told

    def _participants(self, item: Item, draft: ItemDraft) -> Iterator[Value]:
        people = {one.label: one for one in reversed(item.people)}
        for number, label in enumerate(draft.participants):
            who = people[label]
            facts = (*self._part(who, item), *self._known_facts(who), *_side(who, item.stay))
            yield (f"participants.{number}", "item.participants", facts)

    def _known_facts(self, who: Referent) -> Facts:
        """Those of somebody named in many items, made once."""
        facts = self.of_person.get(id(who))
        if facts is None:
            facts = self.of_person[id(who)] = tuple(_person_facts(who, "person"))
        return facts

    def _part(self, who: Referent, item: Item) -> Facts:
        """Why somebody is held to take part: named with the item, whose agenda or visit it is, or one side of two."""
        at = item.words[0] if item.words is not None else item.begins
        for one in who.mentions:
            if item.begins <= one.start < item.ends:
                where = "in_line" if not item.is_prose else "before_words" if one.start < at else "after_words"
                is_far = abs(one.start - at) > _FAR
                return (_NAMED[where], "participant_named_far") if is_far else (_NAMED[where],)
        if who is item.unit.owner:
            return ("participant_is_owner",)
        if item.stay is None or who is not item.stay.visitor:
            return ("participant_inferred",)
        own = tuple(fact for fact in self.of_stay[id(item.stay)] if fact in _OF_VISITOR)
        if not item.is_prose:
            return ("participant_is_visitor", *own)
        others = self.found.within(self.found.people, item.begins, at)
        is_first = all(one.is_weak for one in others)
        return ("participant_is_visitor", *own, "visitor_understood" if is_first else "another_before_words")


def _side(who: Referent, stay: Stay | None) -> Facts:
    """Whether somebody is of one of the two countries that an item concerns."""
    if who.country is None:
        return ("side_unknown",)
    if stay is None or who is stay.visitor:
        return ()
    return ("side_of_host",) if who.country == stay.host else ("side_of_neither",)


def _person_facts(who: Referent, prefix: str) -> Iterator[str]:
    """How well somebody is known: by name and office, by either, by a run of capitals."""
    if who.is_weak:
        yield f"{prefix}_is_weak"
    elif who.name and who.title:
        yield f"{prefix}_with_office"
    elif who.name:
        yield f"{prefix}_honoured" if who.is_official else f"{prefix}_by_bare_name"
    else:
        yield f"{prefix}_by_office"
    if who.name and " " not in who.name:
        yield f"{prefix}_of_one_word"
    if len(who.mentions) >= _OFTEN:
        yield f"{prefix}_named_often"


def _title_facts(who: Referent) -> Iterator[str]:
    if who.name and any(one.name and one.title == who.title for one in who.mentions):
        yield "title_beside_name"
    elif who.name:
        yield "title_apart"
    else:
        yield "title_without_name"
    if len(who.title.split()) == 1:
        yield "title_of_one_word"


def _mention_facts(mention: DateMention, *, warned: bool = True) -> Iterator[str]:
    """What the words of a day say of its certainty."""
    if warned and _disagrees(mention.warnings):
        yield "weekday_disagrees"
    if mention.kind is _DATE:
        is_span = mention.first is not None and mention.last is not None and mention.last > mention.first
        yield "days_spanned" if is_span else "day_of_calendar"
    else:
        yield f"day_by_{mention.kind.value}"
    if mention.confidence < _SURE_DATE:
        yield "day_unsure"


def _disagrees(warnings: Iterable[DateWarning]) -> bool:
    return any(one in (_WEEKDAY_DISAGREES, _DAYS_DISAGREE) for one in warnings)


def _with_the_like(confidence: dict[str, float], draft: ItemDraft) -> Confidence:
    """Values that no annotation holds are as sure as what they come from: a title as the kind, a precision as the hour
    or the day.
    """
    kind = confidence["kind"]
    date = confidence.get("date", kind)
    when = confidence.get("start_time", date)
    confidence["title"], confidence["order"], confidence["precision"] = kind, date, when
    if draft.form:
        confidence["form"] = kind
    if draft.part_of_day is not None:
        confidence["part_of_day"] = when
    if draft.duration_minutes is not None:
        confidence["duration_minutes"] = when
    if draft.press_access is not _PRESS_ACCESS_UNSPECIFIED:
        confidence["press_access"] = kind
    if draft.accreditation_until is not None:
        confidence["accreditation_until"] = kind
    return confidence
