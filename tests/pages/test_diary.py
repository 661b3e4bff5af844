"""The public diary by month, week, day and list: what shows on which day, what is found, what is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diplomacy.directory.models import Person
from diplomacy.visits import programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release, Somebody
from diplomacy.vocabulary import ItemKind, Precision, Role, Visibility
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

VIEWS = ["/en/?on=2023-02-07", "/en/month/?on=2023-02-07", "/en/week/?on=2023-02-07", "/en/day/?on=2023-02-07"]
_AUDIENCE = ItemFacts(kind=ItemKind.AUDIENCE, precision=Precision.ORDER)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def _diary() -> None:
    """A visit to Bamako with an audience of unknown hour and a press conference; one to Kathmandu later; a line of an
    official's own; and what nobody may see.
    """
    factories.visit(factories.VISIT, _AUDIENCE, factories.PRESS)
    factories.visit(
        host_country="NP", cities=("Kathmandu",), start_on=dt.date(2023, 3, 30), end_on=dt.date(2023, 4, 2),
        members=(Somebody(name="Éva Šťastná", title="Chancellor", country="AT", role=Role.HEAD_OF_DELEGATION),),
    )  # fmt: skip
    factories.item(kind=ItemKind.CABINET_MEETING, start_time=dt.time(9), day=dt.date(2023, 2, 7))
    hidden = Somebody(name="Secret Guest", title="Envoy", country="FR", role=Role.HEAD_OF_DELEGATION)
    factories.visit(members=(hidden,), published=False)
    embargoed = Release(visibility=Visibility.PUBLIC, release_at=factories.NOW + dt.timedelta(hours=1))
    factories.visit(members=(hidden,), release=embargoed)


def page(path: str, status: int = 200) -> str:
    """The text of a page, its tags left out."""
    answer = Client().get(path)
    assert answer.status_code == status, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.usefixtures("_diary")
@pytest.mark.parametrize("path", VIEWS)
def test_each_view_shows_the_day_and_nothing_that_is_not_public(path: str) -> None:
    shown = page(path)
    assert "Ana Prado" in shown
    assert "Cabinet meeting" in shown
    assert "Secret" not in shown


@pytest.mark.usefixtures("_diary")
def test_a_line_of_unknown_hour_stands_in_its_place_without_an_hour() -> None:
    shown = page("/en/day/?on=2023-02-07")
    assert "item 1 Audience" in shown
    assert "09:00" in shown  # the cabinet meeting's, and the only hour of the day
    assert len(re.findall(r"\d\d:\d\d", shown)) == 1
    assert page("/en/week/?on=2023-02-08").count("Audience scheduled") == 1  # among several days on the visit's first
    second = page("/en/day/?on=2023-02-08")
    assert "item 1 Audience" in second  # it may be on this day as well
    assert "15:00" in second


def test_lines_of_a_day_go_by_the_hosts_clock_whether_the_zone_is_known_or_not() -> None:
    for hour, city, code in ((13, "", ""), (9, "", ""), (10, "Tokyo", "JP"), (11, "Bamako", "ML")):
        factories.item(start_time=dt.time(hour), day=dt.date(2023, 2, 9), city=city, country=code)
    for view in ("", "day/", "week/", "month/"):
        hours = re.findall(r"\b(\d\d):00", page(f"/en/{view}?on=2023-02-09"))
        assert hours == ["09", "10", "11", "13"], view


@pytest.mark.usefixtures("_diary")
def test_a_visit_stands_on_each_of_its_days_across_months() -> None:
    for on in ("2023-03-30", "2023-03-31", "2023-04-02"):
        assert "Kathmandu" in page(f"/en/day/?on={on}"), on
    assert "Kathmandu" not in page("/en/day/?on=2023-04-03")
    assert "Kathmandu" in page("/en/month/?on=2023-03-01")
    assert "Kathmandu" in page("/en/month/?on=2023-04-15")
    assert "Kathmandu" not in page("/en/month/?on=2023-05-15")


@pytest.mark.usefixtures("_diary")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("eva stast", True),
        ("ŠŤASTNÁ Éva", True),
        ("kathm", True),
        ("athmandu", False),  # a word is found from its beginning
        ("eva bamako", False),  # all of the words
        ("chancellor", True),
        ("austria", True),  # countries by name, in any of the languages
        ("Népal", True),
        ("secret", False),
        ("'; drop table & | ! (:*", False),
        ('"eva" OR *', False),
    ],
)
def test_words_are_found_however_they_are_written(words: str, found: bool) -> None:
    answer = Client().get("/en/", {"q": words})
    assert answer.status_code == 200
    assert ("Kathmandu" in answer.content.decode()) is found


@pytest.mark.usefixtures("_diary")
def test_what_was_told_anew_is_found_by_its_new_words_and_what_was_taken_back_is_not() -> None:
    line = factories.item(kind=ItemKind.FORUM, day=dt.date(2023, 2, 9), venue="Hôtel de l’Amitié")
    assert "1 found" in page("/en/?q=amitie")
    programme.amend_item(line, factories.PRESS.__class__(
        kind=ItemKind.FORUM, precision=Precision.DAY, day=dt.date(2023, 2, 9), venue="Palais de Koulouba",
    ), Act(now=factories.NOW))  # fmt: skip
    assert "1 found" in page("/en/?q=koulouba")
    assert "0 found" in page("/en/?q=amitie")
    visit = factories.visit(factories.VISIT, replace(factories.PRESS, venue="Villa Kadar"))
    assert "2 found" in page("/en/?q=kadar")
    programme.set_release(visit.items.get(), Release(visibility=Visibility.INTERNAL), Act(now=factories.NOW))
    assert "0 found" in page("/en/?q=kadar")  # nor the visit by the words of what it no longer shows
    assert Client().get("/api/v1/entries/?q=kadar").json()["results"] == []
    publication.withdraw_item(line, Act(now=factories.NOW))
    assert "0 found" in page("/en/?q=koulouba")


@pytest.mark.usefixtures("_diary")
def test_filters_are_kept_in_every_address_and_can_be_taken_off() -> None:
    prado = Person.objects.get(name="Ana Prado")
    answer = Client().get(f"/en/month/?on=2023-02-07&country=ML&person={prado.slug}&kind=press_conference")
    text = answer.content.decode()
    assert "Press conference" in text
    assert "Cabinet meeting" not in text.split('class="month"')[1]
    for view in ("/en/", "/en/day/", "/en/week/"):
        assert f'href="{view}?country=ML&amp;person={prado.slug}&amp;kind=press_conference&amp;on=2023-02-07"' in text
    assert f'href="/en/month/?person={prado.slug}&amp;kind=press_conference&amp;on=2023-02-07"' in text  # off
    assert "Nothing here with these filters" in page("/en/?country=JP")
    assert 'href="/en/?q=nepal"' in Client().get("/en/month/?q=nepal&on=2023-02-01").content.decode()  # found elsewhere


@pytest.mark.usefixtures("_diary")
def test_the_name_of_somebody_not_yet_told_of_is_not_told_by_a_filter() -> None:
    secret = Person.objects.filter(name="Secret Guest").first()
    assert secret is not None
    assert "Secret" not in page(f"/en/?person={secret.pk}")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=2023-02-30", "“2023-02-30” is no day"),
        ("on=9999-12-31", "“9999-12-31” is no day"),
        ("kind=banquet", "“banquet” is no value of “kind”"),
        ("page=0", "There is no page “0”"),
        ("page=99999999999999999999", "There is no page"),
        ("q=a&page=000000001999999999999999999999", "There is no page"),
        ("status=%3Cscript%3E", "&lt;script&gt;"),
    ],
)
@pytest.mark.parametrize("path", ["/en/", "/en/month/", "/en/week/", "/en/day/"])
def test_what_is_not_known_is_said_and_left_out(path: str, query: str, said: str) -> None:
    assert said in page(f"{path}?{query}", status=400)


def test_texts_that_no_database_takes_find_nothing() -> None:
    for query in ("q=%00", "country=%00", "person=%ED%A0%80", "office=" + "x" * 5000, "q=" + "a" * 5000):
        assert Client().get(f"/en/?{query}").status_code == 200, query


@pytest.mark.usefixtures("_diary")
@pytest.mark.parametrize("path", [*VIEWS, "/en/?q=bamako"])
def test_queries_do_not_grow_with_the_diary(path: str) -> None:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for number in range(3):
        factories.visit(factories.VISIT, _AUDIENCE, factories.PRESS, cities=("Bamako", f"Ville {number}"))
    client.get(path)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) <= 10
