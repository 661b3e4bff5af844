"""What the diary's rows show of items that belong to visits."""

from __future__ import annotations

import pytest
from django.test import Client

from agenda.feeds.models import Feed
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine, Visit
from diplomacy.vocabulary import Visibility
from tests.visits.test_publication import FACTS, PRESS

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def opens(client: Client, item: ProgrammeItem) -> bool:
    return client.get(f"/items/{item.pk}/").status_code == 200


def test_an_item_published_alone_waits_for_its_visit(client: Client, act: Act) -> None:
    visit = lifecycle.announce(FACTS, (PRESS,), act, release=Release(visibility=Visibility.INTERNAL))
    item = visit.items.get()
    publication.publish_item(item, act)
    assert not opens(client, item)
    assert not Feed.objects.exclude(slug="all").exists()


def test_it_shows_once_its_visit_is_published(client: Client, act: Act) -> None:
    visit = lifecycle.announce(FACTS, (PRESS,), act)
    item = visit.items.get()
    publication.publish_item(item, act)
    assert not opens(client, item)
    publication.publish(visit, act)
    assert opens(client, item)


def shared(act: Act) -> tuple[ProgrammeItem, Visit, Visit]:
    """An item of a published visit and of a draft one."""
    first, second = lifecycle.announce(FACTS, (), act), lifecycle.announce(FACTS, (), act)
    item = programme.add_item(PRESS, act, visit=first)
    ProgrammeLine.objects.create(visit=second, item=item, position=1)
    publication.publish(first, act)
    return item, first, second


def test_a_shared_item_goes_with_the_last_visit_that_shows(client: Client, act: Act) -> None:
    item, first, second = shared(act)
    assert opens(client, item)
    publication.withdraw(first, act)
    assert not opens(client, item)
    publication.publish(second, act)
    assert opens(client, item)


def test_a_withdrawn_visit_lends_its_item_no_openness(client: Client, act: Act) -> None:
    item, first, second = shared(act)
    second.visibility = Visibility.INTERNAL
    second.save()
    publication.publish(second, act)
    publication.withdraw(first, act)
    assert not opens(client, item)


def test_an_item_without_a_visit_shows_by_itself(client: Client, act: Act) -> None:
    item = programme.add_item(PRESS, act)
    publication.publish_item(item, act)
    assert opens(client, item)
