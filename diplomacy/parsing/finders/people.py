"""Officials as texts name them: an office, a name, or both ("le ministre …, Sergey LAVROV", "A. Diop, ministre …")."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplomacy.parsing.finders.countries import CountryMention
from diplomacy.parsing.finders.names import Name, PeopleWords, find_names, people_words
from diplomacy.parsing.finders.offices import Office, OfficeWords, find_offices, office_words
from diplomacy.parsing.finders.places import PlaceMention
from diplomacy.parsing.words import (
    APOSTROPHE,
    CAPITALS,
    COMMA,
    DOT,
    HYPHEN,
    LINE,
    LOWER,
    OPENING,
    OTHER,
    SPACE,
    STOP,
    Words,
)
from diplomacy.vocabulary import Rank

_BESIDE = (SPACE, COMMA, LINE)
_LONGEST_TITLE_CHAIN = 4
_LONGEST_NAME_LINE = 8  # words
_ORDER = {rank: number for number, rank in enumerate(Rank)}
_LARGE = 500_000  # people of a city whose name is hardly a family's


class PersonMention(NamedTuple):
    """Somebody at one place of the text. `name` or `title` may be empty, not both.

    `start` and `end` are offsets of the whole mention, `name_start` and `name_end` of the name (equal if none).
    """

    start: int
    end: int
    name: str
    title: str
    country: str | None
    rank: Rank | None = None
    name_start: int = 0
    name_end: int = 0
    title_start: int = 0
    title_end: int = 0
    is_counterpart: bool = False
    is_plural: bool = False
    is_honoured: bool = False  # introduced as "M.", "Mrs", "S.E.M."
    is_weak: bool = False  # a run of capitals that nothing vouches for
    is_former: bool = False
    is_definite: bool = False  # an office said with "le", "the", "his": one that the reader is taken to know
    is_indefinite: bool = False
    is_spouse: bool = False
    titles: tuple[str, ...] = ()  # every office named with it
    known_as: str | None = None  # the name under which the directory knows them


def find_people(
    words: Words, language: str, countries: Sequence[CountryMention], places: Sequence[PlaceMention],
    unvouched: frozenset[int] = frozenset(),
) -> tuple[PersonMention, ...]:  # fmt: skip
    """Every mention of somebody, in order and without overlaps. Bare family names are left to `resolve`.

    `unvouched`: see `find_names`.
    """
    offices = find_offices(words, language, [one for one in countries if one.form != "capital"])
    covered = _covered(words, countries, places)
    towns = _covered(words, (), [one for one in places if one.city.population < _LARGE and not one.city.is_capital])
    spans = [(one.first, one.last) for one in offices]
    names = find_names(words, language, offices=spans, places=covered, small_towns=towns, unvouched=unvouched)
    offices = tuple(one for one in offices if not _is_namesake(words, one.first, people_words(language)))
    return tuple(_Combiner(words, people_words(language), office_words(language), offices, names).mentions())


def _covered(words: Words, countries: Sequence[CountryMention], places: Sequence[PlaceMention]) -> frozenset[int]:
    found: set[int] = set()
    for start, end in [(one.start, one.end) for one in countries] + [(one.start, one.end) for one in places]:
        found.update(range(bisect_right(words.ends, start), bisect_left(words.starts, end)))
    return frozenset(found)


def _is_namesake(words: Words, first: int, known: PeopleWords) -> bool:
    """ "Hotel Presidente", "rue du Président": what is named after an office."""
    return (
        first > 0
        and words.gaps[first] == SPACE
        and words.norms[first - 1] in known.namesakes
        and words.cases[first] != LOWER
    )


def _reach(offices: Sequence[Office], name: Name | None) -> tuple[int, int]:
    """The first word of offices and name, and the one after the last."""
    if name is None and len(offices) == 1:
        return offices[0].first, offices[0].last
    first = min([office.first for office in offices] + ([name.start] if name else []))
    last = max([office.last for office in offices] + ([name.last] if name else []))
    return first, last


class _Combiner:
    """Joins offices and names that stand beside each other."""

    def __init__(
        self,
        words: Words,
        known: PeopleWords,
        known_offices: OfficeWords,
        offices: Sequence[Office],
        names: Sequence[Name],
    ) -> None:
        self.words, self.known, self.count = words, known, len(words)
        self.has_spouses = not known.spouses.first_words.isdisjoint(words.norms)
        self.determiners, self.joins = known_offices.determiners, known_offices.joins
        self.office_at = {office.first: office for office in offices}
        self.name_at = {name.start: name for name in names}
        self.starts = sorted({*self.office_at, *self.name_at})

    def mentions(self) -> Iterator[PersonMention]:
        done = 0
        for start in self.starts:
            if start < done:
                continue
            office, name = self.office_at.get(start), self.name_at.get(start)
            if name is not None and (office is None or name.last > office.last):
                last, mention = self._name_first(name)
            else:
                assert office is not None
                last, mention = self._office_first(office)
            done = last
            if mention is not None:
                yield mention

    # "le ministre russe des Affaires étrangères, Sergueï Lavrov"

    def _office_first(self, office: Office) -> tuple[int, PersonMention | None]:
        name = self._name_after(office)
        if name is None:
            further = self._further(office) if not office.is_plural else None
            if further is not None:
                named = self._name_after(further)
                if named is not None:
                    return named.last, self._made([office, further], named)
            return office.last, self._made([office], None)
        more = self._offices_after(name) if self.words.gap_after(office.last) == SPACE else []
        if more and (office.country is not None or self._is_next_person(more[0])):
            more = []
        last = more[-1].last if more else name.last
        return last, self._made([office, *more], name)

    def _further(self, office: Office) -> Office | None:
        """A second office of the same person, after a comma or with nothing between: "Foreign Minister Senator X"."""
        following = self.office_at.get(office.last)
        if following is not None and self.words.gaps[office.last] == SPACE and not following.is_plural:
            return following
        return self._office_at_comma(office.last)

    def _name_after(self, office: Office) -> Name | None:
        at = office.last
        if office.is_plural or at >= self.count:
            return None
        gap = self.words.gaps[at]
        if gap not in _BESIDE:
            if gap == OPENING:
                return self._bracketed_name(at)
            return self._name_after_colon(at)
        at = self._past_article(at)
        name = self.name_at.get(at)
        if name is None or (gap == LINE and not name.is_honoured and self.words.cases[at] != CAPITALS):
            return None
        if gap == COMMA and name.last - name.first < 2 and not name.is_honoured:
            return None
        if gap == COMMA and self._has_own_office(name) and office.is_bare:
            return None
        return name

    def _bracketed_name(self, at: int) -> Name | None:
        name = self.name_at.get(at)
        return name if name is not None and name.last - name.first >= 2 else None

    def _name_after_colon(self, at: int) -> Name | None:
        """ "Ministre : M. Rodrigue Agossou" at the head of an agenda."""
        between = self.words.text[self.words.ends[at - 1] : self.words.starts[at]]
        name = self.name_at.get(at)
        return name if name is not None and between.strip() == ":" and name.is_honoured else None

    def _past_article(self, at: int) -> int:
        """Over "le" in "le président de la Transition, le colonel Assimi Goïta"."""
        following = at + 1
        if self.determiners.get(self.words.norms[at]) == "definite" and following in self.name_at:
            return following if self.name_at[following].is_honoured else at
        return at

    def _has_own_office(self, name: Name) -> bool:
        following = self._office_at_comma(name.last)
        return following is not None and self._direct_name(following) is None

    def _direct_name(self, office: Office) -> Name | None:
        at = office.last
        if at < self.count and self.words.gaps[at] == SPACE:
            return self.name_at.get(at)
        return None

    # "Abdoulaye Diop, ministre malien des Affaires étrangères"

    def _name_first(self, name: Name) -> tuple[int, PersonMention | None]:
        offices = self._offices_after(name)
        last = offices[-1].last if offices else name.last
        return last, self._made(offices, name)

    def _offices_after(self, name: Name) -> list[Office]:
        found: list[Office] = []
        at = name.last
        while len(found) < _LONGEST_TITLE_CHAIN:
            office = self._office_at_comma(at)
            if office is None or self._direct_name(office) is not None or office.is_plural:
                break
            if found and self._is_next_person(office):
                break
            found.append(office)
            at = office.last
        return found

    def _is_next_person(self, office: Office) -> bool:
        """ "M. A, ministre de B, le président de C, M. D": the second office is of somebody else."""
        at = office.last
        if at < self.count and self.words.gaps[at] == COMMA:
            name = self.name_at.get(self._past_article(at))
            return name is not None and not self._has_own_office(name) and office.determiner == "definite"
        return False

    def _office_at_comma(self, at: int) -> Office | None:
        if at >= self.count or self.words.gaps[at] not in (COMMA, OPENING):
            return self._office_below(at)
        for skip in range(3):
            if at + skip >= self.count or (skip and self.words.gaps[at + skip] > APOSTROPHE):
                return None
            office = self.office_at.get(at + skip)
            if office is not None:
                return office if office.determiner != "indefinite" else None
            is_join = self.joins.at(self.words, at + skip) is not None  # "…, et la Première dame": somebody else
            if is_join or self.words.norms[at + skip] not in self.known.function_words:
                return None
        return None

    def _office_below(self, at: int) -> Office | None:
        """ "PEDRO SÁNCHEZ" on a line of its own, "Presidente del Gobierno" on the next."""
        office = self.office_at.get(at)
        if office is None or self.words.gaps[at] != LINE or office.determiner is not None:
            return None
        first = at - 1
        while first > 0 and self.words.gaps[first] in (SPACE, HYPHEN, DOT):
            first -= 1
        fills_line = self.words.gaps[first] in (LINE, STOP) and at - first < _LONGEST_NAME_LINE
        ends_line = self.words.gap_after(office.last) in (LINE, STOP, OTHER)
        return office if fills_line and ends_line and self.words.cases[at - 1] == CAPITALS else None

    def _made(self, offices: Sequence[Office], name: Name | None) -> PersonMention | None:
        if not offices:
            return self._of_name(name) if name is not None else None
        words, (first, last) = self.words, _reach(offices, name)
        titled = [office for office in offices if not office.is_counterpart]
        titles = tuple([words.written(one.first, one.last) for one in titled])
        countries = [office.country for office in offices if office.country is not None]
        return PersonMention(
            start=words.starts[first],
            end=words.ends[last - 1],
            name=words.written(name.first, name.last) if name else "",
            title=titles[0] if titles else "",
            country=countries[0] if countries else None,
            rank=min([office.rank for office in titled], key=_ORDER.__getitem__) if titled else None,
            titles=titles,
            name_start=words.starts[name.first] if name else words.starts[first],
            name_end=words.ends[name.last - 1] if name else words.starts[first],
            title_start=words.starts[titled[0].first] if titled else words.starts[first],
            title_end=words.ends[titled[0].last - 1] if titled else words.starts[first],
            is_counterpart=len(titled) < len(offices),
            is_plural=name is None and any(office.is_plural for office in offices),
            is_honoured=name.is_honoured if name else False,
            is_former=any(office.is_former for office in offices),
            is_definite=offices[0].determiner in ("definite", "possessive"),
            is_indefinite=offices[0].determiner == "indefinite",
            is_spouse=self._is_spouse(first, last),
        )

    def _of_name(self, name: Name) -> PersonMention:
        words = self.words
        start, end = words.starts[name.start], words.ends[name.last - 1]
        return PersonMention(
            start=start,
            end=end,
            name=words.written(name.first, name.last),
            title="",
            country=None,
            name_start=words.starts[name.first],
            name_end=end,
            title_start=start,
            title_end=start,
            is_honoured=name.is_honoured,
            is_weak=name.is_weak,
            is_spouse=self._is_spouse(name.start, name.last),
        )

    def _is_spouse(self, first: int, last: int) -> bool:
        return self.has_spouses and self.known.spouses.any_in(self.words, max(0, first - 2), last)
