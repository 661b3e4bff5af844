"""One visit to Bamako with items of every precision, and what a client reads of it: shared by the tests of feeds."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from agenda.feeds.models import Feed, Subscription
from agenda.feeds.tokens import new_token
from diplomacy.visits import programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, PartOfDay, Precision, PressAccess, Role, VisitStatus
from tests.conftest import NOW

from .reading import Component, events

ALL, ALL_EN = "/feeds/fr/all.ics", "/feeds/en/all.ics"
DAY = dt.date(2023, 2, 8)
LAVROV = Somebody(name="Sergueï Lavrov", title="ministre", country="RU", role=Role.HEAD_OF_DELEGATION)
DIOP = Somebody(name="Abdoulaye Diop", title="ministre", country="ML", role=Role.COUNTERPART)

TIMED = ItemFacts(
    kind=ItemKind.PRESS_CONFERENCE, precision=Precision.EXACT, day=DAY, start_time=dt.time(15), end_time=dt.time(16),
    city="Bamako", venue="Palais de Koulouba", press_access=PressAccess.OPEN, participants=(LAVROV, DIOP),
)  # fmt: skip
OPEN_END = ItemFacts(
    kind=ItemKind.BILATERAL_MEETING, precision=Precision.EXACT, day=DAY, start_time=dt.time(10, 30), city="Bamako"
)
IN_ORDER = (
    ItemFacts(kind=ItemKind.COURTESY_CALL),
    ItemFacts(kind=ItemKind.ENLARGED_SESSION),
    ItemFacts(kind=ItemKind.WORKING_MEAL),
)
ON_A_DAY = ItemFacts(kind=ItemKind.SIGNING, precision=Precision.DAY, day=DAY)
IN_THE_MORNING = ItemFacts(
    kind=ItemKind.AUDIENCE, precision=Precision.PART_OF_DAY, part_of_day=PartOfDay.MORNING, day=DAY, country="ML"
)
NO_ZONE = ItemFacts(kind=ItemKind.SPEECH, precision=Precision.EXACT, day=DAY, start_time=dt.time(10), country="US")
BAMAKO = VisitFacts(
    host_country="ML", members=(LAVROV, DIOP), start_on=dt.date(2023, 2, 7), end_on=DAY, cities=("Bamako",),
    status=VisitStatus.CONFIRMED,
)  # fmt: skip


def after(hours: float) -> Act:
    return Act(now=NOW + dt.timedelta(hours=hours))


def alone(facts: ItemFacts) -> ProgrammeItem:
    """An item of somebody's own diary, published."""
    item = programme.add_item(facts, Act(now=NOW))
    publication.publish_item(item, Act(now=NOW))
    return item


def item_of(visit: Visit, facts: ItemFacts) -> ProgrammeItem:
    return visit.items.get(kind=facts.kind)


def body(client: Client, address: str = ALL, **headers: str) -> bytes:
    response = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == 200
    return response.content


def event_of(client: Client, subject: Visit | ProgrammeItem, address: str = ALL) -> Component:
    return events(body(client, address))[subject.uid]


def subscription(slug: str = "all") -> tuple[Subscription, str]:
    feed, _made = Feed.objects.get_or_create(language="fr", slug=slug, defaults={"selection": "all"})
    token, digest = new_token()
    return Subscription.objects.create(feed=feed, label="phone", token_sha256=digest), f"/f/{token}/{slug}.ics"
