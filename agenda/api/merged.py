"""Ids that are no longer: of what was made one with something else they lead there, as long as the public may see it;
of what was taken back they say so.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agenda.api.problems import MEDIA_TYPE, ProblemSerializer, problem


class MovedSerializer(ProblemSerializer):
    """301: one and the same as `merged_into`, at the address in Location."""

    merged_into = serializers.UUIDField()


class GoneSerializer(ProblemSerializer):
    """410: the public was told of it once; `merged_into` is null."""

    merged_into = serializers.UUIDField(allow_null=True)


class LeadsOn:
    """For a view: what is not there because it was merged is answered with 301 and `merged_into`, what the public was
    told of and is no longer with 410.
    """

    def was_told(self, pk: uuid.UUID) -> bool:
        """Whether the public was ever told of it: its changes say then that it is gone."""
        return False

    def heir(self, pk: uuid.UUID) -> uuid.UUID | None:
        """What goes on for an id that was told once; None for one that was not merged."""
        raise NotImplementedError

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The resource, or where it is now."""
        view: Any = self
        try:
            answer: Response = super().retrieve(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        except Http404:
            pk = _uuid(kwargs[view.lookup_url_kwarg or view.lookup_field])
            if pk is None or "as_of" in request.query_params:
                raise
            heir = self.heir(pk)
            if heir is not None and view.get_queryset().filter(**{view.lookup_field: heir}).exists():
                return _moved(request, f"{view.basename}-detail", heir)
            if not self.was_told(pk):
                raise
            return _gone()
        return answer


def _uuid(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


def _moved(request: Request, route: str, heir: uuid.UUID) -> Response:
    said = _("This was found to be one and the same as %(id)s.") % {"id": heir}
    body = problem(301, [{"code": "merged", "detail": said}]) | {"merged_into": str(heir)}
    address = reverse(route, args=[heir], request=request)
    return Response(body, status=301, headers={"Location": address}, content_type=MEDIA_TYPE)


def _gone() -> Response:
    said = _("This was public once and is no longer.")
    body = problem(410, [{"code": "gone", "detail": said}]) | {"merged_into": None}
    return Response(body, status=410, content_type=MEDIA_TYPE)


def last_of(subject: Any) -> uuid.UUID | None:
    """The id that a row was merged into, as far as that goes; None where it was not merged."""
    if subject is None or subject.merged_into is None:
        return None
    while subject.merged_into is not None:
        subject = subject.merged_into
    found: uuid.UUID = subject.pk
    return found
