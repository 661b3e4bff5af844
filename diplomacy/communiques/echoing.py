"""Notice that a text only repeats another one, so that editors see it once; and tell the two apart again.

Everything of the repeat is kept: its bytes, its reading, its proposals with their words, and what its source said of
each field. Its proposals alone wait for nobody as long as it repeats.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, UUIDField, Value

from diplomacy.communiques.alike import fingerprint, is_mere_repeat, likeness, words_of
from diplomacy.communiques.carrying import drafts, plain
from diplomacy.communiques.echoes import Echo, Shingle
from diplomacy.communiques.models import CommuniqueVersion, Extraction, Proposal, ProposalState
from diplomacy.communiques.reconcile import refresh
from diplomacy.communiques.repeats import Repeat
from diplomacy.directory.spelling import fold
from diplomacy.visits.acts import Act

_WEEKS = dt.timedelta(days=14)  # between the publication of a text and of its repeat
_SHARED = 2  # of the shingles looked up by, that a candidate has too
_CANDIDATES = 10  # texts compared word by word, those that share most first


def notice_echo(extraction: Extraction, *, now: dt.datetime) -> Echo | None:
    """Keep by what the version just read is found, and whether it only echoes the newest version of another source's
    text: in the same words, with the same numbers, read to say the same, under the same embargo.

    The cost does not grow with what is kept: an indexed look-up, and at most ten texts to compare with.
    """
    version = extraction.version
    known = Echo.objects.filter(version=version).first()
    if known is not None:
        return known if _still_echoes(known, extraction, now=now) else None
    if version.published_on is None:
        return None
    words = words_of(version.text)
    values = fingerprint(words)
    if not values:
        return None
    candidates = _candidates(version, values)
    readings = _readings(candidates)
    found = None
    for candidate in candidates:
        theirs, reading = words_of(candidate.text), readings.get(candidate.pk)
        if reading and is_mere_repeat(theirs, words) and _said(reading) == _said(extraction.reading):
            found = Echo.objects.create(version=version, of=candidate, likeness=likeness(theirs, words), noticed_at=now)
            break
    Shingle.objects.bulk_create(
        (Shingle(version=version, value=value, day=version.published_on) for value in values), ignore_conflicts=True
    )
    return found


def _still_echoes(echo: Echo, extraction: Extraction, *, now: dt.datetime) -> bool:
    """Whether an echo that is read or dated anew still says what it echoes; where it does not, it is none any more.

    What this parser has not read yet of the other text is no difference.
    """
    if echo.ended_at is not None:
        return False
    theirs = Extraction.objects.filter(version=echo.of_id, parser_version=extraction.parser_version)
    last = theirs.order_by("made_at", "id").last()
    if last is None or _said(last.reading) == _said(extraction.reading):
        return True
    echo.ended_at = now
    echo.save(update_fields=["ended_at"])
    return False


def let_rest(extraction: Extraction) -> None:
    """Let the proposals of a repeat wait for nobody."""
    extraction.proposals.filter(state=ProposalState.WAITING).update(
        state=ProposalState.REPEATED, version=F("version") + 1
    )


def is_echo(version_id: int) -> bool:
    """Whether a version only repeats another, as far as anybody has noticed and nobody has ended it."""
    return Echo.objects.filter(version=version_id, ended_at=None).exists()


@transaction.atomic
def tell_apart(echo: Echo, act: Act) -> None:
    """End a repeat: its proposals wait for an editor, weighed against what is known by now."""
    locked = Echo.objects.select_for_update().get(pk=echo.pk)
    if locked.ended_at is not None:
        return
    locked.ended_at, locked.ended_by = act.now, act.by
    locked.save(update_fields=["ended_at", "ended_by"])
    _wake(locked.version)


@transaction.atomic
def end_replaced(version: CommuniqueVersion, *, now: dt.datetime) -> None:
    """A newer version has come of a text: what repeats an earlier one of it is no repeat of what is said now. The
    first of those repeats is shown; the others repeat that one."""
    links = Echo.objects.filter(of__communique=version.communique_id, of__number__lt=version.number, ended_at=None)
    first: dict[int, Echo] = {}
    for link in links.select_related("version").order_by("noticed_at", "id"):
        heir = first.setdefault(link.of_id, link)
        if heir is link:
            link.ended_at = now
        else:
            link.of = heir.version
        link.save(update_fields=["ended_at", "of"])
    for link in first.values():
        _wake(link.version)


@dataclass(frozen=True, slots=True)
class Also:
    """Another source that sent a text: the same bytes, or the same words as a communiqué of their own (its id)."""

    source: str
    received_at: dt.datetime
    communique_id: uuid.UUID | None


def also_received(versions: Iterable[int]) -> dict[int, tuple[Also, ...]]:
    """For each version (by id) who else sent it, as it came, in one query."""
    versions = list(versions)
    found: dict[int, list[Also]] = {}
    echoes = Echo.objects.filter(of__in=versions, ended_at=None).values_list(
        "of", "version__communique__source__name", "version__received_at", "version__communique"
    )
    repeats = Repeat.objects.filter(version__in=versions).values_list(
        "version", "source__name", "received_at", Value(None, output_field=UUIDField())
    )
    for version, source, received_at, communique in echoes.order_by().union(repeats.order_by(), all=True):
        found.setdefault(version, []).append(Also(source, received_at, communique))
    return {version: tuple(sorted(also, key=lambda one: one.received_at)) for version, also in found.items()}


def _wake(version: CommuniqueVersion) -> None:
    rested = Proposal.objects.filter(extraction__version=version, state=ProposalState.REPEATED)
    woken = list(rested.values_list("pk", flat=True))
    rested.update(state=ProposalState.WAITING, version=F("version") + 1)
    for proposal in Proposal.objects.filter(pk__in=woken).select_related("extraction__version__communique"):
        refresh(proposal)


def _candidates(version: CommuniqueVersion, values: tuple[int, ...]) -> list[CommuniqueVersion]:
    """The newest versions of other sources' texts of these weeks, as they are dated, that share most shingles with one;
    none that is an echo itself, or under another embargo."""
    assert version.published_on is not None
    weeks = (version.published_on - _WEEKS, version.published_on + _WEEKS)
    near = Shingle.objects.filter(value__in=values, day__range=weeks)
    others = near.exclude(version__communique__source=version.communique.source_id).values("version")
    shared = others.annotate(shared=Count("pk")).filter(shared__gte=_SHARED).order_by("-shared", "version")
    counted = dict(shared.values_list("version", "shared")[: 4 * _CANDIDATES])
    newer = CommuniqueVersion.objects.filter(communique=OuterRef("communique"), number__gt=OuterRef("number"))
    repeating = Echo.objects.filter(version=OuterRef("pk"), ended_at=None)
    rows = CommuniqueVersion.objects.filter(~Exists(newer), ~Exists(repeating), pk__in=counted)
    rows = rows.filter(communique__embargoed_until=version.communique.embargoed_until).defer("original")
    return sorted(rows, key=lambda one: (-counted[one.pk], one.pk))[:_CANDIDATES]


def _said(reading: dict[str, Any]) -> list[Any]:
    """The values of a reading however they are spelled: "DAKAR" beside "Dakar" is no other city."""
    return [_folded(plain(draft)) for _path, _kind, draft in drafts(reading)]


def _folded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _folded(part) for name, part in value.items()}
    if isinstance(value, list):
        parts = [_folded(part) for part in value]
        return sorted(set(parts)) if all(isinstance(part, str) for part in parts) else parts
    return fold(value) if isinstance(value, str) else value


def _readings(versions: Iterable[CommuniqueVersion]) -> dict[int, dict[str, Any]]:
    """The last reading of each, by the version's id."""
    rows = Extraction.objects.filter(version__in=list(versions)).order_by("made_at", "id")
    return dict(rows.values_list("version_id", "reading"))
