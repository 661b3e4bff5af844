"""What a diary entry says in the active language: titles, hours, places, statuses.

Called with the language activated (`django.utils.translation.override`); makes the frozen Entry that feeds, API and
pages share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from agenda.entries.days import days_text, zone_text
from agenda.entries.entry import Certainty, Entry
from agenda.entries.models import DiaryEntry
from diplomacy.directory.countries import country_name
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRESS_ACCESSES,
    VISIT_KINDS,
    VISIT_STATUSES,
)
from diplomacy.vocabulary import Precision, PressAccess, Role, VisitStatus

# Usual length of a kind in minutes: the one estimate there is, and only for the end of a VEVENT.
USUAL_MINUTES = {
    "press_conference": 45, "courtesy_call": 30, "audience": 45, "signing": 30, "arrival": 30, "departure": 30,
    "phone_call": 30, "interview": 30, "wreath_laying": 30, "working_meal": 90, "official_dinner": 120,
    "summit": 180, "forum": 120,
}  # fmt: skip
# What sources may disagree on, as readers are told: by the names of a snapshot.
_DISPUTABLE = {
    "start_on": pgettext_lazy("contested", "dates"),
    "end_on": pgettext_lazy("contested", "dates"),
    "day": pgettext_lazy("contested", "day"),
    "start_time": pgettext_lazy("contested", "hour"),
    "end_time": pgettext_lazy("contested", "hour"),
    "part_of_day": pgettext_lazy("contested", "hour"),
    "duration_minutes": pgettext_lazy("contested", "length"),
    "kind": pgettext_lazy("contested", "kind of visit"),
    "city": pgettext_lazy("contested", "city"),
    "venue": pgettext_lazy("contested", "venue"),
}
_KINDS = dict(VISIT_KINDS)
_ITEM_KINDS = dict(ITEM_KINDS)
_STATUSES = dict(VISIT_STATUSES)
_ITEM_STATUSES = dict(ITEM_STATUSES)
_PARTS = dict(PARTS_OF_DAY)
_ACCESSES = dict(PRESS_ACCESSES)


def kind_label(entry: DiaryEntry) -> str:
    """The kind in words, capitalised."""
    return _capital(str((_KINDS if entry.is_visit else _ITEM_KINDS).get(entry.kind, entry.kind)))


def kind_name(kind: str) -> str:
    """A kind of visit or of item in words, capitalised."""
    return _capital(str({**_ITEM_KINDS, **_KINDS}.get(kind, kind)))


def status_label(entry: DiaryEntry) -> str:
    """The status in words."""
    return str((_STATUSES if entry.is_visit else _ITEM_STATUSES).get(entry.status, entry.status))


def people_of(entry: DiaryEntry, *roles: Role) -> list[str]:
    """Names (or offices said without a name) of those who take part, in order; only these roles if any is given."""
    members = entry.content.get("members", entry.content.get("participants", []))
    names = [_who(member) for member in members if not roles or member["role"] in roles]
    return list(dict.fromkeys(name for name in names if name))


def title(entry: DiaryEntry) -> str:
    """Kind · who with whom · where, with a word in front for what is cancelled or postponed."""
    return _mark(entry) + " · ".join(part for part in (_what(entry), place(entry)) if part)


def hour(entry: DiaryEntry) -> str:
    """The hour as precisely as it is known: "10:30–11:00", "morning", "hour to be confirmed"."""
    content = entry.content
    if content.get("start_time"):
        end = content.get("end_time")
        clock = f"{content['start_time']}–{end}" if end else str(content["start_time"])
        return clock if content.get("zone") else _("%(clock)s, local time") % {"clock": clock}
    if content.get("part_of_day"):
        return str(_PARTS[content["part_of_day"]])
    if entry.is_visit or (entry.starts_on is None and entry.precision == Precision.ORDER):
        return ""
    return _("hour to be confirmed")


def place(entry: DiaryEntry) -> str:
    """Where: venue and city, or the cities and the country of a visit."""
    content = entry.content
    if entry.is_visit:
        cities = ", ".join(city["name"] for city in content["cities"])
        country = country_name(content["host_country"])
        return f"{cities} ({country})" if cities else country
    city = (content.get("city") or {}).get("name", "")
    return ", ".join(part for part in (content.get("venue", ""), city) if part)


def access(entry: DiaryEntry) -> str:
    """Press access in words; empty where it is not stated."""
    said = entry.press_access
    return "" if said in {"", PressAccess.UNSPECIFIED} else str(_ACCESSES[said])


def accreditation(entry: DiaryEntry) -> str:
    """Until when to ask for accreditation, on the item's clock (else UTC); empty where not stated."""
    said = entry.content.get("accreditation_until")
    if not said:
        return ""
    zone = entry.zone or "UTC"
    until = dt.datetime.fromisoformat(said).astimezone(ZoneInfo(zone))
    where = zone_text(zone, until.date()) if entry.zone else zone
    return f"{days_text(until.date(), None)}, {until:%H:%M} ({where})"


