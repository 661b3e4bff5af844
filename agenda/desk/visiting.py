"""A visit at the desk: its programme by day with the words each value came from, what sources disagree on, what will be
published, and every state that was.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda.coverage.wording import coverage_text
from agenda.desk.forms import ItemForm, VisitForm
from agenda.desk.history import Changed, changed
from agenda.desk.permission import may, require
from agenda.desk.pinning import Pin, pins_of
from agenda.desk.whole_undo import last_act
from agenda.entries import wording
from agenda.entries.build import unsaved_row
from agenda.entries.days import days_text, long_day, zone_text
from agenda.entries.models import DiaryEntry, Telling
from agenda.entries.view import row_of
from diplomacy.communiques import settling
from diplomacy.communiques.change_wording import field_text, value_text
from diplomacy.communiques.checking import warnings_on
from diplomacy.communiques.disputes import contradictions_of
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import Evidence, Proposal, ProposalState
from diplomacy.communiques.second_eyes import SameEyesError, check_publishing
from diplomacy.communiques.settling import pinned_fields
from diplomacy.communiques.unlisted import unlisted_among
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Revision, Visit
from diplomacy.visits.publication import is_stale
from diplomacy.visits.restore import restore_item, restore_visit
from diplomacy.visits.snapshot import snapshot_of_item, snapshot_of_visit
from diplomacy.visits.visibility import Audience

_PUBLISH = "diplomacy.publish_visit"
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a communiqué that a value rests on."""

    field: str
    words: str
    source: str
    said: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """An item in its place; `hour` is empty where only the order is known."""

    item: ProgrammeItem
    number: int
    hour: str
    title: str
    status: str
    zone: str
    quotes: list[Quote]
    pins: list[Pin]
    unlisted: EditionLine | None  # the edition of its agenda that lists it no longer
    coverage: str  # what is planned and who goes; for the desk alone


@dataclass(frozen=True, slots=True)
class Past:
    """A state that was published, and what it changed."""

    revision: Revision
    what: str
    changes: list[Changed]
    is_present: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a calendar shows of a visit or an item: now and once everything is published. Empty is not at all."""

    now: str
    then: str


@require_safe
def visit_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """The visit as it stands, drafts included."""
    user = require(request, "diplomacy.view_visit")
    visit = get_object_or_404(Visit.objects.select_related("host_country", "merged_into"), pk=visit_id)
    lines = list(visit.programme.select_related("item__place", "item__coverage__assignee").order_by("position"))
    rows = [unsaved_row(line.item, snapshot_of_item(line.item)) for line in lines]
    quotes, pinned, unlisted = _quotes(visit), pinned_fields(visit), unlisted_among(line.item_id for line in lines)
    timeline = [
        _timeline_item(
            line.item,
            row,
            number,
            quotes=quotes.get(line.item_id, []),
            pinned=pinned,
            unlisted=unlisted.get(line.item_id),
        )
        for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1)
    ]
    own = unsaved_row(visit, snapshot_of_visit(visit))
    context = {
        **admin.site.each_context(request),
        "title": wording.title(own),
        "visit": visit,
        "own": own,
        "dates": days_text(visit.start_on, visit.end_on) or visit.date_text,
        "place": wording.place(own),
        "members": [wording.member_text(member) for member in own.content["members"]],
        "days": _by_day(timeline),
        "quotes": quotes.get(None, []),
        "pins": pins_of(visit, pinned),
        "warnings": warnings_on(visit),
        "disputes": _disputes(visit),
        "waiting": visit.proposals.filter(state=ProposalState.WAITING),
        "shown": _preview(own, rows),
        "history": _history(visit, {None: "", **{one.item.pk: one.title for one in timeline}}),
        "may_publish": may(user, _PUBLISH, visit),
        "last_act": last_act(visit),
    }
    return TemplateResponse(request, "admin/desk/visit.html", context)


@require_POST
def publish_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Publish the visit with its programme, or withdraw it."""
    visit, act = _for_act(request, visit_id)
    if _refused(request, visit):
        return redirect("admin:desk_visit", visit.pk)
    if "withdraw" in request.POST:
        publication.withdraw(visit, act)
        messages.success(request, _("Withdrawn."))
        return redirect("admin:desk_visit", visit.pk)
    try:
        check_publishing(visit, act.by)
    except SameEyesError as error:
        messages.error(request, str(error))
    else:
        publication.publish(visit, act)
        messages.success(request, _("Published."))
    return redirect("admin:desk_visit", visit.pk)


