"""Everything the finders found in one document, with look-ups by place."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
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


_made = tuple.__new__  # a named tuple by itself is made in three times the time


class Placed(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""


Mention = TypeVar("Mention", bound=Placed)


class Mentions(tuple[Mention, ...]):
    """Mentions in order of place; `starts` says where each begins, and that none does after the last."""

    starts: list[int]


def in_order(mentions: Iterable[Mention]) -> Mentions[Mention]:
    """Mentions that are in order of place, ready to be looked up by it."""
    placed = Mentions(mentions)
    placed.starts = [one.start for one in placed]
    placed.starts.append(sys.maxsize)
    return placed


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
    dates: Mentions[DateMention]
    durations: Mentions[DateMention]  # of less than a day
    tenses: tuple[tuple[int, Tense], ...]  # offset of each verb that has one
    countries: Mentions[CountryMention]
    cities: Mentions[PlaceMention]
    people: Mentions[PersonMention]
    referents: tuple[Referent, ...]
    referent_at: dict[int, Referent]
    visit: Mentions[Phrase]
    status: Mentions[Phrase]
    clauses: Mentions[Phrase]
    about: Mentions[Phrase]
    press: Mentions[Phrase]
    events: Mentions[EventMention]
    home: str | None  # the country the text is written in

    def within(self, mentions: Mentions[Mention], start: int, end: int) -> Sequence[Mention]:
        """Those that begin in text[start:end]."""
        if not mentions:
            return ()
        starts = mentions.starts
        first = bisect_left(starts, start)
        return mentions[first : bisect_left(starts, end, first)] if starts[first] < end else ()

    def labels(self, phrases: Mentions[Phrase], start: int, end: int) -> set[str]:
        """The labels of phrases that begin in text[start:end]."""
        if not phrases:
            return set()
        starts = phrases.starts
        first = bisect_left(starts, start)
        if starts[first] >= end:
            return set()
        return {phrase.label for phrase in phrases[first : bisect_left(starts, end, first)]}

    def span(self, start: int, end: int, rule: str) -> Span:
        """The words there, at their place in the text as given."""
        first, last = self.document.source_span(start, end)
        return _made(Span, (first, last, self.document.source[first:last], rule))

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
        if date.kind is _DATE:
            return False
        near = self.within(self.clauses, date.start - 26, date.start)
        return any(one.label == "announces" and date.start - one.end <= 4 for one in near)

    @cached_property
    def _verbs(self) -> Sequence[int]:
        """The offsets of all verbs with a tense."""
        return [at for at, _tense in self.tenses]

    def verbs(self, start: int, end: int) -> Sequence[int]:
        """The offsets of verbs with a tense in text[start:end]."""
        first = bisect_left(self._verbs, start)
        return self._verbs[first : bisect_left(self._verbs, end, first)]

    def tense(self, start: int, end: int) -> Tense | None:
        """What the first verb with a tense in text[start:end] says."""
        at = bisect_left(self._verbs, start)
        return self.tenses[at][1] if at < len(self._verbs) and self._verbs[at] < end else None

    def tense_before(self, start: int, at: int) -> Tense | None:
        """What the last verb with a tense in text[start:at] says."""
        number = bisect_left(self._verbs, at) - 1
        return self.tenses[number][1] if number >= 0 and self._verbs[number] >= start else None


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
        dates=in_order(one for one in dates if one.kind is not _DURATION or one.duration_days is not None),
        durations=in_order(one for one in dates if one.kind is _DURATION and one.duration_minutes is not None),
        tenses=find_tenses(document.text, language=code),
        countries=in_order(countries),
        cities=in_order(cities),
        people=in_order(people),
        referents=referents,
        referent_at=referent_at,
        visit=in_order(groups["visit"]),
        status=in_order(groups["status"]),
        clauses=in_order(groups["clauses"]),
        about=in_order(groups["about"]),
        press=in_order(groups["press"]),
        events=in_order(_events(language, document)),
        home=home_of(document, dates, countries, cities, people),
    )


def _phrases(language: Language, document: Document) -> dict[str, list[Phrase]]:
    """Everything but the words of items, in one walk, by group."""
    words = document.words
    groups: dict[str, list[Phrase]] = {name: [] for name in ("visit", "status", "clauses", "about", "press")}
    starts, ends = words.starts, words.ends
    for name, first, last in language.rest.find(words):
        group, label = _group_and_label(name)
        groups[group].append(_made(Phrase, (starts[first], ends[last - 1], first, last, label)))
    return groups


@cache
def _group_and_label(name: str) -> tuple[str, str]:
    group, _, label = name.partition("/")
    return group, label


def _events(language: Language, document: Document) -> list[EventMention]:
    starts, ends = document.words.starts, document.words.ends
    return [
        _made(EventMention, (starts[first], ends[last - 1], first, last, *_kind_and_form(label)))
        for label, first, last in language.items.longest(document.words)
    ]


@cache
def _kind_and_form(label: str) -> tuple[ItemKind, bool]:
    """The kind that a label of the items' phrases names, and whether it is of verbs."""
    kind, _, form = label.partition(":")
    return ItemKind(kind), form == "verb"
