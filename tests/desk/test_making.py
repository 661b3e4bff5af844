"""A visit made by hand, or from a text, that looks like a known one: the editor is warned, and may go on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import review
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from tests import factories
from tests.desk.test_review import VISIT, decide

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
TYPED = {
    "visit-visitors": "Ana Prado | Foreign Minister | BR", "visit-host_country": "ML", "visit-cities": "Bamako",
    "visit-visit_kind": "working", "visit-status": "announced", "visit-start": "2023-02-09", "visit-end": "2023-02-10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def make(desk: Client, **fields: Any) -> str:
    return desk.post("/admin/visits/new/", {**TYPED, **fields}, headers=ENGLISH, follow=True).content.decode()


def test_a_visit_is_made_by_hand_as_a_draft(desk: Client) -> None:
    factories.country("ML"), factories.country("BR")
    assert "/admin/visits/new/" in desk.get("/admin/").content.decode()
    assert "Make the visit" in desk.get("/admin/visits/new/", headers=ENGLISH).content.decode()
    assert "Made as a draft." in make(desk)
    visit = Visit.objects.get()
    assert (visit.start_on, visit.kind, visit.publication) == (dt.date(2023, 2, 9), "working", "draft")
    assert [str(one) for one in visit.members.all()] == ["Ana Prado"]


def test_what_looks_like_a_known_visit_is_shown_with_its_page_and_reasons_before_it_is_made(desk: Client) -> None:
    known = factories.visit()
    said = make(desk)
    assert "It looks like a visit that is known" in said
    assert f'href="/admin/visits/{known.pk}/"' in said
    assert "same visitor, same host, dates near, same place" in said
    assert 'value="2023-02-09"' in said  # what was typed stays
    assert Visit.objects.count() == 1
    assert "Made as a draft." in make(desk, look_alikes_seen=f"{known.pk} ")
    assert Visit.objects.count() == 2


def test_another_look_alike_that_came_meanwhile_is_shown_too(desk: Client) -> None:
    known, other = factories.visit(), factories.visit()
    assert str(other.pk) in make(desk, look_alikes_seen=str(known.pk))
    assert Visit.objects.count() == 2


@pytest.mark.parametrize(
    "field",
    [
        {"visit-visitors": "Joana Reis | | PT"},
        {"visit-host_country": "SN"},
        {"visit-start": "2023-09-09", "visit-end": ""},
    ],
)
def test_another_visitor_host_or_season_is_nothing_to_warn_of(desk: Client, field: dict[str, str]) -> None:
    factories.visit()
    factories.country("SN"), factories.country("PT")
    assert "Made as a draft." in make(desk, **field)


def test_a_withdrawn_visit_is_nothing_to_warn_of(desk: Client) -> None:
    publication.withdraw(factories.visit(), Act(now=factories.NOW))
    assert "Made as a draft." in make(desk)


def test_a_text_taken_for_a_new_visit_warns_once_before_it_is_accepted(desk: Client) -> None:
    known, proposal = factories.visit(), factories.proposal({**VISIT, "start": "2023-02-10", "end": "2023-02-11"})
    answer: Any = decide(desk, proposal, "accept")
    assert answer.status_code == 409
    assert f'href="/admin/visits/{known.pk}/"' in answer.content.decode()
    assert proposal.state == "waiting"
    assert Visit.objects.count() == 1
    decide(desk, proposal, "accept", look_alikes_seen=str(known.pk))
    assert (proposal.state, Visit.objects.count()) == ("accepted", 2)


def test_what_an_editor_called_new_is_not_asked_again(desk: Client) -> None:
    factories.visit()
    proposal = review.take_for_new(factories.proposal(), Act(now=factories.NOW))
    decide(desk, proposal, "accept")
    assert (proposal.state, Visit.objects.count()) == ("accepted", 2)


def test_rejecting_asks_nothing(desk: Client) -> None:
    factories.visit()
    proposal = factories.proposal()
    decide(desk, proposal, "reject")
    assert proposal.state == "rejected"


def test_a_contributor_makes_no_visit() -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert client.post("/admin/visits/new/", TYPED).status_code == 403
