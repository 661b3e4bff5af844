"""What of the queue is somebody's: the proposals of the countries that their desk is for."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diplomacy.accounts.models import User
from diplomacy.accounts.remit import covered, regions
from diplomacy.directory.countries import country_name, known_parties

_VISITORS = 5  # how many of a draft's visitors are looked at


def of_remit(user: User) -> Q:
    """Proposals of the user's countries (as `Proposal.countries_concerned` says them); all where there is no limit."""
    if not user.is_limited:
        return Q()
    codes = sorted(covered(user.remit))
    found = Q(draft__host_country__in=codes) | Q(visit__host_country__code__in=codes)
    for number in range(_VISITORS):
        found |= Q(**{f"draft__visitors__{number}__country__in": codes})
    return found


def remit_text(user: User) -> str:
    """The names of the user's countries and regions, in the active language; empty where there is no limit."""
    return ", ".join(country_name(code) for code in user.remit) if user.is_limited else ""


class RemitField(forms.MultipleChoiceField):
    """Regions and countries to choose from, by their names in the active language."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(required=False, choices=remit_choices, **kwargs)  # type: ignore[arg-type]


def remit_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Regions, then countries, each by name."""
    codes = {_("Regions"): sorted(regions()), _("Countries"): [code for code, _kind, _zone in known_parties()]}
    return [
        (str(label), sorted(((code, country_name(code)) for code in listed), key=lambda pair: pair[1]))
        for label, listed in codes.items()
    ]
