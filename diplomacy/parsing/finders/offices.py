"""Offices as texts name them: "le ministre russe des Affaires étrangères", "Qatari Prime Minister", "son homologue".

The words are in `languages/<language>/offices.toml`: heads with the rank they have by themselves, and what may follow
or stand before them (portfolios, institutions, qualifiers).
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from diplomacy.parsing.finders.countries import CountryMention
from diplomacy.parsing.words import (
    APOSTROPHE,
    CAPITAL,
    CAPITALS,
    COMMA,
    DOT,
    HYPHEN,
    LINE,
    LOWER,
    SPACE,
    Lookup,
    Match,
    Words,
    keys,
)
from diplomacy.vocabulary import Rank

# Once: an enum's members are slow to look up.
_AMBASSADOR, _DEPUTY_HEAD, _FOREIGN_MINISTER = Rank.AMBASSADOR, Rank.DEPUTY_HEAD, Rank.FOREIGN_MINISTER
_HEAD_OF_GOVERNMENT, _HEAD_OF_STATE, _MINISTER = Rank.HEAD_OF_GOVERNMENT, Rank.HEAD_OF_STATE, Rank.MINISTER
_OTHER = Rank.OTHER

_FOLDER = Path(__file__).parent.parent / "languages"
_LONGEST = 26  # words
_RANKS = tuple(Rank)


@dataclass(frozen=True, slots=True)
class Head:
    """A head word: the rank it has by itself, what may follow ("open", "plain", "portfolio"), and its number."""

    rank: Rank
    follows: str
    is_plural: bool


class Office(NamedTuple):
    """An office in a text: words `first` to `last` (excluded).

    `determiner` is "definite", "indefinite", "possessive" or None. `country` is the party named in it, if any.
    """

    first: int
    last: int
    rank: Rank
    country: str | None
    is_plural: bool = False
    is_counterpart: bool = False
    is_former: bool = False
    determiner: str | None = None
    is_bare: bool = False  # the head alone, lower case: "le ministre", "the president"


@dataclass(frozen=True)
class OfficeWords:
    """What a language file knows of offices, ready to be looked up."""

    heads: Lookup[Head]
    counterparts: Lookup[bool]
    institutions: Lookup[Rank]
    portfolios: Lookup[str]
    portfolio_words: frozenset[str]
    qualifiers: Lookup[bool]
    of: Lookup[bool]
    chain: Lookup[bool]
    joins: Lookup[bool]
    former: frozenset[str]
    former_after: frozenset[str]
    determiners: Mapping[str, str]
    before_head: bool
    venues: Lookup[bool]
    first_words: frozenset[str]  # that an office may begin with, where no country does
    takes_country: bool  # the country follows without a word between: "министр иностранных дел России"


@cache
def office_words(language: str) -> OfficeWords:
    """The language's words for offices; empty for a language without a file."""
    path = _FOLDER / language / "offices.toml"
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    determiners = {
        keys(word)[-1]: name for name in ("indefinite", "definite", "possessive") for word in data.get(name, ())
    }
    heads = Lookup(_heads(data.get("heads", {})))
    counterparts = Lookup((form, plural) for form, plural in _forms(data.get("counterparts", ())))
    portfolios = Lookup(
        (phrase, name) for name in ("foreign", "other") for phrase in data.get("portfolios", {}).get(name, ())
    )
    qualifiers = Lookup((phrase, True) for phrase in data.get("qualifiers", ()))
    before_head = bool(data.get("before_head", False))
    first_words = heads.first_words | counterparts.first_words
    if before_head:
        first_words |= qualifiers.first_words | portfolios.first_words
    return OfficeWords(
        heads=heads,
        counterparts=counterparts,
        institutions=Lookup(
            (phrase, Rank(rank)) for rank, phrases in data.get("institutions", {}).items() for phrase in phrases
        ),
        portfolios=portfolios,
        portfolio_words=frozenset(key for word in data.get("portfolios", {}).get("words", ()) for key in keys(word)),
        qualifiers=qualifiers,
        of=Lookup((phrase, True) for phrase in data.get("of", ())),
        chain=Lookup((phrase, True) for phrase in data.get("chain", ())),
        joins=Lookup((phrase, True) for phrase in data.get("and", ())),
        former=frozenset(key for word in data.get("former", ()) for key in keys(word)),
        former_after=frozenset(key for word in data.get("former_after", ()) for key in keys(word)),
        determiners=determiners,
        before_head=before_head,
        first_words=frozenset(first_words),
        venues=Lookup((phrase, True) for phrase in data.get("venues", ())),
        takes_country=bool(data.get("takes_country", False)),
    )


