"""Public pages, rendered on the server from what everybody may see."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agenda.alerts.telling import line_of, told_of
from agenda.entries import wording
from agenda.entries.addresses import page_path
from agenda.entries.days import days_text, long_day
from agenda.entries.models import DiaryEntry, Telling
from agenda.entries.provenance import of_visits_themselves, spoken, without_left_out
from agenda.entries.queries import programme_of, visible_entries, with_told
from agenda.entries.quoting import sentence_around
from agenda.entries.telling import ENDED_STAYS
from agenda.feeds.catalogue import feed_names, with_something
from agenda.feeds.current import ensure_told
from agenda.feeds.links import SubscribeLinks, public_links
from agenda.feeds.models import Feed, Selection
from agenda.pages.lines import diary_line
from agenda.pages.shown import numbered
from agenda.webhooks.models import Event
from diplomacy.communiques.models import Evidence
from diplomacy.directory.models import Person
from diplomacy.visits.visibility import Audience

CHANGES_SHOWN = 20
_ORDER = tuple(Selection)


@require_safe
def visit(request: HttpRequest, slug: str) -> HttpResponse:
    """One visit: who, where, when, its programme by day, and the words of its sources."""
    now = timezone.now()
    ensure_told(now)
    rows = with_told(visible_entries(Audience.PUBLIC, now), Audience.PUBLIC)
    entry = rows.filter(visit__slug=slug).select_related("visit").first()
    if entry is None:
        return _moved(slug, now)
    shown = programme_of(entry, Audience.PUBLIC, now)
    programme = [diary_line(item, number) for item, number in numbered(shown)]
    days = [
        (day, long_day(day) if day else "", list(lines))
        for day, lines in groupby(programme, key=lambda line: line.first)
    ]
    zones = {line.zone for line in programme if line.zone}
    context = {
        "entry": entry,
        "line": diary_line(entry),
        "kind": wording.kind_label(entry),
        "place": wording.place(entry),
        "stops": wording.stops(entry),
        "members": _members(entry),
        "host_path": reverse("country", args=[entry.content["host_country"].lower()]),
        "days": days,
        "one_zone": zones.pop() if len(zones) == 1 else "",
        "dates": days_text(entry.starts_on, entry.ends_on) or entry.content["date_text"],
        "changes": _changes(entry, shown, now),
        "quotes": _quotes(entry, now),
        "feed": _feed_of(entry),
    }
    return render(request, "pages/visit.html", context)


def _changes(
    entry: DiaryEntry, programme: Sequence[DiaryEntry], now: dt.datetime
) -> list[tuple[dt.datetime, str, list[str]]]:
    """The last changes of a visit and of its programme, latest first: when (UTC), of what, old and new values."""
    told = Event.objects.filter(audience=Audience.PUBLIC, is_first=False, entry__in=[entry, *programme])
    latest = told.exclude(type__endswith=".withdrawn").order_by("-acted_at", "-position")[:CHANGES_SHOWN]
    return [
        (event.acted_at, one.heading, [line_of(value) for value in one.values])
        for event in latest.select_related("entry")
        for one in told_of([event], Audience.PUBLIC, now)
    ]


def _members(entry: DiaryEntry) -> list[tuple[dict[str, Any], str, str]]:
    """Those who take part: as the snapshot has them, in words, and the page of each who is known, else empty."""
    members = entry.content["members"]
    ids = [member["person"]["id"] for member in members if member["person"]]
    pages = {
        str(pk): reverse("person", args=[slug])
        for pk, slug in Person.objects.filter(pk__in=ids).values_list("pk", "slug")
    }
    return [
        (member, wording.member_text(member), pages.get(str((member["person"] or {}).get("id")), ""))
        for member in members
    ]


def _moved(slug: str, now: dt.datetime) -> HttpResponse:
    """Where a visit that was merged into another is told of; none where the public may not see that one."""
    other = visible_entries(Audience.PUBLIC, now).filter(visit__merged_from__slug=slug).first()
    if other is None:
        raise Http404
    return redirect(page_path(other), permanent=True)


def _feed_of(entry: DiaryEntry) -> SubscribeLinks | None:
    """How to follow a visit, and its file where it has a day."""
    feeds = Feed.objects.filter(visit=entry.visit, selection=Selection.VISIT, is_public=True, language=get_language())
    feed = feeds.select_related("visit").order_by("pk").first()
    if feed is None:
        return None
    links = public_links(feed, wording.title(entry))
    return links if entry.starts_on else replace(links, file="")


def _quotes(entry: DiaryEntry, now: dt.datetime) -> list[tuple[str, list[str]]]:
    """The sentences used, by communiqué; none that only speaks of an item which the public may not see."""
    seen = list(visible_entries(Audience.PUBLIC, now).filter(parents=entry))
    of_visit = Q(visit=entry.visit) | Q(visit__merged_into=entry.visit)
    rows = Evidence.objects.filter(of_visit, of_visits_themselves() | Q(item__in=[line.item_id for line in seen]))
    rows = rows.filter(spoken(now)).select_related("proposal__extraction__version__communique")
    quotes: dict[str, list[str]] = {}
    for row in without_left_out(rows.order_by("start"), [entry, *seen]):
        version = row.proposal.extraction.version
        found = quotes.setdefault(str(version.communique), [])
        sentence = sentence_around(version.text, row.start, row.end)
        if sentence not in found:
            found.append(sentence)
    return list(quotes.items())


@require_safe
def item(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """One line of a diary."""
    now = timezone.now()
    entry = visible_entries(Audience.PUBLIC, now).filter(item=item_id).first()
    if entry is None:
        raise Http404
    parents = [diary_line(row) for row in visible_entries(Audience.PUBLIC, now).filter(programme=entry)]
    context = {
        "entry": entry,
        "line": diary_line(entry),
        "language": get_language(),
        "day": long_day(entry.starts_on) if entry.starts_on else "",
        "parents": parents,
        "place": wording.place(entry),
        "accreditation": wording.accreditation(entry),
        "participants": [wording.member_text(member) for member in entry.content["participants"]],
    }
    return render(request, "pages/item.html", context)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """How to subscribe, and the list of public feeds in this language; a visit's until a month after it."""
    rows = Feed.objects.filter(language=get_language(), is_public=True, moved_to=None).exclude(slug="all")
    rows = rows.filter(~Q(selection=Selection.VISIT) | Q(visit__in=_visits_told_of(timezone.now().date())))
    named = sorted(
        feed_names(with_something(rows).select_related("visit", "person", "office", "country", "second_country")),
        key=lambda each: (_ORDER.index(Selection(each[0].selection)), each[1].casefold()),
    )
    listed = [
        (Selection(selection).label, [(name, public_links(feed, name)) for feed, name in group])
        for selection, group in groupby(named, key=lambda each: each[0].selection)
    ]
    everything = Feed(slug="all", language=get_language() or "", selection=Selection.ALL)
    return render(request, "pages/feeds.html", {"listed": listed, "everything": public_links(everything, "Agenda")})


def _visits_told_of(today: dt.date) -> QuerySet[Telling, Any]:
    """The ids of the visits whose calendars are worth a line: told to the public, and not long over."""
    told = Telling.objects.filter(audience=Audience.PUBLIC, is_visit=True)
    return told.filter(Q(latest_on=None) | Q(latest_on__gte=today - ENDED_STAYS)).values("entry__visit")
