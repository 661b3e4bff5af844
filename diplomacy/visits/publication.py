"""Publish, withdraw, and keep each published state as a Revision.

`record` is the one place where a Revision is made and where SEQUENCE and the time of the last published change move
(RFC 5545, 3.8.7.4; RFC 5546, 2.1.4). It compares the present state with the last Revision: nothing changed, nothing
is recorded.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import ProgrammeItem, Publishable, Revision, Visit
from diplomacy.visits.signals import revised
from diplomacy.visits.snapshot import (
    SIGNIFICANT_FOR_ITEM,
    SIGNIFICANT_FOR_VISIT,
    Snapshot,
    disputed_of,
    snapshot_of_item,
    snapshot_of_visit,
)


def new_identity() -> tuple[uuid.UUID, str]:
    """An id and the iCalendar UID made of it, which stays with the row for ever."""
    identifier = uuid.uuid4()
    return identifier, f"{identifier}@{settings.AGENDA_DOMAIN}"


@transaction.atomic
def publish(visit: Visit, act: Act) -> None:
    """Let readers see the visit and its programme (visibility and embargo permitting)."""
    for line in visit.programme.select_related("item"):
        _set_publication(line.item, Publication.PUBLISHED, act)
    _set_publication(visit, Publication.PUBLISHED, act)
    record(visit, act)


@transaction.atomic
def publish_item(item: ProgrammeItem, act: Act) -> None:
    """Let readers see an item; the visits it belongs to are retold with it."""
    _set_publication(item, Publication.PUBLISHED, act)
    record_item(item, act)


@transaction.atomic
def withdraw(visit: Visit, act: Act) -> None:
    """Take a published visit and the items that are its alone back from readers. A draft stays a draft."""
    for line in visit.programme.select_related("item"):
        if not line.item.lines.exclude(visit=visit).filter(visit__publication=Publication.PUBLISHED).exists():
            _set_publication(line.item, Publication.WITHDRAWN, act)
    _set_publication(visit, Publication.WITHDRAWN, act)
    record(visit, act)


@transaction.atomic
def mark_disputed(subject: Visit | ProgrammeItem, disputed: Iterable[str], act: Act) -> None:
    """Say on which values sources disagree, by their names in a snapshot; of something published a published change.

    No editor's write: `version` stays, so that no form is stale because a source spoke.
    """
    said = sorted(disputed)
    if said == subject.disputed:
        return
    subject.disputed = said
    subject.save(update_fields=["disputed"])
    if isinstance(subject, Visit):
        record(subject, act)
    else:
        record_item(subject, act)


@transaction.atomic
def withdraw_item(item: ProgrammeItem, act: Act) -> None:
    """Take a published item back from readers. A draft stays a draft."""
    _set_publication(item, Publication.WITHDRAWN, act)
    record_item(item, act)


def release_due(now: dt.datetime) -> int:
    """Record each release by the clock up to `now` as a published change of its own, made at the release time.

    Returns how many. A release that nobody recorded at its minute is recorded later with the same time.
    """
    due = Q(publication=Publication.PUBLISHED, release_at__lte=now, revised_at__lt=F("release_at"))
    of_visit = Q(
        publication=Publication.PUBLISHED,
        lines__visit__publication=Publication.PUBLISHED,
        lines__visit__release_at__lte=now,
        revised_at__lt=F("lines__visit__release_at"),
    )
    found: list[Publishable] = [
        *ProgrammeItem.objects.filter(due | of_visit).distinct(),
        *Visit.objects.filter(due),
    ]
    return sum(_record_release(subject, now) for subject in found if isinstance(subject, Visit | ProgrammeItem))


@transaction.atomic
def _record_release(subject: Visit | ProgrammeItem, now: dt.datetime) -> bool:
    """Record the subject's release, if it lies between its last revision and `now`."""
    subject = type(subject)._default_manager.select_for_update().get(pk=subject.pk)  # two sweeps may meet here
    return _release(subject, subject.revisions.order_by("-number").first(), now) is not None


