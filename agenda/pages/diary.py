"""The public diary by month, week and day, and as a list: one set of filters, kept in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.entries.days import days_text, long_day, month_text, weekday_names
from agenda.entries.finding import is_told, named
from agenda.entries.wording import kind_name
from agenda.pages import grid, shown
from agenda.pages.asked import Asked, View, asked, labelled
from agenda.pages.lines import diary_line
from diplomacy.directory.countries import country_name
from diplomacy.directory.models import Country, Office, Person
from diplomacy.visits.choices import ITEM_KINDS, ITEM_STATUSES, PRESS_ACCESSES, VISIT_KINDS, VISIT_STATUSES
from diplomacy.visits.visibility import Audience

DAYS_SHOWN = 60  # in the list, from the day asked for
_ONE_DAY = dt.timedelta(days=1)


@require_safe
def upcoming(request: HttpRequest) -> HttpResponse:
    """The coming visits and diary lines by day, or what a search found."""
    wanted, refused = asked(View.LIST, request.GET)
    now = timezone.now()
    rows = shown.sought_rows(wanted.sought, now)
    if wanted.sought.words:
        return _found(request, wanted, rows, refused)
    first = wanted.on or now.date()
    placed = shown.coming(rows, first, first + DAYS_SHOWN * _ONE_DAY, wanted.page)
    context = {
        "days": _by_day(placed[: shown.LINES_A_PAGE], now.date()),
        "days_shown": DAYS_SHOWN,
        "title": _("Coming visits and appointments"),
    }
    step = DAYS_SHOWN * _ONE_DAY
    steps = (first - step, first + step)
    return _answer(request, "list", wanted, refused, context, steps, len(placed) > shown.LINES_A_PAGE)


def _found(request: HttpRequest, wanted: Asked, rows: shown.Rows, refused: Sequence[str]) -> HttpResponse:
    found = shown.results(rows, wanted.page)
    count = shown.counted(rows)
    context = {
        "results": [(days_text(row.starts_on, row.ends_on), diary_line(row)) for row in found[: shown.RESULTS_A_PAGE]],
        "count": min(count, shown.COUNTED),
        "more_than": count > shown.COUNTED,
        "title": _("Search the diary"),
    }
    return _answer(request, "found", wanted, refused, context, None, len(found) > shown.RESULTS_A_PAGE)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """One day, all of it."""
    wanted, refused = asked(View.DAY, request.GET)
    on = wanted.on or timezone.now().date()
    return _some_days(request, wanted, refused, on, on, long_day(on))


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The week of a day, from Monday."""
    wanted, refused = asked(View.WEEK, request.GET)
    first = grid.monday_of(wanted.on or timezone.now().date())
    last = first + 6 * _ONE_DAY
    number = first.isocalendar().week
    title = _("Week %(number)s, %(days)s") % {"number": number, "days": days_text(first, last)}
    return _some_days(request, wanted, refused, first, last, title)


