"""The load to measure with: the shape it promises, and the same for the same seed."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.communiques.seeding import BUSIEST_DAY, plan
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import VisitStatus

TODAY = dt.date(2026, 1, 1)
COUNTRIES = [f"{number:02}" for number in range(50)]


def test_the_same_seed_is_the_same_plan() -> None:
    first, again, other = (
        list(plan(300, seed=seed, today=TODAY, countries=COUNTRIES)) for seed in (1, 1, 2)
    )  # fmt: skip
    assert first == again
    assert first != other


def test_a_plan_has_the_shape_it_promises() -> None:
    visits = list(plan(5000, seed=1, today=TODAY, countries=COUNTRIES))
    days = Counter(
        one.start_on + dt.timedelta(days=offset)
        for one in visits
        for offset in range((one.end_on - one.start_on).days + 1)
    )
    assert max(days.values()) <= BUSIEST_DAY
    assert min(days) >= TODAY - dt.timedelta(days=365 * 25)
    assert max(days) <= TODAY + dt.timedelta(days=368)
    changed = sum(one.status in {VisitStatus.POSTPONED, VisitStatus.CANCELLED} for one in visits)
    assert 0.06 < changed / len(visits) < 0.1
    hosts = [count for _host, count in Counter(one.host for one in visits).most_common()]
    assert hosts[0] > 5 * hosts[-1]


def test_more_than_the_years_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        next(plan(10**6, seed=1, today=TODAY, countries=COUNTRIES))


@pytest.mark.django_db
def test_the_load_is_written_once_and_can_stand() -> None:
    call_command("seed_load", "--visits", "20", verbosity=0)
    assert (Visit.objects.count(), Proposal.objects.count()) == (20, 40)
    assert 7 <= ProgrammeItem.objects.count() / 20 <= 13
    for visit in Visit.objects.all():
        visit.full_clean()
    for item in ProgrammeItem.objects.all():
        item.full_clean(exclude=["place"])
    for span in Evidence.objects.select_related("proposal__extraction__version"):
        assert span.proposal.extraction.version.text[span.start : span.end] == span.quote
    with pytest.raises(CommandError, match="already"):
        call_command("seed_load", "--visits", "20", verbosity=0)
