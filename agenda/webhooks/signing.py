"""Secrets and signatures as Standard Webhooks says (HMAC-SHA256 over "id.timestamp.body", version v1)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from django.utils.crypto import salted_hmac

from agenda.webhooks.models import Webhook

PREFIX = "whsec_"


def secret_of(webhook: Webhook, generation: int | None = None) -> str:
    """The secret of a webhook, as its receiver keeps it; the present one unless another generation is named.

    Made of the settings' SECRET_KEY, so that whoever has the database has no secret. A new SECRET_KEY makes new
    secrets of all webhooks.
    """
    number = webhook.generation if generation is None else generation
    made = salted_hmac("agenda.webhooks", f"{webhook.pk}:{number}", algorithm="sha256").digest()
    return PREFIX + base64.b64encode(made).decode("ascii")


def secrets_at(webhook: Webhook, now: dt.datetime) -> list[str]:
    """The secrets that sign at `now` (aware), the present one first."""
    found = [secret_of(webhook)]
    if webhook.overlap_until is not None and now < webhook.overlap_until:
        found.append(secret_of(webhook, webhook.generation - 1))
    return found


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message: "v1,<base64>"."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def headers(webhook: Webhook, message_id: str, body: bytes, now: dt.datetime) -> dict[str, str]:
    """What is sent beside the body at `now` (aware): one signature for each secret that is good."""
    timestamp = int(now.timestamp())
    signatures = [sign(secret, message_id, timestamp, body) for secret in secrets_at(webhook, now)]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
