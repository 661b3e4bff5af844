"""The directory as the plain look-up that a reading takes along."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Count, Max

from diplomacy.directory.models import Person, PersonName
from diplomacy.directory.questions import PersonMerge
from diplomacy.parsing import KnownPerson, Lexicon


def lexicon() -> Lexicon:
    """Everybody of the directory with every spelling; kept in the process until a spelling is added or moved."""
    seen = PersonName.objects.aggregate(last=Max("pk"), count=Count("pk"))
    merged = PersonMerge.objects.aggregate(last=Max("pk"), parted=Count("undone_at"))
    return _lexicon(seen["last"] or 0, seen["count"], merged["last"] or 0, merged["parted"])


def forget() -> None:
    """Build it anew next time: another database is at hand."""
    _lexicon.cache_clear()


@lru_cache(maxsize=1)
def _lexicon(_last: int, _count: int, _merged: int, _parted: int) -> Lexicon:
    people = Person.objects.filter(merged_into=None).prefetch_related("names").order_by("pk")
    return Lexicon(
        tuple(
            KnownPerson(
                name=person.name,
                spellings=tuple(name.text for name in person.names.all()),
                country=person.country_id,
            )
            for person in people
        )
    )
