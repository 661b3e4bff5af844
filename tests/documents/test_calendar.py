"""Calendars in, text out: times as the calendar states them, and what broken and hostile ones come to."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy.documents import DocumentError, DocumentKind, Trouble, convert, kind_of
from diplomacy.documents.calendar_parts import EVENT_TYPE, MOST_EVENTS, calendar_parts
from diplomacy.documents.event_text import EventTime, head_lines, head_of, without_clock

CUSTOM = (
    "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0200\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)


def event(*lines: str, uid: str = "a@ministry.example", title: str = "Entretien avec M. Ammar") -> str:
    body = "\n".join((f"UID:{uid}", "DTSTAMP:20260201T230000Z", f"SUMMARY:{title}", *lines))
    return f"BEGIN:VEVENT\n{body}\nEND:VEVENT\n"


def calendar(*events: str, head: str = "") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//FR\n{head}{''.join(events)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def text_of(*lines: str, head: str = "", **given: str) -> str:
    (part,) = calendar_parts(calendar(event(*lines, **given), head=head)).events
    return convert(part.original, media_type=EVENT_TYPE).text


def trouble_of(original: bytes, **stated: str) -> Trouble:
    with pytest.raises(DocumentError) as caught:
        convert(original, **stated)
    return caught.value.trouble


@pytest.mark.parametrize(
    ("lines", "head", "first"),
    [
        (("DTSTART;TZID=Africa/Algiers:20260209T100000", "DTEND;TZID=Africa/Algiers:20260209T110000"), "",
         "2026-02-09 (Africa/Algiers)\n10:00 - 11:00 Entretien"),
        (("DTSTART;TZID=Africa/Algiers:20260209T100000", "DURATION:PT90M"), "",
         "2026-02-09 (Africa/Algiers)\n10:00 - 11:30 Entretien"),
        (("DTSTART:20260209T100000Z",), "", "2026-02-09 (Etc/UTC)\n10:00 Entretien"),
        (("DTSTART:20260209T233000Z",), "X-WR-TIMEZONE:Africa/Algiers\n",
         "2026-02-10 (Africa/Algiers)\n00:30 Entretien"),
        (("DTSTART:20260209T100000",), "X-WR-TIMEZONE:Africa/Algiers\n", "2026-02-09\n10:00 Entretien"),
        (("DTSTART;TZID=W. Europe Standard Time:20260209T100000",), "", "2026-02-09 (Europe/Berlin)\n10:00 Entretien"),
        (("DTSTART;TZID=Ours:20260209T100000",), CUSTOM.format(name="Ours"), "2026-02-09 (Etc/UTC)\n08:00 Entretien"),
        (("DTSTART;TZID=Nobody's:20260209T100000",), "", "2026-02-09 (TZID=Nobody's)\n10:00 Entretien"),
        (("DTSTART;VALUE=DATE:20260209",), "", "2026-02-09\n- Entretien"),
        (("DTSTART;VALUE=DATE:20260209", "DTEND;VALUE=DATE:20260212"), "", "2026-02-09 - 2026-02-11\n- Entretien"),
        (("DTSTART;TZID=Africa/Lome:20260209T000000", "DTEND;TZID=Africa/Lome:20260210T000000"), "",
         "2026-02-09\n- Entretien"),
        (("DTSTART;TZID=Africa/Lome:20260209T200000", "DTEND;TZID=Africa/Lome:20260210T010000"), "",
         "2026-02-09 - 2026-02-10 (Africa/Lome)\n20:00 - 01:00 Entretien"),
        (("DTSTART;TZID=Africa/Lome:20260209T100000", "DTEND;TZID=Africa/Lome:20260209T090000"), "",
         "2026-02-09 (Africa/Lome)\n10:00 Entretien"),
    ],
)  # fmt: skip
def test_a_time_is_what_the_calendar_states(lines: tuple[str, ...], head: str, first: str) -> None:
    assert text_of(*lines, head=head).startswith(first)


def test_the_end_of_an_event_of_days_is_no_hour_of_its_first() -> None:
    text = text_of("DTSTART;TZID=Africa/Lome:20260209T100000", "DTEND;TZID=Africa/Lome:20260211T160000")
    assert text == "2026-02-09 - 2026-02-11 (Africa/Lome)\n10:00 Entretien avec M. Ammar\nDTEND: 2026-02-11 16:00"


def test_place_description_and_status_are_in_the_text() -> None:
    text = text_of(
        "DTSTART;VALUE=DATE:20260209", "LOCATION:Alger\\, siège", "DESCRIPTION:Première ligne\\nseconde\\, li", " gne",
        "STATUS:CANCELLED",
    )  # fmt: skip
    assert text.splitlines()[2:] == ["LOCATION: Alger, siège", "Première ligne", "seconde, ligne", "STATUS: CANCELLED"]
    assert text_of("DTSTART;VALUE=DATE:20260209", "STATUS:CONFIRMED").count("\n") == 1
    assert text_of("DTSTART;VALUE=DATE:20260209", head="METHOD:CANCEL\n").endswith("STATUS: CANCELLED")


def test_the_day_of_publication_is_that_of_its_stamp_on_its_own_clock() -> None:
    (part,) = calendar_parts(calendar(event("DTSTART;TZID=Africa/Algiers:20260209T100000"))).events
    assert convert(part.original, media_type=EVENT_TYPE).published_on == dt.date(2026, 2, 2)


@pytest.mark.parametrize(
    "when",
    [
        EventTime(first=dt.date(2026, 2, 9), last=dt.date(2026, 2, 9)),
        EventTime(first=dt.date(2026, 2, 9), last=dt.date(2026, 2, 11), start="10:00", zone="Africa/Lome"),
        EventTime(first=dt.date(2026, 2, 9), last=dt.date(2026, 2, 9), start="10:00", end="11:00", unknown_zone="X"),
        EventTime(first=dt.date(2026, 2, 9), last=dt.date(2026, 2, 9), start="10:00"),
    ],
)
def test_what_is_written_is_read_back(when: EventTime) -> None:
    text = head_lines(when, "Visite", "Alger") + "\nDescription"
    head = head_of(text)
    assert head is not None
    assert head.location
    assert (head.when, text[slice(*head.title)], text[slice(*head.location)]) == (when, "Visite", "Alger")
    assert (head.hours is not None) == bool(when.start)
    assert head_of("Visite à Alger") is None
    blank = without_clock(text)
    assert len(blank) == len(text)
    assert "Lome" not in blank
    assert head_of("2026-99-99\n- Visite") is None


def test_a_file_is_its_events_each_with_its_identity() -> None:
    original = calendar(
        event("DTSTART:20260209T100000Z", uid="a"),
        event("DTSTART:20260210T100000Z", "RECURRENCE-ID:20260209T100000Z", uid="a"),
        event("DTSTART:20260209T120000Z", "SEQUENCE:1", uid="b", title="newer"),
        event("DTSTART:20260209T110000Z", uid="b", title="older"),
        event("DTSTART:20260209T110000Z", uid=""),
    )
    assert kind_of(original) is DocumentKind.CALENDAR
    document = convert(original, filename="agenda.ics")
    assert document.text == ""
    assert [one.identity for one in document.attachments] == ["a", "a/20260209T100000Z", "b"]
    assert document.attachments[-1].filename == "newer"
    assert calendar_parts(original).unnamed == 1


def test_only_what_an_event_says_makes_another_digest_of_it() -> None:
    def digest(*lines: str, stamp: str = "20260201T230000Z") -> str:
        original = calendar(event(*lines)).replace(b"20260201T230000Z", stamp.encode())
        return calendar_parts(original).events[0].digest

    same = digest("DTSTART:20260209T100000Z")
    assert digest("DTSTART:20260209T100000Z", stamp="20260301T000000Z") == same
    assert digest("DTSTART:20260209T100000Z", "LAST-MODIFIED:20260301T000000Z") == same
    assert digest("DTSTART:20260209T100001Z") != same
    assert digest("DTSTART:20260209T100000Z", "SEQUENCE:1") != same
    alarm = ("BEGIN:VALARM", "UID:other", "SUMMARY:Alarm", "END:VALARM")
    (part,) = calendar_parts(calendar(event("DTSTART:20260209T100000Z", *alarm))).events
    assert (part.identity, part.title) == ("a@ministry.example", "Entretien avec M. Ammar")


def test_broken_files_have_a_name() -> None:
    whole = calendar(event("DTSTART:20260209T100000Z"))
    assert trouble_of(b"hello", filename="a.ics") is Trouble.DAMAGED
    assert trouble_of(calendar()) is Trouble.NO_EVENTS
    assert trouble_of(whole[: whole.index(b"END:VEVENT")]) is Trouble.NO_EVENTS
    assert not calendar_parts(whole[: whole.index(b"END:VCALENDAR")]).is_whole
    for bad in ("DTSTART:yesterday", "DTSTART;VALUE=DATE:20269999", "X-NOTHING:1"):
        (part,) = calendar_parts(calendar(event(bad))).events
        assert trouble_of(part.original, media_type=EVENT_TYPE) is Trouble.DAMAGED
    (part,) = calendar_parts(calendar(event("DTSTART:20260209T100000Z", "RRULE:FREQ=SECONDLY"))).events
    assert part.is_recurring
    assert trouble_of(part.original, media_type=EVENT_TYPE) is Trouble.RECURRING
    (part,) = calendar_parts(calendar(event("DTSTART:20260209T100000Z", title=""))).events
    assert trouble_of(part.original, media_type=EVENT_TYPE) is Trouble.NO_TEXT


def test_an_event_that_does_not_end_takes_no_other_with_it() -> None:
    broken = event("DTSTART:20260209T100000Z", uid="a").replace("END:VEVENT\n", "")
    parts = calendar_parts(calendar(broken, event("DTSTART:20260209T100000Z", uid="b")))
    assert [one.identity for one in parts.events] == ["b"]


def test_too_many_and_too_large() -> None:
    many = calendar(*(event("DTSTART:20260209T100000Z", uid=str(n)) for n in range(1_001)))
    assert trouble_of(many) is Trouble.TOO_MANY_EVENTS
    assert len(calendar_parts(many).events) == 1_001
    with pytest.raises(DocumentError, match="too_many_parts"):
        calendar_parts(calendar("BEGIN:VEVENT\nUID:1\nEND:VEVENT\n" * (MOST_EVENTS + 1)))
    parts = calendar_parts(calendar(event("DTSTART:20260209T100000Z", "DESCRIPTION:" + "x" * 300_000)))
    assert (parts.events, parts.oversized) == ((), 1)
