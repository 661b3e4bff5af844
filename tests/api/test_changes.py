"""A copy that is kept by reading the changes is what the lists say, whatever was done in the meantime."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release, VisitFacts
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Visibility, VisitStatus
from tests import factories
from tests.api.walking import everything, get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

HOUR = dt.timedelta(hours=1)
FIRST = "changes/?limit=3&lang=en"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


class Mirror:
    """A copy of the diary, as an integrator keeps it."""

    def __init__(self) -> None:
        self.address = FIRST
        self.kept: dict[str, Any] = {}
        self.heard: list[dict[str, Any]] = []

    def follow(self) -> None:
        has_more, self.heard = True, []
        while has_more:
            page = get(self.address)
            for change in page["results"]:
                self.heard.append(change)
                if change["is_gone"]:
                    self.kept.pop(change["id"], None)
                else:
                    self.kept[change["id"]] = change["visit"] or change["item"]
            self.address, has_more = page["next"], page["has_more"]


def listed() -> dict[str, Any]:
    """What the lists say now."""
    return {row["id"]: row for path in ("visits/", "items/") for row in everything(f"{path}?lang=en")}


def _cancel(visit: Visit, act: Act) -> None:
    lifecycle.cancel(visit, act)


def _postpone(visit: Visit, act: Act) -> None:
    lifecycle.postpone(visit, act)


def _lose_days(visit: Visit, act: Act) -> None:
    lifecycle.amend(visit, replace(FACTS, start_on=None, end_on=None, date_text="en mars"), act)


def _say_otherwise(visit: Visit, act: Act) -> None:
    lifecycle.amend(visit, replace(FACTS, start_on=None, end_on=None, date_text=f"bientôt {act.now:%H}"), act)


def _confirm(visit: Visit, act: Act) -> None:
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, act)


def _hide(visit: Visit, act: Act) -> None:
    lifecycle.set_release(visit, Release(visibility=Visibility.INTERNAL), act)


def _embargo(visit: Visit, act: Act) -> None:
    lifecycle.set_release(visit, Release(release_at=act.now + 3 * HOUR, release_zone="Africa/Bamako"), act)


def _show(visit: Visit, act: Act) -> None:
    lifecycle.set_release(visit, Release(), act)


def _withdraw(visit: Visit, act: Act) -> None:
    publication.withdraw(visit, act)


def _publish(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)


def _merge(visit: Visit, act: Act) -> None:
    into = (
        Visit.objects.filter(merged_into=None, publication="published")
        .exclude(pk=visit.pk)
        .order_by("created_at")
        .first()
    )
    if into is not None and visit.merged_into is None:
        lifecycle.merge(visit, into, act)


def _add_item(visit: Visit, act: Act) -> None:
    item = programme.add_item(factories.PRESS, act, visit=visit)
    publication.publish_item(item, act)


def _cancel_item(visit: Visit, act: Act) -> None:
    if (item := visit.items.order_by("created_at").first()) is not None:
        programme.cancel_item(item, act)


def _withdraw_item(visit: Visit, act: Act) -> None:
    if (item := visit.items.order_by("-created_at").first()) is not None:
        publication.withdraw_item(item, act)


FACTS: VisitFacts = factories.VISIT
ACTS: list[Callable[[Visit, Act], None]] = [
    _cancel, _postpone, _lose_days, _say_otherwise, _confirm, _hide, _embargo, _show, _withdraw, _publish, _merge,
    _add_item, _cancel_item, _withdraw_item,
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mirror_is_exact_after_random_changes(clock: time_machine.Traveller, seed: int) -> None:
    chance, mirror, now = random.Random(seed), Mirror(), factories.NOW  # noqa: S311  # a test that can be repeated
    for _number in range(4):
        factories.visit(factories.VISIT, factories.PRESS)
    for step in range(28):
        now += HOUR
        clock.move_to(now)
        visit = chance.choice(list(Visit.objects.order_by("created_at", "pk")))
        chance.choice(ACTS)(visit, Act(now=now))
        if step % 4 == 3:
            mirror.follow()
            assert mirror.kept == listed()
    assert ProgrammeItem.objects.exists()
    whole = Mirror()
    whole.follow()
    assert whole.kept == mirror.kept
    mirror.follow()
    assert mirror.heard == []


def test_what_was_merged_is_gone_and_says_into_what() -> None:
    mirror, gone, stays = Mirror(), factories.visit(), factories.visit()
    mirror.follow()
    lifecycle.merge(gone, stays, Act(now=factories.NOW))
    mirror.follow()
    (tombstone,) = [change for change in mirror.heard if change["is_gone"]]
    assert (tombstone["id"], tombstone["merged_into"]) == (str(gone.pk), str(stays.pk))
    assert (tombstone["kind"], tombstone["visit"], tombstone["item"]) == ("visit", None, None)


def test_what_the_public_was_never_told_is_no_change(clock: time_machine.Traveller) -> None:
    mirror = Mirror()
    hidden = factories.visit(release=Release(visibility=Visibility.INTERNAL))
    factories.visit(published=False)
    lifecycle.cancel(hidden, Act(now=factories.NOW))
    publication.withdraw(hidden, Act(now=factories.NOW))
    mirror.follow()
    assert mirror.heard == []


def test_changes_since_a_moment(clock: time_machine.Traveller) -> None:
    old = factories.visit()
    new = factories.visit(now=factories.NOW + HOUR)
    clock.move_to(factories.NOW + 2 * HOUR)
    assert [row["id"] for row in get("changes/?updated_since=2023-02-07T10:00:00Z")["results"]] == [str(new.pk)]
    assert len(get("changes/?updated_since=2023-02-07T09:00:00%2B00:00")["results"]) == 2
    later = get("changes/?updated_since=2023-02-07T11:00:00Z")
    assert later["results"] == []
    lifecycle.cancel(old, Act(now=factories.NOW + 2 * HOUR))
    assert [row["id"] for row in get(later["next"])["results"]] == [str(old.pk)]


@pytest.mark.parametrize(
    ("query", "named"),
    [("cursor=x", "cursor"), ("updated_since=yesterday", "updated_since"), ("since=3", "since"),
     ("updated_since=2023-02-07T10:00:00", "updated_since"),
     ("updated_since=0001-01-01T00:00:00%2B23:00", "updated_since"),
     ("cursor=WyJjaGFuZ2VzIiwgMCwgWyI5OSJdXQ", "cursor")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(query: str, named: str) -> None:
    answer = Client().get(f"/api/v1/changes/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, named)
