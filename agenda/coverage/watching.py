"""Who has to be told what: once before an accreditation ends, and each time a covered item changes."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F, Q, QuerySet

from agenda.coverage.models import Coverage, Notice, NoticeKind, is_covered
from agenda.coverage.state import changes_between, state_of
from diplomacy.accounts.models import User
from diplomacy.vocabulary import ItemStatus


def save(coverage: Coverage) -> None:
    """Keep what was planned. Whoever is sent is told of what changes from here on."""
    coverage.seen, coverage.seen_version = state_of(coverage.item), coverage.item.version
    coverage.version += 1
    coverage.save()


def look(now: dt.datetime, lead: dt.timedelta) -> int:
    """Make the notices that are due at `now` (aware), reminders `lead` before the end; returns how many.

    May run twice, or beside another one, without saying anything twice.
    """
    changed = sum(_note_change(pk, now) for pk in _changed())
    return changed + sum(_remind(coverage, now) for coverage in _due(now, lead))


def unread(user: User) -> QuerySet[Notice]:
    """What somebody was told and has not read."""
    return Notice.objects.filter(recipient=user, read_at=None)


def _changed() -> list[uuid.UUID]:
    """Those whose item was written to since, or that differ; one without a day also moves with its visit. Most looks
    find none, so nothing is locked to find out.
    """
    rows = Coverage.objects.filter(~Q(item__version=F("seen_version")) | Q(item__day__isnull=True))
    rows = rows.select_related("item__place").prefetch_related("item__visits")
    return [
        one.pk for one in rows if one.seen_version != one.item.version or changes_between(one.seen, state_of(one.item))
    ]


@transaction.atomic
def _note_change(pk: uuid.UUID, now: dt.datetime) -> bool:
    rows = Coverage.objects.select_for_update(of=("self",)).select_related("item__place", "assignee")
    coverage = rows.prefetch_related("item__visits").get(pk=pk)
    state = state_of(coverage.item)
    changes = changes_between(coverage.seen, state)
    if not changes and coverage.seen_version == coverage.item.version:
        return False
    rows.filter(pk=pk).update(seen=state, seen_version=coverage.item.version)
    if not changes or coverage.assignee is None or not coverage.is_covered:
        return False
    Notice.objects.create(
        coverage=coverage, recipient=coverage.assignee, kind=NoticeKind.CHANGE, changes=changes, made_at=now
    )
    return True


def _due(now: dt.datetime, lead: dt.timedelta) -> QuerySet[Coverage]:
    """Assigned and covered, with an accreditation that ends within `lead`, and nobody reminded of that end yet."""
    reminded = Q(
        notices__kind=NoticeKind.REMINDER,
        notices__deadline=F("item__accreditation_until"),
        notices__recipient=F("assignee"),
    )
    rows = Coverage.objects.filter(
        is_covered(),
        assignee__isnull=False,
        item__accreditation_until__gt=now,
        item__accreditation_until__lte=now + lead,
    ).exclude(item__status=ItemStatus.CANCELLED)
    return rows.exclude(pk__in=Coverage.objects.filter(reminded).values("pk")).select_related("item")


def _remind(coverage: Coverage, now: dt.datetime) -> bool:
    _notice, is_new = Notice.objects.get_or_create(
        coverage=coverage,
        recipient_id=coverage.assignee_id,
        kind=NoticeKind.REMINDER,
        deadline=coverage.item.accreditation_until,
        defaults={"made_at": now},
    )
    return is_new
