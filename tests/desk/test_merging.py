"""Two visits that are one and the same, made one at the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.test import Client

from diplomacy.communiques.models import Evidence, Proposal, ProposalState
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.facts import Release
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

MERGE = "/admin/merge/"
TALKS = replace(factories.PRESS, kind=ItemKind.BILATERAL_MEETING)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def stays(db: None) -> Visit:
    return factories.visit(factories.VISIT, factories.PRESS)


@pytest.fixture
def goes(stays: Visit) -> Visit:
    return factories.visit(factories.VISIT, TALKS)


def look(desk: Client, goes: Visit, stays: Visit) -> str:
    page = desk.get(MERGE, {"goes": goes.slug, "stays": stays.slug}, headers=ENGLISH)
    assert page.status_code == 200
    return page.content.decode()


def as_shown(goes: Visit, stays: Visit) -> dict[str, object]:
    """What the confirmation page sends back."""
    return {
        "goes": goes.slug, "goes_version": goes.version, "stays": stays.slug, "stays_version": stays.version,
    }  # fmt: skip


def test_the_page_names_what_will_happen_and_does_nothing_yet(desk: Client, goes: Visit, stays: Visit) -> None:
    page = look(desk, goes, stays)
    assert f"{stays.slug} keeps its days" in page
    assert "come to its programme, after its own: bilateral meeting" in page
    assert f"Calendars say “Withdrawn” of {goes.slug} for 30 days after it." in page
    assert "This cannot be undone" in page
    assert "kept back" not in page
    goes.refresh_from_db()
    assert goes.merged_into is None


def test_confirmed_the_one_leads_to_the_other_with_its_items_and_words(
    desk: Client, client: Client, goes: Visit, stays: Visit
) -> None:
    proposal = factories.proposal()
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.ACCEPTED, decided_at=factories.NOW)
    Evidence.objects.create(
        proposal=proposal, field="items.0.kind", start=0, end=10, quote="Communiqué", rule="test", visit=goes,
        item=goes.items.get(),
    )  # fmt: skip
    answer = desk.post(MERGE, as_shown(goes, stays), headers=ENGLISH)
    assert answer.headers["location"] == f"/admin/diplomacy/visit/{stays.pk}/change/"
    goes.refresh_from_db()
    assert (goes.merged_into, goes.publication) == (stays, Publication.WITHDRAWN)
    assert [item.kind for item in stays.items.order_by("lines__position")] == [factories.PRESS.kind, TALKS.kind]
    moved = Client().get(f"/en/visits/{goes.slug}/")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/en/visits/{stays.slug}/")
    page = Client().get(f"/en/visits/{stays.slug}/").content.decode()
    assert "Bilateral meeting" in page
    assert "<blockquote>Communiqué" in page


def test_what_was_changed_since_is_looked_at_again(desk: Client, goes: Visit, stays: Visit) -> None:
    sent = as_shown(goes, stays)
    lifecycle.cancel(stays, Act(now=factories.NOW + dt.timedelta(hours=1)))
    page = desk.post(MERGE, sent, headers=ENGLISH).content.decode()
    assert "One of them was changed since you looked" in page
    goes.refresh_from_db()
    assert goes.merged_into is None


def test_what_cannot_be_merged_is_said_in_a_sentence(desk: Client, goes: Visit, stays: Visit) -> None:
    draft = factories.visit(published=False)
    assert "These are one visit already" in look(desk, stays, stays)
    assert "Publish that first" in look(desk, goes, draft)
    assert "Nothing is known by this name" in desk.get(
        MERGE, {"goes": "nobody", "stays": stays.slug}, headers=ENGLISH
    ).content.decode()  # fmt: skip
    desk.post(MERGE, as_shown(goes, stays))
    said = f"{goes.slug} was merged into {stays.slug} before. Choose that one instead."
    assert said in look(desk, draft, goes)
    assert said in desk.post(MERGE, as_shown(goes, stays), headers=ENGLISH).content.decode()


def test_a_visit_kept_back_warns_that_its_items_will_show(desk: Client, stays: Visit) -> None:
    later = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=1)
    hidden = factories.visit(factories.VISIT, TALKS, release=Release(release_at=later, release_zone="Africa/Bamako"))
    assert "is kept back from the public" in look(desk, hidden, stays)
    assert "is kept back from the public" not in look(desk, stays, hidden)


def test_drafts_stay_drafts(desk: Client, stays: Visit) -> None:
    draft = factories.visit(factories.VISIT, TALKS, published=False)
    page = look(desk, draft, stays)
    assert "stay drafts until they are published" in page
    assert "Withdrawn" not in page
    desk.post(MERGE, as_shown(draft, stays))
    assert "Bilateral meeting" not in Client().get(f"/en/visits/{stays.slug}/").content.decode()


def test_two_are_chosen_from_the_list_and_the_older_stays(desk: Client, stays: Visit) -> None:
    goes = factories.visit(factories.VISIT, TALKS, now=factories.NOW + dt.timedelta(hours=1))
    chosen = {"action": "merge_chosen", "_selected_action": [str(stays.pk), str(goes.pk)]}
    answer = desk.post("/admin/diplomacy/visit/", chosen)
    assert answer.headers["location"] == f"{MERGE}?goes={goes.slug}&stays={stays.slug}"
    alone = desk.post(
        "/admin/diplomacy/visit/", chosen | {"_selected_action": [str(stays.pk)]}, follow=True, headers=ENGLISH
    )
    assert "Choose two visits to merge." in alone.content.decode()


def test_a_merged_visit_of_which_the_public_may_not_know_leads_nowhere(stays: Visit) -> None:
    later = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=1)
    hidden = factories.visit(release=Release(release_at=later, release_zone="Africa/Bamako"))
    lifecycle.merge(stays, hidden, Act(now=factories.NOW))
    assert Client().get(f"/en/visits/{stays.slug}/").status_code == 404
