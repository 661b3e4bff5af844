"""Which tellings a feed holds."""

from __future__ import annotations

import datetime as dt

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from agenda.entries.models import Telling, TellingKey
from agenda.entries.telling import ENDED_STAYS
from agenda.feeds.models import Feed, Selection, UntimedItems
from diplomacy.directory.spelling import fold
from diplomacy.visits.visibility import Audience


def keys_of(feed: Feed) -> list[str]:
    """The keys that what the feed holds has, all of them, the one that fewest tellings have first."""
    found = [
        feed.visit_id and f"visit:{feed.visit_id}",
        feed.person_id and f"person:{feed.person_id}",
        feed.office_id and f"office:{feed.office_id}",
        feed.country_id and f"country:{feed.country_id}",
        feed.second_country_id and f"country:{feed.second_country_id}",
        feed.kind and f"kind:{feed.kind}",
        feed.press_access and f"press:{feed.press_access}",
    ]
    return [key for key in found if key]


def matching(feed: Feed, audience: Audience, *, since: int | None = None) -> QuerySet[Telling]:
    """What the feed holds or once held, on whatever day: a change elsewhere is no change of the feed.

    With `since` only what was told after that position, which is found by its index. What has lost a key of the feed
    still matches, so that calendars are told of it (`has_left`).
    """
    keys = keys_of(feed)
    rows = Telling.objects.filter(starts_on__isnull=False)
    if since is not None:
        rows = rows.filter(audience=audience, position__gt=since)
    elif not keys:
        rows = rows.filter(audience=audience)
    else:
        # By the first key. Without statistics SQLite would walk through the whole diary for an audience it sees named.
        rows = rows.alias(reader=Concat("audience", Value(""))).filter(reader=audience)
        rows = rows.filter(pk__in=TellingKey.objects.filter(key=keys[0]).values("telling"))
    if feed.untimed_items == UntimedItems.TEXT:
        rows = rows.filter(stands_alone=True)
    for word in fold(feed.words).split():
        rows = rows.filter(words__contains=f" {word}")
    for key in keys if since is not None else keys[1:]:
        rows = rows.filter(Exists(TellingKey.objects.filter(telling=OuterRef("pk"), key=key)))
    return rows


def held(feed: Feed, audience: Audience, today: dt.date) -> QuerySet[Telling]:
    """What stands in the feed on a day (UTC), in order; `has_left` marks what no longer has the feed's keys."""
    rows = matching(feed, audience).filter(Q(leaves_on__isnull=True) | Q(leaves_on__gt=today))
    if feed.selection != Selection.VISIT:
        rows = rows.filter(
            latest_on__gte=today - dt.timedelta(days=feed.days_before),
            earliest_on__lte=today + dt.timedelta(days=feed.days_after),
        )
    if not feed.shows_cancelled:
        rows = rows.filter(is_cancelled=False)
    keys = keys_of(feed)
    if not keys:
        rows = rows.annotate(has_left=Value(None, output_field=BooleanField(null=True)))
    else:
        lost = TellingKey.objects.filter(telling=OuterRef("pk"), key__in=keys, is_lost=True)
        rows = rows.annotate(has_left=Exists(lost))
        rows = rows.filter(Q(has_left=False) | Q(ends_on__gte=today - ENDED_STAYS))
        if not feed.shows_cancelled:
            rows = rows.filter(has_left=False)
    return rows.order_by("starts_on", "start_clock", "uid")
