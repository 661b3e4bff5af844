"""What waits at the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef

from agenda.desk.wording import proposal_title, said_in_reading
from agenda.entries.days import days_text
from diplomacy.communiques.models import Communique, CommuniqueState, Extraction, Proposal, ProposalState

SHOWN = 50
_URGENCY = (F("soonest_on").asc(nulls_last=True), "made_at", "path")
QUIET_FOR = dt.timedelta(days=7)


def queue_context(*, now: dt.datetime) -> dict[str, Any]:
    """Waiting proposals, soonest day first; communiqués that are not read (yet); and those of the last days (`now` is
    aware) in which nothing was found.
    """
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    rows = waiting.select_related("extraction__version__communique__source").order_by(*_URGENCY)[:SHOWN]
    pending = Communique.objects.exclude(state=CommuniqueState.READ).select_related("source")[:SHOWN]
    return {
        "queue": [(proposal, proposal_title(proposal), days_text(proposal.soonest_on, None)) for proposal in rows],
        "queue_count": waiting.count(),
        "pending": pending,
        "quiet": [(communique, _why(communique)) for communique in _quiet(now)],
    }


def _quiet(now: dt.datetime) -> list[Communique]:
    proposed = Proposal.objects.filter(extraction__version__communique=OuterRef("pk"))
    rows = Communique.objects.filter(state=CommuniqueState.READ, received_at__gte=now - QUIET_FOR)
    return list(rows.filter(~Exists(proposed))[:SHOWN])


def _why(communique: Communique) -> list[str]:
    extraction = Extraction.objects.filter(version__communique=communique).latest("made_at")
    return said_in_reading(extraction)


def next_waiting(after: Proposal) -> Proposal | None:
    """The proposal to open once `after` is decided: of the same text, else the most urgent."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING).exclude(pk=after.pk)
    same_text = waiting.filter(extraction_id=after.extraction_id).order_by("path").first()
    return same_text or waiting.order_by(*_URGENCY).first()


def neighbours(proposal: Proposal) -> tuple[Proposal | None, Proposal | None, Proposal | None]:
    """The waiting proposals before and after this one in the order of the queue, as far as its first page goes; and the
    one that opens once this one is decided.
    """
    rows = Proposal.objects.filter(state=ProposalState.WAITING).order_by(*_URGENCY)
    waiting = list(rows.only("pk", "extraction_id", "path")[:SHOWN])
    others = [one for one in waiting if one.pk != proposal.pk]
    same_text = [one for one in others if one.extraction_id == proposal.extraction_id]
    opens = min(same_text, key=lambda one: one.path, default=next(iter(others), None))
    at = next((number for number, one in enumerate(waiting) if one.pk == proposal.pk), None)
    if at is None:
        return None, next(iter(waiting), None), opens
    return (waiting[at - 1] if at else None), (waiting[at + 1] if at + 1 < len(waiting) else None), opens
