"""What readers are told is an event, in the same transaction; what they are not told is none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from agenda.entries.telling import tell_due
from agenda.feeds.models import Feed
from agenda.webhooks.models import Event, Stopped, Webhook
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.facts import Release
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import PressAccess, Visibility, VisitStatus
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO, LAVROV, TIMED, after

from .conftest import HookMaker, Receiver, bodies, types

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def told_after(hours: float) -> list[str]:
    """The types told at that moment."""
    return list(Event.objects.filter(acted_at=after(hours).now).order_by("position").values_list("type", flat=True))


def test_a_visit_and_its_items_are_told_once_each(hook: HookMaker) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    assert sorted(types()) == ["item.added", "visit.announced"]
    told = {said["type"]: said["data"] for said in bodies()}
    announced, added = told["visit.announced"], told["item.added"]
    assert (announced["id"], announced["uid"], announced["kind"]) == (str(visit.pk), visit.uid, "visit")
    assert announced["now"]["start_on"] == "2023-02-07"
    assert announced["address"] == f"http://diary.test/visits/{visit.slug}/"
    assert (announced["changes"], announced["impact"], announced["again"]) == ([], [], False)
    assert added["visits"] == [str(visit.pk)]
    assert (added["now"]["start_time"], added["now"]["zone"]) == ("15:00", "Africa/Bamako")
    assert {"publication", "visibility", "release_at", "merged_into"}.isdisjoint(added["now"])


def test_a_moved_hour_has_old_and_new_and_its_impact(hook: HookMaker) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    programme.amend_item(visit.items.get(), replace(TIMED, start_time=dt.time(17), end_time=dt.time(18)), after(1))
    assert told_after(1) == ["item.moved"]
    said = bodies()[-1]
    assert said["timestamp"] == after(1).now.isoformat()
    assert {(each["field"], each["old"], each["new"]) for each in said["data"]["changes"]} == {
        ("start_time", "15:00", "17:00"), ("end_time", "16:00", "18:00"),
    }  # fmt: skip
    assert said["data"]["impact"] == ["hour"]
    assert said["data"]["position"] > bodies()[0]["data"]["position"]


@pytest.mark.parametrize(
    ("changes", "type_", "impact"),
    [
        ({"venue": "Palais de la culture"}, "item.changed", ["place"]),
        ({"participants": (LAVROV,)}, "item.changed", ["interlocutor"]),
        ({"press_access": PressAccess.CLOSED}, "item.changed", ["press_access"]),
        ({"day": dt.date(2023, 2, 7)}, "item.moved", ["day"]),
    ],
)
def test_what_a_change_moves(hook: HookMaker, changes: dict[str, object], type_: str, impact: list[str]) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    programme.amend_item(visit.items.get(), replace(TIMED, **changes), after(1))  # type: ignore[arg-type]
    assert told_after(1) == [type_]
    assert bodies()[-1]["data"]["impact"] == impact


def test_put_off_cancelled_concluded_and_changed(hook: HookMaker) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    lifecycle.amend(visit, replace(BAMAKO, end_on=dt.date(2023, 2, 9)), after(1))
    assert told_after(1) == ["visit.changed"]
    lifecycle.postpone(visit, after(2), start_on=dt.date(2023, 3, 7), end_on=dt.date(2023, 3, 8))
    assert sorted(told_after(2)) == ["item.moved", "visit.postponed"]
    lifecycle.cancel(visit, after(3))
    assert sorted(told_after(3)) == ["item.cancelled", "visit.cancelled"]
    other = factories.visit(BAMAKO, now=after(4).now)
    lifecycle.set_status(other, VisitStatus.CONCLUDED, after(5))
    assert told_after(5) == ["visit.concluded"]


def test_a_change_that_is_rolled_back_leaves_no_event(hook: HookMaker) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    before = types()
    with transaction.atomic():
        lifecycle.cancel(visit, after(1))
        assert "visit.cancelled" in types()
        transaction.set_rollback(True)
    assert types() == before


def test_nothing_internal_and_no_draft_is_an_event(hook: HookMaker) -> None:
    hook()
    hook(audience=Audience.SUBSCRIBERS)
    inside = factories.visit(BAMAKO, TIMED, release=Release(visibility=Visibility.INTERNAL))
    draft = factories.visit(BAMAKO, TIMED, published=False)
    programme.amend_item(inside.items.get(), replace(TIMED, venue="ailleurs"), after(1))
    lifecycle.cancel(draft, after(1))
    lifecycle.cancel(inside, after(2))
    assert not Event.objects.exists()


def test_what_is_for_subscribers_reaches_only_those_who_hear_it(hook: HookMaker, receiver: Receiver) -> None:
    everybody, ours = hook(), hook(audience=Audience.SUBSCRIBERS)
    factories.visit(BAMAKO, release=Release(visibility=Visibility.SUBSCRIBERS))
    receiver.round(after(1).now)
    assert not everybody.deliveries.exists()
    assert [each.event.type for each in ours.deliveries.all()] == ["visit.announced"]


def test_an_embargo_is_an_event_when_the_clock_releases_it(hook: HookMaker, receiver: Receiver) -> None:
    hook()
    release_at = after(5).now
    visit = factories.visit(BAMAKO, TIMED, release=Release(visibility=Visibility.PUBLIC, release_at=release_at))
    lifecycle.amend(visit, replace(BAMAKO, end_on=dt.date(2023, 2, 9)), after(1))
    tell_due(after(4).now)
    receiver.round(after(4).now)
    assert (types(), receiver.got) == ([], [])
    tell_due(after(6).now)
    publication.release_due(after(6).now)
    receiver.round(after(6).now)
    assert sorted(receiver.types) == ["item.added", "visit.announced"]
    [announced] = [said for said in receiver.said if said["type"] == "visit.announced"]
    assert announced["timestamp"] == release_at.isoformat()
    assert announced["data"]["changes"] == []
    assert announced["data"]["now"]["end_on"] == "2023-02-09"


def test_what_is_taken_back_is_named_and_nothing_of_it_repeated(hook: HookMaker) -> None:
    hook()
    visit = factories.visit(BAMAKO, TIMED)
    publication.withdraw(visit, after(1))
    assert sorted(told_after(1)) == ["item.withdrawn", "visit.withdrawn"]
    for said in bodies()[-2:]:
        assert set(said["data"]) == {"kind", "id", "uid", "position", "sequence"}
    publication.publish(visit, after(2))
    assert sorted(told_after(2)) == ["item.added", "visit.announced"]
    assert all(said["data"]["again"] for said in bodies()[-2:])


def test_nobody_listens_and_only_what_everybody_may_know_is_kept(hook: HookMaker) -> None:
    hook(stopped=Stopped.BY_HAND, stopped_at=NOW)
    hook(owner=factories.user(DeskRole.READER))
    gone = factories.user()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    hook(owner=gone)
    factories.visit(BAMAKO, TIMED)
    factories.visit(BAMAKO, release=Release(visibility=Visibility.SUBSCRIBERS))
    assert not Event.objects.exclude(audience=Audience.PUBLIC).exists()
    assert sorted(types()) == ["item.added", "visit.announced"]  # for the feed of changes


def feed_of(**chosen: object) -> Feed:
    return Feed.objects.create(language="fr", slug=f"ours-{Feed.objects.count()}", **chosen)


def heard(hook: Webhook) -> list[str]:
    return sorted(hook.deliveries.values_list("event__type", flat=True))


def test_a_webhook_hears_what_its_calendar_selects(hook: HookMaker, receiver: Receiver) -> None:
    mali = hook(feed=feed_of(selection="country", country=factories.country("ML")))
    brazil = hook(feed=feed_of(selection="country", country=factories.country("BR")))
    press = hook(feed=feed_of(selection="kind", kind="press_conference"))
    koulouba = hook(feed=feed_of(selection="search", words="KOULOUBA"))
    nowhere = hook(feed=feed_of(selection="search", words="elsewhere"))
    everything = hook()
    factories.visit(BAMAKO, TIMED)
    receiver.round(after(1).now)
    assert heard(mali) == heard(everything) == ["item.added", "visit.announced"]
    assert heard(press) == ["item.added"]
    assert "item.added" in heard(koulouba)
    assert heard(brazil) == heard(nowhere) == []


def test_what_leaves_a_selection_is_told_once_more(hook: HookMaker, receiver: Receiver) -> None:
    press = hook(feed=feed_of(selection="press", press_access="open"))
    visit = factories.visit(BAMAKO, TIMED)
    programme.amend_item(visit.items.get(), replace(TIMED, press_access=PressAccess.CLOSED), after(1))
    programme.amend_item(visit.items.get(), replace(TIMED, press_access=PressAccess.CLOSED, venue="ailleurs"), after(2))
    receiver.round(after(3).now)
    assert heard(press) == ["item.added", "item.changed"]
    assert press.deliveries.filter(event__acted_at=after(1).now).exists()
    assert not press.deliveries.filter(event__acted_at=after(2).now).exists()


def test_whoever_comes_later_hears_what_comes_later(hook: HookMaker, receiver: Receiver) -> None:
    hook()
    visit = factories.visit(BAMAKO)
    late = hook(made_at=after(1).now)
    lifecycle.cancel(visit, after(2))
    receiver.round(after(3).now)
    assert heard(late) == ["visit.cancelled"]
