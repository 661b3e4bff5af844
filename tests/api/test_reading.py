"""What the API gives readers: lists, filters, pages, HEAD, and nothing to write to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diplomacy.visits.facts import ItemFacts, Somebody
from diplomacy.vocabulary import ItemKind, Precision, Role, VisitStatus
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

ENTRIES = "/api/v1/entries/"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def diary() -> None:
    """A visit to Bamako with its press conference, a confirmed one to Dakar, and a phone call of nobody's visit."""
    factories.visit(factories.VISIT, factories.PRESS)
    factories.visit(
        host_country="SN", cities=("Dakar",), start_on=dt.date(2023, 3, 1), end_on=dt.date(2023, 3, 3),
        status=VisitStatus.CONFIRMED,
        members=(Somebody(name="Kofi Mensah", title="President", country="GH", role=Role.HEAD_OF_DELEGATION),),
    )  # fmt: skip
    factories.item(
        ItemFacts(kind=ItemKind.PHONE_CALL, precision=Precision.DAY, day=dt.date(2023, 2, 20)),
        participants=(Somebody(name="Ana Prado", country="BR"),),
    )


def kinds(query: str) -> list[str]:
    """Kind and first day of what the list answers."""
    rows = Client().get(f"{ENTRIES}?{query}").json()["results"]
    return [f"{'visit' if row['is_visit'] else row['kind']} {row['starts_on']}" for row in rows]


BAMAKO, PRESS, CALL, DAKAR = (
    "visit 2023-02-07", "press_conference 2023-02-08", "phone_call 2023-02-20", "visit 2023-03-01",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [BAMAKO, PRESS, CALL, DAKAR]),
        ("country=ML", [BAMAKO, PRESS]),
        ("country=SN", [DAKAR]),
        ("country=BR", [BAMAKO, PRESS, CALL]),
        ("country=XX", []),
        ("person=ana-prado", [BAMAKO, PRESS, CALL]),
        ("person=kofi-mensah", [DAKAR]),
        ("kind=press_conference", [PRESS]),
        ("status=confirmed", [DAKAR]),
        ("status=scheduled", [PRESS, CALL]),
        ("touching_from=2023-02-08", [BAMAKO, PRESS, CALL, DAKAR]),
        ("touching_from=2023-02-09", [CALL, DAKAR]),
        ("touching_until=2023-02-07", [BAMAKO]),
        ("touching_from=2023-03-02&touching_until=2023-03-02", [DAKAR]),
        ("starts_from=2023-02-08", [PRESS, CALL, DAKAR]),
        ("starts_until=2023-02-08", [BAMAKO, PRESS]),
        ("starts_from=2023-02-09&starts_until=2023-02-28", [CALL]),
        ("country=BR&kind=phone_call", [CALL]),
        ("kind=phone_call,press_conference", [PRESS, CALL]),
        ("office=nobody", []),
        ("q=prado", [BAMAKO, CALL]),
        ("q=Pr%C3%A1do+ana", [BAMAKO, CALL]),
        ("q=rado", []),
        ("q=!", []),
        ("bbox=-10,10,0,15", [BAMAKO]),
        ("bbox=-20,10,0,15", [BAMAKO, DAKAR]),
        ("bbox=170,10,-15,15", [DAKAR]),
        ("bbox=10,10,20,15", []),
        ("source=nobody", []),
        ("language=fr", []),
        ("ordering=-starts_on", [DAKAR, CALL, PRESS, BAMAKO]),
    ],
)
def test_entries_are_filtered(diary: None, query: str, found: list[str]) -> None:
    assert kinds(query) == found


