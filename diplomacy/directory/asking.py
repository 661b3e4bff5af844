"""Ask an editor once whom a name or an office means, and remember the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from diplomacy.accounts.models import User
from diplomacy.directory.likeness import Likeness, best_likeness
from diplomacy.directory.models import Country, Office, OfficeTitle, Person, PersonName, Tenure
from diplomacy.directory.questions import Answer, NameQuestion, QuestionKind
from diplomacy.directory.registry import known_person, office_titled
from diplomacy.directory.spelling import fold


class AnsweredError(ValueError):
    """A question that somebody answered meanwhile, or an answer that cannot be taken back."""


def look_alike_people(
    name: str, *, country: Country | None, spellings: tuple[str, ...] = (), least: Likeness = Likeness.PART
) -> list[Person]:
    """Known people of that country (or of none) whose name is like this one, the likest first; a proposal only."""
    if country is None:
        return []
    rows = Person.objects.filter(Q(country=country) | Q(country=None), merged_into=None).prefetch_related("names")
    scored = [
        (best_likeness((name, *spellings), [spelling.text for spelling in person.names.all()]), person)
        for person in rows
    ]
    found = [(alike, person) for alike, person in scored if alike >= least]
    return [person for _alike, person in sorted(found, key=lambda pair: (-pair[0], pair[1].name, str(pair[1].pk)))]


def ask_about_name(
    name: str, *, country: Country | None, spellings: tuple[str, ...] = (), source: str = "", now: dt.datetime
) -> NameQuestion | None:
    """The open question whether a new spelling is somebody known; None where it is known, nobody's, or answered."""
    if known_person(name, country=country, spellings=spellings) is not None:
        return None
    candidates = look_alike_people(name, country=country, spellings=spellings)
    if not candidates:
        return None
    return _ask(QuestionKind.SPELLING, name, country, candidates, source=source, now=now)


def is_told_apart(name: str, *, country: Country | None) -> bool:
    """Whether an editor said that a spelling is none of those known."""
    asked = NameQuestion.objects.filter(kind=QuestionKind.SPELLING, folded=fold(name), country=country)
    return asked.filter(answer=Answer.OTHER).exists()


def ask_about_holder(
    title: str, *, country: Country | None, on_day: dt.date | None, source: str = "", now: dt.datetime
) -> NameQuestion | None:
    """The open question who holds an office that is said without a name; None where it is known or answered."""
    if holder_on(title, country=country, day=on_day) is not None:
        return None
    return _ask(QuestionKind.HOLDER, title, country, [], source=source, now=now, on_day=on_day)


def holder_on(title: str, *, country: Country | None, day: dt.date | None) -> Person | None:
    """Who held the office with this wording of its title on a day; None if nobody is known, or several are."""
    offices = Office.objects.filter(titles__folded=fold(title), country=country)
    rows = Tenure.objects.filter(office__in=offices, person__merged_into=None).select_related("person")
    if day is not None:
        rows = rows.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))
    people = {row.person for row in rows}
    return people.pop() if len(people) == 1 else None


def holders_on(offices: Collection[tuple[str, str]], *, day: dt.date) -> dict[tuple[str, str], Person]:
    """The same of several offices, each (wording of its title, code of its country), by one query."""
    folded = {(fold(title), country): (title, country) for title, country in offices}
    rows = Tenure.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day),
        office__titles__folded__in={title for title, _country in folded}, person__merged_into=None,
    )  # fmt: skip
    found: dict[tuple[str, str], set[Person]] = {}
    for row in rows.select_related("person", "office").annotate(wording=F("office__titles__folded")):
        key = folded.get((row.wording, str(row.office.country_id)))
        if key is not None:
            found.setdefault(key, set()).add(row.person)
    return {key: people.pop() for key, people in found.items() if len(people) == 1}


