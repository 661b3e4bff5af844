"""At least once, every repeat the same, for a day; then given up, to be sent again by hand."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from agenda.webhooks import delivering, keeping, signing, tasks
from agenda.webhooks.models import Delivery, DeliveryState, Event, Stopped, Webhook
from agenda.webhooks.outbox import try_out
from diplomacy.accounts.models import User
from diplomacy.fetching import AddressError
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.models import Visit
from diplomacy.visits.visibility import Audience
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO, after

from .conftest import TARGET, HookMaker, Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture
def ours(hook: HookMaker) -> Webhook:
    """A webhook, with one event on its way to it."""
    made = hook()
    factories.visit(BAMAKO)
    return made


def run_until_given_up(receiver: Receiver, now: dt.datetime = NOW) -> list[dt.datetime]:
    """The moments of all attempts."""
    moments = []
    while True:
        receiver.round(now)
        delivery = Delivery.objects.get()
        moments.append(now)
        if delivery.state != DeliveryState.WAITING:
            return moments
        now = delivery.next_try_at


def test_what_arrives_is_signed_and_is_the_event_to_the_byte(ours: Webhook, receiver: Receiver) -> None:
    receiver.round(NOW)
    [(headers, body)] = receiver.got
    event = Event.objects.get()
    assert body.decode() == event.body
    assert headers["webhook-id"] == str(event.pk)
    assert headers["content-type"] == "application/json"
    assert receiver.all_verify(signing.secret_of(ours), NOW)
    assert not receiver.all_verify(signing.secret_of(Webhook()), NOW)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == (DeliveryState.DELIVERED, 200, 1)
    receiver.round(after(1).now)
    assert len(receiver.got) == 1


def test_every_repeat_has_the_same_id_and_body_and_a_timestamp_of_its_own(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 503
    receiver.round(NOW)
    lifecycle.cancel(Visit.objects.get(), after(0.5))  # what happens meanwhile is another event
    receiver.status = 200
    receiver.round(after(1).now)
    first = receiver.got[0]
    [again] = [got for got in receiver.got[1:] if got[0]["webhook-id"] == first[0]["webhook-id"]]
    assert first[1] == again[1]
    assert first[0]["webhook-timestamp"] != again[0]["webhook-timestamp"]
    assert receiver.types.count("visit.announced") == 2
    assert receiver.types.count("visit.cancelled") == 1


def test_tried_for_a_day_with_growing_pauses_then_given_up(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    moments = run_until_given_up(receiver)
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses[:3] == [dt.timedelta(seconds=10), dt.timedelta(seconds=30), dt.timedelta(seconds=90)]
    assert max(pauses) <= dt.timedelta(hours=4)
    assert moments[-1] == NOW + dt.timedelta(hours=24)
    assert len(receiver.got) == len(moments) >= 10
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == (DeliveryState.DEAD, 500)
    ours.refresh_from_db()
    assert (ours.stopped, ours.failing_since) == ("", NOW)


def test_those_that_fail_together_come_back_apart(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    receiver.round(NOW)
    delivery = Delivery.objects.select_related("webhook").get()
    answer = delivering.Answer(status=500)
    pauses = set()
    for number in (0.0, 0.5, 1.0):
        delivering.settle(delivery, answer, now=NOW, jitter=partial(float, number))
        pauses.add(Delivery.objects.get().next_try_at - NOW)
    assert pauses == {dt.timedelta(seconds=8), dt.timedelta(seconds=10), dt.timedelta(seconds=12)}


def test_a_receiver_that_asks_to_be_left_alone_is_for_all_it_is_owed(ours: Webhook, receiver: Receiver) -> None:
    receiver.status, receiver.web.retry_after = 429, "900"
    receiver.round(NOW)
    lifecycle.cancel(Visit.objects.get(), after(0.1))
    receiver.round(NOW + dt.timedelta(seconds=899))
    assert len(receiver.got) == 1
    receiver.status, receiver.web.retry_after = 200, ""
    receiver.round(NOW + dt.timedelta(seconds=900))
    assert sorted(receiver.types[1:]) == ["visit.announced", "visit.cancelled"]
    ours.refresh_from_db()
    assert ours.held_until is None


def test_a_test_is_sent_once_signed_and_says_nothing(ours: Webhook, receiver: Receiver, hook: HookMaker) -> None:
    hook(hears_of_communiques=True)
    Event.objects.all().delete()
    receiver.status = 500
    delivery = try_out(ours, now=NOW)
    for _round in range(2):
        receiver.round(NOW)
    assert receiver.types == ["webhook.test"]
    assert set(receiver.said[0]["data"]) == {"kind", "id", "label"}
    assert receiver.all_verify(signing.secret_of(ours), NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status) == (DeliveryState.DEAD, 500)


def test_what_was_given_up_is_sent_again_by_hand(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    run_until_given_up(receiver)
    receiver.status, later = 200, after(48).now
    assert keeping.replay(ours.deliveries.all(), now=later) == 1
    receiver.round(later)
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {str(Event.objects.get().pk)}
    assert len({body for _headers, body in receiver.got}) == 1
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    ours.refresh_from_db()
    assert ours.failing_since is None


def test_what_was_hidden_since_is_neither_tried_nor_sent_again(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    receiver.round(NOW)
    publication.withdraw(Visit.objects.get(), after(1))
    receiver.got.clear()
    receiver.status = 200
    for hours in (2, 3):
        receiver.round(after(hours).now)
        assert receiver.types == ["visit.withdrawn"]
        announced = Delivery.objects.get(event__type="visit.announced")
        assert (announced.state, announced.trouble, announced.status) == (DeliveryState.DEAD, delivering.HIDDEN, None)
        keeping.replay(ours.deliveries.filter(pk=announced.pk), now=after(hours).now)


def test_an_attempt_asked_for_twice_is_made_once(ours: Webhook, receiver: Receiver) -> None:
    delivering.fan_out(NOW)
    [(pk, attempts)] = delivering.take_due(NOW)
    assert delivering.take_due(NOW) == []
    for _twice in range(2):
        delivering.deliver(pk, attempts, now=NOW, poster=receiver.web.fetcher(), jitter=lambda: 0.5)
    assert len(receiver.got) == 1


def test_what_a_lost_worker_held_is_sent_by_another(ours: Webhook, receiver: Receiver) -> None:
    delivering.fan_out(NOW)
    assert delivering.take_due(NOW)
    receiver.round(NOW + delivering.LEASE)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_redirect_is_not_followed(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 307
    receiver.round(NOW)
    assert [url for url, _headers in receiver.web.asked] == [TARGET]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == (DeliveryState.WAITING, 307)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_a_name_that_leads_inside_is_never_sent_to(ours: Webhook, receiver: Receiver, address: str) -> None:
    receiver.web.names["receiver.example"] = [[address]]
    receiver.round(NOW)
    assert (receiver.got, receiver.web.connected) == ([], [])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.trouble, delivery.status) == (DeliveryState.DEAD, "address", None)


@pytest.mark.parametrize(
    "target",
    ["http://receiver.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/x", "https://localhost/",
     "https://2130706433/", "https://receiver.example:8443/", "https://ada:secret@receiver.example/",
     "file:///etc/passwd", "https://", "nothing"],
)  # fmt: skip
def test_a_target_that_cannot_be_one_is_refused(editor: User, target: str) -> None:
    with pytest.raises(AddressError):
        keeping.make(label="x", target=target, audience=Audience.PUBLIC, feed=None, owner=editor, now=NOW)
    assert not Webhook.objects.exists()


def test_gone_is_gone(ours: Webhook, receiver: Receiver) -> None:
    receiver.status = 410
    receiver.round(NOW)
    ours.refresh_from_db()
    assert (ours.stopped, ours.stopped_at) == (Stopped.GONE, NOW)


def test_after_days_of_failure_it_is_switched_off_and_its_owner_told(
    ours: Webhook, receiver: Receiver, settings: Any
) -> None:
    settings.AGENDA_SMTP = "smtp://mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=ours.owner_id).update(email="ada@example.org", language="en")
    receiver.status = 500
    run_until_given_up(receiver)
    keeping.replay(ours.deliveries.all(), now=after(24 * 4).now)
    lifecycle.cancel(Visit.objects.get(), after(24 * 4 + 23))
    delivering.fan_out(after(24 * 4 + 23).now)
    [first, second] = Delivery.objects.order_by("pk")
    while first.state == DeliveryState.WAITING:
        receiver.round(first.next_try_at)
        first.refresh_from_db()
    ours.refresh_from_db()
    second.refresh_from_db()
    assert (ours.stopped, second.state) == (Stopped.FAILING, DeliveryState.DEAD)
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "wire" in sent.subject
    assert f"/admin/webhooks/{ours.pk}/" in sent.body
    assert TARGET not in sent.body
    tried = len(receiver.got)
    receiver.round(after(24 * 9).now)
    assert len(receiver.got) == tried


def test_nothing_is_sent_for_somebody_who_left(ours: Webhook, receiver: Receiver) -> None:
    delivering.fan_out(NOW)
    User.objects.filter(pk=ours.owner_id).update(is_active=False)
    receiver.round(NOW)
    assert receiver.got == []
    assert Delivery.objects.get().state == DeliveryState.DEAD


def test_secrets_overlap_for_a_day_on_the_wire(ours: Webhook, receiver: Receiver) -> None:
    old = signing.secret_of(ours)
    new = keeping.rotate(ours, now=NOW)
    assert old != new
    receiver.round(NOW)
    assert receiver.all_verify(old, NOW)
    assert receiver.all_verify(new, NOW)
    receiver.got.clear()
    later = NOW + keeping.OVERLAP
    keeping.replay(ours.deliveries.all(), now=later)
    receiver.round(later)
    assert receiver.all_verify(new, later)
    assert not receiver.all_verify(old, later)


def test_neither_secret_nor_target_is_in_the_log(
    ours: Webhook, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    with caplog.at_level(logging.DEBUG, logger="agenda"):
        receiver.round(NOW)
    assert str(ours.pk) in caplog.text
    assert TARGET not in caplog.text
    assert signing.secret_of(ours).removeprefix("whsec_") not in caplog.text


def test_fanning_out_asks_as_much_for_many_as_for_few(
    hook: HookMaker, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        hook()
    factories.visit(BAMAKO)
    with django_assert_num_queries(6):  # with the savepoint
        assert delivering.fan_out(NOW) == 1
    for _number in range(30):
        hook()
    lifecycle.cancel(Visit.objects.get(), after(1))
    with django_assert_num_queries(6):
        assert delivering.fan_out(after(1).now) == 1
    assert Delivery.objects.count() == 36


def test_old_events_are_forgotten_and_those_under_way_are_not(ours: Webhook, receiver: Receiver) -> None:
    delivering.fan_out(NOW)
    delivering.sweep(after(24 * 31).now)
    assert Event.objects.count() == 1
    receiver.round(after(1).now)
    delivering.sweep(after(24 * 29).now)
    assert Event.objects.count() == 1
    delivering.sweep(after(24 * 31).now)
    assert not Event.objects.exists()


def test_the_workers_tasks_send_what_was_published_without_a_word_from_anybody(
    ours: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "fetcher", receiver.web.fetcher)
    monkeypatch.setattr(tasks.deliver, "delay", tasks.deliver)
    assert tasks.dispatch() == 1
    assert receiver.types == ["visit.announced"]
    assert tasks.dispatch() == 0
    Event.objects.update(dispatched_at=NOW)  # of 2023
    tasks.sweep_events()
    assert not Event.objects.exists()


def test_a_target_that_answers_byte_by_byte_is_one_that_failed(
    ours: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def post(self, url: str, content: bytes, headers: object) -> int:
            raise SoftTimeLimitExceeded

    monkeypatch.setattr(tasks, "fetcher", Slow)
    monkeypatch.setattr(tasks.deliver, "delay", tasks.deliver)
    assert tasks.dispatch() == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.trouble, delivery.attempts) == (DeliveryState.WAITING, "time", 1)


def test_word_goes_to_a_worker_when_the_change_is_through_and_not_before(
    hook: HookMaker, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hook()
    asked: list[str] = []
    monkeypatch.setattr(tasks.dispatch, "delay", lambda: asked.append("now"))
    with django_capture_on_commit_callbacks(execute=True):
        factories.visit(BAMAKO)
        assert asked == []
    assert asked


def test_a_broker_that_is_away_undoes_and_breaks_nothing(
    hook: HookMaker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hook()

    def away() -> None:
        raise OSError("broker")

    monkeypatch.setattr(tasks.dispatch, "delay", away)
    monkeypatch.setattr(transaction, "on_commit", _at_once)
    factories.visit(BAMAKO)
    assert [event.type for event in Event.objects.all()] == ["visit.announced"]
    assert "_send_word" in caplog.text


def _at_once(func: Any, using: str | None = None, robust: bool = False) -> None:
    """What Django does with a callback of a transaction that is through."""
    connection = transaction.get_connection()
    waiting, connection.run_on_commit = connection.run_on_commit, [(set(), func, robust)]
    is_inside, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        connection.run_and_clear_commit_hooks()
    finally:
        connection.in_atomic_block, connection.run_on_commit = is_inside, waiting
