"""Days, hours and countries of quoted words, by the rules' own finders, read in the whole text where they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from diplomacy.parsing.document import open_document
from diplomacy.parsing.finders.dates import Times, find_times
from diplomacy.parsing.finders.places import CityMention, CountryMention, find_cities, find_countries
from diplomacy.parsing.language import language as language_of
from diplomacy.parsing.language import languages
from diplomacy.parsing.reading import Span
from diplomacy.vocabulary import PartOfDay


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours "HH:MM" on the clock of the place, or in the IANA zone named; or only a part of the day."""

    time: str | None
    until: str | None
    zone: str | None
    part: PartOfDay | None


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


M = TypeVar("M", bound=_Placed)
_NOTHING = Clock(None, None, None, None)


class Grammar:
    """The finders over one text; in a language they do not know, nothing is found.

    Words are read where they stand, with what is said around them (a month named once, the tense). Where a longer
    expression surrounds them ("4 mars" quoted from "du 3 au 4 mars") they are read alone.

    Raises UnreadableTextError.
    """

    def __init__(self, text: str, *, published_on: dt.date, language: str | None) -> None:
        self._published_on, self._language = published_on, language
        self._document = open_document(text, published_on=published_on, language=language)
        self._times: Times | None = None
        self._countries: tuple[CountryMention, ...] = ()
        self._cities: tuple[CityMention, ...] = ()
        if language in languages():
            self._times = find_times(self._document.text, language_of(language), published_on)
            self._countries = find_countries(self._document, language)
            self._cities = find_cities(self._document, self._countries)

    def days(self, quoted: Span) -> tuple[dt.date | None, dt.date | None]:
        """First and last day (inclusive) that the words name."""
        if self._times is None:
            return None, None
        mention = self._first(self._times.dates, quoted)
        if mention is None:
            mention = next(iter(self._alone(quoted).dates), None)
        return (mention.first, mention.last) if mention else (None, None)

    def clock(self, quoted: Span) -> Clock:
        """The hours or the part of the day that the words name."""
        if self._times is None:
            return _NOTHING
        alone = self._alone(quoted)
        clock = self._first(self._times.clocks, quoted) or next(iter(alone.clocks), None)
        part = self._first(self._times.parts, quoted) or next(iter(alone.parts), None)
        if clock is not None:
            return Clock(clock.time, clock.until, "Etc/UTC" if clock.gmt else None, None)
        return Clock(None, None, None, part.part) if part else _NOTHING

    def country(self, quoted: Span) -> str | None:
        """The party that the words name, by its name, its adjective or one of its cities."""
        country = self._first(self._countries, quoted)
        if country is not None:
            return country.code
        city = self._first(self._cities, quoted)
        return city.city.country if city else None

    def _alone(self, quoted: Span) -> Times:
        assert self._language is not None
        words = open_document(quoted.quote, published_on=self._published_on, language=self._language).text
        return find_times(words, language_of(self._language), self._published_on)

    def _first(self, mentions: Iterable[M], quoted: Span) -> M | None:
        for mention in mentions:
            start, end = self._document.source_span(mention.start, mention.end)
            if quoted.start <= start and end <= quoted.end:
                return mention
        return None
