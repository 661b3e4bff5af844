"""Two people of the directory who are one are made one, after a look at both; and parted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.desk.asked import held_office
from agenda.desk.cut_form import SUGGESTED, PersonField
from agenda.desk.permission import require
from agenda.entries.days import days_text
from agenda.feeds.models import Feed
from diplomacy.directory.asking import look_alike_people
from diplomacy.directory.likeness import Likeness, best_likeness
from diplomacy.directory.merging import MergePeopleError
from diplomacy.directory.models import Person
from diplomacy.directory.questions import PersonMerge
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit

_MERGE = "diplomacy.change_person"
SHOWN = 50
VISITS_SHOWN = 8


class MergePeopleForm(forms.Form):
    """Who goes and who stays, by name or address."""

    goes = PersonField(label=gettext_lazy("The person who goes"))
    stays = PersonField(label=gettext_lazy("The person who stays"))
    reason = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("goes", "stays"):
            self.fields[name].widget.attrs["list"] = "known-person"

    def clean(self) -> dict[str, Any]:
        """Two people."""
        data = super().clean() or {}
        for name in ("goes", "stays"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Say who."))
        if not self.errors and data["goes"].pk == data["stays"].pk:
            raise forms.ValidationError(_("These are one person already."))
        return data


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one of the two, in words."""

    word: str
    person: Person
    names: list[str]
    offices: list[str]
    visits: list[tuple[Visit, str]]
    more_visits: int
    items: int
    calendars: int


@require_http_methods(["GET", "POST"])
def merge_view(request: HttpRequest) -> HttpResponse:
    """Ask who; show both and what will happen; do it when that is confirmed."""
    user = require(request, _MERGE)
    form = MergePeopleForm(request.POST if request.method == "POST" else (request.GET or None))
    if not form.is_valid():
        return _page(request, "people_merge.html", form=form, people=_suggested(), alike=_alike(form))
    goes, stays = form.cleaned_data["goes"], form.cleaned_data["stays"]
    require(request, _MERGE, goes, stays)
    if request.method == "GET":
        both = [known_of(_("Goes"), goes), known_of(_("Stays"), stays)]
        return _page(
            request, "people_merge_confirm.html", goes=goes, stays=stays, both=both,
            warnings=list(warnings(goes, stays)), effects=list(effects(*both)),
        )  # fmt: skip
    try:
        people.merge(goes, stays, Act(now=timezone.now(), by=user, reason=form.cleaned_data["reason"]))
    except MergePeopleError:
        messages.error(request, _("One of them was merged meanwhile. Look again before you merge."))
        return redirect("admin:desk_people_merge")
    messages.success(request, _("Merged: %(goes)s is %(stays)s from now on.") % {"goes": goes, "stays": stays})
    return redirect("admin:desk_mergers")


@require_safe
def mergers_view(request: HttpRequest) -> HttpResponse:
    """Who was merged into whom, the newest first, with what each merger moved."""
    require(request, "diplomacy.view_person")
    rows = PersonMerge.objects.select_related("person", "into", "made_by").order_by("-made_at", "-pk")
    listed = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    shown = [(merger, moved_text(merger), _can_be_undone(merger)) for merger in listed]
    return _page(request, "mergers.html", title=_("People merged"), rows=shown, listed=listed)


@require_POST
def unmerge_view(request: HttpRequest, merger_id: int) -> HttpResponse:
    """They are two after all."""
    merger = get_object_or_404(PersonMerge, pk=merger_id)
    user = require(request, _MERGE, merger.into)
    try:
        person = people.unmerge(merger, Act(now=timezone.now(), by=user, reason=_("Merger undone.")))
    except MergePeopleError:
        messages.error(request, _("This merger was undone, or the one who stayed was merged on: undo that one first."))
    else:
        said = {"person": person, "into": merger.into}
        messages.success(request, _("Parted: %(person)s and %(into)s are two people again.") % said)
    return redirect("admin:desk_mergers")


def known_of(word: str, person: Person) -> Known:
    """What is known of somebody: how they are written, what they held, where they take part."""
    visits = Visit.objects.filter(
        Q(members__person=person) | Q(items__participants__person=person), merged_into=None
    ).distinct()
    shown = list(visits.select_related("host_country").order_by("-start_on", "pk")[:VISITS_SHOWN])
    items = ProgrammeItem.objects.filter(participants__person=person, merged_into=None, lines=None)
    return Known(
        word=word,
        person=person,
        names=list(person.names.order_by("pk").values_list("text", flat=True)),
        offices=[held_office(tenure) for tenure in person.tenures.select_related("office")],
        visits=[(visit, _visit_text(visit)) for visit in shown],
        more_visits=visits.count() - len(shown),
        items=items.distinct().count(),
        calendars=Feed.objects.filter(person=person).count(),
    )


