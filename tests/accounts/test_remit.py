"""Whose desk a country is: by itself, by its region, by a region of regions. No database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from diplomacy.accounts.backend import RoleBackend
from diplomacy.accounts.models import User
from diplomacy.accounts.remit import EVERYWHERE, countries_of, covered, is_within, regions
from diplomacy.accounts.roles import DeskRole
from diplomacy.directory.countries import known_parties


@dataclass(frozen=True)
class Of:
    """Something of these countries."""

    codes: tuple[str, ...]

    def countries_concerned(self) -> frozenset[str]:
        return frozenset(self.codes)


def test_a_region_holds_its_countries_however_deep() -> None:
    assert countries_of("011") < countries_of("002") < countries_of("001")
    assert {"ML", "SN", "NG"} <= countries_of("011")
    assert "DZ" not in countries_of("202")  # sub-Saharan
    assert {"BR", "MX", "CU"} <= countries_of("419")
    assert countries_of("ML") == {"ML"}
    assert covered(["145", "BR"]) == countries_of("145") | {"BR"}
    assert covered([]) == frozenset()


def test_every_state_lies_in_the_world_and_regions_hold_what_is_known() -> None:
    states = {code for code, kind, _zone in known_parties() if kind == "state" and code != "VA"}
    assert states <= countries_of("001")
    assert all(held in regions() or held.isalpha() for one in regions().values() for held in one)


@pytest.mark.parametrize(
    ("remit", "codes", "expected"),
    [
        ((), ("ML",), True),
        ((), (), True),
        (("ML",), ("ML",), True),
        (("ML",), ("RU", "ML"), True),  # one of the parties is enough
        (("ML",), ("RU", "FR"), False),
        (("011",), ("ML", "RU"), True),
        (("002",), ("RU",), False),
        (("002",), (), False),  # of no known country
        (("no such code",), ("ML",), False),
    ],
)
def test_something_is_of_a_desk_if_one_of_its_countries_is(
    remit: tuple[str, ...], codes: tuple[str, ...], expected: bool
) -> None:
    assert is_within(remit, Of(codes)) is expected


def test_what_cannot_say_its_country_is_of_no_limited_desk() -> None:
    assert not is_within(("002",), object())
    assert not is_within(("002",), EVERYWHERE)
    assert is_within((), object())


REVIEW, VIEW = "diplomacy.review_proposal", "diplomacy.view_proposal"


@pytest.mark.parametrize("role", DeskRole)
@pytest.mark.parametrize("remit", [(), ("011",), ("RU",)], ids=str)
@pytest.mark.parametrize("of", [None, Of(("ML",)), Of(("RU",)), Of(())], ids=str)
def test_the_role_and_the_remit_decide_together(role: DeskRole, remit: tuple[str, ...], of: Of | None) -> None:
    user = User(username="ada", remit=list(remit))
    user.assign_role(role)
    may = {"editor", "administrator"} if of is None or is_within(remit, of) else set()
    sees = {"contributor", "editor", "administrator"}
    backend = RoleBackend()
    assert backend.has_perm(user, REVIEW, of) is (role in may)
    assert backend.has_perm(user, VIEW, of) is (role in sees)
    assert user.has_perm(REVIEW, cast("Any", of)) is (
        role in may or role == DeskRole.ADMINISTRATOR
    )  # who has no limits
    user.is_active = False
    assert not backend.has_perm(user, VIEW, of)
