"""Two editors at one proposal: who has it open, what was typed, and forms that are out of date."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitStatus
from tests import factories
from tests.desk.pages import as_shown
from tests.desk.test_review import PRESS, VISIT, decide, matched

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def colleague(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_with_role("bela", role=DeskRole.EDITOR))
    return client


def path(proposal: Proposal, act: str = "") -> str:
    return f"/admin/review/{proposal.pk}/{act}"


def typed(client: Client, proposal: Proposal, **fields: str) -> dict[str, object]:
    """Open the page, type this, and let the page save it; the desk's answer."""
    form = {**as_shown(client.get(path(proposal))), **fields}
    answer: dict[str, object] = client.post(path(proposal, "typed/"), form).json()
    return answer


def test_a_page_that_is_open_is_named_with_its_time_and_decides_alone(desk: Client, colleague: Client) -> None:
    proposal = factories.proposal()
    desk.get(path(proposal))
    page = colleague.get(path(proposal), headers=ENGLISH)
    assert "ada has this open since 09:00 UTC." in page.content.decode()
    answer = colleague.post(path(proposal), {**as_shown(page), "accept": "1"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert not Visit.objects.exists()


def test_it_is_taken_over_by_a_press_and_the_first_is_told(desk: Client, colleague: Client) -> None:
    proposal = factories.proposal()
    form = as_shown(desk.get(path(proposal)))
    colleague.post(path(proposal, "take-over/"))
    assert desk.post(path(proposal, "typed/"), form).json() == {"stale": False, "holder": "bela", "saved": False}
    decide(colleague, proposal, "accept")
    assert proposal.state == "accepted"


@pytest.mark.parametrize("leaves", [True, False])
def test_it_is_free_once_the_page_is_closed_or_silent(
    desk: Client, colleague: Client, clock: time_machine.Traveller, leaves: bool
) -> None:
    proposal = factories.proposal()
    desk.get(path(proposal))
    if leaves:
        assert desk.post(path(proposal, "leave/")).status_code == 204
    else:
        clock.shift(dt.timedelta(minutes=3))
    assert "has this open" not in colleague.get(path(proposal), headers=ENGLISH).content.decode()


def test_what_is_typed_is_kept_and_decides_nothing(desk: Client, colleague: Client) -> None:
    proposal = factories.proposal()
    assert typed(desk, proposal, **{"visit-end": "2023-02-10"}) == {"stale": False, "holder": "", "saved": True}
    desk.post(path(proposal, "leave/"))
    page = colleague.get(path(proposal), headers=ENGLISH).content.decode()
    assert "As ada left it" in page
    assert 'value="2023-02-10"' in page
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided) == ("waiting", None)
    colleague.post(path(proposal, "discard/"))
    assert 'value="2023-02-10"' not in colleague.get(path(proposal)).content.decode()


def test_what_was_typed_is_gone_once_it_is_decided(desk: Client) -> None:
    proposal = factories.proposal()
    typed(desk, proposal, **{"visit-end": "2023-02-10"})
    decide(desk, proposal, "accept", **{"visit-end": "2023-02-09"})
    assert "2023-02-10" not in desk.get(path(proposal)).content.decode()


def test_a_form_from_before_a_decision_overwrites_nothing_and_shows_the_differences(
    desk: Client, colleague: Client
) -> None:
    proposal = factories.proposal()
    old = as_shown(desk.get(path(proposal))) | {"visit-end": "2023-02-10"}
    colleague.post(path(proposal, "take-over/"))
    decide(colleague, proposal, "accept", **{"visit-end": "2023-02-09"})
    answer = desk.post(path(proposal), {**old, "accept": "1"}, headers=ENGLISH)
    assert answer.status_code == 409
    row = answer.content.decode().split('<th scope="row">Last day</th>')[1].split("</tr>")[0]
    assert "9 Feb 2023" in row
    assert "10 Feb 2023" in row
    assert str(Visit.objects.get().end_on) == "2023-02-09"


def test_a_visit_that_changed_under_the_form_is_looked_at_again(desk: Client) -> None:
    visit = factories.visit()
    proposal = matched(factories.proposal({**VISIT, "start": "2023-02-09", "end": "2023-02-09"}), visit)
    old = as_shown(desk.get(path(proposal)))
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=factories.NOW))
    assert desk.post(path(proposal, "typed/"), old).json() == {"stale": True}
    assert desk.post(path(proposal), {**old, "accept": "1"}).status_code == 409
    visit.refresh_from_db()
    assert str(visit.start_on) == "2023-02-07"
    decide(desk, proposal, "accept", taken=["start", "end"])
    visit.refresh_from_db()
    assert str(visit.start_on) == "2023-02-09"


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, "2023-02-07 2023-02-08"),  # what stands is an editor's: it stays
        ({"taken": ["end"]}, "2023-02-07 2023-02-10"),
        ({"visit-end": "2023-02-11"}, "2023-02-07 2023-02-11"),  # typed by an editor
    ],
)
def test_a_change_shows_both_values_and_is_taken_field_by_field(
    desk: Client, fields: dict[str, object], days: str
) -> None:
    visit = factories.visit()
    proposal = matched(factories.proposal({**VISIT, "start": "2023-02-06", "end": "2023-02-10"}), visit)
    page = desk.get(path(proposal), headers=ENGLISH).content.decode()
    assert "<del>8 February 2023</del> → <ins>10 February 2023</ins>" in page
    decide(desk, proposal, "accept", **fields)
    visit.refresh_from_db()
    assert f"{visit.start_on} {visit.end_on}" == days


