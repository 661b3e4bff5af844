"""Entries for tests of the feed, made by hand: no database."""

import datetime as dt
from typing import Any

from agenda.entries.entry import Certainty, Entry
from agenda.feeds.ical import CalendarMeta, Colour

PUBLISHED = dt.datetime(2026, 6, 1, 8, 30, tzinfo=dt.UTC)
VISIT_UID = "0d1f6a5e-54f5-4f0c-9d5d-0b8f4a6b7c01@agenda.example"


def entry(**changes: Any) -> Entry:
    """Return a meeting in Bamako on 15 July 2026 from ten to eleven, changed as told."""
    values: dict[str, Any] = {
        "uid": "7a2698ba-6ff1-4eab-b858-54d6b797a410@agenda.example",
        "sequence": 2,
        "created": PUBLISHED,
        "last_modified": PUBLISHED + dt.timedelta(hours=3),
        "certainty": Certainty.CONFIRMED,
        "kind": "bilateral_meeting",
        "is_visit": False,
        "summary": "Tête-à-tête avec le ministre",
        "starts": _local(15, 10),
        "ends": _local(15, 11),
        "zone": "Africa/Bamako",
    }
    return Entry(**(values | changes))


def visit(**changes: Any) -> Entry:
    """Return a visit of two days, 14 and 15 July 2026, changed as told."""
    values: dict[str, Any] = {
        "uid": VISIT_UID,
        "kind": "official",
        "is_visit": True,
        "summary": "Visite officielle à Bamako",
        "starts": dt.date(2026, 7, 14),
        "ends": dt.date(2026, 7, 15),
        "zone": None,
        "transparent": True,
    }
    return entry(**(values | changes))


def calendar(**changes: Any) -> CalendarMeta:
    """Return what a French feed says of itself, changed as told."""
    values: dict[str, Any] = {
        "name": "Agenda diplomatique",
        "description": "Visites et entretiens",
        "language": "fr",
        "product_id": "-//agenda.example//Agenda",
        "url": "https://agenda.example/fr/",
        "last_modified": PUBLISHED + dt.timedelta(days=1),
        "default_zone": "Africa/Bamako",
        "end_not_stated": "fin non précisée",
        "colour": Colour("steelblue", "#4682b4"),
    }
    return CalendarMeta(**(values | changes))


def _local(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2026, 7, day, hour)  # noqa: DTZ001  (on the clock of the zone beside it)
