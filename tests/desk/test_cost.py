"""What the desk asks the database does not grow with the diary (how long it takes: benchmarks/desk)."""

from __future__ import annotations

import pytest

from benchmarks.desk import deciding
from benchmarks.desk.measure import MOST_QUERIES, editor, fill, pages, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def test_queue_and_review_page_ask_no_more_of_a_larger_diary() -> None:
    asked: list[dict[str, int]] = []
    for seed, visits in ((1, 60), (2, 400)):
        fill(visits, seed=seed)
        client = editor()
        asked.append({name: queries_of(client, address(0)) for name, address in pages().items()})
    few, many = asked
    assert all(queries <= MOST_QUERIES for queries in [*few.values(), *many.values()]), asked
    assert max(many.values()) <= max(few.values()), asked


def test_a_decision_asks_no_more_for_a_long_programme_or_where_more_waits() -> None:
    client = editor()
    asked = {
        name: deciding.measure(client, make, runs=0).queries
        for name, make in deciding.decisions().items()
        if not name.startswith(f"accept {deciding.MOVED}")
    }
    few, many, _among, one_of_few, one_of_many = asked.values()
    assert many <= few, asked
    assert max(asked.values()) <= few + 15, asked  # what waits is looked at, by the same queries however much it is
    assert one_of_many <= one_of_few, asked
