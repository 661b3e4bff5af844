"""The visit's own page at the desk: programme with its sources, preview, disputes, history and restoring."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Evidence
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody
from diplomacy.visits.models import Revision, Visit
from diplomacy.vocabulary import ItemKind, VisitStatus
from tests import factories
from tests.desk.test_review import PRESS, TALKS, VISIT, decide, matched

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
LATER = factories.NOW + dt.timedelta(hours=1)
TALKS_OF_UNKNOWN_HOUR = ItemFacts(kind=ItemKind.BILATERAL_MEETING, participants=(Somebody(name="Ana Prado"),))


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW + dt.timedelta(hours=2), tick=False):
        yield


def page(desk: Client, visit: Visit) -> str:
    """The visit's page."""
    answer = desk.get(f"/admin/visits/{visit.pk}/", headers=ENGLISH)
    assert answer.status_code == 200
    return answer.content.decode()


def press(desk: Client, visit: Visit, path: str, **fields: object) -> str:
    """Press a button of the page as it stands; the page that follows."""
    visit.refresh_from_db()
    sent = {"version": visit.version, **fields}
    answer = desk.post(f"/admin/visits/{visit.pk}/{path}", sent, headers=ENGLISH, follow=True)
    visit.refresh_from_db()
    return str(answer.content.decode())


def test_the_programme_stands_by_day_with_what_has_no_hour_in_its_place(desk: Client) -> None:
    visit = factories.visit(factories.VISIT, TALKS_OF_UNKNOWN_HOUR, factories.PRESS)
    said = page(desk, visit).split('id="programme"')[1].split("</section>")[0]
    assert said.index("Wednesday, 8 February 2023") < said.index("15:00") < said.index("Day and hour not stated")
    assert "item 1" in said.split("Day and hour not stated")[1]
    assert "Bamako, UTC+0" in said


def test_each_value_has_its_words_and_their_source(desk: Client) -> None:
    proposal = factories.proposal({**VISIT, "items": [TALKS, PRESS]})
    text = proposal.extraction.version.text
    for field in ("start", "items.1.start_time"):
        Evidence.objects.create(proposal=proposal, field=field, start=0, end=4, quote=text[:4], rule="test")
    decide(desk, proposal, "accept")
    said = page(desk, Visit.objects.get())
    source = proposal.extraction.version.communique.source
    own = said.split('id="sources"')[1].split("</section>")[0]
    of_item = said.split("15:00")[1].split("</li>")[0]
    for where, field in ((own, "First day"), (of_item, "From")):
        assert f"<dt>{field}</dt><dd><q>{text[:4]}</q>" in where
        assert f"{source}, 7 Feb 2023" in where


def test_subscribers_are_shown_before_and_after_publishing(desk: Client) -> None:
    visit = factories.visit(factories.VISIT, published=False)
    said = page(desk, visit).split('id="preview"')[1].split("</section>")[0]
    assert '<h3>Now</h3><pre tabindex="0">—</pre>' in said
    assert "Ana Prado" in said.split("Once published")[1]
    assert "7–8 Feb 2023" in said
    assert "Published." in press(desk, visit, "publish/", publish="1")
    assert visit.is_published
    assert "Now, unchanged" in page(desk, visit)
    programme.add_item(factories.PRESS, Act(now=LATER), visit=visit)
    after = page(desk, visit).split('id="preview"')[1].split("Once published")[1]
    assert "Press conference" in after
    press(desk, visit, "publish/", withdraw="1")
    assert visit.publication == "withdrawn"


def test_a_former_state_is_shown_with_what_changed_and_restored_as_one_more_change(desk: Client) -> None:
    visit = factories.visit()
    first = visit.revisions.get()
    moved = Act(now=LATER, reason="told by phone")
    lifecycle.postpone(visit, moved, start_on=dt.date(2023, 3, 1), end_on=dt.date(2023, 3, 2))
    said = page(desk, visit).split('id="history"')[1]
    assert "First day : <del>7 Feb 2023</del> → <ins>1 Mar 2023</ins>" in said
    assert "Status : <del>announced</del> → <ins>postponed</ins>" in said
    assert "told by phone" in said
    assert "Restored." in press(desk, visit, f"restore/{first.pk}/")
    assert (str(visit.start_on), visit.status, visit.revisions.count()) == ("2023-02-07", "announced", 3)
    assert visit.sequence == 2
    assert [str(member) for member in visit.members.all()] == ["Ana Prado"]


def test_the_history_calls_an_item_as_the_programme_does(desk: Client) -> None:
    visit = factories.visit(factories.VISIT, replace(factories.PRESS, title="conférence de presse et une"))
    said = page(desk, visit).split('id="history"')[1]
    assert "Press conference" in said
    assert "et une" not in said


def test_an_item_is_restored_by_itself(desk: Client) -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS)
    item = visit.items.get()
    first = item.revisions.get()
    programme.cancel_item(item, Act(now=LATER))
    press(desk, visit, f"restore/{first.pk}/")
    item.refresh_from_db()
    assert (item.status, item.start_time) == ("scheduled", dt.time(15))


def test_a_page_that_is_out_of_date_restores_and_publishes_nothing(desk: Client) -> None:
    visit = factories.visit()
    first, version = visit.revisions.get(), visit.version
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=LATER))
    for path, button in ((f"restore/{first.pk}/", "restore"), ("publish/", "withdraw")):
        assert "This was changed meanwhile." in press(desk, visit, path, **{button: "1", "version": version})
    assert (visit.status, visit.publication) == ("confirmed", "published")


def test_the_revision_of_another_visit_is_not_restored_here(desk: Client) -> None:
    visit, other = factories.visit(), factories.visit()
    path = f"/admin/visits/{visit.pk}/restore/{Revision.objects.get(visit=other).pk}/"
    assert desk.post(path, {"version": visit.version}).status_code == 404


def test_sources_that_disagree_stand_side_by_side_until_somebody_settles_it(desk: Client) -> None:
    decide(desk, factories.proposal(), "publish")
    visit = Visit.objects.get()
    matched(factories.proposal({**VISIT, "end": "2023-02-10"}), visit)
    said = page(desk, visit).split('id="disputes"')[1].split("</section>")[0]
    assert "contested" in said
    assert "8 February 2023" in said
    assert "10 February 2023" in said
    assert "Say why" in press(desk, visit, "settle/", voice="end|1")
    assert "Settled." in press(desk, visit, "settle/", voice="end|1", reason="the embassy confirmed it")
    assert str(visit.end_on) == "2023-02-10"
    assert "the embassy confirmed it" in page(desk, visit)
    assert "Say which." in press(desk, visit, "settle/", voice="start|7", reason="x")


def test_a_contributor_reads_and_changes_nothing() -> None:
    visit = factories.visit()
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    said = client.get(f"/admin/visits/{visit.pk}/")
    assert said.status_code == 200
    assert "<button" not in said.content.decode().split('id="content"')[1]
    for path in ("publish/", "settle/", f"restore/{visit.revisions.get().pk}/"):
        assert client.post(f"/admin/visits/{visit.pk}/{path}", {"version": visit.version}).status_code == 403


def test_the_list_of_visits_leads_here(desk: Client) -> None:
    visit = factories.visit()
    assert desk.get(f"/admin/diplomacy/visit/{visit.pk}/change/").headers["location"] == f"/admin/visits/{visit.pk}/"
