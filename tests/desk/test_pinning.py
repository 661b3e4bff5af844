"""Fields held fast at the desk: nothing is proposed for them, and what sources say of them is kept."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.claims import Claim, FieldDecision
from diplomacy.communiques.models import Proposal
from diplomacy.visits.models import Visit
from tests import factories
from tests.desk.test_review import PRESS, TALKS, VISIT, decide, matched
from tests.desk.test_visit import page, press

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def visit(desk: Client) -> Visit:
    decide(desk, factories.proposal({**VISIT, "items": [TALKS, PRESS]}), "publish")
    return Visit.objects.get()


def told(visit: Visit, **said: object) -> Proposal:
    return matched(factories.proposal({**VISIT, **said}), visit)


def outcome(proposal: Proposal, field: str) -> str:
    proposal.refresh_from_db()
    (found,) = [one["outcome"] for one in proposal.changes if one["key"].rpartition("/")[2] == field]
    return str(found)


def test_a_pinned_field_of_a_visit_is_not_proposed_to_change_and_what_is_said_of_it_is_kept(
    desk: Client, visit: Visit
) -> None:
    assert "Kept." in press(desk, visit, "pins/", pinned=["end"], reason="told by the embassy")
    proposal = told(visit, end="2023-02-10")
    assert (outcome(proposal, "end"), proposal.state) == ("kept", "confirming")
    assert Claim.objects.get(proposal=proposal, field="end").value == "2023-02-10"
    decision = FieldDecision.objects.get()
    assert (decision.value, decision.reason) == ("2023-02-08", "told by the embassy")
    shown = page(desk, visit)
    assert '<span class="pinned">Last day</span>' in shown
    assert "10 February 2023" in shown.split('id="disputes"')[1]


def test_unticked_it_is_given_back_to_the_sources(desk: Client, visit: Visit) -> None:
    press(desk, visit, "pins/", pinned=["end", "start"])
    press(desk, visit, "pins/", pinned=["start"])
    assert outcome(told(visit, end="2023-02-10"), "end") == "change"
    assert FieldDecision.objects.count() == 3  # what stays pinned is not decided again


def test_an_items_hour_is_pinned_on_the_visits_page(desk: Client, visit: Visit) -> None:
    item = visit.items.get(kind="press_conference")
    press(desk, visit, "pins/", item=str(item.pk), pinned=[f"{item.pk}/when"])
    proposal = told(visit, items=[TALKS, {**PRESS, "start_time": "17:00"}])
    assert (outcome(proposal, "when"), proposal.state) == ("kept", "confirming")
    other = factories.visit()
    assert desk.post(f"/admin/visits/{other.pk}/pins/", {"item": str(item.pk)}).status_code == 404


def test_a_field_is_pinned_and_unpinned_where_its_change_is_reviewed(desk: Client, visit: Visit) -> None:
    proposal = told(visit, start="2023-02-06", end="2023-02-10")
    address = f"/admin/review/{proposal.pk}/"
    assert "Pin<" in desk.get(address, headers=ENGLISH).content.decode()
    answer = desk.post(f"{address}pin/", {"change": "end"}, headers=ENGLISH, follow=True).content.decode()
    assert "pinned: Last day" in answer
    assert (outcome(proposal, "end"), outcome(proposal, "start")) == ("kept", "change")
    assert "Unpinned" in desk.post(f"{address}pin/", {"change": "end"}, headers=ENGLISH, follow=True).content.decode()
    assert outcome(proposal, "end") == "change"
    assert "Say which." in desk.post(f"{address}pin/", {"change": "x"}, headers=ENGLISH, follow=True).content.decode()


def test_who_may_not_publish_pins_nothing(visit: Visit) -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert client.post(f"/admin/visits/{visit.pk}/pins/", {"pinned": ["end"]}).status_code == 403
    assert not FieldDecision.objects.exists()
