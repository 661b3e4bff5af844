"""Text that PostgreSQL cannot keep, given to every function that writes: it is left out, the rest is kept whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.test import Client

from agenda.entries.models import Telling
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique
from diplomacy.directory.spelling import writable
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Somebody, VisitFacts
from diplomacy.visits.models import Revision
from diplomacy.vocabulary import ItemKind, Precision, Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

# NUL, a bell, a delete, the control characters of Latin-1, half of a UTF-16 pair.
BAD = "\x00\x07\x7f\x85\ud800"


def spoilt(text: str) -> str:
    return f"{BAD}{text[:3]}{BAD}{text[3:]}{BAD}"


def test_every_text_of_a_visit_and_an_item_is_kept_without_them(act: Act) -> None:
    who = Somebody(
        name=spoilt("Ana Prado"), title=spoilt("Foreign Minister"), country="BR", role=Role.HEAD_OF_DELEGATION,
        spellings=(spoilt("Anna Prado"),),
    )  # fmt: skip
    item = ItemFacts(
        kind=ItemKind.PRESS_CONFERENCE, precision=Precision.DAY, day=dt.date(2023, 2, 8), title=spoilt("Address"),
        form=spoilt("joint"), venue=spoilt("Palace"), city=spoilt("Bamako"), country="ML", participants=(who,),
    )  # fmt: skip
    facts = VisitFacts(
        host_country="ML", members=(who,), start_on=dt.date(2023, 2, 7), end_on=dt.date(2023, 2, 8),
        date_text=spoilt("48 heures"), cities=(spoilt("Bamako"),),
    )  # fmt: skip
    act = replace(act, reason=spoilt("because"))
    visit = lifecycle.announce(facts, (item,), act)
    publication.publish(visit, act)
    lifecycle.amend(visit, replace(facts, date_text=spoilt("two days")), act)
    programme.amend_item(visit.items.get(), replace(item, title=spoilt("Statement")), act)
    visit.refresh_from_db()
    kept = visit.items.get()
    assert (visit.date_text, kept.title, kept.form, kept.venue) == ("two days", "Statement", "joint", "Palace")
    member = visit.members.get()
    assert (str(member.person), member.title) == ("Ana Prado", "Foreign Minister")
    assert member.person is not None
    assert set(member.person.names.values_list("text", flat=True)) == {"Ana Prado", "Anna Prado"}
    assert [str(stop) for stop in visit.stops.all()] == ["Bamako"]
    assert set(Revision.objects.values_list("reason", flat=True)) == {"because"}
    assert Telling.objects.filter(view__title="Statement").count() == 2


def test_what_is_around_a_communique_is_kept_without_them() -> None:
    arrival = Arrival(
        original="Visite à Bamako.".encode(), received_at=factories.NOW, published_on=factories.NOW.date(),
        title=spoilt("Title"), filename=spoilt("visit.txt"), identity=spoilt("one"),
    )  # fmt: skip
    version = receive(arrival, factories.source()).version
    found = Communique.objects.get()
    assert (found.title, found.identity, version.filename) == ("Title", "one", "visit.txt")


@pytest.mark.parametrize("name", ["label", "words", "person", "slug"])
def test_the_desk_refuses_them_or_leaves_them_out(desk: Client, name: str) -> None:
    sent = {"selection": "search", "country": "ML", "is_public": "1", "shows_cancelled": "1", "untimed_items": "text",
            "days_before": "90", "days_after": "400", name: "a\x00b"}  # fmt: skip
    path = "/admin/tokens/" if name == "label" else "/admin/calendars/"
    answer = desk.post(path, sent)
    assert answer.status_code == 200
    assert name in answer.context["form"].errors


@pytest.mark.parametrize("path", ["/api/v1/visits/?country=%00", "/api/v1/entries/?q=%00", "/feeds/fr/%00.ics",
                                  "/visits/%00/", "/f/%00/all.ics", "/admin/subscriptions/?q=%00",
                                  "/admin/subscriptions/?feed=%00", "/admin/merge/?goes=%00&stays=%00",
                                  "/admin/diplomacy/visit/?q=%00"])  # fmt: skip
def test_a_question_with_nul_in_it_is_answered(desk: Client, path: str) -> None:
    assert desk.get(path).status_code in {200, 302, 400, 404}


def test_what_is_left_out() -> None:
    assert writable("a\nb\tc\r\n é 🇲🇱 ع") == "a\nb\tc\r\n é 🇲🇱 ع"
    assert writable(BAD) == ""
