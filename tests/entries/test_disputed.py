"""What readers are told where sources disagree: a mark in feed, API and page, and nothing they may not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.models import User
from diplomacy.communiques import disputes, extraction, review, settling
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, Proposal, Source, SourceKind
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests import factories
from tests.conftest import NOW
from tests.feeds.reading import Component, events

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

HOUR = dt.timedelta(hours=1)
TEXT = """Le ministre russe des Affaires étrangères, Grigori Belavin, effectuera une visite officielle à Bamako \
du 7 au {last} février. Une conférence de presse se tiendra le 8 février à {hour} heures."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def read(source: Source, *, now: dt.datetime = NOW, last: int = 8, hour: int = 15, **arrival: Any) -> Proposal:
    text = TEXT.format(last=last, hour=hour)
    told = Arrival(original=text.encode(), received_at=now, published_on=dt.date(2023, 2, 6), **arrival)
    return extraction.extract(receive(told, source).version, now=now).proposals.get()


@pytest.fixture
def by(editor: User) -> Act:
    return Act(now=NOW, by=editor)


@pytest.fixture
def visit(by: Act) -> Visit:
    """As the first source told it, published."""
    review.accept(read(factories.source()), by, publish=True)
    return Visit.objects.get()


def told(visit: Visit, language: str = "en") -> Component:
    """The event of the visit in the public feed."""
    return events(Client().get(f"/feeds/{language}/all.ics").content)[visit.uid]


def api(path: str) -> dict[str, Any]:
    answer: dict[str, Any] = Client().get(f"/api/v1/{path}/").json()
    return answer


def test_a_field_that_sources_disagree_on_is_marked_everywhere_and_its_value_and_status_stay(
    visit: Visit, clock: time_machine.Traveller
) -> None:
    before = told(visit)
    assert api(f"visits/{visit.pk}")["disputed"] == []
    clock.shift(HOUR)
    read(factories.source(), now=NOW + HOUR, last=9)
    after = told(visit)
    assert "Contested by the sources: dates" in after["DESCRIPTION"]
    assert "Contesté par les sources : dates" in told(visit, "fr")["DESCRIPTION"]
    for name in ("STATUS", "SUMMARY", "SEQUENCE", "DTSTART", "DTEND"):
        assert after[name] == before[name]
    assert after["LAST-MODIFIED"] > before["LAST-MODIFIED"]
    said = api(f"visits/{visit.pk}")
    assert (said["disputed"], said["ends_on"]) == (["ends_on"], "2023-02-08")
    for path, line in (("/en", "Contested by the sources: dates"), ("", "Contesté par les sources : dates")):
        assert line in Client().get(f"{path}/visits/{visit.slug}/").content.decode()
    rich = Client().get("/feeds/rich/en/all.ics").content.replace(b"\r\n ", b"")
    assert b"Contested by the sources: dates" in rich


def test_settling_it_takes_the_mark_away_as_one_more_published_change(
    visit: Visit, by: Act, clock: time_machine.Traveller
) -> None:
    read(factories.source(), now=NOW + HOUR, last=9)
    clock.shift(HOUR)
    marked = told(visit)
    clock.shift(HOUR)
    settling.settle(visit, "end", "2023-02-08", replace(by, now=NOW + 2 * HOUR, reason="the ministry is the host"))
    after = told(visit)
    assert "Contested" not in after["DESCRIPTION"]
    assert after["LAST-MODIFIED"] > marked["LAST-MODIFIED"]
    assert after["SEQUENCE"] == marked["SEQUENCE"]
    assert api(f"visits/{visit.pk}")["disputed"] == []
    assert [row.changed for row in visit.revisions.order_by("number")] == [[], ["disputed"], ["disputed"]]


