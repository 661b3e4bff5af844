"""What an agenda no longer lists: shown as that, and resolved by an editor's word."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import review
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import Source
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine
from tests import factories
from tests.conftest import NOW
from tests.journeys.test_reissued_agenda import AGAIN, WEEK, by_kind, read

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def source() -> Source:
    return factories.source()


@pytest.fixture
def speech(source: Source, act: Act) -> ProgrammeItem:
    """Accepted and published, and left out by the next edition."""
    for proposal in by_kind(read(WEEK, source)).values():
        review.accept(proposal, act, publish=True)
    read(AGAIN, source, days=2)
    return ProgrammeItem.objects.get(kind="speech")


def queue(desk: Client) -> str:
    page = desk.get("/admin/", headers=ENGLISH).content.decode()
    return page.split('id="no-longer-listed"')[1].split("</section>")[0] if 'id="no-longer-listed"' in page else ""


def press(desk: Client, item: ProgrammeItem, button: str, **sent: str) -> str:
    line = EditionLine.objects.get(item=item, state="no_longer_listed")
    answer = desk.post(f"/admin/unlisted/{line.pk}/", {button: "1", **sent}, headers=ENGLISH, follow=True)
    item.refresh_from_db()
    return answer.content.decode()


def test_the_queue_lists_it_apart_with_the_ways_to_resolve_it(desk: Client, speech: ProgrammeItem) -> None:
    said = queue(desk)
    assert "Speech" in said
    for button in ("Keep", "Ask the source", "Cancel it"):
        assert f">{button}</button>" in said
    item = desk.get(f"/admin/diplomacy/programmeitem/{speech.pk}/change/", headers=ENGLISH).content.decode()
    assert "no longer listed; see the queue" in item


def test_kept_it_stands_and_is_not_asked_again(desk: Client, speech: ProgrammeItem) -> None:
    assert "Kept: it stands as it was." in press(desk, speech, "keep", reason="told by telephone")
    assert (speech.status, queue(desk)) == ("scheduled", "")
    assert "This was decided meanwhile: kept" in press(desk, speech, "cancel")
    assert speech.status == "scheduled"


def test_asked_it_stays_with_who_asked(desk: Client, speech: ProgrammeItem) -> None:
    press(desk, speech, "ask", reason="mail to the press office")
    said = queue(desk)
    assert "asked: an answer is awaited (ada" in said
    assert "mail to the press office" in said
    assert "Ask the source" not in said
    press(desk, speech, "keep")
    assert queue(desk) == ""


def test_cancelled_readers_see_it_as_cancelled(desk: Client, speech: ProgrammeItem) -> None:
    press(desk, speech, "cancel", reason="the ministry said so")
    assert (speech.status, queue(desk)) == ("cancelled", "")
    assert speech.revisions.order_by("number").last().reason == "the ministry said so"  # type: ignore[union-attr]


def test_listed_again_there_is_nothing_to_resolve(desk: Client, speech: ProgrammeItem, source: Source) -> None:
    read(WEEK + " ", source, days=3)
    assert "Speech" not in queue(desk)
    assert "A later edition speaks of it again." in press(desk, speech, "cancel")
    assert speech.status == "scheduled"


def test_what_is_past_waits_for_nobody(desk: Client, speech: ProgrammeItem) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=30), tick=False):
        desk.force_login(factories.user())
        assert queue(desk) == ""


def test_the_visits_page_shows_it_at_its_item(desk: Client, speech: ProgrammeItem) -> None:
    visit = factories.visit()
    ProgrammeLine.objects.create(visit=visit, item=speech, position=1)
    said = desk.get(f"/admin/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "no longer listed" in said.split('id="programme"')[1].split("</section>")[0]
    assert f'name="next" value="/admin/visits/{visit.pk}/"' in said
    back = press(desk, speech, "keep", next=f"/admin/visits/{visit.pk}/")
    assert 'id="programme"' in back
    assert 'id="to-decide"' in press(desk, speech, "keep", next="https://elsewhere.example/")


def test_a_proposal_that_is_no_longer_listed_says_so(desk: Client, source: Source) -> None:
    waiting = by_kind(read(WEEK, source))["speech"]
    read(AGAIN, source, days=2)
    assert "no longer listed" in desk.get("/admin/", headers=ENGLISH).content.decode()
    assert "no longer lists it" in desk.get(f"/admin/review/{waiting.pk}/", headers=ENGLISH).content.decode()


def test_a_contributor_resolves_nothing(speech: ProgrammeItem) -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    line = EditionLine.objects.get(item=speech, state="no_longer_listed")
    assert client.post(f"/admin/unlisted/{line.pk}/", {"cancel": "1"}).status_code == 403
    assert "<button" not in queue(client)
