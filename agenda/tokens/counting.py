"""How often somebody asks, counted in the cache by whole windows of time, and from where they ask."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.request import Request

WINDOW = 60  # seconds

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a policy in the present window; `resets_in` are seconds."""

    policy: str
    limit: int
    left: int
    resets_in: int


def asked(policy: str, who: str, limit: int, *, at: float, seconds: int = WINDOW) -> Standing:
    """Count one request of somebody at `at` (seconds since 1970), in windows of so many `seconds`; `left` is negative
    for what is too much. Where the cache is away, nothing is.
    """
    window = int(at // seconds)
    key = f"rate:{policy}:{who}:{window}"
    try:
        cache.add(key, 0, timeout=2 * seconds)
        count = cache.incr(key)
    except (RedisError, ValueError) as error:  # away, or forgotten between the two
        logger.warning("requests are not counted: %s", error)
        count = 1
    return Standing(policy, limit, limit - count, int((window + 1) * seconds - at) or 1)


def address_of(request: Request | HttpRequest) -> str:
    """From where a request comes, as far as our own proxy or connection says; empty where that is not known."""
    said: str = request.META.get("REMOTE_ADDR", "")
    if settings.AGENDA_BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    return said