def contested(entry: DiaryEntry) -> str:
    """On which of its values sources disagree, in a line; empty where on none."""
    disputed = entry.content.get("disputed") or ()
    labels = dict.fromkeys(str(label) for name, label in _DISPUTABLE.items() if name in disputed)
    return _("Contested by the sources: %(values)s") % {"values": ", ".join(labels)} if labels else ""


def stops(entry: DiaryEntry) -> list[tuple[str, str]]:
    """The places of a visit, each with its days; none where no source gave days."""
    cities = entry.content["cities"]
    if not any(city.get("arrives_on") or city.get("leaves_on") for city in cities):
        return []
    return [(city["name"], _stay(city.get("arrives_on"), city.get("leaves_on"))) for city in cities]


def _stay(arrives: str | None, leaves: str | None) -> str:
    first, last = (dt.date.fromisoformat(day) if day else None for day in (arrives, leaves))
    if first is None and last is not None:
        return _("until %(day)s") % {"day": days_text(last, None)}
    return days_text(first, last)


def as_entry(
    entry: DiaryEntry, programme: Sequence[DiaryEntry] = (), *, url: str, parent_uid: str | None = None
) -> Entry | None:
    """The VEVENT of an entry; None for what has no day. Without an hour on a known clock it is a day."""
    if entry.starts_on is None or entry.ends_on is None:
        return None
    timed = entry.starts_at is not None and not awaits_new_day(entry)
    starts, ends = _timed_span(entry.content) if timed else (entry.starts_on, entry.ends_on)
    place_known = point(entry)
    return Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        created=entry.created_at,
        last_modified=entry.revised_at,
        certainty=_certainty(entry),
        kind=entry.kind,
        is_visit=entry.is_visit,
        summary=_summary(entry),
        starts=starts,
        ends=ends,
        zone=entry.zone if timed else None,
        description=_description(entry, programme),
        location=place(entry),
        latitude=place_known[0],
        longitude=place_known[1],
        url=url,
        categories=(kind_label(entry),),
        transparent=not timed or entry.status == VisitStatus.CANCELLED,
        parent_uid=parent_uid,
        usual_minutes=USUAL_MINUTES.get(entry.kind, 60),
    )


def stands_in_visits_text(entry: DiaryEntry) -> bool:
    """Whether an item of unknown hour has its place in the text of its visit, not in an event of its own."""
    return not entry.is_visit and entry.starts_at is None and bool(entry.content.get("visits"))


def _timed_span(content: dict[str, Any]) -> tuple[dt.datetime, dt.datetime | None]:
    starts = dt.datetime.fromisoformat(f"{content['day']}T{content['start_time']}")
    if not content.get("end_time"):
        return starts, None
    ends = dt.datetime.fromisoformat(f"{content['day']}T{content['end_time']}")
    return starts, ends + dt.timedelta(days=1) if content.get("ends_next_day") else ends


