"""Questions about names as the desk shows them: the words they came from, and who may be meant."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from agenda.entries.days import days_text
from agenda.entries.quoting import sentence_span
from diplomacy.communiques.mentions import NameMention
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import RANKS, Person, Tenure
from diplomacy.directory.questions import NameQuestion, QuestionKind
from diplomacy.visits.models import DelegationMember

MOST_OPTIONS = 9  # as many as there are keys
MOST_TOLD = 3
_SPELLINGS_SHOWN = 4
_RANKS = [rank for rank, _label in RANKS]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence cut at the words asked about (all empty where they are not in one place), and its text's proposal."""

    before: str
    words: str
    after: str
    mention: NameMention

    @property
    def is_quoted(self) -> bool:
        """Whether there is a sentence to show."""
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who may be meant. `value` is what a form sends: "person:<id>", or "tenure:<id>" of a known office."""

    value: str
    person: Person
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question for a template. `following` is the number of the next one, 0 for the last."""

    question: NameQuestion
    asks: str
    told: tuple[Told, ...]
    options: tuple[Option, ...]
    following: int = 0

    @property
    def is_about_holder(self) -> bool:
        """Whether it asks for the holder of an office."""
        return self.question.kind == QuestionKind.HOLDER


def asked(questions: Sequence[NameQuestion]) -> list[Asked]:
    """The questions with their words and options; the same number of queries whatever their number."""
    told, holders, named = _told(questions), _holders(questions), _named(questions)
    candidates = _candidates([question for question in questions if question.kind == QuestionKind.SPELLING])
    numbers = [*(question.pk for question in questions), 0][1:]
    rows = []
    for question, following in zip(questions, numbers, strict=True):
        if question.kind == QuestionKind.HOLDER:
            options = _without_doubles([*holders.get(question.pk, ()), *named.get(question.pk, ())])
        else:
            options = [Option(f"person:{person.pk}", person, _known_of(person)) for person in candidates[question.pk]]
        shown = options[:MOST_OPTIONS]
        rows.append(Asked(question, _asks(question, shown), tuple(told.get(question.pk, ())), tuple(shown), following))
    return rows


def _asks(question: NameQuestion, options: Sequence[Option]) -> str:
    named = {"text": question.text, "country": question.country or "", "name": options[0].person if options else ""}
    if question.kind == QuestionKind.HOLDER:
        if question.on_day is None:
            return _("Who holds this office: “%(text)s”, %(country)s?") % named
        day = {"day": _day(question.on_day)}
        return _("Who held this office on %(day)s: “%(text)s”, %(country)s?") % {**named, **day}
    if len(options) == 1:
        return _("Is “%(text)s” (%(country)s) the same person as %(name)s?") % named
    return _("Is “%(text)s” (%(country)s) one of these?") % named


def _told(questions: Sequence[NameQuestion]) -> dict[int, list[Told]]:
    """The first sentences that raised each question."""
    number = Window(RowNumber(), partition_by=F("question"), order_by=F("pk").asc())
    rows = NameMention.objects.filter(question__in=questions).annotate(number=number).filter(number__lte=MOST_TOLD)
    rows = rows.select_related("proposal__extraction__version__communique__source")
    found: dict[int, list[Told]] = defaultdict(list)
    for mention in rows.defer("proposal__extraction__version__original", "proposal__extraction__reading").order_by(
        "pk"
    ):
        found[mention.question_id].append(_sentence(mention))
    return found


def _sentence(mention: NameMention) -> Told:
    if mention.start is None or mention.end is None:
        return Told("", "", "", mention)
    text = mention.proposal.extraction.version.text
    first, last = sentence_span(text, mention.start, mention.end)
    return Told(
        text[first : mention.start].lstrip(),
        text[mention.start : mention.end],
        text[mention.end : last].rstrip(),
        mention,
    )


def _candidates(questions: Sequence[NameQuestion]) -> dict[int, list[Person]]:
    """For each question about a spelling the people whose names are like it; who was merged is told by who stays."""
    people = NameQuestion.candidates.through._default_manager.filter(namequestion__in=questions).order_by("pk")
    pairs = list(people.values_list("namequestion_id", "person_id"))
    rows = _with_what_is_known(Person.objects.filter(pk__in={person for _question, person in pairs}))
    known = {row.pk: row if row.merged_into is None else survivor(row) for row in rows}
    found: dict[int, list[Person]] = {question.pk: [] for question in questions}
    for question, person in pairs:
        if known[person] not in found[question]:
            found[question].append(known[person])
    return found


