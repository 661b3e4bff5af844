"""Changes in words."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import override

from diplomacy.communiques.change import Change, ChangeKind, as_json
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.threeway import Outcome

MOVE = Change(
    kind=ChangeKind.MOVE_ITEM, key="p/when", path="items.0", outcome=Outcome.CHANGE,
    stands={"date": "2023-02-08", "start_time": "15:00"}, says={"date": "2023-02-08", "part_of_day": "evening"},
)  # fmt: skip
KIND = Change(
    kind=ChangeKind.CHANGE_FIELD, key="visit_kind", path="visit_kind", says="state", stands="official",
    outcome=Outcome.CONFLICT,
)  # fmt: skip
DINNER = Change(
    kind=ChangeKind.ADD_ITEM, key="+official_dinner 2023-02-07", path="items.1", outcome=Outcome.CHANGE,
    says={"kind": "official_dinner", "title": "dîner", "when": {"date": "2023-02-07", "duration_minutes": 90},
          "participants": ["Ana Prado"]},
)  # fmt: skip
PUT_OFF = Change(
    kind=ChangeKind.POSTPONE, key="status", path="start", outcome=Outcome.CHANGE,
    stands={"status": "announced", "start": "2023-02-07", "end": "2023-02-08"},
    says={"status": "postponed", "start": "2023-03-10"},
)  # fmt: skip
HOST = Change(
    kind=ChangeKind.SET_FIELD, key="counterpart:ana prado", path="host", outcome=Outcome.CHANGE,
    says={"name": "Ana Prado", "title": "ministre", "country": "BR", "role": "counterpart"},
)  # fmt: skip


def said(change: Change) -> tuple[str, str, str]:
    (line,) = change_lines([as_json(change)])
    return line.field, line.stands, line.says


def test_both_values_are_said_in_the_readers_language() -> None:
    with override("en"):
        assert said(MOVE) == ("Time", "8 February 2023, 15:00", "8 February 2023, evening")
        assert said(DINNER) == ("Item", "—", "official dinner, 7 February 2023, 90 min, Ana Prado")
        assert said(PUT_OFF) == (
            "Status", "announced, 7 February 2023 – 8 February 2023", "postponed, 10 March 2023",
        )  # fmt: skip
        assert said(HOST) == ("counterpart", "—", "Ana Prado, ministre, Brazil")
    with override("fr"):
        assert said(MOVE)[1] == "8 février 2023, 15:00"
        assert said(KIND) == ("Nature", "visite officielle", "visite d’État")


def test_a_change_of_an_item_is_called_by_its_kind() -> None:
    with override("en"):
        (line,) = change_lines([as_json(MOVE)], [{"kind": "press_conference"}])
        assert line.field == "Time · press conference"
        (line,) = change_lines([as_json(DINNER)], [{"kind": "press_conference"}, {"kind": "official_dinner"}])
        assert line.field == "Item"


def test_a_form_that_says_no_more_than_the_kind_is_not_said_again() -> None:
    says = {"kind": "official_dinner", "form": "official dinner", "when": {"date": "2023-02-07"}}
    with override("en"):
        (line,) = change_lines([as_json(replace(DINNER, says=says))])
        assert line.says == "official dinner, 7 February 2023"


def test_conflicts_come_first() -> None:
    lines = change_lines([as_json(MOVE), as_json(KIND) | {"taken": True}])
    assert [line.key for line in lines] == ["visit_kind", "p/when"]
    assert [line.taken for line in lines] == [True, None]
