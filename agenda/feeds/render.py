"""From a Feed to its calendar: which entries, in which language, as which bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections import defaultdict

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.entries.entry import Entry
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import programme_of, touching, visible_entries
from agenda.entries.wording import as_entry, awaits_new_day
from agenda.feeds.catalogue import feed_name
from agenda.feeds.ical import CalendarMeta, Colour, calendar_bytes
from agenda.feeds.models import Feed, Selection, Subscription
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import VisitStatus

# How long a cancelled or postponed entry stays in feeds after its last day (the feed contract, E6).
CANCELLED_STAYS = dt.timedelta(days=30)


def new_token() -> tuple[str, str]:
    """A token of 192 random bits for a private address, and what is kept of it (SHA-256, hexadecimal)."""
    token = secrets.token_urlsafe(24)
    return token, token_digest(token)


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def subscription_with(token: str) -> Subscription | None:
    """The subscription that this token opens, revoked ones included."""
    return Subscription.objects.select_related("feed").filter(token_sha256=token_digest(token)).first()


def feed_bytes(feed: Feed, *, audience: Audience, now: dt.datetime) -> tuple[bytes, dt.datetime]:
    """The calendar of a feed for an audience, and when it last changed (aware)."""
    rows = list(selected(feed, audience=audience, now=now))
    with translation.override(feed.language):
        entries = _entries(rows, audience, now)
        changed = _last_change(feed, now)
        return calendar_bytes(entries, _meta(feed, audience, changed)), changed


def selected(feed: Feed, *, audience: Audience, now: dt.datetime) -> QuerySet[DiaryEntry]:
    """The rows a feed holds for an audience at `now`."""
    today = now.date()
    rows = visible_entries(audience, now).filter(
        touching(today - dt.timedelta(days=feed.days_before), today + dt.timedelta(days=feed.days_after))
        if feed.selection != Selection.VISIT
        else Q()
    )
    rows = rows.exclude(Q(status=VisitStatus.CANCELLED, ends_on__lt=today - CANCELLED_STAYS))
    if not feed.shows_cancelled:
        rows = rows.exclude(status=VisitStatus.CANCELLED)
    return rows.filter(_selection(feed)).distinct().order_by("starts_on", "uid")


def _selection(feed: Feed) -> Q:
    chosen = {
        Selection.ALL: Q(),
        Selection.VISIT: Q(visit=feed.visit_id) | Q(parents__visit=feed.visit_id),
        Selection.PERSON: Q(people=feed.person_id),
        Selection.COUNTRY: Q(countries=feed.country_id),
        Selection.KIND: Q(kind=feed.kind, item__isnull=False),
    }
    return chosen[Selection(feed.selection)]


def _entries(rows: list[DiaryEntry], audience: Audience, now: dt.datetime) -> list[Entry]:
    parent_of: dict[int, str] = defaultdict(str)
    for row in rows:
        if row.is_visit:
            inside = row.programme.filter(starts_on__gte=row.starts_on, ends_on__lte=row.ends_on)
            parent_of.update(dict.fromkeys(inside.values_list("pk", flat=True), row.uid))
    found = []
    for row in rows:
        if awaits_new_day(row) and row.ends_on and row.ends_on < now.date() - CANCELLED_STAYS:
            continue
        programme = programme_of(row, audience, now) if row.is_visit else []
        entry = as_entry(row, programme, url=absolute(page_path(row)), parent_uid=parent_of.get(row.pk))
        if entry is not None:
            found.append(entry)
    return found


def page_path(entry: DiaryEntry) -> str:
    """The page of an entry, in the active language."""
    if entry.visit is not None:
        return reverse("visit", args=[entry.visit.slug])
    return reverse("item", args=[entry.item_id])


def absolute(path: str) -> str:
    """A path as an address that works from a calendar."""
    return f"{settings.AGENDA_BASE_URL}{path}"


def _last_change(feed: Feed, now: dt.datetime) -> dt.datetime:
    """What an editor published, and what the clock changes: an embargo that ended, the window's new day."""
    published = DiaryEntry.objects.aggregate(newest=Max("revised_at"))["newest"]
    released = DiaryEntry.objects.filter(release_at__lte=now).aggregate(newest=Max("release_at"))["newest"]
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # The row of a feed that was made a moment ago is not newer than now.
    moments = (min(feed.changed_at, now), published, released, midnight)
    return max(moment for moment in moments if moment is not None)


def _meta(feed: Feed, audience: Audience, changed: dt.datetime) -> CalendarMeta:
    name = feed_name(feed)
    if settings.AGENDA_DEMO:
        name = _("%(name)s (demonstration)") % {"name": name}
    return CalendarMeta(
        name=name,
        description=_("Official visits and their programmes, on the host's clock."),
        language=feed.language,
        product_id="-//Agenda//Diplomatic diary",
        url=absolute(reverse("feeds")),
        last_modified=changed.replace(microsecond=0),
        default_zone="Etc/UTC",
        end_not_stated=_("end not stated"),
        source_url=absolute(reverse("public_feed", args=[feed.language, feed.slug]))
        if audience is Audience.PUBLIC
        else None,
        colour=Colour(name="steelblue", rgb="#4682b4"),
    )
