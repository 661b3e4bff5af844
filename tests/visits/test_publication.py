"""What a published change does to revisions, SEQUENCE and the time of the last change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind, Precision, PressAccess, Role, VisitStatus

pytestmark = pytest.mark.django_db

PRESS = ItemFacts(
    kind=ItemKind.PRESS_CONFERENCE, precision=Precision.EXACT, day=dt.date(2023, 2, 8), start_time=dt.time(15)
)
FACTS = VisitFacts(
    host_country="ML",
    members=(Somebody(name="Ana Prado", title="Foreign Minister", country="BR", role=Role.HEAD_OF_DELEGATION),),
    start_on=dt.date(2023, 2, 7),
    end_on=dt.date(2023, 2, 8),
    cities=("Bamako",),
)


@pytest.fixture
def visit(act: Act) -> Visit:
    return lifecycle.announce(FACTS, (PRESS,), act)


def later(act: Act, hours: int = 1) -> Act:
    return replace(act, now=act.now + dt.timedelta(hours=hours))


def test_a_draft_has_no_revision(visit: Visit, act: Act) -> None:
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, act)
    assert not visit.revisions.exists()


def test_publishing_keeps_the_whole_state(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    revision = visit.revisions.get()
    assert (revision.number, revision.sequence, revision.made_at) == (1, 0, act.now)
    assert revision.snapshot["start_on"] == "2023-02-07"
    assert revision.snapshot["members"][0]["person"]["name"] == "Ana Prado"
    assert len(revision.snapshot["programme"]) == 1


def test_publishing_again_changes_nothing(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    publication.publish(visit, later(act))
    visit.refresh_from_db()
    assert (visit.revisions.count(), visit.revised_at) == (1, act.now)


def test_a_new_status_raises_the_sequence(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, later(act))
    visit.refresh_from_db()
    assert (visit.sequence, visit.revised_at) == (1, later(act).now)


def test_press_access_is_a_change_but_no_new_sequence(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    item = visit.items.get()
    programme.amend_item(item, replace(PRESS, press_access=PressAccess.OPEN), later(act))
    item.refresh_from_db()
    assert (item.sequence, item.revised_at, item.revisions.count()) == (0, later(act).now, 2)


def test_another_hour_raises_the_sequence_of_the_item_and_retells_the_visit(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    item = visit.items.get()
    programme.amend_item(item, replace(PRESS, start_time=dt.time(16)), later(act))
    item.refresh_from_db()
    visit.refresh_from_db()
    assert (item.sequence, visit.sequence, visit.revised_at) == (1, 0, later(act).now)


def test_the_uid_never_changes(visit: Visit, act: Act) -> None:
    uid = visit.uid
    publication.publish(visit, act)
    lifecycle.amend(visit, replace(FACTS, host_country="SN", cities=("Dakar",)), later(act))
    lifecycle.cancel(visit, later(act, 2))
    assert Visit.objects.get(pk=visit.pk).uid == uid
    assert uid.endswith("@diary.test")


def test_cancelling_a_visit_cancels_its_items(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    lifecycle.cancel(visit, later(act))
    assert visit.items.get().status == "cancelled"


def test_the_zone_of_an_hour_is_the_host_citys(visit: Visit) -> None:
    assert visit.items.get().zone == "Africa/Bamako"


def test_no_zone_is_guessed_in_a_country_of_several(act: Act) -> None:
    visit = lifecycle.announce(replace(FACTS, host_country="US", cities=()), (PRESS,), act)
    assert visit.items.get().zone == ""


def test_a_last_day_before_the_first_is_refused(act: Act) -> None:
    with pytest.raises(ValidationError, match=r"before|précède|avant"):
        lifecycle.announce(replace(FACTS, end_on=dt.date(2023, 2, 1)), (), act)


def test_a_revision_cannot_be_changed(visit: Visit, act: Act) -> None:
    publication.publish(visit, act)
    with pytest.raises(ValidationError):
        visit.revisions.get().save()
