"""The main job, end to end: a communiqué is received, read, accepted by an editor and in everybody's calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoCaptureOnCommitCallbacks

from agenda.tokens.models import make_token
from diplomacy import parsing
from diplomacy.accounts.models import User
from diplomacy.communiques import review, tasks
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.intake import MAX_BYTES, Arrival, RefusedError, date_version, receive
from diplomacy.communiques.models import (
    Communique,
    CommuniqueVersion,
    Evidence,
    JobState,
    Proposal,
    ReadingJob,
    Source,
)
from diplomacy.communiques.samples import samples
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests.conftest import NOW
from tests.desk.pages import as_shown

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"


@pytest.fixture
def source() -> Source:
    return Source.objects.create(name="Desk", slug="desk", kind="desk")


@pytest.fixture
def text() -> str:
    return next(sample.text for sample in samples(SAMPLES, NOW.date()) if sample.name == "01-bamako.fr")


@pytest.fixture
def version(source: Source, text: str) -> CommuniqueVersion:
    arrival = Arrival(original=text.encode(), received_at=NOW, published_on=NOW.date())
    return receive(arrival, source).version


@pytest.fixture
def proposal(version: CommuniqueVersion) -> Proposal:
    tasks.read_version(version.pk)
    return Proposal.objects.get()


def test_the_sample_is_in_the_calendar(client: Client, proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    with time_machine.travel(NOW, tick=False):
        calendar = Calendar.from_ical(client.get("/feeds/fr/all.ics").content)
        pages = [client.get(path) for path in ("/", "/en/", f"/visits/{Visit.objects.get().slug}/", "/feeds/")]
        api = client.get("/api/v1/visits/").json()
    (event,) = calendar.events
    assert (event.start, event.end) == (dt.date(2023, 2, 7), dt.date(2023, 2, 9))
    numbered = [line for line in str(event["DESCRIPTION"]).splitlines() if line[:1].isdigit()]
    assert len(numbered) == 5
    assert [page.status_code for page in pages] == [200, 200, 200, 200]
    assert len(api["results"][0]["programme"]) == 5


def test_no_hour_and_no_day_is_invented(proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    items = ProgrammeItem.objects.all()
    assert {(item.day, item.start_time, item.precision) for item in items} == {(None, None, "order")}


def test_every_span_is_the_words_of_the_text(proposal: Proposal, text: str) -> None:
    spans = Evidence.objects.filter(proposal=proposal)
    assert spans.count() > 10
    assert all(text[span.start : span.end] == span.quote for span in spans)


def test_accepting_ties_the_evidence_to_visit_and_items(proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor))
    visit = Visit.objects.get()
    assert not Evidence.objects.exclude(visit=visit).exists()
    assert Evidence.objects.filter(field="items.0.kind").get().item == visit.programme.first().item  # type: ignore[union-attr]


def test_two_spellings_are_one_person(proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor))
    head = Visit.objects.get().members.get(role="head_of_delegation").person
    assert head is not None
    assert {"Grigory BELAVIN", "Grigori Belavin"} <= set(head.names.values_list("text", flat=True))


def test_an_amended_value_is_the_editors_and_the_draft_stays(proposal: Proposal, editor: User) -> None:
    amended = {**proposal.draft, "end": "2023-02-09"}
    decided = review.accept(proposal, Act(now=NOW, by=editor), amended=amended)
    assert Visit.objects.get().end_on == dt.date(2023, 2, 9)
    assert (decided.draft["end"], decided.state) == ("2023-02-08", "amended")


def test_a_proposal_is_decided_once(proposal: Proposal, editor: User) -> None:
    review.reject(proposal, Act(now=NOW, by=editor, reason="twice"))
    with pytest.raises(review.DecidedError):
        review.accept(proposal, Act(now=NOW, by=editor))
    assert not Visit.objects.exists()


def test_a_draft_without_host_is_refused_and_nothing_is_kept(proposal: Proposal, editor: User) -> None:
    with pytest.raises(DraftError, match=r"host country|pays hôte"):
        review.accept(proposal, Act(now=NOW, by=editor), amended={**proposal.draft, "host_country": None})
    assert Proposal.objects.get().state == "waiting"


def test_reading_twice_proposes_once(version: CommuniqueVersion) -> None:
    tasks.read_version(version.pk)
    ReadingJob.objects.update(state=JobState.WAITING)
    tasks.read_version(version.pk)
    assert Proposal.objects.count() == 1
    assert Communique.objects.get().state == "read"


def test_a_cancellation_is_a_change_to_the_visit_that_is_known(
    proposal: Proposal, source: Source, editor: User
) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    told = (
        "La visite au Mali du ministre russe des Affaires étrangères, Grigori Belavin, "
        "prévue du 7 au 8 février, est annulée."
    )
    again = receive(Arrival(original=told.encode(), received_at=NOW, published_on=NOW.date()), source).version
    tasks.read_version(again.pk)
    change = Proposal.objects.get(extraction__version=again)
    assert change.kind == "change_visit"
    review.accept(change, Act(now=NOW + dt.timedelta(hours=1), by=editor))
    assert Visit.objects.get().status == "cancelled"


def test_the_same_bytes_are_kept_once(version: CommuniqueVersion, source: Source, text: str) -> None:
    receipt = receive(Arrival(original=text.encode(), received_at=NOW, published_on=NOW.date()), source)
    assert (receipt.is_repeat, receipt.version, CommuniqueVersion.objects.count()) == (True, version, 1)


def test_the_same_identity_with_new_bytes_is_a_new_version(source: Source) -> None:
    first = receive(Arrival(original=b"one text", received_at=NOW, identity="x"), source).version
    second = receive(Arrival(original=b"another text", received_at=NOW, identity="x"), source).version
    assert (first.communique, first.number, second.number) == (second.communique, 1, 2)


def test_a_source_that_goes_back_to_its_first_text_is_heard(source: Source) -> None:
    """v1, v2, v1: the first text is the newest version, not a repeat."""
    one, two = b"Visite le 9 mars.", b"Visite le 10 mars."
    receipts = [
        receive(Arrival(original=text, received_at=NOW, identity="x", published_on=NOW.date()), source)
        for text in (one, two, one, one)
    ]
    assert [receipt.is_repeat for receipt in receipts] == [False, False, False, True]
    assert [receipt.version.number for receipt in receipts] == [1, 2, 3, 3]
    assert receipts[2].version.resent_of == receipts[0].version


def test_the_same_bytes_from_elsewhere_are_a_repeat(source: Source) -> None:
    other = Source.objects.create(name="API", slug="api", kind="api")
    first = receive(Arrival(original=b"one", received_at=NOW, identity="x"), source)
    receive(Arrival(original=b"two", received_at=NOW, identity="x"), source)
    again = receive(Arrival(original=b"one", received_at=NOW), other)
    assert (again.is_repeat, again.version) == (True, first.version)


def test_a_corrected_date_is_read_again(version: CommuniqueVersion) -> None:
    tasks.read_version(version.pk)
    corrected = NOW.date() + dt.timedelta(days=7)
    date_version(version, corrected, now=NOW)
    tasks.read_version(version.pk)
    waiting = Proposal.objects.get(state="waiting")
    assert (waiting.draft["start"], waiting.draft["end"]) == ("2023-02-14", "2023-02-15")
    assert Proposal.objects.get(state="superseded").draft["start"] == "2023-02-07"
    date_version(version, NOW.date(), now=NOW)
    tasks.read_version(version.pk)
    assert Proposal.objects.get(state="waiting").draft["start"] == "2023-02-07"


def test_a_corrected_date_changes_the_visit_that_was_accepted(
    version: CommuniqueVersion, proposal: Proposal, editor: User
) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    date_version(version, NOW.date() + dt.timedelta(days=365), now=NOW)
    tasks.read_version(version.pk)
    change = Proposal.objects.get(state="waiting")
    assert (change.kind, change.visit) == ("change_visit", Visit.objects.get())


def test_an_earlier_version_read_late_does_not_wait(source: Source, text: str) -> None:
    def version_of(words: str) -> CommuniqueVersion:
        arrival = Arrival(original=words.encode(), received_at=NOW, identity="x", published_on=NOW.date())
        return receive(arrival, source).version

    first, second = version_of(text), version_of(text + "\nFin.")
    tasks.read_version(second.pk)
    tasks.read_version(first.pk)
    assert Proposal.objects.get(state="waiting").extraction.version == second


def test_without_a_date_it_waits_and_is_read_once_dated(source: Source, text: str) -> None:
    version = receive(Arrival(original=text.encode(), received_at=NOW), source).version
    assert version.communique.state == "waiting_for_date"
    assert not ReadingJob.objects.exists()
    date_version(version, NOW.date(), now=NOW)
    tasks.read_version(version.pk)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("original", "media_type", "says"),
    [
        (b"", "text/plain", "no text|pas de texte"),
        (b"  \n ", "text/plain", "no text|pas de texte"),
        (b"x" * (MAX_BYTES + 1), "text/plain", "too large|trop grand"),
        (b"\x7fELF\x00\x00\x01", "text/plain", "kind of file|sorte de fichier"),
        (b"PK\x03\x04 words", "application/zip", "damaged|endommagé"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    source: Source, original: bytes, media_type: str, says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        receive(Arrival(original=original, media_type=media_type, received_at=NOW), source)
    assert not CommuniqueVersion.objects.exists()


def test_an_unknown_language_gives_a_warning_and_no_proposal(source: Source) -> None:
    arrival = Arrival(original="Tämä on tiedote vierailusta.".encode(), received_at=NOW, published_on=NOW.date())
    version = receive(arrival, source).version
    tasks.read_version(version.pk)
    assert version.extractions.get().reading["warnings"]
    assert not Proposal.objects.exists()
    assert Communique.objects.get().state == "read"


def test_a_reading_that_fails_is_tried_again_and_then_given_up(
    version: CommuniqueVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(parsing, "read", broken)
    for _attempt in range(tasks.MAX_ATTEMPTS):
        tasks.read_version(version.pk)
    assert ReadingJob.objects.get().state == JobState.FAILED
    monkeypatch.setattr(tasks.read_version, "delay", lambda _pk: None)
    tasks.sweep()
    assert ReadingJob.objects.get().state == JobState.PARKED
    communique = Communique.objects.get()
    assert communique.state == "failed"
    assert "the disk is full" in communique.error


def test_the_sweep_takes_back_a_lost_lease(version: CommuniqueVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[int] = []
    monkeypatch.setattr(tasks.read_version, "delay", queued.append)
    ReadingJob.objects.update(state=JobState.RUNNING, holder="dead", lease_until=NOW)
    assert tasks.sweep() == 1
    assert queued == [version.pk]


def test_a_held_job_is_left_alone(version: CommuniqueVersion) -> None:
    far = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    ReadingJob.objects.update(state=JobState.RUNNING, holder="somebody", lease_until=far)
    tasks.read_version(version.pk)
    assert not Proposal.objects.exists()


def test_an_editor_pastes_reviews_and_publishes_at_the_desk(
    desk: Client, text: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(tasks.read_version, "delay", tasks.read_version.run)
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post("/admin/receive/", {"text": text, "published_on": "2023-02-07", "language": ""})
    assert answer.status_code == 302
    proposal = Proposal.objects.get()
    page = desk.get(f"/admin/review/{proposal.pk}/")
    assert "<mark" in page.content.decode()
    answer = desk.post(f"/admin/review/{proposal.pk}/", {**as_shown(page), "publish": "1"})
    assert answer.status_code == 302, answer.context["visit_form"].errors
    assert Proposal.objects.get().decided is None
    assert Proposal.objects.get().state == "accepted"
    assert Visit.objects.get().is_published


def test_the_desk_pages_open(desk: Client, proposal: Proposal) -> None:
    for path in ("", "receive/", "diplomacy/communique/", "diplomacy/visit/", "diplomacy/person/", "agenda/feed/"):
        assert desk.get(f"/admin/{path}").status_code == 200, path


def test_a_stale_form_changes_nothing(desk: Client, proposal: Proposal) -> None:
    desk.post(f"/admin/review/{proposal.pk}/", {"version": "99", "reject": "1"})
    assert Proposal.objects.get().state == "waiting"


def test_the_api_takes_a_communique_with_a_token_only(client: Client, editor: User, text: str) -> None:
    body = {"text": text, "published_on": "2023-02-07"}
    assert client.post("/api/v1/communiques/", body, content_type="application/json").status_code in {401, 403}
    _row, token = make_token(editor, label="wire import")
    headers = {"authorization": f"Token {token}"}
    first = client.post("/api/v1/communiques/", body, content_type="application/json", headers=headers)
    again = client.post("/api/v1/communiques/", body, content_type="application/json", headers=headers)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    empty = client.post("/api/v1/communiques/", {"text": " "}, content_type="application/json", headers=headers)
    assert empty.status_code == 400


def test_the_api_explains_itself(client: Client) -> None:
    assert client.get("/api/v1/").status_code == 200
    assert b"openapi: 3.1" in client.get("/api/v1/schema/").content
    assert client.get("/api/v1/docs/").status_code == 200


def change_of(proposal: Proposal, **draft: object) -> Proposal:
    """Another proposal about the visit that was made of the first."""
    proposal.refresh_from_db()
    return Proposal.objects.create(
        extraction=proposal.extraction, path="visits.9", kind="change_visit", draft={**proposal.draft, **draft},
        visit=proposal.visit, made_at=NOW,
    )  # fmt: skip


def at(hour: str) -> dict[str, object]:
    return {"kind": "press_conference", "date": "2023-02-08", "start_time": hour, "participants": []}


def test_a_changed_hour_moves_the_item_and_a_second_meeting_is_not_taken_for_the_first(
    proposal: Proposal, editor: User
) -> None:
    proposal.draft = {**proposal.draft, "items": [at("15:00")]}
    proposal.save()
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    meetings = [{"kind": "bilateral_meeting", "participants": []}] * 2
    review.accept(change_of(proposal, items=[at("17:00"), *meetings]), Act(now=NOW, by=editor))
    press = ProgrammeItem.objects.get(kind="press_conference")
    assert (press.start_time, press.sequence) == (dt.time(17), 1)
    assert ProgrammeItem.objects.filter(kind="bilateral_meeting").count() == 2


def test_what_is_not_said_does_not_take_back_a_confirmation(proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), amended={**proposal.draft, "status": "confirmed"}, publish=True)
    review.accept(change_of(proposal, status="announced"), Act(now=NOW, by=editor))
    assert Visit.objects.get().status == "confirmed"


def test_a_change_under_embargo_waits(proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor), publish=True)
    Communique.objects.update(embargoed_until=NOW + dt.timedelta(hours=2))
    with pytest.raises(DraftError, match="embargo"):
        review.accept(change_of(proposal, status="cancelled"), Act(now=NOW, by=editor))
    assert Visit.objects.get().status == "announced"


def test_a_repeat_that_brings_the_date_is_read(source: Source, text: str) -> None:
    receive(Arrival(original=text.encode(), received_at=NOW), source)
    receipt = receive(Arrival(original=text.encode(), received_at=NOW, published_on=NOW.date()), source)
    assert receipt.is_repeat
    assert ReadingJob.objects.get().state == JobState.WAITING


def test_a_draft_is_published_and_withdrawn_from_the_list(desk: Client, proposal: Proposal, editor: User) -> None:
    review.accept(proposal, Act(now=NOW, by=editor))
    visit = Visit.objects.get()
    for action, publication in (("publish_chosen", "published"), ("withdraw_chosen", "withdrawn")):
        desk.post("/admin/diplomacy/visit/", {"action": action, "_selected_action": str(visit.pk)})
        visit.refresh_from_db()
        assert visit.publication == publication
    assert desk.get(f"/visits/{visit.slug}/").status_code == 404


def test_a_cancelled_item_keeps_its_hour_and_what_the_editor_said_of_it(proposal: Proposal, editor: User) -> None:
    known = {**at("15:00"), "place": "Palais de Koulouba", "visibility": "subscribers"}
    review.accept(proposal, Act(now=NOW, by=editor), amended={**proposal.draft, "items": [known]}, publish=True)
    told = {"kind": "press_conference", "date": "2023-02-08", "status": "cancelled", "participants": []}
    review.accept(change_of(proposal, items=[told]), Act(now=NOW, by=editor))
    press = ProgrammeItem.objects.get()
    assert (press.status, press.start_time) == ("cancelled", dt.time(15))
    assert (press.venue, press.visibility) == ("Palais de Koulouba", "subscribers")
