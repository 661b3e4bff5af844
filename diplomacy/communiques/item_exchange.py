"""Programme items as a table, out and in. A row with an id speaks of that item, one with a visit adds to its programme,
one with neither is a line of a diary. What is new is a draft; what contradicts an editor waits in the queue.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from diplomacy.communiques import review
from diplomacy.communiques.drafts import DraftError, day, item_facts
from diplomacy.communiques.extraction import propose_one
from diplomacy.communiques.heard import standing_visit
from diplomacy.communiques.imported import RefusedError, Weighed, decided, refused_word, spans, take_rows
from diplomacy.communiques.item_changes import pair_items
from diplomacy.communiques.known import known_items
from diplomacy.communiques.matching import Match, Reason, match_items
from diplomacy.communiques.models import Evidence, Extraction, Proposal, ProposalKind
from diplomacy.communiques.seen import item_told
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.spelling import fold
from diplomacy.directory.zones import is_iana_zone
from diplomacy.tables import Row, RowOutcome, Verdict, joined, parted
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, ItemStatus, PartOfDay, Precision, PressAccess, Side, VisitStatus

ITEMS = (
    "id", "visit", "day", "start_time", "end_time", "part_of_day", "duration_minutes", "precision", "zone", "kind",
    "title", "city", "venue", "participants", "press_access", "status",
)  # fmt: skip
_FIELDS = {"id": "", "visit": "", "day": "date", "zone": "timezone", "venue": "place"}  # of a draft, by columns
_WORDS = {
    "kind": ItemKind, "part_of_day": PartOfDay, "precision": Precision, "press_access": PressAccess,
    "status": ItemStatus,
}  # fmt: skip
_TIME = ("day", "start_time", "end_time", "part_of_day", "duration_minutes", "precision")  # weighed as one: "when"
_HOUR = re.compile(r"(\d{1,2}):(\d\d)(:00)?")  # as spreadsheets write it again, too
_LONGEST_TITLE = 300
Value = TypeVar("Value")


def item_cells() -> Iterator[Mapping[str, str]]:
    """Every item, drafts and internal ones included, but those that were merged into another."""
    rows = ProgrammeItem.objects.filter(merged_into=None).order_by("day", "start_time", "id")
    rows = rows.select_related("place").prefetch_related("visits", "participants__person", "participants__office")
    return map(_cells, rows.iterator(chunk_size=500))


def _cells(item: ProgrammeItem) -> dict[str, str]:
    taking_part = [
        [one.person.name] if one.person else ["", one.title or (one.office.title if one.office else "")]
        for one in item.participants.all()
    ]
    return {
        "id": str(item.pk),
        "visit": joined([visit.slug] for visit in item.visits.all()),
        "day": item.day.isoformat() if item.day else "",
        "start_time": f"{item.start_time:%H:%M}" if item.start_time else "",
        "end_time": f"{item.end_time:%H:%M}" if item.end_time else "",
        "part_of_day": item.part_of_day,
        "duration_minutes": str(item.duration_minutes or ""),
        "precision": item.precision,
        "zone": item.zone,
        "kind": item.kind,
        "title": item.title,
        "city": item.place.name if item.place else "",
        "venue": item.venue,
        "participants": joined(taking_part),
        "press_access": item.press_access,
        "status": item.status,
    }


def take_items(content: bytes, rows: Sequence[Row], act: Act, *, filename: str) -> list[RowOutcome]:
    """Take the rows of a file one after the other. `act.by` accepts what is new and what contradicts nobody."""
    named = frozenset(row["id"] for row in rows if row["id"])  # the file tells these apart from its other rows

    def weigh(row: Row, offset: int, extraction: Extraction, act: Act) -> Weighed:
        return _weighed(row, offset, extraction, act, named=named)

    named_by = ("visit", "kind", "title", "day", "start_time")
    return take_rows(content, rows, act, weigh, filename=filename, columns=ITEMS, named_by=named_by)


def _weighed(row: Row, offset: int, extraction: Extraction, act: Act, *, named: frozenset[str]) -> Weighed:
    draft = item_draft(row, offset)
    item_facts(draft)  # what cannot stand is refused before anything is made of it
    if row["id"]:
        return _of_item(row, draft, _item(row), extraction, act)
    if row["visit"]:
        return _of_visit(draft, _visit(row), extraction, act, named=named)
    return _of_diary(row, draft, extraction, act, named=named)


def _of_item(row: Row, draft: dict[str, Any], item: ProgrammeItem, extraction: Extraction, act: Act) -> Weighed:
    """A change of the item that the row names."""
    stands = _cells(item)
    if draft["kind"] != item.kind:
        raise _refused("kind", _("this item is of the kind “%(kind)s”: another kind is another item.") % stands)
    slugs = [visit.slug for visit in item.visits.all()]
    if row["visit"] and not {visit.slug for visit in _visits(row)} <= set(slugs):
        raise _refused("visit", _("this item is none of that visit’s programme, and an import does not take it there."))
    if row["city"] and not slugs and fold(row["city"]) != fold(stands["city"]):
        raise _refused("city", _no_country())
    match = Match(key=str(item.pk), score=1.0, reasons=(Reason.NAMED,))
    proposal = _proposed(extraction, "items", ProposalKind.NEW_ITEM, draft, match, act)
    left = list(_not_taken(row, draft, stands, proposal))
    verdict, why = decided(proposal, act)
    return (Verdict.KEPT if left and verdict is Verdict.SAME else verdict), why + left


def _of_visit(
    draft: dict[str, Any], visit: Visit, extraction: Extraction, act: Act, *, named: frozenset[str]
) -> Weighed:
    """One more item of the visit's programme, or the one that the row tells again."""
    if visit.status == VisitStatus.CANCELLED:
        raise _refused("visit", _("this visit is cancelled. Say first that it takes place."))
    standing = standing_visit(visit)
    heads = [one for one in standing.members if one.side is Side.VISITING][:1]
    whole = {
        "visitors": [{"name": one.name, "title": one.title, "country": one.country, "aliases": []} for one in heads],
        "host_country": visit.host_country_id,
        "items": [draft],
        "evidence_spans": {},
        "confidence": {},
    }
    match = Match(key=str(visit.pk), score=1.0, reasons=(Reason.NAMED,))
    proposal = _proposed(extraction, "visits", ProposalKind.NEW_VISIT, whole, match, act)
    is_new = any(change["key"].startswith("+") and change["outcome"] == Outcome.CHANGE for change in proposal.changes)
    told = named | _told_before(extraction, [one.key for one in standing.items])
    others = [one for one in standing.items if one.key not in told]
    alike = pair_items((item_facts({**draft, "is_distinct": False}),), others)
    if is_new and alike:
        return Verdict.WAITS, [_looks_like(alike[0].key)]
    verdict, why = decided(proposal, act, drafted=[draft])
    return (Verdict.MADE, []) if is_new and verdict is Verdict.CHANGED else (verdict, why)


