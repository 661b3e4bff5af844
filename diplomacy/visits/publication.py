"""Publish, withdraw, and keep each published state as a Revision.

`record` is the one place where a Revision is made and where SEQUENCE and the time of the last published change move
(RFC 5545, 3.8.7.4; RFC 5546, 2.1.4). It compares the present state with the last Revision: nothing changed, nothing
is recorded.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from diplomacy.visits.acts import Act
from diplomacy.visits.choices import Publication
from diplomacy.visits.models import ProgrammeItem, ProgrammeLine, Publishable, Revision, Visit
from diplomacy.visits.signals import revised
from diplomacy.visits.snapshot import (
    SIGNIFICANT_FOR_ITEM,
    SIGNIFICANT_FOR_VISIT,
    Snapshot,
    disputed_of,
    snapshot_of_visit,
    snapshots_of_items,
)


def new_identity() -> tuple[uuid.UUID, str]:
    """An id and the iCalendar UID made of it, which stays with the row for ever."""
    identifier = uuid.uuid4()
    return identifier, f"{identifier}@{settings.AGENDA_DOMAIN}"


@transaction.atomic
def publish(visit: Visit, act: Act) -> None:
    """Let readers see the visit and its programme (visibility and embargo permitting)."""
    _set_publication([line.item for line in visit.programme.select_related("item")], Publication.PUBLISHED, act)
    _set_publication([visit], Publication.PUBLISHED, act)
    record(visit, act)


@transaction.atomic
def publish_item(item: ProgrammeItem, act: Act) -> None:
    """Let readers see an item; the visits it belongs to are retold with it."""
    _set_publication([item], Publication.PUBLISHED, act)
    record_item(item, act)


@transaction.atomic
def withdraw(visit: Visit, act: Act) -> None:
    """Take a published visit and the items that are its alone back from readers. A draft stays a draft."""
    others = ProgrammeLine.objects.exclude(visit=visit).filter(visit__publication=Publication.PUBLISHED)
    own = visit.programme.exclude(item__in=others.values("item")).select_related("item")
    _set_publication([line.item for line in own], Publication.WITHDRAWN, act)
    _set_publication([visit], Publication.WITHDRAWN, act)
    record(visit, act)


def mark_disputed(subject: Visit | ProgrammeItem, disputed: Iterable[str], act: Act) -> None:
    """Say on which values sources disagree, by their names in a snapshot; of something published a published change.

    No editor's write: `version` stays, so that no form is stale because a source spoke.
    """
    said = sorted(disputed)
    if said == subject.disputed:
        return
    subject.disputed = said
    with transaction.atomic():
        subject.save(update_fields=["disputed"])
        if isinstance(subject, Visit):
            record(subject, act)
        else:
            record_item(subject, act)


@transaction.atomic
def withdraw_item(item: ProgrammeItem, act: Act) -> None:
    """Take a published item back from readers. A draft stays a draft."""
    _set_publication([item], Publication.WITHDRAWN, act)
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
    last = subject.revisions.order_by("-number").first()
    return _release(subject, last, now, _shown_from([subject])[subject.pk]) is not None


def _release(
    subject: Visit | ProgrammeItem, last: Revision | None, now: dt.datetime, moment: dt.datetime | None
) -> Revision | None:
    """The revision of a release at `moment`, if that lies between the last one and `now`, which is now the last; None
    where there was none.
    """
    if last is None or moment is None or not last.made_at < moment <= now:
        return None
    subject.revision_number += 1
    subject.revised_at = moment
    subject.save(update_fields=["revision_number", "revised_at"])
    kept = _revision(subject, Act(now=moment, reason=last.reason), ["release_at"], last.snapshot)
    _keep([kept])
    return kept


def _shown_from(subjects: Sequence[Visit | ProgrammeItem]) -> dict[uuid.UUID, dt.datetime | None]:
    """From when readers may see each: an item no sooner than the first of its visits."""
    lines = ProgrammeLine.objects.filter(item__in=[one.pk for one in subjects if isinstance(one, ProgrammeItem)])
    releases: dict[uuid.UUID, list[dt.datetime | None]] = {}
    published = lines.filter(visit__publication=Publication.PUBLISHED)
    for item, moment in published.values_list("item", "visit__release_at"):
        releases.setdefault(item, []).append(moment)
    return {one.pk: _latest(one.release_at, releases.get(one.pk, [])) for one in subjects}


def _latest(own: dt.datetime | None, of_visits: Sequence[dt.datetime | None]) -> dt.datetime | None:
    first = min((moment for moment in of_visits if moment), default=None) if None not in of_visits else None
    return max((moment for moment in (own, first) if moment), default=None)


def record(visit: Visit, act: Act) -> None:
    """Keep the present state of a visit and of its items as revisions, where it was published and differs."""
    lines = visit.programme.select_related("item__place").order_by("position")
    _record_all([line.item for line in lines], [visit], act)


def record_item(item: ProgrammeItem, act: Act) -> None:
    """Keep the present state of an item, and of every visit it belongs to."""
    record_items([item], act)


def record_items(items: list[ProgrammeItem], act: Act) -> None:
    """Keep the present state of items that one act changed, and of every visit they belong to."""
    visits = Visit.objects.filter(programme__item__in=items).distinct().order_by("pk")
    _record_all(items, list(visits), act)


def _record_all(items: list[ProgrammeItem], visits: list[Visit], act: Act) -> None:
    """The items, then the visits, whose snapshots name the items' revisions. However many items differ, the queries
    are as many as for one.
    """
    told = list(zip(items, snapshots_of_items(items), strict=True))
    revisions = _recorded(told, SIGNIFICANT_FOR_ITEM, act)
    for visit in visits:
        visit.refresh_from_db()
        revisions += _recorded([(visit, snapshot_of_visit(visit))], SIGNIFICANT_FOR_VISIT, act)
    if revisions:
        revised.send(sender=Revision, revisions=revisions)


def _set_publication(subjects: Sequence[Visit | ProgrammeItem], publication: Publication, act: Act) -> None:
    changed = [one for one in subjects if publication != Publication.WITHDRAWN or one.is_published]
    for subject in changed:
        subject.publication = publication
        if subject.published_at is None:
            subject.published_at = subject.revised_at = act.now
    _write(changed, ["publication", "published_at", "revised_at"])


def _write(subjects: Sequence[Visit | ProgrammeItem], fields: Sequence[str]) -> None:
    """Write these columns of subjects of one kind, by one query."""
    if len(subjects) == 1:
        subjects[0].save(update_fields=fields)
    elif subjects:
        manager: Any = type(subjects[0])._default_manager
        manager.bulk_update(subjects, fields)


_PUBLISHED_FIELDS = ("publication", "sequence", "revision_number", "published_at", "revised_at", "disputed")


def decided_fields(subject: Publishable) -> list[str]:
    """The columns an editor's act writes: all but the identity and what publishing writes."""
    kept = {"id", "uid", "created_at", *_PUBLISHED_FIELDS}
    return [field.name for field in subject._meta.concrete_fields if field.name not in kept]


