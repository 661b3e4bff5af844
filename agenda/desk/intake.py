"""Intake: everything that reached us and where it stands, what failed and why, how far the reading is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agenda.desk.permission import require
from agenda.desk.sources import alarmed_sources
from diplomacy.communiques.echoes import Echo
from diplomacy.communiques.models import (
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    JobState,
    Proposal,
    ReadingJob,
    Source,
)
from diplomacy.communiques.queueing import queue_failed
from diplomacy.communiques.repeats import Repeat
from diplomacy.communiques.troubles import kind_of_error, said

SHOWN = 50
_KINDS = 20  # of errors, the most frequent
REPEATED = "repeated"
STATES = {
    "": pgettext_lazy("communiqués", "received"),
    CommuniqueState.QUEUED.value: CommuniqueState.QUEUED.label,
    CommuniqueState.READING.value: CommuniqueState.READING.label,
    CommuniqueState.READ.value: CommuniqueState.READ.label,
    CommuniqueState.WAITING_FOR_DATE.value: gettext_lazy("waiting for a date"),
    REPEATED: pgettext_lazy("communiqués", "repeated"),
    CommuniqueState.FAILED.value: pgettext_lazy("communiqués", "failed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A communiqué as the list shows it; `again` are the sources that sent it, or its words, once more."""

    communique: Communique
    version: CommuniqueVersion | None
    language: str
    proposals: int
    again: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A state with how many are in it, and the address that shows them."""

    name: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of error, in words, with how many failed so."""

    kind: str
    said: str
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the texts queued since the oldest that is not read yet are done; nothing is open where `all` is 0."""

    done: int
    all: int


class Filters(forms.Form):
    """Which communiqués to show; the day is that of arrival (UTC)."""

    state = forms.ChoiceField(required=False, choices=list(STATES.items()), widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Words in the title or text"), required=False, max_length=100)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Received from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Received until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data)
        languages = Extraction.objects.exclude(language="").order_by("language").values_list("language", flat=True)
        choices = {
            "source": [(str(pk), name) for pk, name in Source.objects.order_by("name").values_list("pk", "name")],
            "language": [(code, code) for code in languages.distinct()],
        }
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", gettext_lazy("all")), *found]

    def chosen(self) -> dict[str, Any]:
        """The filters that are set; what is no choice is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_GET
def intake_view(request: HttpRequest) -> HttpResponse:
    """The page: counts by state, progress, kinds of failure, and the communiqués of one state."""
    require(request, "diplomacy.view_communique")
    filters = Filters(request.GET.dict())
    chosen = filters.chosen()
    state = chosen.pop("state", "")
    rows = _filtered(chosen)
    page = Paginator(rows.filter(_in_state(state)).select_related("source"), SHOWN).get_page(request.GET.get("page"))
    asked = {name: str(value) for name, value in chosen.items()}
    context = {
        **admin.site.each_context(request),
        "title": gettext("Intake"),
        "filters": filters,
        "is_filtered": bool(chosen),
        "tabs": _tabs(rows, asked, state),
        "state": state,
        "progress": _progress(),
        "alarmed": alarmed_sources(),
        "failures": _failures() if state == CommuniqueState.FAILED else [],
        "rows": _rows(list(page)),
        "page": page,
        "pages": {
            "before": _address(asked, state, page.previous_page_number()) if page.has_previous() else "",
            "after": _address(asked, state, page.next_page_number()) if page.has_next() else "",
        },
    }
    return TemplateResponse(request, "admin/desk/intake.html", context)


@require_POST
def retry_kind_view(request: HttpRequest) -> HttpResponse:
    """Have everything that failed in one way read again."""
    require(request, "diplomacy.change_communique")
    count = queue_failed(request.POST.get("kind", ""), now=timezone.now())
    messages.success(request, gettext("Queued to be read again: %(count)d.") % {"count": count})
    return redirect("admin:desk_intake")


