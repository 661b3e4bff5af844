"""Where sources disagree: pure values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from diplomacy.communiques.ledger import Contradiction, Ruling, Said, contradictions

FIRST = dt.datetime(2023, 2, 6, 9, tzinfo=dt.UTC)
LATER = FIRST + dt.timedelta(days=1)
LAST = FIRST + dt.timedelta(days=2)


def said(value: Any, source: str, *, key: str = "end", at: dt.datetime = FIRST, quote: str = "") -> Said:
    return Said(key=key, value=value, source=source, said_on=at.date(), made_at=at, quotes=(quote,) if quote else ())


MINISTRY = said("2023-02-08", "ministry", quote="jusqu’au 8 février")
AGENCY = said("2023-02-09", "agency", at=LATER, quote="until Thursday")
RULING = Ruling(value="2023-02-08", reason="the ministry knows", made_at=LATER, by="ada")


def one(*words: Said, ruling: Ruling | None = None) -> Contradiction:
    (found,) = contradictions(words, {"end": ruling} if ruling else {})
    return found


def test_each_value_stands_with_who_said_it_when_and_how() -> None:
    found = one(MINISTRY, AGENCY)
    assert found.is_disputed
    assert [(voice.value, voice.said[0].source, voice.said[0].quotes) for voice in found.voices] == [
        ("2023-02-08", "ministry", ("jusqu’au 8 février",)),
        ("2023-02-09", "agency", ("until Thursday",)),
    ]


def test_those_who_agree_contradict_nobody() -> None:
    assert contradictions([MINISTRY, replace(AGENCY, value="2023-02-08")], {}) == ()


def test_of_one_source_the_last_word_counts() -> None:
    corrected = replace(MINISTRY, value="2023-02-09", made_at=LAST, said_on=LAST.date())
    assert contradictions([MINISTRY, AGENCY, corrected], {}) == ()
    assert contradictions([MINISTRY, corrected], {}) == ()


def test_an_editors_pick_ends_the_dispute_until_a_new_value_is_said() -> None:
    settled = one(MINISTRY, AGENCY, ruling=RULING)
    assert not settled.is_disputed
    assert settled.ruling == RULING
    repeated = one(MINISTRY, AGENCY, replace(AGENCY, made_at=LAST, said_on=LAST.date()), ruling=RULING)
    assert not repeated.is_disputed
    assert one(MINISTRY, AGENCY, said("2023-02-10", "radio", at=LAST), ruling=RULING).is_disputed


def test_an_hour_and_its_day_do_not_contradict_each_other_but_two_hours_do() -> None:
    def when(value: dict[str, str], source: str) -> Said:
        return said(value, source, key="p/when")

    exact = when({"date": "2023-02-08", "start_time": "15:00"}, "a")
    day, other = when({"date": "2023-02-08"}, "b"), when({"date": "2023-02-08", "start_time": "17:00"}, "c")
    assert contradictions([day, exact], {}) == ()
    (found,) = contradictions([day, exact, other], {})
    assert [len(voice.said) for voice in found.voices] == [2, 1]


def test_a_venue_said_shorter_is_the_same() -> None:
    long, short = said("Palais de Koulouba, Bamako", "a", key="p/venue"), said("Koulouba", "b", key="p/venue")
    assert contradictions([short, long], {}) == ()
    assert len(contradictions([short, long, said("Ambassade", "c", key="p/venue")], {})) == 1


def test_days_from_before_a_postponement_are_history() -> None:
    moved = said("2023-03-10", "agency", key="start", at=LATER)
    before = said("2023-02-07", "ministry", key="start")
    assert len(contradictions([before, moved], {})) == 1
    assert contradictions([before, moved], {}, postponed_at=LATER) == ()


def test_status_is_news_and_no_contradiction() -> None:
    assert contradictions([said("confirmed", "a", key="status"), said("cancelled", "b", key="status")], {}) == ()
