"""What a text changes of a known visit: pure values, the seed story first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from diplomacy.communiques.change import Change, ChangeKind, as_json, from_json
from diplomacy.communiques.changes import visit_changes
from diplomacy.communiques.item_changes import pair_items
from diplomacy.communiques.standing import Heard, ItemStanding, VisitStanding, decided_keys
from diplomacy.communiques.threeway import Outcome
from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts, When
from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    Role,
    Side,
    VisitKind,
    VisitStatus,
)

SEVENTH, EIGHTH = dt.date(2023, 2, 7), dt.date(2023, 2, 8)
BELAVIN = Somebody(
    name="Grigori Belavin", title="ministre russe des Affaires étrangères", country="RU", role=Role.HEAD_OF_DELEGATION
)
DIOP = Somebody(name="Abdou Diallo", title="ministre", country="ML", role=Role.COUNTERPART, side=Side.HOST)
MEETING = ItemStanding(
    key="m", kind=ItemKind.BILATERAL_MEETING, when=When(precision=Precision.DAY, day=SEVENTH),
    participants=(BELAVIN, DIOP),
)  # fmt: skip
PRESS = ItemStanding(
    key="p", kind=ItemKind.PRESS_CONFERENCE, participants=(BELAVIN,),
    when=When(precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(15)),
)  # fmt: skip
STANDS = VisitStanding(
    key="v", host_country="ML", start_on=SEVENTH, end_on=EIGHTH, kind=VisitKind.OFFICIAL, cities=("Bamako",),
    members=(BELAVIN, DIOP), items=(MEETING, PRESS),
)  # fmt: skip
TOLD = VisitFacts(
    host_country="ML", members=(BELAVIN,), start_on=SEVENTH, end_on=EIGHTH, kind=VisitKind.OFFICIAL, cities=("Bamako",)
)
AT_FIVE = ItemFacts(
    kind=ItemKind.PRESS_CONFERENCE, precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(17),
    participants=(BELAVIN,),
)  # fmt: skip
DINNER = ItemFacts(
    kind=ItemKind.OFFICIAL_DINNER, precision=Precision.EXACT, day=SEVENTH, start_time=dt.time(20),
    participants=(BELAVIN,),
)  # fmt: skip
# What the first source said of the visit, as it was accepted.
FIRST = {"start": "2023-02-07", "end": "2023-02-08", "p/when": {"date": "2023-02-08", "start_time": "15:00"}}


def work(
    told: VisitFacts = TOLD, *items: ItemFacts, stands: VisitStanding = STANDS, heard: Heard | None = None
) -> list[Change]:
    changes = visit_changes(told, items, stands, heard or Heard())
    return [change for change in changes if change.is_work]


def test_told_once_more_is_confirmed_and_no_work() -> None:
    changes = visit_changes(TOLD, (), STANDS, Heard())
    assert {change.outcome for change in changes} == {Outcome.CONFIRMED}
    assert {change.key for change in changes} >= {"start", "end", "visit_kind"}


def test_the_seed_story() -> None:
    """Next day another source spells the visitor otherwise, moves the press conference and adds a dinner; the
    editor has corrected the last day.
    """
    corrected = replace(STANDS, end_on=dt.date(2023, 2, 9))
    heard = Heard(decided=decided_keys(corrected, {key: [value] for key, value in FIRST.items()} | {
        "visit_kind": ["official"], "m/when": [{"date": "2023-02-07"}],
    }))  # fmt: skip
    assert heard.decided == {"end"}
    told = replace(TOLD, members=(replace(BELAVIN, name="Grigory BELAVINE"),))
    found = work(told, AT_FIVE, DINNER, stands=corrected, heard=heard)
    assert [(change.kind, change.outcome) for change in found] == [
        (ChangeKind.CHANGE_FIELD, Outcome.CONFLICT),
        (ChangeKind.MOVE_ITEM, Outcome.CHANGE),
        (ChangeKind.ADD_ITEM, Outcome.CHANGE),
    ]
    end, move, _dinner = found
    assert (end.stands, end.says) == ("2023-02-09", "2023-02-08")
    assert (move.item, move.stands["start_time"], move.says["start_time"]) == ("p", "15:00", "17:00")


def test_the_editors_correction_is_not_asked_again_by_the_source_it_corrected() -> None:
    corrected = replace(STANDS, end_on=dt.date(2023, 2, 9))
    heard = Heard(last=FIRST, decided=frozenset({"end"}))
    assert work(stands=corrected, heard=heard) == []


def test_the_third_text_cancels_the_second_day_only() -> None:
    told = replace(TOLD, status=VisitStatus.CANCELLED, start_on=EIGHTH, end_on=EIGHTH)
    (change,) = work(told)
    assert (change.kind, change.says) == (ChangeKind.CANCEL_PART, {"start": "2023-02-08", "end": "2023-02-08"})


@pytest.mark.parametrize(("start", "end"), [(None, None), (SEVENTH, EIGHTH), (SEVENTH, None)])
def test_a_visit_is_cancelled_whole(start: dt.date | None, end: dt.date | None) -> None:
    (change,) = work(replace(TOLD, status=VisitStatus.CANCELLED, start_on=start, end_on=end))
    assert (change.kind, change.key, change.says) == (ChangeKind.CANCEL, "status", "cancelled")
    assert change.stands == {"start": "2023-02-07", "end": "2023-02-08", "status": "announced"}


def test_a_postponement_shows_old_and_new_days() -> None:
    told = replace(TOLD, status=VisitStatus.POSTPONED, start_on=dt.date(2023, 3, 10), end_on=None)
    (change,) = work(told)
    assert change.kind is ChangeKind.POSTPONE
    assert change.stands == {"status": "announced", "start": "2023-02-07", "end": "2023-02-08"}
    assert change.says == {"status": "postponed", "start": "2023-03-10"}


def test_a_postponement_to_unknown_days_is_known_when_told_again() -> None:
    told = replace(TOLD, status=VisitStatus.POSTPONED, start_on=None, end_on=None)
    (change,) = work(told)
    assert change.says == {"status": "postponed"}
    assert work(told, stands=replace(STANDS, status=VisitStatus.POSTPONED)) == []
    dated = replace(told, start_on=dt.date(2023, 3, 10))
    assert len(work(dated, stands=replace(STANDS, status=VisitStatus.POSTPONED))) == 1


def test_a_visit_is_confirmed_and_concluded_but_never_put_back() -> None:
    (confirm,) = work(replace(TOLD, status=VisitStatus.CONFIRMED))
    (conclude,) = work(replace(TOLD, status=VisitStatus.CONCLUDED))
    assert (confirm.says, conclude.kind) == ("confirmed", ChangeKind.CONCLUDE)
    under_way = replace(STANDS, status=VisitStatus.UNDER_WAY)
    assert work(replace(TOLD, status=VisitStatus.CONFIRMED), stands=under_way) == []
    assert work(stands=under_way) == []


def test_a_visit_announced_again_after_it_was_cancelled_is_asked() -> None:
    (change,) = work(stands=replace(STANDS, status=VisitStatus.CANCELLED))
    assert (change.key, change.says) == ("status", "announced")


@pytest.mark.parametrize(
    "told",
    [
        replace(AT_FIVE, precision=Precision.DAY, start_time=None),
        replace(AT_FIVE, precision=Precision.ORDER, start_time=None, day=None),
        replace(AT_FIVE, precision=Precision.PART_OF_DAY, start_time=None, part_of_day=PartOfDay.AFTERNOON),
    ],
)
def test_less_precise_erases_nothing(told: ItemFacts) -> None:
    assert work(TOLD, told) == []


def test_an_item_is_cancelled_and_the_others_stay() -> None:
    told = replace(AT_FIVE, status=ItemStatus.CANCELLED, precision=Precision.DAY, start_time=None)
    (change,) = work(TOLD, told)
    assert (change.kind, change.item, change.says) == (ChangeKind.DROP_ITEM, "p", "cancelled")


def test_an_item_says_more_of_itself() -> None:
    told = replace(
        AT_FIVE, start_time=dt.time(15), venue="Palais de Koulouba", press_access=PressAccess.ACCREDITED,
        participants=(BELAVIN, DIOP), accreditation_until=dt.datetime.fromisoformat("2023-02-07T18:00"),
    )  # fmt: skip
    found = work(TOLD, told)
    assert [(change.kind, change.field) for change in found] == [
        (ChangeKind.CHANGE_ITEM, "venue"),
        (ChangeKind.CHANGE_ITEM, "press_access"),
        (ChangeKind.CHANGE_ITEM, "accreditation_until"),
        (ChangeKind.CHANGE_ITEM, "participant:abdou diallo"),
    ]
    known = replace(PRESS, venue="Salle de presse, palais de Koulouba, Bamako")
    assert "venue" not in [change.field for change in work(TOLD, told, stands=replace(STANDS, items=(known,)))]


def test_a_pinned_field_is_no_work() -> None:
    heard = Heard(pinned=frozenset({"end", "p/when", "members"}))
    told = replace(TOLD, end_on=dt.date(2023, 2, 9), members=(BELAVIN, replace(DIOP, name="Salif Touré")))
    assert work(told, AT_FIVE, heard=heard) == []


def test_an_item_that_the_editor_left_out_is_not_proposed_again_by_its_source() -> None:
    heard = Heard(last={"+official_dinner 2023-02-07 20:00": {}})
    assert work(TOLD, DINNER, heard=heard) == []
    assert len(work(TOLD, DINNER)) == 1


def test_a_second_meeting_is_added_and_another_partner_is_another_meeting() -> None:
    with_other = ItemFacts(
        kind=ItemKind.BILATERAL_MEETING, precision=Precision.DAY, day=SEVENTH,
        participants=(BELAVIN, Somebody(name="Oumar Traoré", country="ML")),
    )  # fmt: skip
    (change,) = work(TOLD, with_other)
    assert change.kind is ChangeKind.ADD_ITEM
    twice = [replace(AT_FIVE, start_time=dt.time(15)), AT_FIVE]
    assert {number: item.key for number, item in pair_items(twice, STANDS.items).items()} == {0: "p"}


def test_an_item_told_as_one_of_its_own_is_none_of_another_day_hour_or_title() -> None:
    assert pair_items([AT_FIVE], STANDS.items)[0].key == "p"
    assert not pair_items([replace(AT_FIVE, is_distinct=True)], STANDS.items)
    at_three = replace(AT_FIVE, start_time=dt.time(15), is_distinct=True)
    assert pair_items([at_three], STANDS.items)[0].key == "p"
    assert not pair_items([replace(at_three, title="Another")], STANDS.items)


def test_an_office_of_no_country_is_not_added_twice_to_an_item() -> None:
    mayor = Somebody(title="Mayor")
    stands = replace(STANDS, items=(replace(PRESS, participants=(mayor,)),))
    told = replace(AT_FIVE, start_time=dt.time(15), participants=(Somebody(title="mayor"),))
    assert not [one for one in visit_changes(TOLD, [told], stands, Heard()) if "participant" in one.key]
    other = replace(told, participants=(mayor, Somebody(title="Governor")))
    keys = [one.key for one in visit_changes(TOLD, [other], stands, Heard()) if "participant" in one.key]
    assert keys == ["p/participant:governor"]


def test_new_people_and_places_are_added_and_an_office_alone_adds_nobody() -> None:
    office = replace(DIOP, name="", title="le ministre malien")
    envoy = replace(BELAVIN, name="Olga Sidorova", role=Role.MEMBER)
    found = work(replace(TOLD, members=(BELAVIN, office, envoy), cities=("Bamako", "Ségou")))
    assert [(change.kind, change.path) for change in found] == [
        (ChangeKind.SET_FIELD, "cities"), (ChangeKind.SET_FIELD, "delegation"),
    ]  # fmt: skip
    unnamed = replace(STANDS, members=(replace(BELAVIN, name=""),))
    (named,) = work(stands=unnamed)
    assert named.says["name"] == "Grigori Belavin"


def test_a_change_is_kept_as_json() -> None:
    for change in visit_changes(TOLD, (AT_FIVE, DINNER), STANDS, Heard(last=FIRST)):
        assert from_json(as_json(change)) == change
    assert [change.number for change in work(TOLD, DINNER, AT_FIVE)] == [0, 1]
    assert work(replace(TOLD, end_on=dt.date(2023, 2, 9)))[0].number is None
