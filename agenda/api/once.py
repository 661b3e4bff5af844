"""A POST that is sent again is done once: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

The answer of a success is kept for a day, by token, key and path, and given again to the same body. What was refused
or failed changed nothing, so its key is free again. Answers that hold a secret are never kept: a repeat is told that
the thing was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agenda.api.models import KeptAnswer
from agenda.api.problems import HeaderError
from agenda.tokens.models import ApiToken

HEADER = "Idempotency-Key"
KEPT_FOR = dt.timedelta(hours=24)
# Whoever makes an answer for longer than this has died over it: its key is free again.
MADE_WITHIN = dt.timedelta(minutes=5)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class AlreadyCreatedError(APIException):
    """409: made before, and its answer held a secret."""

    status_code = HTTPStatus.CONFLICT
    default_code = "already_created"


class Once:
    """For a view: its POSTs are done once under a key. `tells_secret`: their answers are never kept."""

    tells_secret = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once it is known who asks, put the keeping around what is about to be done."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        if request.method == "POST" and HEADER in request.headers:
            view: Any = self
            view.post = _kept(view.post, tells_secret=self.tells_secret)


def _kept(do: Callable[..., Response], *, tells_secret: bool) -> Callable[..., Response]:
    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the answer that is kept, or do what is asked and keep its answer."""
        key = request.headers[HEADER]
        if not _KEY.fullmatch(key):
            raise HeaderError(HEADER, _("Give 1 to 255 visible ASCII characters."), HTTPStatus.BAD_REQUEST)
        now = timezone.now()
        row, is_ours = _claim(_holder(request), key, request.path[:500], digest_of(request), now=now)
        if not is_ours:
            return _again(row)
        try:
            response = do(request, *args, **kwargs)
        except BaseException:
            row.delete()
            raise
        _keep(row, response, tells_secret=tells_secret)
        return response

    return answer


def digest_of(request: Request) -> str:
    """A digest of what is asked: query and body, a file by its bytes. Raises what reading the body raises."""
    digest = hashlib.sha256(request._request.META.get("QUERY_STRING", "").encode())
    data = request.data
    if not isinstance(data, QueryDict):
        digest.update(json.dumps(data, sort_keys=True, separators=(",", ":")).encode())
        return digest.hexdigest()
    for name in sorted(data):
        for value in data.getlist(name):
            digest.update(f"\0{name}\0".encode())
            digest.update(_bytes(value))
    return digest.hexdigest()


def _bytes(value: Any) -> bytes:
    """A field as sent: a text, or a file with its name and type."""
    if isinstance(value, str):
        return value.encode()
    content: bytes = value.read()
    value.seek(0)
    return b"\0".join((str(value.name).encode(), str(value.content_type).encode(), content))


def _holder(request: Request) -> str:
    token = request.auth
    return f"token:{token.public_id}" if isinstance(token, ApiToken) else f"user:{request.user.pk}"


def _claim(holder: str, key: str, path: str, asked: str, *, now: dt.datetime) -> tuple[KeptAnswer, bool]:
    """The row of a key, and whether it is ours to fill. Raises HeaderError (409) where it is another request's."""
    rows = KeptAnswer.objects.filter(holder=holder, key=key, path=path)
    rows.filter(made_at__lte=now - KEPT_FOR).delete()
    rows.filter(status=None, made_at__lte=now - MADE_WITHIN).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(holder=holder, key=key, path=path, asked=asked, made_at=now), True
    except IntegrityError:
        row = rows.first()
    if row is not None and row.asked != asked:
        said = _("This key was used for something else. Make a new one for each thing you send.")
        raise HeaderError(HEADER, said, HTTPStatus.CONFLICT)
    if row is None or row.status is None:
        said = _("What was sent with this key is being done. Ask again in a moment.")
        raise HeaderError(HEADER, said, HTTPStatus.CONFLICT)
    return row, False


def _again(row: KeptAnswer) -> Response:
    if row.is_secret:
        raise AlreadyCreatedError(
            _("This was made already, and its secret was shown then. Revoke it and make another if it was lost.")
        )
    headers = {"Idempotency-Replayed": "true"} | ({"Location": row.location} if row.location else {})
    return Response(json.loads(row.body) if row.body else None, status=row.status, headers=headers)


def _keep(row: KeptAnswer, response: Response, *, tells_secret: bool) -> None:
    if not 200 <= response.status_code < 300:
        row.delete()
        return
    row.status, row.is_secret = response.status_code, tells_secret
    row.location = response.headers.get("Location", "")
    if response.data is not None and not tells_secret:
        row.body = JSONRenderer().render(response.data).decode()
    row.save(update_fields=["status", "is_secret", "location", "body"])


def sweep(now: dt.datetime) -> int:
    """Forget what was kept long enough; returns how many."""
    return KeptAnswer.objects.filter(made_at__lte=now - KEPT_FOR).delete()[0]
