"""Follow something, confirm it, end it. An address without an account is told nothing before it was confirmed."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from agenda.alerts.models import Follow
from agenda.entries.addresses import absolute
from agenda.feeds.catalogue import feed_name
from agenda.feeds.models import Feed
from agenda.feeds.tokens import token_digest
from diplomacy.accounts.models import User

# What was asked for and not confirmed is forgotten, and so many an address may ask for meanwhile.
UNCONFIRMED_STAYS = dt.timedelta(days=2)
MOST_UNCONFIRMED = 3
logger = logging.getLogger(__name__)


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
    return _keep(row, wish)


def ask(email: str, feed: Feed, wish: Wish, *, now: dt.datetime) -> None:
    """Somebody without an account wants to follow; a mail asks whether it was they. Nothing tells whether the address
    is known: one that follows already is sent the way to its page, and one that asked too often nothing.
    """
    asking = Follow.objects.filter(email__iexact=email, user=None, ended_at=None)
    known = asking.filter(feed=feed).first()
    recent = asking.filter(confirmed_at=None, asked_at__gt=now - UNCONFIRMED_STAYS)
    if known is None and recent.count() >= MOST_UNCONFIRMED:
        return
    if known is not None and known.asked_at > now - dt.timedelta(hours=1):
        return
    row = known or Follow(email=email, feed=feed)
    row.asked_at = now
    # What a confirmed follower has set is not changed by whoever names their address.
    row = _keep(row, wish) if row.confirmed_at is None else _asked_again(row)
    transaction.on_commit(lambda: _mail_question(row))


def confirm(row: Follow, *, now: dt.datetime) -> None:
    """It was they (at `now`, aware)."""
    Follow.objects.filter(pk=row.pk, confirmed_at=None, ended_at=None).update(confirmed_at=now)


def end(row: Follow, *, now: dt.datetime) -> None:
    """Tell them nothing more (from `now`, aware, on)."""
    Follow.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)


def forget(now: dt.datetime) -> None:
    """Forget the addresses of those who never confirmed, and a month after it of those who ended it."""
    Follow.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_STAYS).delete()
    Follow.objects.filter(ended_at__lt=now - dt.timedelta(days=30)).delete()


def _keep(row: Follow, wish: Wish) -> Follow:
    row.language, row.rhythm, row.zone = wish.language, wish.rhythm, wish.zone
    row.hour, row.weekday = wish.hour, wish.weekday
    row.token_sha256 = token_digest(token_of(row))
    row.save()
    return row


def _asked_again(row: Follow) -> Follow:
    row.token_sha256 = token_digest(token_of(row))
    row.save(update_fields=["asked_at", "token_sha256"])
    return row


def _mail_question(row: Follow) -> None:
    if not settings.AGENDA_SMTP:
        return
    with translation.override(row.language):
        what = feed_name(row.feed)
        if row.confirmed_at is None:
            subject = _("Confirm: be told of changes · %(what)s") % {"what": what}
            text = _("Somebody, you we hope, wants this address to be told what changes of this: %(what)s")
            after = _("Confirm it here. If it was not you, do nothing: you will hear nothing more.")
        else:
            subject = _("You follow this already · %(what)s") % {"what": what}
            text = _("This address is told already what changes of this: %(what)s")
            after = _("End it here.")
        body = f"{text % {'what': what}}\n\n{after}\n\n{follow_page(row)}\n"
    try:
        send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [row.email])
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("A question could not be mailed: %s", type(error).__name__)
