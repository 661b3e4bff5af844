"""What feeds and pages share: pages asked for politely (robots.txt, RFC 9309; one request a host at a time)."""

from __future__ import annotations

import threading
from dataclasses import replace
from urllib.robotparser import RobotFileParser

from diplomacy.communiques.sources.outcome import BusyError, SourceError, Tools
from diplomacy.fetching import AddressError, FetchError, Known, Page, Refusal, web_address

# Where somebody waits for a page, a thread waits with them: not long, and only so many of a process, so that others are
# left to answer everybody else. In seconds.
WAITED_FOR = 20.0
PATIENCE = 4.0
_WAITING = threading.BoundedSemaphore(2)


def page_while_waiting(url: str, tools: Tools) -> Page:
    """The page, for somebody who waits: within WAITED_FOR, robots.txt included.

    Raises SourceError as `page_at` does, and BusyError where too many wait or the host is asked too much already.
    """
    if not _WAITING.acquire(blocking=False):
        raise BusyError(wait=int(WAITED_FOR))
    try:
        return page_at(url, replace(tools, fetcher=tools.fetcher.within(WAITED_FOR), patience=PATIENCE))
    finally:
        _WAITING.release()


def page_at(url: str, tools: Tools, *, known: Known | None = None) -> Page:
    """The page, if the host's robots.txt lets us.

    Raises SourceError, with the code "robots" or that of the refusal.
    """
    try:
        address = web_address(url)
    except AddressError as error:
        raise SourceError(Refusal.ADDRESS, str(error)) from error
    robots = f"{address.scheme}://{address.host}/robots.txt"
    if robots not in tools.robots:
        tools.robots[robots] = _rules(robots, tools)
    if not tools.robots[robots].can_fetch(tools.fetcher.agent, url):
        raise SourceError("robots", address.host)
    tools.pace(address.host, tools.patience)
    try:
        return tools.fetcher.get(url, known)
    except FetchError as error:
        raise SourceError(error.refusal, error.detail) from error


def _rules(robots: str, tools: Tools) -> RobotFileParser:
    """What robots.txt says; without one everything may be read, of a server in trouble nothing (RFC 9309, 2.3.1)."""
    rules = RobotFileParser()
    try:
        content = tools.fetcher.get(robots).content or b""
    except FetchError as error:
        if error.refusal is not Refusal.STATUS:
            raise SourceError(error.refusal, error.detail) from error
        content = b"User-agent: *\nDisallow: /" if " 5" in error.detail else b""
    rules.parse(content[:500_000].decode("utf-8", "replace").splitlines())
    return rules