def _of_diary(row: Row, draft: dict[str, Any], extraction: Extraction, act: Act, *, named: frozenset[str]) -> Weighed:
    """A line of its participants' own diary, or the one that the row tells again."""
    if not draft["participants"]:
        raise _refused("participants", _("say whose diary it is, or name the visit."))
    if row["city"]:
        raise _refused("city", _no_country())
    seen = item_told("line", draft)
    known = known_items([seen])
    same = [one for one in known if one.start_time == seen.start_time and fold(one.title) == fold(seen.title)]
    match = match_items([seen], same).get("line")
    proposal = _proposed(extraction, "items", ProposalKind.NEW_ITEM, draft, match, act)
    if match is not None:
        return decided(proposal, act)
    told = named | _told_before(extraction, [one.key for one in known])
    alike = match_items([seen], [one for one in known if one.key not in told]).get("line")
    if alike is not None:
        return Verdict.WAITS, [_looks_like(alike.key)]
    review.accept(proposal, act)
    return Verdict.MADE, []


def _proposed(
    extraction: Extraction, part: str, kind: ProposalKind, draft: dict[str, Any], match: Match | None, act: Act
) -> Proposal:
    path = f"{part}.{len(extraction.reading[part])}"
    extraction.reading[part].append(draft)
    return propose_one(extraction, path, kind, draft, match, now=act.now)


def _not_taken(row: Row, draft: Mapping[str, Any], stands: Mapping[str, str], proposal: Proposal) -> Iterator[str]:
    """The cells that say otherwise than the item and yet change nothing of it: nothing is left out in silence."""
    weighed = {one["key"].rpartition("/")[2] for one in proposal.changes if one["outcome"] != Outcome.CONFIRMED}
    for column in ITEMS:
        if not row[column] or column in ("id", "visit", "kind", "city", "participants"):
            continue
        says = str(draft[_FIELDS.get(column, column)])
        if says == stands[column]:
            continue
        if ("when" if column in _TIME else column) in weighed or (column == "zone" and "when" in weighed):
            continue
        yield _refusal(
            column,
            _("“%(stands)s” stays, “%(says)s” is not taken. Correct it at the desk.")
            % {"stands": stands[column] or "—", "says": says},
        )


def _told_before(extraction: Extraction, keys: Iterable[str]) -> frozenset[str]:
    """Those of the items that earlier rows of the same file spoke of or made."""
    told = Evidence.objects.filter(proposal__extraction=extraction, item__in=[uuid.UUID(key) for key in keys])
    return frozenset(str(key) for key in told.values_list("item_id", flat=True).distinct())


def _looks_like(key: str) -> str:
    said = _("It looks like the item %(id)s. To change that one, give its id; an editor decides whether it is another.")
    return said % {"id": key}


def _item(row: Row) -> ProgrammeItem:
    key = _uuid(row["id"])
    rows = ProgrammeItem.objects.select_related("place", "merged_into")
    item = rows.filter(pk=key).first() if key is not None else None
    while item is not None and item.merged_into is not None:
        item = item.merged_into
    if item is None:
        raise RefusedError(_("No row has the id “%(id)s”. Leave it empty for something new.") % {"id": row["id"][:40]})
    return item