def test_what_was_taken_for_a_known_visit_may_be_another_one(desk: Client) -> None:
    proposal = matched(factories.proposal({**VISIT, "end": "2023-02-10"}), factories.visit())
    answer = desk.post(path(proposal), {**as_shown(desk.get(path(proposal))), "new": "1"}, follow=True)
    assert answer.context["proposal"].kind == "new_visit"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.visit) == ("waiting", None)


def test_it_is_assigned_to_a_colleague(desk: Client, colleague: Client) -> None:
    proposal = factories.proposal()
    bela = User.objects.get(username="bela")
    answer = desk.post(path(proposal, "assign/"), {"assignee": bela.pk}, headers=ENGLISH, follow=True)
    assert "Assigned to bela." in answer.content.decode()
    assert f'<option value="{bela.pk}" selected>' in answer.content.decode()
    reader = factories.user(DeskRole.CONTRIBUTOR)
    assert desk.post(path(proposal, "assign/"), {"assignee": reader.pk}).status_code == 404


TEXT = "Visite à Bamako.\nElle durera jusqu’au 9 février 2023. Point de presse à 15 h 30, salle Sahel."


def about(draft: Mapping[str, object] = VISIT) -> Proposal:
    """A proposal read in TEXT."""
    proposal = factories.proposal(draft)
    proposal.extraction.version = factories.version(TEXT, language="fr")
    proposal.extraction.save()
    return proposal


def words(field: str, quote: str) -> str:
    start = TEXT.index(quote)
    return json.dumps([{"field": field, "start": start, "end": start + len(quote)}])


@pytest.mark.parametrize(
    ("field", "quote", "value"),
    [
        ("visit-end", "jusqu’au 9 février 2023", "2023-02-09"),
        ("items-0-start_time", "15 h 30", "15:30"),
        ("items-0-place", "salle Sahel", "salle Sahel"),
        ("visit-start", "salle Sahel", ""),
        ("visit-host_country", "Bamako", ""),
    ],
)
def test_words_say_a_value_or_nothing_is_put_there(desk: Client, field: str, quote: str, value: str) -> None:
    answer = desk.post(path(about(), "words/"), {"assigned": words(field, quote)})
    assert answer.json() == {"value": value, "quote": quote}


@pytest.mark.parametrize(
    "said",
    ["", "no", "{}", '[{"field": "visit-end", "start": 5, "end": 900}]', '[{"field": "x", "start": 0, "end": 1}]'],
)
def test_what_is_no_words_of_the_text_says_nothing(desk: Client, said: str) -> None:
    assert desk.post(path(about(), "words/"), {"assigned": said}).json() == {"value": "", "quote": ""}


def test_words_put_into_a_field_become_its_evidence(desk: Client) -> None:
    proposal = about({**VISIT, "items": [PRESS]})
    decide(desk, proposal, "accept", assigned=words("items-0-place", "salle Sahel"), **{"items-0-place": "salle Sahel"})
    evidence = Evidence.objects.get(proposal=proposal)
    assert (evidence.field, evidence.quote, evidence.rule) == ("items.0.place", "salle Sahel", "editor")
    assert evidence.item == Visit.objects.get().items.get()


def test_opening_and_deciding_asks_the_database_little(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    proposals = [factories.proposal({**VISIT, "items": [PRESS] * 6}) for _number in range(8)]
    for proposal in proposals[:2]:
        desk.get(path(proposal))
    with django_assert_max_num_queries(12):
        desk.get(path(proposals[0]))
    visit = factories.visit(factories.VISIT, factories.PRESS)
    matched(proposals[1], visit)
    with django_assert_max_num_queries(12):
        desk.get(path(proposals[1]))
