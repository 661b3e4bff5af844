"""Who may see what, and when: the one rule that every query for readers uses."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.db.models import Q

from diplomacy.visits.choices import Publication
from diplomacy.vocabulary import Visibility


class Audience(StrEnum):
    """Whom an outlet serves. DESK reads everything; SUBSCRIBERS hold a private address or are signed in."""

    PUBLIC = "public"
    SUBSCRIBERS = "subscribers"
    DESK = "desk"


_SEES = {
    Audience.PUBLIC: (Visibility.PUBLIC,),
    Audience.SUBSCRIBERS: (Visibility.PUBLIC, Visibility.SUBSCRIBERS),
    Audience.DESK: tuple(Visibility),
}
_STRICTNESS = {Visibility.PUBLIC: 0, Visibility.SUBSCRIBERS: 1, Visibility.INTERNAL: 2}


def readable_by(audience: Audience, now: dt.datetime) -> Q:
    """A filter for rows with `publication`, `visibility` and `release_at`: what the audience may see at `now`
    (aware). An embargo hides from everybody but the desk until its release time.
    """
    seen = Q(publication=Publication.PUBLISHED, visibility__in=_SEES[audience])
    if audience is Audience.DESK:
        return seen
    return seen & (Q(release_at__isnull=True) | Q(release_at__lte=now))


def may_read(
    publication: str, visibility: str, release_at: dt.datetime | None, audience: Audience, now: dt.datetime
) -> bool:
    """The same rule for one row at hand."""
    if publication != Publication.PUBLISHED or visibility not in _SEES[audience]:
        return False
    return audience is Audience.DESK or release_at is None or release_at <= now


def strictest(*visibilities: str) -> Visibility:
    """The one of them that shows the least."""
    return max((Visibility(value) for value in visibilities), key=_STRICTNESS.__getitem__)


def least_strict(*visibilities: str) -> Visibility:
    """The one of them that shows the most."""
    return min((Visibility(value) for value in visibilities), key=_STRICTNESS.__getitem__)
