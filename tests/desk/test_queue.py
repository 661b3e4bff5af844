"""The queue: most urgent first, cut by filters, counted, and cheap whatever its length."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agenda.desk.queue import SHOWN
from agenda.handling import acts as handling
from diplomacy.accounts.models import User
from diplomacy.communiques.models import Proposal
from tests import factories
from tests.desk.test_review import PRESS, VISIT, decide, matched

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def waits(name: str, soonest: str | None = "2023-02-20", *, sure: float = 0.9, **said: Any) -> Proposal:
    """A proposal known by its visitor's name."""
    proposal = factories.proposal({**VISIT, "visitors": [{"name": name, "country": "BR"}], **said})
    proposal.soonest_on = dt.date.fromisoformat(soonest) if soonest else None
    proposal.confidence = sure
    proposal.save()
    return proposal


def listed(desk: Client, **filters: str | int) -> list[str]:
    """The names in the queue, in its order."""
    rows = desk.get("/admin/", filters).context["queue"]
    return [row.title.split(" → ")[0] for row in rows]


def test_soonest_then_biggest_then_least_certain_comes_first(desk: Client) -> None:
    waits("Over", "2023-02-01")
    waits("Undated", None)
    waits("Later", "2023-03-01")
    waits("Sure")
    waits("Doubtful", sure=0.3)
    waits("Postponed", status="postponed")
    waits("Cancelled", status="cancelled")
    matched(waits("Changed", end="2023-02-12"), factories.visit())
    waits("Today", "2023-02-07")
    names = ["Today", "Cancelled", "Postponed", "Changed", "Doubtful", "Sure", "Later", "Undated", "Over"]
    assert listed(desk) == names


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"country": "ML"}, ["Ana Prado", "Chloé Ferré"]),
        ({"country": "JP"}, ["Ben Oduya"]),
        ({"country": "XX"}, ["Ana Prado", "Ben Oduya", "Chloé Ferré"]),
        ({"person": "ferré"}, ["Chloé Ferré"]),
        ({"person": "nobody"}, []),
        ({"kind": "new_item"}, []),
        ({"kind": "new_visit", "country": "JP"}, ["Ben Oduya"]),
        ({"state": "rejected"}, ["Dora Blanc"]),
        ({"mine": "1"}, ["Ben Oduya"]),
    ],
)
def test_the_queue_is_cut_by_filters(desk: Client, filters: dict[str, str], names: list[str]) -> None:
    waits("Ana Prado", "2023-02-11")
    ben = waits("Ben Oduya", "2023-02-12", host_country="JP")
    waits("Chloé Ferré", "2023-02-13")
    decide(desk, waits("Dora Blanc"), "reject")
    handling.assign(ben, User.objects.get(username="ada"))
    assert listed(desk, **filters) == names


def test_a_source_is_chosen(desk: Client) -> None:
    waits("Ana Prado")
    ben = waits("Ben Oduya")
    assert listed(desk, source=ben.extraction.version.communique.source_id) == ["Ben Oduya"]


def test_it_says_how_far_the_day_has_come_and_what_is_mine(desk: Client) -> None:
    decide(desk, waits("Dora Blanc"), "reject")
    handling.assign(waits("Ana Prado"), User.objects.get(username="ada"))
    waits("Ben Oduya")
    page = desk.get("/admin/", headers=ENGLISH).content.decode()
    assert "1 of 3 decided today" in page
    assert "assigned to me: 1" in page
    assert "Decided last: Dora Blanc" in page


def test_a_row_says_what_changes_who_has_it_and_that_there_is_a_question(desk: Client) -> None:
    contested = matched(waits("Ana Prado", end="2023-02-12", sure=0.2), factories.visit())
    handling.assign(contested, User.objects.get(username="ada"))
    colleague = factories.user()
    handling.hold(contested, colleague, factories.NOW)
    row = desk.get("/admin/", headers=ENGLISH).content.decode().split('<ol class="queue">')[1].split("</ol>")[0]
    for said in ("change a value", "contested", "to check", "for ada", f"{colleague} has it open"):
        assert said in row


def test_a_long_queue_has_pages_and_asks_the_database_no_more(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(SHOWN + 3):
        waits(f"Visitor {number}", items=[PRESS])
    for number in range(3):
        version = factories.version(f"Nothing to propose {number}.")
        version.communique.state = "read"
        version.communique.save()
    desk.get("/admin/")
    with django_assert_max_num_queries(13):
        page = desk.get("/admin/", {"kind": "new_visit"})
    assert len(page.context["queue"]) == SHOWN
    assert page.context["queue_count"] == SHOWN + 3
    assert "?kind=new_visit&amp;page=2" in page.content.decode()
    assert len(listed(desk, page=2)) == 3
