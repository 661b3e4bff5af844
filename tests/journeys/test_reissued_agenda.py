"""A weekly agenda and its re-issue: what was listed before is changed, not listed twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, review
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import Extraction, Proposal, Source
from diplomacy.communiques.unlisted import unlisted_among
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem
from tests import factories
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

WEEK = """Agenda de la ministre des Affaires étrangères du Brésil, Ana Prado

Lundi 6 février 2023
9h00 : Entretien avec M. Rui Costa, ministre portugais de l'Économie

Mardi 7 février 2023
15h00 : Audience à Mme Lia Moreau, ambassadrice de France

Vendredi 10 février 2023
11h00 : Discours à l'université de Brasilia
"""
AGAIN = """Agenda de la ministre des Affaires étrangères du Brésil, Ana Prado

Lundi 6 février 2023
9h00 : Entretien avec M. Rui Costa, ministre portugais de l'Économie

Mercredi 8 février 2023
16h00 : Audience à Mme Lia Moreau, ambassadrice de France

Jeudi 9 février 2023
10h00 : Cérémonie de signature avec M. Paul Ndiaye, ministre sénégalais
"""


def read(text: str, source: Source, *, days: int = 0) -> Extraction:
    moment = NOW + dt.timedelta(days=days)
    arrival = Arrival(original=text.encode(), received_at=moment, published_on=dt.date(2023, 2, 3 + days))
    return extraction.extract(receive(arrival, source).version, now=moment)


def by_kind(edition: Extraction) -> dict[str, Proposal]:
    return {row.draft["kind"]: row for row in edition.proposals.all()}


@pytest.fixture
def source() -> Source:
    return factories.source()


@pytest.fixture
def act(editor: User) -> Act:
    return Act(now=NOW, by=editor)


def states(edition: Extraction) -> dict[Any, str]:
    rows = EditionLine.objects.filter(edition=edition).select_related("now", "before")
    return {(row.now or row.before).draft["kind"]: row.state for row in rows}  # type: ignore[union-attr]


def test_a_re_issue_changes_the_lines_that_it_lists_again(source: Source, act: Act) -> None:
    first = read(WEEK, source)
    assert set(by_kind(first)) == {"bilateral_meeting", "audience", "speech"}
    for proposal in by_kind(first).values():
        review.accept(proposal, act)
    second = read(AGAIN, source, days=2)
    assert states(second) == {
        "bilateral_meeting": "unchanged", "audience": "moved", "signing": "added", "speech": "no_longer_listed",
    }  # fmt: skip
    proposals = by_kind(second)
    assert (proposals["bilateral_meeting"].kind, proposals["bilateral_meeting"].state) == ("change_item", "confirming")
    audience = proposals["audience"]
    assert (audience.kind, audience.match_reason) == ("change_item", "same_line")
    review.accept(audience, act)
    assert ProgrammeItem.objects.count() == 3
    moved = ProgrammeItem.objects.get(kind="audience")
    assert (moved.day, moved.start_time, moved.original_day) == (
        dt.date(2023, 2, 8), dt.time(16), dt.date(2023, 2, 7),
    )  # fmt: skip


def test_no_longer_listed_is_no_cancellation_and_ends_when_it_is_listed_again(source: Source, act: Act) -> None:
    for proposal in by_kind(read(WEEK, source)).values():
        review.accept(proposal, act)
    read(AGAIN, source, days=2)
    speech = ProgrammeItem.objects.get(kind="speech")
    assert speech.status == "scheduled"
    assert list(unlisted_among(ProgrammeItem.objects.values_list("pk", flat=True))) == [speech.pk]
    read(WEEK + " ", source, days=3)
    assert not unlisted_among([speech.pk])


def test_what_still_waited_waits_in_the_newer_edition_only(source: Source) -> None:
    first, second = read(WEEK, source), read(AGAIN, source, days=2)
    assert {kind: row.state for kind, row in by_kind(first).items()} == {
        "bilateral_meeting": "superseded", "audience": "superseded", "speech": "waiting",
    }  # fmt: skip
    assert {row.state for row in second.proposals.all()} == {"waiting"}


def test_what_was_rejected_is_not_asked_again_in_the_same_words(source: Source, act: Act) -> None:
    review.reject(by_kind(read(WEEK, source))["bilateral_meeting"], act)
    assert by_kind(read(AGAIN, source, days=2))["bilateral_meeting"].state == "confirming"


def test_another_sources_agenda_is_no_edition_of_this_one(source: Source) -> None:
    read(WEEK, source)
    assert states(read(AGAIN, factories.source(), days=2)) == {}
