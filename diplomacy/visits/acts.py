"""Who acts, when and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from diplomacy.accounts.models import User
from diplomacy.directory.spelling import make_writable


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Handed to every writing function: `now` is aware; `by` is None for what the system does by itself."""

    now: dt.datetime
    by: User | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)