def _some_days(
    request: HttpRequest, wanted: Asked, refused: Sequence[str], first: dt.date, last: dt.date, title: str
) -> HttpResponse:
    now = timezone.now()
    placed = shown.days(shown.sought_rows(wanted.sought, now), first, last, now)
    start = (wanted.page - 1) * shown.LINES_A_PAGE
    end = start + shown.LINES_A_PAGE
    context = {"days": _by_day(placed[start:end], now.date()), "title": title}
    step = last - first + _ONE_DAY
    return _answer(request, "days", wanted, refused, context, (first - step, first + step), len(placed) > end)


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The month of a day as a sheet of weeks."""
    wanted, refused = asked(View.MONTH, request.GET)
    now = timezone.now()
    on = (wanted.on or now.date()).replace(day=1)
    weeks, lines = shown.month(shown.sought_rows(wanted.sought, now), on)
    context = {
        "weeks": [_week(week, lines, wanted, now.date()) for week in weeks],
        "weekdays": weekday_names(),
        "title": month_text(on),
    }
    steps = ((on - _ONE_DAY).replace(day=1), (on + 31 * _ONE_DAY).replace(day=1))
    return _answer(request, "month", wanted, refused, context, steps, False)


def _week(week: grid.Week, lines: dict[int, Any], wanted: Asked, today: dt.date) -> dict[str, Any]:
    """A week for the template: each key as its line, each day with the way to it."""
    return {
        "lanes": week.lanes,
        "bars": [(bar, lines[bar.key]) for bar in week.bars if bar.key in lines],
        "days": [
            {
                "cell": cell,
                "path": wanted.path(view=View.DAY, on=cell.day),
                "heading": long_day(cell.day),
                "is_today": cell.day == today,
                "lines": [lines[key] for key in cell.lines if key in lines],
            }
            for cell in week.days
        ],
    }


def _by_day(placed: Sequence[shown.Placed], today: dt.date) -> list[tuple[dt.date, str, bool, list[Any]]]:
    return [
        (on, long_day(on), on == today, [(one.line(), one.nested) for one in of_day])
        for on, of_day in groupby(placed, key=lambda one: one.day)
    ]


def _answer(
    request: HttpRequest,
    template: str,
    wanted: Asked,
    refused: Sequence[str],
    context: dict[str, Any],
    steps: tuple[dt.date, dt.date] | None,
    has_more: bool,
) -> HttpResponse:
    """The page, with what every view of the diary has: the ways to the others, the filters, the pages."""
    names = {View.LIST: _("List"), View.DAY: _("Day"), View.WEEK: _("Week"), View.MONTH: _("Month")}
    ways = [(view, names[view], wanted.path(view=view), key) for view, key in zip(names, "ldwm", strict=True)]
    context |= {
        "asked": wanted,
        "refused": refused,
        "ways": ways,
        "today_path": wanted.path(on=None),
        "before": wanted.path(on=steps[0]) if steps else "",
        "after": wanted.path(on=steps[1]) if steps else "",
        "next_page": wanted.path(page=wanted.page + 1) if has_more else "",
        "last_page": wanted.path(page=wanted.page - 1) if wanted.page > 1 else "",
        "everywhere": wanted.path(view=View.LIST, on=None) if wanted.sought.words and steps else "",
        "filters": _filters(),
        "chips": _chips(wanted),
    }
    return render(request, f"pages/{template}.html", context, status=400 if refused else 200)


def _filters() -> dict[str, Any]:
    """What the form offers."""
    codes = Country.objects.values_list("code", flat=True)
    return {
        "countries": sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1].casefold()),
        "visit_kinds": labelled(VISIT_KINDS),
        "item_kinds": labelled(ITEM_KINDS),
        "statuses": labelled(dict([*ITEM_STATUSES, *VISIT_STATUSES]).items()),
        "accesses": labelled(PRESS_ACCESSES),
    }


def _chips(wanted: Asked) -> list[tuple[str, str]]:
    """Each filter that is set, in words, and the address without it."""
    sought = wanted.sought
    said = {
        "words": f"« {sought.words} »" if sought.words else "",
        "country": country_name(sought.country.upper()) if sought.country else "",
        "person": _name(Person, "person", sought.person),
        "office": _name(Office, "office", sought.office),
        "kind": kind_name(sought.kind) if sought.kind else "",
        "status": dict(labelled([*ITEM_STATUSES, *VISIT_STATUSES])).get(sought.status, ""),
        "access": dict(labelled(PRESS_ACCESSES)).get(sought.access, ""),
    }
    return [(text, wanted.path(sought=replace(sought, **{field: ""}))) for field, text in said.items() if text]


def _name(model: type[Person] | type[Office], key: str, value: str) -> str:
    """What the one with this id or slug is called; the value itself for nobody of whom readers were told."""
    found = model.objects.filter(named(value)).first() if value else None
    return str(found) if found and is_told(Audience.PUBLIC, timezone.now(), f"{key}:{found.pk}") else value