def _recorded(
    told: Sequence[tuple[Visit | ProgrammeItem, Snapshot]], significant: frozenset[str], act: Act
) -> list[Revision]:
    """The revisions of those that were published and differ from the last one; kept, and told by the caller."""
    subjects = [subject for subject, _snapshot in told]
    _lock(subjects)
    lasts, moments = _last_revisions(subjects), _shown_from(subjects)
    found, changed_subjects = [], []
    for subject, snapshot in told:
        if subject.publication == Publication.DRAFT:
            continue
        now = {**snapshot, "disputed": disputed_of(subject)}
        last = lasts.get(subject.pk)
        last = _release(subject, last, act.now, moments[subject.pk]) or last
        before = last.snapshot if last else {}
        changed = sorted(key for key in now if now[key] != before.get(key))
        if last is not None and not changed:
            continue
        if last is not None and significant.intersection(changed):
            subject.sequence += 1
        subject.revision_number += 1
        subject.revised_at = act.now
        changed_subjects.append(subject)
        found.append(_revision(subject, act, changed if last else [], now))
    _write(changed_subjects, ["sequence", "revision_number", "revised_at"])
    return Revision.objects.bulk_create(found)


def _lock(subjects: Sequence[Visit | ProgrammeItem]) -> None:
    """Hold subjects of one kind, and read again what publishing writes."""
    if not subjects:
        return
    manager: Any = type(subjects[0])._default_manager
    rows = manager.select_for_update().filter(pk__in=[one.pk for one in subjects]).order_by("pk")
    held = {row.pk: row for row in rows.only(*_PUBLISHED_FIELDS)}
    for subject in subjects:
        for name in _PUBLISHED_FIELDS:
            setattr(subject, name, getattr(held[subject.pk], name))


def _last_revisions(subjects: Sequence[Visit | ProgrammeItem]) -> dict[uuid.UUID, Revision]:
    """The last revision of each, by its id; of those that have one."""
    if not subjects:
        return {}
    name = "visit" if isinstance(subjects[0], Visit) else "item"
    rows = Revision.objects.filter(**{f"{name}__in": subjects, "number": F(f"{name}__revision_number")})
    return {row.visit_id or row.item_id: row for row in rows}  # type: ignore[misc]


def _revision(subject: Visit | ProgrammeItem, act: Act, changed: list[str], snapshot: Snapshot) -> Revision:
    return Revision(
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


def _keep(revisions: Sequence[Revision]) -> None:
    """Keep revisions and say so."""
    revised.send(sender=Revision, revisions=Revision.objects.bulk_create(revisions))


def is_stale(subject: Publishable, version: int) -> bool:
    """Whether a form made from `version` is older than what stands."""
    return subject.version != version
