"""Several mentions, one person: "Sergey LAVROV", "Sergei Lavrov", "le chef de la diplomatie russe"."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.lexicon import EMPTY, Lexicon
from diplomacy.vocabulary import Rank

# Once: an enum's members are slow to look up.
_AMBASSADOR, _MINISTER, _OTHER = Rank.AMBASSADOR, Rank.MINISTER, Rank.OTHER

_ALIKE = 0.88
# "le ministre" said alone may be the foreign minister; "le Premier ministre" may not.
_MINISTERS = frozenset({Rank.MINISTER, Rank.FOREIGN_MINISTER})
_PRINCIPALS = frozenset({Rank.HEAD_OF_STATE, Rank.HEAD_OF_GOVERNMENT, Rank.FOREIGN_MINISTER, Rank.MINISTER})
_LONGEST_PREFIX = 3  # letters of an office cut to its initials before a name
_LEAST_STEM = 9  # letters in which two forms of one title agree
_NUMERAL = re.compile("[ivx]+")
_SPELLED_MANY_WAYS = (frozenset({"ben", "bin", "ibn"}), frozenset({"al", "el", "ul"}))  # particles of Arabic names
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MOST_PEOPLE = 400  # told apart in one text; a list of more names is no diplomatic text


@dataclass(slots=True, eq=False)
class Referent:
    """Somebody of the text with every mention of theirs; grows while mentions are gone through."""

    name: str
    title: str = ""
    country: str | None = None
    rank: Rank | None = None
    mentions: list[PersonMention] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # of the mentions, in order
    called: set[str] = field(default_factory=set)  # every title of theirs and its initials
    spellings: list[str] = field(default_factory=list)
    is_weak: bool = False
    is_spouse: bool = False
    is_honoured: bool = False  # "M.", "Mrs", "son homologue"

    @property
    def is_official(self) -> bool:
        """Whether the text says so: by a title, or as "M.", "Mrs"; a bare name may be a place."""
        return bool(self.title) or self.is_honoured

    @property
    def label(self) -> str:
        """The name, or the office where nobody is named."""
        return self.name or self.title

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other forms of the name in the text."""
        return tuple(form for form in dict.fromkeys(self.spellings) if form != self.name)


@lru_cache(maxsize=16384)
def same_person(one: str, other: str) -> bool:
    """Whether two spellings may be one name: each word of the shorter has its like in the longer, first names too.

    Two different short names ("Wang Yi", "Wang Yu") are not the same.
    """
    a, b = sorted((name_words(one), name_words(other)), key=len)
    if not a or not a[0]:
        return False
    if len(a) == 1 and len(a[0]) < 3 and a != b:
        return False
    left = list(b)
    whole = 0
    for word in a:
        like = next((candidate for candidate in left if _alike(word, candidate)), None)
        if like is None:
            return False
        left.remove(like)
        whole += min(len(word), len(like)) > 1
    return whole > 0


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in plain letters."""
    return tuple(anyascii(name).casefold().replace("-", " ").replace("'", " ").replace(".", " ").split())


@lru_cache(maxsize=16384)
def _alike(one: str, other: str) -> bool:
    if _NUMERAL.fullmatch(one) and _NUMERAL.fullmatch(other):
        return one == other  # "Mohammed VI", "Mohammed V"
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if any(one in group and other in group for group in _SPELLED_MANY_WAYS):
        return True
    if one == other:
        return True
    if min(len(one), len(other)) <= 3:
        return False
    return _skeleton(one) == _skeleton(other) or float(JaroWinkler.similarity(one, other)) >= _ALIKE


def _skeleton(word: str) -> str:
    """Consonants, those that spellings interchange made one: Sergey, Sergei, Sergueï."""
    folded = word.replace("gu", "g").replace("kh", "h").replace("ph", "f").replace("w", "v").replace("y", "i")
    kept = folded[0] + "".join(letter for letter in folded[1:] if letter not in "aeiouh")
    return kept if len(kept) >= 3 else word


def resolve_people(
    mentions: Sequence[PersonMention], lexicon: Lexicon = EMPTY
) -> tuple[tuple[Referent, ...], dict[int, Referent]]:
    """Who is meant: the people, and for each mention (by its start) the person.

    A name that the lexicon knows needs nothing else to vouch for it, and brings its country and rank where the text
    gives none; its spellings are one person.
    """
    people: list[Referent] = []
    by_start: dict[int, Referent] = {}
    mentions = [_vouched(mention, lexicon) for mention in mentions]
    certain = [one for one in mentions if one.name and not one.is_weak]
    weak = [one for one in mentions if one.name and one.is_weak]
    offices = [one for one in mentions if not (one.name or one.is_plural or one.is_former)]
    for kind, meant in ((certain, _named), (weak, _weak), (offices, _office)):
        for mention in kind:
            referent = meant(people, mention)
            if referent is not None:
                by_start[mention.start] = referent
    _join_office_and_name(people, by_start)
    for referent in people:
        referent.mentions.sort(key=lambda one: one.start)
    people.sort(key=lambda one: one.mentions[0].start)
    return tuple(people), by_start


def _vouched(mention: PersonMention, lexicon: Lexicon) -> PersonMention:
    known = lexicon.find(mention.name) if mention.name else None
    if known is None:
        return mention
    return mention._replace(
        is_weak=False,
        country=mention.country or known.country,
        rank=mention.rank or known.rank,
        known_as=known.name,
    )


def _named(people: list[Referent], mention: PersonMention) -> Referent | None:
    if len(people) >= _MOST_PEOPLE:
        return _among_many(people, mention)
    alike = [
        one for one in people
        if one.name and (same_person(one.name, mention.name) or _is_known_as(one, mention))
    ]  # fmt: skip
    referent = next((one for one in alike if not _apart(one, mention)), None)
    if referent is None:
        referent = Referent(mention.name)
        people.append(referent)
    _learn(referent, mention)
    return referent


def _among_many(people: list[Referent], mention: PersonMention) -> Referent | None:
    """In a text that names very many: nobody new, and those known by exactly their name."""
    referent = next((one for one in people if one.name == mention.name), None)
    if referent is not None:
        _learn(referent, mention)
    return referent


def _is_known_as(referent: Referent, mention: PersonMention) -> bool:
    """Whether the lexicon says that two spellings are one person's."""
    return mention.known_as is not None and any(one.known_as == mention.known_as for one in referent.mentions)


