"""A re-issued agenda against its previous edition: pure values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from diplomacy.communiques.editions import Line, LineState, compare, shared_days
from diplomacy.visits.facts import Somebody, When
from diplomacy.vocabulary import ItemKind, Precision

MINISTER = Somebody(name="Ana Prado", country="BR")


def line(key: str, day: int, hour: int, title: str, *people: str, kind: ItemKind = ItemKind.BILATERAL_MEETING) -> Line:
    return Line(
        key=key, kind=kind, title=title,
        when=When(precision=Precision.EXACT, day=dt.date(2023, 2, day), start_time=dt.time(hour)),
        participants=(MINISTER, *(Somebody(name=name) for name in people)),
    )  # fmt: skip


MONDAY = line("items.0", 6, 9, "entretien avec Rui Costa", "Rui Costa")
TUESDAY = line("items.1", 7, 15, "audience à Lia Moreau", "Lia Moreau", kind=ItemKind.AUDIENCE)
FRIDAY = line("items.2", 10, 11, "discours à l’université", kind=ItemKind.SPEECH)
FIRST = [MONDAY, TUESDAY, FRIDAY]


def states(current: list[Line], **options: dt.date) -> dict[str, str]:
    changes = compare(FIRST, current, not_before=options.get("not_before"))
    return {change.now or f"before {change.before}": change.state.value for change in changes}


def test_the_same_edition_changes_nothing() -> None:
    assert set(states(FIRST).values()) == {"unchanged"}


def test_added_moved_reworded_and_no_longer_listed() -> None:
    again = [
        replace(MONDAY, key="a", title="rencontre avec M. Rui Costa"),
        replace(TUESDAY, key="b", when=replace(TUESDAY.when, day=dt.date(2023, 2, 8))),
        line("c", 10, 16, "signature", "Oumar Traoré", kind=ItemKind.SIGNING),
    ]
    assert states(again) == {"a": "reworded", "b": "moved", "c": "added", "before items.2": "no_longer_listed"}


def test_a_line_dropped_is_not_cancelled() -> None:
    assert "cancelled" not in set(LineState)


def test_what_is_past_on_the_day_of_the_edition_is_not_missed() -> None:
    later = [TUESDAY, FRIDAY, line("c", 10, 16, "signature", "Oumar Traoré", kind=ItemKind.SIGNING)]
    assert "before items.0" not in states(later, not_before=dt.date(2023, 2, 7))


def test_the_end_of_the_week_may_be_what_is_dropped() -> None:
    shorter = [MONDAY, TUESDAY, line("c", 9, 16, "signature", "Oumar Traoré", kind=ItemKind.SIGNING)]
    assert states(shorter)["before items.2"] == "no_longer_listed"


def test_the_agenda_of_a_day_misses_nothing_of_another_day() -> None:
    today = [replace(one, when=replace(one.when, day=MONDAY.when.day)) for one in (MONDAY, TUESDAY)]
    assert "before items.2" not in states([*today, line("c", 6, 16, "signature", kind=ItemKind.SIGNING)])


def test_the_next_week_is_no_re_issue() -> None:
    next_week = [replace(one, when=replace(one.when, day=dt.date(2023, 2, 13))) for one in FIRST]
    assert shared_days(FIRST, next_week) is None
    assert compare(FIRST, next_week) == ()


def test_a_single_announcement_is_no_edition() -> None:
    assert compare(FIRST, [MONDAY]) == ()
    undated = [replace(one, when=When()) for one in FIRST]
    assert compare(FIRST, undated) == ()


def test_another_partner_at_the_same_hour_is_another_line() -> None:
    other = line("a", 6, 9, "entretien avec Paul Ndiaye", "Paul Ndiaye")
    assert states([other, TUESDAY, FRIDAY])["a"] == "added"


def test_an_hour_that_is_added_to_a_day_is_no_move() -> None:
    without_hour = replace(MONDAY, when=When(precision=Precision.DAY, day=MONDAY.when.day))
    first, *_rest = compare([without_hour, TUESDAY, FRIDAY], FIRST)
    assert first.state is LineState.UNCHANGED
