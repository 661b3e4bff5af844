"""Pages about a person, an office, a country, and two countries: what is to come, what was, and how much by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.entries.days import days_text
from agenda.entries.finding import is_told, keys_of_person, told_under
from agenda.entries.models import DiaryEntry, TellingKey
from agenda.entries.queries import visible_entries, with_told
from agenda.feeds.current import ensure_told
from agenda.feeds.links import SubscribeLinks, public_links
from agenda.feeds.models import Feed
from agenda.pages.lines import Line, diary_line
from diplomacy.directory.countries import country_name
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Country, Office, Person
from diplomacy.visits.visibility import Audience

LINES_A_PAGE = 50
PARTNERS = 20  # countries named on a country's page


@dataclass(frozen=True, slots=True)
class Year:
    """How many visits and lines began in a year; `most` is the year with most of them, to draw against."""

    year: int
    count: int
    most: int


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody who takes part in what is published; who was merged leads to the one who stayed."""
    found = Person.objects.filter(slug=slug).first()
    keys = keys_of_person(slug)
    if found is None or not _is_told(*keys):
        raise Http404
    stayed = survivor(found)
    if stayed != found:
        return redirect("person", stayed.slug, permanent=True)
    return _page(request, str(found), keys, Feed.objects.filter(person=found))


@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """An office that takes part in what is published, whoever holds it."""
    found = Office.objects.filter(slug=slug).first()
    if found is None or not _is_told(f"office:{found.pk}"):
        raise Http404
    return _page(request, str(found), (f"office:{found.pk}",), Feed.objects.filter(office=found))


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """A country or body, with the countries it has most to do with."""
    found = _country(code)
    context = {"partners": _partners(found.pk)}
    feeds = Feed.objects.filter(country=found, second_country=None)
    return _page(request, country_name(found.pk), (f"country:{found.pk}",), feeds, context)


@require_safe
def countries(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Who visited whom: what two countries have to do with one another, and where it took place."""
    one, two = _country(code), _country(other)
    if one.pk == two.pk:
        raise Http404
    if one.pk > two.pk:  # one address for a pair
        return redirect("countries", two.pk.lower(), one.pk.lower(), permanent=True)
    name = _("%(one)s and %(two)s") % {"one": country_name(one.pk), "two": country_name(two.pk)}
    keys = (f"country:{one.pk}", f"country:{two.pk}")
    feeds = Feed.objects.filter(country__in=[one, two], second_country__in=[one, two])
    rows = _rows(*keys).filter(visit__isnull=False)
    hosted = [(country_name(host.pk), rows.filter(content__host_country=host.pk).count()) for host in (one, two)]
    return _page(request, name, keys, feeds, {"hosted": hosted})


def _country(code: str) -> Country:
    found = Country.objects.filter(pk=code.upper()).first()
    if found is None or not _is_told(f"country:{found.pk}"):
        raise Http404
    return found


def _is_told(*keys: str) -> bool:
    """Whether readers see something under one of these keys, what the clock has released included."""
    now = timezone.now()
    ensure_told(now)
    return is_told(Audience.PUBLIC, now, *keys)


def _rows(*keys: str) -> Any:
    """What readers were told of under all of these keys, those of one person counting as one: visits, and items that
    do not stand in the programme of one of these visits.
    """
    rows = with_told(visible_entries(Audience.PUBLIC, timezone.now()), Audience.PUBLIC)
    groups = [keys] if keys and keys[0].startswith("person:") else [(key,) for key in keys]
    inside = DiaryEntry.parents.through.objects.filter(from_diaryentry=OuterRef("pk"))
    for group in groups:
        rows = rows.filter(told_under(*group))
        of_group = TellingKey.objects.filter(
            key__in=group, is_lost=False, telling__is_shown=True, telling__audience=Audience.PUBLIC
        )
        inside = inside.filter(to_diaryentry__tellings__in=of_group.values("telling"))
    return rows.filter(Q(visit__isnull=False) | ~Exists(inside)).select_related("visit", "item")


def _page(
    request: HttpRequest, name: str, keys: Sequence[str], feeds: Any, context: dict[str, Any] | None = None
) -> HttpResponse:
    today = timezone.now().date()
    rows = _rows(*keys)
    page = _number(request.GET.get("page", "1"))
    start = (page - 1) * LINES_A_PAGE
    ahead = rows.filter(Q(ends_on__gte=today) | Q(starts_on__isnull=True))
    coming = ahead.order_by(F("starts_on").asc(nulls_last=True), F("starts_at").asc(nulls_first=True), "uid")
    past = rows.filter(ends_on__lt=today).order_by("-starts_on", "-starts_at", "uid")
    lists = [list(rows[start : start + LINES_A_PAGE + 1]) for rows in (coming, past)]
    shown = {
        "name": name,
        "page": page,
        "coming": _lines(lists[0][:LINES_A_PAGE]),
        "past": _lines(lists[1][:LINES_A_PAGE]),
        "next_page": page + 1 if any(len(rows) > LINES_A_PAGE for rows in lists) else 0,
        "last_page": page - 1,
        "years": _years(rows),
        "feed": _feed(feeds, name),
    }
    return render(request, "pages/about.html", shown | (context or {}))


def _number(value: str) -> int:
    """The page asked for; Http404 for none."""
    if not (len(value) < 5 and value.isascii() and value.isdigit() and 1 <= int(value) <= 1000):
        raise Http404
    return int(value)


def _lines(rows: Any) -> list[tuple[str, Line]]:
    return [(days_text(row.starts_on, row.ends_on), diary_line(row)) for row in rows]


def _years(rows: Any) -> list[Year]:
    """Counts by year, latest first."""
    by_year = rows.filter(starts_on__isnull=False).annotate(year=ExtractYear("starts_on")).order_by()
    counts = list(by_year.values_list("year").annotate(count=Count("pk")).order_by("-year"))
    most = max((count for _year, count in counts), default=0)
    return [Year(year, count, most) for year, count in counts]


def _partners(code: str) -> list[tuple[str, str, int]]:
    """Other countries in the visits of one, most visits first: address of the two, name, how many."""
    seen = TellingKey.objects.filter(is_lost=False, telling__audience=Audience.PUBLIC, telling__is_shown=True)
    own = seen.filter(key=f"country:{code}", telling__is_visit=True).values("telling")
    others = seen.filter(telling__in=own, key__startswith="country:").exclude(key=f"country:{code}")
    counts = others.values_list("key").annotate(count=Count("pk")).order_by("-count", "key")[:PARTNERS]
    return [
        (reverse("countries", args=sorted((code.lower(), other.lower()))), country_name(other), count)
        for other, count in ((key.removeprefix("country:"), count) for key, count in counts)
    ]


def _feed(feeds: Any, name: str) -> SubscribeLinks | None:
    found = feeds.filter(language=get_language(), is_public=True, moved_to=None).select_related("visit").first()
    return public_links(found, name) if found else None
