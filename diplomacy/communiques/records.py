"""Visits that another system hands in by its own ids. A record is a source like any other: it is matched to what is
known and weighed three ways, field by field.

Whoever may publish has what contradicts no editor applied at once; what an editor decided, and all that may be
somebody's question, waits in the queue. Everybody else's records wait there whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from diplomacy.accounts.remit import Concerned, Concerning
from diplomacy.communiques import review, second_eyes
from diplomacy.communiques.disputes import mark_told_by
from diplomacy.communiques.drafts import DraftError, countries_in
from diplomacy.communiques.extraction import propose_one
from diplomacy.communiques.known import look_alikes, recognise
from diplomacy.communiques.matching import Match, Reason
from diplomacy.communiques.models import (
    DECIDED,
    RECORD_TYPE,
    UNDECIDED,
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    Proposal,
    ProposalKind,
    ProposalState,
    Source,
)
from diplomacy.communiques.reconcile import changes_of, refresh, told_by
from diplomacy.communiques.seen import visit_told
from diplomacy.communiques.threeway import Outcome
from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitKind, VisitStatus

_READER = "record-1"  # what the fields mean; another meaning is another number
_WHOLE, _REST = "visits.0", "visits.0.rest"  # `rest`: what an editor decided otherwise


class Verdict(StrEnum):
    """What became of a value. KEPT: it was weighed before, or an editor holds the field fast."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    SAME = "same"
    KEPT = "kept"


