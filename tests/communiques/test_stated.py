"""The times that a calendar states, put over what was read of its event's words: no database."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy import parsing
from diplomacy.communiques.stated import as_stated
from diplomacy.documents.event_text import without_clock
from diplomacy.parsing.reading import ItemDraft, Reading
from diplomacy.vocabulary import ItemKind, ItemStatus, Precision, VisitStatus

HEAD = "2026-02-09 (Africa/Algiers)\n10:00 - 11:00 "
MEETING = "Entretien du ministre des Affaires étrangères, Ahmed Attaf, avec son homologue tunisien Nabil Ammar"


def read(text: str) -> Reading:
    found = as_stated(parsing.read(without_clock(text), published_on=dt.date(2026, 2, 1)), text)
    kept = [draft.evidence_spans for draft in found.visits] + [draft.evidence_spans for draft in found.items]
    for evidence in kept:
        for spans in evidence.values():
            assert all(text[span.start : span.end] == span.quote for span in spans)
    return found


def when(item: ItemDraft) -> tuple[object, ...]:
    return item.date, item.start_time, item.end_time, item.timezone


def test_the_clock_of_an_event_is_no_city_and_no_country() -> None:
    found = read(f"{HEAD}Official visit of the President of Ghana, John Mahama, to Togo")
    assert [visit.host_country for visit in found.visits] == ["TG"]
    assert read(HEAD + MEETING).items[0].city is None


def test_what_the_description_tells_besides_keeps_its_own_hour() -> None:
    found = read(f"{HEAD}{MEETING}\nLOCATION: Siège\n2026-02-10\n15:00 Conférence de presse de Nabil Ammar")
    first, second = found.items
    assert when(first) == (dt.date(2026, 2, 9), "10:00", "11:00", "Africa/Algiers")
    assert first.place == "Siège"
    assert (second.kind, second.date, second.start_time) == (
        ItemKind.PRESS_CONFERENCE, dt.date(2026, 2, 10), "15:00",
    )  # fmt: skip


def test_of_several_in_one_title_the_first_begins_it_and_no_end_is_known() -> None:
    first, second = read(f"{HEAD}Entretien avec M. Ammar puis conférence de presse").items
    assert when(first) == (dt.date(2026, 2, 9), "10:00", None, "Africa/Algiers")
    assert (when(second), second.precision) == ((dt.date(2026, 2, 9), None, None, None), Precision.ORDER)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-02-09 - 2026-02-11\n- Visite du ministre Ahmed Attaf à Tunis", (9, 11)),
        ("2026-02-09\n- Visite du ministre Ahmed Attaf à Tunis", (9, 9)),
    ],
)
def test_a_visit_is_on_the_days_of_its_event_and_no_item_of_itself(text: str, days: tuple[int, int]) -> None:
    (visit,) = read(text).visits
    assert (visit.start, visit.end) == tuple(dt.date(2026, 2, day) for day in days)
    assert visit.items == ()


def test_cancelled_is_what_the_last_line_states_and_nothing_else() -> None:
    assert read(f"{HEAD}{MEETING}\nSTATUS: CANCELLED").items[0].status is ItemStatus.CANCELLED
    assert read(f"{HEAD}{MEETING}\nSTATUS: CANCELLED\nor not").items[0].status is ItemStatus.SCHEDULED
    assert read(f"{HEAD}{MEETING}\nSTATUS: TENTATIVE").items[0].status is ItemStatus.SCHEDULED
    gone = read("2026-02-09\n- Visite du ministre Ahmed Attaf à Tunis\nSTATUS: CANCELLED")
    assert gone.visits[0].status is VisitStatus.CANCELLED


def test_a_title_that_tells_nothing_known_is_an_item_all_the_same() -> None:
    (item,) = read(f"{HEAD}Zzyzx").items
    assert (item.kind, item.title, item.confidence["kind"]) == (ItemKind.OTHER, "Zzyzx", 0.5)
    assert when(item) == (dt.date(2026, 2, 9), "10:00", "11:00", "Africa/Algiers")


def test_a_text_that_is_no_event_is_left_alone() -> None:
    reading = parsing.read(MEETING, published_on=dt.date(2026, 2, 1))
    assert as_stated(reading, MEETING) is reading
