"""A notice in words, in the active language."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agenda.coverage.models import MEDIA, Coverage, Notice, NoticeKind, Plan
from agenda.entries import wording
from agenda.entries.build import unsaved_row
from agenda.entries.days import days_text, zone_text
from agenda.entries.models import DiaryEntry
from diplomacy.visits.choices import ITEM_STATUSES, PARTS_OF_DAY, PRECISIONS, VISIT_STATUSES
from diplomacy.visits.models import ProgrammeItem
from diplomacy.visits.snapshot import item_snapshot

# What `row_of_item` reads of an item, to be asked for with it.
FETCHED = ("participants__person", "participants__office", "lines__visit")


def row_of_item(item: ProgrammeItem) -> DiaryEntry:
    """The item as a diary row, for its title and hour; nothing is asked for where FETCHED was."""
    return unsaved_row(item, item_snapshot(item, item.participants.all(), item.lines.all()))


def moment_text(moment: dt.datetime, zone: str) -> str:
    """ "7 Feb 2023, 18:00 (Bamako, UTC+0)": a moment (aware) on the clock of `zone`, in UTC where that is empty."""
    local = moment.astimezone(ZoneInfo(zone or "UTC"))
    return f"{days_text(local.date(), None)}, {local:%H:%M} ({zone_text(zone, local.date()) if zone else 'UTC'})"


def media_text(coverage: Coverage) -> str:
    """ "text: planned, photo: on merit"; what is not made is left out."""
    said = []
    for medium in MEDIA:
        plan = Plan(getattr(coverage, medium))
        if plan is not Plan.NO:
            name = Coverage._meta.get_field(medium).verbose_name  # type: ignore[union-attr]
            said.append(_("%(name)s: %(value)s") % {"name": name, "value": plan.label})
    return ", ".join(said)


def coverage_text(coverage: Coverage | None) -> str:
    """ "text: planned · ada": what is planned and who goes; empty where nothing is."""
    media = media_text(coverage) if coverage else ""
    return f"{media} · {coverage.assignee or _('nobody yet')}" if coverage and media else ""


def headline(notice: Notice) -> str:
    """What a notice is about, in a line."""
    item = notice.coverage.item
    title = wording.title(row_of_item(item))
    if notice.kind == NoticeKind.REMINDER and notice.deadline is not None:
        until = moment_text(notice.deadline, item.zone)
        return _("Accreditation until %(until)s: %(title)s") % {"until": until, "title": title}
    return _("Changed: %(title)s") % {"title": title}


def lines(notice: Notice) -> list[str]:
    """What changed, one a line; nothing for a reminder."""
    said = [_line(field, old, new, notice.coverage.item.zone) for field, old, new in notice.changes]
    return list(dict.fromkeys(line for line in said if line))


def _line(field: str, old: Any, new: Any, zone: str) -> str:
    before, after = _value(field, old, zone), _value(field, new, zone)
    if before == after:
        return ""
    return _("%(name)s: %(value)s") % {"name": _label(field), "value": f"{before or '—'} → {after or '—'}"}


def _label(field: str) -> str:
    return {
        "status": _("Status"),
        "visit_status": _("Visit"),
        "day": _("Day"),
        "precision": _("Precision"),
        "start_time": _("From"),
        "part_of_day": _("Part of the day"),
        "zone": _("Time zone"),
        "visit_days": _("Days"),
        "city": _("City"),
        "venue": _("Venue"),
        "accreditation_until": _("Accreditation until"),
    }[field]


_NAMES: dict[str, dict[Any, Any]] = {
    "status": dict(ITEM_STATUSES),
    "precision": dict(PRECISIONS),
    "part_of_day": dict(PARTS_OF_DAY),
}


def _value(field: str, value: Any, zone: str) -> str:
    if not value:
        return ""
    if field in _NAMES:
        return str(_NAMES[field].get(value, value))
    if field == "visit_status":
        return ", ".join(str(dict(VISIT_STATUSES).get(one, one)) for one in value)
    if field == "visit_days":
        return ", ".join(days_text(*(dt.date.fromisoformat(day) if day else None for day in pair)) for pair in value)
    if field == "day":
        return days_text(dt.date.fromisoformat(value), None)
    if field == "accreditation_until":
        return moment_text(dt.datetime.fromisoformat(value), zone)
    return str(value)
