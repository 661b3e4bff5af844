"""A text that tells a known visit or line of a diary again becomes a change of it, never a second one."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, review
from diplomacy.communiques.checking import warnings_on
from diplomacy.communiques.known import look_alikes
from diplomacy.communiques.models import Proposal
from diplomacy.communiques.seen import visit_told
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind
from tests import factories
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

ANNOUNCED = (
    "Le ministre russe des Affaires étrangères, Grigori Belavin, effectuera une visite officielle à Bamako "
    "les 7 et 8 février."
)
AGAIN = (
    "Bamako accueille les 7 et 8 février le ministre russe des Affaires étrangères, Grigory Belavine, "
    "en visite officielle."
)
OTHER = ANNOUNCED.replace("les 7 et 8 février", "les 6 et 7 juin")


def read(text: str) -> list[Proposal]:
    version = factories.version(text)
    return list(extraction.extract(version, now=NOW).proposals.all())


def test_another_spelling_of_the_visitor_changes_the_same_visit(editor: User) -> None:
    (first,) = read(ANNOUNCED)
    review.accept(first, Act(now=NOW, by=editor))
    (second,) = read(AGAIN)
    assert (second.kind, second.visit) == ("change_visit", Visit.objects.get())
    assert second.match_reason.split(",")[:2] == ["like_visitor", "same_host"]
    assert second.match_score is not None
    assert second.match_score >= 0.8


def test_months_later_it_is_another_visit(editor: User) -> None:
    (first,) = read(ANNOUNCED)
    review.accept(first, Act(now=NOW, by=editor))
    (second,) = read(OTHER)
    assert (second.kind, second.visit) == ("new_visit", None)


def test_a_visit_that_was_merged_away_is_not_recognised(editor: User) -> None:
    (first,) = read(ANNOUNCED)
    review.accept(first, Act(now=NOW, by=editor))
    survivor = factories.visit(published=False)
    Visit.objects.exclude(pk=survivor.pk).update(merged_into=survivor)
    (second,) = read(AGAIN)
    assert second.visit is None


def test_a_line_of_a_diary_told_again_is_a_change_to_it(editor: User) -> None:
    line = {
        "kind": "audience", "date": "2023-02-09", "start_time": "10:00", "timezone": "Africa/Bamako",
        "participants": ["Ana Prado", "Modibo Keïta"],
    }  # fmt: skip
    first = factories.proposal(line)
    first.kind, first.path = "new_item", "items.0"
    first.save()
    first = review.accept(first, Act(now=NOW, by=editor))
    reading = {"visits": [], "items": [{**line, "start_time": "11:00", "participants": ["Modibo Keita", "Ana Prado"]}]}
    later = factories.proposal().extraction
    later.reading = reading
    extraction.propose(later, now=NOW)
    change = later.proposals.get(path="items.0")
    assert (change.kind, change.item) == ("change_item", first.item)
    review.accept(change, Act(now=NOW, by=editor))
    item = ProgrammeItem.objects.get(kind=ItemKind.AUDIENCE)
    assert item.start_time == dt.time(11)


def test_look_alikes_are_shown_before_a_visit_is_made_by_hand() -> None:
    known = factories.visit(published=False)
    told = visit_told("new", {
        "visitors": [{"name": "Ana PRADO", "country": "BR"}], "host_country": "ML", "start": "2023-02-09",
    })  # fmt: skip
    ((visit, match),) = look_alikes(told)
    assert (visit, match.reasons) == (known, ("same_visitor", "same_host", "dates_near"))


def test_a_visit_is_warned_of_before_it_is_published(editor: User) -> None:
    (first,) = read(ANNOUNCED.replace("les 7 et 8 février", "le lundi 7 février"))
    review.accept(first, Act(now=NOW, by=editor))
    visit = Visit.objects.get()
    elsewhere = factories.visit(
        published=False, host_country="NE", members=(Somebody(name="Grigori Belavin", country="RU"),), cities=(),
        start_on=dt.date(2023, 2, 6), end_on=dt.date(2023, 2, 9),
    )  # fmt: skip
    Visit.objects.filter(pk=visit.pk).update(end_on=dt.date(2023, 2, 8))
    visit.refresh_from_db()
    found = {warning.code.value: warning.about for warning in warnings_on(visit)}
    assert found == {
        "weekday_disagrees": (str(visit.pk),), "person_in_two_places": (str(visit.pk), str(elsewhere.pk)),
    }  # fmt: skip
