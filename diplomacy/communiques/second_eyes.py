"""The second pair of eyes: where it is wanted, whoever accepted a proposal is not who shows it to readers."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from diplomacy.accounts.models import User
from diplomacy.communiques.models import Proposal, ProposalState
from diplomacy.visits.models import ProgrammeItem, Visit

_ACCEPTED = (ProposalState.ACCEPTED, ProposalState.AMENDED)


class SameEyesError(ValueError):
    """Raised where somebody would publish what they accepted themselves; says who may."""


def is_wanted(proposal: Proposal) -> bool:
    """Whether two people decide on this proposal: by the settings, or by its source."""
    return bool(settings.AGENDA_SECOND_EYES) or proposal.extraction.version.communique.source.needs_second_eyes


def check_publishing(subject: Visit | ProgrammeItem, by: User | None) -> None:
    """Raise SameEyesError where `by` accepted something of the subject that readers have not seen yet, and a second
    pair of eyes is wanted for it. Nobody (the system) accepted nothing.
    """
    if by is None:
        return
    about = Q(visit=subject) if isinstance(subject, Visit) else Q(item=subject) | Q(visit__items=subject)
    rows = Proposal.objects.filter(about, state__in=_ACCEPTED, decided_by=by)
    if subject.revised_at is not None and subject.is_published:
        rows = rows.filter(decided_at__gt=subject.revised_at)
    if not settings.AGENDA_SECOND_EYES:
        rows = rows.filter(extraction__version__communique__source__needs_second_eyes=True)
    if rows.exists():
        raise SameEyesError(
            _("You accepted this yourself, and here a second person publishes: ask a colleague to press “Publish”.")
        )
