"""What looking into a source came to, and what it may use."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

from diplomacy.communiques.intake import Arrival, Receipt, RefusedError, receive
from diplomacy.communiques.models import Source
from diplomacy.fetching import Fetcher

Memory = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tools:
    """What channels reach the world with. `pace` waits until a host may be asked again, so many seconds (`patience`) at
    most, and raises BusyError where that is not enough; `mailbox` gives the
    address of a named mailbox, with its password, and nothing for a name that is unknown; folders lie in `inbox`."""

    fetcher: Fetcher
    pace: Callable[[str, float], None]
    mailbox: Callable[[str], str]
    inbox: Path
    patience: float = math.inf
    robots: dict[str, RobotFileParser] = field(default_factory=dict)  # by address, for one look


@dataclass(slots=True)
class Outcome:
    """How many arrivals were new and how many known, and a line for each that was refused."""

    received: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)
    memory: Memory = field(default_factory=dict)

    def take(self, arrival: Arrival, source: Source, *, called: str) -> Receipt | None:
        """Receive an arrival and count it; None where it was refused, which is noted under the name it is called by."""
        try:
            receipt = receive(arrival, source)
        except RefusedError as error:
            self.refused.append(f"{called}: {error}"[:300])
            return None
        if receipt.is_repeat:
            self.known += 1
        else:
            self.received += 1
        return receipt


class SourceError(RuntimeError):
    """Raised where a source cannot be looked into at all. `code` is kept, `wording.said_of_source` makes a sentence of
    it; `detail` names the host, the folder or the status."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class BusyError(SourceError):
    """Raised where somebody waits and it would take too long; in `wait` seconds it may be tried again."""

    def __init__(self, detail: str = "", *, wait: int) -> None:
        super().__init__("busy", detail)
        self.wait = wait
