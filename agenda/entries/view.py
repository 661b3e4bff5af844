"""What an audience may know of an entry at a moment: a plain JSON value, and the diary row made from it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from agenda.entries.build import columns
from agenda.entries.models import DiaryEntry, Telling
from agenda.entries.queries import in_order, readable
from agenda.entries.wording import awaits_new_day
from diplomacy.directory.countries import country_name
from diplomacy.directory.spelling import fold
from diplomacy.visits.snapshot import SIGNIFICANT_FOR_ITEM, SIGNIFICANT_FOR_VISIT
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import VisitStatus

View = dict[str, Any]

# Of a snapshot, what no reader is told.
_INTERNAL = {"publication", "visibility", "release_at", "merged_into", "programme", "visits"}


def view_of(entry: DiaryEntry, audience: Audience, at: dt.datetime) -> View:
    """The view of an entry that the audience may read at `at`.

    A visit's has `items`: the views of the items that show, in order. An item's has `visits`: the ids of the visits
    that show, and `parents`: the UIDs of those that will take place and whose days it lies in.
    """
    view: View = {key: value for key, value in entry.content.items() if key not in _INTERNAL}
    if entry.is_visit:
        items = [item for item in entry.programme.all() if readable(item, audience, at)]
        return view | {"items": [view_of_line(item) for item in in_order(items, entry)]}
    visits = [visit for visit in entry.parents.all() if readable(visit, audience, at)]
    return view | {
        "visits": sorted(str(visit.visit_id) for visit in visits),
        "parents": sorted(visit.uid for visit in visits if _lies_inside(entry, visit)),
        "keys": sorted({key for visit in visits for key in keys_of(visit.content)}),
    }


def view_of_line(item: DiaryEntry) -> View:
    """An item as a line of its visit."""
    return {key: value for key, value in item.content.items() if key not in _INTERNAL} | {"visits": ["this one"]}


def _lies_inside(item: DiaryEntry, visit: DiaryEntry) -> bool:
    if not (item.starts_on and item.ends_on and visit.starts_on and visit.ends_on):
        return False
    if visit.status == VisitStatus.CANCELLED or awaits_new_day(visit):
        return False
    return visit.starts_on <= item.starts_on and item.ends_on <= visit.ends_on


def row_of(telling: Telling) -> tuple[DiaryEntry, list[DiaryEntry]]:
    """The diary row of a telling that shows something, and those of its programme; not to be saved."""
    row = plain_row(telling.view, telling.is_visit, telling.uid)
    row.created_at, row.revised_at, row.sequence = telling.created_at, telling.changed_at, telling.sequence
    return row, [plain_row(item, False, item["uid"]) for item in telling.view.get("items", [])]


def plain_row(view: View, is_visit: bool, uid: str) -> DiaryEntry:
    """A diary row of a view alone; not to be saved."""
    chosen = columns({"publication": "", "visibility": "", "release_at": None, **view})
    owner = {"visit_id": view["id"]} if is_visit else {"item_id": view["id"]}
    return DiaryEntry(uid=uid, content=view, **owner, **chosen)


def on_days(view: View, is_visit: bool, first: dt.date, last: dt.date) -> View:
    """A view put off without a day, on the days it was planned for."""
    if is_visit:
        days = {"start_on": first.isoformat(), "end_on": last.isoformat()}
        return view | days | {"original_start_on": days["start_on"], "original_end_on": days["end_on"]}
    return view | {"day": first.isoformat(), "original_day": first.isoformat()}


def is_put_off(view: View) -> bool:
    """Whether the view is of something postponed."""
    return bool(view["status"] == VisitStatus.POSTPONED)


def significant_part(view: View, is_visit: bool) -> View:
    """What raises SEQUENCE when it changes: start, end, place, title, status."""
    keys = SIGNIFICANT_FOR_VISIT if is_visit else SIGNIFICANT_FOR_ITEM
    return {key: view[key] for key in sorted(keys) if key in view}


def fingerprint(value: object) -> str:
    """A short digest of a JSON value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def keys_of(content: View) -> Iterator[str]:
    """What a visit or an item can be selected by, its visits' part apart."""
    for member in members_of(content):
        if member["country"]:
            yield f"country:{member['country']}"
        if member["person"]:
            yield f"person:{member['person']['id']}"
        if member["office"]:
            yield f"office:{member['office']['id']}"
    for place in [*content.get("cities", []), content.get("city") or {}]:
        if place.get("country"):
            yield f"country:{place['country']}"
    if content.get("host_country"):
        yield f"country:{content['host_country']}"


def members_of(content: View) -> list[dict[str, Any]]:
    """Those who take part in a visit or an item, as its snapshot has them."""
    found: list[dict[str, Any]] = content["members"] if "members" in content else content["participants"]
    return found


def all_keys(view: View, is_visit: bool) -> set[str]:
    """Every key of a told view; an item also stands under its visits' keys."""
    keys = {*keys_of(view), *view.get("keys", [])}
    if is_visit:
        return keys | {f"visit:{view['id']}", f"visit-kind:{view['kind']}"}
    return (
        keys
        | {f"visit:{visit}" for visit in view["visits"]}
        | {f"kind:{view['kind']}", f"press:{view['press_access']}"}
    )


def words_of(view: View) -> str:
    """The words a search looks in, each once and with a blank before and after: names, titles and places as told, and
    countries in every language of the diary.
    """
    countries = (
        country_name(key.removeprefix("country:"), language)
        for key in sorted(set(keys_of(view)))
        if key.startswith("country:")
        for language, _name in settings.LANGUAGES
    )
    words = dict.fromkeys(word for text in [*_texts(view), *countries] for word in fold(text).split())
    return f" {' '.join(words)} " if words else ""


def _texts(view: View) -> Iterable[str]:
    for member in members_of(view):
        yield member["title"]
        if member["person"]:
            yield member["person"]["name"]
    for place in [*view.get("cities", []), view.get("city") or {}]:
        yield place.get("name", "")
    yield from (str(view.get(key) or "") for key in ("title", "venue", "form", "date_text"))
    for item in view.get("items", []):
        yield from _texts(item)
