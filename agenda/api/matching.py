"""An update says what it is an update of: If-Match (RFC 9110, 13.1.1), required."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from django.utils.translation import gettext as _
from rest_framework.request import Request

from agenda.api.problems import HeaderError

HEADER = "If-Match"


def tag_of(*state: object) -> str:
    """The ETag of a state: of numbers and names that are others once anything of it is."""
    said = "\0".join(map(str, state)).encode()
    return f'"{hashlib.blake2b(said, digest_size=12).hexdigest()}"'


def check_match(request: Request, tag: str, *, is_required: bool = True) -> None:
    """Raise HeaderError: 428 where the request does not say what it updates, 412 where that is no longer so."""
    said = request.headers.get(HEADER)
    if said is None:
        if is_required:
            asked = _("Send the ETag of what you looked at in If-Match.")
            raise HeaderError(HEADER, asked, HTTPStatus.PRECONDITION_REQUIRED)
        return
    tags = [one.strip() for one in said.split(",")]
    if tag not in tags:
        changed = _("This was changed meanwhile. Read it again, then decide.")
        raise HeaderError(HEADER, changed, HTTPStatus.PRECONDITION_FAILED)
