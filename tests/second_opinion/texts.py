"""A communiqué and what an honest model says of it."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

TODAY = dt.date(2026, 3, 2)
TEXT = (
    "Visite officielle à Bamako\n\n"
    "Le ministre russe des Affaires étrangères, Grigory BELAVIN, effectuera une visite officielle au Mali du 4 au 5 "
    "mars 2026, à l’invitation de son homologue malien, Boubacar SANGARE.\n"
    "Une séance de travail élargie aux deux délégations aura lieu à Bamako le 4 mars à 10 h 30. "
    "Le Président Issa KONATÉ recevra le ministre dans l’après-midi."
)
WHO = {"name": "Grigory BELAVIN", "title": "ministre russe des Affaires étrangères", "country": "russe"}
HOST = {"name": "Boubacar SANGARE", "title": None, "country": "malien"}


def item(**changed: Any) -> dict[str, Any]:
    """The working session, as asked for."""
    return {
        "kind": "enlarged_session",
        "words": "Une séance de travail élargie aux deux délégations aura lieu à Bamako",
        "day": "le 4 mars",
        "clock": "10 h 30",
        "place": None,
        "city": "Bamako",
        "participants": ["Grigory BELAVIN"],
        "status": "scheduled",
        "status_words": None,
        **changed,
    }


def visit(**changed: Any) -> dict[str, Any]:
    """The visit, as asked for."""
    return {
        "words": "Grigory BELAVIN, effectuera une visite officielle au Mali",
        "visitors": [copy.deepcopy(WHO)],
        "host_country": "Mali",
        "host": copy.deepcopy(HOST),
        "cities": ["Bamako"],
        "days": "du 4 au 5 mars 2026",
        "kind": "official",
        "kind_words": "visite officielle",
        "status": "announced",
        "status_words": None,
        "invited_by": "Boubacar SANGARE",
        "items": [item()],
        **changed,
    }


def said(*visits: dict[str, Any], items: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A whole answer."""
    return {"visits": list(visits), "items": list(items)}
