"""The second pair of eyes: who accepted does not publish, where the settings or a source want it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.handling.models import Handling
from diplomacy.accounts.models import User
from diplomacy.communiques.models import Proposal, Source
from diplomacy.visits.models import Visit
from tests import factories
from tests.desk.test_review import VISIT, decide, matched, shows

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def colleague() -> Client:
    """Another editor's browser."""
    client = Client()
    client.force_login(factories.user())
    return client


@pytest.fixture(params=["settings", "source"])
def proposal(request: pytest.FixtureRequest, settings: Any) -> Proposal:
    """One that needs two people, for either reason."""
    made = factories.proposal()
    if request.param == "settings":
        settings.AGENDA_SECOND_EYES = True
    else:
        Source.objects.update(needs_second_eyes=True)
    return made


def publish(client: Client, visit: Visit) -> str:
    sent = {"version": visit.version, "publish": "1"}
    return client.post(f"/admin/visits/{visit.pk}/publish/", sent, headers=ENGLISH, follow=True).content.decode()


def test_who_accepts_does_not_publish_and_a_colleague_does(desk: Client, colleague: Client, proposal: Proposal) -> None:
    decide(desk, proposal, "publish")
    visit = Visit.objects.get()
    assert (proposal.state, visit.publication) == ("accepted", "draft")
    assert "Here a second person publishes" in desk.get("/admin/", headers=ENGLISH).content.decode()
    assert "You accepted this yourself" in publish(desk, visit)
    desk.post("/admin/diplomacy/visit/", {"action": "publish_chosen", "_selected_action": str(visit.pk)})
    assert not shows(visit)
    assert "Published." in publish(colleague, visit)
    assert shows(visit)


def test_a_list_publishes_what_it_may_and_names_what_it_may_not(desk: Client, proposal: Proposal) -> None:
    decide(desk, proposal, "accept")
    mine, other = Visit.objects.get(), factories.visit(published=False)
    sent = {"action": "publish_chosen", "_selected_action": [str(mine.pk), str(other.pk)]}
    page = desk.post("/admin/diplomacy/visit/", sent, headers=ENGLISH, follow=True).content.decode()
    assert f"{mine.slug[1:]}: You accepted this yourself" in page
    assert (shows(mine), shows(other)) == (False, True)


def test_a_change_to_what_readers_see_is_accepted_by_two(desk: Client, colleague: Client, proposal: Proposal) -> None:
    decide(desk, proposal, "accept")
    visit = Visit.objects.get()
    publish(colleague, visit)
    change = matched(factories.proposal({**VISIT, "end": "2023-02-10"}), visit)
    Source.objects.update(needs_second_eyes=True)
    decide(desk, change, "accept")
    visit.refresh_from_db()
    assert (change.state, str(visit.end_on)) == ("waiting", "2023-02-08")
    decide(desk, change, "accept")  # the same person again is still one person
    assert change.state == "waiting"
    assert "ada would accept it so." in colleague.get(f"/admin/review/{change.pk}/", headers=ENGLISH).content.decode()
    decide(colleague, change, "accept")
    visit.refresh_from_db()
    assert (change.state, str(visit.end_on)) == ("accepted", "2023-02-10")
    assert Handling.objects.get(proposal=change).endorsed_by is None


def test_a_second_person_who_changes_it_is_the_first_for_what_they_changed(
    desk: Client, colleague: Client, proposal: Proposal
) -> None:
    decide(desk, proposal, "accept")
    visit = Visit.objects.get()
    publish(colleague, visit)
    change = matched(factories.proposal({**VISIT, "end": "2023-02-10"}), visit)
    Source.objects.update(needs_second_eyes=True)
    decide(desk, change, "accept")
    decide(colleague, change, "accept", **{"visit-end": "2023-02-09"})
    assert change.state == "waiting"
    assert Handling.objects.get(proposal=change).endorsed_by != User.objects.get(username="ada")
    decide(desk, change, "accept")
    visit.refresh_from_db()
    assert str(visit.end_on) == "2023-02-09"


def test_where_nobody_wants_it_one_person_publishes(desk: Client) -> None:
    decide(desk, factories.proposal(), "publish")
    assert shows(Visit.objects.get())


def test_what_was_published_by_two_is_published_again_by_one(
    desk: Client, colleague: Client, proposal: Proposal
) -> None:
    """Pressing “Publish all of it” on what readers know already is no decision."""
    decide(desk, proposal, "accept")
    visit = Visit.objects.get()
    publish(colleague, visit)
    assert "Published." in publish(desk, Visit.objects.get())
