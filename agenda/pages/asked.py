"""What a reader asked of the diary, read from an address and written into others: view, day, filters, page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from agenda.entries.finding import Sought
from diplomacy.visits.choices import ITEM_KINDS, ITEM_STATUSES, PRESS_ACCESSES, VISIT_KINDS, VISIT_STATUSES

LONGEST_WORDS = 200  # characters looked for
LAST_PAGE = 1000
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)  # between these every week and month can be written


class View(StrEnum):
    """How the diary is shown; also the names of the addresses."""

    LIST = "upcoming"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


# The names of the filters in addresses, and what they may say; None: any text.
_VALUES: Mapping[str, frozenset[str] | None] = {
    "country": None,
    "person": None,
    "office": None,
    "kind": frozenset(str(value) for value, _said in [*VISIT_KINDS, *ITEM_KINDS]),
    "status": frozenset(str(value) for value, _said in [*VISIT_STATUSES, *ITEM_STATUSES]),
    "access": frozenset(str(value) for value, _said in PRESS_ACCESSES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One address of the diary. `on` is a day of the host's calendar, None for today; `page` counts from 1."""

    view: View
    sought: Sought
    on: dt.date | None = None
    page: int = 1

    def path(self, **changes: object) -> str:
        """The address of this with something changed, in the active language."""
        return replace(self, **{"page": 1, **changes})._path()  # type: ignore[arg-type]

    def _path(self) -> str:
        query = [(name, getattr(self.sought, name)) for name in _VALUES]
        query += [("q", self.sought.words), ("on", self.on.isoformat() if self.on else "")]
        if self.page > 1:
            query.append(("page", str(self.page)))
        said = urlencode([(name, value) for name, value in query if value])
        return reverse(self.view) + (f"?{said}" if said else "")


def asked(view: View, query: Mapping[str, str]) -> tuple[Asked, list[str]]:
    """What an address asks for, and a sentence for each part of it that was left out, being nothing we know."""
    refused: list[str] = []
    values: dict[str, str] = {}
    for name, known in _VALUES.items():
        value = query.get(name, "").strip()
        if known is None or value in known or not value:
            values[name] = value[:LONGEST_WORDS].replace("\x00", "")
        else:
            refused.append(_unknown(name, value))
    on, page = _day(query.get("on", ""), refused), _number(query.get("page", ""), refused)
    words = " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST_WORDS]
    return Asked(view=view, sought=Sought(**values, words=words), on=on, page=page), refused


def _day(value: str, refused: list[str]) -> dt.date | None:
    if not value:
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        day = EARLIEST
    if EARLIEST < day < LATEST:
        return day
    refused.append(_("“%(value)s” is no day: write it like 2026-12-01. Today is shown.") % {"value": value[:40]})
    return None


def _number(value: str, refused: list[str]) -> int:
    if not value:
        return 1
    if len(value) < 5 and value.isascii() and value.isdigit() and 1 <= int(value) <= LAST_PAGE:
        return int(value)
    refused.append(_("There is no page “%(value)s”. The first one is shown.") % {"value": value[:40]})
    return 1


def _unknown(name: str, value: str) -> str:
    return _("“%(value)s” is no value of “%(name)s” and was left out.") % {"value": value[:40], "name": name}


def labelled(pairs: Iterable[tuple[object, object]]) -> list[tuple[str, str]]:
    """Choices for a form, in words that begin with a capital."""
    said = ((str(value), str(label)) for value, label in pairs)
    return [(value, label[:1].upper() + label[1:]) for value, label in said]
