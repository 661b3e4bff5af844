"""The words a language has for time, read from `languages/<language>/dates.toml` into one look-up of phrases.

Sections whose keys are whole numbers give a phrase its value (months 1..12, weekdays 1 = Monday as in ISO 8601,
numbers, days from today ...); `[words]` gives it a part in the grammar. A phrase may have several.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diplomacy.parsing.dates.terms import Terms
from diplomacy.vocabulary import PartOfDay

_FOLDER = Path(__file__).parent.parent / "languages"
PARTS = tuple(PartOfDay)

# A word with the apostrophe that elides it, a number, or a sign. Alternatives begin with different characters.
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0640"
_LETTER = r"[^\W\d_]"
PIECE = re.compile(rf"\d+|{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*(?:['’ʼ](?=\w))?|[^\s\w]|_")
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": ""})


def key_of(word: str) -> str:
    """The form words are compared in: no case, no marks, no final apostrophe."""
    folded = word.casefold().rstrip("'’ʼ")
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_ARABIC)
    return folded


@dataclass(frozen=True, eq=False)
class Tables:
    """A language's words for time. `phrases` maps the key of a first word to (other keys, terms), longest first."""

    language: str
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Terms], ...]]
    flags: frozenset[str]
    seconds: Mapping[str, frozenset[str]]  # by a first word: the second ones of its phrases
    prefixes: tuple[str, ...]  # written onto the next word: Arabic "و"
    past_endings: tuple[str, ...]  # of a participle after its auxiliary
    preterite_endings: tuple[str, ...]  # of a verb that tells the past by itself
    future_endings: tuple[str, ...]

    def has(self, flag: str) -> bool:
        """Whether the language has a habit, such as "month_first" or "twelve_hour"."""
        return flag in self.flags


@cache
def languages() -> tuple[str, ...]:
    """The languages there is a file for, as ISO 639-1 codes."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/dates.toml")))


@cache
def month_names(language: str) -> frozenset[str]:
    """The names of months as the language's file spells them, in lower case."""
    path = _FOLDER / language / "dates.toml"
    months = tomllib.loads(path.read_text(encoding="utf-8"))["months"] if path.is_file() else {}
    return frozenset(name.casefold() for names in months.values() for name in names)


@cache
def tables_for(language: str) -> Tables:
    """The tables of a language; for one without a file, tables that know only what needs no word (2023-02-07)."""
    if language not in languages():
        return Tables(language, {}, frozenset(), {}, (), (), (), ())
    content = tomllib.loads((_FOLDER / language / "dates.toml").read_text(encoding="utf-8"))
    endings = content.get("endings", {})
    phrases = _phrases(content)
    return Tables(
        language=language,
        phrases=phrases,
        flags=frozenset(content.get("habits", [])),
        seconds={first: frozenset(rest[0] for rest, _terms in book if rest) for first, book in phrases.items()},
        prefixes=tuple(key_of(prefix) for prefix in content.get("prefixes", [])),
        past_endings=tuple(endings.get("past", [])),
        preterite_endings=tuple(endings.get("preterite", [])),
        future_endings=tuple(endings.get("future", [])),
    )


def _phrases(content: Mapping[str, object]) -> dict[str, tuple[tuple[tuple[str, ...], Terms], ...]]:
    collected: dict[tuple[str, ...], dict[str, int]] = {}
    for phrase, term, value in _entries(content):
        collected.setdefault(_keys(phrase), {})[term] = value
    book: dict[str, list[tuple[tuple[str, ...], Terms]]] = {}
    for keys, terms in collected.items():
        book.setdefault(keys[0], []).append((keys[1:], Terms(terms)))
    return {first: tuple(sorted(rest, key=lambda entry: -len(entry[0]))) for first, rest in book.items()}


def _keys(phrase: str) -> tuple[str, ...]:
    pieces = [key_of(match.group()) for match in PIECE.finditer(phrase)]
    while len(pieces) > 1 and pieces[-1] == ".":
        pieces.pop()
    return tuple(piece for piece in pieces if piece and piece != "-")


def _entries(content: Mapping[str, object]) -> Iterator[tuple[str, str, int]]:
    """(phrase, term, value) for every phrase of a language file."""
    weekdays: list[tuple[str, int]] = []
    parts: list[tuple[str, int]] = []
    for section, table in content.items():
        if not isinstance(table, dict) or section == "endings":
            continue
        for name, phrases in table.items():
            for phrase in phrases:
                term, value = _term(section, name)
                yield phrase, term, value
                if term == "weekday":
                    weekdays.append((phrase, value))
                elif term == "part":
                    parts.append((phrase, value))
    habits = content.get("habits")
    if isinstance(habits, list) and "compounds" in habits:
        for day, number in weekdays:
            for part, value in parts:
                yield day + part, "weekday", number
                yield day + part, "day_part", value


_NUMBERED = {
    "months": "month",
    "weekdays": "weekday",
    "weekday_abbreviations": "weekday_abbreviation",
    "numbers": "number",
    "ordinals": "ordinal",
    "days_from_today": "deictic",
    "months_from_this": "month_shift",
    "day_counts": "day_count",
    "minutes_after": "minutes_after",
    "minutes_before_hour": "minutes_before_hour",
    "modifiers": "modifier",
    "zones": "zone",
    "days_later": "days_later",
}


def _term(section: str, name: str) -> tuple[str, int]:
    if section in _NUMBERED:
        value = int(name)
        return _NUMBERED[section], value - 1 if section.startswith("weekday") else value
    if section == "parts_of_day":
        return "part", PARTS.index(PartOfDay(name))
    return name, 1