def _apart(referent: Referent, mention: PersonMention) -> bool:
    """Whether country or spouse says that a like name is somebody else's."""
    return (referent.country is not None and mention.country is not None and referent.country != mention.country) or (
        referent.is_spouse != mention.is_spouse and len(name_words(mention.name)) == 1
    )


def _weak(people: list[Referent], mention: PersonMention) -> Referent | None:
    """A bare family name of somebody known, or a full name that nothing vouches for."""
    if len(people) >= _MOST_PEOPLE:
        return _among_many(people, mention)
    words = name_words(mention.name)
    for referent in people:
        if not referent.name or (len(words) < 2 and not set(words) & set(name_words(referent.name))):
            continue
        if any(same_person(mention.name, form) for form in (referent.name, *referent.spellings)):
            _learn(referent, mention)
            return referent
    for referent in people:
        known = name_words(referent.name)
        if len(known) >= 2 and not referent.is_weak and words[: len(known)] == known:
            _learn(referent, mention._replace(name=referent.name))  # "Sushma Swaraj Puts Off" in a headline
            return referent
    if len(words) < 2:
        return None
    first, _, rest = mention.name.partition(" ")
    if len(first) <= _LONGEST_PREFIX and first.isupper():
        return _weak(people, mention._replace(name=rest))  # "CS Mwangale", "PM Modi"
    referent = Referent(mention.name, is_weak=True)
    people.append(referent)
    _learn(referent, mention)
    return referent


def _office(people: list[Referent], mention: PersonMention) -> Referent | None:
    """Whoever holds the office: the one last spoken of, else one named later; a new referent for a definite office."""
    candidates = [one for one in people if _holds(one, mention) and _is_due(one, mention)]
    if candidates:
        referent = _nearest(candidates, mention)
        _learn(referent, mention)
        return referent
    if mention.is_counterpart and mention.country is None:
        return None
    if mention.is_indefinite or len(people) >= _MOST_PEOPLE:
        return None
    referent = Referent("", mention.title, mention.country, mention.rank)
    people.append(referent)
    _learn(referent, mention)
    return referent


def _join_office_and_name(people: list[Referent], by_start: dict[int, Referent]) -> None:
    """One office without a holder and one name without an office are one person: "le chef de la diplomatie russe", then
    "M. Lavrov". Where several names have no office, the one that is spoken of again and again is meant.
    """
    taken = {one.country for one in people if one.name and one.country is not None}
    offices = [
        one for one in people
        if not one.name and one.rank in _PRINCIPALS and (one.country is None or one.country not in taken)
    ]  # fmt: skip
    if len(offices) > 1:
        offices = [one for one in offices if one.country is not None]
    names = [one for one in people if one.name and _lacks_office(one)]
    if len(names) > 1:
        names = [one for one in names if len(one.mentions) > 1]
    if len(offices) == 1 and len(names) == 1:
        named = names[0]
        named.title, named.country, named.rank = offices[0].title, offices[0].country, offices[0].rank
        _join(people, by_start, offices[0], named)
    for office in [one for one in people if not one.name and one.rank not in (None, _OTHER, _AMBASSADOR)]:
        holders = [
            one for one in people
            if one.name and one.rank is office.rank and not one.is_spouse
            and (None in (one.country, office.country) or one.country == office.country)
        ]  # fmt: skip
        if len(holders) == 1 and not any(one.is_indefinite for one in office.mentions):
            _join(people, by_start, office, holders[0])


def _join(people: list[Referent], by_start: dict[int, Referent], office: Referent, named: Referent) -> None:
    named.mentions.extend(office.mentions)
    named.is_honoured = named.is_honoured or office.is_honoured
    named.country = named.country or office.country
    for mention in office.mentions:
        by_start[mention.start] = named
    people.remove(office)


