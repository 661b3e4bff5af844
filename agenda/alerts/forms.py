"""What somebody fills in to be told."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.alerts.following import Wish
from agenda.alerts.models import WEEKDAYS, Rhythm


class WishForm(forms.Form):
    """When to be told."""

    rhythm = forms.ChoiceField(label=_("When"), choices=Rhythm, initial=Rhythm.AT_ONCE)
    hour = forms.TypedChoiceField(
        label=_("At what hour"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)], initial=7,
        help_text=_("For once a day and once a week, on the clock of the time zone."),
    )  # fmt: skip
    weekday = forms.TypedChoiceField(
        label=_("On which day"), coerce=int, choices=WEEKDAYS, initial=0, help_text=_("For once a week.")
    )
    zone = forms.ChoiceField(label=_("Time zone"), initial="UTC")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name.replace("_", " ")) for name in _zones()]

    def wish(self, language: str) -> Wish:
        """What is wanted, once the form is valid."""
        given = self.cleaned_data
        return Wish(language, given["rhythm"], given["hour"], given["weekday"], given["zone"])


class AddressForm(WishForm):
    """The same of somebody without an account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    field_order = ("email", "rhythm", "hour", "weekday", "zone")


def _zones() -> list[str]:
    """The zones of cities, and UTC."""
    return ["UTC", *sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:4] != "Etc/")]