def _filtered(chosen: Mapping[str, Any]) -> QuerySet[Communique]:
    rows = Communique.objects.all()
    if "source" in chosen:
        rows = rows.filter(source=chosen["source"])
    if "since" in chosen:
        rows = rows.filter(received_at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        rows = rows.filter(received_at__lt=_midnight(chosen["until"]) + dt.timedelta(days=1))
    if "language" in chosen:
        read_in = Extraction.objects.filter(version__communique=OuterRef("pk"), language=chosen["language"])
        rows = rows.filter(Exists(read_in))
    if "text" in chosen:
        says = CommuniqueVersion.objects.filter(communique=OuterRef("pk"), text__icontains=chosen["text"])
        rows = rows.filter(Q(title__icontains=chosen["text"]) | Exists(says))
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)


def _in_state(state: str) -> Q:
    if state == REPEATED:
        sent_again = Exists(Repeat.objects.filter(version__communique=OuterRef("pk")))
        return Q(sent_again) | Q(Exists(Echo.objects.filter(of__communique=OuterRef("pk"), ended_at=None)))
    return Q(state=state) if state else Q()


def _tabs(rows: QuerySet[Communique], asked: Mapping[str, str], current: str) -> list[Tab]:
    """One query, whatever the number of states and of communiqués."""
    wanted = {state or "received": Count("pk", filter=_in_state(state)) for state in STATES}
    counts = rows.order_by().aggregate(**wanted)
    return [
        Tab(str(name), counts[state or "received"], _address(asked, state), state == current)
        for state, name in STATES.items()
    ]


def _address(asked: Mapping[str, str], state: str, page: int = 1) -> str:
    said_so = {**asked, **({"state": state} if state else {}), **({"page": str(page)} if page > 1 else {})}
    return f"{reverse('admin:desk_intake')}?{urlencode(said_so)}"


def _progress() -> Progress:
    is_open = Q(state__in=(JobState.WAITING, JobState.RUNNING, JobState.FAILED))
    oldest = ReadingJob.objects.filter(is_open).aggregate(oldest=Min("queued_at"))["oldest"]
    if oldest is None:
        return Progress(0, 0)
    found = ReadingJob.objects.filter(queued_at__gte=oldest).aggregate(
        all=Count("pk"), done=Count("pk", filter=~is_open)
    )
    return Progress(**found)


def _failures() -> list[Failure]:
    rows = Communique.objects.filter(state=CommuniqueState.FAILED).order_by()
    found: dict[str, int] = {}
    for error, count in rows.values_list("error").annotate(count=Count("pk")):
        kind = kind_of_error(error)
        found[kind] = found.get(kind, 0) + count
    most = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_KINDS]
    return [Failure(kind, said(kind), count) for kind, count in most]


def _rows(communiques: list[Communique]) -> list[Row]:
    """What the list says of each, in five queries. Neither the originals nor the texts are loaded."""
    newest = CommuniqueVersion.objects.filter(communique=OuterRef("communique")).order_by("-number").values("pk")[:1]
    of_these = CommuniqueVersion.objects.filter(communique__in=communiques, pk=Subquery(newest))
    versions = {one.communique_id: one for one in of_these.defer("original", "text")}
    readings = Extraction.objects.filter(version__in=versions.values()).order_by("made_at", "pk")
    languages = dict(readings.values_list("version__communique_id", "language"))
    proposed = Proposal.objects.filter(extraction__version__communique__in=communiques).exclude(state="superseded")
    counted = proposed.order_by().values_list("extraction__version__communique_id").annotate(count=Count("pk"))
    proposals = dict(counted)
    again: dict[Any, list[str]] = {}
    for repeat in (
        Repeat.objects.filter(version__communique__in=communiques)
        .select_related("source", "version")
        .defer("version__original", "version__text")
    ):
        again.setdefault(repeat.version.communique_id, []).append(repeat.source.name)
    echoes = Echo.objects.filter(of__communique__in=communiques, ended_at=None)
    for communique_id, name in echoes.values_list("of__communique", "version__communique__source__name"):
        again.setdefault(communique_id, []).append(name)
    return [
        Row(
            communique=one,
            version=versions.get(one.pk),
            language=languages.get(one.pk, ""),
            proposals=proposals.get(one.pk, 0),
            again=", ".join(dict.fromkeys(again.get(one.pk, ()))),
        )
        for one in communiques
    ]
