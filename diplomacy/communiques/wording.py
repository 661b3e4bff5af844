"""Reasons of matches in the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from diplomacy.communiques.matching import Reason

_REASONS = {
    Reason.SAME_COMMUNIQUE: gettext_lazy("told by the same communiqué before"),
    Reason.NAMED: gettext_lazy("named by its id"),
    Reason.SAME_VISITOR: gettext_lazy("same visitor"),
    Reason.LIKE_VISITOR: gettext_lazy("same visitor, spelled otherwise"),
    Reason.SAME_OFFICE: gettext_lazy("same office"),
    Reason.PART_OF_NAME: gettext_lazy("a part of the visitor's name"),
    Reason.SAME_HOST: gettext_lazy("same host"),
    Reason.SAME_DATES: pgettext_lazy("match", "same dates"),
    Reason.DATES_OVERLAP: gettext_lazy("dates overlap"),
    Reason.DATES_NEAR: gettext_lazy("dates near"),
    Reason.PUT_OFF_FROM: gettext_lazy("put off from these dates"),
    Reason.PUT_OFF_TO: gettext_lazy("put off to later dates"),
    Reason.NO_DATES: gettext_lazy("no dates to compare"),
    Reason.SAME_PLACE: gettext_lazy("same place"),
    Reason.SAME_KIND: gettext_lazy("same kind of event"),
    Reason.SAME_DAY: gettext_lazy("same day"),
    Reason.SAME_HOUR: gettext_lazy("same hour"),
    Reason.SAME_PARTICIPANTS: gettext_lazy("same participants"),
    Reason.SAME_LINE: gettext_lazy("same line of the edition before"),
}


def reasons_text(reasons: Iterable[str]) -> str:
    """The reasons of a match in the active language, with commas; what is kept from an earlier time as it is."""
    return ", ".join(str(_REASONS[Reason(one)]) if one in set(Reason) else _(one.strip()) for one in reasons if one)
