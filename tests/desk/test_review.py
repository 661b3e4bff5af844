"""The review page: what an editor decides is what stands, to whom it shows, and which words it came from."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.communiques.reconcile import refresh
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from tests import factories
from tests.desk.pages import as_shown

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

VISIT = {
    "visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}],
    "host_country": "ML",
    "cities": ["Bamako"],
    "start": "2023-02-07",
    "end": "2023-02-08",
    "items": [],
}
TALKS = {"kind": "bilateral_meeting", "participants": ["Ana Prado"]}
PRESS = {"kind": "press_conference", "date": "2023-02-08", "start_time": "15:00", "participants": []}


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def decide(desk: Client, proposal: Proposal, action: str, **fields: object) -> object:
    """Open the review page, change these fields, and press the button."""
    path = f"/admin/review/{proposal.pk}/"
    form = as_shown(desk.get(path)) | fields
    kept = {name: value for name, value in form.items() if value is not None}
    answer = desk.post(path, {**kept, action: "1"}, headers={"accept-language": "en"})
    proposal.refresh_from_db()
    return answer


def matched(proposal: Proposal, visit: Visit) -> Proposal:
    """The proposal as one that tells of a known visit."""
    Proposal.objects.filter(pk=proposal.pk).update(kind="change_visit", visit=visit)
    refresh(Proposal.objects.get(pk=proposal.pk))
    proposal.refresh_from_db()
    return proposal


def shows(visit: Visit) -> bool:
    return Client().get(f"/visits/{visit.slug}/").status_code == 200


@pytest.mark.parametrize("visibility", ["subscribers", "internal"])
def test_an_editor_says_who_sees_it(desk: Client, visibility: str) -> None:
    decide(desk, factories.proposal(), "publish", **{"release-visibility": visibility})
    visit = Visit.objects.get()
    assert (visit.visibility, visit.is_published, shows(visit)) == (visibility, True, False)


def test_an_embargo_is_said_on_the_hosts_clock_and_ends_by_it(desk: Client) -> None:
    decide(
        desk, factories.proposal(), "publish",
        **{"release-until": "2023-02-07T18:00", "release-zone": "Asia/Tokyo"},
    )  # fmt: skip
    visit = Visit.objects.get()
    assert visit.release_at == dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
    assert visit.release_zone == "Asia/Tokyo"
    with time_machine.travel(factories.NOW - dt.timedelta(seconds=1), tick=False):
        assert not shows(visit)
    assert shows(visit)


def test_an_embargo_without_a_zone_decides_nothing(desk: Client) -> None:
    proposal = factories.proposal()
    answer = decide(desk, proposal, "publish", **{"release-until": "2023-02-07T18:00", "release-zone": ""})
    assert "Say in which time zone" in answer.content.decode()  # type: ignore[attr-defined]
    assert proposal.state == "waiting"


def test_the_communiques_embargo_is_proposed(desk: Client) -> None:
    proposal = factories.proposal()
    communique = proposal.extraction.version.communique
    communique.embargoed_until = dt.datetime(2023, 2, 7, 18, tzinfo=dt.UTC)
    communique.save()
    decide(desk, proposal, "publish")
    assert Visit.objects.get().release_at == communique.embargoed_until


def test_one_item_may_be_kept_from_the_public(desk: Client) -> None:
    decide(
        desk, factories.proposal({**VISIT, "items": [TALKS, PRESS]}), "publish",
        **{"items-0-visibility": "internal"},
    )  # fmt: skip
    visit = Visit.objects.get()
    assert shows(visit)
    hidden, shown = (line.item for line in visit.programme.order_by("position"))
    assert Client().get(f"/items/{hidden.pk}/").status_code == 404
    assert Client().get(f"/items/{shown.pk}/").status_code == 200


def test_the_page_does_not_quote_what_only_a_hidden_item_rests_on(desk: Client) -> None:
    proposal = factories.proposal({**VISIT, "items": [TALKS]})
    text = proposal.extraction.version.text
    Evidence.objects.create(proposal=proposal, field="items.0.kind", start=0, end=len(text), quote=text, rule="test")
    decide(desk, proposal, "publish", **{"items-0-visibility": "internal"})
    assert text not in Client().get(f"/visits/{Visit.objects.get().slug}/").content.decode()


def test_evidence_stays_with_its_item_when_another_is_dropped(desk: Client) -> None:
    proposal = factories.proposal({**VISIT, "items": [TALKS, PRESS]})
    for number in (0, 1):
        Evidence.objects.create(
            proposal=proposal, field=f"items.{number}.kind", start=number, end=number + 1, quote="C", rule="test"
        )
    decide(desk, proposal, "accept", **{"items-0-keep": None})
    press = Visit.objects.get().items.get()
    assert press.kind == "press_conference"
    assert Evidence.objects.get(item=press).field == "items.1.kind"


@pytest.mark.parametrize("days", [("2023-03-01", "2023-03-02"), ("", "")])
def test_a_visit_is_postponed_through_review(desk: Client, days: tuple[str, str]) -> None:
    visit = factories.visit()
    change = factories.proposal({**VISIT, "status": "postponed", "start": days[0] or None, "end": days[1] or None})
    Proposal.objects.filter(pk=change.pk).update(kind="change_visit", visit=visit)
    decide(desk, change, "accept")
    visit.refresh_from_db()
    assert visit.status == "postponed"
    assert str(visit.start_on) == (days[0] or "2023-02-07")
    assert visit.original_start_on == dt.date(2023, 2, 7)
    said = Client().get("/feeds/en/all.ics").content.decode().replace("\r\n ", "")
    assert visit.uid in said
    assert ("DTSTART;VALUE=DATE:20230301" if days[0] else "POSTPONED") in said


def test_a_change_can_hide_what_is_published(desk: Client) -> None:
    visit = factories.visit()
    change = factories.proposal(VISIT)
    Proposal.objects.filter(pk=change.pk).update(kind="change_visit", visit=visit)
    decide(desk, change, "accept", **{"release-visibility": "internal"})
    assert not shows(visit)


def test_what_stands_already_is_shown_beside_a_change(desk: Client) -> None:
    visit = factories.visit()
    change = factories.proposal(VISIT)
    Proposal.objects.filter(pk=change.pk).update(kind="change_visit", visit=visit)
    page = desk.get(f"/admin/review/{change.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "7–8 Feb 2023 · announced · Bamako" in page


def test_a_decided_proposal_says_who_decided_and_offers_no_button(desk: Client) -> None:
    proposal = factories.proposal()
    decide(desk, proposal, "reject", reason="a rumour")
    page = desk.get(f"/admin/review/{proposal.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "Rejected · ada" in page
    assert "a rumour" in page
    assert 'name="publish"' not in page


def test_a_last_day_before_the_first_decides_nothing(desk: Client) -> None:
    proposal = factories.proposal()
    answer = decide(desk, proposal, "publish", **{"visit-end": "2023-02-01"})
    assert "The last day lies before the first." in answer.content.decode()  # type: ignore[attr-defined]
    assert proposal.state == "waiting"


def test_a_line_of_a_diary_is_published_whole(desk: Client) -> None:
    draft = {"kind": "phone_call", "date": "2023-02-09", "participants": ["Ana Prado"], "precision": "day"}
    proposal = factories.proposal(draft)
    Proposal.objects.filter(pk=proposal.pk).update(kind="new_item", path="items.0")
    proposal.refresh_from_db()
    decide(desk, proposal, "publish", **{"release-visibility": "subscribers"})
    assert proposal.item is not None
    assert (proposal.item.visibility, proposal.item.start_time) == ("subscribers", None)
    assert Client().get(f"/items/{proposal.item.pk}/").status_code == 404


def test_a_contributor_reads_and_decides_nothing() -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    proposal = factories.proposal()
    path = f"/admin/review/{proposal.pk}/"
    page = client.get(path)
    assert page.status_code == 200
    assert client.post(path, {**as_shown(page), "publish": "1"}).status_code == 403
    assert not Visit.objects.exists()


def test_a_value_read_with_little_confidence_is_shown_as_a_question(desk: Client) -> None:
    doubtful = {**VISIT, "confidence": {"start": 0.3, "end": 0.5, "cities.0": 0.9, "visitors.0.title": 0.4},
                "items": [{**PRESS, "confidence": {"start_time": 0.49, "kind": 0.8}}]}  # fmt: skip
    path = f"/admin/review/{factories.proposal(draft=doubtful).pk}/"
    page = desk.get(path, headers={"accept-language": "en"}).content.decode()
    asked = [
        label.split("<")[0].strip() for label in page.split("<label")[1:] if "to check" in label.split("</label>")[0]
    ]
    assert [label.partition(">")[2] for label in asked] == ["Visitors", "First day", "From"]
    assert "à vérifier" in desk.get(path, headers={"accept-language": "fr"}).content.decode()


APPLY = {**PRESS, "accreditation_until": "2023-02-06T18:00"}


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        (None, dt.datetime(2023, 2, 6, 18, tzinfo=dt.UTC)),
        ("2023-02-05T12:30", dt.datetime(2023, 2, 5, 12, 30, tzinfo=dt.UTC)),
        ("", None),
    ],
)
def test_the_end_of_accreditation_is_read_shown_and_corrected(
    desk: Client, typed: str | None, moment: dt.datetime | None
) -> None:
    proposal = factories.proposal({**VISIT, "items": [APPLY]})
    changed = {} if typed is None else {"items-0-accreditation_until": typed}
    decide(desk, proposal, "publish", **changed)
    item = Visit.objects.get().items.get()
    assert item.accreditation_until == moment
    assert proposal.state == ("accepted" if typed is None else "amended")
    page = Client().get(f"/en/items/{item.pk}/").content.decode()
    assert ("Accreditation until" in page) is (moment is not None)
    if moment:
        assert f"{moment:%H:%M} (Bamako, UTC+0)" in page


def test_accreditation_ends_by_the_hosts_clock_though_the_text_names_no_zone(desk: Client) -> None:
    abroad = {**VISIT, "host_country": "JP", "cities": ["Tokyo"], "items": [APPLY]}
    decide(desk, factories.proposal(abroad), "publish")
    assert Visit.objects.get().items.get().accreditation_until == dt.datetime(2023, 2, 6, 9, tzinfo=dt.UTC)


def test_the_public_page_gives_the_days_of_each_stop_that_are_known(desk: Client) -> None:
    visit = factories.visit(cities=("Bamako", "Gao"))
    visit.stops.filter(position=1).update(arrives_on="2023-02-07", leaves_on="2023-02-08")
    visit.stops.filter(position=2).update(leaves_on="2023-02-08")
    publication.record(visit, Act(now=factories.NOW))
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "Bamako, 7–8 Feb 2023<br>Gao, until 8 Feb 2023" in page
    assert "Itinerary" not in Client().get(f"/en/visits/{factories.visit().slug}/").content.decode()
