"""A webhook, its receiver on loopback, and rounds of the worker at moments that a test chooses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from agenda.webhooks import delivering, keeping
from agenda.webhooks.models import Delivery, DeliveryState, Event, Webhook
from diplomacy.accounts.models import User
from diplomacy.visits.visibility import Audience
from tests.conftest import NOW
from tests.fetching.server import Web, web

from .standard import verifies

TARGET = "http://receiver.example/hook"
MADE = NOW - dt.timedelta(days=1)
HookMaker = Callable[..., Webhook]


@dataclass
class Receiver:
    """What arrived, and how it answers; `secrets` are those it knows."""

    web: Web
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def round(self, now: dt.datetime) -> None:
        """What a worker does at a moment: fan out, and try all that is due once."""
        while delivering.fan_out(now):
            pass
        for pk, attempts in delivering.take_due(now):
            delivering.deliver(pk, attempts, now=now, poster=self.web.fetcher(), jitter=lambda: 0.5)

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bodies that arrived."""
        return [json.loads(body) for _headers, body in self.got]

    @property
    def types(self) -> list[str]:
        """Their types."""
        return [said["type"] for said in self.said]

    def all_verify(self, secret: str, now: dt.datetime) -> bool:
        """Whether everything is signed with the secret, at `now`."""
        return bool(self.got) and all(
            verifies(secret, headers, body, now=now.timestamp()) for headers, body in self.got
        )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web() as served:
        found = Receiver(served)

        def take(headers: dict[str, str], body: bytes) -> int:
            found.got.append((headers, body))
            return found.status

        served.posts = take
        yield found


@pytest.fixture
def hook(editor: User) -> HookMaker:
    """Makes a webhook. The form wants https; the receiver of tests speaks http."""

    def make(**given: Any) -> Webhook:
        values = {"label": "wire", "target": TARGET, "audience": Audience.PUBLIC, "owner": editor, "made_at": MADE}
        return Webhook.objects.create(**values | given)

    return make


def waiting() -> list[Delivery]:
    return list(Delivery.objects.filter(state=DeliveryState.WAITING))


def types() -> list[str]:
    """Of what lies in the outbox, in order."""
    return list(Event.objects.order_by("position").values_list("type", flat=True))


def bodies() -> list[dict[str, Any]]:
    return [json.loads(body) for body in Event.objects.order_by("position").values_list("body", flat=True)]


__all__ = ["TARGET", "HookMaker", "Receiver", "bodies", "keeping", "types", "waiting"]
