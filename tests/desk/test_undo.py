"""A decision taken back: the proposal waits again, and what it changed stands as before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.handling.models import Handling
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.visits.snapshot import snapshot_of_item, snapshot_of_visit
from diplomacy.vocabulary import VisitStatus
from tests import factories
from tests.desk.pages import as_shown
from tests.desk.test_review import PRESS, TALKS, VISIT, decide, matched, shows

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def undo(desk: Client, proposal: Proposal) -> str:
    """Press "Undo"; the page that follows."""
    answer = desk.post(f"/admin/review/{proposal.pk}/undo/", headers={"accept-language": "en"}, follow=True)
    proposal.refresh_from_db()
    return answer.content.decode()


def change(visit: Visit, **said: object) -> Proposal:
    proposal = factories.proposal({**VISIT, **said})
    return matched(proposal, visit)


def every_change(proposal: Proposal) -> list[str]:
    """All that a proposal would change, ticked, against an editor's decision too."""
    return [change["key"] for change in proposal.changes]


def state(visit: Visit) -> tuple[Any, list[Any]]:
    """What is told of a visit and its items, but for the numbers of their revisions."""
    told = snapshot_of_visit(visit)
    told["programme"] = [line["item"] for line in told["programme"]]
    return told, [snapshot_of_item(item) for item in visit.items.order_by("lines__position")]


def test_a_rejection_is_undone(desk: Client) -> None:
    proposal = factories.proposal()
    decide(desk, proposal, "reject", reason="a rumour")
    assert "Undone. It waits for a decision again." in undo(desk, proposal)
    assert (proposal.state, proposal.decided_by, proposal.reason) == ("waiting", None, "")


def test_a_draft_nobody_saw_goes_and_the_form_comes_back_as_it_was_sent(desk: Client) -> None:
    proposal = factories.proposal({**VISIT, "items": [TALKS]})
    Evidence.objects.create(proposal=proposal, field="start", start=0, end=1, quote="C", rule="test")
    decide(desk, proposal, "accept", **{"visit-end": "2023-02-09"})
    page = undo(desk, proposal)
    assert not Visit.objects.exists()
    assert not ProgrammeItem.objects.exists()
    assert proposal.state == "waiting"
    assert Evidence.objects.get(proposal=proposal).visit is None
    assert 'value="2023-02-09"' in page


def test_what_readers_saw_is_withdrawn_and_their_calendars_are_told(desk: Client) -> None:
    proposal = factories.proposal()
    decide(desk, proposal, "publish")
    visit = Visit.objects.get()
    undo(desk, proposal)
    visit.refresh_from_db()
    assert (visit.publication, shows(visit), proposal.visit) == ("withdrawn", False, None)
    decide(desk, proposal, "publish")
    assert proposal.visit not in (None, visit)


@pytest.mark.parametrize(
    "said",
    [
        {"status": "cancelled"},
        {"status": "postponed", "start": "2023-03-01", "end": "2023-03-02"},
        {"start": "2023-02-08", "end": "2023-02-09"},
        {"items": [PRESS, TALKS]},
        {"items": [{**PRESS, "start_time": "16:30"}]},
    ],
)
@pytest.mark.parametrize("published", [True, False])
def test_a_change_is_undone_to_what_stood(desk: Client, said: dict[str, object], published: bool) -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS, published=published)
    before = state(visit)
    proposal = change(visit, **said)
    decide(desk, proposal, "accept", taken=every_change(proposal))
    visit.refresh_from_db()
    assert state(visit) != before
    undo(desk, proposal)
    visit.refresh_from_db()
    assert state(visit) == before
    assert (proposal.state, proposal.visit) == ("waiting", visit)


def test_what_was_changed_since_stays(desk: Client) -> None:
    visit = factories.visit()
    proposal = change(visit, start="2023-02-08", end="2023-02-09")
    decide(desk, proposal, "accept", taken=every_change(proposal))
    visit.refresh_from_db()
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=factories.NOW + dt.timedelta(hours=1)))
    assert "The visit was changed since." in undo(desk, proposal)
    visit.refresh_from_db()
    assert (visit.status, str(visit.start_on), proposal.state) == ("confirmed", "2023-02-08", "accepted")


def test_the_page_after_a_decision_offers_to_undo_it(desk: Client) -> None:
    first, second = factories.proposal(), factories.proposal()
    decide(desk, first, "reject")
    page = desk.get(f"/admin/review/{second.pk}/", headers={"accept-language": "en"}).content.decode()
    assert f'action="/admin/review/{first.pk}/undo/"' in page
    undo(desk, first)
    page = desk.get(f"/admin/review/{second.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "/undo/" not in page


def test_what_was_taken_for_a_change_of_a_visit_that_goes_is_new_again(desk: Client) -> None:
    first, second = factories.proposal(), factories.proposal({**VISIT, "end": "2023-02-09"})
    decide(desk, first, "accept")
    assert matched(second, Visit.objects.get()).claims.exists()
    undo(desk, first)
    second.refresh_from_db()
    assert (second.kind, second.visit, second.state) == ("new_visit", None, "waiting")
    assert not Visit.objects.exists()


def test_nothing_to_undo_is_said(desk: Client) -> None:
    assert "There is nothing to undo" in undo(desk, factories.proposal())


def test_a_contributor_undoes_nothing(desk: Client) -> None:
    proposal = factories.proposal()
    decide(desk, proposal, "reject")
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert client.post(f"/admin/review/{proposal.pk}/undo/").status_code == 403
    assert as_shown(desk.get(f"/admin/review/{proposal.pk}/"))["version"] == 2
    assert Handling.objects.get().before is not None
