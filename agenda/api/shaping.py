"""How much of each result is answered: `?fields=` leaves out, `?include=` adds where its values come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from agenda.api.as_of import asked_as_of
from agenda.api.problems import ParameterError
from agenda.entries.models import DiaryEntry
from agenda.entries.provenance import Provenance, provenance_of

INCLUDED = ("evidence", "sources")
_ALWAYS = "id"
PARAMETERS = [
    OpenApiParameter("as_of", dt.datetime, description="What the public knew at this moment (not to come)."),
    OpenApiParameter("fields", str, description="Names of fields with commas: these alone, and the id."),
    OpenApiParameter("include", str, description="evidence, sources, or both with a comma."),
]


class Shaped:
    """For a view of entries: the parameters above, of single results and of lists."""

    parameters = frozenset({"as_of", "fields", "include"})

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        """The serializer with the fields that are asked for. Raises ParameterError."""
        serializer: Any = super().get_serializer(*args, **kwargs)  # type: ignore[misc]  # a view's
        each = getattr(serializer, "child", serializer)
        wanted = _names(self._asked, "fields", tuple(each.fields))
        for name in set(each.fields) - wanted - {_ALWAYS} if wanted else ():
            each.fields.pop(name)
        found: BaseSerializer[Any] = serializer
        return found

    @property
    def _asked(self) -> Request | None:
        view: Any = self
        request: Request | None = view.request
        return request

    def with_provenance(self, entries: Sequence[DiaryEntry]) -> None:
        """Put where they come from beside the entries, as far as it is asked for. Raises ParameterError."""
        wanted = _names(self._asked, "include", INCLUDED)
        if not wanted:
            return
        now = timezone.now()
        known = provenance_of(entries, asked_as_of(self._asked, now) or now)
        for entry in entries:
            said = known.get(entry.content["id"], Provenance())
            for name in wanted:
                setattr(entry, name, getattr(said, name))


def _names(request: Request | None, parameter: str, known: tuple[str, ...]) -> set[str]:
    said = request.query_params.get(parameter, "") if request is not None else ""
    names = {name for name in said.split(",") if name}
    if unknown := sorted(names.difference(known)):
        values = {"names": ", ".join(unknown), "known": ", ".join(known)}
        raise ParameterError(**{parameter: _("%(names)s: not known. Known are: %(known)s.") % values})
    return names
