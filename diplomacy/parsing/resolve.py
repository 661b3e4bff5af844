"""Several mentions, one person: "Sergey LAVROV", "Sergei Lavrov", "le chef de la diplomatie russe"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from diplomacy.parsing.finders.people import PersonMention

_ALIKE = 0.88


@dataclass(slots=True)
class Referent:
    """Somebody of the text with every mention of theirs; grows while mentions are gone through."""

    name: str
    title: str
    country: str | None
    mentions: list[PersonMention] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)

    @property
    def is_official(self) -> bool:
        """Whether the text says so: by a title, or as "M.", "Mrs"; a bare name may be a place."""
        return bool(self.title) or any(mention.is_honoured or mention.is_counterpart for mention in self.mentions)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other forms of the name in the text."""
        return tuple(form for form in dict.fromkeys(self.spellings) if form != self.name)


def same_person(one: str, other: str) -> bool:
    """Whether two spellings may be one name: each word of the shorter has its like in the longer, first names too.

    Two different short names ("Wang Yi", "Wang Yu") are not the same.
    """
    a, b = sorted((_words(one), _words(other)), key=len)
    if not a or len(a[0]) == 0:
        return False
    return all(any(_alike(word, candidate) for candidate in b) for word in a)


def _words(name: str) -> list[str]:
    return anyascii(name).casefold().replace("-", " ").replace("'", " ").replace(".", " ").split()


def _alike(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if min(len(one), len(other)) <= 3:
        return one == other
    return one == other or float(JaroWinkler.similarity(one, other)) >= _ALIKE


def resolve_people(mentions: Sequence[PersonMention]) -> tuple[tuple[Referent, ...], dict[int, Referent]]:
    """Who is meant: the people, and for each mention (by its start) the person."""
    people: list[Referent] = []
    by_start: dict[int, Referent] = {}
    for mention in mentions:
        if mention.is_plural:
            continue
        referent = _known(people, mention)
        if referent is None:
            referent = Referent(mention.name, mention.title, mention.country)
            people.append(referent)
        _learn(referent, mention)
        by_start[mention.start] = referent
    return tuple(people), by_start


def _known(people: Sequence[Referent], mention: PersonMention) -> Referent | None:
    if mention.name:
        alike = (one for one in people if one.name and same_person(one.name, mention.name))
        return next(
            (one for one in alike if None in {one.country, mention.country} or one.country == mention.country), None
        )
    if mention.is_counterpart:
        return None
    if mention.country is not None:
        same = [one for one in people if one.country == mention.country and one.title]
        return same[0] if len(same) == 1 else None
    return next((one for one in people if one.title.casefold().startswith(mention.title.casefold())), None)


def _learn(referent: Referent, mention: PersonMention) -> None:
    referent.mentions.append(mention)
    if mention.name:
        referent.spellings.append(mention.name)
        if len(mention.name.split()) > len(referent.name.split()):
            referent.name = mention.name
    referent.title = referent.title or mention.title
    referent.country = referent.country or mention.country
