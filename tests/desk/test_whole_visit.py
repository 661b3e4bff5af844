"""A visit shifted or cancelled with its items: shown before it is done, and undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.whole_acts import WholeAct
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Revision, Visit
from diplomacy.vocabulary import VisitStatus
from tests import factories
from tests.desk.test_visit import press

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
LATER = factories.NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def visit() -> Visit:
    return factories.visit(factories.VISIT, factories.PRESS)


def look(desk: Client, visit: Visit, **sent: str | int) -> str:
    return desk.get(f"/admin/visits/{visit.pk}/whole/", sent, headers=ENGLISH).content.decode()


def stands(visit: Visit) -> tuple[str, str, str, str, str]:
    visit.refresh_from_db()
    item = visit.items.get()
    return str(visit.start_on), str(visit.end_on), visit.status, f"{item.day} {item.start_time:%H:%M}", item.status


BEFORE = ("2023-02-07", "2023-02-08", "announced", "2023-02-08 15:00", "scheduled")


def test_what_subscribers_will_see_is_shown_and_nothing_is_done_before(desk: Client, visit: Visit) -> None:
    revisions = Revision.objects.count()
    said = look(desk, visit, act="shift", days=1)
    now, then = said.split("Afterwards")[0], said.split("Afterwards")[1]
    assert "7–8 Feb 2023" in now
    assert "8–9 Feb 2023" in then
    assert "CANCELLED" in look(desk, visit, act="cancel")
    assert stands(visit) == BEFORE
    assert Revision.objects.count() == revisions


def test_a_shift_moves_the_items_with_their_hours_and_is_undone(desk: Client, visit: Visit) -> None:
    assert "Done." in press(desk, visit, "whole/", act="shift", days="-1", reason="told by telephone")
    assert stands(visit) == ("2023-02-06", "2023-02-07", "announced", "2023-02-07 15:00", "scheduled")
    assert visit.sequence == 1
    assert "Undone." in undo(desk, visit)
    assert stands(visit) == BEFORE
    assert visit.sequence == 2
    assert "This was undone already." in undo(desk, visit)
    assert stands(visit) == BEFORE


def undo(desk: Client, visit: Visit) -> str:
    return press(desk, visit, "whole/undo/", act=WholeAct.objects.latest("pk").pk)


def test_a_cancellation_takes_the_items_along_and_a_colleague_undoes_it(desk: Client, visit: Visit) -> None:
    assert "Cancelled with its items, by" in press(desk, visit, "whole/", act="cancel", days="", reason="storm")
    assert stands(visit)[2::2] == ("cancelled", "cancelled")
    colleague, other = Client(), factories.user()
    colleague.force_login(other)
    with time_machine.travel(LATER + dt.timedelta(days=9), tick=False):
        page = colleague.get(f"/admin/visits/{visit.pk}/", headers=ENGLISH).content.decode()
        assert "storm" in page
        assert "Undo this" in page
        assert "Undone." in undo(colleague, visit)
    assert stands(visit) == BEFORE
    assert WholeAct.objects.get().undone_by == other


def test_what_was_changed_since_is_not_undone(desk: Client, visit: Visit) -> None:
    press(desk, visit, "whole/", act="cancel", days="")
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=LATER))
    page = desk.get(f"/admin/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "was changed since" in page
    assert "Undo this" not in page
    assert "was changed since" in undo(desk, visit)
    assert stands(visit)[2] == "confirmed"


def test_a_shift_needs_its_days_and_a_page_that_is_out_of_date_does_nothing(desk: Client, visit: Visit) -> None:
    assert "Say by how many days." in look(desk, visit, act="shift")
    assert "This was changed meanwhile." in press(desk, visit, "whole/", act="cancel", days="", version=0)
    assert stands(visit) == BEFORE


def test_a_contributor_moves_nothing(visit: Visit) -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert (
        client.post(f"/admin/visits/{visit.pk}/whole/", {"act": "cancel", "version": visit.version}).status_code == 403
    )
    sent = {"act": "cancel", "version": visit.version}
    for path in ("whole/", "whole/undo/"):
        assert client.post(f"/admin/visits/{visit.pk}/{path}", sent).status_code == 403
