"""Whatever happens to visits over months, every pair of successive states of every feed tells it rightly."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agenda.feeds import current, pulse
from agenda.feeds.body import build
from agenda.feeds.models import Feed, FeedState, Selection
from agenda.feeds.subscriptions import subscribe
from diplomacy.directory.registry import country_coded
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import ItemKind, ItemStatus, Precision, Visibility, VisitStatus
from tests.conftest import NOW

from .diary import BAMAKO, DIOP, LAVROV, TIMED
from .reading import Component, events

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

DAY = dt.timedelta(days=1)
# More of them: AGENDA_HISTORIES=500 python -m pytest tests/feeds/test_any_history.py
EXAMPLES = int(os.environ.get("AGENDA_HISTORIES", "4"))
SAID_IN_SEQUENCE = {"DTSTART", "DTEND", "LOCATION", "SUMMARY", "STATUS"}


@dataclass
class World:
    """What there is, and what time it is."""

    clock: time_machine.Traveller
    now: dt.datetime = NOW
    visits: list[Visit] = field(default_factory=list)
    items: list[ProgrammeItem] = field(default_factory=list)

    def act(self) -> Act:
        return Act(now=self.now)

    def pass_time(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours, milliseconds=1)
        self.clock.move_to(self.now)


def a_visit(world: World, number: int) -> None:
    start = world.now.date() + (number % 60) * DAY
    facts = replace(BAMAKO, start_on=start, end_on=start + (number % 3) * DAY, members=(LAVROV, DIOP)[number % 2 :])
    hour = replace(TIMED, day=start, start_time=dt.time(number % 24), end_time=None, ends_next_day=False)
    items = (hour, ItemFacts(kind=ItemKind.SIGNING), ItemFacts(kind=ItemKind.FORUM, precision=Precision.DAY, day=start))
    visit = lifecycle.announce(facts, items[: number % 4], world.act())
    world.visits.append(visit)
    world.items += visit.items.all()


def an_item(world: World, number: int) -> None:
    day = world.now.date() + (number % 50) * DAY
    world.items.append(programme.add_item(replace(TIMED, day=day, country="ML"), world.act()))


def visit_of(world: World, number: int) -> Visit:
    return Visit.objects.get(pk=world.visits[number % len(world.visits)].pk)


def item_of(world: World, number: int) -> ProgrammeItem:
    return ProgrammeItem.objects.get(pk=world.items[number % len(world.items)].pk)


def publish(world: World, number: int) -> None:
    publication.publish(visit_of(world, number), world.act())


def publish_item(world: World, number: int) -> None:
    publication.publish_item(item_of(world, number), world.act())


def withdraw(world: World, number: int) -> None:
    publication.withdraw(visit_of(world, number), world.act())


def withdraw_item(world: World, number: int) -> None:
    publication.withdraw_item(item_of(world, number), world.act())


def move(world: World, number: int) -> None:
    start = world.now.date() + (number % 700) * DAY
    members = (LAVROV, DIOP) if number % 3 else (DIOP,)
    facts = replace(BAMAKO, start_on=start, end_on=start + DAY, members=members, status=VisitStatus.CONFIRMED)
    lifecycle.amend(
        visit_of(world, number), facts if number % 7 else replace(facts, start_on=None, end_on=None), world.act()
    )


def move_item(world: World, number: int) -> None:
    day = world.now.date() + (number % 90) * DAY
    status = list(ItemStatus)[number % 4]
    facts = [
        replace(TIMED, day=day, start_time=dt.time(number % 23), end_time=None, status=status),
        ItemFacts(kind=ItemKind.PRESS_CONFERENCE, precision=Precision.DAY, day=day, status=status),
        ItemFacts(kind=ItemKind.PRESS_CONFERENCE, status=status),
    ]
    programme.amend_item(item_of(world, number), facts[number % 3], world.act())


def cancel(world: World, number: int) -> None:
    lifecycle.cancel(visit_of(world, number), world.act())


def postpone(world: World, number: int) -> None:
    start = world.now.date() + (number % 100) * DAY if number % 2 else None
    lifecycle.postpone(visit_of(world, number), world.act(), start_on=start, end_on=start)


def embargo(world: World, number: int) -> None:
    until = world.now + dt.timedelta(hours=number % 300)
    visibility = list(Visibility)[number % 3] if number % 2 else Visibility.PUBLIC
    lifecycle.set_release(visit_of(world, number), Release(visibility=visibility, release_at=until), world.act())


def embargo_item(world: World, number: int) -> None:
    until = world.now + dt.timedelta(hours=number % 300) if number % 2 else None
    programme.set_release(item_of(world, number), Release(release_at=until), world.act())


def merge(world: World, number: int) -> None:
    one, other = visit_of(world, number), visit_of(world, number + 1)
    if one.pk != other.pk and not one.merged_into_id and not other.merged_into_id and other.is_published:
        lifecycle.merge(one, other, world.act())


def sweep(world: World, number: int) -> None:
    publication.release_due(world.now)


ACTS: list[Callable[[World, int], None]] = [
    a_visit, an_item, publish, publish, publish_item, withdraw, withdraw_item, move, move, move_item, move_item, cancel,
    postpone, embargo, embargo_item, merge, sweep,
]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2000), st.sampled_from([0, 1, 5, 30, 24 * 7, 24 * 40])),
    min_size=3,
    max_size=12,
)


@dataclass(frozen=True)
class Seen:
    """A feed as it was at a poll."""

    at: dt.datetime
    body: bytes
    etag: str
    modified: dt.datetime
    events: dict[str, Component]


def poll(client: Client, address: str, before: Seen | None, now: dt.datetime) -> Seen:
    answer = client.get(address)
    assert answer.status_code == 200
    seen = Seen(
        now, answer.content, answer["ETag"], parsedate_to_datetime(answer["Last-Modified"]), events(answer.content)
    )
    state = FeedState.objects.get(etag=answer["ETag"].strip('"'))
    whole = build(state.feed, Audience(state.audience), now.date())
    assert whole.digest() == state.digest, "cut open and filled, it is what it would be if it were made whole"
    if before is not None:
        check(before, seen)
        asked = client.get(address, headers={"if-modified-since": f"{before.modified:%a, %d %b %Y %H:%M:%S GMT}"})
        assert asked.status_code == (304 if seen.body == before.body else 200)
    return seen


def check(before: Seen, now: Seen) -> None:
    assert (before.etag == now.etag) == (before.body == now.body)
    assert (now.modified > before.modified) == (before.body != now.body)
    for uid, event in before.events.items():
        if uid in now.events:
            check_event(event, now.events[uid])
        else:
            assert last_day(event) + 30 * DAY < now.at.date(), f"{event} vanished"
    for uid, event in now.events.items():
        if event["SUMMARY"] in {"Retiré", "Withdrawn"}:
            assert not {"DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES", "RELATED-TO"} & set(event.names), uid


def check_event(before: Component, now: Component) -> None:
    assert before["CREATED"] == now["CREATED"]
    changed = {head.split(";")[0] for head, value in {*before.lines} ^ {*now.lines}}
    if changed:
        assert now["LAST-MODIFIED"] > before["LAST-MODIFIED"], changed
    assert now["LAST-MODIFIED"] == now["DTSTAMP"]
    if changed & SAID_IN_SEQUENCE:
        assert int(now["SEQUENCE"]) > int(before["SEQUENCE"]), changed
    else:
        assert int(now["SEQUENCE"]) >= int(before["SEQUENCE"])


def last_day(event: Component) -> dt.date:
    day = dt.date.fromisoformat(event["DTEND"][:8])
    return day - DAY if "DATE" in event.head("DTEND") else day


def addresses() -> list[str]:
    """Feeds of every cut, public ones and private ones."""
    chosen: list[tuple[str, str, dict[str, Any]]] = [
        ("all", "fr", {}),
        ("all", "en", {}),
        ("country-ru", "fr", {"selection": Selection.COUNTRY, "country": country_coded("RU")}),
        (
            "paire",
            "fr",
            {"selection": Selection.PAIR, "country": country_coded("RU"), "second_country": country_coded("ML")},
        ),
        ("jours", "fr", {"untimed_items": "days"}),
        ("kind", "fr", {"selection": Selection.KIND, "kind": "press_conference"}),
    ]
    feeds = [
        Feed.objects.get_or_create(language=language, slug=slug, defaults={"selection": Selection.ALL, **values})[0]
        for slug, language, values in chosen
    ]
    private = subscribe(feeds[0], label="phone", by=None)[1]
    return [private.removeprefix("http://diary.test"), *(f"/feeds/{feed.language}/{feed.slug}.ics" for feed in feeds)]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    usual = current.WORTH_CUTTING
    yield
    current.WORTH_CUTTING = usual


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
@example(
    steps=[
        (publish_item, 1414, 0), (an_item, 209, 5), (move_item, 108, 0), (publish, 1805, 960), (move_item, 175, 0),
        (embargo, 116, 960), (move_item, 191, 168), (move, 1299, 960), (withdraw, 233, 30), (move, 148, 30),
        (merge, 160, 1), (embargo_item, 19, 0),
    ]
)  # fmt: skip
@pytest.mark.contract("E2", "E3", "E6", "H2", "H4")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("worth_cutting", [0, 10_000])
def test_every_pair_of_states_of_every_feed(
    worth_cutting: int, steps: list[tuple[Callable[[World, int], None], int, int]]
) -> None:
    current.WORTH_CUTTING = worth_cutting
    current.memory.clear()
    pulse.forget()
    with transaction.atomic(), time_machine.travel(NOW, tick=False) as clock:
        world = World(clock)
        a_visit(world, 7)
        a_visit(world, 10)
        publish(world, 0)
        an_item(world, 3)
        client, seen = Client(), dict[str, Seen]()
        for address in addresses():
            seen[address] = poll(client, address, None, world.now)
        for act, number, hours in steps:
            world.pass_time(hours)
            act(world, number)
            for address, before in seen.items():
                seen[address] = poll(client, address, before, world.now)
            assert set(seen["/feeds/fr/all.ics"].events) == set(seen["/feeds/en/all.ics"].events)
        transaction.set_rollback(True)
