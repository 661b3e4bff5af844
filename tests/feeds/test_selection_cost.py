"""A feed cut by keys asks for what has its keys: how long the diary is does not matter to it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet

from agenda.entries.models import Telling
from agenda.feeds.models import Feed, Selection
from agenda.feeds.selection import held, matching
from diplomacy.directory.models import Person
from diplomacy.visits.visibility import Audience
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def steps(rows: QuerySet[Telling]) -> list[str]:
    """How SQLite goes about a question, step by step."""
    return [line for line in rows.explain().splitlines() if " agenda_telling " in f"{line} "]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by what it counted; SQLite here by rule")
@pytest.mark.parametrize("more", [{}, {"country_id": "ML"}, {"kind": "press_conference", "words": "prado"}])
def test_only_tellings_with_the_first_key_are_looked_at(more: dict[str, str]) -> None:
    factories.visit(factories.VISIT, factories.PRESS)
    feed = Feed.objects.create(
        slug="cut", language="fr", selection=Selection.SEARCH, person=Person.objects.get(), **more
    )
    for rows in (matching(feed, Audience.PUBLIC), held(feed, Audience.PUBLIC, factories.NOW.date())):
        assert ["rowid=?" in step for step in steps(rows)] == [True], steps(rows)
    since = steps(matching(feed, Audience.PUBLIC, since=0))
    assert ["audience=? AND position>?" in step for step in since] == [True], since
