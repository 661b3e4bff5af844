"""How the desk calls a proposal."""

from __future__ import annotations

from diplomacy.communiques.models import Proposal, ProposalKind
from diplomacy.directory.countries import country_name
from diplomacy.visits.choices import ITEM_KINDS

_KINDS = dict(ITEM_KINDS)


def proposal_title(proposal: Proposal) -> str:
    """Who to where, or what with whom."""
    draft = proposal.decided or proposal.draft
    if proposal.kind == ProposalKind.NEW_ITEM:
        people = " – ".join(draft.get("participants") or ())
        return " · ".join(part for part in (str(_KINDS.get(draft["kind"], draft["kind"])), people) if part)
    names = ", ".join(person["name"] for person in draft.get("visitors") or ())
    return f"{names or '?'} → {country_name(draft.get('host_country') or '?')}"
