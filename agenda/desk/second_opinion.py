"""What the second opinion says of a proposal, in words for the review page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.models import Proposal
from diplomacy.visits.choices import ITEM_KINDS, ITEM_STATUSES, VISIT_KINDS, VISIT_STATUSES

_FIELDS = {
    "visitors": _("Visitors"),
    "host_country": _("Host country"),
    "host": _("Received by"),
    "at_invitation_of": _("Invited by"),
    "cities": _("Cities"),
    "visit_kind": _("Kind"),
    "kind": _("Kind"),
    "status": _("Status"),
    "start": _("First day"),
    "end": _("Last day"),
    "date": _("Day"),
    "start_time": _("From"),
    "end_time": _("Until"),
    "place": _("Venue"),
    "city": _("City"),
    "participants": _("Participants"),
}
_WORDS = dict([*VISIT_KINDS, *VISIT_STATUSES, *ITEM_KINDS, *ITEM_STATUSES])


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: the number of the item it concerns (from 1, None: the visit), and both values."""

    item: int | None
    field: str | Promise
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class OpinionOnProposal:
    """Who was asked, where they differ on this proposal, and what only they read in the text."""

    by: str
    error: str
    lines: tuple[Line, ...]
    additions: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.lines or self.additions)


def opinion_on(proposal: Proposal) -> OpinionOnProposal | None:
    """The second opinion on a proposal; None where nobody was asked."""
    opinion: dict[str, Any] | None = proposal.extraction.second_opinion
    if not opinion:
        return None
    lines, additions = [], []
    for difference in opinion["differences"]:
        path: str = difference["path"]
        if path.startswith(("second.", f"{proposal.path}.second.")):
            kind, dot, rest = str(difference["second"]).partition(" · ")
            additions.append(f"{_WORDS.get(kind, kind)}{dot}{rest}")
        elif path.startswith(f"{proposal.path}."):
            lines.append(_line(path.removeprefix(f"{proposal.path}."), difference))
    return OpinionOnProposal(opinion["by"], opinion["error"], tuple(lines), tuple(additions))


def _line(path: str, difference: dict[str, str | None]) -> Line:
    *before, field = path.split(".")
    item = int(before[1]) + 1 if before else None
    ours, theirs = (difference[side] or "" for side in ("first", "second"))
    return Line(item, _FIELDS.get(field, field), str(_WORDS.get(ours, ours)), str(_WORDS.get(theirs, theirs)))
