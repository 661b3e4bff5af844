"""The feed contract, continued: what stands in a feed, its bytes (B), the calendar (C) and each event (E)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.test import Client

from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind, ItemStatus, PressAccess

from .diary import (
    ALL,
    ALL_EN,
    BAMAKO,
    DIOP,
    IN_THE_MORNING,
    LAVROV,
    NO_ZONE,
    ON_A_DAY,
    OPEN_END,
    TIMED,
    after,
    alone,
    body,
    event_of,
    item_of,
)
from .reading import components, events, properties, unfolded

pytestmark = [pytest.mark.django_db, pytest.mark.integration, pytest.mark.usefixtures("clock", "at_once")]


# Bytes

HOSTILE = "Tête-à-tête ; a, b \\ c\r\nATTENDEE:mailto:x@example.org\x07\x1b\u2028🇲🇱 زيارة الوزير " + "é" * 10_000


@pytest.mark.contract("B1")
def test_b1_lines_end_in_crlf_and_fold_between_characters(client: Client, act: Act) -> None:
    hostile = replace(BAMAKO, members=(replace(LAVROV, name=HOSTILE[:290], title=HOSTILE[:290]),))
    publication.publish(lifecycle.announce(hostile, (replace(TIMED, title=HOSTILE, venue=HOSTILE),), act), act)
    raw = body(client)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    for line in raw.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(line) <= 75
        line.decode()
    text = raw.decode()
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ufeff]", text)
    assert not [line for line in unfolded(raw) if line.startswith("ATTENDEE")]


@pytest.mark.contract("B2")
def test_b2_text_is_escaped_once_and_plain(client: Client, act: Act) -> None:
    item = alone(replace(TIMED, country="ML", venue="Salle « A ; B », 1\\2 <b>"))
    event = event_of(client, item)
    assert event["LOCATION"] == "Salle « A \\; B »\\, 1\\\\2 <b>\\, Bamako"
    assert "\\\\n" not in event["DESCRIPTION"]
    text = body(client).decode()
    assert not re.search(r"\b(None|null)\b|<(br|p)>", text)
    for head, _value in event.lines:
        assert not re.search(r"[\"^]", head)


# Calendar


@pytest.mark.contract("C1")
def test_c1_the_calendar_says_who_made_it_and_is_never_empty(client: Client) -> None:
    calendar = properties(body(client))
    assert calendar["VERSION"] == "2.0"
    assert re.fullmatch(r"-//.+//.+//FR", calendar["PRODID"])
    assert not calendar.has("METHOD")
    assert len(components(body(client), "VTIMEZONE")) == 1
    assert properties(body(client, ALL_EN))["PRODID"].endswith("//EN")


@pytest.mark.contract("C2")
def test_c2_name_text_zone_refresh_colour_and_date(client: Client, visit: Visit) -> None:
    answer = client.get("/feeds/fr/person-sergueï-lavrov.ics".replace("ï", "i"))
    calendar = properties(answer.content)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Sergueï Lavrov"
    assert calendar["DESCRIPTION"] == calendar["X-WR-CALDESC"] != ""
    assert calendar["X-WR-TIMEZONE"] == "Etc/UTC"
    assert calendar.head("REFRESH-INTERVAL") == "REFRESH-INTERVAL;VALUE=DURATION"
    assert calendar["REFRESH-INTERVAL"] == calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert (calendar["COLOR"], calendar["X-APPLE-CALENDAR-COLOR"]) == ("steelblue", "#4682b4")
    assert calendar["URL"].startswith("http://diary.test/")
    modified = parsedate_to_datetime(answer["Last-Modified"])
    assert calendar["LAST-MODIFIED"] == f"{modified:%Y%m%dT%H%M%SZ}"


@pytest.mark.contract("C3")
def test_c3_each_zone_comes_first_and_once(client: Client, visit: Visit) -> None:
    alone(replace(TIMED, city="Paris", country="FR", day=dt.date(2023, 7, 14)))
    raw = body(client)
    zones = {zone["TZID"]: zone for zone in components(raw, "VTIMEZONE")}
    assert set(zones) == {"Africa/Bamako", "Europe/Paris"}
    assert raw.rindex(b"END:VTIMEZONE") < raw.index(b"BEGIN:VEVENT")
    assert b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in raw
    assert b"RDATE" not in raw
    named = {part.removeprefix("TZID=") for event in events(raw).values() for head, _v in event.lines
             for part in head.split(";") if part.startswith("TZID=")}  # fmt: skip
    assert named == set(zones)


# Event


@pytest.mark.contract("E1")
def test_e1_the_uid_is_random_kept_and_survives_every_edit(client: Client, visit: Visit) -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}@diary\.test", visit.uid)
    before = set(events(body(client)))
    lifecycle.amend(visit, replace(BAMAKO, host_country="SN", cities=("Dakar",), members=(DIOP,)), after(1))
    programme.amend_item(item_of(visit, TIMED), replace(TIMED, day=dt.date(2023, 2, 7), title="autre"), after(2))
    assert set(events(body(client))) == before


@pytest.mark.contract("E2")
def test_e2_dtstamp_is_the_last_published_change(client: Client, visit: Visit) -> None:
    item = item_of(visit, TIMED)
    programme.amend_item(item, replace(TIMED, venue="Hôtel"), after(3))
    event = event_of(client, item)
    assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20230207T120000Z"
    assert event["CREATED"] == "20230207T090000Z"
    assert event_of(client, item_of(visit, OPEN_END))["DTSTAMP"] == "20230207T090000Z"


@pytest.mark.contract("E2")
def test_e2_what_is_not_published_touches_nothing(client: Client, visit: Visit) -> None:
    before = body(client)
    programme.add_item(replace(TIMED, title="brouillon"), after(1), visit=visit)
    publication.record(visit, after(2))
    lifecycle.announce(replace(BAMAKO, host_country="SN"), (TIMED,), after(3))
    assert body(client) == before


SEQUENCE_RISES = {
    "start": replace(TIMED, start_time=dt.time(14)),
    "end": replace(TIMED, end_time=dt.time(17)),
    "place": replace(TIMED, venue="Hôtel"),
    "title": replace(TIMED, kind=ItemKind.SIGNING),
    "status": replace(TIMED, status=ItemStatus.HELD),
    "nothing but the press": replace(TIMED, press_access=PressAccess.CLOSED),
}


@pytest.mark.contract("E3")
@pytest.mark.parametrize("what", SEQUENCE_RISES)
def test_e3_a_change_raises_last_modified_and_mostly_sequence(client: Client, visit: Visit, what: str) -> None:
    item = item_of(visit, TIMED)
    before = event_of(client, item)
    programme.amend_item(item, SEQUENCE_RISES[what], after(1))
    now = event_of(client, item)
    assert now["LAST-MODIFIED"] > before["LAST-MODIFIED"]
    rise = 0 if what == "nothing but the press" else 1
    assert int(now["SEQUENCE"]) == int(before["SEQUENCE"]) + rise


@pytest.mark.contract("E4")
def test_e4_a_known_hour_is_on_the_hosts_clock(client: Client, visit: Visit) -> None:
    event = event_of(client, item_of(visit, TIMED))
    assert (event.head("DTSTART"), event["DTSTART"]) == ("DTSTART;TZID=Africa/Bamako", "20230208T150000")
    assert (event.head("DTEND"), event["DTEND"]) == ("DTEND;TZID=Africa/Bamako", "20230208T160000")
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "OPAQUE")


@pytest.mark.contract("E4")
def test_e4_an_unknown_end_is_the_one_estimate_and_says_so(client: Client, visit: Visit) -> None:
    item = item_of(visit, OPEN_END)
    event = event_of(client, item)
    assert event.head("DTEND") == "DTEND;X-AGENDA-ESTIMATED=TRUE;TZID=Africa/Bamako"
    assert event["DTEND"] == "20230208T113000"
    assert event["DESCRIPTION"].startswith("fin non précisée\\n")
    for page in (f"/api/v1/items/{item.pk}/", f"/items/{item.pk}/"):
        assert "11:30" not in client.get(page).content.decode()


@pytest.mark.contract("E4")
@pytest.mark.parametrize(
    ("facts", "words"),
    [(ON_A_DAY, "(heure à confirmer)"), (IN_THE_MORNING, "(matinée)"), (NO_ZONE, "(10:00, heure locale)")],
)
def test_e4_without_an_hour_on_a_clock_it_is_a_day(client: Client, facts: ItemFacts, words: str) -> None:
    event = event_of(client, alone(facts))
    assert (event.head("DTSTART"), event["DTSTART"]) == ("DTSTART;VALUE=DATE", "20230208")
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert event["SUMMARY"].endswith(words.replace(",", "\\,"))


@pytest.mark.contract("E4")
def test_e4_what_has_no_hour_stands_in_its_visits_text_in_order(client: Client, visit: Visit) -> None:
    raw = body(client)
    assert len(events(raw)) == 3
    lines = events(raw)[visit.uid]["DESCRIPTION"].split("\\n")
    numbered = [line for line in lines if re.match(r"\d\. ", line)]
    said = ["Conférence de presse", "Entretien", "Visite de courtoisie", "Séance élargie", "Repas de travail"]
    assert len(numbered) == 6
    assert all(any(word in line for line in numbered) for word in (said[0], said[2]))
    assert [n for n, line in enumerate(numbered, 1) if line.startswith(f"{n}. ")] == [1, 2, 3, 4, 5, 6]
    assert not re.search(r"T000000", raw.decode().split("BEGIN:VEVENT", 1)[1])


@pytest.mark.contract("E5")
def test_e5_a_visit_is_its_whole_days_and_its_items_belong_to_it(client: Client, visit: Visit) -> None:
    raw = body(client)
    event = events(raw)[visit.uid]
    assert (event["DTSTART"], event["DTEND"]) == ("20230207", "20230209")
    assert event["TRANSP"] == "TRANSPARENT"
    item = events(raw)[item_of(visit, TIMED).uid]
    assert (item.head("RELATED-TO"), item["RELATED-TO"]) == ("RELATED-TO;RELTYPE=PARENT", visit.uid)
    by_kind = body(client, "/feeds/fr/kind-press-conference.ics")
    assert not events(by_kind)[item_of(visit, TIMED).uid].has("RELATED-TO"), "the parent is not in this feed"


@pytest.mark.contract("E5")
def test_e5_an_item_outside_the_days_of_its_visit_does_not_belong_to_it(client: Client, visit: Visit) -> None:
    item = item_of(visit, TIMED)
    programme.amend_item(item, replace(TIMED, day=dt.date(2023, 2, 10)), after(1))
    assert not event_of(client, item).has("RELATED-TO")


@pytest.mark.contract("E6")
def test_e6_cancelled_says_so_and_stays_thirty_days(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    lifecycle.cancel(visit, after(1))
    for subject in (visit, item_of(visit, TIMED)):
        event = event_of(client, subject)
        assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", "1", "TRANSPARENT")
        assert event["SUMMARY"].startswith("ANNULÉ : ")
    clock.move_to(dt.datetime(2023, 3, 10, 23, tzinfo=dt.UTC))  # thirty days after 8 February
    assert visit.uid in events(body(client))
    clock.move_to(dt.datetime(2023, 3, 11, tzinfo=dt.UTC))
    assert not events(body(client))


@pytest.mark.contract("E6")
def test_e6_postponed_without_a_day_waits_on_the_old_one(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    lifecycle.postpone(visit, after(1))
    item = item_of(visit, TIMED)
    programme.amend_item(item, replace(TIMED, status=ItemStatus.POSTPONED), after(1))
    raw = body(client)
    for event, day in ((events(raw)[visit.uid], "20230207"), (events(raw)[item.uid], "20230208")):
        assert event["SUMMARY"].startswith("REPORTÉ : ")
        assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("TENTATIVE", "1", "TRANSPARENT")
        assert (event.head("DTSTART"), event["DTSTART"]) == ("DTSTART;VALUE=DATE", day)
    clock.move_to(dt.datetime(2023, 3, 11, tzinfo=dt.UTC))
    assert visit.uid not in events(body(client))


@pytest.mark.contract("E6")
def test_e6_postponed_to_a_day_is_the_same_event_on_it(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    lifecycle.postpone(visit, after(1), start_on=dt.date(2023, 5, 2), end_on=dt.date(2023, 5, 3))
    event = event_of(client, visit)
    assert (event["DTSTART"], event["DTEND"], event["SEQUENCE"]) == ("20230502", "20230504", "1")
    assert not event["SUMMARY"].startswith("REPORTÉ")
    clock.move_to(dt.datetime(2023, 7, 1, tzinfo=dt.UTC))
    assert visit.uid in events(body(client)), "it is not one of those that leave after thirty days"


@pytest.mark.contract("E7")
def test_e7_what_every_event_says(client: Client, visit: Visit) -> None:
    raw = body(client)
    for event in events(raw).values():
        for name in ("STATUS", "TRANSP", "SEQUENCE", "SUMMARY", "CATEGORIES", "URL"):
            assert event[name]
        assert event["CLASS"] == "PUBLIC"
        assert len(event["SUMMARY"]) <= 255
        path = event["URL"].removeprefix("http://diary.test")
        assert client.get(path).status_code == 200
    item = events(raw)[item_of(visit, TIMED).uid]
    assert item["LOCATION"] == "Palais de Koulouba\\, Bamako"
    assert re.fullmatch(r"12\.\d{6};-8?7?\.?\d+", item["GEO"])


@pytest.mark.contract("E8", "E9")
def test_e8_e9_nobody_is_invited_and_nothing_is_rich(client: Client, visit: Visit) -> None:
    raw = body(client)
    unwanted = {"ATTENDEE", "ORGANIZER", "ATTACH", "STRUCTURED-DATA", "STYLED-DESCRIPTION", "LINK", "CONCEPT", "REFID"}
    for event in events(raw).values():
        assert not unwanted & set(event.names)
    assert not re.search(rb"BEGIN:(VALARM|PARTICIPANT|VLOCATION|VTODO)", raw)
    assert "Sergueï Lavrov" in events(raw)[visit.uid]["DESCRIPTION"]


@pytest.mark.contract("E10")
def test_e10_a_second_look_changes_nothing(client: Client, visit: Visit) -> None:
    """That foreign programs agree on what they see is held by tests/clients."""
    assert body(client) == body(client)
    assert body(client, "/feeds/all.ics") == body(client, ALL)
