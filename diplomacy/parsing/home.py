"""The country a text is written in: by its dateline, its letterhead, or the palaces it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diplomacy.parsing.dates import DateMention
from diplomacy.parsing.document import Document, Line
from diplomacy.parsing.finders.countries import CountryMention
from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.finders.places import PlaceMention

_HEAD_LINES = 3
_MANY = 4  # cities
_DATELINE_REACH = 40  # characters between the city and the date of a dateline
_LONGEST_SOLE = 40  # characters of a line that holds a city and nothing else


def home_of(
    document: Document,
    dates: Sequence[DateMention],
    countries: Sequence[CountryMention],
    cities: Sequence[PlaceMention],
    people: Sequence[PersonMention],
) -> str | None:
    """ISO 3166-1 alpha-2 of the country whose officials a text names without their country; None if it does not say."""
    return (
        _by_dateline(dates, cities)
        or _by_letterhead(document, countries, cities, people)
        or _by_palace(countries)
        or _by_majority(cities)
    )


def _by_majority(cities: Sequence[PlaceMention]) -> str | None:
    """The country of most cities of a text that names many."""
    if len(cities) < _MANY:
        return None
    code, count = Counter(one.country for one in cities).most_common(1)[0]
    return code if count >= _MANY and count / len(cities) >= 0.6 else None


def _by_dateline(dates: Sequence[DateMention], cities: Sequence[PlaceMention]) -> str | None:
    for date in dates:
        if date.dateline:
            near = [
                one
                for one in cities
                if 0 <= date.start - one.end < _DATELINE_REACH or date.start <= one.start < date.end
            ]
            if near:
                return near[-1].country
    return None


def _by_letterhead(
    document: Document,
    countries: Sequence[CountryMention],
    cities: Sequence[PlaceMention],
    people: Sequence[PersonMention],
) -> str | None:
    def titled(line: Line) -> bool:
        return any(one.start < line.end and line.start < one.end for one in people)

    for line in document.lines[:_HEAD_LINES]:
        long_names = [one for one in countries if line.start <= one.start < line.end and one.form == "long_name"]
        if long_names and line.is_shouted and not titled(line):
            return long_names[0].code
        bodies = [one for one in countries if one.start == line.start and one.code in ("EU", "UN")]
        if bodies:
            return bodies[0].code
    for line in document.lines[:_HEAD_LINES]:
        sole = [one for one in cities if one.start == line.start and one.end - one.start > 0.35 * len(line.text)]
        if sole and len(line.text) < _LONGEST_SOLE:
            return sole[0].country
    return None


def _by_palace(countries: Sequence[CountryMention]) -> str | None:
    palaces = [one.code for one in countries if one.form == "metonym"]
    return Counter(palaces).most_common(1)[0][0] if palaces else None
