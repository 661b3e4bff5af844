"""A receiver's own reading of Standard Webhooks, written from the specification and of nothing of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE = 300  # seconds


def verifies(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Whether the message is by whoever has the secret, and of now."""
    stamp = headers["webhook-timestamp"]
    if abs(now - int(stamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.split("_", 1)[1])
    content = f"{headers['webhook-id']}.{stamp}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    given = [part.split(",", 1) for part in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(wanted, signature) for version, signature in given)
