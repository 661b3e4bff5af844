"""Names of people: runs of capitals with their particles and initials; without capitals, what follows an office.

A name that nothing vouches for (no honorific, no office beside it, no known given name) is `weak`: whether it is
somebody is for the reader of the sentence to say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from diplomacy.parsing.dates.tables import tables_for
from diplomacy.parsing.finders.offices import office_words
from diplomacy.parsing.gazetteer.given_names import given_names
from diplomacy.parsing.words import (
    APOSTROPHE,
    CAPITAL,
    CAPITALS,
    CASELESS,
    DOT,
    HYPHEN,
    LINE,
    LOWER,
    SPACE,
    Lookup,
    Words,
    keys,
)

_FOLDER = Path(__file__).parent.parent / "languages"
_LONGEST = 7  # words
_made = tuple.__new__  # a named tuple by itself is made in three times the time
_CAPITALISED = (CAPITAL, CAPITALS)
_JOINS = (SPACE, HYPHEN, APOSTROPHE)
_FAMILY_ARTICLES = frozenset(
    {"d", "da", "das", "do", "dos", "di", "dal", "dalla", "del", "della", "dello", "degli", "du"}
)
# In scripts without capitals: the most words that are taken for a name after an office.
_LONGEST_CASELESS = 4


class Name(NamedTuple):
    """A name in a text: words `first` to `last` (excluded), `start` where its honorific begins."""

    start: int
    first: int
    last: int
    is_honoured: bool
    is_weak: bool


@dataclass(frozen=True)
class PeopleWords:
    """What a language file knows of people."""

    honorifics: Lookup[bool]
    spouses: Lookup[bool]
    particles: frozenset[str]
    not_names: frozenset[str]
    times: frozenset[str]  # months and weekdays
    pronouns: Lookup[bool]
    both: Lookup[bool]
    function_words: frozenset[str]
    abbreviations: frozenset[str]
    namesakes: frozenset[str]  # what is named after people: "aéroport Modibo Keïta"
    namesakes_after: frozenset[str]  # the same where the name stands first: "Nelson Mandela Foundation"


@cache
def people_words(language: str) -> PeopleWords:
    """The language's words about people; empty for a language without a file."""
    path = _FOLDER / language / "people.toml"
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def book(name: str) -> Lookup[bool]:
        return Lookup((phrase, True) for phrase in data.get(name, ()))

    def bag(name: str) -> frozenset[str]:
        return frozenset(key for word in data.get(name, ()) for key in keys(word))

    times = frozenset(
        first
        for first, phrases in tables_for(language).phrases.items()
        if any(not rest and ("month" in terms or "weekday" in terms) for rest, terms in phrases)
    )
    return PeopleWords(
        honorifics=book("honorifics"),
        spouses=book("spouses"),
        particles=bag("particles"),
        not_names=bag("not_names") | bag("function_words") | times,
        times=times,
        pronouns=book("pronouns"),
        both=book("both"),
        function_words=bag("function_words"),
        abbreviations=bag("abbreviations"),
        namesakes=bag("namesakes"),
        namesakes_after=bag("namesakes_after"),
    )


def find_names(
    words: Words, language: str, *, offices: Sequence[tuple[int, int]], places: frozenset[int],
    small_towns: frozenset[int] = frozenset(), unvouched: frozenset[int] = frozenset(),
) -> tuple[Name, ...]:  # fmt: skip
    """Every name in order. `offices` are word spans of offices; `places` the words that a place or country covers,
    `small_towns` those of them whose name may as well be a family's. `unvouched` are offsets of words in capitals that
    are in no name but after an honorific.
    """
    return tuple(_Finder(words, language, offices, places, small_towns, unvouched).find())


