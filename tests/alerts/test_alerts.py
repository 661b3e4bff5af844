"""Who follows is told what changed, by mail, once each, and nobody else is; it ends in one click."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import feedparser
import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from agenda.alerts import asking, following, gathering, mailing, tasks
from agenda.alerts.following import Wish
from agenda.alerts.models import Alert, AlertMail, Follow, MailState
from agenda.feeds.models import Feed
from diplomacy.accounts.models import User
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.facts import Release
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import Visibility
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO, TIMED, after
from tests.feeds.reading import events

from .sink import sink

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
AT_ONCE = Wish("en", "at_once", 7, 0, "UTC")
ADDRESS = "reader@example.org"
FOLLOWED = after(0.5).now


@pytest.fixture(autouse=True)
def _mail_goes_out(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.AGENDA_SMTP = "smtp://mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(tasks.send_question, "delay", tasks.send_question)


@pytest.fixture
def diary(settings: Any) -> Visit:
    """A visit with one item, told before anybody follows."""
    return factories.visit(BAMAKO, TIMED)


def feed(slug: str = "country-ml") -> Feed:
    return Feed.objects.get(slug=slug, language="en")


def reader(slug: str = "country-ml", wish: Wish = AT_ONCE, email: str = ADDRESS) -> Follow:
    """Somebody without an account who confirmed."""
    row = Follow(feed=feed(slug), email=email, asked_at=NOW, confirmed_at=FOLLOWED)
    return following.keep(row, wish)


def round_at(hours: float) -> list[EmailMessage]:
    """What a worker does at a moment; the mails that went out."""
    now, before = after(hours).now, len(mail.outbox)
    while gathering.gather(now):
        pass
    gathering.bundle(now)
    for mail_id, attempts in gathering.take_due(now):
        mailing.send(mail_id, attempts, now=now, jitter=lambda: 0.5)
    return list(mail.outbox[before:])


def move(visit: Visit, hours: float, start: dt.time = dt.time(17)) -> None:
    facts = replace(TIMED, start_time=start, end_time=dt.time(start.hour + 1))
    programme.amend_item(visit.items.get(), facts, after(hours))


def attached(message: EmailMessage) -> bytes:
    [part] = [part for part in message.message().walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_a_moved_hour_is_mailed_with_old_and_new_an_ics_and_one_click_to_end_it(diary: Visit) -> None:
    row = reader()
    reader("all", replace(AT_ONCE, language="fr"), "autre@example.org")
    reader("country-ru", email="third@example.org")
    round_at(0)
    assert mail.outbox == []  # what was told before they followed is not theirs
    move(diary, 1)
    sent = {message.to[0]: message for message in round_at(1)}
    assert sorted(sent) == ["autre@example.org", ADDRESS, "third@example.org"]  # the visitor is Russian
    message = sent[ADDRESS]
    assert "Moved" in message.subject
    assert "Hour: 15:00–16:00 (Bamako, UTC+0) → 17:00–18:00 (Bamako, UTC+0)" in message.body
    assert "Where" not in message.body  # what did not change is not repeated
    assert "Heure : 15:00–16:00" in sent["autre@example.org"].body
    assert "Déplacé" in sent["autre@example.org"].subject
    [event] = events(attached(message)).values()
    assert "T170000" in event["DTSTART"]
    headers = message.message()
    assert headers["Message-ID"] == f"<{row.mails.get().pk}@diary.test>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    off = re.fullmatch(r"<http://diary\.test(/\S+/off/)>", headers["List-Unsubscribe"])
    assert off
    assert following.token_of(row) in off[1]
    assert following.token_of(row) not in str(Follow.objects.values_list())  # kept as a digest alone
    assert round_at(2) == []
    for _twice in range(2):
        answer = Client(enforce_csrf_checks=True).post(off[1], {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.cookies) == (200, {})
    move(diary, 3, dt.time(18))
    assert [message.to for message in round_at(3)] == [["autre@example.org"], ["third@example.org"]]


def test_one_act_is_one_mail_and_what_goes_to_and_fro_in_a_digest_is_told_from_first_to_last(diary: Visit) -> None:
    reader()
    reader("all", Wish("en", "daily", 7, 0, "Europe/Paris"), "daily@example.org")
    lifecycle.postpone(diary, after(1), start_on=dt.date(2023, 3, 7), end_on=dt.date(2023, 3, 8))
    [at_once] = round_at(1)
    assert at_once.subject.startswith("2 changes")
    assert "Dates: 7–8 Feb 2023 → 7–8 Mar 2023" in at_once.body
    factories.visit(BAMAKO, now=after(2).now)
    move(diary, 3)
    move(diary, 4, dt.time(15))
    round_at(5)
    assert [message for message in round_at(20) if message.to == ["daily@example.org"]] == []
    [digest] = round_at(21)  # 6:00 UTC is 7:00 in Paris
    assert digest.to == ["daily@example.org"]
    assert digest.subject.startswith("3 changes")
    assert "Announced: " in digest.body
    assert "17:00" not in digest.body
    assert round_at(45) == []


def test_what_may_not_be_read_by_the_time_of_sending_is_not_sent(diary: Visit) -> None:
    reader(wish=Wish("en", "daily", 7, 0, "UTC"))
    secret = factories.visit(BAMAKO, now=after(1).now)
    lifecycle.amend(secret, replace(BAMAKO, cities=("Gao",)), after(2))
    round_at(2)
    publication.withdraw(secret, after(3))
    round_at(4)
    assert round_at(22) == []  # nobody knew of it
    assert AlertMail.objects.get().state == MailState.EMPTY
    publication.withdraw(diary, after(23))
    round_at(24)
    [digest] = round_at(46)
    assert digest.body.count("taken back") == 2  # the visit and its item
    assert "Bamako" not in digest.body
    assert digest.attachments == []


def test_a_user_is_told_what_is_for_subscribers_and_an_address_is_not(diary: Visit, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(email="ada@example.org")
    editor.refresh_from_db()
    following.follow(editor, feed(), AT_ONCE, now=FOLLOWED)
    following.follow(editor, feed(), replace(AT_ONCE, rhythm="weekly"), now=FOLLOWED)
    following.follow(editor, feed(), AT_ONCE, now=FOLLOWED)  # once, as it was said last
    reader()
    factories.visit(BAMAKO, release=Release(visibility=Visibility.SUBSCRIBERS), now=after(1).now)
    [message] = round_at(1)
    assert message.to == ["ada@example.org"]
    assert len(events(attached(message))) == 1
    User.objects.filter(pk=editor.pk).update(is_active=False)
    factories.visit(BAMAKO, release=Release(visibility=Visibility.SUBSCRIBERS), now=after(2).now)
    assert round_at(2) == []


def test_a_mail_that_the_server_does_not_take_is_sent_again_with_its_message_id(
    diary: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader()
    move(diary, 1)
    tried: list[str] = []

    def fail(error: Exception) -> Callable[[EmailMessage], int]:
        def send(message: EmailMessage, *_args: object) -> int:
            tried.append(str(message.message()["Message-ID"]))
            raise error

        return send

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail(OSError("away")))
        round_at(1)
        assert AlertMail.objects.get().state == MailState.WAITING
        assert round_at(1) == []  # not at once
    [message] = round_at(1.1)
    assert tried == [message.message()["Message-ID"]]
    assert AlertMail.objects.get().state == MailState.SENT
    # A worker that died after the server took it: sent again, the same.
    AlertMail.objects.update(state=MailState.WAITING, attempts=0, next_try_at=NOW)
    [again] = round_at(1.2)
    assert again.message()["Message-ID"] == message.message()["Message-ID"]
    with monkeypatch.context() as broken:
        refusal = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"unknown")})
        broken.setattr(EmailMessage, "send", fail(refusal))
        move(diary, 2, dt.time(18))
        round_at(2)
    assert sorted(AlertMail.objects.values_list("state", flat=True)) == [MailState.DEAD, MailState.SENT]


def test_an_address_is_asked_before_it_is_told_anything(
    diary: Visit, client: Client, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    given = {"email": ADDRESS, "rhythm": "weekly", "hour": "8", "weekday": "2", "zone": "Africa/Bamako"}
    page = "/en/alerts/?feed=country-ml"
    assert "Mali" in client.get(page).content.decode()
    answers = []
    with time_machine.travel(NOW, tick=False), django_capture_on_commit_callbacks(execute=True):
        answers += [client.post(page, given), client.post(page, given)]
    [question] = mail.outbox
    assert answers[0].content == answers[1].content  # nothing tells who is known
    assert "Set-Cookie" not in answers[0].headers
    row = Follow.objects.get()
    assert (row.rhythm, row.hour, row.weekday, row.zone, row.language) == ("weekly", 8, 2, "Africa/Bamako", "en")
    found = re.search(r"http://diary\.test(/en/alerts/\S+/)", str(question.body))
    assert found
    assert "confirm" in client.get(found[1]).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is None  # looking is not confirming
    confirmed = client.post(found[1], {"act": "confirm"})
    assert "Once a week: Wednesday, 8:00 (Africa/Bamako)" in confirmed.content.decode()
    assert confirmed["Cache-Control"] == "no-store"
    row.refresh_from_db()
    assert row.confirmed_at is not None
    ended = client.post(found[1], {"act": "end"})
    assert "nothing more" in ended.content.decode()
    assert client.get(found[1]).status_code == 404
    for wrong in ({"email": "x"}, {"zone": "Mars/Base"}, {"hour": "24"}):
        assert client.post(page, given | wrong).status_code == 400
    for nothing in ("nothing", "%00", "%EF%BF%BD"):
        assert client.get(f"/en/alerts/?feed={nothing}").status_code == 404
    settings.AGENDA_SMTP = ""
    assert client.get(page).status_code == 404
    assert "By mail" not in client.get("/en/feeds/").content.decode()


def test_nobody_is_flooded_with_questions_and_unconfirmed_addresses_are_forgotten(
    diary: Visit, django_capture_on_commit_callbacks: Any
) -> None:
    def ask(slug: str, hours: float, email: str = ADDRESS) -> int:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            asking.ask(email, feed(slug), AT_ONCE, now=after(hours).now)
        return len(mail.outbox) - before

    assert [ask("all", 0), ask("all", 0.5), ask("all", 2, ADDRESS.upper()), ask("all", 4)] == [1, 0, 1, 0]
    assert [ask(slug, 5) for slug in ("country-ml", "country-ru", "kind-press-conference")] == [0, 0, 0]
    assert ask("all", 5, "other@example.org") == 1
    move(diary, 6)
    assert round_at(6) == []
    assert not Alert.objects.exists()
    following.forget(after(24 * 7 - 1).now)
    assert Follow.objects.filter(email=ADDRESS, asked_at=after(0).now).exists()
    following.forget(after(24 * 7 + 1).now)  # asking again kept nothing alive
    assert not Follow.objects.filter(email=ADDRESS, feed=feed("all")).exists()
    following.forget(after(24 * 8).now)
    row = reader()
    assert [ask("country-ml", hours) for hours in (200, 300, 400, 500)] == [1, 1, 0, 0]
    assert "follow this already" in mail.outbox[-1].subject
    row.refresh_from_db()
    assert row.asked_at == NOW


def test_asked_twice_at_once_or_too_often_from_somewhere_the_answer_is_the_same(
    diary: Visit, client: Client, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:  # fmt: skip
    settings.AGENDA_RATE_ALERTS = 2
    cache.clear()
    page, given = "/en/alerts/?feed=country-ml", {"rhythm": "at_once", "hour": "8", "weekday": "2", "zone": "UTC"}

    def asked(email: str) -> bytes:
        answer = client.post(page, given | {"email": email})
        assert answer.status_code == 200
        return answer.content

    def rivalled(row: Follow, wish: Wish) -> Follow:
        following.keep(Follow(email=row.email, feed=row.feed, asked_at=NOW), wish)
        return following.keep(row, wish)

    with time_machine.travel(NOW, tick=False), django_capture_on_commit_callbacks(execute=True):
        with monkeypatch.context() as at_once:
            at_once.setattr(asking, "keep", rivalled)
            answers = {asked("first@example.org")}
        answers |= {asked(f"{name}@example.org") for name in ("second", "third")}
        assert mail.outbox == []  # not in the request
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["second@example.org"]]
    assert not Follow.objects.filter(email="third@example.org").exists()
    row = Follow.objects.get(email="second@example.org")
    tasks.send_question(str(row.pk), 0)  # a worker that is told twice
    Follow.objects.filter(pk=row.pk).update(questions=0)
    other = following.keep(Follow(email=row.email, feed=feed("all"), asked_at=NOW, questions=2), AT_ONCE)
    tasks.send_question(str(row.pk), 0)  # asked for at the same time as what was mailed twice since
    following.end(other, now=NOW)
    tasks.send_question(str(other.pk), 2)
    assert len(mail.outbox) == 1


def test_what_a_mail_server_is_handed_is_a_whole_mail(diary: Visit, settings: Any) -> None:
    row = reader(wish=replace(AT_ONCE, language="fr"))
    move(diary, 1)
    with sink() as (port, got):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        round_at(1)
        message = got.get(timeout=10)
    assert message["To"] == ADDRESS
    assert message["Subject"].strip().startswith("Déplacé : ")
    assert message["Message-ID"].strip() == f"<{row.mails.get().pk}@diary.test>"
    assert message["List-Unsubscribe"].strip() == f"<http://diary.test/alerts/{following.token_of(row)}/off/>"
    text = message.get_body(("plain",))
    assert text is not None
    assert "Heure : 15:00–16:00" in text.get_content()
    [calendar] = list(message.iter_attachments())
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "agenda.ics")
    assert "T170000" in calendar.get_content()
    assert row.mails.get().state == MailState.SENT


def test_the_feed_of_changes_says_old_and_new_and_is_asked_for_again_only_if_it_changed(
    diary: Visit, client: Client
) -> None:
    address = "/feeds/en/country-ml.atom"
    move(diary, 1)
    with time_machine.travel(after(2).now, tick=False):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        assert "public" in answer["Cache-Control"]
        feed_of_changes = feedparser.parse(answer.content)
        assert not feed_of_changes.bozo
        newest = feed_of_changes.entries[0]
        assert newest.title.startswith("Moved: ")
        assert "Hour: 15:00–16:00 (Bamako, UTC+0) → 17:00–18:00 (Bamako, UTC+0)" in newest.summary
        assert newest.link == f"http://diary.test/en/items/{diary.items.get().pk}/"
        assert len({entry.id for entry in feed_of_changes.entries}) == 3
        assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
        assert b"Afrique" not in client.get("/feeds/fr/country-ru.atom").content
        assert client.get("/feeds/en/nothing.atom").status_code == 404
    publication.withdraw(diary, after(3))
    with time_machine.travel(after(4).now, tick=False):
        later = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert later.status_code == 200
    assert feedparser.parse(later.content).entries == []  # what was taken back is not told on


def test_the_tasks_send_what_is_due(diary: Visit, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    row = reader()
    move(diary, 1)
    monkeypatch.setattr(tasks.send_alert, "delay", tasks.send_alert)
    settings.AGENDA_SMTP = ""
    assert tasks.dispatch_alerts() == 0
    settings.AGENDA_SMTP = "smtp://mail.example"
    assert tasks.dispatch_alerts() == 0  # what happened meanwhile is not made up for
    move(diary, 2, dt.time(18))
    assert tasks.dispatch_alerts() == 1
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    following.end(row, now=NOW)
    AlertMail.objects.update(made_at=NOW)
    tasks.sweep_alerts()
    assert not Follow.objects.exists()
    assert not AlertMail.objects.exists()
