"""Follow something, confirm it, end it. An address without an account is told nothing before it was confirmed."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from agenda.alerts.models import Follow
from agenda.entries.addresses import absolute
from agenda.feeds.models import Feed
from agenda.feeds.tokens import token_digest
from diplomacy.accounts.models import User

# What was asked for and not confirmed is forgotten.
UNCONFIRMED_STAYS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wish:
    """When and in which language somebody wants to be told; `hour` and `weekday` on the clock of `zone`."""

    language: str
    rhythm: str
    hour: int
    weekday: int
    zone: str


def token_of(follow: Follow) -> str:
    """What the links in mails to a follower hold. Made of the settings' SECRET_KEY, kept nowhere."""
    made = salted_hmac("agenda.alerts", str(follow.pk), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:18]).decode("ascii")


def by_token(token: str) -> Follow | None:
    """The follow of a link; None for one that is no longer good."""
    rows = Follow.objects.select_related("feed", "user")
    return rows.filter(token_sha256=token_digest(token), ended_at=None).first()


def follow_page(follow: Follow, act: str = "") -> str:
    """The address (absolute) where a follower confirms or ends it."""
    name = f"alert_{act}" if act else "alert"
    with translation.override(follow.language):
        return absolute(reverse(name, args=[token_of(follow)]))


def live() -> QuerySet[Follow]:
    """Those who are told: confirmed, not ended, of a user who is still here."""
    rows = Follow.objects.filter(confirmed_at__isnull=False, ended_at=None)
    return rows.exclude(user__is_active=False).select_related("feed__moved_to", "user")


def follow(user: User, feed: Feed, wish: Wish, *, now: dt.datetime) -> Follow:
    """A user follows what a feed selects from `now` (aware) on; who follows it already, follows it so from now on."""
    row = Follow.objects.filter(user=user, feed=feed, ended_at=None).first() or Follow(
        user=user, feed=feed, asked_at=now, confirmed_at=now
    )
    return keep(row, wish)


def confirm(row: Follow, *, now: dt.datetime) -> None:
    """It was they (at `now`, aware)."""
    Follow.objects.filter(pk=row.pk, confirmed_at=None, ended_at=None).update(confirmed_at=now, questions=0)


def end(row: Follow, *, now: dt.datetime) -> None:
    """Tell them nothing more (from `now`, aware, on)."""
    Follow.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)


def forget(now: dt.datetime) -> None:
    """Forget the addresses of those who never confirmed, and a month after it of those who ended it."""
    Follow.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_STAYS).delete()
    Follow.objects.filter(ended_at__lt=now - dt.timedelta(days=30)).delete()


def keep(row: Follow, wish: Wish) -> Follow:
    """Save a follow as it is wanted. Raises IntegrityError where another has come first."""
    row.language, row.rhythm, row.zone = wish.language, wish.rhythm, wish.zone
    row.hour, row.weekday = wish.hour, wish.weekday
    row.token_sha256 = token_digest(token_of(row))
    row.save()
    return row
