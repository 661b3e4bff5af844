"""Coverage at the desk: who is sent where, by day on the host's clock, and what is planned of one item."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.coverage import watching
from agenda.coverage.models import MEDIA, Coverage, Notice, is_covered
from agenda.coverage.wording import FETCHED, headline, lines, media_text, moment_text, row_of_item
from agenda.desk.permission import may, require
from agenda.desk.release import CLOCK, clean_moment, moment_field, zone_field
from agenda.entries import wording
from agenda.entries.days import long_day, zone_text
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DESK_ROLES
from diplomacy.visits import programme
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem

# Django's model forms are generic for the type checker alone.
if TYPE_CHECKING:
    _OfCoverage = forms.ModelForm[Coverage]
else:
    _OfCoverage = forms.ModelForm

SHOWN = 100
NOTICES = 20
_CHANGE = "agenda.change_coverage"
_WHOSE = {
    "mine": gettext_lazy("Mine"),
    "all": gettext_lazy("Everybody’s"),
    "nobody": gettext_lazy("Nobody’s yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A covered item as the list shows it; `hour` and `zone` are the host's, empty where none is known."""

    coverage: Coverage
    title: str
    hour: str
    zone: str
    status: str
    media: str
    deadline: str
    is_over: bool  # accreditation has ended


class CoverageForm(_OfCoverage):
    """What is planned of one item; the deadline is the item's own, and readers see it."""

    until = moment_field(gettext_lazy("Accreditation until"), gettext_lazy("Readers see it, once it is published."))
    zone = zone_field()

    class Meta:
        model = Coverage
        fields = (*MEDIA, "assignee", "accreditation", "contact")
        widgets = {"accreditation": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012  Django's way

    def __init__(self, data: Any, item: ProgrammeItem, coverage: Coverage) -> None:
        zone, until = item.zone or "UTC", item.accreditation_until
        shown = until.astimezone(ZoneInfo(zone)).strftime(CLOCK) if until else None
        super().__init__(data, instance=coverage, initial={"until": shown, "zone": zone})
        people = Q(is_active=True, role__in=DESK_ROLES) | Q(pk=self.instance.assignee_id)
        assignee = self.fields["assignee"]
        assert isinstance(assignee, forms.ModelChoiceField)
        assignee.queryset = User.objects.filter(people).order_by("username")
        assignee.empty_label = _("nobody yet")

    def clean(self) -> dict[str, Any]:
        """The deadline as a moment."""
        data = super().clean() or {}
        data["deadline"] = clean_moment(self, "until", "zone")
        return data


@require_safe
def coverage_view(request: HttpRequest) -> HttpResponse:
    """What is covered from today on, by day; first what the user has to be told."""
    user = require(request, "agenda.view_coverage")
    whose = request.GET.get("whose", "mine")
    rows = _coming(whose, user, timezone.now())
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("My coverage") if whose == "mine" else _("Coverage"),
        "whose": whose,
        "choices": _WHOSE.items(),
        "days": _by_day([_line(coverage, timezone.now()) for coverage in page]),
        "page": page,
        "notices": [(notice, headline(notice), lines(notice)) for notice in _to_tell(user)[:NOTICES]],
    }
    return TemplateResponse(request, "admin/desk/coverage.html", context)


@require_POST
def read_view(request: HttpRequest) -> HttpResponse:
    """The user has read what they were told, up to the notice they saw last."""
    user = require(request, "agenda.view_coverage")
    last = request.POST.get("last", "")
    if last.isdecimal():
        watching.unread(user).filter(pk__lte=int(last)).update(read_at=timezone.now())
    return redirect("admin:desk_coverage")


@require_http_methods(["GET", "HEAD", "POST"])
def item_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """What is planned of one item, shown and changed."""
    user = require(request, _CHANGE if request.method == "POST" else "agenda.view_coverage")
    rows = ProgrammeItem.objects.select_related("place", "coverage__assignee")
    item = get_object_or_404(rows.prefetch_related(*FETCHED), pk=item_id)
    if request.method == "POST":
        require(request, _CHANGE, item)
    coverage: Coverage = getattr(item, "coverage", None) or Coverage(item=item)
    versions = f"{item.version}.{coverage.version}"
    form = CoverageForm(request.POST or None, item, coverage)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("version") == versions:
            _keep(form, item, Act(now=timezone.now(), by=user))
            messages.success(request, _("Kept."))
            return redirect("admin:desk_coverage_item", item.pk)
        messages.error(request, _("This was changed meanwhile. Look at what stands now, and say it again."))
        return redirect("admin:desk_coverage_item", item.pk)
    return TemplateResponse(request, "admin/desk/coverage_item.html", _item_context(request, item, form, versions))


def _item_context(request: HttpRequest, item: ProgrammeItem, form: CoverageForm, versions: str) -> dict[str, Any]:
    row = row_of_item(item)
    return {
        **admin.site.each_context(request),
        "title": wording.title(row),
        "item": item,
        "visits": [line.visit for line in item.lines.all()],
        "day": long_day(item.day) if item.day else "",
        "hour": wording.hour(row),
        "zone": zone_text(item.zone, item.day) if item.zone and item.day else "",
        "deadline": wording.accreditation(row),
        "form": form,
        "coverage": form.instance,
        "media": media_text(form.instance),
        "versions": versions,
        "may_change": may(cast("User", request.user), _CHANGE, item),
    }


def _keep(form: CoverageForm, item: ProgrammeItem, act: Act) -> None:
    deadline: dt.datetime | None = form.cleaned_data["deadline"]
    if deadline != item.accreditation_until:
        programme.set_accreditation(item, deadline, act)
    coverage = form.save(commit=False)
    coverage.item = item
    watching.save(coverage)


def _coming(whose: str, user: User, now: dt.datetime) -> QuerySet[Coverage]:
    """What is covered from yesterday on (in some zone that is today) or of no day; in the order of days and hours."""
    mine = {"mine": Q(assignee=user), "nobody": Q(assignee=None)}.get(whose, Q())
    over = Q(item__day__lt=now.date() - dt.timedelta(days=1))
    rows = Coverage.objects.filter(is_covered(), mine).exclude(over).select_related("assignee", "item__place")
    rows = rows.prefetch_related(*(f"item__{name}" for name in FETCHED))
    day, hour = F("item__day").asc(nulls_last=True), F("item__start_time").asc(nulls_last=True)
    return rows.order_by(day, hour, "pk")


def _line(coverage: Coverage, now: dt.datetime) -> Line:
    item, row = coverage.item, row_of_item(coverage.item)
    until = item.accreditation_until
    return Line(
        coverage=coverage,
        title=wording.title(row),
        hour=wording.hour(row),
        zone=zone_text(item.zone, item.day) if item.zone and item.day else "",
        status=wording.status_label(row),
        media=media_text(coverage),
        deadline=moment_text(until, item.zone) if until else "",
        is_over=until is not None and until <= now,
    )


def _by_day(found: Iterable[Line]) -> list[tuple[dt.date | None, str, list[Line]]]:
    groups = groupby(found, key=lambda line: line.coverage.item.day)
    return [(day, long_day(day) if day else "", list(those)) for day, those in groups]


def _to_tell(user: User) -> QuerySet[Notice]:
    rows = watching.unread(user).select_related("coverage__item__place")
    return rows.prefetch_related(*(f"coverage__item__{name}" for name in FETCHED))
