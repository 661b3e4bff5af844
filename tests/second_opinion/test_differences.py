"""What the second reading says otherwise, and nothing where it is silent or says the same in other words."""

from __future__ import annotations

import copy
from typing import Any

from diplomacy.parsing import read
from diplomacy.parsing.output import as_json
from diplomacy.second_opinion import Difference, differences
from tests.second_opinion.texts import TEXT, TODAY


def reading() -> dict[str, Any]:
    return as_json(read(TEXT, published_on=TODAY, language="fr"))


def changed(change: Any) -> tuple[Difference, ...]:
    other = reading()
    change(other)
    return differences(reading(), other)


def test_the_same_reading_has_none() -> None:
    assert reading()["visits"]
    assert reading()["visits"][0]["items"]
    assert differences(reading(), reading()) == ()


def test_silence_is_no_difference() -> None:
    def silent(other: dict[str, Any]) -> None:
        other["visits"][0].update(start=None, end=None, host=None, at_invitation_of=None, cities=[], items=[])
        other["visits"][0].update(visit_kind="unspecified")

    assert changed(silent) == ()
    assert changed(lambda other: other.update(visits=[])) == ()


def test_other_spellings_are_no_difference() -> None:
    def respelled(other: dict[str, Any]) -> None:
        other["visits"][0]["visitors"][0]["name"] = "belavin grigory"

    assert changed(respelled) == ()


def test_another_day_is_one_even_with_the_same_figures() -> None:
    assert changed(lambda other: other["visits"][0].update(start="2026-04-03")) == (
        Difference("visits.0.start", "2026-03-04", "2026-04-03"),
    )


def test_values_only_one_of_them_has() -> None:
    found = differences(reading() | {"visits": [], "items": []}, reading())
    assert found == (Difference("second.visits.0", None, "Grigory BELAVIN · ML · 2026-03-04 – 2026-03-05"),)


def test_items_are_compared_with_their_like() -> None:
    def later(other: dict[str, Any]) -> None:
        items = other["visits"][0]["items"]
        items.append({**copy.deepcopy(items[0]), "kind": "signing", "date": None, "start_time": None})
        items[0]["start_time"] = "11:30"

    (hour, more) = changed(later)
    assert (hour.path, hour.second) == ("visits.0.items.0.start_time", "11:30")
    assert more.path.startswith("visits.0.second.items.")
    assert (more.second or "").startswith("signing")


def test_somebody_more_is_a_difference() -> None:
    def joined(other: dict[str, Any]) -> None:
        other["visits"][0]["visitors"].append({"name": "Anna Ivanova", "aliases": [], "title": None, "country": None})

    (one,) = changed(joined)
    assert (one.path, one.first, one.second) == (
        "visits.0.visitors", "Grigory BELAVIN", "Grigory BELAVIN, Anna Ivanova",
    )  # fmt: skip