def _visit_text(visit: Visit) -> str:
    days = days_text(visit.start_on, visit.end_on)
    return " · ".join(part for part in (str(visit.host_country), days) if part)


def warnings(goes: Person, stays: Person) -> Iterator[str]:
    """What speaks against it. An editor may know better."""
    alike = best_likeness(*(list(one.names.values_list("text", flat=True)) for one in (goes, stays)))
    if alike is Likeness.OTHER:
        yield _("Their names are not alike.")
    elif alike is Likeness.PART:
        yield _("One name leaves out words of the other, as those of a father and a son may.")
    if goes.country_id and stays.country_id and goes.country_id != stays.country_id:
        yield _("They stand for different countries: %(one)s, %(other)s.") % {
            "one": goes.country, "other": stays.country,
        }  # fmt: skip
    if goes.wikidata_id and stays.wikidata_id and goes.wikidata_id != stays.wikidata_id:
        yield _("Wikidata tells them apart: %(one)s, %(other)s.") % {
            "one": goes.wikidata_id,
            "other": stays.wikidata_id,
        }
    together = Visit.objects.filter(members__person=goes, merged_into=None).filter(members__person=stays).distinct()
    for visit in together[:VISITS_SHOWN]:
        yield _("Both take part in %(visit)s.") % {"visit": visit.slug}


def effects(goes: Known, stays: Known) -> Iterator[str]:
    """What merging will do, a sentence each."""
    person = {"goes": goes.person, "stays": stays.person}
    yield _("%(stays)s keeps name, address, country and identifier.") % person
    new = [name for name in goes.names if name not in stays.names]
    if new:
        yield _("Written so, %(stays)s is meant from now on: %(names)s.") % {**person, "names": ", ".join(new)}
    if goes.offices:
        yield _("These offices come with %(goes)s: %(offices)s.") % {**person, "offices": "; ".join(goes.offices)}
    visits = len(goes.visits) + goes.more_visits
    if visits:
        said = ngettext("%(count)s visit names %(stays)s instead.", "%(count)s visits name %(stays)s instead.", visits)
        yield said % {**person, "count": visits}
    if goes.items:
        yield ngettext(
            "%(count)s line of a diary names %(stays)s instead.",
            "%(count)s lines of a diary name %(stays)s instead.",
            goes.items,
        ) % {**person, "count": goes.items}
    if goes.calendars:
        yield _("The calendars of %(goes)s stay at their addresses and hold what concerns %(stays)s.") % person
    yield _("It can be undone.")


def moved_text(merger: PersonMerge) -> str:
    """How much a merger moved, kind by kind: "spellings: 2, delegation: 1"."""
    counts: dict[str, int] = {}
    for label, _pk, _column in merger.moved:
        counts[label] = counts.get(label, 0) + 1
    said = ((capfirst(apps.get_model(label)._meta.verbose_name_plural), count) for label, count in counts.items())
    return ", ".join(f"{name}{_(': ')}{count}" for name, count in said)


def _can_be_undone(merger: PersonMerge) -> bool:
    stands = merger.person.merged_into_id == merger.into_id and merger.into.merged_into_id is None
    return merger.undone_at is None and stands


def _suggested() -> list[tuple[str, str]]:
    rows = Person.objects.filter(merged_into=None).order_by("name")[:SUGGESTED]
    return [(person.slug, person.name) for person in rows]


def _alike(form: MergePeopleForm) -> list[Person]:
    """Who may be the same as the one who goes: by identifier, else by name; never father and son, nor Wang Yi and
    Wang Yu.
    """
    goes: Person | None = getattr(form, "cleaned_data", {}).get("goes")
    if goes is None:
        return []
    written = tuple(goes.names.values_list("text", flat=True))
    found = look_alike_people(goes.name, country=goes.country, spellings=written, least=Likeness.LIKELY)
    told_apart = [one for one in found if goes.wikidata_id and one.wikidata_id and one.wikidata_id != goes.wikidata_id]
    same = Person.objects.filter(wikidata_id=goes.wikidata_id, merged_into=None) if goes.wikidata_id else ()
    people = dict.fromkeys([*same, *(person for person in found if person not in told_apart)])
    return [person for person in people if person.pk != goes.pk]


def _page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Merge two people"), **shown}
    return TemplateResponse(request, f"admin/desk/{template}", context)
