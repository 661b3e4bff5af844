"""Another's calendar: each event once, moved, cancelled, dropped and listed again; and what it may not do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from agenda.tokens.models import ApiToken
from diplomacy.accounts.models import User
from diplomacy.communiques import review, tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, CommuniqueVersion, Proposal, Source, SourceKind
from diplomacy.communiques.reissue import unlisted_to_come
from diplomacy.communiques.sources import calendar
from diplomacy.communiques.sources.outcome import Outcome, SourceError, Tools
from diplomacy.communiques.unlisted import unlisted_among
from diplomacy.documents import convert
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem
from tests import factories
from tests.documents.test_calendar import calendar as ics
from tests.documents.test_calendar import event
from tests.fetching.server import Web

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
HOST = "http://ministry.example"
TITLE = "Entretien du ministre algérien des Affaires étrangères, Ahmed Attaf, avec M. Nabil Ammar"
AT_TEN = "DTSTART;TZID=Africa/Algiers:20260209T100000"
SIEGE = "LOCATION:Siège du ministère"


def meeting(*lines: str, uid: str = "m", title: str = TITLE) -> str:
    return event(*(lines or (AT_TEN,)), uid=uid, title=title)


@pytest.fixture
def source(source_of: Callable[..., Source]) -> Source:
    return source_of(SourceKind.CALENDAR, f"{HOST}/agenda.ics", language="fr")


@pytest.fixture
def look(source: Source, tools: Tools, served: Web) -> Callable[..., Outcome]:
    memory: dict[str, object] = {}
    minutes = count()

    def found(content: bytes, **headers: str) -> Outcome:
        served.pages[f"{HOST}/agenda.ics"] = (200, {"Content-Type": "text/calendar", **headers}, content)
        outcome = calendar.poll(source, dict(memory), now=NOW + dt.timedelta(minutes=next(minutes)), tools=tools)
        memory.clear()
        memory.update(outcome.memory)
        for version in CommuniqueVersion.objects.filter(job__state="waiting"):
            tasks.read_version(version.pk)
        return outcome

    return found


@pytest.fixture
def act(editor: User) -> Act:
    return Act(now=NOW, by=editor)


def published(act: Act) -> ProgrammeItem:
    review.accept(Proposal.objects.get(), act)
    return ProgrammeItem.objects.get()


def waiting() -> list[Proposal]:
    return list(Proposal.objects.filter(state="waiting"))


def test_an_event_is_proposed_with_its_exact_time_and_the_words_it_came_from(look: Callable[..., Outcome]) -> None:
    assert look(ics(meeting(AT_TEN, "DTEND;TZID=Africa/Algiers:20260209T110000", SIEGE))).received == 1
    (proposal,) = waiting()
    draft = proposal.draft
    assert (draft["kind"], draft["participants"]) == ("bilateral_meeting", ["Ahmed Attaf", "Nabil Ammar"])
    assert (draft["date"], draft["start_time"], draft["end_time"], draft["timezone"]) == (
        "2026-02-09", "10:00", "11:00", "Africa/Algiers",
    )  # fmt: skip
    assert draft["place"] == "Siège du ministère"
    text = CommuniqueVersion.objects.get().text
    quotes = {row.field: row.quote for row in proposal.evidence.all()}
    assert (quotes["date"], quotes["end_time"]) == ("2026-02-09 (Africa/Algiers)", "10:00 - 11:00")
    assert all(text[row.start : row.end] == row.quote for row in proposal.evidence.all())


def test_it_is_asked_for_only_if_it_has_changed(look: Callable[..., Outcome], served: Web) -> None:
    look(ics(meeting()), ETag='"1"')
    look(ics(meeting()), ETag='"1"')
    assert served.asked[-1][1]["if-none-match"] == '"1"'
    restamped = ics(meeting()).replace(b"DTSTAMP:20260201T230000Z", b"DTSTAMP:20260202T080000Z")
    assert look(restamped).received == 0
    assert CommuniqueVersion.objects.count() == 1


def test_a_moved_event_is_a_change_to_its_item(look: Callable[..., Outcome], act: Act) -> None:
    look(ics(meeting()))
    item = published(act)
    look(ics(meeting("DTSTART;TZID=Africa/Algiers:20260312T153000", "SEQUENCE:1")))
    (proposal,) = waiting()
    assert (proposal.kind, proposal.item) == ("change_item", item)
    review.accept(proposal, act)
    item.refresh_from_db()
    assert (item.day, item.start_time, item.zone) == (dt.date(2026, 3, 12), dt.time(15, 30), "Africa/Algiers")
    assert Communique.objects.get().versions.count() == 2


def test_a_moved_event_of_which_nothing_more_is_known_is_still_itself(look: Callable[..., Outcome], act: Act) -> None:
    look(ics(meeting(title="Fermeture du service")))
    item = published(act)
    look(ics(meeting("DTSTART;TZID=Africa/Algiers:20260210T100000", title="Fermeture du service")))
    assert [(one.kind, one.item) for one in waiting()] == [("change_item", item)]


def test_a_cancelled_event_proposes_its_cancellation(look: Callable[..., Outcome], act: Act) -> None:
    look(ics(meeting()))
    item = published(act)
    look(ics(meeting(AT_TEN, "STATUS:CANCELLED", "SEQUENCE:1")))
    (proposal,) = waiting()
    assert proposal.evidence.get(field="status").quote == "STATUS: CANCELLED"
    assert ProgrammeItem.objects.get().status == "scheduled"
    review.accept(proposal, act)
    item.refresh_from_db()
    assert item.status == "cancelled"


def test_a_dropped_event_is_no_longer_listed_and_not_cancelled(look: Callable[..., Outcome], act: Act) -> None:
    both = ics(meeting(), meeting(uid="n", title="Conseil des ministres"))
    look(both)
    for proposal in waiting():
        review.accept(proposal, act)
    council = ProgrammeItem.objects.get(kind="cabinet_meeting")
    look(ics(meeting()))
    assert unlisted_among([council.pk])
    assert not unlisted_among([ProgrammeItem.objects.get(kind="bilateral_meeting").pk])
    assert (council.status, waiting()) == ("scheduled", [])
    for _again in range(2):  # it may come and go
        look(both)
        assert not unlisted_among([council.pk])
        look(ics(meeting()))
        assert unlisted_among([council.pk])


def test_what_still_waits_is_marked_when_it_is_dropped(look: Callable[..., Outcome]) -> None:
    look(ics(meeting()))
    look(ics())
    assert list(unlisted_to_come(NOW.date())) == waiting()
    look(ics(meeting()))
    assert not unlisted_to_come(NOW.date()).exists()


def test_what_is_past_or_cut_off_is_not_missed(look: Callable[..., Outcome]) -> None:
    whole = ics(meeting(), meeting("DTSTART:20260201T100000Z", uid="n"))
    look(whole)
    look(whole[: whole.index(b"BEGIN:VEVENT")])
    assert not unlisted_to_come(NOW.date()).exists()
    look(ics(meeting()))
    assert not unlisted_to_come(NOW.date()).exists()


def test_an_older_issue_of_an_event_changes_nothing(look: Callable[..., Outcome]) -> None:
    look(ics(meeting("DTSTART;TZID=Africa/Algiers:20260210T100000", "SEQUENCE:2")))
    outcome = look(ics(meeting(AT_TEN, "SEQUENCE:1")))
    assert (outcome.received, outcome.known) == (0, 1)
    assert waiting()[0].draft["date"] == "2026-02-10"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260209", ("2026-02-09", None, None, "day")),
        ("DTSTART:20260209T233000Z", ("2026-02-09", "23:30", "Etc/UTC", "exact")),
        ("DTSTART:20260209T100000", ("2026-02-09", "10:00", None, "exact")),
        ("DTSTART;TZID=Somebody's own:20260209T100000", ("2026-02-09", "10:00", None, "exact")),
    ],
)
def test_no_hour_and_no_clock_is_invented(
    look: Callable[..., Outcome], line: str, expected: tuple[str | None, ...]
) -> None:
    look(ics(meeting(line)))
    draft = waiting()[0].draft
    assert (draft["date"], draft["start_time"], draft["timezone"], draft["precision"]) == expected


def test_what_is_long_past_recurs_or_is_broken_is_not_read_and_named(look: Callable[..., Outcome]) -> None:
    outcome = look(
        ics(
            meeting("DTSTART:20250101T100000Z", uid="past"),
            meeting(AT_TEN, "RRULE:FREQ=SECONDLY", uid="rule", title="Point presse"),
            meeting(uid=""),
            meeting("DTSTART:soon", uid="bad"),
            meeting(),
        )
    )
    assert (outcome.received, len(outcome.refused)) == (2, 2)
    assert outcome.refused[1].startswith("Point presse: ")
    assert {one.identity: one.state for one in Communique.objects.all()} == {"bad": "failed", "m": "read"}
    assert len(waiting()) == 1


@pytest.mark.parametrize("content", [b"", b"<html>", b"BEGIN:VCARD\r\nEND:VCARD"])
def test_what_is_no_calendar_is_said(look: Callable[..., Outcome], content: bytes) -> None:
    with pytest.raises(SourceError, match="no_calendar"):
        look(content)


def test_ten_thousand_events_are_received_in_turns_the_soonest_first(
    source: Source, tools: Tools, served: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [dt.date(2026, 2, 3) + dt.timedelta(days=number % 700) for number in range(10_000)]
    content = ics(*(event(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", uid=str(n)) for n, day in enumerate(days)))
    served.pages[f"{HOST}/agenda.ics"] = (200, {"ETag": '"1"'}, content)
    monkeypatch.setattr(calendar, "_AT_ONCE", 100)
    outcome = calendar.poll(source, {}, now=NOW, tools=tools)
    assert outcome.received == 100
    assert outcome.memory["etag"] == ""  # the rest is asked for again
    assert max(last for _digest, last, _dropped in outcome.memory["seen"].values()) < "2026-02-20"
    assert calendar.poll(source, outcome.memory, now=NOW, tools=tools).received == 100
    assert Communique.objects.count() == 200


def test_an_uploaded_file_is_its_events_and_again_their_new_versions() -> None:
    desk = factories.source()

    def upload(content: bytes) -> None:
        receive(Arrival(original=content, received_at=NOW, filename="agenda.ics"), desk)
        for version in CommuniqueVersion.objects.filter(job__state="waiting").order_by("pk"):
            tasks.read_version(version.pk)
        for version in CommuniqueVersion.objects.filter(job__state="waiting"):
            tasks.read_version(version.pk)

    upload(ics(meeting(), meeting(uid="n", title="Conseil des ministres")))
    assert len(waiting()) == 2
    upload(ics(meeting("DTSTART;TZID=Africa/Algiers:20260211T100000", "SEQUENCE:1")))
    assert {one.draft["date"] for one in waiting()} == {"2026-02-09", "2026-02-11"}
    assert Communique.objects.get(identity="m").versions.count() == 2
    assert {one.state for one in Communique.objects.all()} == {"read"}


def test_a_calendars_address_may_begin_with_webcal(source: Source) -> None:
    source.address = "webcal://ministry.example/agenda.ics"
    source.full_clean()
    source.address = "webcal://ministry.example:8080/agenda.ics"
    with pytest.raises(ValidationError):
        source.full_clean()


@time_machine.travel(NOW, tick=False)
def test_what_is_listed_no_longer_stands_at_the_desk(look: Callable[..., Outcome], desk: Client) -> None:
    look(ics(meeting(title="Fermeture du service")))
    heading = "No longer listed by their source"
    assert heading not in desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    look(ics())
    page = desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "Fermeture du service" in page[page.index(heading) :]


def test_an_invitation_in_a_mail_is_an_event() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Invitation"
    letter.set_content("Vous êtes invités.")
    letter.add_alternative(ics(meeting(), head="METHOD:REQUEST\n").decode(), subtype="calendar")
    document = convert(letter.as_bytes(), filename="mail.eml")
    assert document.text == "Vous êtes invités."
    (invitation,) = document.attachments
    assert convert(invitation.original, media_type=invitation.media_type).attachments[0].identity == "m"


def test_the_api_takes_a_calendar_as_its_text(editor: User) -> None:
    made: Any = ApiToken.objects.create(user=editor)  # knox gives the secret with it
    _token, secret = made
    answer = Client().post(
        "/api/v1/communiques/",
        {"text": ics(meeting()).decode()},
        content_type="application/json",
        headers={"authorization": f"Token {secret}"},
    )
    assert answer.status_code == 202
    for _round in range(2):
        for version in CommuniqueVersion.objects.filter(job__state="waiting"):
            tasks.read_version(version.pk)
    assert [one.draft["start_time"] for one in waiting()] == ["10:00"]