class _Finder:
    def __init__(
        self,
        words: Words,
        language: str,
        offices: Sequence[tuple[int, int]],
        places: frozenset[int],
        small_towns: frozenset[int],
        unvouched: frozenset[int],
    ) -> None:
        self.words, self.language, self.small_towns = words, language, small_towns
        self.unvouched = unvouched and frozenset(at for at, start in enumerate(words.starts) if start in unvouched)
        self.known, self.count = people_words(language), len(words)
        self.honorifics = self.known.honorifics.first_words
        self.places = places
        self.in_office = {at for first, last in offices for at in range(first, last)}
        self.office_ends = {last for _first, last in offices}
        self.lower = {norm for norm, case in zip(words.norms, words.cases, strict=True) if case is LOWER}
        self.shouted = _shouted(words)

    def find(self) -> Iterator[Name]:
        norms, honorifics, in_office, done = self.words.norms, self.honorifics, self.in_office, 0
        for at in [at for at, case in enumerate(self.words.cases) if case is not LOWER or norms[at] in honorifics]:
            name = self._name(at) if at >= done and at not in in_office else None
            if name is not None:
                yield name
                done = name.last

    def _name(self, at: int) -> Name | None:
        is_led = self.words.norms[at] in self.honorifics and at not in self.places  # "Sri Lanka"
        first = self._after_honorifics(at) if is_led else at
        is_honoured = first > at
        if first >= self.count or (is_honoured and self.words.gaps[first] > LINE):
            return None
        if self.words.cases[first] == CASELESS:
            last = self._caseless_end(first) if is_honoured or self._follows_office(first) else first
        else:
            last = self._end(first, is_honoured=is_honoured)
        if last <= first:
            return None
        first = self._past_common_word(first, last) if not is_honoured else first
        is_weak = not is_honoured and not self._is_vouched(first, last)
        if is_weak and not self._may_stand(first, last):
            return None
        if self._is_namesake(at) or self._names_a_building(first, last):
            return None
        if is_weak and last - first > 1 and self.words.norms[last - 1] in self.known.namesakes:
            return None  # "Parliament House"
        return _made(Name, (at if is_honoured else first, first, last, is_honoured, is_weak))

    def _is_namesake(self, first: int) -> bool:
        """ "aéroport international Modibo Keïta", "place Léopold Sédar Senghor": a place, not a person."""
        for at in range(first - 1, max(first - 4, -1), -1):
            if self.words.gaps[at + 1] not in _JOINS:
                return False
            if self.words.norms[at] in self.known.namesakes:
                return True
            if self.words.norms[at] in self.known.function_words and self.words.norms[at] not in self.known.particles:
                return False
        return False

    def _names_a_building(self, first: int, last: int) -> bool:
        """ "John F. Kennedy Airport", "Sir Seewoosagur Ramgoolam International Airport": a place, not a person."""
        if not self.known.namesakes_after:
            return False
        stop = last
        while stop < self.count and stop - last < 3 and self.words.gaps[stop] == SPACE:
            if self.words.cases[stop] not in _CAPITALISED:
                break
            stop += 1
        return not self.known.namesakes_after.isdisjoint(self.words.norms[first + 1 : stop])

    def _after_honorifics(self, at: int) -> int:
        first = at
        while first < self.count:
            match = self.known.honorifics.at(self.words, first)
            if match is None or (first > at and self.words.gaps[first] > LINE):
                break
            if first + 1 == match.last and len(self.words.norms[first]) == 1 and not self._is_title_letter(first):
                break
            first = match.last
        return first

    def _is_title_letter(self, at: int) -> bool:
        """A lone "M" is "Monsieur" only with its dot and a name after."""
        after = at + 1
        return after < self.count and self.words.gaps[after] == DOT and self.words.cases[at] in _CAPITALISED

    def _may_begin(self, at: int) -> bool:
        words = self.words
        if words.cases[at] not in _CAPITALISED or at in self.in_office or not words.norms[at][0].isalpha():
            return False
        if at in self.unvouched and not (self._follows_office(at) and self._closes(at)):
            return False
        if words.norms[at] in self.known.not_names:
            return (self._is_given(at) or self._is_initial(at)) and self._goes_on(at + 1)
        if at in self.places:
            return self._is_given(at) and self._goes_on(at + 1) and at + 1 not in self.places
        return True

    def _goes_on(self, at: int) -> bool:
        """Whether a further capital follows that is no place and no common word."""
        words = self.words
        return (
            at < self.count
            and words.gaps[at] in (*_JOINS, DOT)
            and words.cases[at] in _CAPITALISED
            and at not in self.in_office
            and (words.norms[at] not in self.known.not_names or words.ends[at] - words.starts[at] == 1)
        )

    def _is_initial(self, at: int) -> bool:
        """ "A" in "A K Abdul Momen": a letter by itself between capitals."""
        return self.words.ends[at] - self.words.starts[at] == 1 and self._goes_on(at + 1)

    def _is_given(self, at: int) -> bool:
        return self.words.norms[at] in given_names()

    def _end(self, first: int, *, is_honoured: bool) -> int:
        """Where the name that begins at `first` ends; `first` itself if none does."""
        if not (self._may_begin(first) or (is_honoured and self._may_begin_honoured(first))):
            return first
        end = first + 1
        while end < self.count and end - first < _LONGEST:
            step = self._step(first, end)
            if step == 0:
                break
            end += step
        return end

    def _past_common_word(self, first: int, last: int) -> int:
        """ "Itinéraire de Justin Trudeau": the name begins with the given name after the particle."""
        words = self.words
        if last - first >= 4 and words.cases[first + 1] == LOWER and not self._is_given(first):
            return first + 2 if self._is_given(first + 2) else first
        return first

    def _may_begin_honoured(self, at: int) -> bool:
        return (
            self.words.cases[at] in _CAPITALISED
            and at not in self.in_office
            and (self.words.norms[at] not in self.known.not_names or self._is_initial(at))
        )

    def _step(self, first: int, at: int) -> int:
        """How many words further the name goes at word `at`."""
        words = self.words
        gap = words.gaps[at]
        is_initial = gap == DOT and words.ends[at - 1] - words.starts[at - 1] == 1
        if gap not in _JOINS and not is_initial:
            return 0
        if at in self.in_office or (gap == APOSTROPHE and words.norms[at] == "s"):
            return 0
        if at in self.unvouched and first not in self.unvouched and not self._closes(at):
            return 0
        if words.cases[at] in _CAPITALISED and words.norms[at][0].isalpha():
            if gap == SPACE and self._ends_before(first, at):
                return 0
            return 1
        is_particle = self._is_particle(at) or gap == HYPHEN or self._joins_family_name(first, at)
        following = at + 1
        if is_particle and words.cases[at] == LOWER and following < self.count:
            if words.gaps[following] in _JOINS and words.cases[following] in _CAPITALISED:
                is_known_place = following in self.places and words.norms[at] not in {"al", "el", "ben", "bin"}
                if following in self.small_towns and at - first >= 2 and self._is_given(first):
                    is_known_place = False  # "Marcelo Rebelo de Sousa"
                common = words.norms[following] in self.known.not_names
                return 0 if is_known_place or common or following in self.in_office else 2
            if words.gaps[following] in _JOINS and words.norms[following] in self.known.particles:
                return 1 + (self._step(first, following) or -1)
        return 0

    def _closes(self, at: int) -> bool:
        """ "AGENDA DE M. JEAN-NOËL BARROT, MINISTRE": nothing that could be a verb follows in the line."""
        last = at + 1
        while last < self.count and self.words.gaps[last] in _JOINS and last in self.unvouched:
            last += 1
        return last in self.in_office or self.words.gap_after(last) not in _JOINS

    def _is_particle(self, at: int) -> bool:
        """A particle; one that is an article too ("den") only after another: "van den Berg"."""
        norm = self.words.norms[at]
        if norm not in self.known.particles:
            return False
        if norm in ("e", "y", "i") and at + 1 < self.count and self._is_given(at + 1):
            return False  # "João dos Santos e José Eduardo": two people
        is_article = office_words(self.language).determiners.get(norm) == "definite" and norm not in ("el", "al")
        return not is_article or self.words.norms[at - 1] in self.known.particles

    def _joins_family_name(self, first: int, at: int) -> bool:
        """ "Lula da Silva", "Jean d'Ormesson": a particle that is a preposition and article too, within a name that a
        given name or an office vouches for, and not before a portfolio ("o ministro João Ramos da Defesa").
        """
        words, following = self.words, at + 1
        if words.norms[at] not in _FAMILY_ARTICLES or following >= len(words):
            return False
        if words.norms[at] == "d" and words.gaps[following] != APOSTROPHE:
            return False
        if not (self._is_given(first) or first in self.office_ends):
            return False
        known = office_words(self.language)
        begins_office = known.portfolios.first_words | known.institutions.first_words
        return following not in self.places and words.norms[following] not in begins_office

    def _ends_before(self, first: int, at: int) -> bool:
        """Whether a capital is a common word or a place, and not the family name after one given name."""
        words = self.words
        is_common = words.norms[at] in self.known.not_names and words.ends[at] - words.starts[at] > 1
        joins = words.norms[at] in self.known.particles or words.norms[at] in _FAMILY_ARTICLES
        if is_common and joins and self._goes_on(at + 1) and self._is_given(first):
            return False  # "Luc De Smedt"
        is_surname = words.cases[at] == CAPITALS and words.cases[first] == CAPITAL and self._is_given(first)
        if is_surname and at not in self.shouted:
            return False  # "Bruno LE MAIRE"
        if is_common and at + 1 < self.count and words.gaps[at + 1] == HYPHEN:
            is_common = False  # "El-Sisi"
        is_place = at in self.places and words.cases[at] != CAPITALS
        if at - first == 1 and self._is_given(first) and (is_place or words.norms[at] in self.known.times):
            is_dated = words.gap_after(at + 1) == SPACE and words.norms[at + 1].isdigit()
            return is_dated or self.words.norms[first] in self.lower
        return is_common or is_place

    def _is_vouched(self, first: int, last: int) -> bool:
        """Whether something says it is somebody: a given name, an office beside it."""
        if self._follows_office(first):
            return True
        if last - first < 2 or first in self.shouted:
            return False
        return self._is_given(first) and self.words.norms[first] not in self.lower

    def _follows_office(self, first: int) -> bool:
        return first in self.office_ends and self.words.gaps[first] in (SPACE, LINE)

    def _may_stand(self, first: int, last: int) -> bool:
        """Whether capitals with nothing beside them may be somebody at all."""
        if first in self.shouted:
            return last - first >= 2 and self._is_given(first)
        return self.words.norms[first] not in self.lower

    def _caseless_end(self, first: int) -> int:
        """Where a name without capitals ends; "بن", "آل", "عبد" do not count among its words, nor end it."""
        end, count = first, 0
        while end < self.count and end - first < 2 * _LONGEST_CASELESS and self._may_go_on_caseless(first, end):
            count += self.words.norms[end] not in self.known.particles
            if count > _LONGEST_CASELESS:
                break
            end += 1
        while end > first and self.words.norms[end - 1] in self.known.particles:
            end -= 1
        return end

    def _may_go_on_caseless(self, first: int, at: int) -> bool:
        words = self.words
        return (
            (at == first or words.gaps[at] in (SPACE, HYPHEN))
            and (words.norms[at] not in self.known.not_names or self._is_spelled_as_name(at))
            and at not in self.places
            and at not in self.in_office
            and words.cases[at] == CASELESS
            and words.norms[at].isalpha()
        )

    def _is_spelled_as_name(self, at: int) -> bool:
        """ "علي" is a name, "على" a preposition; their keys are the same."""
        return self._is_given(at) and not self.words.raw(at).endswith("\u0649")


def _shouted(words: Words) -> frozenset[int]:
    """The words of lines that are written in capitals throughout."""
    found: set[int] = set()
    breaks = [
        at for at, gap in enumerate(words.gaps)
        if gap >= LINE and at and "\n" in words.text[words.ends[at - 1] : words.starts[at]]
    ]  # fmt: skip
    for first, last in pairwise((0, *breaks, len(words))):
        if last - first >= 3:
            cases = words.cases[first:last]
            if cases.count(LOWER) + cases.count(CAPITAL) <= (last - first) // 6:
                found.update(range(first, last))
    return frozenset(found)
