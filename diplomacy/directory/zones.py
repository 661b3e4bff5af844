"""IANA time zones as the host's clocks. No database here."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_iana_zone(name: str) -> bool:
    """Whether `name` is a zone of the IANA database."""
    return name in _names()


def zone_or_none(name: str) -> ZoneInfo | None:
    """The zone of that name; None for an empty or unknown one."""
    return ZoneInfo(name) if name and is_iana_zone(name) else None
