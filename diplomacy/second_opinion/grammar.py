"""Days, hours and countries of quoted words, by the rules' own finders, read in the whole text where they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from diplomacy.parsing.dates import DateMention, Grain, find_dates
from diplomacy.parsing.document import open_document
from diplomacy.parsing.finders.countries import CountryMention, find_countries
from diplomacy.parsing.finders.places import PlaceMention, find_places
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
        self._published_on = published_on
        self._language = language if language in languages() else None
        self._document = open_document(text, published_on=published_on, language=language)
        self._dates: Sequence[DateMention] = ()
        self._countries: Sequence[CountryMention] = ()
        self._places: Sequence[PlaceMention] = ()
        if self._language is not None:
            folded = self._document.text
            self._dates = find_dates(folded, published_on=published_on, language=self._language)
            self._countries = find_countries(folded, self._language)
            self._places = find_places(folded, self._language)

    def days(self, quoted: Span) -> tuple[dt.date | None, dt.date | None]:
        """First and last day (inclusive) that the words name; a week or a month names none, nor does a dateline."""
        for mention in self._read(quoted):
            if mention.has_day and mention.precision is Grain.DAY and not mention.dateline:
                return mention.first, mention.last
        return None, None

    def clock(self, quoted: Span) -> Clock:
        """The hours or the part of the day that the words name; not the hour by which the press must be there."""
        for mention in self._read(quoted):
            if mention.press_access:
                continue
            clock = _clock(mention)
            if clock is not None:
                return clock
        return _NOTHING

    def country(self, quoted: Span) -> str | None:
        """The party that the words name, by its name, its adjective or one of its cities."""
        country = next(self._within(self._countries, quoted), None)
        if country is not None:
            return country.code
        place = next(self._within(self._places, quoted), None)
        return place.country if place else None

    def _read(self, quoted: Span) -> Sequence[DateMention]:
        """What the words say of time where they stand; if nothing lies wholly within them, what they say alone."""
        if self._language is None:
            return ()
        within = list(self._within(self._dates, quoted))
        if within:
            return within
        words = open_document(quoted.quote, published_on=self._published_on, language=self._language).text
        return find_dates(words, published_on=self._published_on, language=self._language)

    def _within(self, mentions: Iterable[M], quoted: Span) -> Iterator[M]:
        for mention in mentions:
            start, end = self._document.source_span(mention.start, mention.end)
            if quoted.start <= start and end <= quoted.end:
                yield mention


def _clock(mention: DateMention) -> Clock | None:
    """On the clock of the place where the text gives it, else in the zone it names; another city's clock is none."""
    time = mention.local_time or mention.time
    if time is None or time.clock_of is not None or time.day_offset:
        return Clock(None, None, None, mention.part_of_day) if time is None and mention.part_of_day else None
    until = mention.end_time
    has_end = until is not None and time is mention.time and not until.day_offset
    return Clock(str(time), str(until) if has_end else None, None if time.is_local else time.zone, None)
