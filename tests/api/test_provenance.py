"""Where values come from: the words of texts that speak for what stands, and whose texts they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from diplomacy.communiques import review
from diplomacy.communiques.models import Communique, Evidence, Extraction, Proposal, ProposalKind
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import Visit
from tests import factories
from tests.api.walking import everything, get

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

HOUR = dt.timedelta(hours=1)
TEXT = "Ana Prado se rendra à Bamako. Elle y sera le 7 février 2023.\nConférence de presse à 15 heures."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


def proposal(embargoed_until: dt.datetime | None = None, text: str = TEXT) -> Proposal:
    """A visit as read in a text, with the words for its day and for an item's hour."""
    version = factories.version(text)
    Communique.objects.filter(pk=version.communique_id).update(embargoed_until=embargoed_until)
    extraction = Extraction.objects.create(
        version=version, parser_version="test", reading={}, published_on=factories.NOW.date(), language="fr",
        made_at=factories.NOW,
    )  # fmt: skip
    item = {"kind": "press_conference", "date": "2023-02-07", "start_time": "15:00", "precision": "exact"}
    draft = {
        "visitors": [{"name": "Ana Prado", "country": "BR"}], "host_country": "ML", "cities": ["Bamako"],
        "start": "2023-02-07", "end": "2023-02-07", "items": [item],
    }  # fmt: skip
    made = Proposal.objects.create(
        extraction=extraction, path="visits.0", kind=ProposalKind.NEW_VISIT, draft=draft, made_at=factories.NOW
    )
    for field, quote in {"start": "le 7 février 2023", "items.0.start_time": "15 heures"}.items():
        start = text.index(quote)
        Evidence.objects.create(
            proposal=made, field=field, start=start, end=start + len(quote), quote=quote, rule="test", confidence=0.9
        )
    return made


def accepted(made: Proposal, **changes: object) -> Visit:
    """The visit of a proposal, published; `changes` are what the editor amended of the draft."""
    amended = {**made.draft, **changes} if changes else None
    review.accept(made, Act(now=factories.NOW), publish=True, amended=amended)
    made.refresh_from_db()
    assert made.visit is not None
    return made.visit


def evidence(path: str) -> list[dict[str, Any]]:
    (row,) = everything(f"{path}?include=evidence,sources")
    found: list[dict[str, Any]] = row["evidence"]
    return found


def test_each_value_has_the_words_it_came_from_and_each_entry_its_sources(clock: time_machine.Traveller) -> None:
    visit = accepted(proposal())
    source = Communique.objects.get().source
    (said,) = evidence("visits/")
    assert (said["field"], said["quote"], said["sentence"], said["confidence"]) == (
        "starts_on", "le 7 février 2023", "Elle y sera le 7 février 2023.", 0.9,
    )  # fmt: skip
    assert [(one["field"], one["quote"]) for one in evidence("items/")] == [("start_time", "15 heures")]
    one = get(f"visits/{visit.pk}/?include=sources&fields=sources")
    assert one["sources"] == [
        {
            "communique": said["communique"], "title": TEXT.partition("\n")[0], "slug": source.slug,
            "name": source.name, "published_on": "2023-02-07", "language": "fr",
        }
    ]  # fmt: skip
    assert "evidence" not in get(f"visits/{visit.pk}/")
    counted = {
        query: len(everything(f"entries/?{query}"))
        for query in (f"source={source.slug}", "source=else", "language=fr", "language=en")
    }
    assert list(counted.values()) == [2, 0, 2, 0]
    into = factories.visit()
    lifecycle.merge(visit, into, Act(now=factories.NOW))
    assert len(everything(f"visits/?source={source.slug}")) == 1
    assert len(get(f"visits/{into.pk}/?include=evidence")["evidence"]) == 1


def test_words_of_an_item_that_the_editor_dropped_speak_for_nothing() -> None:
    visit = accepted(proposal(), items=[])
    assert [one["quote"] for one in evidence("visits/")] == ["le 7 février 2023"]
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "Elle y sera" in page
    assert "15 heures" not in page


def test_words_of_a_dropped_item_are_not_anothers_where_the_draft_could_not_stand() -> None:
    made = proposal()
    other = {"kind": "audience", "date": "2023-02-07", "precision": "day"}
    made.draft |= {"host_country": "", "cities": [], "items": [*made.draft["items"], other]}
    made.save()
    accepted(made, host_country="ML", cities=["Bamako"], items=[{**other, "number_read": 1}])
    assert evidence("items/") == []


def test_words_of_values_that_the_editor_did_not_take_speak_for_nothing() -> None:
    made = proposal()
    item = {**made.draft["items"][0], "start_time": "16:00"}
    visit = accepted(made, start="2023-02-06", items=[item])
    assert evidence("visits/") == evidence("items/") == []
    page = Client().get(f"/en/visits/{visit.slug}/").content.decode()
    assert "Elle y sera" not in page
    assert "15 heures" not in page

    again = proposal(text=f"Rappel. {TEXT}")  # the same words, as a change: one is taken, the other is not
    Proposal.objects.filter(pk=again.pk).update(kind=ProposalKind.CHANGE_VISIT, visit=visit)
    again.refresh_from_db()
    review.accept(again, Act(now=factories.NOW), taken=["start"], publish=True)
    assert [one["quote"] for one in evidence("visits/")] == ["le 7 février 2023"] * 2  # of both texts: it stands now
    assert evidence("items/") == []


def test_a_text_under_embargo_is_not_quoted(clock: time_machine.Traveller) -> None:
    made = proposal(embargoed_until=factories.NOW + HOUR)
    visit = accepted(made)
    lifecycle.set_release(visit, Release(), Act(now=factories.NOW))
    assert evidence("visits/") == []
    assert everything("visits/?language=fr") == []
    clock.shift(HOUR)
    assert len(evidence("visits/")) == len(everything("visits/?language=fr")) == 1
    then = f"as_of={factories.NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert everything(f"visits/?language=fr&{then}") == []
    assert everything(f"visits/?{then}&include=evidence")[0]["evidence"] == []


def test_more_entries_cost_no_more_queries(django_assert_max_num_queries: Any) -> None:
    visit = accepted(proposal())
    for _number in range(3):
        factories.visit()
    with django_assert_max_num_queries(7):
        rows = Client().get("/api/v1/visits/?include=evidence,sources").json()["results"]
    assert len(rows) == 4
    assert [row["id"] for row in rows if row["sources"]] == [str(visit.pk)]
