"""Publish what a source's rule lets through, and take such an act back.

A rule decides on what nobody has decided: on something new, or on what rules alone made. Everything doubtful stays for
an editor: a text that is not proven to be the source's, a value less certain than the rule wants, a name that is still
a question, a warning on the visit, a contradiction, and what an editor rejected or revoked before.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from diplomacy.accounts.models import User
from diplomacy.communiques import authenticity, review, second_eyes, undo
from diplomacy.communiques.checking import warnings_on
from diplomacy.communiques.claims import FieldDecision
from diplomacy.communiques.drafts import DraftError, people_on
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import DECIDED, Extraction, Proposal, ProposalState
from diplomacy.communiques.rules import PublishingRule, RuledAct
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.questions import Answer, NameQuestion
from diplomacy.directory.spelling import fold
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Revision


class _LeftError(Exception):
    """The proposal stays for an editor."""


def publish_by_rule(extraction: Extraction, *, now: dt.datetime) -> list[RuledAct]:
    """Publish what the rule of its source lets through of a reading just made; returns what was done."""
    rule = _rule_of(extraction)
    if rule is None:
        return []
    waiting = extraction.proposals.filter(state=ProposalState.WAITING, kind__in=rule.kinds, ruled=None)
    acts = [_publish(proposal, rule, now) for proposal in waiting.select_related("visit", "item")]
    return [act for act in acts if act is not None]


@transaction.atomic
def revoke(ruled: RuledAct, act: Act) -> None:
    """Take an act of a rule back: the proposal waits for an editor, readers are told that it is gone.

    Raises UndoError where something else was changed since.
    """
    undo.undo(ruled.proposal, ruled.before, act)
    ruled.revoked_at, ruled.revoked_by = act.now, act.by
    ruled.save(update_fields=["revoked_at", "revoked_by"])


def _rule_of(extraction: Extraction) -> PublishingRule | None:
    """The rule that holds for a reading; None where none is on, or the text is not proven to be the source's.

    Only the first reading of the newest version counts: one read anew, or dated anew, is an editor's.
    """
    version, source = extraction.version, extraction.version.communique.source
    rule = PublishingRule.objects.filter(source=source, is_on=True).first() if settings.AGENDA_AUTO_PUBLISH else None
    if rule is None or settings.AGENDA_SECOND_EYES or source.needs_second_eyes:
        return None
    if version.pk != version.communique.latest.pk or version.extractions.exclude(pk=extraction.pk).exists():
        return None
    proven = authenticity.is_authentic(version.authenticity, source.kind, rule.hosts)
    return rule if proven and _may_publish(version.authenticity) else None


def _may_publish(noted: str) -> bool:
    """Whoever's token it was may publish themselves: no rule lends a contributor an editor's rights."""
    holder = authenticity.user_of(noted)
    user = User.objects.filter(pk=holder, is_active=True).first() if holder is not None else None
    return holder is None or (user is not None and user.has_perm("diplomacy.publish_visit"))


def _publish(proposal: Proposal, rule: PublishingRule, now: dt.datetime) -> RuledAct | None:
    if least_confidence(proposal) < rule.least_confidence or not is_free(proposal):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Published by the rule of the source “%(source)s”.") % {"source": rule.source}
    act = Act(now=now, reason=reason[:500])
    try:
        with transaction.atomic():
            before = undo.standing(proposal)
            proposal = review.accept(proposal, act)
            if proposal.visit is not None:
                if warnings_on(proposal.visit):
                    raise _LeftError
                publication.publish(proposal.visit, act)
            elif proposal.item is not None:
                publication.publish_item(proposal.item, act)
            sealed = undo.seal(before, proposal)
            return RuledAct.objects.create(proposal=proposal, source=rule.source, before=sealed, made_at=now)
    except (_LeftError, DraftError, ValidationError, review.DecidedError):
        return None


def least_confidence(proposal: Proposal) -> float:
    """The confidence of the least certain value of a proposal, its items' included; 0 where none is said."""
    parts = [proposal.draft, *(proposal.draft.get("items") or ())]
    stated = [float(value) for part in parts for value in (part.get("confidence") or {}).values()]
    return min(stated, default=0.0)


def is_free(proposal: Proposal) -> bool:
    """Whether no editor has decided on it, or on the like of it."""
    return not (_was_refused(proposal) or _names_are_asked(proposal)) and (
        (proposal.visit is None and proposal.item is None) or _is_of_rules_alone(proposal)
    )


def _was_refused(proposal: Proposal) -> bool:
    """Whether an editor put aside, or took back, an earlier version of the text, or the like of it from anywhere: of
    the same day, with the same host or of the same kind.
    """
    draft, like = proposal.draft, Q(extraction__version__communique=proposal.extraction.version.communique_id)
    same = (
        {"draft__kind": draft.get("kind")} if proposal.is_line else {"draft__host_country": draft.get("host_country")}
    )
    like |= Q(soonest_on=proposal.soonest_on, **same)
    refused = Q(state=ProposalState.REJECTED) | Q(ruled__revoked_at__isnull=False)
    return Proposal.objects.filter(like, refused).exclude(pk=proposal.pk).exists()


def _names_are_asked(proposal: Proposal) -> bool:
    """Whether it is still a question to an editor whom it names."""
    draft = proposal.draft
    names = [somebody.name or somebody.title for somebody in people_on(draft)]
    for part in (draft, *(draft.get("items") or ())):
        names += [name for name in part.get("participants") or () if isinstance(name, str)]
    return NameQuestion.objects.filter(answer=Answer.OPEN, folded__in=[fold(name) for name in names]).exists()


def _listed(proposal: Proposal) -> QuerySet[EditionLine]:
    """Where agendas list what it would change."""
    of_visit = EditionLine.objects.filter(item__visits=proposal.visit)
    return of_visit if proposal.visit is not None else EditionLine.objects.filter(item=proposal.item)


def _is_of_rules_alone(proposal: Proposal) -> bool:
    """Whether rules alone made what it would change: no editor accepted, corrected, settled, published or withdrew
    anything of it. And nothing contradicts what stands.
    """
    if proposal.visit is not None:
        of_it, of_revision = Q(visit=proposal.visit), Q(visit=proposal.visit) | Q(item__visits=proposal.visit)
    else:
        of_it = of_revision = Q(item=proposal.item)
    decided = Proposal.objects.filter(of_it, state__in=DECIDED)
    return (
        decided.exists()
        and not decided.filter(Q(ruled=None) | Q(decided_by__isnull=False)).exists()
        and not Revision.objects.filter(of_revision, made_by__isnull=False).exists()
        and not FieldDecision.objects.filter(of_revision).exists()
        and not _listed(proposal).filter(resolved_by__isnull=False).exists()
        and all(change["outcome"] != Outcome.CONFLICT for change in proposal.changes)
        and not second_eyes.is_wanted(proposal)
    )
