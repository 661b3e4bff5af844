"""Programme items of a text: what happens, when, with whom, and of which visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from diplomacy.parsing.closing import close, note_accreditation
from diplomacy.parsing.dates import DateMention, Relative
from diplomacy.parsing.dates.values import Tense
from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.happenings import Chooser, Happening, clock_of, day_of, is_news
from diplomacy.parsing.item import Item
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.participants import Cast, participants_of
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind, ItemStatus

# Once: an enum's members are slow to look up.
_HEADING, _LINE = Form.HEADING, Form.LINE
_ARRIVAL, _BILATERAL_MEETING = ItemKind.ARRIVAL, ItemKind.BILATERAL_MEETING
_CABINET_MEETING, _DEPARTURE, _FORUM = ItemKind.CABINET_MEETING, ItemKind.DEPARTURE, ItemKind.FORUM
_OTHER, _SITE_VISIT, _SUMMIT = ItemKind.OTHER, ItemKind.SITE_VISIT, ItemKind.SUMMIT
_CANCELLED, _HELD, _POSTPONED = ItemStatus.CANCELLED, ItemStatus.HELD, ItemStatus.POSTPONED
_SCHEDULED = ItemStatus.SCHEDULED
_NTH_DAY = Relative.NTH_DAY
_FUTURE, _PAST = Tense.FUTURE, Tense.PAST

_RECENT = dt.timedelta(days=8)
_AHEAD = dt.timedelta(days=400)
_WEAK_ALONE = frozenset({ItemKind.OTHER, ItemKind.SITE_VISIT, ItemKind.ARRIVAL, ItemKind.DEPARTURE, ItemKind.SIGNING})
# What may itself last for days: dated by its first.
_LONG = frozenset({ItemKind.SUMMIT, ItemKind.FORUM})
_PLURALS = frozenset({"gesprache", "talks", "colloqui", "incontri", "переговоры"})
_LINKED = frozenset({ItemKind.PRESS_CONFERENCE, ItemKind.SIGNING, ItemKind.ENLARGED_SESSION})


def read_programme(found: Findings, units: Sequence[Unit], stays: Sequence[Stay]) -> list[Item]:
    """The items of a text in the order they are told, each event once."""
    return _Programme(found, stays).read(units)


class _Programme:
    def __init__(self, found: Findings, stays: Sequence[Stay]) -> None:
        self.found, self.stays = found, stays
        self.today = found.document.published_on
        self.paragraph = -1
        self.spoken_of: dt.date | None = None  # the day spoken of, in running text
        self.day_mention: DateMention | None = None
        self.last_mention: DateMention | None = None
        self.last_day: dt.date | None = None  # the last single day named, for "ce jour-là"
        self.reference: dt.date | None = None  # the day spoken of in the paragraphs before
        self.reference_mention: DateMention | None = None
        self.current: Stay | None = stays[0] if len(stays) == 1 else None
        self.goes_on = False
        self.counted: dict[int, dt.date | None] = {}  # by where the words stand: the day they count to
        self.items: list[Item] = []
        self.claiming = {(id(stay), id(unit)) for stay in stays for unit in stay.units}

    def read(self, units: Sequence[Unit]) -> list[Item]:
        for unit in units:
            self._turn_to(unit)
            if unit.form is _HEADING:
                self.goes_on = False
                continue
            made = list(self._items(unit))
            self._note_last_day(unit)
            self.goes_on = bool(made)
            for item in made:
                if not self._is_told(item):
                    self.items.append(item)
        for stay in self.stays:
            close(stay, self.items)
        note_accreditation(self.found, self.items)
        return self.items

    def _turn_to(self, unit: Unit) -> None:
        """Which day and which stay are spoken of from here on."""
        if unit.paragraph != self.paragraph:
            self.paragraph = unit.paragraph
            if self.spoken_of is not None:
                self.reference, self.reference_mention = self.spoken_of, self.day_mention
            self.spoken_of, self.day_mention = None, None
            self.goes_on = False
        claimed = [stay for stay in self.stays if self._claims(stay, unit)]
        if len(claimed) == 1:
            self.current = claimed[0]

    def _claims(self, stay: Stay, unit: Unit) -> bool:
        """Whether a unit is one of those that claim a stay."""
        return (id(stay), id(unit)) in self.claiming

    def _note_last_day(self, unit: Unit) -> None:
        for one in self.found.within(self.found.dates, unit.start, unit.end):
            is_single = one.first is not None and one.first == one.last
            if is_single and not (one.dateline or one.history or self.found.is_when_told(one)):
                self.last_day, self.last_mention = one.first, one

    def _items(self, unit: Unit) -> Iterator[Item]:
        chooser = Chooser(self.found, unit, has_visit=bool(self.stays), goes_on=self.goes_on)
        happenings = chooser.happenings()
        if unit.form is _LINE:
            yield from self._line_items(unit, happenings)
            return
        previous: Item | None = None
        for happening in happenings:
            item = self._prose_item(unit, happening, previous)
            if item is not None:
                previous = item
                yield from self._each_meeting(item, happening)

    # Lines of a list

    def _line_items(self, unit: Unit, happenings: Sequence[Happening]) -> Iterator[Item]:
        if self._is_transfer(unit, happenings):
            return
        if not happenings:
            item = self._unnamed(unit)
            if item is not None:
                yield item
            return
        previous: Item | None = None
        for happening in happenings:
            item = self._made(unit, happening, previous)
            item.day = day_of(happening.day, self.spoken_of, None)
            if not is_news(item.day, happening.day, self.today):
                continue
            self._note_day(item, happening.day)
            if unit.owner is not None or self.stays or item.people or item.day is not None:
                self._attach(item)
                self._cast(item, happening, previous)
                previous = item
                yield from self._each_meeting(item, happening)

    def _is_transfer(self, unit: Unit, happenings: Sequence[Happening]) -> bool:
        """ "Retour à l'hôtel", "temps libre": what is no item of a programme."""
        near = self.found.within(self.found.clauses, unit.start, unit.start + 40)
        transfers = [one for one in near if one.label == "transfer"]
        if not transfers:
            return False
        named = [one for one in happenings if one.event.end > transfers[0].end or one.event.start < transfers[0].start]
        return not named

    def _unnamed(self, unit: Unit) -> Item | None:
        """A line that names no event: somebody met, a place seen; what the heading above says."""
        people = [
            one for one in self.found.within(self.found.people, unit.start, unit.end)
            if not one.is_plural and not self._is_unknown(one)
        ]  # fmt: skip
        topic = self._topic_kind(unit)
        has_time = unit.clock is not None
        if not has_time and topic is None and not (people and unit.day is not None):
            return None
        if topic is not None:
            kind = topic
        elif "community" in self.found.labels(self.found.about, unit.start, unit.end):
            kind = _FORUM
        elif people:
            kind = _BILATERAL_MEETING
        elif self._is_place(unit):
            kind = _SITE_VISIT
        else:
            kind = _OTHER
        item = Item(kind, unit, unit.start, unit.end, None, is_default=True)
        item.day = day_of(unit.day, self.spoken_of, None)
        self._note_day(item, unit.day)
        self._note_clock(item, unit.clock)
        self._attach(item)
        self._cast(item, None, None)
        return item

    def _is_unknown(self, mention: PersonMention) -> bool:
        """Capitals that nothing vouches for: in a list rather a place than somebody."""
        referent = self.found.referent_at.get(mention.start)
        return mention.is_weak and (referent is None or referent.is_weak)

    def _topic_kind(self, unit: Unit) -> ItemKind | None:
        """ "AUDIENCES", "Entretiens :": the kind that a heading gives its lines."""
        if unit.topic is None:
            return None
        events = [
            one for one in self.found.within(self.found.events, *unit.topic)
            if one.kind is not _SITE_VISIT and not one.is_verb
        ]  # fmt: skip
        return events[0].kind if events and unit.topic[1] - unit.topic[0] < 90 else None

    def _is_place(self, unit: Unit) -> bool:
        """A short line of capitals: "Taj Mahal", "Musée national"."""
        words = self.found.document.text[unit.start : unit.end].split()
        return len(words) <= 7 and sum(word[0].isupper() for word in words) >= len(words) / 2

    def _each_meeting(self, item: Item, happening: Happening) -> Iterator[Item]:
        """ "meets Ms A, Prime Minister of B, and Mr C, President of D": a meeting with each."""
        if item.kind is not _BILATERAL_MEETING or len(item.people) < 2:
            yield item
            return
        after = [
            self.found.referent_at[one.start]
            for one in self.found.within(self.found.people, happening.event.end, happening.ends)
            if one.start in self.found.referent_at and not one.is_weak and (one.title or one.is_honoured)
        ]
        others = [one for one in dict.fromkeys(after) if one in item.people and one not in self._actors(item)]
        if len(others) < 2 or self._is_one_side(others):
            yield item
            return
        if not self._is_several(happening):
            countries = {one.country for one in others} - {None, item.stay.host if item.stay is not None else None}
            if len(countries) > 1:
                item.kind = _SUMMIT  # three countries or more at one table
            yield item
            return
        for other in others:
            yield replace(item, people=[one for one in item.people if one is other or one not in others])

    def _is_several(self, happening: Happening) -> bool:
        """Whether words say more than one meeting: a verb, or a plural."""
        last = self.found.document.words.norms[happening.event.last - 1]
        words = self.found.document.words.norms[happening.event.first]
        return happening.event.is_verb or words.endswith("s") or last.endswith("s") or words in _PLURALS

    def _is_one_side(self, others: Sequence[Referent]) -> bool:
        """A ruler with a spouse, a minister with a deputy: received together."""
        return any(one.is_spouse for one in others) or any(one.rank is None and not one.title for one in others)

    # Running text

    def _prose_item(self, unit: Unit, happening: Happening, previous: Item | None) -> Item | None:
        item = self._made(unit, happening, previous)
        item.is_prose = True
        mention = happening.day
        reference = self.spoken_of or self.reference or self.last_day
        day = self._counted(mention, reference)
        if day is not None and mention is not None:
            if not is_news(day, mention, self.today):
                return None
            self.spoken_of, self.day_mention = day, mention
        elif self.spoken_of is not None:
            day, mention = self.spoken_of, self.day_mention
        elif self.reference is not None and self._goes_on_that_day(unit, happening):
            day, mention = self.reference, self.reference_mention
            self.spoken_of, self.day_mention = day, mention
        elif self.last_day is not None and (happening.clock is not None or happening.part is not None):
            day, mention = self.last_day, self.last_mention
        item.day = None if self._is_span(mention) and item.kind not in _LONG else day
        self._attach(item)
        if item.stay is not None and item.day is None:
            item.day, mention = self._day_of_stay(item.stay, self._tense(happening)), None
        if not self._may_stand(item, happening):
            return None
        if item.kind is _DEPARTURE and item.stay is not None and self._claims(item.stay, unit):
            return None  # it opens the stay, it does not end it
        self._note_day(item, mention)
        self._cast(item, happening, previous)
        if item.stay is None and not item.people and item.kind is not _CABINET_MEETING:
            return None
        return item

    def _counted(self, mention: DateMention | None, reference: dt.date | None) -> dt.date | None:
        """The day of words about time; "le lendemain" is counted once, however many items go by it."""
        if mention is None:
            return None
        if mention.start not in self.counted:
            stay = self.current
            first = stay.first if stay is not None else None
            if mention.relative is _NTH_DAY and mention.nth < 0:
                first = self._last_of_all() if stay is None else stay.last
            self.counted[mention.start] = day_of(mention, reference, first)
        return self.counted[mention.start]

    def _last_of_all(self) -> dt.date | None:
        """The last day of a tour."""
        return max((stay.last for stay in self.stays if stay.last is not None), default=None)

    def _is_span(self, mention: DateMention | None) -> bool:
        """Several days: "du 24 au 25", in which an item has no day of its own."""
        return mention is not None and mention.first != mention.last and mention.last is not None

    def _goes_on_that_day(self, unit: Unit, happening: Happening) -> bool:
        """Whether a paragraph stays on the day of the one before: an hour, a part of the day, "puis" at its head."""
        if happening.clock is not None or happening.part is not None:
            return True
        if happening.begins > unit.start:
            return False
        head = self.found.within(self.found.clauses, unit.start, unit.start + 60)
        return any(one.label == "sequence" and one.end < happening.event.start for one in head)

    def _day_of_stay(self, stay: Stay, tense: Tense | None) -> dt.date | None:
        """The day of a visit that has one only: in all, or of what is past (begun today) or to come (ending today)."""
        if stay.first is not None and stay.last == stay.first:
            return stay.first
        if tense is _PAST and stay.first == self.today:
            return stay.first
        return stay.last if tense is _FUTURE and stay.last == self.today else None

    def _may_stand(self, item: Item, happening: Happening) -> bool:
        """Whether running text tells an event here, and not background."""
        if item.kind in (_ARRIVAL, _DEPARTURE) and not self._is_told_event(item, happening):
            return False
        if item.stay is not None:
            return item.day is None or item.stay.covers(item.day, 2)
        if item.kind in _WEAK_ALONE or item.day is None or (happening.day is None and item.unit.day is None):
            return False
        if not self.today - _RECENT <= item.day <= self.today + _AHEAD:
            return False
        people = self.found.within(self.found.people, item.unit.start, item.unit.end)
        named = [one for one in people if not one.is_weak and not one.is_former]
        return bool(named) or item.start_time is not None

    def _is_told_event(self, item: Item, happening: Happening) -> bool:
        """An arrival with an hour, a part of the day, an airport or a welcome; a departure with a day at least."""
        if item.start_time is not None or happening.part is not None:
            return True
        if item.kind is _DEPARTURE:
            return happening.day is not None or happening.is_led or self.spoken_of is not None
        return "on_arrival" in self.found.labels(self.found.about, happening.event.start - 30, happening.event.end + 60)

    # All items

    def _made(self, unit: Unit, happening: Happening, previous: Item | None) -> Item:
        event = happening.event
        item = Item(happening.kind, unit, happening.begins, happening.ends, (event.start, event.end))
        item.spans["kind"] = [self.found.span(event.start, event.end, "item_phrase")]
        if happening.clock is not None:
            self._note_clock(item, happening.clock)
        elif happening.is_led and previous is not None and previous.end_time is not None and unit.clock is not None:
            item.start_time, previous.end_time = previous.end_time, None
        item.is_tbc = "tbc" in self.found.labels(
            self.found.status, happening.begins, max(happening.ends, unit.notes_end)
        )
        self._note_length(item, happening)
        if item.start_time is None and happening.part is not None and happening.part_mention is not None:
            item.part = happening.part
            mention = happening.part_mention
            item.spans["part_of_day"] = [self.found.span(mention.start, mention.end, mention.rule)]
        return item

    def _note_length(self, item: Item, happening: Happening) -> None:
        """ "un entretien de 45 minutes": how long an item lasts."""
        for one in self.found.within(self.found.durations, happening.event.start, happening.ends):
            item.minutes = one.duration_minutes
            item.spans["duration_minutes"] = [self.found.span(one.start, one.end, one.rule)]
            return

    def _note_clock(self, item: Item, mention: DateMention | None) -> None:
        start, end = clock_of(mention)
        if start is None or mention is None:
            return
        item.start_time, item.end_time = str(start), str(end) if end is not None else None
        item.zone = start.zone
        item.spans["start_time"] = [self.found.span(mention.start, mention.end, mention.rule)]

    def _note_day(self, item: Item, mention: DateMention | None) -> None:
        if mention is not None and item.day is not None:
            item.spans["date"] = [self.found.span(mention.start, mention.end, mention.rule)]

    def _attach(self, item: Item) -> None:
        """The stay an item belongs to: its owner's, the one whose place it names, whose days it lies in."""
        stays = self._candidates(item)
        if item.day is not None and stays and not any(stay.covers(item.day, 3) for stay in stays):
            stays = [stay for stay in self.stays if stay.covers(item.day) and stay.first is not None][:1]
        item.stay = stays[0] if stays else None
        if item.is_prose and item.stay is not None and not self._concerns(item, item.stay):
            item.stay = None
        if item.stay is None:
            return
        self.current = item.stay
        for place in self.found.within(self.found.cities, item.begins, item.ends):
            if place.country == item.stay.host and place.is_locative and item.kind is not _DEPARTURE:
                item.stay.cities.setdefault(place.name, place)

    def _candidates(self, item: Item) -> list[Stay]:
        if not self.stays:
            return []
        stays = [one for one in self.stays if item.unit.owner in (None, one.visitor) or self._claims(one, item.unit)]
        if item.unit.form is _LINE and item.unit.owner is not None:
            stays = [stay for stay in stays if stay.covers(item.day, 1)]
        named = self._named_countries(item)
        by_place = [stay for stay in stays if stay.host in named]
        own = [stay for stay in stays if self._claims(stay, item.unit)]
        if by_place or own:
            return by_place or own
        if named - {stay.host for stay in stays} and self._is_held_there(item):
            return []
        if len(stays) < 2:
            return stays
        within = [stay for stay in stays if item.day is not None and stay.covers(item.day)]
        dated = [stay for stay in within if not stay.is_shared]
        dated = [stay for stay in dated if stay.visitor is dated[0].visitor]
        if self.current in dated:
            return [self.current]
        dated.sort(key=lambda stay: stay.first or dt.date.min, reverse=True)  # the leg that has begun last
        return dated or ([self.current] if self.current is not None and self.current in stays else within or stays)

    def _named_countries(self, item: Item) -> set[str]:
        places = self.found.within(self.found.cities, item.begins, item.ends)
        return {one.country for one in places if one.is_locative}

    def _is_held_there(self, item: Item) -> bool:
        """Whether the place named is where the item is held, and not where somebody leaves for."""
        return item.kind not in (_DEPARTURE, _ARRIVAL) and item.is_prose

    def _concerns(self, item: Item, stay: Stay) -> bool:
        """Whether a sentence is about the visitor: named, or nobody of another country is its subject."""
        mentions = [
            one for one in self.found.within(self.found.people, item.unit.start, item.unit.end)
            if one.start in self.found.referent_at and not one.is_weak
        ]  # fmt: skip
        referents = [self.found.referent_at[one.start] for one in mentions]
        if not referents or stay.visitor in referents or any(one in referents for one in stay.company):
            return True
        return any(one.country in (stay.host, None, stay.visitor.country) for one in referents)

    def _cast(self, item: Item, happening: Happening | None, previous: Item | None) -> None:
        cast = Cast(
            unit=item.unit,
            begins=item.begins,
            ends=item.ends,
            at=happening.event.start if happening is not None else item.begins,
            actor=item.unit.owner or (item.stay.visitor if item.stay is not None else None),
            stay=item.stay,
        )
        item.people, spans = participants_of(self.found, cast)
        linked = item.kind in _LINKED and happening is not None and happening.is_led
        if linked and previous is not None and len(item.people) < 2:
            for one in previous.people:
                if one not in item.people:
                    item.people.append(one)
        if spans:
            item.spans["participants"] = spans
        item.status = self._status(item, happening)

    def _status(self, item: Item, happening: Happening | None) -> ItemStatus:
        stay = item.stay
        labels = self.found.labels(self.found.status, item.begins, item.ends)
        if "cancelled" in labels and (stay is None or not self._claims(stay, item.unit)):
            return _CANCELLED
        if stay is not None and stay.is_off and not stay.planned:
            is_cancelled = stay.status is not None and stay.status.value == "cancelled"
            return _CANCELLED if is_cancelled else _POSTPONED
        if item.day is not None and item.day < self.today:
            return _HELD
        if item.is_prose and happening is not None and (item.day is None or item.day == self.today):
            tense = self._tense(happening)
            if tense is _PAST:
                return _HELD
        return _SCHEDULED

    def _tense(self, happening: Happening) -> Tense | None:
        unit_start = happening.begins
        event = happening.event
        inside = self.found.tense(event.start, event.end)
        return inside or self.found.tense_before(unit_start, event.start) or self.found.tense(event.end, happening.ends)

    def _is_told(self, item: Item) -> bool:
        """Whether running text has told the event before; what the second telling adds is kept."""
        if not item.is_prose:
            return False
        for known in self.items:
            if known.kind is not item.kind or known.stay is not item.stay:
                continue
            days = {known.day, item.day} - {None}
            times = {known.start_time, item.start_time} - {None}
            shared = (set(known.people) & set(item.people)) - self._actors(item)
            alone = min(len(set(one.people) - self._actors(item)) for one in (known, item)) == 0
            if len(days) > 1 or len(times) > 1 or not (shared or alone):
                continue
            if known.unit is item.unit:
                continue
            known.day, known.start_time = known.day or item.day, known.start_time or item.start_time
            known.spans = {**item.spans, **known.spans}
            known.people += [one for one in item.people if one not in known.people]
            return True
        return False

    def _actors(self, item: Item) -> set[Referent]:
        visitor = item.stay.visitor if item.stay is not None else None
        return {one for one in (visitor, item.unit.owner) if one is not None}
