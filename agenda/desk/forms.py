"""The desk's forms; each gives domain values."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from agenda.desk.release import moment_field
from agenda.desk.widgets import PlainSelect
from agenda.desk.wording import language_choices
from diplomacy.communiques.disputes import FACT_FROM
from diplomacy.communiques.drafts import clock, day
from diplomacy.communiques.models import DECIDED, Proposal
from diplomacy.communiques.review import countries
from diplomacy.directory.zones import is_iana_zone
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRESS_ACCESSES,
    VISIBILITIES,
    VISIT_KINDS,
    VISIT_STATUSES,
)
from diplomacy.vocabulary import ItemStatus, Precision, PressAccess, Visibility, VisitKind, VisitStatus


class DateForm(forms.Form):
    """The publication date of a communiqué, and its language: given late, or corrected."""

    published_on = forms.DateField(
        label=_("Publication date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)


class DraftForm(forms.Form):
    """Base of the review forms: fields named as in a reading's JSON. `doubtful` are those whose value is a question."""

    doubtful: frozenset[str] = frozenset()

    def amended(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft as the form says it; equal to the draft where nothing was changed."""
        result = copy.deepcopy(draft)
        for name, value in self.cleaned_data.items():
            result[name] = _plain(value)
        return result


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if hasattr(value, "hour"):
        return value.strftime("%H:%M")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value != "" else None


def _choice(label: Any, choices: Any = (), *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=PlainSelect)


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class VisitForm(DraftForm):
    """The visit of a proposal. People are one a line: name, then " | ", then title, then " | ", then country."""

    visitors = forms.CharField(label=_("Visitors"), widget=forms.Textarea(attrs={"rows": 2}))
    host_country = _choice(_("Host country"))
    host = forms.CharField(label=_("Received by"), required=False)
    at_invitation_of = forms.CharField(label=_("Invited by"), required=False)
    cities = forms.CharField(label=_("Cities"), required=False, help_text=_("With commas."))
    visit_kind = _choice(_("Kind"), VISIT_KINDS)
    status = _choice(_("Status"), VISIT_STATUSES)
    start = _date(_("First day"))
    end = _date(_("Last day"))
    date_text = forms.CharField(
        label=_("Dates as said"), required=False, max_length=200, help_text=_("Where no exact day can be had.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["host_country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *countries()]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The last day lies before the first."))
        return data

    def amended(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft as the form says it."""
        result = super().amended(draft)
        result["visitors"] = _people(self.cleaned_data["visitors"], draft.get("visitors") or [])
        host = _people(self.cleaned_data["host"], [draft["host"]] if draft.get("host") else [])
        result["host"] = {key: value for key, value in host[0].items() if key != "country"} if host else None
        result["cities"] = [city.strip() for city in self.cleaned_data["cities"].split(",") if city.strip()]
        if draft.get("status") == VisitStatus.CONFIRMED and self.cleaned_data["status"] == VisitStatus.UNDER_WAY:
            result["status"] = VisitStatus.UNDER_WAY
        return result


class ItemForm(DraftForm):
    """One programme item of a proposal."""

    keep = forms.BooleanField(label=_("Keep"), required=False, initial=True)
    kind = _choice(_("Kind"), ITEM_KINDS)
    form = forms.CharField(label=_("Form"), required=False, max_length=100)
    title = forms.CharField(label=_("As said"), required=False)
    date = _date(_("Day"))
    start_time = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end_time = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    timezone = forms.CharField(label=_("Time zone"), required=False)
    part_of_day = _choice(_("Part of the day"), [("", "—"), *PARTS_OF_DAY], required=False)
    place = forms.CharField(label=_("Venue"), required=False)
    city = forms.CharField(label=_("City"), required=False)
    participants = forms.CharField(label=_("Participants"), required=False, help_text=_("With semicolons."))
    press_access = _choice(_("Press access"), PRESS_ACCESSES, required=False)
    accreditation_until = moment_field(_("Accreditation until"), _("On the host's clock."))
    status = _choice(_("Status"), ITEM_STATUSES)
    visibility = _choice(_("Seen by"), VISIBILITIES)

    def clean_timezone(self) -> str:
        """An IANA name or nothing."""
        zone: str = self.cleaned_data["timezone"]
        if zone and not is_iana_zone(zone):
            raise forms.ValidationError(_("Use an IANA name such as Africa/Bamako."))
        return zone

    def amended(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft as the form says it."""
        result = super().amended(draft)
        result.pop("keep", None)
        names = [name.strip() for name in self.cleaned_data["participants"].split(";") if name.strip()]
        result["participants"] = names
        result["offices"] = [office for office in draft.get("offices") or [] if office in names]
        if result.get("part_of_day") and not result.get("start_time"):
            result["precision"] = Precision.PART_OF_DAY.value
        return result


ItemFormSet = forms.formset_factory(ItemForm, extra=0)


def review_forms(proposal: Proposal, data: Any = None) -> tuple[VisitForm | None, Any]:
    """The forms of a proposal: one for the visit (None for a line without one), one for each item. What is decided
    shows as it was decided.
    """
    waits = proposal.state not in DECIDED
    draft = proposal.draft if waits else proposal.decided or proposal.draft
    items = [draft] if proposal.is_line else draft.get("items") or []
    formset = ItemFormSet(data, initial=[_item_initial(item) for item in items], prefix="items")
    for form, item in zip(formset.forms, items, strict=False):
        form.doubtful = doubtful_fields(item)
    if proposal.is_line:
        # A line of its own is kept or rejected whole, and its release is said once.
        for form in formset.forms:
            del form.fields["keep"], form.fields["visibility"]
        return None, formset
    visit = VisitForm(data, initial=_visit_initial(draft), prefix="visit")
    visit.doubtful = doubtful_fields(draft)
    return visit, formset


def doubtful_fields(draft: dict[str, Any]) -> frozenset[str]:
    """The fields of a draft with a value (or one of several) that was read with too little confidence for a fact."""
    stated = draft.get("confidence") or {}
    return frozenset(path.split(".")[0] for path, sure in stated.items() if sure < FACT_FROM)


def amended_draft(proposal: Proposal, visit: VisitForm | None, items: Any) -> dict[str, Any] | None:
    """What the forms say, or None if that is just what was read."""
    draft = proposal.draft
    if visit is None:
        amended = items.forms[0].amended(draft)
    else:
        amended = visit.amended(draft)
        pairs = enumerate(zip(items.forms, draft.get("items") or [], strict=True))
        amended["items"] = [
            # Where it stood in the reading: its evidence goes by that number.
            {**form.amended(item), "number_read": number}
            for number, (form, item) in pairs
            if form.cleaned_data["keep"]
        ]
    return None if not (items.has_changed() or (visit is not None and visit.has_changed())) else amended


def _visit_initial(draft: dict[str, Any]) -> dict[str, Any]:
    names = ("host_country", "at_invitation_of", "date_text")
    return {
        # A select without a value would show its first choice, a state visit: nobody said that.
        "visit_kind": draft.get("visit_kind") or VisitKind.UNSPECIFIED.value,
        "status": draft.get("status") or VisitStatus.ANNOUNCED.value,
        **{name: draft.get(name) or "" for name in names},
        "start": day(draft.get("start")),
        "end": day(draft.get("end")),
        "visitors": "\n".join(_person_line(person) for person in draft.get("visitors") or []),
        "host": _person_line(draft["host"]) if draft.get("host") else "",
        "cities": ", ".join(draft.get("cities") or []),
    }


def _item_initial(item: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "form", "title", "timezone", "part_of_day", "place", "city")
    return {
        "status": item.get("status") or ItemStatus.SCHEDULED.value,
        **{name: item.get(name) or "" for name in names},
        "press_access": item.get("press_access") or PressAccess.UNSPECIFIED.value,
        "visibility": item.get("visibility") or Visibility.PUBLIC.value,
        "date": day(item.get("date")),
        "start_time": clock(item.get("start_time")),
        "end_time": clock(item.get("end_time")),
        "accreditation_until": _host_clock(item.get("accreditation_until")),
        "keep": True,
        "participants": "; ".join(item.get("participants") or []),
    }


def _host_clock(said: str | None) -> dt.datetime | None:
    """A moment on the host's clock, as the field takes it: its zone is only that of the form."""
    return make_aware(dt.datetime.fromisoformat(said).replace(tzinfo=None)) if said else None


def _person_line(person: dict[str, Any]) -> str:
    return " | ".join(part for part in (person.get("name"), person.get("title"), person.get("country")) if part)


def _people(lines: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {person["name"]: person for person in before}
    people = []
    for line in lines.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if parts and parts[0]:
            old = known.get(parts[0], {})
            people.append(
                {
                    "name": parts[0],
                    "aliases": old.get("aliases", []),
                    "title": parts[1] if len(parts) > 1 and parts[1] else None,
                    "country": parts[2] if len(parts) > 2 and parts[2] else old.get("country"),
                }
            )
    return people
