"""Everything the finders found in one document, with look-ups by place."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from diplomacy.parsing.dates import DateMention, Kind, find_dates, find_tenses, other_languages
from diplomacy.parsing.dates.values import Tense
from diplomacy.parsing.document import Document
from diplomacy.parsing.finders.countries import CountryMention, find_countries
from diplomacy.parsing.finders.people import PersonMention, find_people
from diplomacy.parsing.finders.places import PlaceMention, find_places
from diplomacy.parsing.home import home_of
from diplomacy.parsing.language import Language
from diplomacy.parsing.lexicon import EMPTY, Lexicon
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent, resolve_people
from diplomacy.vocabulary import ItemKind

# Once: an enum's members are slow to look up.
_DATE, _DURATION = Kind.DATE, Kind.DURATION


class Placed(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""


Mention = TypeVar("Mention", bound=Placed)


class Phrase(NamedTuple):
    """A phrase of the language at its place: words `first` to `last` (excluded)."""

    start: int
    end: int
    first: int
    last: int
    label: str


class EventMention(NamedTuple):
    """Words that name or tell a programme item; `is_verb` where they are a verb ("s'entretiendra")."""

    start: int
    end: int
    first: int
    last: int
    kind: ItemKind
    is_verb: bool


@dataclass(frozen=True)
class Findings:
    """A document and what was found in it; all tuples are in order of place."""

    document: Document
    language: Language
    dates: tuple[DateMention, ...]
    durations: tuple[DateMention, ...]  # of less than a day
    tenses: tuple[tuple[int, Tense], ...]  # offset of each verb that has one
    countries: tuple[CountryMention, ...]
    cities: tuple[PlaceMention, ...]
    people: tuple[PersonMention, ...]
    referents: tuple[Referent, ...]
    referent_at: dict[int, Referent]
    visit: tuple[Phrase, ...]
    status: tuple[Phrase, ...]
    clauses: tuple[Phrase, ...]
    about: tuple[Phrase, ...]
    press: tuple[Phrase, ...]
    events: tuple[EventMention, ...]
    home: str | None  # the country the text is written in
    _starts: dict[int, list[int]] = field(default_factory=dict)

    def within(self, mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
        """Those that begin in text[start:end]."""
        if not mentions:
            return ()
        starts = self._starts.get(id(mentions))
        if starts is None:
            starts = self._starts[id(mentions)] = [mention.start for mention in mentions]
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return ()
        return mentions[first : bisect_left(starts, end, first)]

    def labels(self, phrases: Sequence[Phrase], start: int, end: int) -> set[str]:
        """The labels of phrases that begin in text[start:end]."""
        found = self.within(phrases, start, end)
        return {phrase.label for phrase in found} if found else set()

    def span(self, start: int, end: int, rule: str) -> Span:
        """The words there, at their place in the text as given."""
        first, last = self.document.source_span(start, end)
        return Span(first, last, self.document.source[first:last], rule)

    def quote(self, start: int, end: int) -> str:
        """The words there, cut from the text as given."""
        first, last = self.document.source_span(start, end)
        return self.document.source[first:last]

    @cached_property
    def zones(self) -> Mapping[str, str]:
        """The zone of each city named, by its name; of the first, where two bear one."""
        return {one.name: one.zone for one in reversed(self.cities)}

    @cached_property
    def states(self) -> Mapping[str, int]:
        """How often each state is named, in order of their first mentions."""
        return Counter(one.code for one in self.countries if one.code.isalpha() and len(one.code) == 2)

    def is_when_told(self, date: DateMention) -> bool:
        """ "a indiqué samedi l'Élysée": the day of an announcement, not of what it announces."""
        near = self.within(self.clauses, date.start - 26, date.start)
        return date.kind is not _DATE and any(one.label == "announces" and date.start - one.end <= 4 for one in near)

    def verbs(self, start: int, end: int) -> Sequence[int]:
        """The offsets of verbs with a tense in text[start:end]."""
        first = bisect_left(self.tenses, start, key=lambda verb: verb[0])
        return [
            at for at, _tense in self.tenses[first : bisect_left(self.tenses, end, first, key=lambda verb: verb[0])]
        ]

    def tense(self, start: int, end: int) -> Tense | None:
        """What the first verb with a tense in text[start:end] says."""
        at = bisect_left(self.tenses, start, key=lambda verb: verb[0])
        if at < len(self.tenses) and self.tenses[at][0] < end:
            return self.tenses[at][1]
        return None

    def tense_before(self, start: int, at: int) -> Tense | None:
        """What the last verb with a tense in text[start:at] says."""
        number = bisect_left(self.tenses, at, key=lambda verb: verb[0]) - 1
        if number >= 0 and self.tenses[number][0] >= start:
            return self.tenses[number][1]
        return None


def find_all(document: Document, language: Language, lexicon: Lexicon = EMPTY) -> Findings:
    """Run every finder."""
    code, words = language.code, document.words
    countries = find_countries(document.text, code)
    cities = find_places(document.text, code)
    people = find_people(words, code, countries, cities, document.unvouched)
    referents, referent_at = resolve_people(people, lexicon)
    also = other_languages(document.text, code)
    dates = find_dates(document.text, published_on=document.published_on, language=code, also=also)

    groups = _phrases(language, document)
    return Findings(
        document=document,
        language=language,
        dates=tuple(one for one in dates if one.kind is not _DURATION or one.duration_days is not None),
        durations=tuple(one for one in dates if one.kind is _DURATION and one.duration_minutes is not None),
        tenses=find_tenses(document.text, language=code),
        countries=countries,
        cities=cities,
        people=people,
        referents=referents,
        referent_at=referent_at,
        visit=tuple(groups["visit"]),
        status=tuple(groups["status"]),
        clauses=tuple(groups["clauses"]),
        about=tuple(groups["about"]),
        press=tuple(groups["press"]),
        events=tuple(_events(language, document)),
        home=home_of(document, dates, countries, cities, people),
    )


def _phrases(language: Language, document: Document) -> dict[str, list[Phrase]]:
    """Everything but the words of items, in one walk, by group."""
    words = document.words
    groups: dict[str, list[Phrase]] = {name: [] for name in ("visit", "status", "clauses", "about", "press")}
    for one in language.rest.find(words):
        group, _, label = one.label.partition("/")
        start, end = words.starts[one.first], words.ends[one.last - 1]
        groups[group].append(Phrase(start, end, one.first, one.last, label))
    return groups


def _events(language: Language, document: Document) -> list[EventMention]:
    words = document.words
    found = []
    for match in language.items.longest(words):
        kind, _, form = match.label.partition(":")
        start, end = words.starts[match.first], words.ends[match.last - 1]
        found.append(EventMention(start, end, match.first, match.last, ItemKind(kind), form == "verb"))
    return found
