"""The seed story told on: a visit is announced, corrected by the editor, told again, and cancelled in part."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, review, settling
from diplomacy.communiques.claims import Claim
from diplomacy.communiques.disputes import contradictions_of, disputed_fields
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Evidence, Proposal, Source
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests import factories
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

ANNOUNCED = """Le ministre russe des Affaires étrangères, Grigori Belavin, effectuera une visite officielle à Bamako \
les 7 et 8 février. Une conférence de presse se tiendra le 8 février à 15 heures."""
AGAIN = """Le ministre russe des Affaires étrangères, Grigory Belavine, effectue une visite officielle à Bamako \
les 7 et 8 février. La conférence de presse se tiendra le 8 février à 17 heures. \
Un dîner officiel sera offert le 7 février à 20 heures."""
SECOND_DAY = """La journée du 8 février de la visite du ministre russe des Affaires étrangères, Grigori Belavin, à \
Bamako est annulée."""
PUT_OFF = """La visite officielle à Bamako du ministre russe des Affaires étrangères, Grigori Belavine, est reportée \
au 10 mars 2023."""


def read(text: str, source: Source, *, days: int = 0) -> Proposal:
    moment = NOW + dt.timedelta(days=days)
    version = receive(
        Arrival(original=text.encode(), received_at=moment, published_on=dt.date(2023, 2, 6)), source
    ).version
    return extraction.extract(version, now=moment).proposals.get()


def outcomes(proposal: Proposal) -> dict[str, str]:
    """What is to be done with what a proposal says, by kind and field."""
    names = {f"{one['kind']} {one['key'].split('/')[-1]}": one["outcome"] for one in proposal.changes}
    return {name: outcome for name, outcome in names.items() if outcome != "confirmed"}


@pytest.fixture
def by(editor: User) -> Act:
    return Act(now=NOW, by=editor)


@pytest.fixture
def ministry() -> Source:
    return factories.source()


@pytest.fixture
def visit(by: Act, ministry: Source) -> Visit:
    """Announced, and published as the editor corrected it: it ends a day later."""
    first = read(ANNOUNCED, ministry)
    review.accept(first, by, amended={**first.draft, "end": "2023-02-09"}, publish=True)
    return Visit.objects.get()


def test_the_seed_story(visit: Visit, by: Act) -> None:
    second = read(AGAIN, factories.source(), days=1)
    assert (second.kind, second.visit) == ("change_visit", visit)
    assert outcomes(second) == {
        "change_field end": "conflict",
        "move_item when": "change",
        "add_item +official_dinner 2023-02-07 20:00": "change",
    }
    review.accept(second, by)
    visit.refresh_from_db()
    assert Visit.objects.count() == 1
    assert visit.end_on == dt.date(2023, 2, 9)  # the editor's own correction stays
    assert [(item.kind, item.start_time) for item in visit.items.order_by("day")] == [
        ("official_dinner", dt.time(20)),
        ("press_conference", dt.time(17)),
    ]
    head = visit.members.get(role="head_of_delegation").person
    assert head is not None

    third = read(SECOND_DAY, factories.source(), days=2)
    assert outcomes(third) == {"cancel_part cancelled_days": "change"}
    review.accept(third, by)
    visit.refresh_from_db()
    assert visit.status == "announced"
    assert {item.kind: item.status for item in visit.items.all()} == {
        "official_dinner": "scheduled", "press_conference": "cancelled",
    }  # fmt: skip


def test_the_second_day_of_two_makes_the_visit_shorter(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by, publish=True)
    review.accept(read(SECOND_DAY, ministry, days=1), by)
    visit = Visit.objects.get()
    assert (visit.start_on, visit.end_on, visit.original_end_on) == (
        dt.date(2023, 2, 7), dt.date(2023, 2, 7), dt.date(2023, 2, 8),
    )  # fmt: skip


def test_told_once_more_it_is_kept_as_a_confirmation_and_nobody_has_work(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by)
    again = read(ANNOUNCED + " ", factories.source(), days=1)
    assert again.state == "confirming"
    press = ProgrammeItem.objects.get()
    said = Claim.objects.filter(item=press, field="when")
    assert [claim.value["start_time"] for claim in said] == ["15:00", "15:00"]
    assert Evidence.objects.filter(proposal=again, item=press).exists()


def test_a_correction_is_not_asked_again_when_its_source_repeats_itself(visit: Visit, ministry: Source) -> None:
    again = read(ANNOUNCED + " ", ministry, days=1)
    assert outcomes(again) == {"change_field end": "kept"}
    assert again.state == "confirming"


def test_a_conflict_is_settled_by_the_editor_who_takes_it(visit: Visit, by: Act) -> None:
    second = read(AGAIN, factories.source(), days=1)
    review.accept(second, by, taken=["end"])
    visit.refresh_from_db()
    assert (visit.end_on, visit.items.count()) == (dt.date(2023, 2, 8), 1)
    taken = {one["key"]: one["taken"] for one in Proposal.objects.get(pk=second.pk).changes}
    assert taken["end"]
    assert not any(value for key, value in taken.items() if key != "end")


def test_what_was_rejected_is_not_proposed_again_by_the_same_source(visit: Visit, by: Act) -> None:
    other = factories.source()
    review.reject(read(AGAIN, other, days=1), by)
    again = read(AGAIN + " ", other, days=2)
    assert set(outcomes(again).values()) == {"kept"}
    assert again.state == "confirming"


def test_two_texts_read_before_anybody_decided_are_one_visit(by: Act, ministry: Source) -> None:
    first, second = read(ANNOUNCED, ministry), read(AGAIN, factories.source())
    assert {first.kind, second.kind} == {"new_visit"}
    review.accept(first, by)
    second.refresh_from_db()
    assert (second.kind, second.visit) == ("change_visit", Visit.objects.get())


def test_what_waits_is_weighed_again_when_the_visit_changed(visit: Visit, by: Act) -> None:
    second, third = read(AGAIN, factories.source(), days=1), read(AGAIN + " ", factories.source(), days=2)
    assert "move_item when" in outcomes(third)
    review.accept(second, by)
    third.refresh_from_db()
    assert "move_item when" not in outcomes(third)


def test_a_postponement_keeps_the_days_it_was_planned_for(visit: Visit, by: Act) -> None:
    change = read(PUT_OFF, factories.source(), days=1)
    assert outcomes(change) == {"postpone status": "change"}
    review.accept(change, by)
    visit.refresh_from_db()
    assert (visit.status, visit.start_on, visit.original_start_on) == (
        "postponed", dt.date(2023, 3, 10), dt.date(2023, 2, 7),
    )  # fmt: skip


def test_an_editor_says_that_it_is_another_visit(visit: Visit, by: Act) -> None:
    second = review.take_for_new(read(AGAIN, factories.source(), days=1), by)
    assert (second.kind, second.visit, second.state) == ("new_visit", None, "waiting")
    review.accept(second, by)
    assert Visit.objects.count() == 2


def test_a_contradiction_is_listed_with_quotes_until_the_editor_picks(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by, publish=True)
    visit, press = Visit.objects.get(), ProgrammeItem.objects.get()
    agency = Source.objects.create(name="Agency", slug="agency", kind="api", trust="agency")
    waiting = read(AGAIN, agency, days=1)
    (found,) = contradictions_of(visit)
    assert found.key == f"{press.pk}/when"
    assert disputed_fields(visit) == disputed_fields(press) == {found.key}
    assert [(voice.value["start_time"], voice.said[0].trust) for voice in found.voices] == [
        ("15:00", "other"), ("17:00", "agency"),
    ]  # fmt: skip
    assert any("17 heures" in quote for quote in found.voices[1].said[0].quotes)

    with pytest.raises(settling.SettleError):
        settling.settle(press, "when", found.voices[0].value, by)
    ruled = Act(now=NOW + dt.timedelta(days=1), by=by.by, reason="the ministry is the host")
    settling.settle(press, "when", found.voices[0].value, ruled)
    assert disputed_fields(visit) == frozenset()
    (settled,) = contradictions_of(visit)
    assert settled.ruling is not None
    assert settled.ruling.reason == "the ministry is the host"
    press.refresh_from_db()
    assert press.start_time == dt.time(15)
    waiting.refresh_from_db()
    assert outcomes(waiting)["move_item when"] == "conflict"


def test_the_editor_may_pick_the_other_value(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by, publish=True)
    press = ProgrammeItem.objects.get()
    settling.settle(press, "when", {"start_time": "18:00"}, replace(by, reason="told by telephone"))
    press.refresh_from_db()
    assert (press.day, press.start_time) == (dt.date(2023, 2, 8), dt.time(18))
    visit = Visit.objects.get()
    for field, value in (("start", "2023-02-06"), ("end", "2023-02-10"), ("visit_kind", "working")):
        settling.settle(visit, field, value, replace(by, reason="told by telephone"))
    visit.refresh_from_db()
    assert (visit.start_on, visit.end_on, visit.kind) == (dt.date(2023, 2, 6), dt.date(2023, 2, 10), "working")
    with pytest.raises(settling.SettleError):
        settling.settle(visit, "host_country", "NE", replace(by, reason="x"))


def test_a_pinned_field_is_left_alone_and_one_given_back_is_proposed_again(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by, publish=True)
    press = ProgrammeItem.objects.get()
    waiting = read(AGAIN, factories.source(), days=1)
    settling.pin(press, "when", by)
    waiting.refresh_from_db()
    assert outcomes(waiting)["move_item when"] == "kept"
    assert settling.pinned_fields(press) == {f"{press.pk}/when"}
    settling.release(press, "when", replace(by, now=NOW + dt.timedelta(minutes=1)))
    waiting.refresh_from_db()
    assert outcomes(waiting)["move_item when"] == "change"


def test_a_change_leads_to_its_words_though_an_item_before_it_was_left_out(by: Act, ministry: Source) -> None:
    review.accept(read(ANNOUNCED, ministry), by)
    second = read(AGAIN, factories.source(), days=1)
    dinner, press = ({**item, "number_read": number} for number, item in enumerate(second.draft["items"]))
    assert (dinner["kind"], press["kind"]) == ("official_dinner", "press_conference")
    second = review.accept(second, by, amended={**second.draft, "items": [press]})
    (move,) = [one for one in second.changes if one["kind"] == "move_item"]
    assert (move["path"], move["taken"]) == ("items.1", True)
    assert ProgrammeItem.objects.get().start_time == dt.time(17)
