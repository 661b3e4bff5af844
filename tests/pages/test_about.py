"""Pages about people, offices and countries: what they list, and of whom there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.pages import about
from diplomacy.directory import merging
from diplomacy.directory.models import Person
from diplomacy.visits.facts import ItemFacts, Release, Somebody
from diplomacy.vocabulary import ItemKind, Precision, Role, Visibility
from tests import factories
from tests.pages.test_diary import page

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def test_a_person_has_what_is_to_come_what_was_and_counts_by_year() -> None:
    ana = Somebody(name="Ana Prado", title="Foreign Minister", country="BR", role=Role.COUNTERPART)
    session = ItemFacts(kind=ItemKind.AUDIENCE, precision=Precision.DAY, day=dt.date(2023, 2, 8), participants=(ana,))
    factories.visit(factories.VISIT, session)
    factories.visit(start_on=dt.date(2022, 5, 4), end_on=dt.date(2022, 5, 4), cities=("Ségou",))
    slug = Person.objects.get(name="Ana Prado").slug
    shown = page(f"/en/people/{slug}/")
    coming, past = shown.split("To come")[1].split("Past")
    assert "Bamako (Mali)" in coming
    assert "Audience" not in coming  # it stands in the visit's programme
    assert "Ségou (Mali)" in past
    assert "2023 1 2022 1" in past
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/en/people/{slug}/").status_code == 200
    assert len(queries) <= 10


def test_more_than_has_room_is_on_the_next_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "LINES_A_PAGE", 2)
    for day in (8, 9, 10):
        factories.visit(start_on=dt.date(2023, 2, day), end_on=dt.date(2023, 2, day))
    slug = Person.objects.get(name="Ana Prado").slug
    first, second, third = (page(f"/en/people/{slug}/?page={number}") for number in (1, 2, 3))
    assert (first.count("Ana Prado · Visit"), second.count("Ana Prado · Visit")) == (2, 1)
    assert "Next page" in first
    assert "Next page" not in second
    assert "There is nothing more" in third


def test_two_countries_say_who_visited_whom() -> None:
    factories.visit()
    factories.visit(
        host_country="BR", cities=("Brasília",),
        members=(Somebody(name="Issa Konaté", title="President", country="ML", role=Role.HEAD_OF_DELEGATION),),
    )  # fmt: skip
    factories.visit(host_country="NP", cities=("Kathmandu",))
    shown = page("/en/countries/br/ml/")
    assert "1 visit in Brazil · 1 visit in Mali" in shown
    assert "Kathmandu" not in shown
    assert "Kathmandu" in page("/en/countries/br/")
    assert 'href="/en/countries/br/ml/"' in Client().get("/en/countries/ml/").content.decode()
    assert Client().get("/en/countries/ml/br/").headers["Location"] == "/en/countries/br/ml/"
    assert Client().get("/en/countries/ml/ml/").status_code == 404


def test_there_is_no_page_of_whom_the_public_was_not_told() -> None:
    embargoed = Release(visibility=Visibility.PUBLIC, release_at=factories.NOW + dt.timedelta(hours=1))
    factories.visit(factories.VISIT, factories.PRESS, release=embargoed)
    slug = Person.objects.get(name="Ana Prado").slug
    paths = [
        f"/en/people/{slug}/",
        "/en/countries/ml/",
        "/en/countries/br/ml/",
        "/en/offices/nobody/",
        "/en/people/nobody/",
    ]
    assert [Client().get(path).status_code for path in paths] == [404] * 5
    with time_machine.travel(factories.NOW + dt.timedelta(hours=2), tick=False):
        assert [Client().get(path).status_code for path in paths[:3]] == [200] * 3


def test_who_was_merged_leads_to_who_stayed() -> None:
    factories.visit()
    stays = factories.person("Ana Lúcia Prado")
    gone = Person.objects.get(name="Ana Prado")
    merging.merge_people(gone, stays, now=factories.NOW)
    answer = Client().get(f"/en/people/{gone.slug}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/en/people/{stays.slug}/")
    assert "Bamako" in page(f"/en/people/{stays.slug}/")


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999", "page=000001999999999999999999999999"])
def test_a_page_that_is_none_is_not_found(query: str) -> None:
    factories.visit()
    assert Client().get(f"/en/countries/ml/?{query}").status_code == 404
