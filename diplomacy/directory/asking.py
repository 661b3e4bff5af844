"""Ask an editor once whom a name or an office means, and remember the answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from diplomacy.accounts.models import User
from diplomacy.directory.likeness import Likeness, best_likeness
from diplomacy.directory.models import Country, Office, Person, PersonName, Tenure
from diplomacy.directory.questions import Answer, NameQuestion, QuestionKind
from diplomacy.directory.registry import known_person, office_titled
from diplomacy.directory.spelling import fold


def look_alike_people(name: str, *, country: Country | None, spellings: tuple[str, ...] = ()) -> list[Person]:
    """Known people of that country (or of none) whose name is like this one, the likest first; a proposal only."""
    if country is None:
        return []
    rows = Person.objects.filter(Q(country=country) | Q(country=None), merged_into=None).prefetch_related("names")
    scored = [
        (best_likeness((name, *spellings), [spelling.text for spelling in person.names.all()]), person)
        for person in rows
    ]
    found = [(alike, person) for alike, person in scored if alike > Likeness.OTHER]
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
    rows = Tenure.objects.filter(office__in=offices).select_related("person")
    if day is not None:
        rows = rows.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))
    people = {row.person for row in rows}
    return people.pop() if len(people) == 1 else None


@transaction.atomic
def answer_same(question: NameQuestion, person: Person, *, now: dt.datetime, by: User | None = None) -> list[Person]:
    """It is this person: the spelling is theirs from now on, the office held by them.

    Returns people who were entered under that very spelling meanwhile: they are the same too, and to be merged.
    """
    _close(question, Answer.SAME, person, now=now, by=by)
    if question.kind == QuestionKind.HOLDER:
        office = office_titled(question.text, country=question.country, source=question.source)
        # No more is known than that they hold it on that day, so it is said from then on.
        Tenure.objects.get_or_create(
            person=person, office=office, starts_on=question.on_day, defaults={"source": question.source}
        )
        return []
    PersonName.objects.get_or_create(
        person=person, text=question.text, defaults={"folded": question.folded, "source": question.source}
    )
    doubles = Person.objects.filter(names__folded=question.folded, merged_into=None).exclude(pk=person.pk)
    return list(doubles.filter(Q(country=question.country) | Q(country=None)).distinct())


@transaction.atomic
def answer_other(question: NameQuestion, *, now: dt.datetime, by: User | None = None) -> None:
    """It is none of those known; that is not asked again."""
    _close(question, Answer.OTHER, None, now=now, by=by)


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
    question.answer, question.person, question.answered_at, question.answered_by = answer, person, now, by
    question.save(update_fields=["answer", "person", "answered_at", "answered_by"])
