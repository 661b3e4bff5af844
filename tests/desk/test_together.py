"""What was read with high confidence is accepted together, after a look at it, and undone together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import time_machine
from django.test import Client

from agenda.handling.acts import hold
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Proposal
from diplomacy.directory.questions import NameQuestion, QuestionKind
from diplomacy.visits.models import Visit
from tests import factories
from tests.desk.test_review import VISIT, decide

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
PAGE = "/admin/together/"
ENGLISH = {"accept-language": "en"}
NAMES = ("Ana Prado", "Bruno Teles", "Clara Nunes")
HOSTS = ("ML", "SN", "JP")


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def read_with(confidence: float, number: int = 0) -> Proposal:
    """A new visit of which the least certain value has that confidence."""
    draft = {
        **VISIT, "visitors": [{"name": NAMES[number], "title": "Foreign Minister", "country": "BR"}],
        "host_country": HOSTS[number], "confidence": {"start": confidence, "host_country": 0.97},
    }  # fmt: skip
    proposal = factories.proposal(draft)
    Proposal.objects.filter(pk=proposal.pk).update(confidence=confidence, soonest_on=VISIT["start"])
    proposal.refresh_from_db()
    return proposal


def shown(client: Client, query: str = "") -> str:
    return client.get(PAGE + query, headers=ENGLISH).content.decode()


def send(client: Client, proposals: Sequence[Proposal], button: str = "accept") -> str:
    sent = {"proposal": [f"{one.pk} {one.version}" for one in proposals], button: "1"}
    return client.post(PAGE, sent, headers=ENGLISH, follow=True).content.decode()


def states(*proposals: Proposal) -> list[str]:
    for one in proposals:
        one.refresh_from_db()
    return [one.state for one in proposals]


def test_what_is_certain_is_shown_and_nothing_else(desk: Client) -> None:
    read_with(0.95, 0)
    read_with(0.85, 1)
    assert "Ana Prado → Mali" in shown(desk)
    assert "Bruno Teles" not in shown(desk)
    assert "Bruno Teles → Senegal" in shown(desk, "?least=0.80")
    assert "Bruno Teles" not in shown(desk, "?least=all")  # no choice: as if nothing were asked


def test_what_is_ticked_is_accepted_and_undone_together(desk: Client) -> None:
    ticked, also, left = read_with(0.95, 0), read_with(0.93, 1), read_with(0.99, 2)
    assert "2 proposals are accepted." in send(desk, [ticked, also])
    assert states(ticked, also, left) == ["accepted", "accepted", "waiting"]
    assert {visit.publication for visit in Visit.objects.all()} == {"draft"}
    answer = desk.post(f"{PAGE}undo/", headers=ENGLISH, follow=True).content.decode()
    assert "2 proposals wait again." in answer
    assert states(ticked, also) == ["waiting", "waiting"]
    assert "Undo the last" not in answer


def test_published_together(desk: Client) -> None:
    first, second = read_with(0.95, 0), read_with(0.95, 1)
    send(desk, [first, second], "publish")
    assert {visit.publication for visit in Visit.objects.all()} == {"published"}
    desk.post(f"{PAGE}undo/", follow=True)
    assert states(first, second) == ["waiting", "waiting"]
    assert not Visit.objects.filter(publication="published").exists()


def test_one_that_was_changed_meanwhile_is_left(desk: Client) -> None:
    stale, good = read_with(0.95, 0), read_with(0.95, 1)
    Proposal.objects.filter(pk=stale.pk).update(version=stale.version + 1)
    answer = send(desk, [stale, good])
    assert "it is left as it is" in answer
    assert states(stale, good) == ["waiting", "accepted"]


def test_what_cannot_stand_stops_no_other(desk: Client) -> None:
    wrong, good = read_with(0.95, 0), read_with(0.95, 1)
    Proposal.objects.filter(pk=wrong.pk).update(draft={**wrong.draft, "start": "2023-02-09", "end": "2023-02-01"})
    send(desk, [wrong, good])
    assert states(wrong, good) == ["waiting", "accepted"]


def test_doubts_keep_it_for_a_look_of_its_own(desk: Client) -> None:
    alike = read_with(0.95, 0)
    factories.visit(factories.VISIT)  # Ana Prado in Mali on those days
    asked = read_with(0.95, 1)
    NameQuestion.objects.create(
        kind=QuestionKind.SPELLING, text="Bruno Teles", folded="bruno teles", asked_at=factories.NOW
    )
    refused_before = read_with(0.95, 2)
    decide(desk, read_with(0.5, 2), "reject")
    page = shown(desk)
    for proposal in (alike, asked, refused_before):
        assert str(proposal.pk) not in page


def test_one_that_looks_like_a_visit_by_now_is_left(desk: Client) -> None:
    first, twin = read_with(0.95, 0), read_with(0.95, 0)
    send(desk, [first, twin])
    assert states(first, twin) == ["accepted", "waiting"]
    assert Visit.objects.count() == 1


def test_what_is_accepted_is_shown_with_day_and_place(desk: Client) -> None:
    read_with(0.95)
    assert "7–8 Feb 2023 · Bamako" in shown(desk)


def test_one_that_a_colleague_has_open_is_left(desk: Client) -> None:
    proposal = read_with(0.95)
    colleague = factories.user()
    hold(proposal, colleague, factories.NOW)
    assert str(proposal.pk) not in shown(desk)
    assert f"{colleague} has it open" in send(desk, [proposal])  # ticked before the colleague came
    assert states(proposal) == ["waiting"]


def test_a_garbled_key_is_no_error(desk: Client) -> None:
    assert desk.post(PAGE, {"proposal": ["x", "", "a b c"], "accept": "1"}).status_code == 302


def test_only_who_may_decide_and_publish(client: Client) -> None:
    proposal = read_with(0.95)
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    answer = client.post(PAGE, {"proposal": f"{proposal.pk} {proposal.version}", "publish": "1"})
    assert answer.status_code == 403
    assert states(proposal) == ["waiting"]
