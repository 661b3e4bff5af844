"""What waits at the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from agenda.desk.wording import proposal_title
from diplomacy.communiques.models import Communique, CommuniqueState, Proposal, ProposalState

SHOWN = 50


def queue_context() -> dict[str, Any]:
    """Waiting proposals, soonest day first, and communiqués that are not read (yet), newest first."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    rows = waiting.select_related("extraction__version__communique__source").order_by(
        F("soonest_on").asc(nulls_last=True), "made_at", "path"
    )[:SHOWN]
    pending = Communique.objects.exclude(state=CommuniqueState.READ).select_related("source")[:SHOWN]
    return {
        "queue": [(proposal, proposal_title(proposal)) for proposal in rows],
        "queue_count": waiting.count(),
        "pending": pending,
    }


def next_waiting(after: Proposal) -> Proposal | None:
    """The proposal to open once `after` is decided."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING).exclude(pk=after.pk)
    same_text = waiting.filter(extraction=after.extraction).first()
    return same_text or waiting.order_by(F("soonest_on").asc(nulls_last=True), "made_at", "path").first()