def _release(subject: Visit | ProgrammeItem, last: Revision | None, now: dt.datetime) -> Revision | None:
    """The revision of a release between the last one and `now`, which is now the last; None where there was none."""
    moment = _shown_from(subject) if last is not None else None
    if last is None or moment is None or not last.made_at < moment <= now:
        return None
    subject.revision_number += 1
    subject.revised_at = moment
    subject.save(update_fields=["revision_number", "revised_at"])
    return _keep(subject, Act(now=moment, reason=last.reason), ["release_at"], last.snapshot)


def _shown_from(subject: Visit | ProgrammeItem) -> dt.datetime | None:
    """From when readers may see it: an item no sooner than the first of its visits."""
    if isinstance(subject, Visit):
        return subject.release_at
    releases = list(subject.visits.filter(publication=Publication.PUBLISHED).values_list("release_at", flat=True))
    first = min((moment for moment in releases if moment), default=None) if None not in releases else None
    return max((moment for moment in (subject.release_at, first) if moment), default=None)


def record(visit: Visit, act: Act) -> None:
    """Keep the present state of a visit and of its items as revisions, where it was published and differs."""
    for line in visit.programme.select_related("item").order_by("position"):
        _record(line.item, snapshot_of_item(line.item), SIGNIFICANT_FOR_ITEM, act)
    visit.refresh_from_db()
    _record(visit, snapshot_of_visit(visit), SIGNIFICANT_FOR_VISIT, act)


def record_item(item: ProgrammeItem, act: Act) -> None:
    """Keep the present state of an item, and of every visit it belongs to."""
    _record(item, snapshot_of_item(item), SIGNIFICANT_FOR_ITEM, act)
    for visit in item.visits.all():
        _record(visit, snapshot_of_visit(visit), SIGNIFICANT_FOR_VISIT, act)


def _set_publication(subject: Visit | ProgrammeItem, publication: Publication, act: Act) -> None:
    if publication == Publication.WITHDRAWN and not subject.is_published:
        return
    subject.publication = publication
    if subject.published_at is None:
        subject.published_at = subject.revised_at = act.now
    subject.save(update_fields=["publication", "published_at", "revised_at"])


_PUBLISHED_FIELDS = ("publication", "sequence", "revision_number", "published_at", "revised_at", "disputed")


def decided_fields(subject: Publishable) -> list[str]:
    """The columns an editor's act writes: all but the identity and what publishing writes."""
    kept = {"id", "uid", "created_at", *_PUBLISHED_FIELDS}
    return [field.name for field in subject._meta.concrete_fields if field.name not in kept]


def _record(subject: Visit | ProgrammeItem, snapshot: Snapshot, significant: frozenset[str], act: Act) -> None:
    locked: Any = type(subject)._default_manager.select_for_update()
    subject.refresh_from_db(fields=_PUBLISHED_FIELDS, from_queryset=locked)
    if subject.publication == Publication.DRAFT:
        return
    snapshot = {**snapshot, "disputed": disputed_of(subject)}
    last = subject.revisions.order_by("-number").first()
    last = _release(subject, last, act.now) or last
    before = last.snapshot if last else {}
    changed = sorted(key for key in snapshot if snapshot[key] != before.get(key))
    if last is not None and not changed:
        return
    if last is not None and significant.intersection(changed):
        subject.sequence += 1
    subject.revision_number += 1
    subject.revised_at = act.now
    subject.save(update_fields=["sequence", "revision_number", "revised_at"])
    _keep(subject, act, changed if last else [], snapshot)


def _keep(subject: Visit | ProgrammeItem, act: Act, changed: list[str], snapshot: Snapshot) -> Revision:
    revision = Revision.objects.create(
        visit=subject if isinstance(subject, Visit) else None,
        item=subject if isinstance(subject, ProgrammeItem) else None,
        number=subject.revision_number,
        sequence=subject.sequence,
        made_at=act.now,
        made_by=act.by,
        reason=act.reason,
        changed=changed,
        snapshot=snapshot,
    )
    revised.send(sender=type(subject), revision=revision)
    return revision


def is_stale(subject: Publishable, version: int) -> bool:
    """Whether a form made from `version` is older than what stands."""
    return subject.version != version
