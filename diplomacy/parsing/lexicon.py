"""Who is known already: the directory as a plain value that a reading may take along. It names nobody by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from diplomacy.parsing.folding import fold
from diplomacy.parsing.words import key_of
from diplomacy.vocabulary import Rank


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of the directory: name, other spellings, the party they stand for, the rank of their office."""

    name: str
    spellings: tuple[str, ...] = ()
    country: str | None = None  # ISO 3166-1 alpha-2, or the code of a body
    rank: Rank | None = None


@dataclass(frozen=True)
class Lexicon:
    """Known people by the comparison key of each spelling. A spelling that two people share stands for neither."""

    people: tuple[KnownPerson, ...] = ()
    _by_key: dict[str, KnownPerson | None] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for person in self.people:
            for spelling in (person.name, *person.spellings):
                key = key_of(fold(spelling))
                known = self._by_key.get(key, person)
                self._by_key[key] = person if known is person else None

    def find(self, name: str) -> KnownPerson | None:
        """Who bears exactly this name, in any case and accents; None if nobody does, or several do."""
        return self._by_key.get(key_of(fold(name))) if self._by_key else None


EMPTY = Lexicon()
