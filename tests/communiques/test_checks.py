"""Warnings before publishing: pure values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils.translation import override

from diplomacy.communiques.check_wording import warned
from diplomacy.communiques.checks import Code, DatedWords, Doubt, check, weekday
from diplomacy.communiques.standing import ItemStanding, VisitStanding
from diplomacy.visits.facts import Somebody, When
from diplomacy.vocabulary import ItemKind, ItemStatus, Precision, Role, Side, VisitStatus

EIGHTH = dt.date(2023, 2, 8)  # a Wednesday
PRADO = Somebody(name="Ana Prado", country="BR", role=Role.HEAD_OF_DELEGATION)
HOST = Somebody(name="Abdou Diallo", country="ML", role=Role.COUNTERPART, side=Side.HOST)
TALKS = ItemStanding(
    key="talks", kind=ItemKind.BILATERAL_MEETING, title="entretien", zone="Africa/Bamako", participants=(PRADO, HOST),
    when=When(precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(10), end_time=dt.time(11)),
)  # fmt: skip
VISIT = VisitStanding(
    key="v", host_country="ML", start_on=dt.date(2023, 2, 7), end_on=EIGHTH, members=(PRADO, HOST), items=(TALKS,)
)


def at(hour: int, minute: int = 0, **changes: object) -> ItemStanding:
    when = When(precision=Precision.EXACT, day=EIGHTH, start_time=dt.time(hour, minute))
    return replace(TALKS, key="other", when=when, **changes)  # type: ignore[arg-type]


def codes(visit: VisitStanding, *others: VisitStanding) -> list[Code]:
    return [doubt.code for doubt in check(visit, others=others)]


def test_a_visit_in_order_is_not_doubted() -> None:
    assert codes(VISIT) == []


def test_an_end_before_the_beginning() -> None:
    assert codes(replace(VISIT, end_on=dt.date(2023, 2, 6), items=())) == [Code.END_BEFORE_START]
    backwards = replace(TALKS, when=replace(TALKS.when, end_time=dt.time(9)))
    assert codes(replace(VISIT, items=(backwards,))) == [Code.END_BEFORE_START]
    night = replace(backwards, when=replace(backwards.when, ends_next_day=True))
    assert codes(replace(VISIT, items=(night,))) == []


def test_an_item_outside_the_visit() -> None:
    late = replace(TALKS, when=replace(TALKS.when, day=dt.date(2023, 2, 10)))
    assert codes(replace(VISIT, items=(late,))) == [Code.ITEM_OUTSIDE_VISIT]
    assert codes(replace(VISIT, items=(replace(late, status=ItemStatus.CANCELLED),))) == []
    assert codes(replace(VISIT, items=(late,), start_on=None, end_on=None)) == []


def test_an_hour_without_a_clock() -> None:
    assert codes(replace(VISIT, items=(replace(TALKS, zone=""),))) == [Code.ZONE_MISSING]
    day = When(precision=Precision.DAY, day=EIGHTH)
    assert codes(replace(VISIT, items=(replace(TALKS, zone="", when=day),))) == []


@pytest.mark.parametrize(
    ("words", "language", "is_doubted"),
    [
        ("mardi 8 février", "fr", True), ("mercredi 8 février", "fr", False), ("le 8 février", "fr", False),
        ("Tuesday, 8 February", "en", True), ("from Tuesday to Wednesday", "en", False),
        ("martes 8 de febrero", "es", True), ("quarta-feira, 8 de fevereiro", "pt", False),
        ("terça-feira, 8 de fevereiro", "pt", True), ("mardi 8", "xx", False), ("mardi 8", "", False),
    ],
)  # fmt: skip
def test_a_weekday_that_the_day_is_not(words: str, language: str, is_doubted: bool) -> None:
    doubt = weekday(DatedWords(about="v", words=words, day=EIGHTH, language=language))
    assert (doubt is not None) is is_doubted


def test_a_visitor_in_two_countries() -> None:
    other = replace(VISIT, key="o", host_country="NE", items=(), members=(PRADO,))
    assert codes(VISIT, other) == [Code.PERSON_IN_TWO_PLACES]
    travels_on = replace(other, start_on=EIGHTH, end_on=dt.date(2023, 2, 10))
    assert codes(VISIT, travels_on) == []
    assert codes(VISIT, replace(other, members=(replace(PRADO, name="Rui Costa"),))) == []
    assert codes(VISIT, replace(other, start_on=None, end_on=None)) == []


def test_somebody_in_two_items_at_once() -> None:
    doubts = check(replace(VISIT, items=(TALKS, at(10, 30))))
    assert [doubt.code for doubt in doubts] == [Code.PERSON_IN_TWO_PLACES, Code.HOST_DOUBLE_BOOKED]
    assert codes(replace(VISIT, items=(TALKS, at(11)))) == []
    assert codes(replace(VISIT, items=(TALKS, at(10, 30, status=ItemStatus.CANCELLED)))) == []


def test_a_host_who_receives_two_visitors_at_once() -> None:
    costa = Somebody(name="Rui Costa", country="PT", role=Role.HEAD_OF_DELEGATION)
    other = replace(VISIT, key="o", members=(costa, HOST), items=(at(10, participants=(costa, HOST)),))
    assert codes(VISIT, other) == [Code.HOST_DOUBLE_BOOKED]
    assert codes(VISIT, replace(other, status=VisitStatus.CANCELLED)) == []


def test_hours_are_compared_on_their_own_clocks() -> None:
    in_paris = at(11, zone="Europe/Paris")  # 10:00 in Bamako
    assert Code.PERSON_IN_TWO_PLACES in codes(replace(VISIT, items=(TALKS, in_paris)))
    assert codes(replace(VISIT, items=(TALKS, at(10, zone="Europe/Paris")))) == []


def test_each_warning_says_how_to_resolve_it_in_both_languages() -> None:
    values = {
        "person": "Ana Prado", "item": "entretien", "other": "dîner", "start": "a", "end": "b", "day": "2023-02-08",
        "words": "mardi",
    }  # fmt: skip
    for code in Code:
        doubt = Doubt(code=code, about=("v",), values=values)
        with override("en"):
            english = warned(doubt)
        with override("fr"):
            french = warned(doubt)
        assert english.resolve
        assert french.resolve != english.resolve
        assert french.sentence != english.sentence
    with override("fr"):
        assert (
            "Niger" in warned(Doubt(code=Code.PERSON_IN_TWO_PLACES, about=(), values=values | {"place": "NE"})).sentence
        )
