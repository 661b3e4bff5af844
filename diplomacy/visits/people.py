"""Make two people one and take that back, and keep what readers then see of their visits and items as revisions."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from diplomacy.directory import merging
from diplomacy.directory.models import Person
from diplomacy.directory.questions import PersonMerge
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit


@transaction.atomic
def merge(person: Person, into: Person, act: Act) -> PersonMerge:
    """The two are one: `into` goes on.

    Raises MergePeopleError for a person with themselves, or one merged before.
    """
    merger = merging.merge_people(person, into, now=act.now, by=act.by, reason=act.reason)
    _record(into, act)
    return merger


@transaction.atomic
def unmerge(merger: PersonMerge, act: Act) -> Person:
    """They are two after all.

    Raises MergePeopleError for a merger that cannot be undone any more.
    """
    person = merging.unmerge_people(merger, now=act.now)
    _record(person, act)
    return person


def _record(person: Person, act: Act) -> None:
    for item in ProgrammeItem.objects.filter(participants__person=person, lines=None).distinct():
        publication.record_item(item, act)
    visits = Visit.objects.filter(Q(members__person=person) | Q(items__participants__person=person))
    for visit in visits.distinct():
        publication.record(visit, act)