@require_POST
def restore_view(request: HttpRequest, visit_id: uuid.UUID, revision_id: int) -> HttpResponse:
    """Make the visit, or an item of it, say again what a kept revision says: one more published change."""
    visit, act = _for_act(request, visit_id)
    of_visit = Q(visit=visit) | Q(item__visits=visit)
    revision = get_object_or_404(Revision.objects.filter(of_visit).distinct(), pk=revision_id)
    if _refused(request, visit):
        return redirect("admin:desk_visit", visit.pk)
    try:
        if revision.item is not None:
            restore_item(revision.item, revision.snapshot, act)
        else:
            restore_visit(visit, revision.snapshot, act)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Restored. Readers see it as a change."))
    return redirect("admin:desk_visit", visit.pk)


@require_POST
def settle_view(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Pick one of the values that sources disagree on, with a reason."""
    visit, act = _for_act(request, visit_id)
    if _refused(request, visit):
        return redirect("admin:desk_visit", visit.pk)
    key, _dot, number = request.POST.get("voice", "").rpartition("|")
    found = next((one for one in contradictions_of(visit) if one.key == key), None)
    if found is None or not number.isdecimal() or int(number) >= len(found.voices):
        messages.error(request, _("Say which."))
        return redirect("admin:desk_visit", visit.pk)
    item, _slash, field = key.rpartition("/")
    subject = get_object_or_404(ProgrammeItem, pk=item, visits=visit) if item else visit
    try:
        settling.settle(subject, field, found.voices[int(number)].value, act)
    except (settling.SettleError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _("Settled. The reason is kept."))
    return redirect("admin:desk_visit", visit.pk)


def _for_act(request: HttpRequest, visit_id: uuid.UUID) -> tuple[Visit, Act]:
    visit = get_object_or_404(Visit, pk=visit_id)
    user = require(request, _PUBLISH, visit)
    reason = request.POST.get("reason", "").strip()[:500]
    return visit, Act(now=timezone.now(), by=user, reason=reason)


def _refused(request: HttpRequest, visit: Visit) -> bool:
    """Whether the form is older than the visit; then it is said."""
    said = request.POST.get("version", "")
    if said.isdecimal() and not is_stale(visit, int(said)):
        return False
    messages.error(request, _("This was changed meanwhile. Nothing of yours is decided yet: look at what differs."))
    return True


def _timeline_item(
    item: ProgrammeItem, row: DiaryEntry, number: int, *, quotes: list[Quote], pinned: frozenset[str],
    unlisted: EditionLine | None,
) -> TimelineItem:  # fmt: skip
    return TimelineItem(
        item=item,
        number=number,
        hour=wording.hour(row),
        title=wording.title(row),
        status=wording.status_label(row),
        zone=zone_text(row.zone, row.starts_on) if row.zone and row.starts_on else "",
        quotes=quotes,
        pins=pins_of(item, pinned),
        unlisted=unlisted,
        coverage=coverage_text(getattr(item, "coverage", None)),
    )


def _by_day(timeline: Iterable[TimelineItem]) -> list[tuple[dt.date | None, str, list[TimelineItem]]]:
    """Days in order, each with its items in the order of the programme; last what has no day."""
    ordered = sorted(timeline, key=lambda one: (one.item.day or dt.date.max, one.number))
    groups = groupby(ordered, key=lambda one: one.item.day)
    return [(day, long_day(day) if day else "", list(items)) for day, items in groups]


def _quotes(visit: Visit) -> dict[uuid.UUID | None, list[Quote]]:
    """The words that values of the visit (None) and of each item rest on, each once."""
    rows = Evidence.objects.filter(Q(visit=visit) & ~Q(field__startswith="items.") | Q(item__visits=visit)).distinct()
    found: dict[uuid.UUID | None, list[Quote]] = {}
    for row in rows.select_related("proposal__extraction__version__communique__source").order_by("start"):
        version = row.proposal.extraction.version
        quote = Quote(
            field=_label(row.field),
            words=row.quote,
            source=str(version.communique.source),
            said=days_text(version.published_on, None),
            proposal=row.proposal,
        )
        of_this = found.setdefault(row.item_id, [])
        if not any((quote.field, quote.words, quote.source) == (one.field, one.words, one.source) for one in of_this):
            of_this.append(quote)
    order = [str(field.label) for field in (*VisitForm.base_fields.values(), *ItemForm.base_fields.values())]
    for of_this in found.values():
        of_this.sort(key=lambda quote: order.index(quote.field) if quote.field in order else len(order))
    return found


def _label(path: str) -> str:
    """What the form calls the field that a path of the draft leads to ("start", "items.2.place")."""
    name = path.split(".")[2 if path.startswith("items.") else 0]
    fields = ItemForm.base_fields if path.startswith("items.") else {**ItemForm.base_fields, **VisitForm.base_fields}
    return str(fields[name].label) if name in fields else field_text(name)


def _disputes(visit: Visit) -> list[dict[str, Any]]:
    """Where sources disagree: the field, each value with who says it, and the editor's word if there is one."""
    items = {str(item.pk): item for item in visit.items.all()}
    found = []
    for one in contradictions_of(visit):
        item, _slash, field = one.key.rpartition("/")
        found.append(
            {
                "key": one.key,
                "field": field_text(field),
                "item": items.get(item),
                "is_disputed": one.is_disputed,
                "ruling": one.ruling,
                "ruled": value_text(field, one.ruling.value) if one.ruling else "",
                "voices": [(value_text(field, voice.value), voice.said) for voice in one.voices],
            }
        )
    return found


def _preview(own: DiaryEntry, rows: Sequence[DiaryEntry]) -> list[Shown]:
    """What public calendars show now, and what they would show once everything here is published."""
    now = told_now(own.visit_id, [row.item_id for row in rows])
    shown = []
    for row, programme in ((own, rows), *((row, ()) for row in rows if row.starts_at)):
        is_public = row.visibility == Audience.PUBLIC
        shown.append(Shown(now.get(row.uid, ""), _event(row, list(programme)) if is_public else ""))
    return [one for one in shown if one.now or one.then]


def told_now(visit: uuid.UUID | None, items: Iterable[uuid.UUID | None]) -> dict[str, str]:
    """What public calendars show of a visit and these items, by UID."""
    of_these = Q(entry__visit=visit) | Q(entry__item__in=list(items))
    tellings = Telling.objects.filter(of_these, audience=Audience.PUBLIC, is_shown=True)
    return {telling.uid: _event(*row_of(telling)) for telling in tellings.order_by("-is_visit", "starts_on", "uid")}


def _event(row: DiaryEntry, programme: list[DiaryEntry]) -> str:
    """The event of a row as text: title, when, and the description; empty where it has no day."""
    entry = wording.as_entry(row, programme, url="")
    if entry is None:
        return ""
    first = entry.starts.date() if isinstance(entry.starts, dt.datetime) else entry.starts
    last = entry.ends.date() if isinstance(entry.ends, dt.datetime) else entry.ends
    when = " · ".join(part for part in (days_text(first, last), wording.hour(row)) if part)
    return "\n".join(part for part in (entry.summary, when, entry.location, entry.description) if part)


def _history(visit: Visit, titles: Mapping[uuid.UUID | None, str]) -> list[Past]:
    """The states of a visit and of these items that were published, newest first, as far as they fit a page."""
    rows = Revision.objects.filter(Q(visit=visit) | Q(item__in=[pk for pk in titles if pk])).select_related(
        "made_by", "item"
    )
    revisions = list(rows.order_by("made_at", "id"))
    before: dict[uuid.UUID | None, Revision] = {}
    found = []
    for revision in revisions:
        last = before.get(revision.item_id)
        found.append((revision, changed(revision, last), last is None))
        before[revision.item_id] = revision
    past = [
        Past(
            revision=revision,
            what=titles.get(revision.item_id) or _("Visit"),
            changes=changes,
            is_present=before[revision.item_id].pk == revision.pk,
        )
        for revision, changes, is_first in found
        if changes or is_first
    ]
    return past[::-1][:SHOWN]
