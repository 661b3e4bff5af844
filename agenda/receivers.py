"""What the diary does when the domain says that something published has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.apps.registry import Apps
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils import timezone

from agenda.entries.signals import told
from diplomacy.communiques.signals import settled
from diplomacy.directory.models import CountryName, Office, Person
from diplomacy.visits.models import Revision
from diplomacy.visits.signals import revised
from diplomacy.visits.visibility import Audience

if TYPE_CHECKING:
    from agenda.entries.models import Telling


def connect() -> None:
    """Listen (called once, when Django is ready)."""
    from agenda.feeds.models import Feed, Subscription
    from agenda.webhooks.outbox import keep_settled

    revised.connect(_on_revised, dispatch_uid="agenda.receivers")
    told.connect(_on_told, dispatch_uid="agenda.receivers")
    settled.connect(keep_settled, dispatch_uid="agenda.receivers")
    for model in (Feed, Subscription, Person, Office, CountryName):
        post_save.connect(_on_address, sender=model, dispatch_uid="agenda.receivers")


def _on_revised(revisions: list[Revision], **_kwargs: object) -> None:
    from agenda.entries.build import store
    from agenda.entries.models import DiaryEntry
    from agenda.entries.telling import related_ids, tell, tell_due
    from agenda.feeds.catalogue import move_feeds

    at = revisions[0].made_at
    tell_due(at)  # what the clock released before this act is told before it
    subjects = Q(visit__in=[one.visit_id for one in revisions if one.visit_id])
    subjects |= Q(item__in=[one.item_id for one in revisions if one.item_id])
    before = related_ids(DiaryEntry.objects.filter(subjects).only("pk", "visit_id"))
    after = related_ids(store(revisions))
    rows = DiaryEntry.objects.filter(pk__in=before | after).prefetch_related("programme", "parents")
    tell(rows.order_by("visit_id", "pk"), at)
    for visit in (one.visit for one in revisions if one.visit is not None):
        if visit.merged_into_id is not None:
            move_feeds(visit.pk, visit.merged_into_id)


def _on_told(audience: Audience, tellings: list[Telling], **_kwargs: object) -> None:
    from agenda.alerts.gathering import anybody_follows
    from agenda.feeds.catalogue import ensure_feeds
    from agenda.feeds.pulse import announce
    from agenda.webhooks.outbox import keep

    announce()
    # Of what everybody is told, whoever sends asks who follows: the change itself need not wait for that.
    is_followed = bool(tellings) and (audience is Audience.PUBLIC or anybody_follows(audience))
    keep(audience, tellings, is_followed=is_followed)
    if is_followed:
        # Robust: with the broker away the scheduler's next round sends them.
        transaction.on_commit(_send_word, robust=True)
    if audience is Audience.PUBLIC:
        ensure_feeds(tellings)


def _send_word() -> None:
    from agenda.alerts.tasks import dispatch_alerts

    dispatch_alerts.delay()


def _on_address(created: bool, **_kwargs: object) -> None:
    """A feed's settings, a secret address or a name in the title of a feed was changed."""
    from agenda.feeds.pulse import addresses_changed

    if not created:
        addresses_changed()


def tell_first(**_kwargs: object) -> None:
    """After a migration: tell readers what was published before there were tellings."""
    from agenda.entries.models import DiaryEntry, Telling
    from agenda.entries.telling import tell

    if not Telling.objects.exists():
        for entry in DiaryEntry.objects.order_by("revised_at").iterator():
            tell([entry], entry.revised_at)


def keep_first(apps: Apps = apps, **_kwargs: object) -> None:
    """After a migration: keep what was published before states and places were kept. `apps` are as migrated to."""
    from agenda.entries import states
    from agenda.entries.build import place_first

    if "publicstate" not in apps.all_models["agenda"]:
        return
    place_first()
    states.keep_first(timezone.now())
