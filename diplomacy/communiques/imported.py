"""Rows of an imported file, whatever they tell of. The file is kept as a communiqué whose text is its rows in words;
each row is a proposal, weighed like any other.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques import review, second_eyes
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.disputes import mark_told_by
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.models import (
    IMPORT_TYPE,
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    Proposal,
    ProposalState,
    Source,
    SourceKind,
)
from diplomacy.communiques.threeway import Outcome
from diplomacy.tables import Row, RowOutcome, Verdict
from diplomacy.visits.acts import Act

_READER = "table-1"  # what the columns mean; another meaning is another number
Weighed = tuple[Verdict, list[str]]
Weigh = Callable[[Row, int, Extraction, Act], Weighed]


class RefusedError(ValueError):
    """A row that cannot be taken; says why."""


def refused_word(value: str, column: str, known: Sequence[str]) -> RefusedError:
    """A word that is none of a column's."""
    said = _("“%(value)s” is not known in the column “%(column)s”. Use one of: %(known)s.")
    return RefusedError(said % {"value": value[:40], "column": column, "known": ", ".join(known)})


@transaction.atomic
def take_rows(
    content: bytes,
    rows: Sequence[Row],
    act: Act,
    weigh: Weigh,
    *,
    filename: str,
    columns: Sequence[str],
    named_by: Sequence[str],
) -> list[RowOutcome]:
    """Take the rows of a file one after the other: `weigh` gets each with where its words begin, and says what became
    of it. A row is called by its cells of `named_by`; one that is refused holds up no other.
    """
    version = _keep_file(content, rows, act, filename=filename, columns=columns)
    extraction = Extraction.objects.create(
        version=version, parser_version=_READER, published_on=version.published_on, made_at=act.now,
        reading={"visits": [], "items": [], "warnings": [], "aliases": {}, "language": None},
    )  # fmt: skip
    outcomes, offset = [], 0
    for row in rows:
        what = " · ".join(row[column] for column in named_by if row[column])
        verdict, why = _tried(row, offset, extraction, act, weigh)
        outcomes.append(RowOutcome(row.number, verdict, what, tuple(why)))
        offset += len(_said(row, columns))
    extraction.save(update_fields=["reading"])
    mark_told_by(Proposal.objects.filter(extraction=extraction), act)
    return outcomes


def decided(proposal: Proposal, act: Act, *, drafted: Sequence[Mapping[str, Any]] = ()) -> Weighed:
    """Accept a change that contradicts no editor; the rest waits. `drafted` are the items of the proposal's draft."""
    lines = [line for line in change_lines(proposal.changes, drafted) if line.outcome != Outcome.CONFIRMED]
    why = [
        _("%(name)s: %(value)s") % {"name": line.field, "value": f"{line.stands} → {line.says} ({line.outcome_text})"}
        for line in lines
    ]
    if proposal.state == ProposalState.CONFIRMING:
        return (Verdict.KEPT if lines else Verdict.SAME), why
    contradicts = any(line.outcome is Outcome.CONFLICT for line in lines)
    subject = proposal.visit or proposal.item
    seen = subject is not None and subject.is_published
    if contradicts or (seen and second_eyes.is_wanted(proposal)):
        return Verdict.WAITS, why
    review.accept(proposal, act)
    return Verdict.CHANGED, why


def spans(row: Row, offset: int, columns: Sequence[str], fields: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The words of each cell by the field of a draft it fills: `fields` by columns, else the column's own name; an
    empty one fills none.
    """
    found = {}
    start = offset + len(f"[{row.number}]\n")
    for column in columns:
        if not row[column]:
            continue
        start += len(f"{column}: ")
        end = start + len(row[column])
        field = fields.get(column, column)
        if field:
            found[field] = [{"start": start, "end": end, "quote": row[column], "rule": "table"}]
        start = end + 1
    return found


def _tried(row: Row, offset: int, extraction: Extraction, act: Act, weigh: Weigh) -> Weighed:
    try:
        with transaction.atomic():
            return weigh(row, offset, extraction, act)
    except (RefusedError, DraftError) as error:
        return Verdict.REFUSED, [str(error)]
    except ValidationError as error:
        return Verdict.REFUSED, list(error.messages)


def _keep_file(
    content: bytes, rows: Sequence[Row], act: Act, *, filename: str, columns: Sequence[str]
) -> CommuniqueVersion:
    """The file as a communiqué whose text is its rows in words, so that each value shows what it came from."""
    source, _made = Source.objects.get_or_create(slug="import", defaults={"name": "Import", "kind": SourceKind.IMPORT})
    digest = hashlib.sha256(content).hexdigest()
    communique = Communique.objects.create(
        source=source, identity=f"{act.now.isoformat()} {uuid.uuid4()}", title=filename[:300], received_at=act.now,
        received_by=act.by, state=CommuniqueState.READ,
    )  # fmt: skip
    return CommuniqueVersion.objects.create(
        communique=communique, original=content, sha256=digest, media_type=IMPORT_TYPE, filename=filename[:200],
        resent_of=CommuniqueVersion.objects.filter(sha256=digest, resent_of=None).first(),
        text="".join(_said(row, columns) for row in rows), published_on=act.now.date(), received_at=act.now,
    )  # fmt: skip


def _said(row: Row, columns: Sequence[str]) -> str:
    cells = "".join(f"{column}: {row[column]}\n" for column in columns if row[column])
    return f"[{row.number}]\n{cells}\n"