def _visit(row: Row) -> Visit:
    visits = _visits(row)
    if len(visits) > 1:
        raise _refused("visit", _("a new item goes to one visit. Name just that."))
    return visits[0]


def _visits(row: Row) -> list[Visit]:
    """The visits that the row names, by address or id; for one that was merged, the one that goes on."""
    found = []
    for thing in parted(row["visit"]):
        by = {"pk": _uuid(thing[0])} if _uuid(thing[0]) else {"slug": thing[0]}
        visit = Visit.objects.select_related("merged_into").filter(**by).first()
        while visit is not None and visit.merged_into is not None:
            visit = visit.merged_into
        if visit is None:
            raise _refused("visit", _("no visit has the id or address “%(said)s”.") % {"said": thing[0][:120]})
        found.append(visit)
    return found


def _uuid(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


def item_draft(row: Row, offset: int) -> dict[str, Any]:
    """The row in the shape of a reading's item, each value with its words.

    Raises what says why a value cannot be read, with its column.
    """
    for column, vocabulary in _WORDS.items():
        if row[column] and row[column] not in set(vocabulary):
            raise refused_word(row[column], column, list(vocabulary))
    if not row["kind"]:
        raise _refused("kind", _("say what the item is: %(known)s.") % {"known": ", ".join(ItemKind)})
    if row["zone"] and not is_iana_zone(row["zone"]):
        raise _refused(
            "zone", _("“%(value)s” is no time zone. Write it as Europe/Paris.") % {"value": row["zone"][:40]}
        )
    if len(row["title"]) > _LONGEST_TITLE:
        raise _refused("title", _("at most %(most)d characters.") % {"most": _LONGEST_TITLE})
    people = [_participant(thing) for thing in parted(row["participants"])]
    said = spans(row, offset, ITEMS, _FIELDS)
    return {
        "kind": row["kind"],
        "title": row["title"],
        **_time(row),
        "timezone": row["zone"],
        "city": row["city"],
        "place": row["venue"],
        "participants": [name or title for name, title in people],
        "offices": [title for name, title in people if not name],
        "press_access": row["press_access"] or PressAccess.UNSPECIFIED.value,
        "status": row["status"] or ItemStatus.SCHEDULED.value,
        "is_distinct": True,
        "evidence_spans": said,
        "confidence": dict.fromkeys(said, 1.0),
    }


def _time(row: Row) -> dict[str, Any]:
    """The time as precisely as the row gives it, never more."""
    on, start, end = _read("day", day, row), _read("start_time", _hour, row), _read("end_time", _hour, row)
    minutes, part = _read("duration_minutes", _minutes, row), row["part_of_day"] or None
    if start and not on:
        raise _refused("start_time", _("an hour needs its day."))
    if end and not start:
        raise _refused("end_time", _("an end needs its beginning."))
    if start and part:
        raise _refused("part_of_day", _("give an hour or a part of the day, not both."))
    told = {
        Precision.EXACT: start, Precision.PART_OF_DAY: part, Precision.DURATION: minutes, Precision.DAY: on,
        Precision.TBC: not start and not part, Precision.ORDER: not start and not part,
    }  # fmt: skip
    inferred = next((one for one in list(told)[:4] if told[one]), Precision.ORDER)
    precision = Precision(row["precision"] or inferred)
    if not told[precision] or (precision is not inferred and inferred in (Precision.EXACT, Precision.PART_OF_DAY)):
        raise _refused("precision", _("“%(value)s” does not fit the time of the row.") % {"value": precision.value})
    return {
        "date": on.isoformat() if on else None,
        "start_time": start,
        "end_time": end,
        "part_of_day": part,
        "duration_minutes": minutes,
        "precision": precision.value,
    }


def _read(column: str, reading: Callable[[str], Value], row: Row) -> Value:
    try:
        return reading(row[column])
    except DraftError as error:
        raise _refused(column, str(error)) from error


def _hour(said: str) -> str | None:
    if not said:
        return None
    found = _HOUR.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DraftError(_("“%(value)s” is not an hour. Write it as 10:30.") % {"value": said[:40]})
    return f"{int(found[1]):02}:{found[2]}"


def _minutes(said: str) -> int | None:
    if not said:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", said):
        raise DraftError(_("“%(value)s” is no number of minutes.") % {"value": said[:40]})
    return int(said)


def _participant(thing: Sequence[str]) -> tuple[str, str]:
    """A name, or the title of an office said without its holder; both at once, an item cannot keep apart."""
    name, title = (*thing, "")[:2]
    if len(thing) > 2 or (name and title):
        raise _refused("participants", _("write a name, or “| title” for an office without its holder."))
    return name, title


def _no_country() -> str:
    return _("without a visit nobody knows in which country it lies. Say it in the venue.")


def _refused(column: str, why: str) -> RefusedError:
    return RefusedError(_refusal(column, why))


def _refusal(column: str, why: str) -> str:
    return _("Column “%(column)s”: %(why)s") % {"column": column, "why": why}
