"""Entries as a CSV table: a line each, no cell a formula."""

from __future__ import annotations

from collections.abc import Sequence

from agenda.api.formats.parts import day, members, places
from agenda.entries import hours, wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry
from diplomacy.tables.formats import TableFormat, write_table

COLUMNS = (
    "id", "uid", "sequence", "type", "kind", "status", "title", "starts_on", "ends_on", "starts_at", "ends_at", "zone",
    "precision", "part_of_day", "hour", "place", "cities", "countries", "people", "press_access",
    "accreditation_until", "disputed", "revised_at", "url",
)  # fmt: skip


def csv_of(entries: Sequence[DiaryEntry]) -> bytes:
    """The table; several values of a cell have a semicolon between them."""
    return write_table(COLUMNS, map(_cells, entries), TableFormat.CSV)


def _cells(entry: DiaryEntry) -> dict[str, str]:
    content = entry.content
    countries = [content.get("host_country"), *(one.get("country") for one in [*places(entry), *members(entry)])]
    moments = {
        "starts_at": hours.starts(entry), "ends_at": hours.ends(entry),
        "accreditation_until": hours.accreditation(entry),
    }  # fmt: skip
    return {
        "id": content["id"], "uid": entry.uid, "sequence": str(entry.sequence),
        "type": "visit" if entry.is_visit else "item", "kind": entry.kind, "status": entry.status,
        "title": wording.title(entry), "starts_on": day(entry.starts_on), "ends_on": day(entry.ends_on),
        **{name: moment.isoformat() if moment else "" for name, moment in moments.items()},
        "zone": entry.zone, "precision": entry.precision, "part_of_day": content.get("part_of_day", ""),
        "hour": wording.hour(entry), "place": wording.place(entry),
        "cities": "; ".join(place["name"] for place in places(entry)),
        "countries": "; ".join(dict.fromkeys(code for code in countries if code)),
        "people": "; ".join(wording.people_of(entry)), "press_access": entry.press_access,
        "disputed": "; ".join(content.get("disputed") or ()), "revised_at": entry.revised_at.isoformat(),
        "url": absolute(page_path(entry)),
    }  # fmt: skip