@pytest.mark.parametrize(
    "query",
    [
        "starts_from=soon", "bbox=1,2,3", "bbox=1,2,3,nan", "bbox=1,9,3,4", "bbox=1,2,181,4", "fields=id,secret",
        "include=everything",
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(diary: None, query: str) -> None:
    answer = Client().get(f"{ENTRIES}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_only_the_fields_asked_for_are_answered_and_the_id(diary: None) -> None:
    rows = Client().get("/api/v1/items/?fields=title,starts_at").json()["results"]
    assert [sorted(row) for row in rows] == [["id", "starts_at", "title"]] * 2
    one = Client().get(f"/api/v1/items/{rows[0]['id']}/?fields=kind").json()
    assert one == {"id": rows[0]["id"], "kind": "press_conference"}


def test_pages_are_walked_without_loss_or_repeat(diary: None) -> None:
    walked, address = [], f"{ENTRIES}?limit=3"
    while address:
        page = Client().get(address).json()
        walked += [row["uid"] for row in page["results"]]
        address = page["next"]
    assert len(walked) == len(set(walked)) == 4


@pytest.mark.parametrize(
    "path", [ENTRIES, "/api/v1/visits/", "/api/v1/items/", "/feeds/all.ics", "/", "/en/", "/feeds/"]
)
def test_head_answers_as_get_without_a_body(diary: None, path: str) -> None:
    got, head = Client().get(path), Client().head(path)
    assert (head.status_code, head["Content-Type"], head.content) == (got.status_code, got["Content-Type"], b"")
    assert head.get("ETag") == got.get("ETag")


@pytest.mark.parametrize("path", [ENTRIES, "/api/v1/visits/", "/api/v1/items/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_lists_are_read_only(diary: None, path: str, method: str) -> None:
    assert getattr(Client(), method)(path).status_code in {401, 403, 405}


def test_an_item_says_its_hour_with_zone_and_in_utc(diary: None) -> None:
    (press,) = Client().get("/api/v1/items/?kind=press_conference").json()["results"]
    assert (press["start_time"], press["zone"]) == ("15:00", "Africa/Bamako")
    assert (press["starts_at"], press["starts_at_utc"]) == ("2023-02-08T15:00:00+00:00", "2023-02-08T15:00:00Z")
    assert (press["ends_at"], press["ends_at_utc"]) == (None, None)


def test_an_end_after_midnight_lies_on_the_next_day() -> None:
    factories.item(
        ItemFacts(
            kind=ItemKind.OFFICIAL_DINNER, precision=Precision.EXACT, day=dt.date(2023, 7, 8), zone="Europe/Paris",
            start_time=dt.time(21, 30), end_time=dt.time(0, 30), ends_next_day=True,
            accreditation_until=dt.datetime.fromisoformat("2023-07-07T18:00"),
        )
    )  # fmt: skip
    (dinner,) = Client().get("/api/v1/items/").json()["results"]
    assert (dinner["ends_at"], dinner["ends_at_utc"]) == ("2023-07-09T00:30:00+02:00", "2023-07-08T22:30:00Z")
    assert dinner["accreditation_until"] == "2023-07-07T18:00:00+02:00"


def test_an_hour_that_is_not_known_is_null(diary: None) -> None:
    (call,) = Client().get("/api/v1/items/?kind=phone_call").json()["results"]
    assert (call["precision"], call["start_time"], call["starts_at"], call["starts_at_utc"]) == (
        "day",
        None,
        None,
        None,
    )


def test_a_visit_and_its_items_are_found_by_their_ids(diary: None) -> None:
    (visit,) = Client().get("/api/v1/visits/?country=ML").json()["results"]
    (item,) = visit["programme"]
    assert Client().get(f"/api/v1/visits/{visit['id']}/").json()["uid"] == visit["uid"]
    assert Client().get(f"/api/v1/items/{item}/").json()["visits"] == [visit["id"]]


def test_the_language_of_titles_is_chosen(diary: None) -> None:
    titles = {
        language: Client().get(f"/api/v1/items/?kind=phone_call&lang={language}").json()["results"][0]["title"]
        for language in ("fr", "en")
    }
    assert titles["en"].startswith("Phone call")
    assert titles["fr"].startswith("Entretien téléphonique")


def test_more_entries_cost_no_more_queries(diary: None, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(4):
        assert len(Client().get(ENTRIES).json()["results"]) == 4
    factories.visit()
    factories.visit()
    with django_assert_max_num_queries(4):
        assert len(Client().get(ENTRIES).json()["results"]) == 6
