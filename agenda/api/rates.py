"""How often somebody may ask: so many requests a minute by token, and by address for who shows none.

Counted in the cache by whole minutes; where the cache is away, nobody is turned away. What is left is said with every
answer (`RateLimit-Policy`, `RateLimit`: draft-ietf-httpapi-ratelimit-headers), and what was too much with 429 and
Retry-After.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from agenda.tokens.counting import WINDOW, Standing, address_of, asked
from agenda.tokens.models import ApiToken

_SAID = "_agenda_rates"


class Rate(BaseThrottle):
    """Every request: by its token, else by its address."""

    def __init__(self) -> None:
        self.standing: Standing | None = None

    def policy(self, request: Request) -> tuple[str, str, int]:
        """The name of the policy, whose requests are counted together, and how many they may be (0: any number)."""
        if isinstance(request.auth, ApiToken):
            return "token", str(request.auth.public_id), settings.AGENDA_RATE_TOKEN
        return "address", address_of(request), settings.AGENDA_RATE_ADDRESS

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether it is not too much; counts it."""
        name, who, limit = self.policy(request)
        if not limit:
            return True
        self.standing = asked(name, who, limit, at=time.time())
        said: list[Standing] = request._request.__dict__.setdefault(_SAID, [])
        said.append(self.standing)
        return self.standing.left >= 0

    def wait(self) -> float | None:
        """Seconds until it may be asked again."""
        return self.standing.resets_in if self.standing else None


class ReadingRate(Rate):
    """What costs a reading: by token and by whoever holds it, fewer."""

    def policy(self, request: Request) -> tuple[str, str, int]:
        """By user, since a second token makes no second machine."""
        return "parse", str(request.user.pk), settings.AGENDA_RATE_PARSE


class RateHeaders:
    """Say with each answer what is left of what was counted for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        said: list[Standing] = request.__dict__.get(_SAID, [])
        if said:
            response.headers["RateLimit-Policy"] = ", ".join(f'"{one.policy}";q={one.limit};w={WINDOW}' for one in said)
            response.headers["RateLimit"] = ", ".join(
                f'"{one.policy}";r={max(one.left, 0)};t={one.resets_in}' for one in said
            )
        return response
