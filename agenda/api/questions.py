"""What may be asked: a parameter that nobody would read is refused by its name, since its answer would be another's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from agenda.api.problems import ParameterError

# `lang` chooses the language, `format` the form of the answer.
EVERYWHERE = frozenset({"lang", "format"})


class KnownParameters:
    """For a view: refuse unknown parameters of the address. `parameters` are those beside a list's own."""

    parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at the address once it is known who asks. Raises ParameterError."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        known = EVERYWHERE | self.parameters | self._of_list()
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            said = _("There is no such parameter. Known are: %(names)s.") % {"names": ", ".join(sorted(known))}
            raise ParameterError(**dict.fromkeys(unknown, said))
        if empty := [name for name, values in request.query_params.lists() if not values[-1] and name != "lang"]:
            raise ParameterError(**dict.fromkeys(empty, _("Give a value, or leave it out.")))
        if repeated := [name for name, values in request.query_params.lists() if len(values) > 1]:
            raise ParameterError(**dict.fromkeys(repeated, _("This is given twice: give it once.")))

    def _of_list(self) -> frozenset[str]:
        if getattr(self, "action", None) != "list":
            return frozenset()
        view: Any = self
        own = frozenset(view.filterset_class.base_filters) if getattr(view, "filterset_class", None) else frozenset()
        paging: frozenset[str] = getattr(view.pagination_class, "parameters", frozenset())
        return own | paging
