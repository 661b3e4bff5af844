"""What programs write of visits and items: taken as said, refused by its place, and nothing added."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from agenda.api.drafts import AmendedLineSerializer, DraftItemSerializer, amended_line, amended_visit, whole_visit
from diplomacy.communiques.drafts import item_facts
from diplomacy.vocabulary import Precision

READ: dict[str, Any] = {
    "visitors": [{"name": "Ana Prado"}],
    "start": "2023-02-07",
    "end": "2023-02-08",
    "items": [{"kind": "audience", "date": "2023-02-07"}, {"kind": "forum", "date": "2023-02-08"}],
}


def item(**said: Any) -> dict[str, Any]:
    form = DraftItemSerializer(data={"kind": "audience", **said})
    form.is_valid()
    return dict(form.errors)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"date": "2023-02-07", "start_time": "10:30", "timezone": "Africa/Bamako"}, set()),
        ({"date": "2023-02-07", "start_time": "10:30"}, set()),  # whose clock it is may be unknown
        ({"part_of_day": "morning", "date": None}, set()),
        ({"start_time": "10:30"}, {"date"}),
        ({"date": "2023-02-07", "end_time": "10:30"}, {"end_time"}),
        ({"date": "2023-02-07", "start_time": "9:30"}, {"start_time"}),
        ({"date": "2023-02-07", "start_time": "24:00"}, {"start_time"}),
        ({"date": "2023-02-07", "start_time": "10:30\n"}, set()),  # DRF strips what surrounds a text
        ({"date": "soon"}, {"date"}),
        ({"timezone": "Bamako"}, {"timezone"}),
        ({"accreditation_until": "2023-02-07T18:00"}, set()),
        ({"accreditation_until": "2023-02-07T18:00Z"}, {"accreditation_until"}),
        ({"accreditation_until": "2023-13-07T18:00"}, {"accreditation_until"}),
        ({"duration_minutes": 0}, {"duration_minutes"}),
        ({"kind": "party", "colour": "red"}, {"kind", "colour"}),
        ({"participants": "Ana"}, {"participants"}),
        ({"title": "a" * 301}, {"title"}),
    ],
)
def test_an_item_is_refused_by_the_place_of_what_is_wrong(said: dict[str, Any], wrong: set[str]) -> None:
    assert set(item(**said)) == wrong


def test_what_is_not_said_is_not_invented() -> None:
    draft = whole_visit({"visitors": [{"name": "Ana Prado"}], "host_country": "ML", "items": [{"kind": "audience"}]})
    assert (draft["start"], draft["cities"], draft["host"], draft["status"]) == (None, [], None, "announced")
    (facts,) = (item_facts(one) for one in draft["items"])
    assert (facts.precision, facts.day, facts.start_time, facts.zone) == (Precision.ORDER, None, None, "")


def test_an_amended_draft_keeps_what_is_not_named() -> None:
    said = {"end": "2023-02-09", "items": [{"number_read": 1, "title": "Forum"}, {"kind": "signing"}]}
    draft = amended_visit(READ, said)
    assert (draft["start"], draft["end"], draft["visitors"]) == ("2023-02-07", "2023-02-09", READ["visitors"])
    kept, new = draft["items"]
    assert kept == {"kind": "forum", "date": "2023-02-08", "number_read": 1, "title": "Forum"}
    assert (new["kind"], new["date"], new["number_read"]) == ("signing", None, 3)
    assert amended_line(READ["items"][0], {"title": "Audience"}) == {**READ["items"][0], "title": "Audience"}
    with pytest.raises(ValidationError):
        amended_visit(READ, {"items": [{"number_read": 2}]})
    with pytest.raises(ValidationError):
        amended_visit(READ, {"end": "2023-02-06"})
    line = AmendedLineSerializer(data={"start_time": "10:00", "number_read": 1})
    assert not line.is_valid()
    assert set(line.errors) == {"number_read"}
