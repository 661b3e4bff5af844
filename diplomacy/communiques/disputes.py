"""What sources disagree on: each field with its values and quotes for the desk, and the mark that readers see.

Readers are told of a dispute as far as they may know of it: what is under embargo, what an editor has not seen and
nobody vouches for (an unproven sender, a doubtful reading), marks nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from diplomacy.communiques.change import Change, ChangeKind, from_json
from diplomacy.communiques.claims import Claim
from diplomacy.communiques.heard import claim_key, claims_on, latest_decisions
from diplomacy.communiques.ledger import DISPUTABLE, Contradiction, Ruling, Said, contradictions, parts_of
from diplomacy.communiques.models import DECIDED, Evidence, Proposal, ProposalState, SourceKind
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import VisitStatus

FACT_FROM = 0.5  # a value read with less confidence is shown as a question
_DUE_WITHIN = dt.timedelta(days=2)  # as long as nobody may have looked at the clock

Subject = Visit | ProgrammeItem


def contradictions_of(subject: Subject) -> tuple[Contradiction, ...]:
    """Where sources disagree on a visit (its items included) or an item, each value with its quotes."""
    claims = list(claims_on(subject).select_related("proposal__extraction", "proposal__decided_by"))
    return _contradictions(subject, claims, _quotes(claims))


def disputed_fields(subject: Subject) -> frozenset[str]:
    """The keys of the fields on which sources disagree and no editor has ruled: "start", or "<item>/when"."""
    return frozenset(one.key for one in contradictions_of(subject) if one.is_disputed)


def mark(subject: Subject, act: Act) -> None:
    """Say of a visit and its items, or of an item, what readers may know to be disputed: a published change where it
    is another than before.
    """
    marks: dict[str, set[str]] = {}
    heard = claims_on(subject, with_items=True).select_related(*_VOUCHED)
    claims = [claim for claim in heard if _may_be_told(claim, act.now)]
    for one in _contradictions(subject, claims, {}):
        if one.is_disputed:
            marks.setdefault(one.key.rpartition("/")[0], set()).update(parts_of(one))
    items = ProgrammeItem.objects.filter(visits=subject) if isinstance(subject, Visit) else [subject]
    for item in items:
        publication.mark_disputed(item, marks.get(str(item.pk), ()), act)
    if isinstance(subject, Visit):
        publication.mark_disputed(subject, marks.get("", ()), act)


def mark_told_by(proposals: Iterable[Proposal], act: Act) -> None:
    """Mark what these proposals speak of: as after each act on them."""
    proposals = list(proposals)
    for visit in Visit.objects.filter(proposals__in=proposals).distinct():
        mark(visit, act)
    for item in ProgrammeItem.objects.filter(proposals__in=proposals).distinct():
        mark(item, act)


def mark_due(now: dt.datetime) -> None:
    """Mark what readers may know since an embargo ended by the clock."""
    ended = {"extraction__version__communique__embargoed_until__range": (now - _DUE_WITHIN, now)}
    mark_told_by(Proposal.objects.filter(claims__field__in=DISPUTABLE, **ended).distinct(), Act(now=now))


_VOUCHED = ("proposal__extraction__version__communique__source", "proposal__decided_by")


def _may_be_told(claim: Claim, now: dt.datetime) -> bool:
    """Whether readers may know that the claim was made."""
    proposal = claim.proposal
    communique = proposal.extraction.version.communique
    if communique.embargoed_until is not None and communique.embargoed_until > now:
        return False
    if proposal.state not in (ProposalState.WAITING, ProposalState.REPEATED):
        return True
    is_proven = communique.source.kind != SourceKind.MAILBOX or bool(communique.proven_domain)
    return is_proven and proposal.confidence >= FACT_FROM


def _contradictions(
    subject: Subject, claims: Sequence[Claim], quotes: dict[int, tuple[str, ...]]
) -> tuple[Contradiction, ...]:
    said = [
        Said(
            key=claim_key(claim),
            value=claim.value,
            source=claim.source.name,
            said_on=claim.said_on,
            made_at=claim.proposal.made_at,
            quotes=quotes.get(claim.pk, ()),
            trust=claim.source.trust,
        )
        for claim in claims
    ]
    accepted = (ProposalState.ACCEPTED, ProposalState.AMENDED)
    put_off = [
        claim.proposal.made_at
        for claim in claims
        if claim.field == "status" and claim.value == VisitStatus.POSTPONED and claim.proposal.state in accepted
    ]
    return contradictions(said, _rulings(subject, claims), postponed_at=max(put_off, default=None))


def _rulings(subject: Subject, claims: Iterable[Claim]) -> dict[str, Ruling]:
    """The editor's last word on each field: settled by itself, or taken or rejected with a proposal."""
    settled = latest_decisions(subject, with_items=True)
    found = [
        (key, Ruling(value=row.value, reason=row.reason, made_at=row.made_at, by=str(row.made_by or "")))
        for key, row in settled.items()
        if not row.is_released
    ]
    decided = {claim.proposal_id: claim.proposal for claim in claims if claim.proposal.state in DECIDED}
    released = {key: row.made_at for key, row in settled.items() if row.is_released}
    for proposal in decided.values():
        item = str(proposal.item_id) if proposal.is_line else ""
        for key, ruling in _ruled_with(proposal, item):
            if key not in released or ruling.made_at > released[key]:
                found.append((key, ruling))
    return dict(sorted(found, key=lambda pair: pair[1].made_at))


def _ruled_with(proposal: Proposal, item: str) -> Iterator[tuple[str, Ruling]]:
    """What the decision on a proposal said of fields: a change that was taken, or all of them rejected."""
    assert proposal.decided_at is not None  # a database constraint
    is_rejected = proposal.state == ProposalState.REJECTED
    for kept in proposal.changes:
        change = from_json(kept)
        if not (change.is_work if is_rejected else kept.get("taken")):
            continue
        for name, value in _values(change, stands=is_rejected):
            yield (
                f"{item}/{name}" if item and "/" not in name else name,
                Ruling(
                    value=value, reason=proposal.reason, made_at=proposal.decided_at, by=str(proposal.decided_by or "")
                ),
            )


def _values(change: Change, *, stands: bool) -> Iterator[tuple[str, object]]:
    value = change.stands if stands else change.says
    if change.kind is ChangeKind.POSTPONE:
        yield from ((name, value.get(name)) for name in change.says)
    elif change.field in DISPUTABLE:
        yield change.key, value


# The fields of a draft whose words stand for a claim's, where they are not called alike.
_WORDS = {"when": ("date", "start_time", "end_time", "part_of_day", "duration_minutes"), "venue": ("place",)}


def _quotes(claims: Iterable[Claim]) -> dict[int, tuple[str, ...]]:
    """The quoted words of each claim, by its number."""
    claims = list(claims)
    rows = Evidence.objects.filter(proposal__in={claim.proposal_id for claim in claims})
    by_field: dict[tuple[object, str], list[str]] = {}
    for proposal, field, quote in rows.values_list("proposal_id", "field", "quote"):
        by_field.setdefault((proposal, field), []).append(quote)
    return {
        claim.pk: tuple(
            dict.fromkeys(q for field in _fields(claim) for q in by_field.get((claim.proposal_id, field), ()))
        )
        for claim in claims
    }


def _fields(claim: Claim) -> list[str]:
    if claim.item_id is None:
        return [claim.path]
    prefix = "" if claim.proposal.is_line else f"{claim.path}."
    return [f"{prefix}{name}" for name in _WORDS.get(claim.field, (claim.field,))]
