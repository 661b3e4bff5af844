"""The language files: each language has what French has, every phrase compiles, and none says two things."""

from __future__ import annotations

import itertools
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import diplomacy.parsing
from diplomacy.parsing.dates.tables import tables_for
from diplomacy.parsing.finders.names import people_words
from diplomacy.parsing.finders.offices import office_words
from diplomacy.parsing.gazetteer.countries import countries, country_words
from diplomacy.parsing.language import _as_words, language
from diplomacy.parsing.phrases import compile_phrase
from diplomacy.vocabulary import ItemKind, PartOfDay, PressAccess, Rank, VisitKind
from tests.parsing.pairs import wrong

FOLDER = Path(diplomacy.parsing.__file__).with_name("languages")
FILES = ("dates", "countries", "offices", "people", "events")
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "pt", "ru")
OTHERS = tuple(code for code in LANGUAGES if code != "fr")

# What only some languages have: a language without "moins le quart", or that writes no hyphen, leaves it out.
OF_SOME = {
    "dates": {
        "article", "day_counts", "days_later", "endings", "minutes_after", "minutes_before_hour", "prefixes",
        "weekday_abbreviations",
    },
    "countries": {"article", "clitic_article", "clitics", "name_inflection"},
    "offices": {"takes_country"},
    "people": set(),
    "events": set(),
}  # fmt: skip
WORDS_OF_ALL = {
    "and", "at", "dateline", "from", "lead", "local", "named_after", "next_day", "noon", "of", "press", "same_day",
    "starting", "to", "unit_day", "unit_hour", "unit_week", "until", "within",
}  # fmt: skip
# Labels that no phrase may have both of.
CONTRADICTING = [
    {"cancelled", "postponed"}, {"begun", "concluded"}, {"planned_before", "moved_to"}, {"confirmed", "cancelled"},
    {"negative", "postponed"}, {"negative", "confirmed"},
]  # fmt: skip


@cache
def data(code: str, name: str) -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / code / f"{name}.toml").read_text(encoding="utf-8"))


def sections(code: str, name: str) -> set[str]:
    return set(data(code, name)) - OF_SOME[name]


