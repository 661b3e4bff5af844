"""What a reader's calendar is told as things change over time (the feed contract, E2, E3, E6; H4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.test import Client

from agenda.entries.models import Telling
from agenda.feeds.models import Feed, Selection
from agenda.feeds.subscriptions import subscribe
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Release
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine, Visit
from diplomacy.visits.tasks import release_due
from diplomacy.vocabulary import ItemStatus, Precision, Visibility, VisitStatus
from tests.conftest import NOW

from .diary import ALL, BAMAKO, DIOP, IN_ORDER, LAVROV, ON_A_DAY, TIMED, after, alone, body, event_of, item_of
from .reading import Component, events

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.usefixtures("clock")]

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def visit(act: Act) -> Visit:
    visit = lifecycle.announce(BAMAKO, (TIMED, *IN_ORDER), act)
    publication.publish(visit, act)
    return visit


def private(selection: str = "all") -> str:
    feed, _made = Feed.objects.get_or_create(language="fr", slug="all", defaults={"selection": selection})
    return subscribe(feed, label="phone", by=None)[1].removeprefix("http://diary.test")


def assert_bare(event: Component, sequence: int) -> None:
    """Withdrawn, and not a word more."""
    assert event["SUMMARY"] == "Retiré"
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", str(sequence))
    said = {"DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES", "RELATED-TO"}
    assert not said & set(event.names)
    assert event.head("DTSTART") == "DTSTART;VALUE=DATE"


@pytest.mark.contract("E6")
@pytest.mark.parametrize("release", [None, Release(release_at=NOW + 9 * HOUR), Release(visibility=Visibility.INTERNAL)])
def test_e6_taken_back_is_said_barely_for_thirty_days(
    client: Client, visit: Visit, clock: time_machine.Traveller, release: Release | None
) -> None:
    item = item_of(visit, TIMED)
    if release is None:
        publication.withdraw(visit, after(1))
    else:
        lifecycle.set_release(visit, release, after(1))
    found = events(body(client))
    assert set(found) == {visit.uid, item.uid}
    for event in found.values():
        assert_bare(event, sequence=1)
        assert event["DTSTAMP"] == "20230207T100000Z"
    assert b"Lavrov" not in body(client)
    clock.move_to(dt.datetime(2023, 3, 10, 12, tzinfo=dt.UTC))
    assert (release is not None and release.release_at) or set(events(body(client))) == {visit.uid, item.uid}
    clock.move_to(dt.datetime(2023, 3, 11, tzinfo=dt.UTC))
    assert (release is not None and release.release_at) or not events(body(client))


@pytest.mark.contract("E6")
def test_e6_what_was_never_published_is_nowhere(client: Client, act: Act) -> None:
    hidden = lifecycle.announce(BAMAKO, (TIMED,), act, release=Release(release_at=NOW + HOUR))
    publication.publish(hidden, act)
    publication.withdraw(hidden, after(0.5))
    lifecycle.announce(BAMAKO, (TIMED,), act)
    assert not events(body(client))
    assert not Telling.objects.exists()


@pytest.mark.contract("E3", "E6")
def test_e6_published_again_it_is_the_same_event_with_a_higher_sequence(client: Client, visit: Visit) -> None:
    publication.withdraw(visit, after(1))
    publication.publish(visit, after(2))
    event = event_of(client, visit)
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTAMP"]) == ("2", "CONFIRMED", "20230207T110000Z")


@pytest.mark.contract("E2", "E3")
def test_e2_what_an_audience_cannot_see_moves_nothing_of_its_own(client: Client, visit: Visit) -> None:
    subscribers = private()
    before, tag = body(client), client.get(ALL)["ETag"]
    item = programme.add_item(replace(TIMED, title="discret"), after(1), visit=visit)
    programme.set_release(item, Release(visibility=Visibility.SUBSCRIBERS), after(1))
    publication.publish_item(item, after(2))
    programme.amend_item(item, replace(TIMED, title="discret", start_time=dt.time(9)), after(3))
    assert body(client) == before
    assert client.get(ALL)["ETag"] == tag
    assert events(body(client, subscribers))[item.uid]["SEQUENCE"] == "1"
    assert events(body(client, subscribers))[visit.uid]["DTSTAMP"] == "20230207T120000Z"


@pytest.mark.contract("E6")
def test_e6_narrowed_to_subscribers_the_public_is_told_it_is_withdrawn(client: Client, visit: Visit) -> None:
    subscribers = private()
    kept = events(body(client, subscribers))[visit.uid]
    lifecycle.set_release(visit, Release(visibility=Visibility.SUBSCRIBERS), after(1))
    assert_bare(event_of(client, visit), sequence=1)
    assert events(body(client, subscribers))[visit.uid] == kept


@pytest.mark.contract("E2", "H2")
def test_h2_a_release_by_the_clock_is_a_change_of_its_own(
    client: Client, act: Act, clock: time_machine.Traveller
) -> None:
    release = NOW + 2 * HOUR
    hidden = lifecycle.announce(BAMAKO, (TIMED,), act, release=Release(release_at=release))
    publication.publish(hidden, act)
    before = client.get(ALL)
    clock.move_to(release - dt.timedelta(seconds=1))
    assert client.get(ALL, headers={"if-none-match": before["ETag"]}).status_code == 304
    clock.move_to(release + 3 * HOUR)  # nobody ran at that minute
    answer = client.get(ALL, headers={"if-modified-since": before["Last-Modified"]})
    assert answer.status_code == 200
    assert parsedate_to_datetime(answer["Last-Modified"]) == release
    for subject in (hidden, item_of(hidden, TIMED)):
        event = events(answer.content)[subject.uid]
        assert (event["DTSTAMP"], event["SEQUENCE"]) == ("20230207T110000Z", "0")
    release_due()
    for subject in (hidden, item_of(hidden, TIMED)):
        subject.refresh_from_db()
        revision = subject.revisions.last()
        assert revision is not None
        assert (revision.made_at, revision.changed, subject.revised_at) == (release, ["release_at"], release)
    assert client.get(ALL, headers={"if-none-match": answer["ETag"]}).status_code == 304
    release_due()
    assert hidden.revisions.count() == 2


def test_a_release_is_recorded_before_an_act_that_follows_it(client: Client, act: Act) -> None:
    release = NOW + 2 * HOUR
    hidden = lifecycle.announce(BAMAKO, (), act, release=Release(release_at=release))
    publication.publish(hidden, act)
    lifecycle.cancel(hidden, after(5))
    assert [revision.made_at for revision in hidden.revisions.all()] == [NOW, release, NOW + 5 * HOUR]
    with time_machine.travel(NOW + 6 * HOUR, tick=False):
        event = event_of(client, hidden)
    assert (event["SEQUENCE"], event["STATUS"]) == ("1", "CANCELLED")


def test_the_feeds_of_what_is_under_embargo_are_not_listed_before_its_release(
    client: Client, act: Act, clock: time_machine.Traveller
) -> None:
    hidden = lifecycle.announce(BAMAKO, (TIMED,), act, release=Release(release_at=NOW + HOUR))
    publication.publish(hidden, act)
    assert "Lavrov" not in client.get("/feeds/").content.decode()
    clock.move_to(NOW + HOUR)
    client.get(ALL)
    assert "Lavrov" in client.get("/feeds/").content.decode()


@pytest.mark.contract("E6")
def test_e6_what_moves_out_of_the_window_is_seen_to_move(client: Client, visit: Visit) -> None:
    lifecycle.postpone(visit, after(1), start_on=dt.date(2024, 6, 1), end_on=dt.date(2024, 6, 2))
    assert event_of(client, visit)["DTSTART"] == "20240601"


@pytest.mark.contract("E6")
@pytest.mark.parametrize("start", [None, dt.date(2023, 6, 1)])
def test_e6_put_off_a_visit_takes_the_hours_of_its_items_along(
    client: Client, visit: Visit, act: Act, start: dt.date | None
) -> None:
    item, shared, dropped = item_of(visit, TIMED), item_of(visit, IN_ORDER[0]), item_of(visit, IN_ORDER[1])
    programme.amend_item(shared, replace(TIMED, start_time=dt.time(9), end_time=None), act)
    programme.cancel_item(dropped, act)
    other = lifecycle.announce(replace(BAMAKO, members=(DIOP,)), (), act)
    ProgrammeLine.objects.create(visit=other, item=shared, position=1)
    lifecycle.postpone(visit, after(1), start_on=start, end_on=start)
    event = event_of(client, item)
    assert event["SUMMARY"].startswith("REPORTÉ : ")
    assert (event["STATUS"], event.head("DTSTART"), event["DTSTAMP"]) == (
        "TENTATIVE", "DTSTART;VALUE=DATE", "20230207T100000Z",
    )  # fmt: skip
    assert event_of(client, shared)["DTSTART"] == "20230208T090000", "another visit keeps it where it is"
    dropped.refresh_from_db()
    assert dropped.status == ItemStatus.CANCELLED
    for line in visit.programme.filter(item__day=None).exclude(item=dropped):
        assert line.item.status == ItemStatus.SCHEDULED, "without a day there is nothing to put off"


@pytest.mark.contract("E5")
@pytest.mark.parametrize("end", [lifecycle.cancel, lifecycle.postpone])
def test_e5_an_item_does_not_belong_to_a_visit_that_does_not_take_place(
    client: Client, visit: Visit, clock: time_machine.Traveller, end: Callable[[Visit, Act], None]
) -> None:
    item = item_of(visit, TIMED)
    end(visit, after(1))
    programme.amend_item(item, replace(TIMED, status=ItemStatus.SCHEDULED), after(2))
    before = event_of(client, item)
    assert "RELATED-TO" not in before.names
    clock.move_to(dt.datetime(2023, 3, 12, tzinfo=dt.UTC))
    assert visit.uid not in events(body(client))
    assert event_of(client, item) == before, "the visit leaves the calendar; its former item does not change"


@pytest.mark.contract("E6")
def test_e6_what_loses_its_hour_stays_a_day_and_what_loses_its_day_is_withdrawn(client: Client, visit: Visit) -> None:
    item = item_of(visit, TIMED)
    unknown = replace(TIMED, precision=Precision.DAY, start_time=None, end_time=None)
    programme.amend_item(item, unknown, after(1))
    event = event_of(client, item)
    assert (event.head("DTSTART"), event["STATUS"], event["SEQUENCE"]) == ("DTSTART;VALUE=DATE", "TENTATIVE", "1")
    programme.amend_item(item, replace(unknown, precision=Precision.ORDER, day=None), after(2))
    assert_bare(event_of(client, item), sequence=2)
    assert "Conférence de presse" in event_of(client, visit)["DESCRIPTION"], "it is still a point of the programme"
    lifecycle.amend(visit, replace(BAMAKO, start_on=None, end_on=None), after(3))
    assert_bare(event_of(client, visit), sequence=1)


@pytest.mark.contract("E6")
def test_e6_who_no_longer_takes_part_leaves_his_calendar_with_a_word(client: Client, visit: Visit) -> None:
    address = "/feeds/fr/person-sergue-i-lavrov.ics"
    address = next(f"/feeds/fr/{feed.slug}.ics" for feed in Feed.objects.filter(person__name="Sergueï Lavrov"))
    assert visit.uid in events(body(client, address))
    other = replace(LAVROV, name="Mikhaïl Bogdanov")
    lifecycle.amend(visit, replace(BAMAKO, members=(other, DIOP)), after(1))
    assert_bare(events(body(client, address))[visit.uid], sequence=1)
    assert event_of(client, visit)["STATUS"] == "CONFIRMED"
    left = events(body(client, address))[visit.uid]
    lifecycle.amend(visit, BAMAKO, after(2))
    back = events(body(client, address))[visit.uid]
    assert back["STATUS"] == "CONFIRMED"
    assert int(back["SEQUENCE"]) > int(left["SEQUENCE"]), "who takes part again is told anew"
    assert back["LAST-MODIFIED"] > left["LAST-MODIFIED"]


@pytest.mark.contract("E1", "E6", "F2")
def test_e6_merged_keeps_the_survivors_uid_and_leads_to_its_calendar(client: Client, visit: Visit, act: Act) -> None:
    double = lifecycle.announce(replace(BAMAKO, status=VisitStatus.ANNOUNCED), (ON_A_DAY,), act)
    publication.publish(double, act)
    old = f"/feeds/fr/visit-{double.slug}.ics"
    assert double.uid in events(body(client, old))
    lifecycle.merge(double, visit, after(1))
    assert_bare(event_of(client, double), sequence=1)
    assert event_of(client, visit)["STATUS"] == "CONFIRMED"
    assert "Signature" in event_of(client, visit)["DESCRIPTION"]
    moved = client.get(old)
    assert (moved.status_code, moved["Location"]) == (308, f"/feeds/fr/visit-{visit.slug}.ics")
    assert_bare(events(body(client, moved["Location"]))[double.uid], sequence=1)
    with pytest.raises(lifecycle.MergeError):
        lifecycle.merge(double, visit, after(2))


def test_an_item_of_two_visits_goes_with_the_last_of_them(client: Client, visit: Visit, act: Act) -> None:
    other = lifecycle.announce(replace(BAMAKO, members=(replace(LAVROV, name="Ali Bongo", country="GA"),)), (), act)
    item = item_of(visit, TIMED)
    ProgrammeLine.objects.create(visit=other, item=item, position=1)
    publication.publish(other, act)
    publication.withdraw(visit, after(1))
    assert event_of(client, item)["STATUS"] == "CONFIRMED"
    assert event_of(client, item)["RELATED-TO"] == other.uid
    publication.withdraw(other, after(2))
    assert_bare(event_of(client, item), sequence=2)
    assert client.get(f"/items/{item.pk}/").status_code == 404
    assert ProgrammeItem.objects.get(pk=item.pk).publication == "withdrawn"


@pytest.mark.contract("H2", "H4")
def test_h4_a_change_elsewhere_moves_nothing(client: Client, visit: Visit) -> None:
    other = alone(replace(TIMED, city="Dakar", country="SN", participants=()))
    address = "/feeds/fr/country-ml.ics"
    before = client.get(address)
    programme.amend_item(
        other, replace(TIMED, city="Dakar", country="SN", start_time=dt.time(9), participants=()), after(1)
    )
    again = client.get(address, headers={"if-none-match": before["ETag"]})
    assert (again.status_code, again["Last-Modified"]) == (304, before["Last-Modified"])
    assert client.get(ALL)["Last-Modified"] == "Tue, 07 Feb 2023 10:00:00 GMT"


@pytest.mark.contract("F4")
def test_f4_what_a_feed_shows_is_its_own_setting(client: Client, visit: Visit) -> None:
    programme.cancel_item(item_of(visit, TIMED), after(1))
    signing = programme.add_item(ON_A_DAY, after(1), visit=visit)
    publication.publish_item(signing, after(1))
    feed = Feed.objects.create(language="fr", slug="jours", selection=Selection.ALL, untimed_items="days",
                               shows_cancelled=False)  # fmt: skip
    found = events(body(client, f"/feeds/fr/{feed.slug}.ics"))
    assert set(found) == {visit.uid, signing.uid}
    assert found[signing.uid].head("DTSTART") == "DTSTART;VALUE=DATE"
    assert found[signing.uid]["RELATED-TO"] == visit.uid
    assert signing.uid not in events(body(client))
