"""Where sources disagree: every value of a field with who said it, when and in which words. Pure.

A field is disputed until an editor has seen all its values and picked one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diplomacy.communiques.standing import when_from_json
from diplomacy.communiques.threeway import says_no_other
from diplomacy.directory.spelling import fold

# Fields of which two values cannot both be true. Status is none: it changes with the days.
DISPUTABLE = ("start", "end", "visit_kind", "when", "city", "venue")
_MOVED_BY_POSTPONING = ("start", "end", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """That a source said a value. `made_at` is when it was read (aware), `said_on` the day of its text."""

    key: str
    value: Any
    source: str
    said_on: dt.date
    made_at: dt.datetime
    quotes: tuple[str, ...] = ()
    trust: str = ""

    @property
    def field(self) -> str:
        """The field without its item."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An editor's pick: the value, why, who and when."""

    value: Any
    reason: str
    made_at: dt.datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One value with all who say it, earliest first."""

    value: Any
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A field of which sources say different things; `is_disputed` until an editor ruled on all that is said."""

    key: str
    voices: tuple[Voice, ...]
    ruling: Ruling | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether a value is said that no editor has weighed yet."""
        if self.ruling is None:
            return True
        return any(voice.said[0].made_at > self.ruling.made_at for voice in self.voices)


def contradictions(
    said: Sequence[Said], rulings: Mapping[str, Ruling], *, postponed_at: dt.datetime | None = None
) -> tuple[Contradiction, ...]:
    """The fields of which sources say different things now, by key. Of each source just the last word counts; days
    and hours said before the visit was put off (`postponed_at`, aware) are history.
    """
    by_key: dict[str, list[Said]] = {}
    for one in said:
        is_history = postponed_at is not None and one.made_at < postponed_at and one.field in _MOVED_BY_POSTPONING
        if one.field in DISPUTABLE and not is_history:
            by_key.setdefault(one.key, []).append(one)
    found = []
    for key, words in by_key.items():
        voices = _voices(words)
        if len(voices) > 1:
            found.append(Contradiction(key=key, voices=voices, ruling=rulings.get(key)))
    return tuple(sorted(found, key=lambda one: one.key))


def parts_of(contradiction: Contradiction) -> frozenset[str]:
    """The values of a published state that a contradiction is about, by their names there; of a time what differs."""
    said = [voice.value for voice in contradiction.voices]
    name = contradiction.key.rpartition("/")[2]
    if name != "when":
        return frozenset({_PUBLISHED_AS.get(name, name)})
    known = {part for value in said for part in value}
    differing = {part for part in known if len({str(value[part]) for value in said if part in value}) > 1}
    return frozenset(_PUBLISHED_AS.get(part, part) for part in differing or {"start_time"})


_PUBLISHED_AS = {"start": "start_on", "end": "end_on", "visit_kind": "kind", "date": "day"}


def _voices(words: Sequence[Said]) -> tuple[Voice, ...]:
    """The different values that sources hold now; one that says less joins the one it does not contradict."""
    ordered = sorted(words, key=lambda one: (one.said_on, one.made_at))
    last = {one.source: one for one in ordered}
    voices: list[list[Said]] = []
    for one in sorted(last.values(), key=lambda one: -_precision(one)):
        joined = next((voice for voice in voices if _agree(one, voice[0])), None)
        if joined is None:
            voices.append([one])
        else:
            joined.append(one)
    return tuple(
        Voice(value=voice[0].value, said=_since(voice, ordered))
        for voice in sorted(voices, key=lambda voice: min(one.made_at for one in voice))
    )


def _since(voice: Iterable[Said], ordered: Sequence[Said]) -> tuple[Said, ...]:
    """Everything said for this value by those who still say it."""
    sources = {one.source: one for one in voice}
    return tuple(one for one in ordered if one.source in sources and _agree(one, sources[one.source]))


def _agree(one: Said, other: Said) -> bool:
    if one.field == "when":
        a, b = when_from_json(one.value), when_from_json(other.value)
        return says_no_other(a, b) or says_no_other(b, a)
    if one.field in {"venue", "city"}:
        name, other_name = f" {fold(one.value)} ", f" {fold(other.value)} "
        return name in other_name or other_name in name
    return bool(one.value == other.value)


def _precision(said: Said) -> int:
    return len(said.value) if isinstance(said.value, dict) else 0
