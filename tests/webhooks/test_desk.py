"""Webhooks at the desk: made, looked at, rotated, switched off and on, sent again."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agenda.feeds.models import Feed
from agenda.webhooks import signing
from agenda.webhooks.models import Delivery, DeliveryState, Stopped, Webhook
from diplomacy.accounts.roles import DeskRole
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO, TIMED, after

from .conftest import TARGET, HookMaker, Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

LIST = "/admin/webhooks/"
GIVEN = {"label": "planning", "target": "https://receiver.example/hook?key=7", "feed": "", "audience": "public"}
ENGLISH = {"accept-language": "en"}


def secret_in(page: str) -> str:
    found = re.search(r'id="secret" readonly value="([^"]+)"', page)
    assert found
    return found[1]


def test_one_is_made_and_its_secret_shown_once(desk: Client) -> None:
    factories.visit(BAMAKO, TIMED)
    feed = Feed.objects.get(slug="country-ml", language="fr")
    with time_machine.travel(NOW, tick=False):
        page = desk.post(LIST, GIVEN | {"feed": feed.pk, "audience": "subscribers"}).content.decode()
    hook = Webhook.objects.get()
    assert (hook.label, hook.target, hook.audience, hook.feed, hook.made_at) == (
        "planning", GIVEN["target"], "subscribers", feed, NOW,
    )  # fmt: skip
    assert hook.owner.username == "ada"
    assert secret_in(page) == signing.secret_of(hook)
    for path in (LIST, f"{LIST}{hook.pk}/"):
        shown = desk.get(path, headers=ENGLISH).content.decode()
        assert "planning" in shown
        assert "Mali" in shown
        assert "whsec_" not in shown


@pytest.mark.parametrize("target", ["http://receiver.example/", "https://127.0.0.1/", "https://ada:x@receiver.example"])
def test_a_target_that_cannot_be_one_is_said_at_its_field(desk: Client, target: str) -> None:
    form = desk.post(LIST, GIVEN | {"target": target}, headers=ENGLISH).context["form"]
    assert "cannot be a target" in form.errors["target"][0]
    assert not Webhook.objects.exists()


def test_a_calendar_is_offered_once_whatever_its_languages(desk: Client) -> None:
    factories.visit(BAMAKO, TIMED)
    page = desk.get(LIST, headers=ENGLISH).content.decode()
    assert page.count(">Mali</option>") == 1
    assert page.count(">everything</option>") == 1


def test_the_log_says_how_it_went_and_what_was_given_up_is_sent_again(
    desk: Client, hook: HookMaker, receiver: Receiver
) -> None:
    made = hook()
    factories.visit(BAMAKO, TIMED)
    receiver.status = 500
    receiver.round(NOW)
    page = f"{LIST}{made.pk}/"
    shown = desk.get(page, headers=ENGLISH).content.decode()
    assert "visit.announced" in shown
    assert "last answer: 500" in shown
    assert "Send again" not in shown
    Delivery.objects.update(state=DeliveryState.DEAD)
    Delivery.objects.filter(event__type="visit.announced").update(trouble="hidden", status=None)
    shown = desk.get(page, headers=ENGLISH).content.decode()
    assert "Send again what was given up: 2" in shown
    assert "may not be read any more" in shown
    receiver.status = 200
    one = Delivery.objects.first()
    assert one is not None
    with time_machine.travel(after(30).now, tick=False):
        desk.post(f"{page}replay/", {"delivery": one.pk})
    assert Delivery.objects.filter(state=DeliveryState.WAITING).count() == 1
    with time_machine.travel(after(30).now, tick=False):
        desk.post(f"{page}replay/")
    receiver.round(after(30).now)
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 2


def test_rotated_both_secrets_sign_for_a_day(desk: Client, hook: HookMaker) -> None:
    made = hook()
    old = signing.secret_of(made)
    with time_machine.travel(NOW, tick=False):
        answer = desk.post(f"{LIST}{made.pk}/rotate/", headers=ENGLISH)
    made.refresh_from_db()
    assert secret_in(answer.content.decode()) == signing.secret_of(made) != old
    assert signing.secrets_at(made, after(23).now) == [signing.secret_of(made), old]
    assert signing.secrets_at(made, after(24).now) == [signing.secret_of(made)]
    assert "signs as well until" in answer.content.decode()


def test_switched_off_it_hears_nothing_and_on_what_follows(desk: Client, hook: HookMaker, receiver: Receiver) -> None:
    made = hook()
    factories.visit(BAMAKO)
    desk.post(f"{LIST}{made.pk}/off/")
    receiver.round(NOW)
    assert receiver.got == []
    desk.post(f"{LIST}{made.pk}/on/")
    factories.visit(BAMAKO, now=after(1).now)
    receiver.round(after(1).now)
    assert receiver.types == ["visit.announced"]


def test_the_first_page_says_what_was_switched_off_until_somebody_decides(desk: Client, hook: HookMaker) -> None:
    made = hook(stopped=Stopped.FAILING, stopped_at=NOW)
    assert f"{LIST}{made.pk}/" in desk.get("/admin/").content.decode()
    desk.post(f"{LIST}{made.pk}/off/")
    made.refresh_from_db()
    assert made.stopped == Stopped.BY_HAND
    assert f"{LIST}{made.pk}/" not in desk.get("/admin/").content.decode()
    refused = desk.post(f"{LIST}{made.pk}/replay/", follow=True, headers=ENGLISH).content.decode()
    assert "Switch it on first" in refused


def test_a_test_is_sent_by_a_button_and_stands_in_the_log(desk: Client, hook: HookMaker, receiver: Receiver) -> None:
    made = hook(held_until=NOW, hears_of_communiques=True)
    page = desk.post(f"{LIST}{made.pk}/test/", follow=True, headers=ENGLISH).content.decode()
    assert "A test is on its way" in page
    assert "webhook.test" in page
    receiver.round(Delivery.objects.get().next_try_at)
    assert receiver.types == ["webhook.test"]
    desk.post(f"{LIST}{made.pk}/off/")
    refused = desk.post(f"{LIST}{made.pk}/test/", follow=True, headers=ENGLISH).content.decode()
    assert "Switch it on first" in refused
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("role", [DeskRole.CONTRIBUTOR, DeskRole.READER])
def test_who_may_not_have_one_is_refused(client: Client, hook: HookMaker, role: DeskRole) -> None:
    made = hook()
    client.force_login(factories.user(role))
    refused = {403} if role is DeskRole.CONTRIBUTOR else {302}
    assert {client.get(path).status_code for path in (LIST, f"{LIST}{made.pk}/")} == refused
    assert {
        client.post(f"{LIST}{made.pk}/{act}/").status_code for act in ("rotate", "off", "on", "replay", "test")
    } == refused
    assert client.post(LIST, GIVEN).status_code in refused
    assert Webhook.objects.get().generation == 1
    assert TARGET not in client.get("/admin/").content.decode()


def test_the_list_asks_as_much_for_many_as_for_few(
    desk: Client, hook: HookMaker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    factories.visit(BAMAKO, TIMED)
    for feed in Feed.objects.filter(language="fr"):
        hook(feed=feed)
    desk.get(LIST)
    with django_assert_max_num_queries(12):
        desk.get(LIST)
