"""Which words of a unit tell a programme item, of which kind, and when: the choice before an item is made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from diplomacy.parsing.dates import ClockTime, DateMention, Kind, Relative, resolve_relative
from diplomacy.parsing.dates.values import Grain
from diplomacy.parsing.finders.offices import office_words
from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.findings import EventMention, Findings
from diplomacy.parsing.gazetteer.countries import country_words
from diplomacy.parsing.layout import Form, Unit
from diplomacy.vocabulary import ItemKind, PartOfDay, Rank

# Once: an enum's members are slow to look up.
_HEADING, _LINE = Form.HEADING, Form.LINE
_DAY = Grain.DAY
_ARRIVAL, _AUDIENCE, _BILATERAL_MEETING = ItemKind.ARRIVAL, ItemKind.AUDIENCE, ItemKind.BILATERAL_MEETING
_CABINET_MEETING, _CEREMONY = ItemKind.CABINET_MEETING, ItemKind.CEREMONY
_ENLARGED_SESSION, _FORUM, _OFFICIAL_DINNER = ItemKind.ENLARGED_SESSION, ItemKind.FORUM, ItemKind.OFFICIAL_DINNER
_PRESS_CONFERENCE, _SITE_VISIT, _SPEECH = ItemKind.PRESS_CONFERENCE, ItemKind.SITE_VISIT, ItemKind.SPEECH
_SUMMIT, _WORKING_MEAL = ItemKind.SUMMIT, ItemKind.WORKING_MEAL
_RELATIVE = Kind.RELATIVE
_HEAD_OF_ORGANISATION = Rank.HEAD_OF_ORGANISATION
_NTH_DAY = Relative.NTH_DAY

_made = tuple.__new__  # a named tuple by itself is made in three times the time
_OLD = dt.timedelta(days=40)
_RULERS = frozenset({Rank.HEAD_OF_STATE, Rank.HEAD_OF_GOVERNMENT})
_BACK = 5000  # characters of a paragraph before a sentence, in which the day spoken of stands
_NEAR = 48  # characters within which a word says something of the event
_LEADS_ON = 34  # characters between two items of one line
_DAYS = (Kind.DATE, Kind.WEEKDAY, Kind.DEICTIC, Kind.RELATIVE)
_MEETINGS = frozenset({ItemKind.BILATERAL_MEETING, ItemKind.ENLARGED_SESSION})


class Happening(NamedTuple):
    """An event with the part of its unit that speaks of it, and its time as told.

    `begins` and `ends` bound that part; `is_led` is true where it follows from the one before ("suivi de").
    """

    event: EventMention
    kind: ItemKind
    begins: int
    ends: int
    day: DateMention | None = None
    clock: DateMention | None = None
    part_mention: DateMention | None = None
    is_led: bool = False

    @property
    def part(self) -> PartOfDay | None:
        """The part of the day in which it is told to be."""
        return self.part_mention.part_of_day if self.part_mention is not None else None


class Chooser:
    """Chooses the happenings of a unit; `reference` is the day spoken of, for "le lendemain"."""

    def __init__(self, found: Findings, unit: Unit, *, has_visit: bool, goes_on: bool) -> None:
        self.found, self.unit, self.has_visit, self.goes_on = found, unit, has_visit, goes_on
        self.people: Sequence[PersonMention] = ()  # whoever the unit names

    def happenings(self) -> list[Happening]:
        """In order; times and days where the unit itself tells them."""
        here = self.found.within(self.found.events, self.unit.start, self.unit.end)
        if not here or self._is_negative():
            return []
        self.people = self.found.within(self.found.people, self.unit.start, self.unit.end)
        events = self._line_events(here) if self.unit.form is _LINE else self._prose_events(here)
        if not events:
            return []
        bounds = [*(event.start for event in events[1:]), self.unit.end][: len(events)]
        found: list[Happening] = []
        begins = self.unit.start
        for event, ends in zip(events, bounds, strict=True):
            kind = self._kind(event, ends)
            is_led = bool(found) and self._is_led(begins, event)
            found.append(Happening(event, kind, begins, ends, None, None, None, is_led))
            begins = event.end
        return self._timed(found)

    def _is_negative(self) -> bool:
        return "negative" in self.found.labels(self.found.status, self.unit.start, self.unit.end)

    # Lines of a list

    def _line_events(self, here: Sequence[EventMention]) -> list[EventMention]:
        chosen: list[EventMention] = []
        for event in here:
            if self._is_inside_person(event) or self._is_in_brackets(event):
                continue
            if chosen and not self._is_second(chosen[-1], event):
                continue
            if self._is_of_stay(event) and self._is_abroad(event):
                continue
            if self._is_background(event) and (chosen or event.start > self.unit.start + 3):
                continue
            if (
                chosen
                and (chosen[-1].kind is _ARRIVAL or self._is_attached(event))
                and (event.kind in (_CEREMONY, _ARRIVAL))
            ):
                continue  # the welcome at an event is part of it
            chosen.append(event)
        return chosen

    def _is_attached(self, event: EventMention) -> bool:
        """ "Visite de l'Agence ; accueil par la directrice": no event of its own."""
        return "attached" in self.found.labels(self.found.clauses, event.start, event.end)

    def _is_second(self, before: EventMention, event: EventMention) -> bool:
        """Whether a line tells a second event: of another kind, or of the same after "puis"."""
        if not self._leads_on(before, event):
            return False
        if event.kind is not before.kind:
            return True
        leads = self.found.within(self.found.clauses, before.end, event.start)
        joins, words = office_words(self.found.language.code).joins, self.found.document.words
        return any(one.label == "sequence" and joins.at(words, one.first) is None for one in leads)

    def _is_abroad(self, event: EventMention) -> bool:
        """ "Déplacement en Ukraine": a stay abroad, not a place seen."""
        return bool(self.found.within(self.found.countries, event.start, event.end + 6))

    def _leads_on(self, before: EventMention, event: EventMention) -> bool:
        """Whether a second event of a line is one of its own: "tête-à-tête, puis point de presse"."""
        between = self.found.document.text[before.end : event.start]
        if len(between) > _LEADS_ON and ";" not in between:
            tail = self.found.within(self.found.clauses, event.start - _LEADS_ON, event.start)
        else:
            tail = self.found.within(self.found.clauses, before.end, event.start)
        follows = any(one.label == "sequence" and event.start - one.end <= _LEADS_ON - 10 for one in tail)
        return follows or ";" in between[-_LEADS_ON:] or "+" in between or "/" in between

    def _is_in_brackets(self, event: EventMention) -> bool:
        text = self.found.document.text[self.unit.start : event.start]
        return text.count("(") > text.count(")")

    # Running text

    def _prose_events(self, here: Sequence[EventMention]) -> list[EventMention]:
        chosen: list[EventMention] = []
        for event in here:
            if self._is_inside_person(event) or self._is_of_stay(event) or self._is_quoted(event):
                continue
            if "transfer" in self.found.labels(self.found.clauses, event.start, event.end):
                continue
            is_told = bool(chosen) and chosen[-1].kind is _BILATERAL_MEETING
            if is_told and not event.is_verb and self._is_over_meal(event):
                continue
            is_new = self._follows_a_new_one(event)
            if not event.is_verb and self._is_background(event) and not is_new:
                continue
            if not (event.is_verb or is_new or self._is_scheduled(event, chosen)):
                continue
            if chosen and self._repeats(chosen[-1], event):
                continue
            if event.is_verb and event.kind is _BILATERAL_MEETING and not self._meets_somebody(event):
                continue
            chosen.append(event)
        return chosen

    def _meets_somebody(self, event: EventMention) -> bool:
        """Whether a verb of meeting has somebody as its object: "a reçu une cape" has not."""
        found, ends = self.found, min(self.unit.end, event.end + 160)
        following = next((one.start for one in found.within(found.events, event.end, ends) if one.is_verb), ends)
        people = found.within(found.people, event.start, following)
        if self._gets_something(event, people):
            return False
        if people or "community" in found.labels(found.about, event.end, following):
            return True
        if "received_by" in found.labels(found.clauses, event.start, event.end):
            return True
        words, both = found.document.words, found.language.people.both
        first, last = found.document.word_at(self.unit.start), found.document.word_at(event.start)
        return both.any_in(words, first, last) or len(found.within(found.people, self.unit.start, event.start)) > 1

    def _gets_something(self, event: EventMention, people: Sequence[PersonMention]) -> bool:
        """ "received a letter from X", "a reçu de X une invitation": nobody is met."""
        found = self.found
        if not any(one.label == "receives" for one in found.within(found.clauses, event.start, event.end)):
            return False
        things = [one for one in found.within(found.about, event.end, event.end + _NEAR) if one.label == "things"]
        comes_from = country_words(found.language.code).of.at(found.document.words, event.last) is not None
        return bool(things) and (comes_from or not people or things[0].start < people[0].start)

    def _is_inside_person(self, event: EventMention) -> bool:
        near = self.found.within(self.found.people, event.start - 160, event.start + 1)
        return any(one.start <= event.start < one.end and not one.is_weak for one in near)

    def _is_of_stay(self, event: EventMention) -> bool:
        """ "la visite du Président", "visite de travail": the stay itself, not a place visited."""
        if event.kind is not _SITE_VISIT:
            return False
        ahead = list(self.found.within(self.found.people, event.end, event.end + 12))
        goal = list(self.found.within(self.found.countries, event.end, event.end + 6))
        goal += self.found.within(self.found.countries, event.start, event.end)
        return bool(ahead) or bool([one for one in goal if one.form != "demonym"])

    def _is_quoted(self, event: EventMention) -> bool:
        inside = self.found.document.text.count('"', self.unit.start, event.start) % 2 == 1
        return inside != self.unit.is_quoted

    def _is_over_meal(self, event: EventMention) -> bool:
        """ "rencontrera M. X autour d'un dîner": the meal is the meeting told already."""
        near = self.found.within(self.found.about, event.start - 40, event.start + 1)
        return any(one.label == "over_meal" and one.start <= event.start < one.end for one in near)

    def _follows_a_new_one(self, event: EventMention) -> bool:
        """ "après un dépôt de gerbe, il visitera …": told for the first time, so of the programme as well."""
        before = self.found.within(self.found.clauses, event.start - 40, event.start)
        return self.has_visit and any(one.label == "after_one" and one.last == event.first for one in before)

    def _is_background(self, event: EventMention) -> bool:
        words = self.found.document
        for one in self.found.within(self.found.clauses, event.start - 40, event.start):
            if one.label == "background":
                between = event.first - one.last
                articles = self.found.language.people.function_words
                if between <= 2 and all(words.words.norms[at] in articles for at in range(one.last, event.first)):
                    return True
        return False

    def _is_scheduled(self, event: EventMention, chosen: Sequence[EventMention]) -> bool:
        """Whether a noun tells something that takes place: a verb of programmes, an hour, an item before it."""
        if chosen and self._leads_on(chosen[-1], event):
            return True
        if (
            chosen
            and event.start - chosen[-1].end < 60
            and "," in self.found.document.text[chosen[-1].end : event.start]
        ):
            return True
        if self.unit.form is _HEADING:
            return False
        near = self.found.within(self.found.clauses, self.unit.start, event.end + _NEAR)
        if any(one.label == "programme" for one in near):
            return True
        if any(one.time is not None for one in self.found.within(self.found.dates, event.start - 40, event.end + 60)):
            return True
        return self.goes_on and event.start - self.unit.start < _NEAR

    def _repeats(self, before: EventMention, event: EventMention) -> bool:
        """ "a eu un entretien", "participera à une réunion": verb and noun of one event."""
        if event.start < before.end:
            return True
        is_same = before.kind is event.kind or (before.kind in _MEETINGS and event.kind in _MEETINGS)
        between = self.found.document.text[before.end : event.start]
        if before.kind is _SPEECH and event.kind is _FORUM and not event.is_verb:
            return "," not in between and len(between.split()) < 8  # "prononcera à la Sorbonne une conférence"
        if before.is_verb and event.is_verb is False and len(between.split()) <= 3 and "," not in between:
            return is_same
        return is_same and len(between) < 6

    # Kinds

    def _kind(self, event: EventMention, ends: int) -> ItemKind:
        found = self.found
        ends = min(ends, event.end + 90)
        if event.kind is _WORKING_MEAL and "honour" in found.labels(found.clauses, event.start, ends):
            return _OFFICIAL_DINNER
        if event.kind is _CABINET_MEETING and self._is_of_organisation(event):
            return _SUMMIT
        if event.kind is not _BILATERAL_MEETING:
            return event.kind
        about = found.labels(found.about, event.start, min(ends, event.end + _NEAR))
        if not event.is_verb and "delegations" in about:
            return _ENLARGED_SESSION
        return self._meeting(event, ends, about)

    def _is_of_organisation(self, event: EventMention) -> bool:
        """ "Conseil des ministres de la CEDEAO": a meeting of several countries."""
        after = self.found.within(self.found.countries, event.end, event.end + 24)
        return any(len(one.code) > 2 or one.code in ("EU", "UN") for one in after)

    def _meeting(self, event: EventMention, ends: int, about: set[str]) -> ItemKind:
        found = self.found
        community = next(
            (one for one in found.within(found.about, event.start, ends) if one.label == "community"), None
        )
        people = [one for one in self.people if event.start <= one.start < ends and not one.is_plural]
        if "over_meal" in about or "over_meal" in found.labels(found.about, event.end, ends):
            return _WORKING_MEAL  # "meets X over lunch"
        receives = [
            one.label for one in found.within(found.clauses, event.start, event.end) if one.label.startswith("receive")
        ]  # "receives", "received_by"
        if "received_by" in receives and self._is_on_arrival(event):
            return _ARRIVAL
        if receives:
            return self._reception(event, receives[0], people)
        if community is not None and (not people or community.start < people[0].start):
            return _FORUM
        if "press" in about and not people:
            return _PRESS_CONFERENCE
        return event.kind

    def _is_on_arrival(self, event: EventMention) -> bool:
        """ "À sa descente d'avion, … a été accueilli par": who is received so arrives."""
        return "on_arrival" in self.found.labels(
            self.found.about, max(self.unit.start, event.start - 120), event.end + 60
        )

    def _reception(self, event: EventMention, label: str, people: Sequence[PersonMention]) -> ItemKind:
        """A ruler receives somebody of lower rank: an audience; between equals, or by a minister: a meeting."""
        before = [one for one in self.people if one.start < event.start and not one.is_plural]
        host = people[0] if label == "received_by" and people else None
        guest = before[-1] if label == "received_by" and before else None
        if label == "receives":
            host = before[-1] if before else None
            guest = people[0] if people else None
        host_rank = self._rank(host)
        if host is not None and host.is_counterpart:
            return _BILATERAL_MEETING
        if host is None and self.unit.owner is not None and label == "receives":
            host_rank = self.unit.owner.rank
        if host_rank not in _RULERS:
            return _BILATERAL_MEETING
        is_equal = self._rank(guest) in (*_RULERS, _HEAD_OF_ORGANISATION)
        return _BILATERAL_MEETING if is_equal else _AUDIENCE

    def _rank(self, mention: PersonMention | None) -> Rank | None:
        if mention is None:
            return None
        referent = self.found.referent_at.get(mention.start)
        return (referent.rank if referent is not None else None) or mention.rank

    # When

    def _is_led(self, begins: int, event: EventMention) -> bool:
        near = self.found.within(self.found.clauses, begins, event.start)
        return any(one.label == "sequence" for one in near)

    def _timed(self, chosen: list[Happening]) -> list[Happening]:
        clocks, days = self._clocks_of(chosen), self._days()
        return [
            _made(Happening, (*one[:4], self._day_of(one, days), clocks.get(number), self._part_of(one), one.is_led))
            for number, one in enumerate(chosen)
        ]

    def _clocks(self) -> list[DateMention]:
        return [
            one
            for one in self.found.within(self.found.dates, self.unit.start, self.unit.end)
            if one.time is not None and not one.press_access and one is not self.unit.clock
        ]

    def _clocks_of(self, chosen: list[Happening]) -> dict[int, DateMention]:
        """Each hour to its event: the next one after "suivi, à 11h, de", else the one it stands beside."""
        given: dict[int, DateMention] = {}
        if self.unit.clock is not None and chosen:
            given[0] = self.unit.clock
            for number in range(1, len(chosen)):
                if self._is_together(chosen[number - 1], chosen[number]):
                    given[number] = self.unit.clock
        for clock in self._clocks():
            nearest = self._event_of(clock, chosen, given)
            if nearest is not None:
                given.setdefault(nearest, clock)
        return given

    def _is_together(self, before: Happening, one: Happening) -> bool:
        """ "signature et déclarations": both at the hour of the line; "puis" begins when it begins."""
        between = self.found.document.text[before.event.end : one.event.start]
        leads = self.found.within(self.found.clauses, before.event.end, one.event.start)
        words = self.found.document.words
        joins = [
            lead for lead in leads if office_words(self.found.language.code).joins.at(words, lead.first) is not None
        ]
        others = [lead for lead in leads if lead.label == "sequence" and lead not in joins]
        return bool(joins or ";" in between or "+" in between) and not others

    def _event_of(self, clock: DateMention, chosen: list[Happening], given: dict[int, DateMention]) -> int | None:
        before = [number for number, one in enumerate(chosen) if one.event.start < clock.start]
        after = [number for number, one in enumerate(chosen) if one.event.start >= clock.end]
        if not before:
            return after[0] if after else None
        last = before[-1]
        if after:
            lead = self.found.within(self.found.clauses, clock.start - 18, clock.start)
            begins_clause = self._begins_clause(clock)
            if any(one.label == "sequence" for one in lead) or (last in given and after[0] not in given):
                return after[0]
            if begins_clause and last in given:
                return after[0]
        return last if last not in given else None

    def _begins_clause(self, clock: DateMention) -> bool:
        """Whether an hour stands at the head of its clause: "…, à 11h, de la …"."""
        return self.found.document.text[max(0, clock.start - 3) : clock.start].strip() in (",", ";", ".")

    def _days(self) -> list[DateMention]:
        """The days that the unit tells, after the one spoken of before it."""
        found, unit = self.found, self.unit
        lead = found.within(found.dates, max(unit.line_start, unit.start - _BACK), unit.start)
        spoken_of = next((one for one in reversed(lead) if self._is_day(one)), None)
        days = [one for one in found.within(found.dates, unit.start, unit.end) if self._is_day(one)]
        return [spoken_of, *days] if spoken_of is not None else days

    def _day_of(self, one: Happening, days: list[DateMention]) -> DateMention | None:
        before = [day for day in days if day.start < one.event.start]
        inside = [day for day in days if one.event.start <= day.start < one.ends]
        day = before[-1] if before else (inside[0] if inside else None)
        is_close = bool(inside) and inside[0].start - one.event.end <= 2  # "il y a vu lundi"
        if inside and before and (is_close or not self._is_own(before[-1], one)):
            day = inside[0]
        return day or self.unit.day

    def _is_day(self, one: DateMention) -> bool:
        """Whether words about time give a day on which something of the text may be."""
        return (
            one.kind in _DAYS
            and not (one.dateline or one.press_access)
            and (one.first is not None or not one.has_day)  # "jusqu'au 8 mai" is no day of its own
            and not (
                one.last is None and one.first is not None and one.first < self.found.document.published_on
            )  # since
            and one.precision is _DAY
            and not self._is_elsewhere(one)
            and not self.found.is_when_told(one)
        )

    def _has_begun(self, one: DateMention) -> bool:
        """ "en visite depuis mardi": what was before is not when something else is."""
        return one.last is None and one.first is not None and one.first < self.found.document.published_on

    def _is_elsewhere(self, day: DateMention) -> bool:
        """ "Venu d'Irak, où il se trouvait lundi": a day of another place."""
        near = self.found.within(self.found.clauses, day.start - 40, day.start)
        return any(
            one.label == "elsewhere" and "," not in self.found.document.text[one.end : day.start] for one in near
        )

    def _is_own(self, day: DateMention, one: Happening) -> bool:
        """Whether a day before the event lies in its own clause."""
        return day.start >= one.begins

    def _part_of(self, one: Happening) -> DateMention | None:
        near = [day for day in self.found.within(self.found.dates, one.begins, one.ends) if day.part_of_day is not None]
        before = [day for day in near if day.start < one.event.start]
        return before[-1] if before else (near[0] if near else None)


def day_of(mention: DateMention | None, reference: dt.date | None, first_day: dt.date | None) -> dt.date | None:
    """The day that words about time give, counted from the day spoken of where they only count."""
    if mention is None:
        return None
    if mention.has_day:
        return mention.first or mention.last
    if mention.kind is _RELATIVE:
        base = first_day if mention.relative is _NTH_DAY else reference or first_day
        return resolve_relative(mention, reference_day=base).first if base is not None else None
    return None


def is_news(day: dt.date | None, mention: DateMention | None, published_on: dt.date) -> bool:
    """Whether a day is near enough to the publication to be told as news or plan."""
    if mention is not None and mention.history:
        return False
    return day is None or published_on - day <= _OLD


def clock_of(mention: DateMention | None) -> tuple[ClockTime | None, ClockTime | None]:
    """The start and end on the host's clock where the text gives it, else on the clock of the text."""
    if mention is None:
        return None, None
    return mention.local_time or mention.time, mention.end_time
