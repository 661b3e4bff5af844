"""Questions about the names that a text writes, and what follows from an editor's answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from diplomacy.communiques.drafts import people_on
from diplomacy.communiques.models import Extraction
from diplomacy.directory import asking
from diplomacy.directory.models import Country, Person
from diplomacy.directory.questions import NameQuestion, QuestionKind
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody


def ask_about(extraction: Extraction) -> list[NameQuestion]:
    """The open questions about whom a reading names: spellings like those known, offices without a holder."""
    source, day = str(extraction.version.communique)[:200], extraction.version.published_on
    questions = []
    for somebody in _everybody(extraction):
        country = Country.objects.filter(code=somebody.country).first() if somebody.country else None
        if somebody.name:
            question = asking.ask_about_name(
                somebody.name, country=country, spellings=somebody.spellings, source=source, now=extraction.made_at
            )
        elif country is not None:
            question = asking.ask_about_holder(
                somebody.title, country=country, on_day=day, source=source, now=extraction.made_at
            )
        else:
            question = None
        if question is not None:
            questions.append(question)
    return questions


@transaction.atomic
def answer_same(question: NameQuestion, person: Person, act: Act) -> None:
    """It is this person: the spelling is kept as theirs, and whoever was entered under it meanwhile is merged."""
    for double in asking.answer_same(question, person, now=act.now, by=act.by):
        people.merge(double, person, act)


@transaction.atomic
def answer_other(question: NameQuestion, act: Act) -> None:
    """It is somebody else than anyone known; that is not asked again."""
    asking.answer_other(question, now=act.now, by=act.by)


def open_questions(*, kind: QuestionKind | None = None) -> Iterable[NameQuestion]:
    """What waits for an answer, the oldest first."""
    rows = NameQuestion.objects.filter(answer="open").select_related("country").prefetch_related("candidates")
    return rows.filter(kind=kind) if kind else rows


def _everybody(extraction: Extraction) -> list[Somebody]:
    """Each person and office of the reading's visits, once."""
    found: dict[tuple[str, str, str], Somebody] = {}
    for draft in extraction.reading["visits"]:
        for somebody in people_on(draft):
            found.setdefault((somebody.name, somebody.title if not somebody.name else "", somebody.country), somebody)
    return list(found.values())
