"""People, offices and countries: those that something published names, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.test import Client

from diplomacy.directory.merging import merge_people
from diplomacy.directory.models import Person
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release, Somebody
from diplomacy.visits.models import ProgrammeLine
from diplomacy.vocabulary import ItemKind, Role, Visibility
from tests import factories
from tests.api.walking import everything, get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

KOFI = Somebody(name="Kofi Mensah", title="President", country="GH", role=Role.HEAD_OF_DELEGATION)
INTERNAL = Release(visibility=Visibility.INTERNAL)
ACT = Act(now=factories.NOW)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def names(path: str) -> set[str]:
    return {row.get("name") or row["title"] for row in everything(path)}


def test_those_whom_published_visits_name_are_listed_and_found() -> None:
    factories.visit()
    factories.visit(members=(KOFI,), host_country="SN", cities=("Dakar",), published=False)
    factories.person("Nobody Known", "FR")
    assert names("people/") == {"Ana Prado"}
    assert {row["code"] for row in everything("countries/")} == {"BR", "ML"}
    (ana,) = everything("people/?lang=en")
    assert get(f"people/{ana['id']}/") == ana
    assert get("countries/BR/?lang=fr")["name"] == "Brésil"
    assert [row["title"] for row in everything("offices/")] == [
        row["title"] for row in everything("offices/?ordering=-slug")
    ]


@pytest.mark.parametrize("path", ["people/{}/", "offices/{}/", "visits/{}/", "items/{}/"])
@pytest.mark.parametrize("pk", ["00000000-0000-4000-8000-000000000000", "x", "------"])
def test_what_is_not_there_is_not_found(path: str, pk: str) -> None:
    answer = Client().get(f"/api/v1/{path.format(pk)}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_whom_only_a_hidden_visit_names_is_not_found_even_where_an_item_is_shared() -> None:
    shown = factories.visit(factories.VISIT, ItemFacts(kind=ItemKind.SUMMIT))
    hidden = factories.visit(members=(KOFI,), host_country="SN", cities=("Dakar",), release=INTERNAL, published=False)
    ProgrammeLine.objects.create(visit=hidden, item=shown.items.get(), position=1)
    publication.publish(hidden, ACT)
    kofi = Person.objects.get(name="Kofi Mensah")
    assert len(everything("items/")) == 1
    assert names("people/") == {"Ana Prado"}
    assert Client().get(f"/api/v1/people/{kofi.pk}/").status_code == 404
    for query in ("person=kofi-mensah", "country=GH", "country=SN"):
        assert everything(f"entries/?{query}") == []
    assert "SN" not in {row["code"] for row in everything("countries/")}


def test_who_was_merged_leads_to_who_stayed() -> None:
    factories.visit()
    factories.visit(members=(replace(KOFI, name="Anna Prado", country="BR"),))
    gone, stays = Person.objects.get(name="Anna Prado"), Person.objects.get(name="Ana Prado")
    merge_people(gone, stays, now=factories.NOW)
    answer = Client().get(f"/api/v1/people/{gone.pk}/")
    assert (answer.status_code, answer.json()["merged_into"]) == (301, str(stays.pk))
    assert answer["Location"].endswith(f"/api/v1/people/{stays.pk}/")
    assert names("people/") == {"Ana Prado"}
    assert len(everything(f"visits/?person={gone.slug}")) == len(everything(f"visits/?person={stays.pk}")) == 2


def test_a_visit_that_was_merged_leads_to_the_other_as_long_as_that_may_be_seen() -> None:
    gone, stays = factories.visit(), factories.visit()
    lifecycle.merge(gone, stays, ACT)
    answer = Client().get(f"/api/v1/visits/{gone.pk}/")
    assert (answer.status_code, answer.json()["merged_into"]) == (301, str(stays.pk))
    stays.refresh_from_db()
    lifecycle.set_release(stays, INTERNAL, ACT)
    answer = Client().get(f"/api/v1/visits/{gone.pk}/")
    assert (answer.status_code, answer.json()["merged_into"]) == (410, None)


def test_a_visit_that_nobody_was_told_of_leads_nowhere() -> None:
    gone, stays = factories.visit(published=False), factories.visit()
    lifecycle.merge(gone, stays, ACT)
    assert Client().get(f"/api/v1/visits/{gone.pk}/").status_code == 404
