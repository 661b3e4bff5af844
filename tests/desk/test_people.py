"""Two people who are one, made one at the desk, and parted again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.test import Client

from agenda.feeds.models import Feed
from diplomacy.accounts.roles import DeskRole
from diplomacy.directory.models import Person, Tenure
from diplomacy.directory.questions import PersonMerge
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody
from diplomacy.visits.models import Visit
from diplomacy.visits.restore import restore_visit
from diplomacy.vocabulary import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

MERGE = "/admin/people/merge/"
MERGERS = "/admin/people/mergers/"
ENGLISH = {"accept-language": "en"}
SOON = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=3)


def visit_of(name: str, country: str = "PT") -> Visit:
    head = Somebody(name=name, country=country, role=Role.HEAD_OF_DELEGATION)
    return factories.visit(replace(factories.VISIT, members=(head,), start_on=SOON, end_on=SOON))


@pytest.fixture
def stays(db: None) -> Person:
    return factories.person("Rodrigo Mendes Costa", "PT")


@pytest.fixture
def goes(stays: Person) -> Person:
    visit_of("Rodrygo Mendez Costa")
    return Person.objects.get(name="Rodrygo Mendez Costa")


def look(desk: Client, goes: Person, stays: Person) -> str:
    page = desk.get(MERGE, {"goes": goes.slug, "stays": stays.slug}, headers=ENGLISH)
    assert page.status_code == 200
    return page.content.decode()


def confirm(desk: Client, goes: Person, stays: Person, **said: str) -> str:
    page = desk.post(MERGE, {"goes": goes.slug, "stays": stays.slug, **said}, follow=True, headers=ENGLISH)
    return page.content.decode()


def test_both_are_shown_and_nothing_is_done_yet(desk: Client, goes: Person, stays: Person) -> None:
    office = factories.office("ministro", "PT")
    Tenure.objects.create(person=goes, office=office, starts_on=dt.date(2020, 5, 1))
    page = look(desk, goes, stays)
    assert "Written so, Rodrigo Mendes Costa is meant from now on: Rodrygo Mendez Costa." in page
    assert "These offices come with Rodrygo Mendez Costa: ministro since 1 May 2020." in page
    assert "1 visit names Rodrigo Mendes Costa instead." in page
    assert "The calendars of Rodrygo Mendez Costa stay at their addresses" in page
    assert 'class="warning"' not in page
    goes.refresh_from_db()
    assert goes.merged_into is None


def test_confirmed_old_addresses_answer_with_who_stays_and_parting_gives_all_back(
    desk: Client, goes: Person, stays: Person
) -> None:
    reader = Client()
    address = f"/feeds/en/person-{goes.slug}.ics"
    assert b"Rodrygo Mendez Costa" in reader.get(address).content
    assert "Merged: Rodrygo Mendez Costa is Rodrigo Mendes Costa from now on." in confirm(
        desk, goes, stays, reason="one man"
    )
    merger = PersonMerge.objects.get()
    assert (merger.reason, str(merger.made_by)) == ("one man", "ada")
    told = reader.get(address).content
    assert b"Rodrigo Mendes Costa" in told
    assert b"Rodrygo Mendez Costa" not in told
    for slug in (goes.slug, stays.slug):
        found = reader.get("/api/v1/visits/", {"person": slug}).json()["results"]
        assert len(found) == 1
        assert "Rodrigo Mendes Costa" in str(found)
    page = desk.post(f"{MERGERS}{merger.pk}/undo/", follow=True, headers=ENGLISH).content.decode()
    assert "are two people again" in page
    assert b"Rodrygo Mendez Costa" in reader.get(address).content
    assert reader.get("/api/v1/visits/", {"person": stays.slug}).json()["results"] == []
    assert Feed.objects.filter(person=goes).exists()
    again = desk.post(f"{MERGERS}{merger.pk}/undo/", follow=True, headers=ENGLISH).content.decode()
    assert "This merger was undone" in again


def test_nobody_is_known_by_an_address_of_nobody(stays: Person) -> None:
    visit_of("Rodrigo Mendes Costa")
    assert Client().get("/api/v1/visits/", {"person": "nobody"}).json()["results"] == []


@pytest.mark.parametrize(
    ("name", "country", "said"),
    [
        ("Wang Yu", "CN", "Their names are not alike."),
        ("Wang Yi Junior", "CN", "One name leaves out words of the other"),
        ("Wang Yi", "SG", "They stand for different countries: Singapore, China."),
    ],
)
def test_a_trap_is_warned_of_never_proposed_and_an_editor_may_know_better(
    desk: Client, name: str, country: str, said: str
) -> None:
    goes, stays = factories.person(name, country), factories.person("Wang Yi", "CN")
    page = desk.get(MERGE, {"goes": goes.slug}, headers=ENGLISH).content.decode()
    assert "Perhaps the same" not in page
    assert said in look(desk, goes, stays)
    confirm(desk, goes, stays)
    goes.refresh_from_db()
    assert goes.merged_into == stays


def test_another_spelling_is_proposed(desk: Client, goes: Person, stays: Person) -> None:
    page = desk.get(MERGE, {"goes": goes.slug}, headers=ENGLISH).content.decode()
    assert "Perhaps the same" in page
    assert f"?goes={goes.slug}&amp;stays={stays.slug}" in page


def test_two_whom_wikidata_tells_apart_are_warned_of(desk: Client, goes: Person, stays: Person) -> None:
    Person.objects.filter(pk=goes.pk).update(wikidata_id="Q11")
    Person.objects.filter(pk=stays.pk).update(wikidata_id="Q12")
    assert "Wikidata tells them apart: Q11, Q12." in look(desk, goes, stays)


def test_an_identifier_proposes_and_tells_apart_better_than_a_name(desk: Client, goes: Person, stays: Person) -> None:
    other = factories.person("Anna Orlova", "RU")
    Person.objects.filter(pk__in=[goes.pk, other.pk]).update(wikidata_id="Q11")
    Person.objects.filter(pk=stays.pk).update(wikidata_id="Q12")
    page = desk.get(MERGE, {"goes": goes.slug}, headers=ENGLISH).content.decode()
    assert f"&amp;stays={other.slug}" in page
    assert f"&amp;stays={stays.slug}" not in page


def test_who_was_merged_answers_as_who_stays(desk: Client, goes: Person, stays: Person) -> None:
    confirm(desk, goes, stays)
    assert "These are one person already." in look(desk, goes, stays)
    page = desk.get(f"/admin/diplomacy/person/{goes.pk}/change/", headers=ENGLISH).content.decode()
    assert f"/admin/diplomacy/person/{stays.pk}/change/" in page
    assert 'name="merged_into"' not in page


def test_both_in_one_visit_are_told_once(desk: Client, stays: Person) -> None:
    pair = tuple(
        Somebody(name=name, country="PT", role=Role.MEMBER) for name in ("Rodrigo Mendes Costa", "Rodrygo Mendes Costa")
    )
    visit = factories.visit(members=pair)
    goes = Person.objects.get(name="Rodrygo Mendes Costa")
    assert f"Both take part in {visit.slug}." in look(desk, goes, stays)
    confirm(desk, goes, stays)
    last = visit.revisions.order_by("number").last()
    assert last is not None
    assert [member["person"]["id"] for member in last.snapshot["members"]] == [str(stays.pk)]


def test_an_earlier_state_restored_names_who_stays_once(stays: Person, act: Act) -> None:
    pair = tuple(
        Somebody(name=name, country="PT", role=Role.MEMBER) for name in ("Rodrigo Mendes Costa", "Rodrygo Mendes Costa")
    )
    visit = factories.visit(members=pair)
    first = visit.revisions.order_by("number").last()
    assert first is not None
    people.merge(Person.objects.get(name="Rodrygo Mendes Costa"), stays, act)
    restore_visit(visit, first.snapshot, act)
    assert [member.person for member in visit.members.all()] == [stays]


def test_two_are_chosen_from_the_list(desk: Client, goes: Person, stays: Person) -> None:
    chosen = {"action": "merge_chosen", "_selected_action": [str(stays.pk), str(goes.pk)]}
    answer = desk.post("/admin/diplomacy/person/", chosen)
    assert answer.headers["location"] == f"{MERGE}?goes={goes.slug}&stays={stays.slug}"
    alone = desk.post(
        "/admin/diplomacy/person/", chosen | {"_selected_action": [str(stays.pk)]}, follow=True, headers=ENGLISH
    )
    assert "Choose two people to merge." in alone.content.decode()


def test_a_contributor_sees_mergers_and_makes_none(goes: Person, stays: Person, act: Act) -> None:
    merger = people.merge(goes, stays, act)
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    page = client.get(MERGERS, headers=ENGLISH).content.decode()
    assert "Rodrigo Mendes Costa" in page
    assert "Part again" not in page
    assert client.post(f"{MERGERS}{merger.pk}/undo/").status_code == 403
    assert client.get(MERGE).status_code == 403
