"""What the desk asks the database does not grow with the diary (how long it takes: benchmarks/desk)."""

from __future__ import annotations

import pytest

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
