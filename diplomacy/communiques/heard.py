"""What stands and what was heard of it, from the rows: as the values that changes are weighed with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from diplomacy.communiques.change import Change, ChangeKind
from diplomacy.communiques.claims import Claim, FieldDecision
from diplomacy.communiques.known import somebody_of
from diplomacy.communiques.models import DECIDED, Proposal, ProposalState
from diplomacy.communiques.standing import Heard, ItemStanding, VisitStanding, decided_keys, key_of
from diplomacy.directory.zones import zone_or_none
from diplomacy.visits.facts import When
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, ItemStatus, PartOfDay, Precision, PressAccess, VisitKind, VisitStatus

# What a source said counts as said whatever became of it; only an accepted or confirmed one explains what stands.
_UNHEARD = (ProposalState.SUPERSEDED,)
_EXPLAINS = (ProposalState.ACCEPTED, ProposalState.AMENDED, ProposalState.CONFIRMING)


def standing_visit(visit: Visit) -> VisitStanding:
    """A visit as it stands, with its programme in order."""
    lines = visit.programme.select_related("item__place").prefetch_related(
        "item__participants__person__names", "item__participants__office", "item__place__names"
    )
    stops = visit.stops.select_related("place").prefetch_related("place__names")
    members = visit.members.select_related("person", "office").prefetch_related("person__names")
    return VisitStanding(
        key=str(visit.pk),
        host_country=visit.host_country_id,
        kind=VisitKind(visit.kind),
        status=VisitStatus(visit.status),
        start_on=visit.start_on,
        end_on=visit.end_on,
        cities=tuple(name for stop in stops for name in _spellings(stop.place)),
        members=tuple(somebody_of(member) for member in members),
        items=tuple(standing_item(line.item) for line in lines.order_by("position")),
    )


def standing_item(item: ProgrammeItem) -> ItemStanding:
    """An item as it stands."""
    return ItemStanding(
        key=str(item.pk),
        kind=ItemKind(item.kind),
        when=When(
            precision=Precision(item.precision),
            day=item.day,
            start_time=item.start_time,
            end_time=item.end_time,
            ends_next_day=item.ends_next_day,
            part_of_day=PartOfDay(item.part_of_day) if item.part_of_day else None,
            duration_minutes=item.duration_minutes,
        ),
        title=item.title,
        form=item.form,
        status=ItemStatus(item.status),
        venue=item.venue,
        zone=item.zone,
        cities=_spellings(item.place) if item.place else (),
        press_access=PressAccess(item.press_access),
        accreditation_until=_on_its_clock(item),
        participants=tuple(somebody_of(one) for one in item.participants.all()),
    )


def heard_of(subject: Visit | ProgrammeItem, stands: VisitStanding | ItemStanding, *, proposal: Proposal) -> Heard:
    """What was heard of a visit or item before this proposal, seen from its source. Where its very text was read and
    decided on before, that is what its source said last: a text read anew is news only where it is read otherwise.
    """
    source = proposal.extraction.version.communique.source_id
    claims = list(claims_on(subject).exclude(proposal=proposal).select_related("proposal__extraction", "source"))
    said: dict[str, list[Any]] = {}
    for claim in claims:
        if claim.proposal.state in _EXPLAINS:
            said.setdefault(claim_key(claim), []).append(claim.value)
    last = {claim_key(claim): claim.value for claim in claims if claim.source_id == source}
    last |= {
        claim_key(claim): claim.value
        for claim in claims
        if claim.proposal.state in DECIDED and _is_of_another_reading(claim.proposal, proposal)
    }
    decisions = latest_decisions(subject)
    standing = {key for key, decision in decisions.items() if not decision.is_released}
    released = decisions.keys() - standing
    return Heard(
        last=last,
        decided=(decided_keys(stands, said) | standing) - released,
        pinned=frozenset(key for key in standing if decisions[key].is_pinned),
    )


def _is_of_another_reading(one: Proposal, proposal: Proposal) -> bool:
    """Whether it was made of the same text, read another time."""
    is_same_text = one.extraction.version_id == proposal.extraction.version_id
    return is_same_text and one.extraction_id != proposal.extraction_id


def claims_on(subject: Visit | ProgrammeItem, *, with_items: bool = False) -> QuerySet[Claim]:
    """All that sources said of a visit or item, earliest first; `with_items`: of a visit's items with other visits or
    none, too.
    """
    rows = Claim.objects.filter(_of_this(subject, with_items=with_items)).exclude(proposal__state__in=_UNHEARD)
    return rows.select_related("proposal", "source").order_by("said_on", "proposal__made_at", "id")


def latest_decisions(subject: Visit | ProgrammeItem, *, with_items: bool = False) -> dict[str, FieldDecision]:
    """The decision that counts for each field that an editor settled, by its key; `with_items` as for claims."""
    rows = (
        FieldDecision.objects.filter(_of_this(subject, with_items=with_items))
        .select_related("made_by")
        .order_by("made_at", "id")
    )
    return {key_of(row.field, str(row.item_id or "")): row for row in rows}


def _of_this(subject: Visit | ProgrammeItem, *, with_items: bool) -> Q:
    if isinstance(subject, ProgrammeItem):
        return Q(item=subject)
    items = subject.programme.values("item")
    return Q(visit=subject) | Q(item__in=items) if with_items else Q(visit=subject)


def claim_key(claim: Claim) -> str:
    """The key under which a claim is weighed."""
    return key_of(claim.field, str(claim.item_id or ""))


def keep_claims(proposal: Proposal, changes: Iterable[Change]) -> None:
    """Keep what the text of a proposal says of each field, in place of what was kept of it before."""
    version = proposal.extraction.version
    said_on = version.published_on or version.received_at.date()
    Claim.objects.filter(proposal=proposal).delete()
    rows: dict[tuple[str, str], Claim] = {}
    for change in changes:
        for field, value in _said(change):
            item = change.item or (str(proposal.item_id) if proposal.is_line else "")
            rows[item, field] = Claim(
                proposal=proposal,
                source_id=version.communique.source_id,
                visit_id=proposal.visit_id,
                item_id=item or None,
                field=field[:400],
                path=change.path[:40],
                value=value,
                said_on=said_on,
            )
    Claim.objects.bulk_create(rows.values())


def _said(change: Change) -> list[tuple[str, Any]]:
    if change.kind is ChangeKind.POSTPONE:
        return list(change.says.items())
    if change.kind is ChangeKind.CANCEL_PART:
        return [("cancelled_days", change.says)]
    return [(change.field, change.says)]


def _on_its_clock(item: ProgrammeItem) -> dt.datetime | None:
    zone = zone_or_none(item.zone)
    if item.accreditation_until is None or zone is None:
        return item.accreditation_until
    return item.accreditation_until.astimezone(zone)


def _spellings(place: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys([place.name, *(name.text for name in place.names.all())]))
