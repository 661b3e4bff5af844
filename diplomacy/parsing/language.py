"""What the language files know of events, loaded once; and telling which language a text is in.

`languages/<code>/` holds a language: dates, countries, offices, people and events, one TOML file each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diplomacy.parsing.document import Document
from diplomacy.parsing.finders.names import PeopleWords, people_words
from diplomacy.parsing.folding import normal_form
from diplomacy.parsing.phrases import Phrasebook

_FOLDER = Path(__file__).with_name("languages")
# Share of a text's words that must speak for a language alone for it to be told.
_LEAST_SHARE = 0.04
# One word may be shared with any language ("on"); two different ones seldom are.
_FEWEST_WORDS = 2
_OWN_SCRIPT = {"ru": re.compile("[\u0400-\u04ff]"), "ar": re.compile("[\u0600-\u06ff]")}
_MOST_WORDS = 2000  # of the text, looked at to tell its language


@dataclass(frozen=True)
class Language:
    """One language's words for what happens, as phrasebooks; the labels are the keys of events.toml."""

    code: str
    people: PeopleWords
    items: Phrasebook  # labels KIND:noun, KIND:verb
    fields: frozenset[str]  # what a form calls its lines: "event", "time", "venue"
    rest: Phrasebook  # labels GROUP/NAME: visit/goes, visit/kind:state, status/postponed, about/press

    def is_field(self, word: str) -> bool:
        """Whether a line that begins with this word and a colon is a field of a form."""
        return normal_form(word) in self.fields


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that are read."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/events.toml")))


@cache
def language(code: str) -> Language:
    """The language of that code. Raises FileNotFoundError if there is none."""
    data = tomllib.loads((_FOLDER / code / "events.toml").read_text(encoding="utf-8"))
    visit = {name: phrases for name, phrases in data["visit"].items() if name != "kinds"}
    kinds = {f"kind:{kind}": phrases for kind, phrases in data["visit"]["kinds"].items()}
    items = {f"{kind}:{form}": lists[f"{form}s"] for kind, lists in data["items"].items() for form in ("noun", "verb")}
    groups = {
        "visit": {**kinds, **visit},
        "status": data["status"],
        "clauses": data["clauses"],
        "about": data["people"],
        "press": data["press"],
    }
    return Language(
        code=code,
        people=people_words(code),
        items=_book(items),
        fields=frozenset(normal_form(word) for word in data["layout"]["fields"]),
        rest=_book({f"{group}/{name}": phrases for group, lists in groups.items() for name, phrases in lists.items()}),
    )


def _book(entries: Mapping[str, Iterable[str]]) -> Phrasebook:
    return Phrasebook((_as_words(phrase), label) for label, phrases in entries.items() for phrase in phrases)


def _as_words(phrase: str) -> str:
    """A phrase as words: apostrophes and hyphens stand between words there as in the text."""
    bare = phrase.replace("'", " ").replace("’", " ").replace("-", " ")
    return " ".join(word if word == ".." else normal_form(word.replace(".", "")) for word in bare.split())


def _told_by(text: str) -> Mapping[str, tuple[str, ...]]:
    """The languages that each word speaks for. A language in a script of its own is left where the text has none of
    its letters, so that its words need not be loaded.
    """
    codes = (code for code in _told_apart() if code not in _OWN_SCRIPT or _OWN_SCRIPT[code].search(text))
    return _languages_of_words(tuple(codes))


@cache
def _told_apart() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/people.toml")))


@cache
def _languages_of_words(codes: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The words of grammar, months, weekdays and common words that are no names, with the languages that have them."""
    known = [(code, people_words(code).function_words | people_words(code).not_names) for code in codes]
    told: dict[str, tuple[str, ...]] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    for code, words in known:
        for word in words:
            having = (*told.get(word, ()), code)
            told[word] = shared.setdefault(having, having)
    return told


def detect(document: Document) -> str | None:
    """The language most of the words speak for; None where too few are known."""
    words = document.words.norms[:_MOST_WORDS]
    told = _told_by(document.text)
    scores: dict[str, float] = {}
    seen: dict[str, set[str]] = {}
    for word in words:
        codes = told.get(word, ())
        for code in codes:
            scores[code] = scores.get(code, 0.0) + 1 / len(codes)  # the more languages have a word, the less it says
            seen.setdefault(code, set()).add(word)
    if not scores:
        return None
    best = max(sorted(scores), key=lambda code: scores[code])
    is_told = scores[best] >= _LEAST_SHARE * len(words) and len(seen[best]) >= _FEWEST_WORDS
    return best if is_told else None
