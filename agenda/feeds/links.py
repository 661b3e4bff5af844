"""Ways to subscribe to a calendar: its address as each calendar program wants to be given it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class SubscribeLinks:
    """The same calendar four ways; all of them addresses."""

    https: str  # to copy
    webcal: str  # opens the reader's own calendar program
    google: str
    outlook: str


def subscribe_links(address: str, name: str) -> SubscribeLinks:
    """The links for a calendar at `address` (absolute, http or https) called `name`."""
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    return SubscribeLinks(
        https=address,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        outlook=(
            f"https://outlook.live.com/calendar/0/addfromweb?url={quote(address, safe='')}&name={quote(name, safe='')}"
        ),
    )
