"""Pages of a list lose nothing and repeat nothing, whatever is null or equal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.api.ordering import Cursor, cursor_at
from agenda.api.reading import ORDERS
from diplomacy.vocabulary import VisitKind, VisitStatus
from tests import factories
from tests.api.walking import everything, get, walk

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

DIRECTIONS = [f"{sign}{name}" for name in ORDERS for sign in ("", "-")]
FIELDS = {"starts_at": "starts_at_utc"}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def visits() -> set[str]:
    """Eleven visits: days that are null, equal and different, told at two moments."""
    days = [None, dt.date(2023, 3, 2), None, dt.date(2023, 2, 7), dt.date(2023, 2, 7), dt.date(2023, 2, 7),
            dt.date(2023, 2, 8), dt.date(2023, 2, 8), dt.date(2023, 3, 1), None, dt.date(2022, 12, 31)]  # fmt: skip
    made = set()
    for number, day in enumerate(days):
        visit = factories.visit(
            start_on=day, end_on=day and day + dt.timedelta(days=number % 2),
            kind=VisitKind.STATE if number % 3 else VisitKind.OFFICIAL,
            status=VisitStatus.CONFIRMED if number % 2 else VisitStatus.ANNOUNCED,
            now=factories.NOW + dt.timedelta(hours=number % 2),
        )  # fmt: skip
        made.add(str(visit.pk))
    return made


def in_order(rows: list[dict[str, Any]], name: str) -> bool:
    """Whether the rows count up or down, with the nulls last."""
    field = FIELDS.get(name.removeprefix("-"), name.removeprefix("-"))
    values = [row[field] for row in rows]
    known = [value for value in values if value is not None]
    return values == sorted(known, reverse=name.startswith("-")) + [None] * (len(values) - len(known))


@pytest.mark.parametrize("name", DIRECTIONS)
@pytest.mark.parametrize("limit", [3, 200])
def test_each_visit_comes_exactly_once_forwards_and_back(visits: set[str], name: str, limit: int) -> None:
    forwards = walk(f"visits/?limit={limit}&ordering={name}")
    rows = [row for page in forwards for row in page]
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert set(ids) == visits
    assert in_order(rows, name)
    address = f"visits/?limit={limit}&ordering={name}"
    while (page := get(address))["next"]:
        address = page["next"]
    back = walk(address, "previous")
    assert [row["id"] for page in reversed(back) for row in page] == ids


def test_a_visit_that_comes_in_between_moves_no_other(visits: set[str]) -> None:
    first = get("visits/?limit=4")
    factories.visit(start_on=dt.date(2022, 1, 1), end_on=dt.date(2022, 1, 1))
    rest = [row["id"] for page in walk(first["next"]) for row in page]
    assert {row["id"] for row in first["results"]} | set(rest) == visits
    assert len(rest) == len(visits) - 4


def test_items_of_a_day_come_by_the_hour_then_those_without_one() -> None:
    day = dt.date(2023, 2, 8)
    late, early, untimed = (
        factories.item(start_time=dt.time(18)),
        factories.item(start_time=dt.time(9)),
        factories.item(precision="day", start_time=None, day=day),
    )
    timed = factories.visit(factories.VISIT, factories.PRESS).items.get()
    found = [row["id"] for row in everything("items/?limit=1")]
    assert found[0] == str(timed.pk)
    assert set(found) == {str(item.pk) for item in (late, early, untimed, timed)}


@pytest.mark.parametrize(
    "cursor",
    ["x", "%00", "null", "W10", "W10=", "é", "eyJhIjogMX0", "A" * 5000,
     Cursor("kind", False, ["state", None, 3]).text(),  # of another order
     Cursor("starts_on", False, ["soon", None, 3]).text(),
     Cursor("starts_on", False, [None, "2023-02-08T15:00:00", 3]).text(),
     Cursor("starts_on", False, [None, None, None]).text(),
     Cursor("starts_on", False, [None, None, 2**70]).text(),
     Cursor("starts_on", False, [None, None]).text()],
)  # fmt: skip
def test_a_cursor_that_was_never_given_is_refused(cursor: str) -> None:
    answer = Client().get("/api/v1/visits/", {"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("values", [["\x00", None, 1], ["\ud800", None, 1]])
def test_a_cursor_with_what_no_database_keeps_is_refused(values: list[Any]) -> None:
    answer = Client().get("/api/v1/visits/", {"ordering": "kind", "cursor": Cursor("kind", False, values).text()})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("query", "named"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=-1", "limit"), ("limit=%D9%A3", "limit"),
     ("ordering=secret", "ordering"), ("ordering=--starts_on", "ordering"), ("offset=3", "offset"),
     ("kind=feast", "kind"), ("colour=red", "colour"), ("touching_from=2023-02-30", "touching_from")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_name(query: str, named: str) -> None:
    answer = Client().get(f"/api/v1/visits/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in answer.json()["errors"]] == [named]


def test_a_detail_refuses_what_only_a_list_reads(visits: set[str]) -> None:
    answer = Client().get(f"/api/v1/visits/{visits.pop()}/?limit=3")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "limit")


@pytest.mark.parametrize("path", ["visits/", "items/", "entries/", "people/", "offices/", "countries/"])
def test_a_longer_list_costs_no_more_queries(path: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(path)["results"]
        return len(queries)

    factories.visit(factories.VISIT, factories.PRESS)
    get(path)
    few = asked()
    for _number in range(5):
        factories.visit(factories.VISIT, factories.PRESS, factories.PRESS)
    get(path)
    assert asked() == few <= 4


def test_a_cursor_says_the_place_of_a_row() -> None:
    visit = factories.visit()
    row = visit.entry
    cursor = cursor_at("ends_on", ORDERS["ends_on"], row, is_back=True)
    assert cursor.values == [dt.date(2023, 2, 8), row.pk]
