"""Coverage at the desk: planned at an item, listed by day on the host's clock, told once, never for readers."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from agenda.coverage import mailing, tasks, watching
from agenda.coverage.models import Coverage, Notice
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, ItemPatch, When
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, Precision
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
NOW = factories.NOW
LEAD = dt.timedelta(hours=48)
DEADLINE = NOW + dt.timedelta(hours=9)
LATER = Act(now=NOW + dt.timedelta(minutes=5))
TALKS = ItemFacts(kind=ItemKind.BILATERAL_MEETING)
SENT = {
    "text": "planned", "photo": "on_merit", "video": "no", "accreditation": "By fax, zyx-canary.",
    "contact": "Mme Canarix", "until": "2023-02-07T18:00", "zone": "Africa/Bamako",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit() -> Visit:
    return factories.visit(factories.VISIT, TALKS, factories.PRESS)


@pytest.fixture
def press(visit: Visit) -> ProgrammeItem:
    return visit.items.get(kind=ItemKind.PRESS_CONFERENCE)


@pytest.fixture
def reporter() -> User:
    found = factories.user(DeskRole.CONTRIBUTOR)
    found.email, found.language = "reporter@desk.test", "en"
    found.save()
    return found


def plan(desk: Client, item: ProgrammeItem, who: User | None, **changes: str) -> Any:
    """Fill in the page of an item as it stands and send it; the page that follows."""
    address = f"/admin/items/{item.pk}/coverage/"
    version = desk.get(address).context["versions"]
    sent = {**SENT, "assignee": who.pk if who else "", "version": version, **changes}
    return desk.post(address, sent, headers=ENGLISH, follow=True)


def told(user: User) -> list[str]:
    """What a user's own page of coverage tells them."""
    client = Client()
    client.force_login(user)
    page = client.get("/admin/coverage/", headers=ENGLISH).content.decode()
    return [part.split("</section>")[0] for part in page.split('id="told"')[1:]]


def test_coverage_is_planned_on_the_page_of_an_item(desk: Client, press: ProgrammeItem, reporter: User) -> None:
    assert "Kept." in plan(desk, press, reporter).content.decode()
    kept = Coverage.objects.get()
    assert (kept.text, kept.photo, kept.video, kept.assignee) == ("planned", "on_merit", "no", reporter)
    assert (kept.accreditation, kept.contact) == ("By fax, zyx-canary.", "Mme Canarix")
    press.refresh_from_db()
    assert press.accreditation_until == DEADLINE
    shown = desk.get(f"/admin/visits/{press.visits.get().pk}/", headers=ENGLISH).content.decode()
    assert f"Coverage: text: planned, photo: on merit · {reporter}" in shown


def test_a_deadline_without_a_zone_is_asked_for_and_taken_back_when_emptied(desk: Client, press: ProgrammeItem) -> None:
    assert "Say in which time zone" in plan(desk, press, None, zone="").content.decode()
    assert not Coverage.objects.exists()
    plan(desk, press, None)
    plan(desk, press, None, until="")
    press.refresh_from_db()
    assert press.accreditation_until is None


def test_a_stale_form_overwrites_nothing(desk: Client, press: ProgrammeItem, reporter: User) -> None:
    plan(desk, press, reporter)
    stale = f"{press.version}.1"
    assert "changed meanwhile" in plan(desk, press, None, text="no", version=stale).content.decode()
    assert Coverage.objects.get().text == "planned"


def test_my_coverage_stands_by_day_with_the_hosts_hour_and_zone(desk: Client, visit: Visit, reporter: User) -> None:
    for item in visit.items.all():
        plan(desk, item, reporter, until="")
    client = Client()
    client.force_login(reporter)
    page = client.get("/admin/coverage/", headers=ENGLISH).content.decode()
    assert page.index("Wednesday, 8 February 2023") < page.index("15:00") < page.index("Day not known")
    assert "Bamako, UTC+0" in page
    assert "text: planned, photo: on merit" in page
    assert "Nothing is covered" in desk.get("/admin/coverage/", headers=ENGLISH).content.decode()
    assert "15:00" in desk.get("/admin/coverage/?whose=all", headers=ENGLISH).content.decode()
    assert "Nothing is covered" in desk.get("/admin/coverage/?whose=nobody", headers=ENGLISH).content.decode()