class RecordError(ValueError):
    """Raised for a record that cannot be taken; `field` names where in it."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldVerdict:
    """What became of one field; `path` leads to it in the record ("start", "items.2"), `stands` and `says` are JSON."""

    path: str
    field: str
    verdict: Verdict
    stands: Any
    says: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """What became of a record: its visit (None as long as nobody accepted it), and what waits for an editor."""

    version: int
    visit: Visit | None
    is_new: bool
    waiting: tuple[Proposal, ...]
    fields: tuple[FieldVerdict, ...]


def take_record(
    source: Source,
    identity: str,
    draft: dict[str, Any],
    act: Act,
    *,
    may_publish: Callable[[Concerning], bool],
    check: Callable[[Communique | None], None] | None = None,
    authenticity: str = "",
) -> RecordOutcome:
    """Take what a system says of the visit it knows as `identity`; said again it changes nothing. `draft` has the shape
    of a reading's visit, without words. What contradicts no editor is applied at once where `may_publish` says yes to
    the countries of the draft and to the visit that it was found to speak of; `authenticity` is as `authenticity.py`
    notes it. `check` gets what is known under the identity while nobody else can add to it, and raises what it likes.

    Raises RecordError for what cannot stand.
    """
    try:
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source.pk)
            if check is not None:
                check(known_record(source, identity))
            return _take(source, identity, draft, act, may_publish=may_publish, authenticity=authenticity)
    except DraftError as error:
        raise RecordError(str(error)) from error
    except ValidationError as error:
        raise RecordError(" ".join(error.messages)) from error


def known_record(source: Source, identity: str) -> Communique | None:
    """What a system said under an id; None for nothing."""
    return Communique.objects.filter(source=source, identity=identity).first()


def visit_of(communique: Communique) -> Visit | None:
    """The visit that a record was found to speak of, or made."""
    told = Proposal.objects.filter(extraction__version__communique=communique, visit__isnull=False)
    told = told.exclude(state=ProposalState.REJECTED)
    last = told.select_related("visit__merged_into").order_by("-extraction__version__number", "-made_at").first()
    visit = last.visit if last is not None else None
    while visit is not None and visit.merged_into is not None:
        visit = visit.merged_into
    return visit


def _take(
    source: Source,
    identity: str,
    draft: dict[str, Any],
    act: Act,
    *,
    may_publish: Callable[[Concerning], bool],
    authenticity: str,
) -> RecordOutcome:
    told_by(draft, is_line=False)  # what cannot stand is refused before anything is made of it
    communique, extraction, is_repeat = _kept(source, identity, draft, act, authenticity=authenticity)
    known = visit_of(communique)
    if known is not None and known.host_country_id != draft["host_country"]:
        said = _("This visit goes to %(stands)s, not to %(said)s: another host is another visit.")
        raise RecordError(said % {"stands": known.host_country_id, "said": draft["host_country"]}, "host_country")
    if is_repeat:
        proposals = list(extraction.proposals.select_related("extraction__version__communique__source", "visit"))
    else:
        proposals = [_proposed(extraction, _WHOLE, known, act)]
    waiting = next((one for one in proposals if one.state == ProposalState.WAITING), None)
    if waiting is not None and waiting.path == _WHOLE and _is_free(waiting, known, may_publish):
        proposals = _applied(waiting, act)
    elif is_repeat:
        return _outcome(communique, proposals, list(_standing(proposals)), is_new=False)
    mark_told_by(proposals, act)
    return _outcome(communique, proposals, list(_verdicts(proposals)), is_new=known is None)


def _is_free(proposal: Proposal, known: Visit | None, may_publish: Callable[[Concerning], bool]) -> bool:
    """Whether nobody need look first. Asked of what is said and of the visit by itself: who may publish one may yet
    only propose the other, and which visit it is shows here, not before.
    """
    if second_eyes.is_wanted(proposal):
        return False
    visits = {proposal.visit, known}
    return all(may_publish(one) for one in (Concerned(countries_in(proposal.draft)), *visits) if one is not None)


def _kept(
    source: Source, identity: str, draft: dict[str, Any], act: Act, *, authenticity: str
) -> tuple[Communique, Extraction, bool]:
    """The record as a version of a communiqué whose text is its fields in words; whether it said so before."""
    original = json.dumps(draft, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(original).hexdigest()
    title = " · ".join(str(one) for one in (draft["visitors"][0]["name"], draft["host_country"], draft["start"]) if one)
    communique, _made = Communique.objects.get_or_create(
        source=source, identity=identity,
        defaults={"title": title[:300], "received_at": act.now, "received_by": act.by, "state": CommuniqueState.READ},
    )  # fmt: skip
    latest = communique.versions.order_by("-number").first()
    if latest is not None and latest.sha256 == digest:
        return communique, latest.extractions.latest("made_at"), True
    said, text = with_words(draft)
    version = CommuniqueVersion.objects.create(
        communique=communique, number=latest.number + 1 if latest else 1, original=original, sha256=digest,
        resent_of=CommuniqueVersion.objects.filter(sha256=digest, resent_of=None).first(), media_type=RECORD_TYPE,
        filename="visit.json", text=text, published_on=act.now.date(), received_at=act.now,
        authenticity=authenticity,
    )  # fmt: skip
    before = Proposal.objects.filter(extraction__version__communique=communique, state__in=UNDECIDED)
    before.update(state=ProposalState.SUPERSEDED)
    extraction = Extraction.objects.create(
        version=version, parser_version=_READER, published_on=version.published_on, made_at=act.now,
        reading={"visits": [said], "items": [], "warnings": [], "aliases": {}, "language": None},
    )  # fmt: skip
    return communique, extraction, False


def with_words(draft: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The draft with the words each value came from, and the text they stand in: one line a field."""
    text = ""

    def spans(values: Iterator[tuple[str, str]], prefix: str = "") -> dict[str, Any]:
        nonlocal text
        found: dict[str, Any] = {}
        for field, value in values:
            text += f"{prefix}{field}: "
            span = {"start": len(text), "end": len(text) + len(value), "quote": value, "rule": "record"}
            text += f"{value}\n"
            found.setdefault(field, []).append(span)
        return {"evidence_spans": found, "confidence": dict.fromkeys(found, 1.0)}

    own = spans(_said({name: value for name, value in draft.items() if name != "items"}))
    items = [{**item, **spans(_said(item), f"items.{n}.")} for n, item in enumerate(draft["items"])]
    return {**draft, "items": items, **own}, text


def _said(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that say something, by the paths of a reading ("visitors.0.name")."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{part}", said) for part, said in _said(value))
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, dict):
                    yield from ((f"{name}.{number}.{part}", said) for part, said in _said(one))
                else:
                    yield f"{name}.{number}", str(one)
        elif value not in (None, "", VisitKind.UNSPECIFIED.value) and name not in ("order", "precision"):
            yield name, str(value)


def _proposed(extraction: Extraction, path: str, known: Visit | None, act: Act) -> Proposal:
    (draft,) = extraction.reading["visits"]
    if known is not None:
        match: Match | None = Match(key=str(known.pk), score=1.0, reasons=(Reason.NAMED,))
    else:
        match = recognise(extraction.reading, communique=str(extraction.version.communique_id)).get(_WHOLE)
    return propose_one(extraction, path, ProposalKind.NEW_VISIT, draft, match, now=act.now)


