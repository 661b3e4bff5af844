"""What was known at a moment: every state that the public was told, and nothing that it was not told then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.entries import states
from agenda.entries.models import PublicState, Pulse
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import Visibility, VisitStatus
from tests import factories
from tests.api.walking import everything, get, walk

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

HOUR = dt.timedelta(hours=1)
SECRET = replace(factories.PRESS, visibility=Visibility.SUBSCRIBERS, start_time=dt.time(9))


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


def at(hours: float) -> str:
    return f"as_of={factories.NOW + hours * HOUR:%Y-%m-%dT%H:%M:%SZ}"


def act(hours: int) -> Act:
    return Act(now=factories.NOW + hours * HOUR)


def rows(path: str) -> list[dict[str, Any]]:
    return everything(f"{path}&lang=en")


def test_each_state_is_answered_as_it_was_in_lists_and_alone(clock: time_machine.Traveller) -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS, SECRET)
    other = factories.visit(host_country="SN", cities=("Dakar",), start_on=None, end_on=None)
    asked = [f"visits/?{at(0)}", f"items/?{at(0)}", f"visits/{visit.pk}/?{at(0)}"]
    present = [get(path.replace(at(0), "lang=en")) for path in asked]
    clock.move_to(factories.NOW + HOUR)
    press = visit.items.get(visibility=Visibility.PUBLIC)
    programme.amend_item(press, replace(factories.PRESS, start_time=dt.time(17)), act(1))
    clock.move_to(factories.NOW + 2 * HOUR)
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, act(2))
    clock.move_to(factories.NOW + 3 * HOUR)
    lifecycle.merge(other, visit, act(3))
    clock.move_to(factories.NOW + 5 * HOUR)

    assert [get(f"{path}&lang=en") for path in asked] == present
    hours = [rows(f"items/?{at(number)}")[0]["start_time"] for number in (0, 0.99, 1, 4)]
    assert hours == ["15:00", "15:00", "17:00", "17:00"]
    assert [get(f"visits/{visit.pk}/?{at(number)}")["status"] for number in (1.9, 2)] == ["announced", "confirmed"]
    assert [len(rows(f"visits/?{at(number)}")) for number in (-1, 0, 2.5, 3, 5)] == [0, 2, 2, 1, 1]
    assert get(f"visits/{other.pk}/?{at(2)}")["id"] == str(other.pk)
    assert Client().get(f"/api/v1/visits/{other.pk}/?{at(3)}").status_code == 404
    assert get(f"entries/{visit.pk}/?{at(1)}")["is_visit"] is True
    assert rows(f"items/?{at(5)}") == everything("items/?lang=en")
    assert rows(f"visits/?{at(5)}") == everything("visits/?lang=en")


def test_what_is_filtered_and_ordered_is_what_was_known_then(clock: time_machine.Traveller) -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS)
    factories.visit(start_on=None, end_on=None, date_text="en mars")
    clock.move_to(factories.NOW + HOUR)
    dakar = replace(factories.VISIT, cities=("Dakar",), host_country="SN", start_on=dt.date(2023, 4, 1), end_on=None)
    lifecycle.amend(visit, dakar, act(1))
    found = {
        query: [len(rows(f"visits/?{query}&{at(number)}")) for number in (0, 1)]
        for query in ("country=ML", "country=SN", "q=bamako", "q=dakar", "starts_until=2023-02-28", "person=ana-prado")
    }
    assert found == {
        "country=ML": [2, 1], "country=SN": [0, 1], "q=bamako": [2, 1], "q=dakar": [0, 1],
        "starts_until=2023-02-28": [1, 0], "person=ana-prado": [2, 2],
    }  # fmt: skip
    assert len(rows(f"items/?visit={visit.pk}&{at(0)}")) == 1
    for order in ("starts_on", "-starts_on", "revised_at", "-status"):
        pages = walk(f"entries/?limit=1&ordering={order}&{at(0)}")
        assert len({row["uid"] for page in pages for row in page}) == len(pages) == 3


def test_nothing_is_answered_that_was_not_public_then_or_is_kept_back_now(clock: time_machine.Traveller) -> None:
    embargoed = factories.visit(release=Release(release_at=factories.NOW + 2 * HOUR, release_zone="UTC"))
    internal = factories.visit(factories.VISIT, factories.PRESS)
    withdrawn = factories.visit(factories.VISIT, factories.PRESS)
    shown = factories.visit(factories.VISIT, replace(factories.PRESS, venue="Villa Kadar"))
    clock.move_to(factories.NOW + 4 * HOUR)
    item = shown.items.get()
    assert [row["id"] for row in rows(f"visits/?q=kadar&{at(1)}")] == [str(shown.pk)]
    programme.set_release(item, Release(visibility=Visibility.INTERNAL), act(4))
    lifecycle.set_release(internal, Release(visibility=Visibility.SUBSCRIBERS), act(4))
    publication.withdraw(withdrawn, act(4))
    clock.move_to(factories.NOW + 5 * HOUR)

    def known(number: float) -> set[str]:
        return {row["id"] for row in rows(f"visits/?{at(number)}")}

    assert known(0) == known(1.9) == {str(withdrawn.pk), str(shown.pk)}
    assert known(2) == {str(embargoed.pk), str(withdrawn.pk), str(shown.pk)}
    assert known(5) == {str(embargoed.pk), str(shown.pk)}
    assert [row["visits"] for row in rows(f"items/?{at(1)}")] == [[str(withdrawn.pk)]]
    assert get(f"visits/{shown.pk}/?{at(1)}")["programme"] == []
    assert rows(f"entries/?q=kadar&{at(1)}") == []  # nor is it found by what is kept back of it
    assert len(rows(f"visits/?q=bamako&{at(1)}")) == 2
    assert Client().get(f"/api/v1/visits/{withdrawn.pk}/").status_code == 410


def test_an_item_is_kept_back_with_its_visit_whichever_came_first_of_that_and_of_taking_it_back() -> None:
    first, second, other = (factories.visit(factories.VISIT, factories.PRESS) for _number in range(3))
    publication.withdraw(first, act(1))
    lifecycle.set_release(first, Release(visibility=Visibility.INTERNAL), act(2))
    lifecycle.set_release(second, Release(visibility=Visibility.INTERNAL), act(1))
    publication.withdraw(second, act(2))
    publication.withdraw(other, act(2))
    with time_machine.travel(factories.NOW + 3 * HOUR, tick=False):
        assert [row["visits"] for row in rows(f"items/?{at(0)}")] == [[str(other.pk)]]


@pytest.mark.parametrize(
    "query", ["as_of=", "as_of=soon", "as_of=2023-02-07", "as_of=2023-02-07T09:00:01Z", f"{at(0)}&bbox=1,2,3,4"]
)
def test_a_moment_that_cannot_be_answered_is_refused(query: str) -> None:
    answer = Client().get(f"/api/v1/visits/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (
        400,
        "bbox" if "bbox" in query else "as_of",
    )


def test_more_states_cost_no_more_queries(clock: time_machine.Traveller, django_assert_max_num_queries: Any) -> None:
    visits = [factories.visit(factories.VISIT, factories.PRESS)]
    with django_assert_max_num_queries(6):
        get(f"visits/?{at(0)}")
    visits += [factories.visit(factories.VISIT, factories.PRESS, SECRET) for _number in range(2)]
    for number in range(1, 4):
        clock.move_to(factories.NOW + number * HOUR)
        status = VisitStatus.CONFIRMED if number % 2 else VisitStatus.ANNOUNCED
        lifecycle.set_status(visits[0], status, act(number))
    with django_assert_max_num_queries(6):
        assert len(get(f"visits/?{at(2)}")["results"]) == 3


def test_a_diary_from_before_states_were_kept_says_since_when_they_are(clock: time_machine.Traveller) -> None:
    visit: Visit = factories.visit(factories.VISIT, factories.PRESS)
    factories.visit(release=Release(visibility=Visibility.INTERNAL))
    PublicState.objects.all().delete()
    clock.move_to(factories.NOW + 2 * HOUR)
    states.keep_first(factories.NOW + 2 * HOUR)
    assert Pulse.objects.get(name="public").states_since == factories.NOW + 2 * HOUR
    refused = Client().get(f"/api/v1/visits/?{at(1)}&lang=en").json()
    assert refused["detail"] == "What was known is kept since 2023-02-07T11:00:00+00:00."
    assert rows(f"visits/?{at(2)}") == everything("visits/?lang=en")
    assert get(f"visits/{visit.pk}/?{at(2)}&lang=en") == get(f"visits/{visit.pk}/?lang=en")
