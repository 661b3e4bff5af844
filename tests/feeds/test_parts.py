"""The events that a calendar is made of, as they are kept beside its file: a change must find its place again."""

from __future__ import annotations

import pytest

from agenda.feeds.parts import Event, Parts


def event(name: str, *, day: str = "2023-02-07", clock: str = "", content: bytes = b"x", zones: str = "") -> Event:
    number = sum(name.encode())
    return Event(f"{day} {clock:5} {name}", number, name, content, zones)


MEETING = event("b", clock="15:00", content=b"meeting", zones="Africa/Bamako 2023")
DINNER = event("c", clock="20:00", content=b"a dinner", zones="Africa/Bamako 2023\nEurope/Paris 2023")
VISIT = event("é", content=b"visit")


@pytest.mark.parametrize("events", [[], [VISIT], [MEETING], [VISIT, MEETING, DINNER]])
def test_they_come_back_as_they_were_kept(events: list[Event]) -> None:
    parts = Parts.of(events)
    again = Parts.load(parts.dump())
    assert again == parts
    assert [*again.lengths] == [len(one.content) for one in events]
    assert bytes(again.digests) == b"".join(one.digest for one in events)


def test_an_event_put_in_stands_where_it_would_have_been_made() -> None:
    parts = Parts.of([VISIT, DINNER])
    parts.insert(MEETING)
    whole = Parts.of([VISIT, MEETING, DINNER])
    assert (parts.order, parts.ids, parts.lengths, parts.digests) == (
        whole.order, whole.ids, whole.lengths, whole.digests
    )  # fmt: skip
    assert parts.zones_named() == whole.zones_named()


def test_an_event_taken_out_leaves_the_others_as_they_were() -> None:
    parts = Parts.of([VISIT, MEETING, DINNER])
    [place] = parts.places([MEETING.telling_id])
    parts.delete(place)
    assert parts.order == [VISIT.order, DINNER.order]
    assert bytes(parts.digests) == VISIT.digest + DINNER.digest
    assert parts.zones_named() == {"", DINNER.zones}


def test_a_zone_of_no_event_is_not_named() -> None:
    parts = Parts.of([VISIT, MEETING])
    parts.delete(1)
    assert parts.zones_named() == {""}


def test_a_copy_is_changed_alone() -> None:
    parts = Parts.of([VISIT])
    parts.copy().insert(DINNER)
    assert parts == Parts.of([VISIT])


def test_places_are_given_from_the_end_and_others_left_out() -> None:
    parts = Parts.of([VISIT, MEETING, DINNER])
    assert parts.places([VISIT.telling_id, 99_999, DINNER.telling_id]) == [2, 0]


def test_a_uid_is_known_whole_only() -> None:
    parts = Parts.of([VISIT, event("inner@diary.example")])
    assert parts.uids_among({"inner@diary.example", "inner@diary", "diary.example", "é"}) == {
        "inner@diary.example",
        "é",
    }
    assert parts.uids_among(set()) == set()


def test_offsets_end_where_the_calendar_does() -> None:
    assert [*Parts.of([VISIT, MEETING]).offsets()] == [0, 5, 12]
