"""The other forms of a calendar: jCal, the rich profile, and one visit or item to import (E9, H7)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import icalendar
import pytest
from django.test import Client

from agenda.feeds.models import Feed, Selection
from diplomacy.directory.models import Office, Person
from diplomacy.directory.registry import country_coded
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit

from .diary import ALL, BAMAKO, IN_ORDER, OPEN_END, TIMED, after, alone, body, item_of
from .reading import components, events, properties
from .test_changes import private

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visit(act: Act) -> Visit:
    visit = lifecycle.announce(BAMAKO, (TIMED, OPEN_END, *IN_ORDER), act)
    publication.publish(visit, act)
    return visit


@pytest.mark.contract("H7")
def test_h7_jcal_has_its_own_address_and_says_the_same(client: Client, visit: Visit) -> None:
    answer = client.get("/feeds/fr/all.json")
    assert answer["Content-Type"] == "application/calendar+json; charset=utf-8"
    name, own, parts = json.loads(answer.content)
    assert name == "vcalendar"
    assert ["refresh-interval", {}, "duration", "PT1H"] in own
    plain = events(body(client))
    found = {}
    for kind, lines, _nested in parts:
        if kind == "vevent":
            values = {line[0]: line for line in lines}
            found[values["uid"][3]] = values
    assert set(found) == set(plain)
    item = found[item_of(visit, TIMED).uid]
    assert item["dtstart"] == ["dtstart", {"tzid": "Africa/Bamako"}, "date-time", "2023-02-08T15:00:00"]
    assert item["sequence"] == ["sequence", {}, "integer", 0]
    assert item["location"][3] == "Palais de Koulouba, Bamako"
    assert item["related-to"] == ["related-to", {"reltype": "PARENT"}, "text", visit.uid]
    written = plain[item_of(visit, TIMED).uid]["GEO"]
    assert item["geo"][2:] == ["float", [float(part) for part in written.split(";")]]
    assert found[visit.uid]["dtstart"] == ["dtstart", {}, "date", "2023-02-07"]
    assert "\n1. " in found[visit.uid]["description"][3]
    assert client.get("/feeds/fr/all.json", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get(private().replace(".ics", ".json")).status_code == 200


@pytest.mark.contract("E9")
def test_e9_the_rich_profile_is_apart_and_names_people_and_places(client: Client, visit: Visit) -> None:
    rich = client.get("/feeds/rich/fr/all.ics")
    plain = body(client)
    assert b"BEGIN:PARTICIPANT" not in plain
    assert set(events(rich.content)) == set(events(plain))
    people = components(rich.content, "PARTICIPANT")
    assert {person["SUMMARY"] for person in people} == {"Sergueï Lavrov", "Abdoulaye Diop"}
    assert len({person["UID"] for person in people}) == len(people)
    places = {place["NAME"] for place in components(rich.content, "VLOCATION")}
    assert "Palais de Koulouba\\, Bamako" in places
    assert events(rich.content)[visit.uid].head("LINK") == "LINK;LINKREL=alternate;FMTTYPE=text/html;VALUE=URI"
    assert len(icalendar.Calendar.from_ical(rich.content).events) == len(events(plain))
    publication.withdraw(visit, after(0.5))
    withdrawn = client.get("/feeds/rich/fr/all.ics").content
    assert not components(withdrawn, "PARTICIPANT")
    assert rich["ETag"] != client.get("/feeds/rich/fr/all.ics")["ETag"]


def test_a_visit_to_import_is_an_update_of_itself(client: Client, visit: Visit) -> None:
    address = f"/feeds/fr/visits/{visit.slug}.ics"
    answer = client.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{visit.slug}.ics"'
    own = properties(answer.content)
    assert not {"METHOD", "X-WR-CALNAME", "NAME", "REFRESH-INTERVAL"} & set(own.names)
    before = events(answer.content)
    assert set(before) == {visit.uid, item_of(visit, TIMED).uid, item_of(visit, OPEN_END).uid}
    assert before[visit.uid].lines == events(body(client))[visit.uid].lines
    lifecycle.cancel(visit, after(1))
    now = events(body(client, address))
    assert set(now) == set(before)
    for uid, event in now.items():
        assert int(event["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
        assert event["LAST-MODIFIED"] > before[uid]["LAST-MODIFIED"]
        assert event["STATUS"] == "CANCELLED"
    assert client.get("/feeds/fr/visits/nobody.ics").status_code == 404
    assert client.get(f"/feeds/xx/visits/{visit.slug}.ics").status_code == 404


def test_an_item_to_import(client: Client, act: Act) -> None:
    item = alone(TIMED)
    address = f"/feeds/en/items/{item.pk}.ics"
    answer = client.get(address)
    assert set(events(answer.content)) == {item.uid}
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    draft = programme.add_item(TIMED, act)
    assert client.get(f"/feeds/en/items/{draft.pk}.ics").status_code == 404
    assert client.post(address).status_code == 405


@pytest.mark.contract("F4")
@pytest.mark.parametrize("cut", ["office", "pair", "kind", "press", "search", "person", "visit"])
def test_f4_feeds_cut_to_need(client: Client, visit: Visit, cut: str) -> None:
    other = alone(replace(OPEN_END, city="Dakar", country="SN"))
    ministers = Office.objects.filter(title="ministre", country="RU")
    cuts: dict[str, dict[str, Any]] = {
        "office": {"office": ministers.first()},
        "pair": {"country": country_coded("RU"), "second_country": country_coded("ML")},
        "kind": {"kind": "press_conference"},
        "press": {"press_access": "open"},
        "search": {"words": "KOULOUBA lavrov"},
        "person": {"person": Person.objects.get(name="Sergueï Lavrov")},
        "visit": {"visit": visit},
    }
    chosen = cuts[cut]
    feed = Feed.objects.create(language="fr", slug="coupe", selection=Selection(cut), **chosen)
    found = events(body(client, f"/feeds/fr/{feed.slug}.ics"))
    assert item_of(visit, TIMED).uid in found
    assert other.uid not in found
    assert (item_of(visit, OPEN_END).uid in found) == (cut in {"office", "pair", "person", "visit"})


def test_the_address_of_everything_is_there_from_the_first_day(client: Client) -> None:
    assert client.get("/feeds/en/all.json").status_code == 200
    assert client.get(ALL).status_code == 200
