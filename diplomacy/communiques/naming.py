"""Questions about the names that a text writes, and what follows from an editor's answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from diplomacy.communiques.drafts import people_on
from diplomacy.communiques.mentions import NameMention
from diplomacy.communiques.models import Extraction, Proposal
from diplomacy.directory import asking
from diplomacy.directory.merging import MergePeopleError
from diplomacy.directory.models import Country, Office, Person
from diplomacy.directory.questions import Answer, NameQuestion, PersonMerge, QuestionKind
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody
from diplomacy.vocabulary import Side

Span = tuple[int, int]
# The fields of a draft whose words name somebody of a side.
_FIELDS = {Side.VISITING: ("visitors.", "delegation."), Side.HOST: ("host.", "at_invitation_of")}


def ask_about(extraction: Extraction) -> list[NameQuestion]:
    """The open questions about whom a reading names: spellings like those known, offices without a holder. Each is
    tied to the proposals whose text raises it.
    """
    asked: dict[tuple[str, str, str], NameQuestion | None] = {}
    for proposal in extraction.proposals.filter(path__startswith="visits.").order_by("pk"):
        for somebody in people_on(proposal.draft):
            key = (somebody.name, "" if somebody.name else somebody.title, somebody.country)
            if key not in asked:
                asked[key] = _ask(somebody, extraction)
            question = asked[key]
            if question is not None:
                start, end = _words(somebody, proposal.draft, extraction.version.text) or (None, None)
                NameMention.objects.get_or_create(
                    question=question, proposal=proposal, defaults={"start": start, "end": end}
                )
    return [question for question in asked.values() if question is not None]


@transaction.atomic
def answer_same(
    question: NameQuestion,
    person: Person,
    act: Act,
    *,
    since: dt.date | None = None,
    office: Office | None = None,
) -> None:
    """It is this person (see `asking.answer_same`); whoever was entered under the spelling meanwhile is merged.

    Raises AnsweredError where somebody answered before.
    """
    doubles = asking.answer_same(question, person, now=act.now, by=act.by, since=since, office=office)
    mergers = [people.merge(double, person, act).pk for double in doubles]
    if mergers:
        question.made = {**question.made, "mergers": mergers}
        question.save(update_fields=["made"])


@transaction.atomic
def answer_other(question: NameQuestion, act: Act) -> None:
    """It is somebody else than anyone known; that is not asked again.

    Raises AnsweredError where somebody answered before.
    """
    asking.answer_other(question, now=act.now, by=act.by)


@transaction.atomic
def take_back(question: NameQuestion, act: Act) -> None:
    """Ask again: who was merged by the answer is two again, and what it entered goes.

    Raises AnsweredError for a question that is open, or whose merger cannot be undone any more.
    """
    try:
        for merger in PersonMerge.objects.filter(pk__in=question.made.get("mergers", ()), undone_at=None):
            people.unmerge(merger, act)
    except MergePeopleError as error:
        raise asking.AnsweredError(str(error)) from error
    asking.reopen(question)


def open_questions(*, kind: QuestionKind | None = None, proposal: Proposal | None = None) -> QuerySet[NameQuestion]:
    """What waits for an answer: what nobody has looked at first, then the oldest."""
    rows = NameQuestion.objects.filter(answer=Answer.OPEN).select_related("country").prefetch_related("candidates")
    if proposal is not None:
        rows = rows.filter(mentions__proposal=proposal)
    return rows.filter(kind=kind) if kind else rows


def known_holders(proposal: Proposal) -> list[tuple[str, Person, dt.date]]:
    """Who holds each office that the proposal names without its holder, on its first day (else that of the text): the
    title as said, the holder, the day. Nobody where several are known to hold it.
    """
    day = proposal.soonest_on or proposal.extraction.version.published_on
    unnamed = [one for one in people_on(proposal.draft) if not one.name and one.country] if not proposal.is_line else []
    if day is None or not unnamed:
        return []
    found = asking.holders_on({(one.title, one.country) for one in unnamed}, day=day)
    titles = dict.fromkeys((one.title, one.country) for one in unnamed)
    return [(title, found[title, country], day) for title, country in titles if (title, country) in found]


def _ask(somebody: Somebody, extraction: Extraction) -> NameQuestion | None:
    source, day = str(extraction.version.communique)[:200], extraction.version.published_on
    country = Country.objects.filter(code=somebody.country).first() if somebody.country else None
    if somebody.name:
        return asking.ask_about_name(
            somebody.name, country=country, spellings=somebody.spellings, source=source, now=extraction.made_at
        )
    if country is None:
        return None
    return asking.ask_about_holder(
        somebody.title, country=country, on_day=day, source=source, now=extraction.made_at
    )  # fmt: skip


def _words(somebody: Somebody, draft: dict[str, Any], text: str) -> Span | None:
    """Where the text writes the name, or the title of somebody without one: in the words that the reading used, else
    anywhere. A host's title that is not written so ("his counterpart") is where it was understood from.
    """
    written = (somebody.name, *somebody.spellings) if somebody.name else (somebody.title,)
    used = list(_used(draft, somebody.side))
    for words in written:
        for start, end in (*used, (0, len(text))):
            found = re.search(re.escape(words), text[start:end], re.IGNORECASE) if words else None
            if found:
                return start + found.start(), start + found.end()
    return used[0] if used and somebody.side is Side.HOST else None


def _used(draft: dict[str, Any], side: Side) -> Iterator[Span]:
    for field, spans in (draft.get("evidence_spans") or {}).items():
        if field.startswith(_FIELDS[side]):
            for span in spans:
                yield span["start"], span["end"]
