"""Which known visit is meant: pure values, with traps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from diplomacy.communiques.matching import Reason, match_item, match_items, match_visit, match_visits, visits_like
from diplomacy.communiques.seen import ItemSeen, VisitSeen, item_told, visit_told
from diplomacy.communiques.wording import reasons_text
from diplomacy.visits.facts import Somebody
from diplomacy.vocabulary import ItemKind, VisitStatus

TITLE = "ministre russe des Affaires étrangères"
BELAVIN = Somebody(name="Grigori Belavin", title=TITLE, country="RU")
KNOWN = VisitSeen(
    key="known", visitors=(BELAVIN,), host_country="ML", start_on=dt.date(2023, 2, 7), end_on=dt.date(2023, 2, 8),
    cities=("Bamako",), told_by=frozenset({"first"}),
)  # fmt: skip
TOLD = replace(KNOWN, key="visits.0", told_by=frozenset({"second"}))


def by(name: str, **changes: object) -> VisitSeen:
    return replace(TOLD, visitors=(replace(BELAVIN, name=name, **changes),))  # type: ignore[arg-type]


def test_the_same_visit_is_explained_in_words() -> None:
    match = match_visit(replace(TOLD, start_on=dt.date(2023, 2, 8), end_on=None, cities=()), KNOWN)
    assert match is not None
    assert reasons_text(match.reasons) in {
        "same visitor, same host, dates overlap", "même visiteur, même hôte, dates qui se recoupent",
    }  # fmt: skip
    assert match.score > 0.8


def test_another_spelling_is_the_same_visitor() -> None:
    match = match_visit(by("Grigory BELAVINE"), KNOWN)
    assert match is not None
    assert match.reasons[0] is Reason.LIKE_VISITOR


@pytest.mark.parametrize(
    "told",
    [
        by("Grigori Melnik"),
        by("Grigori Belavin", country="BY"),
        replace(TOLD, host_country="NE"),
        replace(TOLD, start_on=dt.date(2023, 6, 7), end_on=dt.date(2023, 6, 8)),
        replace(TOLD, start_on=dt.date(2022, 2, 7), end_on=dt.date(2022, 2, 8)),
        replace(TOLD, visitors=()),
    ],
)  # fmt: skip
def test_another_visitor_host_or_time_is_another_visit(told: VisitSeen) -> None:
    assert match_visit(told, KNOWN) is None
    assert match_visits([told], [KNOWN]) == {}


def test_names_that_look_alike_are_not_the_same_visitor() -> None:
    yi = replace(KNOWN, visitors=(Somebody(name="Wang Yi", title="ministre", country="CN"),))
    yu = replace(TOLD, visitors=(Somebody(name="Wang Yu", title="ministre", country="CN"),))
    assert match_visits([yu], [yi]) == {}


def test_a_son_who_bears_his_fathers_name_is_shown_and_not_taken_for_him() -> None:
    father = Somebody(name="Idriss Mahadé", title="président du Tchad", country="TD")
    son = replace(father, name="Hassan Idriss Mahadé")
    told = replace(TOLD, visitors=(son,))
    known = replace(KNOWN, visitors=(father,))
    assert [match.key for match in visits_like(told, [known])] == ["known"]
    assert match_visits([told], [known]) == {}


def test_a_postponement_names_the_days_it_is_put_off_from() -> None:
    later = replace(TOLD, status=VisitStatus.POSTPONED, start_on=dt.date(2023, 5, 2), end_on=None)
    stated = replace(later, original_start_on=dt.date(2023, 2, 7), original_end_on=dt.date(2023, 2, 8))
    other = replace(KNOWN, key="other", start_on=dt.date(2023, 5, 1), end_on=dt.date(2023, 5, 3), visitors=(
        Somebody(name="Ana Prado", country="BR"),))  # fmt: skip
    assert match_visits([stated], [KNOWN, other])["visits.0"].reasons[2] is Reason.PUT_OFF_FROM
    assert match_visits([later], [KNOWN])["visits.0"].reasons[2] is Reason.PUT_OFF_TO
    assert match_visit(replace(stated, original_start_on=dt.date(2022, 11, 1), original_end_on=None), KNOWN) is None


def test_the_same_communique_is_the_same_visit_whatever_its_days() -> None:
    told = replace(TOLD, start_on=dt.date(2024, 2, 7), end_on=None, told_by=KNOWN.told_by)
    assert match_visits([told], [KNOWN])["visits.0"].reasons[0] is Reason.SAME_COMMUNIQUE


def test_between_two_equally_good_nothing_is_chosen() -> None:
    twin = replace(KNOWN, key="twin")
    assert match_visits([TOLD], [KNOWN, twin]) == {}
    assert {match.key for match in visits_like(TOLD, [KNOWN, twin])} == {"known", "twin"}


def test_the_stops_of_a_tour_are_each_their_own_visit() -> None:
    hosts = {"ML": (7, 8), "MR": (8, 9), "SD": (9, 10)}

    def stop(key: str, code: str, days: tuple[int, int]) -> VisitSeen:
        return replace(
            TOLD, key=key, host_country=code, cities=(), start_on=dt.date(2023, 2, days[0]),
            end_on=dt.date(2023, 2, days[1]),
        )  # fmt: skip

    known = [stop(f"known {code}", code, days) for code, days in hosts.items()]
    told = [stop(f"visits.{number}", code, days) for number, (code, days) in enumerate(hosts.items())]
    found = match_visits(told, known)
    assert [found[f"visits.{number}"].key for number in range(3)] == ["known ML", "known MR", "known SD"]


def test_two_visits_of_one_text_are_never_one() -> None:
    again = replace(TOLD, key="visits.1", start_on=dt.date(2023, 2, 9), end_on=dt.date(2023, 2, 10))
    assert list(match_visits([again, TOLD], [KNOWN])) == ["visits.0"]


def test_an_office_without_a_name_is_its_holder_at_the_same_time() -> None:
    told = replace(TOLD, visitors=(Somebody(title=TITLE, country="RU"),))
    match = match_visits([told], [KNOWN])["visits.0"]
    assert match.reasons[0] is Reason.SAME_OFFICE


MEETING = ItemSeen(
    key="item", kind=ItemKind.BILATERAL_MEETING, day=dt.date(2023, 2, 7), start_time=dt.time(10),
    participants=(BELAVIN, Somebody(name="Ana Prado", country="BR")),
)  # fmt: skip


def test_a_line_of_a_diary_is_recognised_by_kind_day_and_people() -> None:
    told = replace(MEETING, key="items.0", participants=MEETING.participants[::-1], start_time=dt.time(11))
    assert match_items([told], [MEETING])["items.0"].key == "item"
    assert match_items([replace(told, start_time=dt.time(10))], [MEETING])["items.0"].reasons[-1] is Reason.SAME_HOUR


@pytest.mark.parametrize(
    "told",
    [
        replace(MEETING, kind=ItemKind.AUDIENCE),
        replace(MEETING, day=dt.date(2023, 2, 8)),
        replace(MEETING, day=None),
        replace(MEETING, participants=()),
        replace(MEETING, participants=(BELAVIN, Somebody(name="Abdou Diallo", country="ML"))),
    ],
)
def test_another_line_of_the_same_person_is_another(told: ItemSeen) -> None:
    assert match_item(told, MEETING) is None


def test_drafts_become_what_is_compared() -> None:
    draft = {
        "visitors": [{"name": "Grigori Belavin", "title": TITLE, "country": "RU"}], "host_country": "ML",
        "cities": ["Bamako"], "start": "2023-02-07", "end": "2023-02-08", "status": "announced",
    }  # fmt: skip
    told = visit_told("visits.0", draft, communique="second")
    assert replace(told, visitors=TOLD.visitors) == TOLD
    line = {
        "kind": "bilateral_meeting",
        "date": "2023-02-07",
        "start_time": "10:00",
        "participants": ["Grigori Belavin"],
    }
    assert item_told("items.0", line, visit=draft).participants[0].country == "RU"
