"""Other forms of entries: CSV, schema.org, ninjs, iCalendar and jCal, each per list and per entry."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import icalendar
import pytest
import time_machine
from django.test import Client
from jsonschema import Draft202012Validator

from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind, PartOfDay, Precision
from tests import factories
from tests.api.walking import get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NINJS = Draft202012Validator(
    json.loads(Path(__file__).with_name("ninjs_3_1_event.schema.json").read_text(encoding="utf-8")),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
FORMS = ("csv", "jsonld", "ninjs", "ics", "jcal")
DINNER = ItemFacts(
    kind=ItemKind.OFFICIAL_DINNER, precision=Precision.PART_OF_DAY, part_of_day=PartOfDay.EVENING,
    day=dt.date(2023, 2, 7),
)  # fmt: skip
TALKS = ItemFacts(
    kind=ItemKind.BILATERAL_MEETING, precision=Precision.EXACT, day=dt.date(2023, 7, 8), zone="Europe/Paris",
    start_time=dt.time(10), end_time=dt.time(11, 30), city="Paris", country="FR",
    participants=(Somebody(name="Ana Prado", country="BR"), Somebody(title="=Minister", country="FR")),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def visit() -> Visit:
    """A visit with an hour, an evening and a line without a day; a talk in Paris; a visit without days; one put off."""
    made = factories.visit(factories.VISIT, factories.PRESS, DINNER, ItemFacts(kind=ItemKind.AUDIENCE))
    factories.item(TALKS)
    factories.visit(host_country="SN", cities=(), start_on=None, end_on=None, date_text="en mars")
    put_off = factories.visit(host_country="SN", cities=("Dakar",))
    lifecycle.amend(
        put_off, replace(factories.VISIT, start_on=dt.date(2023, 5, 1), end_on=None), Act(now=factories.NOW)
    )
    return made


def said(path: str) -> Any:
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer


def test_a_table_has_a_line_each_with_hours_of_the_host_and_no_formula(visit: Visit) -> None:
    answer = said("entries.csv?lang=en")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    ours = {row["id"]: row for row in get("entries/?lang=en")["results"]}
    assert {pk: row["title"].lstrip("'") for pk, row in rows.items()} == {pk: row["title"] for pk, row in ours.items()}
    (talks,) = [row for row in rows.values() if row["kind"] == "bilateral_meeting"]
    assert (talks["starts_at"], talks["ends_at"], talks["zone"]) == (
        "2023-07-08T10:00:00+02:00", "2023-07-08T11:30:00+02:00", "Europe/Paris",
    )  # fmt: skip
    assert talks["people"] == "Ana Prado; =Minister"
    (dinner,) = [row for row in rows.values() if row["kind"] == "official_dinner"]
    assert (dinner["starts_on"], dinner["starts_at"], dinner["hour"]) == ("2023-02-07", "", "evening")
    link = said("entries.csv?limit=2")["Link"]
    assert 'rel="next"' in link
    assert "entries.csv?cursor=" in link or "entries.csv?limit=2&cursor=" in link


def test_schema_org_says_no_more_than_is_known(visit: Visit) -> None:
    answer = said("entries/?format=jsonld&lang=en")
    assert answer["Content-Type"] == "application/ld+json"
    document = answer.json()
    events = {line["item"]["identifier"]: line["item"] for line in document["itemListElement"]}
    assert document["numberOfItems"] == len(events) == 7
    talks = next(event for event in events.values() if event.get("startDate", "").startswith("2023-07-08"))
    assert (talks["startDate"], talks["endDate"]) == ("2023-07-08T10:00:00+02:00", "2023-07-08T11:30:00+02:00")
    assert talks["location"][0]["address"] == {
        "@type": "PostalAddress", "addressLocality": "Paris", "addressCountry": "FR",
    }  # fmt: skip
    without_days = [event for event in events.values() if "startDate" not in event]
    assert len(without_days) == 2
    alone = said(f"visits/{visit.pk}.jsonld").json()
    assert (alone["@context"], alone["@type"], len(alone["subEvent"])) == ("https://schema.org", "Event", 3)
    assert [part.get("startDate") for part in alone["subEvent"]] == ["2023-02-07", "2023-02-08T15:00:00+00:00", None]
    statuses = {event["eventStatus"].rpartition("/")[2] for event in events.values()}
    assert statuses <= {"EventScheduled", "EventRescheduled", "EventPostponed", "EventCancelled"}


def test_ninjs_is_valid_and_keeps_a_day_a_day(visit: Visit) -> None:
    whole = said("entries.ninjs?lang=en").json()
    NINJS.validate(whole)
    dates = {
        event["subjects"][0]["name"]: event.get("eventDetails", {}).get("dates") for event in whole["associations"]
    }
    assert dates["Official dinner"] == {"expectedStartDate": "2023-02-07", "expectedEndDate": "2023-02-07"}
    assert dates["Press conference"] == {"startDate": "2023-02-08T15:00:00+00:00"}
    assert dates["Audience"] is None
    alone = said(f"visits/{visit.pk}/?format=ninjs").json()
    NINJS.validate(alone)
    assert (alone["type"], len(alone["associations"])) == ("event", 3)


def test_calendars_have_what_has_a_day(visit: Visit) -> None:
    calendar = icalendar.Calendar.from_ical(said("entries.ics").content)
    assert len(calendar.walk("VEVENT")) == 5
    (jcal,) = [Client().get("/api/v1/entries/", headers={"Accept": "application/calendar+json"}).json()]
    assert sum(part[0] == "vevent" for part in jcal[2]) == 5
    (alone,) = icalendar.Calendar.from_ical(said(f"visits/{visit.pk}.ics").content).walk("VEVENT")
    assert alone["UID"] == visit.uid
    assert alone["SEQUENCE"] == get(f"visits/{visit.pk}/")["sequence"]


def in_some_order(form: str, content: bytes) -> object:
    """An answer whose lists are in one order: rows of equal days may come in another one of the past."""

    def sort(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: sort(part) for name, part in value.items() if name != "position"}
        return sorted(map(sort, value), key=json.dumps) if isinstance(value, list) else value

    return sort(json.loads(content)) if form in {"jsonld", "ninjs", "jcal"} else sorted(content.splitlines())


def test_what_was_known_then_and_problems_come_in_every_form(visit: Visit) -> None:
    then = f"as_of={factories.NOW:%Y-%m-%dT%H:%M:%SZ}"
    for form in FORMS:
        for path in ("visits", "items", "entries", f"visits/{visit.pk}"):
            known = said(f"{path}.{form}?{then}").content.replace(f"?{then}".encode(), b"")
            assert in_some_order(form, known) == in_some_order(form, said(f"{path}.{form}").content)
        problem = Client().get(f"/api/v1/visits.{form}?starts_from=soon")
        assert (problem.status_code, problem["Content-Type"]) == (400, "application/problem+json")
        assert problem.json()["errors"][0]["parameter"] == "starts_from"
    assert Client().get("/api/v1/visits/", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("form", FORMS)
def test_more_entries_cost_no_more_queries(form: str, django_assert_max_num_queries: Any) -> None:
    factories.visit(factories.VISIT, factories.PRESS, DINNER)
    with django_assert_max_num_queries(6):
        said(f"entries.{form}")
    factories.visit(factories.VISIT, factories.PRESS, DINNER)
    with django_assert_max_num_queries(6):
        said(f"entries.{form}")