def _summary(entry: DiaryEntry) -> str:
    text = title(entry)
    is_bare_day = not entry.is_visit and entry.starts_at is None
    return f"{text} ({hour(entry)})" if is_bare_day else text


def _certainty(entry: DiaryEntry) -> Certainty:
    if entry.status == VisitStatus.CANCELLED:
        return Certainty.CANCELLED
    if awaits_new_day(entry) or (not entry.is_visit and entry.starts_at is None):
        return Certainty.TENTATIVE
    if entry.is_visit and entry.status in {VisitStatus.ANNOUNCED, VisitStatus.POSTPONED}:
        return Certainty.TENTATIVE
    return Certainty.CONFIRMED


def awaits_new_day(entry: DiaryEntry) -> bool:
    """Whether it is put off and no new day is known: its day is then the one it was planned for."""
    if entry.status != VisitStatus.POSTPONED:
        return False
    key, planned = ("start_on", "original_start_on") if entry.is_visit else ("day", "original_day")
    return entry.content.get(planned) in {None, entry.content.get(key)}


def _mark(entry: DiaryEntry) -> str:
    if entry.status == VisitStatus.CANCELLED:
        return pgettext("mark", "CANCELLED") + _(": ")
    if awaits_new_day(entry):
        return pgettext("mark", "POSTPONED") + _(": ")
    return ""


def _what(entry: DiaryEntry) -> str:
    if not entry.is_visit:
        return " · ".join(part for part in (kind_label(entry), " – ".join(people_of(entry))) if part)
    head = ", ".join(people_of(entry, Role.HEAD_OF_DELEGATION))
    return " · ".join(part for part in (head, kind_label(entry)) if part)


def line(entry: DiaryEntry) -> str:
    """One line of a programme in plain text."""
    return " · ".join(part for part in (hour(entry), title(entry)) if part)


def _description(entry: DiaryEntry, programme: Sequence[DiaryEntry]) -> str:
    lines = [_("Status: %(status)s") % {"status": status_label(entry)}]
    if contested(entry):
        lines.append(contested(entry))
    if entry.content.get("title"):
        lines.append(_("As announced: %(words)s") % {"words": entry.content["title"]})
    members = entry.content.get("members", entry.content.get("participants", []))
    lines += dict.fromkeys(member_text(member) for member in members)
    if access(entry):
        lines.append(_("Press: %(access)s") % {"access": access(entry)})
    if programme:
        lines += ["", _("Programme"), *_programme_lines(programme)]
    return "\n".join(lines)


def _programme_lines(programme: Sequence[DiaryEntry]) -> list[str]:
    lines: list[str] = []
    last: dt.date | None = None
    for number, item in enumerate(programme, start=1):
        if item.starts_on and item.starts_on != last:
            lines.append(f"{item.starts_on:%d/%m/%Y}")
            last = item.starts_on
        lines.append(f"{number}. {line(item)}")
        if contested(item):
            lines.append(contested(item))
    return lines


def _who(member: dict[str, Any]) -> str:
    return str(member["person"]["name"] if member["person"] else member["title"])


def member_text(member: dict[str, Any]) -> str:
    """Somebody's part in words: name and title as said."""
    who, said = _who(member), str(member["title"])
    text = who if not said or who == said else f"{who}, {said}"
    return _("Invited by %(who)s") % {"who": who} if member["role"] == Role.INVITED_BY else text


def point(entry: DiaryEntry) -> tuple[float | None, float | None]:
    """Latitude and longitude of an entry in one place."""
    content = entry.content
    places = content["cities"] if entry.is_visit else [content["city"]] if content.get("city") else []
    return (places[0]["latitude"], places[0]["longitude"]) if len(places) == 1 else (None, None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
