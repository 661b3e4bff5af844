"""Everything the finders found in one document, with look-ups by place."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol, TypeVar

from diplomacy.parsing.document import Document, Sentence
from diplomacy.parsing.finders.dates import Times, find_times
from diplomacy.parsing.finders.people import PersonMention, find_people
from diplomacy.parsing.finders.places import CityMention, CountryMention, find_cities, find_countries
from diplomacy.parsing.language import Language
from diplomacy.parsing.phrases import PhraseMatch
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent, resolve_people


class Placed(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""


Mention = TypeVar("Mention", bound=Placed)


@dataclass(frozen=True)
class Findings:
    """A document and what was found in it; all tuples are in order of place."""

    document: Document
    language: Language
    sentences: tuple[Sentence, ...]
    times: Times
    countries: tuple[CountryMention, ...]
    cities: tuple[CityMention, ...]
    people: tuple[PersonMention, ...]
    referents: tuple[Referent, ...]
    referent_at: dict[int, Referent]

    def within(self, mentions: tuple[Mention, ...], start: int, end: int) -> tuple[Mention, ...]:
        """Those that begin in text[start:end]."""
        starts = [mention.start for mention in mentions] if len(mentions) < 50 else _Starts(mentions)
        return mentions[bisect_left(starts, start) : bisect_left(starts, end)]

    def span(self, start: int, end: int, rule: str) -> Span:
        """The words there, at their place in the text as given."""
        first, last = self.document.source_span(start, end)
        return Span(first, last, self.document.source[first:last], rule)

    def place_of(self, match: PhraseMatch) -> tuple[int, int]:
        """Where a phrase lies in the text."""
        return self.document.tokens[match.first].start, self.document.tokens[match.last - 1].end


class _Starts:
    """The starts of mentions, without copying them all."""

    def __init__(self, mentions: tuple[Placed, ...]) -> None:
        self.mentions = mentions

    def __len__(self) -> int:
        return len(self.mentions)

    def __getitem__(self, at: int) -> int:
        return self.mentions[at].start


def find_all(document: Document, language: Language) -> Findings:
    """Run every finder."""
    countries = find_countries(document, language.code)
    not_names = language.set_of("people", "not_names")
    cities = tuple(
        mention
        for mention in find_cities(document, countries)
        if document.tokens[document.token_at(mention.start)].norm not in not_names
    )
    people = find_people(document, language, countries)
    referents, referent_at = resolve_people(people)
    return Findings(
        document=document,
        language=language,
        sentences=document.sentences(frozenset(language.words["abbreviations"])),
        times=find_times(document.text, language, document.published_on),
        countries=countries,
        cities=cities,
        people=people,
        referents=referents,
        referent_at=referent_at,
    )
