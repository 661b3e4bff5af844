"""The warnings on a visit as it stands in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from diplomacy.communiques.check_wording import Warned, warned
from diplomacy.communiques.checks import DatedWords, check
from diplomacy.communiques.heard import standing_visit
from diplomacy.communiques.models import Evidence
from diplomacy.communiques.standing import VisitStanding
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitStatus

_FIELDS = {"start": "start_on", "end": "end_on"}


def warnings_on(visit: Visit) -> list[Warned]:
    """Every warning on a visit before it is published, in the active language."""
    stands = standing_visit(visit)
    others = [standing_visit(other) for other in _others(visit)]
    return [warned(doubt) for doubt in check(stands, others=others, words=_words(visit, stands))]


def _others(visit: Visit) -> list[Visit]:
    """Visits of the same people at the same days."""
    people = visit.members.exclude(person=None).values("person")
    if visit.start_on is None:
        return []
    last = visit.end_on or visit.start_on
    meets = Q(start_on__lte=last) & (Q(end_on__gte=visit.start_on) | Q(end_on=None, start_on__gte=visit.start_on))
    rows = Visit.objects.filter(meets, members__person__in=people, merged_into=None)
    return list(rows.exclude(pk=visit.pk).exclude(status=VisitStatus.CANCELLED).distinct())


def _words(visit: Visit, stands: VisitStanding) -> Iterator[DatedWords]:
    """The quotes that days were read from, for days that still stand as they were read."""
    days = {item.key: item.when.day for item in stands.items}
    rows = Evidence.objects.filter(visit=visit).select_related("proposal__extraction")
    for row in rows.filter(Q(field__in=_FIELDS) | Q(field__endswith=".date", item__isnull=False)):
        read = _read(row)
        stood = days.get(str(row.item_id)) if row.item_id else getattr(visit, _FIELDS.get(row.field, ""), None)
        if read is not None and read == stood:
            about = str(row.item_id or visit.pk)
            yield DatedWords(about=about, words=row.quote, day=read, language=row.proposal.extraction.language)


def _read(row: Evidence) -> dt.date | None:
    draft = row.proposal.draft
    if row.field.startswith("items."):
        _items, number, name = row.field.split(".", 2)
        draft = (draft.get("items") or [])[int(number)]
    else:
        name = row.field
    value = draft.get(name)
    return dt.date.fromisoformat(value) if value else None
