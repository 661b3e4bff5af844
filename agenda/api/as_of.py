"""`?as_of=`: what the public knew at an earlier moment, and nothing that it did not know then."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agenda.api.ordering import moment
from agenda.api.problems import ParameterError
from agenda.entries.models import PublicState, TellingKey
from agenda.entries.states import kept_since

NAME = "as_of"


def asked_moment(request: Request, name: str) -> dt.datetime:
    """A moment that a parameter says. Raises ParameterError."""
    try:
        return moment(request.query_params[name].replace(" ", "+"))  # a plus sign that was not escaped
    except (ValueError, OverflowError) as error:
        raise ParameterError(**{name: _("Give a moment with its offset: 2026-01-31T09:00:00Z.")}) from error


def asked_as_of(request: Request | None, now: dt.datetime) -> dt.datetime | None:
    """The moment asked for, None for the present. Raises ParameterError for one to come or before states were kept."""
    if request is None or NAME not in request.query_params:
        return None
    at = asked_moment(request, NAME)
    if at > now:
        raise ParameterError(as_of=_("This moment is still to come."))
    since = kept_since()
    if since is not None and at < since:
        said = _("What was known is kept since %(moment)s.") % {"moment": date_format(since, "c")}
        raise ParameterError(as_of=said)
    return at


def with_key(rows: QuerySet[PublicState], *keys: str) -> QuerySet[PublicState]:
    """States that could be selected by one of the keys: sought among what ever could, by its index."""
    ever = TellingKey.objects.filter(telling__entry=OuterRef("entry"), telling__audience="public", key__in=keys)
    then = Q()
    for key in keys:
        then |= Q(keys__contains=f" {key} ")
    return rows.filter(Exists(ever), then)