@transaction.atomic
def answer_same(
    question: NameQuestion,
    person: Person,
    *,
    now: dt.datetime,
    by: User | None = None,
    since: dt.date | None = None,
    office: Office | None = None,
) -> list[Person]:
    """It is this person: the spelling is theirs from now on, the office held by them.

    Of an unknown holder: `office` is one that they are known to hold, of which the title asked about is another
    wording; without it they hold the office of this title `since` a day, which is the day asked about if not told.
    Returns people who were entered under that very spelling meanwhile: they are the same too, and to be merged.
    Raises AnsweredError where somebody answered before.
    """
    _close(question, Answer.SAME, person, now=now, by=by)
    if question.kind == QuestionKind.HOLDER:
        _keep_holder(question, person, since=since, office=office)
        return []
    spelling, made = PersonName.objects.get_or_create(
        person=person, text=question.text, defaults={"folded": question.folded, "source": question.source}
    )
    _remember(question, spelling=spelling.pk if made else None)
    doubles = Person.objects.filter(names__folded=question.folded, merged_into=None).exclude(pk=person.pk)
    return list(doubles.filter(Q(country=question.country) | Q(country=None)).distinct())


@transaction.atomic
def answer_other(question: NameQuestion, *, now: dt.datetime, by: User | None = None) -> None:
    """It is none of those known; that is not asked again.

    Raises AnsweredError where somebody answered before.
    """
    _close(question, Answer.OTHER, None, now=now, by=by)


def put_off(question: NameQuestion, *, now: dt.datetime) -> None:
    """Not now: it stays open, after those that nobody has looked at."""
    NameQuestion.objects.filter(pk=question.pk).update(put_off_at=now)


@transaction.atomic
def reopen(question: NameQuestion) -> None:
    """Ask it again: what the answer entered goes, as far as nobody changed it since.

    Raises AnsweredError for a question that is open.
    """
    question = NameQuestion.objects.select_for_update().get(pk=question.pk)
    if question.answer == Answer.OPEN:
        raise AnsweredError("this question is open")
    made = question.made
    PersonName.objects.filter(pk=made.get("spelling"), text=question.text).delete()
    OfficeTitle.objects.filter(pk=made.get("title"), text=question.text[:300]).delete()
    Tenure.objects.filter(pk=made.get("tenure"), starts_on=made.get("since"), ends_on=None).delete()
    question.answer, question.person, question.made = Answer.OPEN, None, {}
    question.answered_at, question.answered_by = None, None
    question.save(update_fields=["answer", "person", "made", "answered_at", "answered_by"])


def _keep_holder(question: NameQuestion, person: Person, *, since: dt.date | None, office: Office | None) -> None:
    if office is not None:
        wording, made = OfficeTitle.objects.get_or_create(
            office=office, text=question.text[:300], defaults={"folded": question.folded, "source": question.source}
        )
        _remember(question, title=wording.pk if made else None)
        return
    office = office_titled(question.text, country=question.country, source=question.source)
    # No more is known than that they hold it on that day, so it is said from then on unless the editor knows better.
    starts_on = since or question.on_day
    tenure, made = Tenure.objects.get_or_create(
        person=person, office=office, starts_on=starts_on, defaults={"source": question.source}
    )
    _remember(question, tenure=tenure.pk if made else None, since=starts_on.isoformat() if starts_on else None)


def _ask(
    kind: QuestionKind, text: str, country: Country | None, candidates: list[Person],
    *, source: str, now: dt.datetime, on_day: dt.date | None = None,
) -> NameQuestion | None:  # fmt: skip
    question, made = NameQuestion.objects.get_or_create(
        kind=kind,
        folded=fold(text),
        country=country,
        defaults={"text": text[:300], "source": source[:200], "asked_at": now, "on_day": on_day},
    )
    if made:
        question.candidates.set(candidates)
    return question if question.answer == Answer.OPEN else None


def _close(question: NameQuestion, answer: Answer, person: Person | None, *, now: dt.datetime, by: User | None) -> None:
    if NameQuestion.objects.select_for_update().get(pk=question.pk).answer != Answer.OPEN:
        raise AnsweredError("this question was answered meanwhile")
    question.answer, question.person, question.answered_at, question.answered_by = answer, person, now, by
    question.made = {}
    question.save(update_fields=["answer", "person", "answered_at", "answered_by", "made"])


def _remember(question: NameQuestion, **made: Any) -> None:
    question.made = {**question.made, **{name: value for name, value in made.items() if value is not None}}
    question.save(update_fields=["made"])