def test_what_is_over_and_what_nothing_is_made_of_are_left_out(desk: Client, editor: User, visit: Visit) -> None:
    talks, press = visit.items.order_by("kind")
    plan(desk, talks, editor, text="no", photo="no")
    plan(desk, press, editor)
    assert desk.get("/admin/coverage/").content.decode().count("<li class=") == 1
    with time_machine.travel(NOW + dt.timedelta(days=4)):
        assert desk.get("/admin/coverage/").content.decode().count("<li class=") == 0


def test_the_list_costs_the_same_whatever_its_length(
    desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(8):
        made = factories.visit(factories.VISIT, factories.PRESS)
        plan(desk, made.items.get(), editor)
        programme.change_item(made.items.get(), ItemPatch(venue="Palace"), LATER)
    watching.look(LATER.now, LEAD)
    with django_assert_max_num_queries(18):
        assert desk.get("/admin/coverage/").content.decode().count("<li class=") == 8


def test_a_reminder_comes_once_before_the_deadline_and_anew_for_another_one(
    desk: Client, press: ProgrammeItem, reporter: User
) -> None:
    plan(desk, press, reporter)
    assert watching.look(DEADLINE - LEAD - dt.timedelta(minutes=1), LEAD) == 0
    assert watching.look(NOW, LEAD) == 1
    assert watching.look(NOW, LEAD) == 0
    assert "Accreditation until 7 Feb 2023, 18:00 (Bamako, UTC+0): " in told(reporter)[0]
    press.refresh_from_db()
    programme.set_accreditation(press, DEADLINE + dt.timedelta(hours=1), LATER)
    assert watching.look(LATER.now, LEAD) == 2  # the deadline moved, and a reminder of the new one
    assert watching.look(LATER.now, LEAD) == 0
    assert watching.look(DEADLINE + dt.timedelta(days=1), LEAD) == 0


@pytest.mark.parametrize("without", ["assignee", "coverage", "item"])
def test_nobody_is_reminded_where_nobody_goes(desk: Client, press: ProgrammeItem, reporter: User, without: str) -> None:
    nothing = {"text": "no", "photo": "no"} if without == "coverage" else {}
    plan(desk, press, None if without == "assignee" else reporter, **nothing)
    if without == "item":
        press.refresh_from_db()
        programme.cancel_item(press, Act(now=NOW))
    watching.look(NOW, LEAD)
    assert not Notice.objects.filter(kind="reminder").exists()


def _move(item: ProgrammeItem) -> None:
    when = When(precision=Precision.EXACT, day=dt.date(2023, 2, 7), start_time=dt.time(11, 30))
    programme.change_item(item, ItemPatch(when=when), LATER)


def _cancel_the_visit(item: ProgrammeItem) -> None:
    lifecycle.cancel(item.visits.get(), LATER)


def _elsewhere(item: ProgrammeItem) -> None:
    programme.change_item(item, ItemPatch(venue="Palais de Koulouba"), LATER)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (_move, ["Day: 8 Feb 2023 → 7 Feb 2023", "From: 15:00 → 11:30"]),
        (_cancel_the_visit, ["Status: scheduled → cancelled"]),
        (_elsewhere, ["Venue: — → Palais de Koulouba"]),
    ],
)
def test_whoever_goes_hears_what_changed(
    desk: Client, press: ProgrammeItem, reporter: User, act: Any, said: list[str]
) -> None:
    plan(desk, press, reporter, until="")
    assert watching.look(NOW, LEAD) == 0
    press.refresh_from_db()
    act(press)
    assert (watching.look(LATER.now, LEAD), watching.look(LATER.now, LEAD)) == (1, 0)
    for line in said:
        assert line in told(reporter)[0]


