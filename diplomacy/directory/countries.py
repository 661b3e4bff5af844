"""Countries and other parties by the CLDR: codes, zones, and names in any of its languages. No database here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language

from diplomacy.directory.zones import is_iana_zone
from diplomacy.vocabulary import PartyKind


@cache
def _parties() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("parties.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def country_name(code: str, language: str | None = None) -> str:
    """The name of a party in `language` (default: the active one), from our own table or the CLDR; else its code."""
    language = (language or get_language() or "en").split("-")[0]
    own = _parties().get(code, {}).get("names", {})
    if own:
        return str(own.get(language) or own.get("en") or code)
    return str(_territories(language).get(code, code))


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language).territories)
    except (UnknownLocaleError, ValueError):
        return dict(Locale.parse("en").territories)


def known_parties() -> Iterator[tuple[str, PartyKind, str]]:
    """Each party as (code, kind, zone); the zone is empty where there are several or none."""
    own = _parties()
    excluded = set(own["not_a_country"]["codes"])
    zones = get_global("territory_zones")
    for code in sorted(_territories("en")):
        if len(code) == 2 and code.isalpha() and code not in excluded and code not in own:
            kind = PartyKind.TERRITORY if code in own["territories"]["codes"] else PartyKind.STATE
            yield code, kind, _only_zone(list(zones.get(code, ())))
    for code, party in own.items():
        if "names" in party:
            yield code, PartyKind(party["kind"]), str(party.get("zone", ""))


def _only_zone(zones: list[str]) -> str:
    current = [zone for zone in zones if is_iana_zone(zone)]
    return current[0] if len(current) == 1 else ""
