"""Secret addresses stay out of logs: whoever reads a log must not be able to read a private calendar."""

from __future__ import annotations

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_SECRET = re.compile(r"(?:(?<=/f/)|(?<=/alerts/))[^/\s?\"']+")
_HIDDEN = "***"


def without_tokens(text: str) -> str:
    """The text with the token of every private address replaced by ***."""
    return _SECRET.sub(_HIDDEN, text)


class HideTokens(logging.Filter):
    """For every handler: the message as it would be written, without tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, cleaned."""
        message = record.getMessage()
        if "/f/" in message or "/alerts/" in message:
            record.msg, record.args = without_tokens(message), ()
        return True


class AccessLog(Logger):  # type: ignore[misc]  # the package ships no types
    """Gunicorn's log with its request lines and referrers cleaned (`--logger-class agenda.feeds.privacy.AccessLog`)."""

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        """What an access-log line is made of."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {key: without_tokens(value) if isinstance(value, str) else value for key, value in atoms.items()}
