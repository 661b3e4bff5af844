"""Make two people one, and take that back. Every reference moves to the one that stays; old ids answer with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError, models, transaction

from diplomacy.accounts.models import User
from diplomacy.directory.models import Person
from diplomacy.directory.questions import PersonMerge


class MergePeopleError(ValueError):
    """Two people that cannot be made one, or a merger that is no longer there to be undone."""


def survivor(person: Person) -> Person:
    """Who answers for a person: the one merged into, as far as that goes."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


def one_and_the_same(person: Person) -> set[uuid.UUID]:
    """Every id under which a person was known: the survivor's, and those of all who were merged into them."""
    found = {survivor(person).pk}
    newest = found
    while newest:
        newest = set(Person.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return found


@transaction.atomic
def merge_people(
    person: Person, into: Person, *, now: dt.datetime, by: User | None = None, reason: str = ""
) -> PersonMerge:
    """`into` goes on with the spellings, tenures and parts of both; a row that both have already stays where it is.

    Raises MergePeopleError for a person with themselves, or one merged before.
    """
    held = Person.objects.select_for_update().in_bulk([person.pk, into.pk])
    if person.pk == into.pk or any(one.merged_into_id for one in held.values()):
        raise MergePeopleError("a person cannot be merged with themselves, nor one that was merged already")
    moved = [place for place in _references(person) if _point(place, into)]
    person.merged_into = into
    person.save(update_fields=["merged_into"])
    return PersonMerge.objects.create(
        person=person, into=into, moved=moved, reason=reason[:500], made_at=now, made_by=by
    )


@transaction.atomic
def unmerge_people(merger: PersonMerge, *, now: dt.datetime) -> Person:
    """They are two after all: what was moved goes back, as far as it still stands with the other.

    Raises MergePeopleError for a merger that was undone, or whose survivor was merged on.
    """
    merger = PersonMerge.objects.select_for_update().get(pk=merger.pk)
    person, into = merger.person, merger.into
    if merger.undone_at is not None or person.merged_into_id != into.pk or into.merged_into_id:
        raise MergePeopleError("this merger was undone, or the one that stayed was merged on: undo that one first")
    for model, pk, column in merger.moved:
        row = apps.get_model(model)._default_manager.filter(pk=pk, **{column: into}).first()
        if row is not None:
            setattr(row, column, person)
            row.save(update_fields=[column])
    person.merged_into = None
    person.save(update_fields=["merged_into"])
    merger.undone_at = now
    merger.save(update_fields=["undone_at"])
    return person


_HISTORY = {"merged_from", "mergers"}  # who was merged into whom stays as it was


def _references(person: Person) -> Iterator[tuple[str, str, str]]:
    """Every row that points to a person, as (model, primary key, column)."""
    for relation in Person._meta.related_objects:
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is PersonMerge:
            continue
        if relation.get_accessor_name() in _HISTORY:
            continue
        column = relation.field.name
        rows = relation.related_model._default_manager.filter(**{column: person}).order_by("pk")
        for pk in list(rows.values_list("pk", flat=True)):
            yield relation.related_model._meta.label, str(pk), column


def _point(place: tuple[str, str, str], into: Person) -> bool:
    """Let a row point to the survivor; False where one like it does already."""
    model, pk, column = place
    row = apps.get_model(model)._default_manager.get(pk=pk)
    setattr(row, column, into)
    try:
        with transaction.atomic():
            row.save(update_fields=[column])
    except IntegrityError:
        return False
    return True