def test_an_item_without_a_day_moves_with_its_visit(desk: Client, visit: Visit, reporter: User) -> None:
    plan(desk, visit.items.get(kind=ItemKind.BILATERAL_MEETING), reporter, until="")
    visit.refresh_from_db()
    lifecycle.postpone(visit, LATER, start_on=dt.date(2023, 3, 1), end_on=dt.date(2023, 3, 2))
    assert watching.look(LATER.now, LEAD) == 1
    assert "7–8 Feb 2023 → 1–2 Mar 2023" in told(reporter)[0]


def test_a_look_that_finds_nothing_costs_the_same_whatever_is_covered(
    editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(6):
        made = factories.visit(factories.VISIT, TALKS, factories.PRESS)
        for item in made.items.all():
            watching.save(Coverage(item=item, text="planned", assignee=editor))
    with django_assert_max_num_queries(3):
        assert watching.look(NOW, LEAD) == 0


def test_a_draft_that_moves_is_told_too(desk: Client, reporter: User) -> None:
    item = factories.item(published=False)
    plan(desk, item, reporter, until="")
    _move(ProgrammeItem.objects.get())
    assert watching.look(LATER.now, LEAD) == 1


def test_what_moves_nobody_is_not_told(desk: Client, press: ProgrammeItem, reporter: User) -> None:
    plan(desk, press, reporter, until="")
    press.refresh_from_db()
    programme.amend_item(press, factories.PRESS, LATER)
    assert (watching.look(LATER.now, LEAD), told(reporter)) == (0, [])


def test_what_was_read_is_not_shown_again(desk: Client, press: ProgrammeItem, reporter: User) -> None:
    plan(desk, press, reporter)
    watching.look(NOW, LEAD)
    client = Client()
    client.force_login(reporter)
    assert "1 word on your coverage" in client.get("/admin/", headers=ENGLISH).content.decode()
    client.post("/admin/coverage/read/", {"last": Notice.objects.get().pk})
    assert told(reporter) == []
    assert "word on your coverage" not in client.get("/admin/", headers=ENGLISH).content.decode()


def test_each_word_is_mailed_once_in_the_recipients_language(
    desk: Client, press: ProgrammeItem, reporter: User, settings: Any
) -> None:
    plan(desk, press, reporter)
    tasks.notify()
    assert mail.outbox == []  # no server is named
    settings.AGENDA_SMTP = "smtp://mail.test"
    tasks.notify()
    tasks.notify()
    (sent,) = mail.outbox
    assert sent.to == ["reporter@desk.test"]
    assert sent.subject.startswith("Accreditation until 7 Feb 2023, 18:00 (Bamako, UTC+0): Press conference")
    assert "By fax, zyx-canary." in sent.body
    assert f"http://diary.test/admin/items/{press.pk}/coverage/" in sent.body


def test_who_has_left_the_desk_gets_no_mail(desk: Client, press: ProgrammeItem, reporter: User, settings: Any) -> None:
    settings.AGENDA_SMTP = "smtp://mail.test"
    plan(desk, press, reporter)
    reporter.assign_role(DeskRole.READER)
    reporter.save()
    tasks.notify()
    assert mail.outbox == []


def test_a_mail_that_the_server_refuses_is_tried_again_but_not_for_ever(
    desk: Client, press: ProgrammeItem, reporter: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AGENDA_SMTP = "smtp://mail.test"
    plan(desk, press, reporter)
    tried = []

    def refuse(*_args: object) -> None:
        tried.append(1)
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(mailing, "send_mail", refuse)
    for _time in range(mailing.MOST_ATTEMPTS + 2):
        tasks.notify()
    assert len(tried) == mailing.MOST_ATTEMPTS
    assert Notice.objects.get().mailed_at is None


def test_a_contributor_sees_coverage_and_changes_none(press: ProgrammeItem, reporter: User) -> None:
    client = Client()
    client.force_login(reporter)
    page = client.get(f"/admin/items/{press.pk}/coverage/", headers=ENGLISH)
    assert "<button" not in page.content.decode().split('id="content"')[1]
    assert client.post(f"/admin/items/{press.pk}/coverage/", SENT).status_code == 403
