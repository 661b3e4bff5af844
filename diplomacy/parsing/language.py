"""What a language file knows, loaded once; and telling which language a text is in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from diplomacy.parsing.document import Document, normal_form
from diplomacy.parsing.phrases import Phrasebook

_FOLDER = Path(__file__).with_name("languages")
# Share of a text's words that must be function words of a language for it to be told.
_LEAST_SHARE = 0.08
# One word may be shared with any language ("on"); two different ones seldom are.
_FEWEST_WORDS = 2


@dataclass(frozen=True)
class Language:
    """One language file with its phrasebooks."""

    code: str
    words: Mapping[str, Any]
    items: Phrasebook
    triggers: Phrasebook
    status: Phrasebook
    both: Phrasebook
    press: Phrasebook

    def section(self, name: str) -> Mapping[str, Any]:
        """A table of the file."""
        table: Mapping[str, Any] = self.words[name]
        return table

    def set_of(self, section: str, name: str) -> frozenset[str]:
        """A list of the file as normal forms."""
        return frozenset(normal_form(word) for word in self.words[section][name])


def languages() -> tuple[str, ...]:
    """The codes there is a file for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("??.toml")))


@cache
def _function_words() -> Mapping[str, frozenset[str]]:
    """Function words of every language that can be told; those that are read come first and win a tie."""
    others = tomllib.loads((_FOLDER / "told_apart.toml").read_text(encoding="utf-8"))
    known = {code: language(code).words["function_words"] for code in languages()}
    return {code: frozenset(map(normal_form, words)) for code, words in {**known, **others}.items()}


@cache
def language(code: str) -> Language:
    """The language of that code."""
    words = tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    visits = words["visits"]
    status = [(name, visits[name]) for name in ("postponed", "cancelled", "begun", "concluded", "negative")]
    return Language(
        code=code,
        words=words,
        items=_book((kind, phrases) for kind, phrases in words["items"].items()),
        triggers=_book(
            [("visit", visits["triggers"]), ("ours", visits["our_country"]), ("invitation", visits["invitation"])]
            + [(f"kind:{kind}", phrases) for kind, phrases in visits["kinds"].items()]
        ),
        status=_book(status),
        both=_book([("both", words["people"]["both"])]),
        press=_book(words["press"].items()),
    )


def _book(entries: Any) -> Phrasebook:
    return Phrasebook((_tokens(phrase), label) for label, phrases in entries for phrase in phrases)


def _tokens(phrase: str) -> str:
    """A phrase as words: apostrophes, dots and hyphens stand between words there as in the text."""
    return " ".join(phrase.replace("'", " ").replace("-", " ").replace(".", " ").split())


def detect(document: Document) -> str | None:
    """The language most of the function words belong to, read or not; None where too few are known."""
    words = [token.norm for token in document.tokens[:2000]]
    if not words:
        return None
    shares = {code: _share(words, known) for code, known in _function_words().items()}
    best = max(shares, key=lambda code: shares[code])
    different = _function_words()[best].intersection(words)
    return best if shares[best] >= _LEAST_SHARE and len(different) >= _FEWEST_WORDS else None


def _share(words: Sequence[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words)
