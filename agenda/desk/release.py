"""Who may see something and from when, as an editor says it: with a clock and the zone of that clock."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import Proposal
from diplomacy.communiques.review import release_of
from diplomacy.directory.zones import is_iana_zone
from diplomacy.visits.choices import VISIBILITIES
from diplomacy.visits.facts import Release
from diplomacy.vocabulary import Visibility

CLOCK = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A day and hour without a zone (the zone has a field of its own)."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=[CLOCK, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=CLOCK),
    )


def zone_field() -> forms.CharField:
    """The IANA name of the zone an hour is said in."""
    return forms.CharField(label=_("Zone of that hour"), required=False, help_text=_("Such as Africa/Bamako."))


def clean_moment(form: forms.BaseForm, moment: str, zone: str) -> dt.datetime | None:
    """The moment (aware) that the two fields say; a moment without a zone, or a wrong zone, is an error of the form."""
    said: dt.datetime | None = form.cleaned_data.get(moment)
    name = form.cleaned_data.get(zone) or ""
    if said is None:
        return None
    if not is_iana_zone(name):
        form.add_error(zone, _("Say in which time zone, by an IANA name such as Africa/Bamako."))
        return None
    return said.replace(tzinfo=ZoneInfo(name))


class ReleaseForm(forms.Form):
    """Visibility and embargo of what is about to be published."""

    visibility = forms.ChoiceField(label=_("Seen by"), choices=VISIBILITIES)
    until = moment_field(_("Under embargo until"), _("Nobody outside the desk sees it before."))
    zone = zone_field()

    def clean(self) -> dict[str, Any]:
        """The embargo as a moment."""
        data = super().clean() or {}
        data["release_at"] = clean_moment(self, "until", "zone")
        return data

    def release(self) -> Release:
        """What the form says."""
        at: dt.datetime | None = self.cleaned_data["release_at"]
        return Release(
            visibility=Visibility(self.cleaned_data["visibility"]),
            release_at=at.astimezone(dt.UTC) if at else None,
            release_zone=self.cleaned_data["zone"] if at else "",
        )


def release_form(proposal: Proposal, data: Any = None) -> ReleaseForm:
    """The form as the visit stands already, else as the communiqué was received."""
    communique = proposal.extraction.version.communique
    known = proposal.visit or proposal.item
    release = release_of(known) if known else Release(release_at=communique.embargoed_until)
    zone = release.release_zone or communique.source.zone or "UTC"
    return ReleaseForm(
        data,
        prefix="release",
        initial={
            "visibility": release.visibility.value,
            # Without a zone: the widget shows the clock of the zone beside it.
            "until": release.release_at.astimezone(ZoneInfo(zone)).strftime(CLOCK) if release.release_at else None,
            "zone": zone,
        },
    )
