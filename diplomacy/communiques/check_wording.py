"""Warnings before publishing in words, each with the way to resolve it, in the active language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.checks import Code, Doubt
from diplomacy.directory.countries import country_name

_SENTENCES = {
    Code.PERSON_IN_TWO_PLACES: _("%(person)s is elsewhere at that time: %(other)s."),
    Code.HOST_DOUBLE_BOOKED: _("%(person)s receives twice at the same time: %(item)s, and %(other)s."),
    Code.END_BEFORE_START: _("The end (%(end)s) lies before the beginning (%(start)s)."),
    Code.ITEM_OUTSIDE_VISIT: _("“%(item)s” is on %(day)s, outside the days of the visit."),
    Code.WEEKDAY_DISAGREES: _("The text says “%(words)s”, but %(day)s is another weekday."),
    Code.ZONE_MISSING: _("“%(item)s” has an hour, but nobody can tell on which clock."),
}
_RESOLVE = {
    Code.PERSON_IN_TWO_PLACES: _("Compare the days of both, or see whether two people bear the name."),
    Code.HOST_DOUBLE_BOOKED: _("Compare the hours of both; they may be one item told twice: then cancel one."),
    Code.END_BEFORE_START: _("Correct one of the two, or say that it ends the next day."),
    Code.ITEM_OUTSIDE_VISIT: _("Correct the day of the item, or the days of the visit."),
    Code.WEEKDAY_DISAGREES: _("Ask the source which of the two it means, and correct the day if need be."),
    Code.ZONE_MISSING: _("Give the item its city or its time zone."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning to show: what is doubtful, how to resolve it, and which visits and items (keys) it speaks of."""

    code: Code
    sentence: str
    resolve: str
    about: tuple[str, ...]


def warned(doubt: Doubt) -> Warned:
    """A doubt in words."""
    values = dict(doubt.values)
    if "place" in values:
        values["other"] = country_name(values["place"])
    return Warned(
        code=doubt.code,
        sentence=str(_SENTENCES[doubt.code]) % values,
        resolve=str(_RESOLVE[doubt.code]),
        about=doubt.about,
    )