def _lacks_office(referent: Referent) -> bool:
    """Whether nothing but a bare "ministre" is known of somebody named."""
    has_title = len(referent.title.split()) > 1 or referent.rank not in (None, *_PRINCIPALS)
    return referent.country is None and not referent.is_weak and not has_title


def _holds(referent: Referent, mention: PersonMention) -> bool:
    if mention.is_counterpart:
        is_principal = referent.rank is not None and referent.rank is not _AMBASSADOR
        return mention.country is not None and referent.country == mention.country and is_principal
    if referent.rank is None and mention.rank in _PRINCIPALS and any(one.is_counterpart for one in referent.mentions):
        return mention.country is not None and referent.country == mention.country
    if mention.rank is None or referent.rank is None or referent.is_spouse != mention.is_spouse:
        return False
    if mention.rank is _OTHER:
        is_epithet = mention.country is not None and len(mention.title.split()) == 2 and mention.is_definite
        if is_epithet and referent.country == mention.country and referent.rank in _PRINCIPALS:
            return True  # "le dirigeant vietnamien"
        if not referent.title or not mention.title or not mention.is_definite:
            return bool(referent.title) and referent.title.casefold() == mention.title.casefold()
        head = mention.title.split()[0].casefold()
        titles = [title for one in referent.mentions for title in one.titles]
        return bool(referent.name) and any(title.split()[0].casefold() == head for title in titles)
    ranks_agree = referent.rank is mention.rank or (
        mention.rank is _MINISTER and referent.rank in _MINISTERS and len(mention.title.split()) == 1
    )
    if not ranks_agree:
        return False
    if referent.country is None and mention.country is not None:
        return len(referent.title.split()) <= 2  # "le président", not "le président de la Transition"
    return mention.country is None or referent.country == mention.country


def _is_due(referent: Referent, mention: PersonMention) -> bool:
    """An office said without its country is of somebody spoken of before, or called just so afterwards."""
    if mention.country is not None or referent.starts[0] < mention.start:
        return True
    return not referent.called.isdisjoint(_called(mention.title))


def _nearest(candidates: Sequence[Referent], mention: PersonMention) -> Referent:
    """The one who was called just so; the one mentioned last before, else first after; somebody named before an office
    alone.
    """
    at, called = mention.start, _called(mention.title)

    def distance(referent: Referent) -> tuple[bool, bool, int]:
        is_called_so = not referent.called.isdisjoint(called)
        before = bisect_left(referent.starts, at)
        if before:
            return (not referent.name, not is_called_so, at - referent.starts[before - 1])
        return (not referent.name, not is_called_so, 100_000 + referent.starts[0])

    return min(candidates, key=distance)


@lru_cache(maxsize=4096)
def _called(title: str) -> frozenset[str]:
    """A title and its initials: "External Affairs Minister" is "EAM"."""
    words = title.split()
    initials = "".join(word[0] for word in words if word[0].isupper())
    called = {title.casefold()} | ({initials.casefold()} if len(initials) > 1 else set())
    if len(words) == 1 and len(title) > _LEAST_STEM:
        called.add(title.casefold()[:_LEAST_STEM])  # "Bundespräsidenten" of "Bundespräsident"
    return frozenset(called)


def _learn(referent: Referent, mention: PersonMention) -> None:
    referent.mentions.append(mention)
    insort(referent.starts, mention.start)
    referent.is_honoured = referent.is_honoured or mention.is_honoured or mention.is_counterpart
    if mention.title:
        referent.called |= _called(mention.title)
    if mention.name:
        if mention.name not in referent.spellings:
            referent.spellings.append(mention.name)
        if _fuller(mention.name, referent.name):
            referent.name = mention.name
    referent.is_spouse = referent.is_spouse or mention.is_spouse
    if mention.title and (not referent.title or (mention.name and len(mention.title) > len(referent.title))):
        referent.title = mention.title
    if referent.rank is None or (mention.rank is not None and referent.rank in (_MINISTER, _OTHER)):
        referent.rank = mention.rank or referent.rank
    if mention.country is not None and referent.country is None:
        referent.country = mention.country


def _fuller(name: str, other: str) -> bool:
    """Whether a form says more of a name: more words, or as many and not all in capitals."""
    length, known = len(name.split()), len(other.split())
    if length != known:
        return length > known
    if other.isupper() != name.isupper():
        return other.isupper()
    return _is_base_form(name, other)


def _is_base_form(name: str, other: str) -> bool:
    """Whether a Russian name is the nominative of the other: "Ивица Дачич" of "Ивицей Дачичем"."""
    if len(name) >= len(other) or _CYRILLIC.search(name) is None:
        return False
    return all(one[:2] == two[:2] for one, two in zip(name.split(), other.split(), strict=True))


def officials(people: Iterable[Referent]) -> tuple[Referent, ...]:
    """Those that the text gives a title or an honorific."""
    return tuple(one for one in people if one.is_official)
