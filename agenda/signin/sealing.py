"""Short secrets, sealed with SECRET_KEY so that a copy of the database alone opens no account."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

_PURPOSE = b"agenda.signin.sealing:"


def seal(secret: str) -> str:
    """The secret, sealed with today's SECRET_KEY."""
    return _box().encrypt(secret.encode()).decode("ascii")


def open_sealed(sealed: str) -> str:
    """What was sealed with today's SECRET_KEY or one of SECRET_KEY_FALLBACKS.

    Raises cryptography.fernet.InvalidToken for anything else.
    """
    return _box().decrypt(sealed.encode("ascii")).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_digest(force_bytes(key)))) for key in keys])


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(_PURPOSE + key).digest()