def _applied(proposal: Proposal, act: Act) -> list[Proposal]:
    """Apply what speaks against no editor; the proposals that come of it."""
    extraction, draft = proposal.extraction, proposal.draft
    if proposal.visit is None:
        alike = [visit for visit, _match in look_alikes(visit_told("", draft))]
        if any(visit.publication != Publication.WITHDRAWN for visit in alike):
            return [proposal]  # whether it is another is an editor's question
        return [review.accept(proposal, act, publish=True)]
    changes = changes_of(proposal, told_by(draft, is_line=False))
    against = [change for change in changes if change.outcome is Outcome.CONFLICT]
    if not against:
        return [review.accept(proposal, act)]
    proposal.draft = without(draft, [change.path for change in against])
    refresh(proposal)
    outcomes = {change["outcome"] for change in proposal.changes}
    if Outcome.CONFLICT in outcomes or Outcome.CHANGE not in outcomes:
        proposal.draft = draft
        proposal.save(update_fields=["draft"])
        refresh(proposal)
        return [proposal]
    proposal.save(update_fields=["draft"])
    _leave_words(proposal, [change.path for change in against])
    accepted = review.accept(proposal, act)
    return [accepted, _proposed(extraction, _REST, accepted.visit, act)]


def _leave_words(proposal: Proposal, paths: list[str]) -> None:
    """The words of these paths are the other proposal's alone: they wait with it."""
    for path in paths:
        proposal.evidence.filter(Q(field=path) | Q(field__startswith=f"{path}.")).delete()


def without(draft: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """The draft as if nothing were said at these paths; an item goes whole, the others keep their numbers."""
    empty = {
        "status": VisitStatus.ANNOUNCED.value,
        "visit_kind": VisitKind.UNSPECIFIED.value,
        "start": None,
        "end": None,
    }
    items = [
        {**item, "number_read": number} for number, item in enumerate(draft["items"]) if f"items.{number}" not in paths
    ]
    return {**draft, "items": items, **{name: value for name, value in empty.items() if name in paths}}


def _outcome(
    communique: Communique, proposals: list[Proposal], verdicts: list[FieldVerdict], *, is_new: bool
) -> RecordOutcome:
    visit = next((one.visit for one in proposals if one.visit is not None), None)
    return RecordOutcome(
        version=communique.versions.count(),
        visit=visit,
        is_new=is_new and any(one.kind == ProposalKind.NEW_VISIT for one in proposals),
        waiting=tuple(one for one in proposals if one.state == ProposalState.WAITING),
        fields=tuple({(one.path, one.field): one for one in reversed(verdicts)}.values())[::-1],
    )


def _verdicts(proposals: list[Proposal]) -> Iterator[FieldVerdict]:
    """What became of each field that a record says; first what was applied, then what is left of the rest."""
    for proposal in proposals:
        yield from _new(proposal) if proposal.kind == ProposalKind.NEW_VISIT else _weighed(proposal)


def _standing(proposals: list[Proposal]) -> Iterator[FieldVerdict]:
    """The same for what was said before: what waits, and of the rest whether it still stands."""
    for proposal in sorted(proposals, key=lambda one: one.state != ProposalState.WAITING):
        if proposal.state == ProposalState.WAITING or proposal.visit is None:
            yield from _verdicts([proposal])
            continue
        for change in changes_of(proposal, told_by(proposal.draft, is_line=False)):
            verdict = Verdict.SAME if change.outcome is Outcome.CONFIRMED else Verdict.KEPT
            yield FieldVerdict(
                path=change.path, field=change.field, verdict=verdict, stands=change.stands, says=change.says
            )


def _new(proposal: Proposal) -> Iterator[FieldVerdict]:
    verdict = {ProposalState.WAITING: Verdict.PROPOSED, ProposalState.REJECTED: Verdict.KEPT}.get(
        ProposalState(proposal.state), Verdict.APPLIED
    )
    draft = proposal.draft
    for name, value in draft.items():
        if name in ("evidence_spans", "confidence", "items") or value in (None, "", [], VisitKind.UNSPECIFIED.value):
            continue
        yield FieldVerdict(path=name, field=name, verdict=verdict, stands=None, says=value)
    for number, item in enumerate(draft["items"]):
        says = {name: value for name, value in item.items() if name not in ("evidence_spans", "confidence")}
        yield FieldVerdict(path=f"items.{number}", field="item", verdict=verdict, stands=None, says=says)


def _weighed(proposal: Proposal) -> Iterator[FieldVerdict]:
    is_decided = proposal.state in DECIDED
    for change in proposal.changes:
        if change["outcome"] == Outcome.CONFIRMED:
            verdict = Verdict.SAME
        elif change["outcome"] == Outcome.KEPT or (is_decided and not change.get("taken")):
            verdict = Verdict.KEPT
        else:
            verdict = Verdict.APPLIED if is_decided else Verdict.PROPOSED
        field = change["key"].rpartition("/")[2]
        yield FieldVerdict(
            path=change["path"], field=field, verdict=verdict, stands=change["stands"], says=change["says"]
        )