def test_an_items_hour_is_marked_on_the_item_alone(visit: Visit, clock: time_machine.Traveller) -> None:
    clock.shift(HOUR)
    read(factories.source(), now=NOW + HOUR, hour=17)
    item = ProgrammeItem.objects.get()
    said = events(Client().get("/feeds/en/all.ics").content)[item.uid]
    assert "Contested by the sources: hour" in said["DESCRIPTION"]
    assert said["DTSTART"].endswith("20230208T150000")
    assert api(f"items/{item.pk}")["disputed"] == ["start_time"]
    assert api(f"visits/{visit.pk}")["disputed"] == []
    assert "Contested by the sources: hour" in Client().get(f"/en/items/{item.pk}/").content.decode()
    assert "Contested by the sources: hour" in told(visit)["DESCRIPTION"]  # at its line of the programme


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_a_decision_on_the_proposal_settles_it_too(visit: Visit, by: Act, decision: str) -> None:
    proposal = read(factories.source(), now=NOW + HOUR, last=9)
    visit.refresh_from_db()
    assert visit.disputed == ["end_on"]
    getattr(review, decision)(proposal, replace(by, now=NOW + 2 * HOUR, reason="told by telephone"))
    visit.refresh_from_db()
    assert visit.disputed == []
    (found,) = disputes.contradictions_of(visit)
    assert found.ruling is not None
    assert (found.ruling.reason, len(found.voices)) == ("told by telephone", 2)
    assert found.ruling.value == ("2023-02-09" if decision == "accept" else "2023-02-08")


def test_what_is_left_unticked_is_not_settled(visit: Visit, by: Act) -> None:
    proposal = read(factories.source(), now=NOW + HOUR, last=9, hour=17)
    taken = [one["key"] for one in proposal.changes if one["key"].endswith("/when")]
    review.accept(proposal, replace(by, now=NOW + 2 * HOUR), taken=taken)
    visit.refresh_from_db()
    assert (visit.disputed, visit.items.get().disputed) == (["end_on"], [])


def test_a_text_under_embargo_marks_nothing_before_its_end(visit: Visit) -> None:
    version = receive(
        Arrival(original=TEXT.format(last=9, hour=15).encode(), received_at=NOW, published_on=dt.date(2023, 2, 6)),
        factories.source(),
    ).version
    Communique.objects.filter(pk=version.communique_id).update(embargoed_until=NOW + 2 * HOUR)
    extraction.extract(version, now=NOW + HOUR)
    disputes.mark_due(NOW + HOUR)
    visit.refresh_from_db()
    assert visit.disputed == []
    assert disputes.disputed_fields(visit) == {"end"}
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "du 7 au 9" not in page
    disputes.mark_due(NOW + 3 * HOUR)
    visit.refresh_from_db()
    assert visit.disputed == ["end_on"]


@pytest.mark.parametrize(("proven", "disputed"), [("", []), ("gov.example", ["end_on"])])
def test_a_mail_of_an_unproven_sender_marks_nothing_until_an_editor_has_seen_it(
    visit: Visit, proven: str, disputed: list[str]
) -> None:
    source = factories.source()
    Source.objects.filter(pk=source.pk).update(kind=SourceKind.MAILBOX)
    version = receive(
        Arrival(original=TEXT.format(last=9, hour=15).encode(), received_at=NOW, published_on=dt.date(2023, 2, 6)),
        source,
    ).version
    Communique.objects.filter(pk=version.communique_id).update(proven_domain=proven)
    extraction.extract(version, now=NOW + HOUR)
    visit.refresh_from_db()
    assert visit.disputed == disputed
    assert disputes.disputed_fields(visit) == {"end"}


def test_those_who_may_not_see_the_visit_hear_nothing_of_its_dispute(visit: Visit, by: Act) -> None:
    Visit.objects.filter(pk=visit.pk).update(visibility="subscribers")
    read(factories.source(), now=NOW + HOUR, last=9)
    assert "Contested" not in Client().get("/feeds/en/all.ics").content.decode()
    assert Client().get(f"/api/v1/visits/{visit.pk}/").status_code == 410


def test_no_form_is_stale_because_a_source_spoke(visit: Visit) -> None:
    version = visit.version
    read(factories.source(), now=NOW + HOUR, last=9)
    visit.refresh_from_db()
    assert (visit.disputed, visit.version) == (["end_on"], version)


def test_what_waits_does_not_speak_on_the_public_page(visit: Visit) -> None:
    read(factories.source(), now=NOW + HOUR, last=9)
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "du 7 au 8" in page
    assert "du 7 au 9" not in page