def _with_what_is_known(rows: QuerySet[Person]) -> QuerySet[Person]:
    offices = Prefetch("tenures", Tenure.objects.select_related("office"))
    return rows.select_related("country", "merged_into").prefetch_related("names", offices)


def _known_of(person: Person) -> str:
    """What tells somebody apart: offices, country, how else their name is written."""
    offices = [held_office(tenure) for tenure in person.tenures.all()][:2]
    written = [name.text for name in person.names.all() if name.text != person.name][:_SPELLINGS_SHOWN]
    also = _("also written %(names)s") % {"names": ", ".join(written)} if written else ""
    return " · ".join(part for part in (*offices, str(person.country or ""), also) if part)


def held_office(tenure: Tenure) -> str:
    """An office with the days it was held, as far as they are known."""
    office = str(tenure.office)
    if tenure.starts_on and tenure.ends_on:
        return _("%(office)s from %(first)s to %(last)s") % {
            "office": office, "first": _day(tenure.starts_on), "last": _day(tenure.ends_on),
        }  # fmt: skip
    if tenure.starts_on:
        return _("%(office)s since %(day)s") % {"office": office, "day": _day(tenure.starts_on)}
    if tenure.ends_on:
        return _("%(office)s until %(day)s") % {"office": office, "day": _day(tenure.ends_on)}
    return office


def _holders(questions: Sequence[NameQuestion]) -> dict[int, list[Option]]:
    """Who held an office of the country on the day, the highest rank first: the title may be another wording of it."""
    asking = [question for question in questions if question.kind == QuestionKind.HOLDER and question.country_id]
    if not asking:
        return {}
    days = [question.on_day for question in asking if question.on_day]
    rows = Tenure.objects.filter(office__country__in={one.country_id for one in asking}, person__merged_into=None)
    if days and len(days) == len(asking):
        rows = rows.filter(_touching(min(days), max(days)))
    tenures = sorted(
        rows.select_related("office", "person"),
        key=lambda row: (_RANKS.index(row.office.rank), row.office.title, row.pk),
    )
    return {
        question.pk: [
            Option(f"tenure:{row.pk}", row.person, held_office(row))
            for row in tenures
            if row.office.country_id == question.country_id and _holds_on(row, question.on_day)
        ]
        for question in asking
    }


def _day(day: dt.date) -> str:
    return days_text(day, None)


def _touching(first: dt.date, last: dt.date) -> Q:
    return (Q(starts_on=None) | Q(starts_on__lte=last)) & (Q(ends_on=None) | Q(ends_on__gte=first))


def _holds_on(row: Tenure, day: dt.date | None) -> bool:
    if day is None:
        return row.ends_on is None
    return (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or row.ends_on >= day)


def _named(questions: Sequence[NameQuestion]) -> dict[int, list[Option]]:
    """Whom other texts named with the very title."""
    asking = {(one.folded, one.country_id): one for one in questions if one.kind == QuestionKind.HOLDER}
    rows = DelegationMember.objects.filter(
        office__titles__folded__in={folded for folded, _country in asking}, person__merged_into=None
    ).exclude(person=None)
    said = rows.order_by("-visit__start_on").values_list("office__titles__folded", "office__country", "person")
    pairs = list(dict.fromkeys(said))
    people = Person.objects.in_bulk({person for _folded, _country, person in pairs})
    found: dict[int, list[Option]] = defaultdict(list)
    for folded, country, person in pairs:
        question = asking.get((folded, country))
        if question is not None:
            found[question.pk].append(Option(f"person:{person}", people[person], _("named so in another text")))
    return found


def _without_doubles(options: Iterable[Option]) -> list[Option]:
    """Each once, by the first that is said of them."""
    found: dict[uuid.UUID, Option] = {}
    for option in options:
        found.setdefault(option.person.pk, option)
    return list(found.values())


def people_by_country(questions: Sequence[NameQuestion], most: int) -> list[tuple[str, list[Person]]]:
    """For each country asked about its people, by name: what the field that names somebody suggests."""
    codes = {question.country_id for question in questions if question.country_id}
    rows = Person.objects.filter(country__in=codes, merged_into=None).order_by("country", "name")[:most]
    return [(code, list(people)) for code, people in groupby(rows, key=lambda row: str(row.country_id))]
