"""A remit: the countries and regions (UN M49) that somebody's desk is for; everything where it is empty.

`RoleBackend` asks here for every act on something, so that desk, admin and API answer alike. No database here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class Concerning(Protocol):
    """Something that is of certain countries."""

    def countries_concerned(self) -> frozenset[str]:
        """The codes of the countries; empty where none is known."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Just the countries, of something that is not there yet."""

    codes: frozenset[str]

    def countries_concerned(self) -> frozenset[str]:
        """They."""
        return self.codes


# What is of no country more than of another (a source, a table): only who is not limited changes it.
EVERYWHERE = Concerned(frozenset())


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """What each region holds directly, countries or regions, by its number: "011" for West Africa."""
    path = Path(__file__).with_name("regions.toml")
    return {code: tuple(held) for code, held in tomllib.loads(path.read_text(encoding="utf-8")).items()}


@cache
def countries_of(code: str) -> frozenset[str]:
    """The countries of a region; a country is just itself."""
    held = regions().get(code)
    return frozenset({code}) if held is None else frozenset[str]().union(*map(countries_of, held))


def covered(remit: Iterable[str]) -> frozenset[str]:
    """The countries that a remit covers; none where it is empty."""
    return frozenset[str]().union(*map(countries_of, remit))


def is_within(remit: Iterable[str], concerned: object) -> bool:
    """Whether something is of one of the countries of the remit. What is of no known country, or cannot say, is only
    within a remit without limits.
    """
    limits = covered(remit)
    if not limits:
        return not list(remit)
    return isinstance(concerned, Concerning) and not limits.isdisjoint(concerned.countries_concerned())
