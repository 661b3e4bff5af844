"""Have a version read, keep the reading, and propose what it says with the words it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction

from diplomacy import parsing
from diplomacy.communiques.carrying import carry_over, drafts, reading_before, says_the_same
from diplomacy.communiques.disputes import mark_told_by
from diplomacy.communiques.drafts import soonest_day
from diplomacy.communiques.echoing import end_replaced, is_echo, let_rest, notice_echo
from diplomacy.communiques.known import recognise
from diplomacy.communiques.matching import Match
from diplomacy.communiques.models import (
    NO_PROSE,
    UNDECIDED,
    CommuniqueVersion,
    Evidence,
    Extraction,
    Proposal,
    ProposalKind,
    ProposalState,
)
from diplomacy.communiques.naming import ask_about
from diplomacy.communiques.reconcile import refresh
from diplomacy.communiques.reissue import carry_on_event, compare_with_edition_before
from diplomacy.communiques.stated import as_stated
from diplomacy.directory.lexicon import lexicon
from diplomacy.documents.calendar_parts import EVENT_TYPE
from diplomacy.documents.event_text import without_clock
from diplomacy.parsing.output import as_json
from diplomacy.visits.acts import Act

_ESSENTIALS = ("visitors.0.name", "host_country", "start", "kind", "date", "start_time")


def extract(version: CommuniqueVersion, *, now: dt.datetime) -> Extraction:
    """Read a version once per parser version, date and stated language, and write its proposals; done before, it
    reads nothing again. Where another version of the parser read it so before, only what it says otherwise is proposed.

    An imported table, or another system's record, is no prose: what it proposed stays as it is.
    Raises UnreadableTextError for a text that cannot be read (the message says why).
    """
    if version.media_type in NO_PROSE:
        return version.extractions.latest("made_at")
    read_with = {
        "parser_version": parsing.PARSER_VERSION,
        "published_on": version.published_on,
        "stated_language": version.language,
    }
    known = Extraction.objects.filter(version=version, **read_with).first()
    if known is not None:
        _stand_alone(known, now=now)
        return known
    reading = read(version)
    with transaction.atomic():
        extraction, made = Extraction.objects.get_or_create(
            version=version,
            **read_with,
            defaults={"language": reading["language"] or "", "reading": reading, "made_at": now},
        )
        if made:
            _propose_what_differs(extraction, now=now)
        _stand_alone(extraction, now=now)
        mark_told_by(Proposal.objects.filter(extraction__version__communique=version.communique_id), Act(now=now))
    return extraction


def read(version: CommuniqueVersion) -> dict[str, Any]:
    """What the present parser reads in a version that has text and date, as plain JSON; nothing is kept. The times of
    an event are those that its calendar states.

    Raises UnreadableTextError.
    """
    assert version.published_on is not None
    is_event = version.media_type == EVENT_TYPE
    reading = parsing.read(
        without_clock(version.text) if is_event else version.text,
        published_on=version.published_on,
        language=version.language or None,
        lexicon=lexicon(),
    )
    return as_json(as_stated(reading, version.text) if is_event else reading)


def _propose_what_differs(extraction: Extraction, *, now: dt.datetime) -> None:
    before = reading_before(extraction.version, but=extraction.parser_version)
    carried = carry_over(before, extraction) if before else frozenset()
    if before is not None and says_the_same(before.reading, extraction.reading):
        extraction.second_opinion = before.second_opinion
        extraction.save(update_fields=["second_opinion"])
        return
    echo = notice_echo(extraction, now=now)
    propose(extraction, now=now, but=carried)
    if echo is not None:
        let_rest(extraction)
        return
    if extraction.version.media_type == EVENT_TYPE:
        carry_on_event(extraction)
    else:
        compare_with_edition_before(extraction, now=now)
    ask_about(extraction)


def propose(extraction: Extraction, *, now: dt.datetime, but: Collection[str] = ()) -> None:
    """One proposal for each visit and each item without a visit that the reading holds: something new, or a change to
    what is known. The paths of `but` have theirs.
    """
    known = recognise(extraction.reading, communique=str(extraction.version.communique_id))
    for path, kind, draft in drafts(extraction.reading):
        if path in but:
            continue
        propose_one(extraction, path, kind, draft, known.get(path), now=now)


def propose_one(
    extraction: Extraction,
    path: str,
    kind: ProposalKind,
    draft: dict[str, Any],
    match: Match | None,
    *,
    now: dt.datetime,
) -> Proposal:
    """A proposal of a draft: a change to what it was matched to, else something new (`kind`)."""
    is_visit = kind is ProposalKind.NEW_VISIT
    made = Proposal.objects.create(
        extraction=extraction,
        path=path,
        kind=kind if match is None else ProposalKind.CHANGE_VISIT if is_visit else ProposalKind.CHANGE_ITEM,
        draft=draft,
        confidence=overall_confidence(draft),
        soonest_on=soonest_day(draft),
        visit_id=match.key if match and is_visit else None,
        item_id=match.key if match and not is_visit else None,
        match_reason=",".join(match.reasons) if match else "",
        match_score=match.score if match else None,
        made_at=now,
    )
    Evidence.objects.bulk_create(_evidence(made, draft), ignore_conflicts=True)
    proposal = Proposal.objects.select_related("extraction__version__communique").get(pk=made.pk)
    refresh(proposal)
    return proposal


def overall_confidence(draft: dict[str, Any]) -> float:
    """The lowest confidence of who, what, where and when in a draft; 0 where none is said."""
    stated = draft.get("confidence") or {}
    return min((float(stated[name]) for name in _ESSENTIALS if name in stated), default=0.0)


def _evidence(proposal: Proposal, draft: dict[str, Any]) -> Iterator[Evidence]:
    yield from _evidence_of(proposal, draft, "")
    for number, item in enumerate(draft.get("items") or ()):
        yield from _evidence_of(proposal, item, f"items.{number}.")


def _evidence_of(proposal: Proposal, draft: dict[str, Any], prefix: str) -> Iterator[Evidence]:
    confidence = draft.get("confidence") or {}
    for field, spans in (draft.get("evidence_spans") or {}).items():
        for span in spans:
            yield Evidence(
                proposal=proposal,
                field=f"{prefix}{field}"[:80],
                start=span["start"],
                end=span["end"],
                quote=span["quote"],
                rule=span["rule"][:80],
                confidence=confidence.get(field),
            )


@transaction.atomic
def _stand_alone(extraction: Extraction, *, now: dt.datetime) -> None:
    """Let of all readings of a communiqué just the one of its newest version, as dated now, wait for an editor: an
    earlier version that is read late waits no more, and a date corrected back calls its proposals back, but not the
    lines that a later edition has taken over.
    """
    communique = extraction.version.communique
    of_this = Proposal.objects.filter(extraction__version__communique=communique)
    if extraction.version_id == communique.latest.pk:
        back = of_this.filter(extraction=extraction, state=ProposalState.SUPERSEDED)
        back = back.exclude(listed_next__now__isnull=False)
        called_back = list(back.values_list("pk", flat=True))
        rests = is_echo(extraction.version_id)
        back.update(state=ProposalState.REPEATED if rests else ProposalState.WAITING)
        end_replaced(extraction.version, now=now)
        of_this = of_this.exclude(extraction=extraction)
    else:
        called_back = []
        of_this = of_this.filter(extraction=extraction)
    of_this.filter(state__in=UNDECIDED).update(state=ProposalState.SUPERSEDED)
    for proposal in Proposal.objects.filter(pk__in=called_back).select_related("extraction__version__communique"):
        refresh(proposal)