def lists(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every list of phrases in a file with its dotted key."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from lists(inner, f"{path}{key}.")
        elif isinstance(inner, list):
            yield f"{path}{key}", inner


def labelled(groups: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The labels of each phrase as it is compared."""
    found: dict[str, set[str]] = defaultdict(set)
    for label, phrases in groups.items():
        for phrase in phrases:
            found[_as_words(phrase)].add(label)
    return found


def of_two(groups: Mapping[str, list[str]], pairs: list[set[str]] | None = None) -> list[str]:
    """The phrases with two labels; only those of `pairs`, where given."""
    return [
        phrase for phrase, labels in labelled(groups).items()
        if len(labels) > 1 and (pairs is None or any(pair <= labels for pair in pairs))
    ]  # fmt: skip


def test_the_folders_are_the_languages() -> None:
    assert tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir())) == LANGUAGES


@pytest.mark.parametrize(("code", "name"), tuple(itertools.product(LANGUAGES, FILES)))
def test_every_language_has_every_file(code: str, name: str) -> None:
    assert data(code, name)


@pytest.mark.parametrize(("code", "name"), tuple(itertools.product(OTHERS, FILES)))
def test_a_file_has_the_sections_of_the_french_one(code: str, name: str) -> None:
    assert sections(code, name) == sections("fr", name)


@pytest.mark.parametrize("code", OTHERS)
def test_the_tables_of_events_have_the_keys_of_the_french_ones(code: str) -> None:
    of_it, of_french = (dict(lists(data(one, "events"))) for one in (code, "fr"))
    assert of_it.keys() == of_french.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_item_and_visit_has_words(code: str) -> None:
    events = data(code, "events")
    assert set(events["items"]) == {kind.value for kind in ItemKind}
    assert all(events["items"][kind.value]["nouns"] for kind in ItemKind)
    assert set(events["visit"]["kinds"]) == {kind.value for kind in VisitKind} - {"unspecified"}
    assert all(events["visit"]["kinds"].values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_press_access_has_words(code: str) -> None:
    assert set(data(code, "events")["press"]) == {one.value for one in PressAccess} - {"unspecified"} | {
        "accreditation"
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_rank_has_heads(code: str) -> None:
    assert set(data(code, "offices")["heads"]) == {rank.value for rank in Rank}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_calendar_is_whole(code: str) -> None:
    dates = data(code, "dates")
    assert set(dates["months"]) == {str(month) for month in range(1, 13)}
    assert set(dates["weekdays"]) == {str(weekday) for weekday in range(1, 8)}
    assert set(dates["numbers"]) >= {"3", "4", "5", "6", "7", "10"}
    assert set(dates["days_from_today"]) >= {"-1", "0", "1", "2"}
    assert set(dates["parts_of_day"]) >= {part.value for part in PartOfDay} - {"midday"}
    assert set(dates["words"]) >= WORDS_OF_ALL


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_phrase_of_events_compiles(code: str) -> None:
    for key, phrases in lists(data(code, "events")):
        for phrase in phrases:
            assert compile_phrase(_as_words(phrase)), f"{key}: {phrase}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_look_up_is_built(code: str) -> None:
    assert language(code).code == code
    assert tables_for(code).phrases
    assert people_words(code).function_words
    assert office_words(code).determiners or code == "ru"
    assert "" not in country_words(code).not_places


@pytest.mark.parametrize(("code", "name"), tuple(itertools.product(LANGUAGES, FILES)))
def test_no_phrase_is_empty_or_padded(code: str, name: str) -> None:
    padded = [(key, one) for key, phrases in lists(data(code, name)) for one in phrases
              if isinstance(one, str) and one != one.strip()]  # fmt: skip
    empty = [(key, one) for key, phrases in lists(data(code, name)) for one in phrases if one == "" and "." not in key]
    assert (padded, [one for one in empty if one[0] != "inflection"]) == ([], [])


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_codes_of_parties_are_known(code: str) -> None:
    tables = data(code, "countries")
    used = {one for name in ("names", "metonyms", "demonyms") for one in tables[name]}
    assert used - set(countries()) == set()


@pytest.mark.parametrize(
    "code",
    [
        wrong("en", reason="“working meeting”, “will inspect”, “fireside chat” … stand under two kinds each"),
        wrong("ar", reason="“استقبالا رسميا” is an audience and a ceremony"),
        *(code for code in LANGUAGES if code not in ("en", "ar")),
    ],
)
def test_no_phrase_names_two_kinds_of_item(code: str) -> None:
    items = data(code, "events")["items"]
    assert of_two({kind: tables["nouns"] + tables["verbs"] for kind, tables in items.items()}) == []


@pytest.mark.parametrize(
    "code",
    [
        wrong("en", reason="“shelved” is cancelled and postponed, “set for” before and after a move"),
        wrong("it", reason="“data da definire” tells nothing and tells a visit put off"),
        *(code for code in LANGUAGES if code not in ("en", "it")),
    ],
)
def test_no_phrase_says_that_a_visit_stands_in_two_ways(code: str) -> None:
    assert of_two(data(code, "events")["status"], CONTRADICTING) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_phrase_names_two_kinds_of_visit(code: str) -> None:
    assert of_two(data(code, "events")["visit"]["kinds"]) == []


@pytest.mark.parametrize(
    "code",
    [wrong("en", reason="“pool spray” is pool and photo opportunity"), *(one for one in LANGUAGES if one != "en")],
)
def test_no_phrase_opens_two_doors_to_the_press(code: str) -> None:
    access = {name: phrases for name, phrases in data(code, "events")["press"].items() if name != "accreditation"}
    assert of_two(access) == []
