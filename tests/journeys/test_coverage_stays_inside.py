"""Whom the newsroom sends where reaches no reader: every outlet says the same bytes with coverage as without."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.coverage import watching
from agenda.coverage.models import Coverage, Notice
from agenda.feeds.models import Feed
from agenda.feeds.subscriptions import subscribe
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits.models import ProgrammeItem, Revision, Visit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
CANARIES = ("canary-accreditation", "canary-contact", "canary-assignee")
QUERY = (
    '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/>'
    '</d:prop><c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>'
)


def addresses(visit: Visit, item: ProgrammeItem) -> list[str]:
    """Every address that a reader can ask."""
    found = ["/feeds/all.ics", "/robots.txt", "/api/v1/schema/", "/api/v1/docs/"]
    for feed in Feed.objects.filter(is_public=True).order_by("pk"):
        one = f"{feed.language}/{feed.slug}"
        found += [f"/feeds/{one}.ics", f"/feeds/{one}.json", f"/feeds/rich/{one}.ics"]
    for language in ("fr", "en"):
        found += [f"/feeds/{language}/visits/{visit.slug}.ics", f"/feeds/{language}/items/{item.pk}.ics"]
    for prefix in ("", "/en"):
        pages = ("/", f"/visits/{visit.slug}/", f"/items/{item.pk}/", "/feeds/")
        found += [prefix + page for page in pages]
    api = ("", "visits/", f"visits/{visit.pk}/", "items/", f"items/{item.pk}/", "entries/", "communiques/",
           "people/", "offices/", "countries/", "changes/")  # fmt: skip
    return found + [f"/api/v1/{path}" for path in api]


def everything(visit: Visit, item: ProgrammeItem, private: str) -> dict[tuple[str, str], bytes]:
    """What each address answers to nobody in particular and to a reader who is signed in; private and CalDAV too."""
    reader = Client()
    reader.force_login(factories.user(DeskRole.READER))
    said: dict[tuple[str, str], bytes] = {}
    for who, client in (("anybody", Client()), ("reader", reader)):
        for address in [*addresses(visit, item), private, private.replace(".ics", ".json")]:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            said[who, address] = b"%d %s" % (answer.status_code, body)
    key = base64.b64encode(b"reader:" + private.split("/")[-2].encode()).decode()
    told = Client().generic(
        "REPORT", "/dav/calendar/", QUERY, content_type="application/xml", headers={"authorization": f"Basic {key}"}
    )
    said["subscriber", "CalDAV"] = b"%d %s" % (told.status_code, told.content)
    return said


def test_every_outlet_says_the_same_with_coverage_as_without(settings: Any) -> None:
    settings.AGENDA_CALDAV = True
    with time_machine.travel(factories.NOW, tick=False):
        visit = factories.visit(factories.VISIT, factories.PRESS)
        item = visit.items.get()
        _row, address = subscribe(Feed.objects.get(language="fr", slug="all"), label="phone", by=None)
        private = "/f/" + address.split("/f/")[1]
        before = everything(visit, item, private)
        answered = {key: said[:3] for key, said in before.items()}
        assert sum(status == b"200" for status in answered.values()) > len(answered) * 3 // 4
        assert answered["subscriber", "CalDAV"] == b"207"
        assert b"BEGIN:VEVENT" in before["subscriber", "CalDAV"]
        kept = [revision.snapshot for revision in Revision.objects.order_by("pk")]

        reporter = factories.user(DeskRole.CONTRIBUTOR)
        reporter.username = CANARIES[2]
        reporter.save()
        watching.save(
            Coverage(item=item, text="planned", photo="planned", video="planned", assignee=reporter,
                     accreditation=CANARIES[0], contact=CANARIES[1])
        )  # fmt: skip
        Notice.objects.create(
            coverage=item.coverage,
            recipient=reporter,
            kind="change",
            changes=[],
            made_at=factories.NOW + dt.timedelta(1),
        )
        after = everything(visit, item, private)
    assert {key for key in before if before[key] != after[key]} == set()
    assert not [key for key, said in after.items() for canary in CANARIES if canary.encode() in said]
    assert [revision.snapshot for revision in Revision.objects.order_by("pk")] == kept


def test_what_is_published_after_coverage_was_planned_says_nothing_of_it() -> None:
    from diplomacy.visits import publication
    from diplomacy.visits.acts import Act

    visit = factories.visit(factories.VISIT, factories.PRESS, published=False)
    watching.save(Coverage(item=visit.items.get(), text="planned", accreditation=CANARIES[0], contact=CANARIES[1]))
    publication.publish(visit, Act(now=factories.NOW))
    snapshots = [str(revision.snapshot) for revision in Revision.objects.all()]
    assert len(snapshots) == 2
    assert not [said for said in snapshots for word in (*CANARIES, "planned", "coverage") if word in said]