def _heads(ranks: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, Head]]:
    for rank, groups in ranks.items():
        for follows, entries in groups.items():
            for form, is_plural in _forms(entries):
                yield form, Head(Rank(rank), follows, is_plural)


def _forms(entries: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """ "masculine, feminine; plural, feminine plural" as forms, each with whether it is a plural."""
    for entry in entries:
        for number, group in enumerate(entry.split(";")):
            for form in group.split(","):
                if form.strip():
                    yield form.strip(), number > 0


def find_offices(words: Words, language: str, countries: Sequence[CountryMention]) -> tuple[Office, ...]:
    """Every office of a text in order, without overlaps."""
    return tuple(_Finder(words, language, countries).find())


class _Finder:
    def __init__(self, words: Words, language: str, countries: Sequence[CountryMention]) -> None:
        self.words, self.count = words, len(words)
        self.known = office_words(language)
        self.country_from: dict[int, tuple[int, CountryMention]] = {}  # by its first word: past its last one
        self.country_upto: dict[int, tuple[int, CountryMention]] = {}  # the other way round
        for mention in countries:
            at, last = bisect_right(words.ends, mention.start), bisect_left(words.starts, mention.end)
            self.country_from[at] = (last, mention)
            self.country_upto[last] = (at, mention)

    def find(self) -> Iterator[Office]:
        begins, countries, done = self.known.first_words, self.country_from, 0
        for at in [at for at, norm in enumerate(self.words.norms) if norm in begins or at in countries]:
            office = self._office(at) if at >= done else None
            if office is not None:
                yield office
                done = office.last

    def _office(self, at: int) -> Office | None:
        counterpart = self.known.counterparts.at(self.words, at)
        if counterpart is not None:
            return self._counterpart(at, counterpart)
        start, country = at, None
        head_at = self._prefix(at) if self.known.before_head or at in self.country_from else at
        if head_at != at and at in self.country_from:
            country = self.country_from[at][1].code
        head = self._head(head_at)
        if head is None or self._is_venue(head) or self._is_surname(head):
            return None
        return self._grown(start, head, country, has_prefix=head_at != at)

    def _head(self, at: int) -> Match[Head] | None:
        """The head there; of "président du Conseil européen" only "président", since a longer institution follows."""
        head = self.known.heads.at(self.words, at)
        if head is None or head.last - head.first < 3:
            return head
        for inside in range(head.first + 2, head.last):
            longer = self.known.institutions.at(self.words, inside)
            if longer is not None and longer.last > head.last:
                return self.known.heads.at(self.words, at, inside - 1) or head
        return head

    def _is_surname(self, head: Match[Head]) -> bool:
        """ "Bruno LE MAIRE": a head in capitals right after a capital, in a line that is not all in capitals."""
        words, at = self.words, head.first
        if at == 0 or words.cases[at] != CAPITALS or words.gaps[at] != SPACE:
            return False
        before, after = words.cases[at - 1], words.cases[head.last] if head.last < self.count else LOWER
        return before == CAPITALS and after != CAPITALS and at > 1 and words.cases[at - 2] == CAPITAL

    def _is_venue(self, head: Match[Head]) -> bool:
        """ "ministère", "President's office" are no persons; a head that is one word of a longer name neither."""
        is_joined = head.last < self.count and self.words.gaps[head.last] in (SPACE, APOSTROPHE)
        following = head.last + (is_joined and self.words.norms[head.last] == "s")
        return is_joined and self.known.venues.at(self.words, following) is not None

    def _prefix(self, at: int) -> int:
        """Where the head begins after demonyms, qualifiers and portfolios that stand before it; `at` if none."""
        words, end, grown = self.words, at, True
        while grown and end < self.count and end - at < 8:
            grown = False
            if end in self.country_from and (end == at or words.gaps[end] <= HYPHEN):
                end = self.country_from[end][0]
                if end < self.count and words.norms[end] == "s" and words.gaps[end] == APOSTROPHE:
                    end += 1
                grown = True
                continue
            if self.known.heads.at(words, end) is not None:
                break
            for book in (self.known.qualifiers, self.known.portfolios) if self.known.before_head else ():
                match = book.at(words, end)
                if match is not None and (end == at or words.gaps[end] <= HYPHEN):
                    if book is self.known.portfolios and words.cases[end] == LOWER and end == at:
                        continue
                    end, grown = match.last, True
                    break
        if end < self.count and end > at and words.gaps[end] > HYPHEN:
            return at
        return end

    def _counterpart(self, at: int, match: Match[bool]) -> Office:
        end, country = match.last, None
        if end in self.country_from and self.words.gaps[end] == SPACE:
            end, mention = self.country_from[end]
            country = mention.code
        start = at
        if at in self.country_upto and self.words.gaps[at] <= HYPHEN:
            start, mention = self.country_upto[at]
            country = mention.code
        rank = _OTHER
        after = self.known.heads.at(self.words, end) if end < self.count else None
        if after is not None and self.words.gaps[end] == SPACE:
            end, rank = after.last, after.value.rank
        return Office(
            start, end, rank, country, is_plural=match.value, is_counterpart=True,
            determiner=self._determiner(start),
        )  # fmt: skip

    def _grown(self, start: int, head: Match[Head], country: str | None, *, has_prefix: bool) -> Office:
        growth = _Growth(self, head, country)
        growth.grow()
        prefix = self._rank_before(start, head) if has_prefix else None
        is_bare = start == head.first and growth.end == head.last == head.first + 1
        return Office(
            start, growth.end, prefix or growth.rank, growth.country, head.value.is_plural, False,
            self._is_former(start, growth.end), self._determiner(start), is_bare,
        )  # fmt: skip

    def _rank_before(self, start: int, head: Match[Head]) -> Rank | None:
        """ "Foreign" before "Secretary", "External Affairs" before "Minister": the rank they make."""
        if head.value.rank is not _MINISTER:
            return None
        for at in range(start, head.first):
            portfolio = self.known.portfolios.at(self.words, at)
            if portfolio is not None and portfolio.value == "foreign":
                return _FOREIGN_MINISTER
        return None

    def _determiner(self, start: int) -> str | None:
        if start == 0 or self.words.gaps[start] > LINE or self.words.gaps[start] == DOT:
            return None
        return self.known.determiners.get(self.words.norms[start - 1])

    def _is_former(self, start: int, end: int) -> bool:
        before = start > 0 and self.words.norms[start - 1] in self.known.former
        after = end < self.count and self.words.norms[end] in self.known.former_after
        return before or after


class _Growth:
    """How far an office reaches after its head, and the rank and country that what follows gives it."""

    def __init__(self, finder: _Finder, head: Match[Head], country: str | None) -> None:
        self.finder, self.words, self.known, self.count = finder, finder.words, finder.known, finder.count
        self.head = head
        self.end, self.rank, self.country = head.last, head.value.rank, country
        for at in range(head.first + 1, head.last):  # "président de la République" of "République française"
            within = finder.country_from.get(at)
            if within is not None and within[0] > head.last and not within[1].is_demonym:
                self.end, self.country = within[0], country or within[1].code
        self.ranked = False

    def grow(self) -> None:
        while self.end - self.head.first < _LONGEST and self._step():
            pass

    def _step(self) -> bool:
        if self.end >= self.count:
            return False
        gap = self.words.gaps[self.end]
        if gap in (SPACE, APOSTROPHE, LINE, HYPHEN):
            return self._adjective() or self._complement(self.end) or self._joined(self.end)
        if gap == COMMA:
            return self._complement(self.end, known_only=True)
        return False

    def _adjective(self) -> bool:
        """A demonym or a qualifier right after: "ministre malien", "ministre fédéral"."""
        following = self.finder.country_from.get(self.end)
        if following is not None and following[1].is_demonym:
            self.end = following[0]
            self.country = self.country or following[1].code
            return True
        if following is not None and self.known.takes_country:
            self.end = following[0]
            self.country = self.country or following[1].code
            return True
        match = self.known.qualifiers.at(self.words, self.end)
        if match is None or self.known.before_head:
            return False
        if self.words.cases[self.end] == LOWER or self.head.value.follows == "portfolio":
            self.end = match.last
            return True
        return False

    def _joined(self, at: int) -> bool:
        """ "et de l'Intégration africaine", "and Foreign Minister": more of the same office, or a second one."""
        joint = self.known.joins.at(self.words, at)
        if joint is None or joint.last >= self.count or self.words.gaps[joint.last] > APOSTROPHE:
            return False
        following = joint.last
        if self._complement(following, known_only=True):
            return True
        portfolio = self.known.portfolios.at(self.words, following)
        if portfolio is not None and self.head.value.follows == "portfolio" and self.end > self.head.last:
            self._take(portfolio.last, portfolio.value)
            return True
        start = self.finder._prefix(following)
        second = self.known.heads.at(self.words, start) if start < self.count else None
        is_title = second is not None and not second.value.is_plural and self.words.cases[following] != LOWER
        if second is not None and is_title and not self.head.value.is_plural and self.words.cases[start] != LOWER:
            rank = second.value.rank
            self.end = second.last
            self.rank = min(self.rank, rank, key=_RANKS.index)
            return True
        return False

    def _complement(self, at: int, *, known_only: bool = False) -> bool:
        """ "des Affaires étrangères", "de la République du Mali", "of the United Kingdom"."""
        joint = self._of(at)
        target = joint if joint is not None else at
        if joint is None and not self._may_follow_directly(at):
            return False
        if target >= self.count or self.words.gaps[target] > LINE:
            return False
        is_possessive = joint is not None and self._is_chain(at, joint)
        return (
            self._institution(target, is_joined=joint is not None)
            or self._portfolio(target)
            or (is_possessive and self._country(target))
            or (is_possessive and not known_only and self._unknown(target))
        )

    def _is_chain(self, at: int, target: int) -> bool:
        """Whether the joint says "of", or the office is one that is accredited "to" and resides "in"."""
        found = self.known.chain.at(self.words, at)
        return (found is not None and found.last == target) or self.head.value.rank is _AMBASSADOR

    def _of(self, at: int) -> int | None:
        found = self.known.of.at(self.words, at)
        return found.last if found is not None else None

    def _may_follow_directly(self, at: int) -> bool:
        """In German and Russian the portfolio or country follows without a word between."""
        return not self.known.before_head and self.head.value.follows == "portfolio" and (self.words.gaps[at] == SPACE)

    def _institution(self, target: int, *, is_joined: bool) -> bool:
        match = self.known.institutions.at(self.words, target)
        if match is None or not is_joined or (self.words.cases[target] == LOWER and self.words.norms[target] in {
            "parti", "region",
        }):  # fmt: skip
            return False
        country = self.finder.country_from.get(target)
        if country is not None and country[0] > match.last:
            return False
        self.end = match.last
        if self.head.value.follows == "open" and not self.ranked:
            self.rank = match.value if self.rank is not _DEPUTY_HEAD else self.rank
            if self.head.value.rank not in (_HEAD_OF_STATE, _HEAD_OF_GOVERNMENT):
                self.rank = self.head.value.rank
        self.ranked = True
        if country is not None and self.country is None:
            self.country = country[1].code
        return True

    def _portfolio(self, target: int) -> bool:
        match = self.known.portfolios.at(self.words, target)
        if match is None:
            return False
        self._take(match.last, match.value)
        return True

    def _take(self, last: int, portfolio: str) -> None:
        self.end = last
        if portfolio == "foreign" and self.head.value.rank is _MINISTER and not self.ranked:
            self.rank = _FOREIGN_MINISTER
        self.ranked = True
        while self.end < self.count and self._goes_on(self.end):
            self.end += 1

    def _goes_on(self, at: int) -> bool:
        return self.words.gaps[at] == SPACE and self.words.norms[at] in self.known.portfolio_words

    def _country(self, target: int) -> bool:
        following = self.finder.country_from.get(target)
        if following is None or following[1].is_demonym:
            return False
        self.end = following[0]
        self.country = self.country or following[1].code
        return True

    def _unknown(self, target: int) -> bool:
        """A portfolio no list knows ("ministre de l'Entrepreneuriat"), a city, a company: capitals that go on."""
        words = self.words
        if words.cases[target] not in (CAPITAL, CAPITALS) or self.head.value.is_plural:
            return False
        if self.ranked or self.head.value.follows == "plain":
            return False
        end = target + 1
        while end < self.count and end - target < 5 and words.gaps[end] in (SPACE, HYPHEN, APOSTROPHE):
            is_capital = words.cases[end] in (CAPITAL, CAPITALS)
            if not is_capital and words.norms[end] not in self.known.portfolio_words:
                break
            end += 1
        self.end = end
        if self.head.value.follows == "open":
            self.rank = _OTHER  # "président du MoDem"
        self.ranked = True
        return True
