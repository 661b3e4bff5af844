"""The API counts changes as the public feed does: those that its readers could see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import Visibility, VisitStatus
from tests import factories
from tests.feeds.reading import events

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

HOUR = dt.timedelta(hours=1)
SECRET = replace(factories.PRESS, visibility=Visibility.SUBSCRIBERS)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


def said(visit: Visit) -> dict[str, Any]:
    """What the API says of a visit, which must be what the public feed says."""
    answer: dict[str, Any] = Client().get(f"/api/v1/visits/{visit.pk}/").json()
    event = events(Client().get("/feeds/en/all.ics").content)[visit.uid]
    stamp = dt.datetime.fromisoformat(answer["revised_at"])
    assert (f"{stamp:%Y%m%dT%H%M%SZ}", str(answer["sequence"])) == (event["LAST-MODIFIED"], event["SEQUENCE"])
    return answer


def test_a_change_that_the_public_cannot_see_moves_nothing(clock: time_machine.Traveller) -> None:
    visit = factories.visit(factories.VISIT, SECRET)
    before = said(visit)
    clock.shift(HOUR)
    programme.amend_item(visit.items.get(), replace(SECRET, start_time=dt.time(9)), Act(now=factories.NOW + HOUR))
    assert said(visit) == before
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "7 February 2023, 09:00 UTC" in page


def test_a_change_that_it_can_see_counts(clock: time_machine.Traveller) -> None:
    visit = factories.visit(factories.VISIT)
    clock.shift(HOUR)
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=factories.NOW + HOUR))
    answer = said(visit)
    assert (answer["sequence"], answer["revised_at"]) == (1, "2023-02-07T10:00:00Z")


def test_a_release_by_the_clock_is_told_to_whoever_asks_first(clock: time_machine.Traveller) -> None:
    release = Release(release_at=factories.NOW + HOUR, release_zone="Africa/Bamako")
    visit = factories.visit(factories.VISIT, release=release)
    assert Client().get(f"/api/v1/visits/{visit.pk}/").status_code == 404
    clock.shift(2 * HOUR)
    answer = Client().get(f"/api/v1/visits/{visit.pk}/").json()
    assert (answer["sequence"], answer["revised_at"]) == (0, "2023-02-07T10:00:00Z")
    assert said(visit) == answer
