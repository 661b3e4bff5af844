"""What an editor's change costs, in queries: what changed, however long the programme is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.entries.models import Telling
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

LATER = Act(now=factories.NOW + dt.timedelta(hours=1))


def published(items: int) -> tuple[Visit, ProgrammeItem]:
    hours = [replace(factories.PRESS, start_time=dt.time(6 + number)) for number in range(items)]
    visit = factories.visit(factories.VISIT, *hours)
    return visit, visit.items.get(start_time=dt.time(6))


def moved(items: int) -> int:
    """Queries to move one item of a published visit with so many."""
    visit, item = published(items)
    with CaptureQueriesContext(connection) as asked:
        programme.amend_item(item, replace(factories.PRESS, start_time=dt.time(5)), LATER)
    sequences = Telling.objects.filter(audience="public", entry__item__visits=visit).values_list("sequence", flat=True)
    assert sorted(sequences) == [*([0] * (items - 1)), 1]
    return len(asked)


def test_to_move_an_item_asks_as_much_in_a_long_programme_as_in_a_short_one() -> None:
    assert moved(2) == moved(12) <= 82


def test_to_put_a_visit_off_asks_a_few_times_an_item() -> None:
    asked = []
    for items in (2, 12):
        visit, _item = published(items)
        with CaptureQueriesContext(connection) as queries:
            lifecycle.amend(visit, replace(factories.VISIT, end_on=dt.date(2023, 2, 9)), LATER)
        asked.append(len(queries))
    assert (asked[1] - asked[0]) / 10 <= 6
    assert asked[0] <= 82
