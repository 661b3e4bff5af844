"""Mails of alerts: what changed, with an .ics, and the way to end it in one click (RFC 8058)."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.alerts.following import follow_page, token_of
from agenda.alerts.gathering import LEASE
from agenda.alerts.models import AlertMail, Follow, MailState
from agenda.alerts.telling import Told, line_of, told_of
from agenda.feeds.catalogue import feed_name
from agenda.feeds.single import NothingToldError, entries_file
from agenda.feeds.tokens import token_digest
from agenda.webhooks.models import Event
from agenda.webhooks.pausing import pause_after

GIVE_UP_AFTER = dt.timedelta(hours=24)
logger = logging.getLogger(__name__)


def send(mail_id: str, attempts: int, *, now: dt.datetime, jitter: Callable[[], float]) -> None:
    """Send a mail once. `attempts` is how often it was tried when this was asked for: asked for twice, it is done once.

    It is noted as sent after the server took it: a worker that dies in between sends it again, with its Message-ID.
    """
    mine = AlertMail.objects.filter(pk=mail_id, state=MailState.WAITING, attempts=attempts)
    if not mine.update(attempts=F("attempts") + 1, next_try_at=now + LEASE):
        return
    mail = AlertMail.objects.select_related("follow__feed__moved_to", "follow__user").get(pk=mail_id)
    message = message_of(mail, now)
    if message is None:
        _close(mail, MailState.EMPTY)
        return
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        is_final = all(code >= 500 for code, _text in error.recipients.values())
        _not_sent(mail, error, now, jitter, is_final=is_final)
    except (smtplib.SMTPException, OSError) as error:
        _not_sent(mail, error, now, jitter, is_final=False)
    else:
        _close(mail, MailState.SENT, now)


def _not_sent(
    mail: AlertMail, error: Exception, now: dt.datetime, jitter: Callable[[], float], *, is_final: bool
) -> None:
    logger.warning("An alert could not be mailed: %s", type(error).__name__)
    if is_final or now >= mail.made_at + GIVE_UP_AFTER:
        _close(mail, MailState.DEAD)
        return
    again = min(now + pause_after(mail.attempts, jitter()), mail.made_at + GIVE_UP_AFTER)
    AlertMail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(next_try_at=max(again, now))


def _close(mail: AlertMail, state: MailState, sent_at: dt.datetime | None = None) -> None:
    AlertMail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(state=state, sent_at=sent_at)


def message_of(mail: AlertMail, now: dt.datetime) -> EmailMessage | None:
    """The mail as it is sent at `now` (aware); None where nobody is to be told, or nothing of it may be told by now."""
    follow = mail.follow
    is_gone = follow.ended_at is not None or (follow.user is not None and not follow.user.is_active)
    if is_gone or not follow.address:
        return None
    _renew_token(follow)
    events = Event.objects.filter(pk__in=mail.alerts.values("event")).select_related("entry")
    with translation.override(follow.language):
        told = told_of(events, follow.audience, now)
        if not told:
            return None
        message = EmailMessage(
            _subject(told, feed_name(follow.feed)), _body(told, follow), settings.DEFAULT_FROM_EMAIL, [follow.address],
            headers={
                "Message-ID": f"<{mail.pk}@{settings.AGENDA_DOMAIN}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{follow_page(follow, 'off')}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )  # fmt: skip
    _attach(message, told, follow, now)
    return message


def _renew_token(follow: Follow) -> None:
    """With a new SECRET_KEY the links of later mails are others."""
    digest = token_digest(token_of(follow))
    if follow.token_sha256 != digest:
        Follow.objects.filter(pk=follow.pk).update(token_sha256=digest)


def _attach(message: EmailMessage, told: list[Told], follow: Follow, now: dt.datetime) -> None:
    """The entries as a calendar, those that have a day."""
    ids = [each.entry_id for each in told if each.entry_id is not None]
    try:
        content, _changed_at = entries_file(ids, follow.audience, follow.language, now)
    except NothingToldError:
        return
    message.attach("agenda.ics", content, "text/calendar")


def _subject(told: list[Told], what: str) -> str:
    if len(told) == 1:
        return " ".join(told[0].heading.split())
    return " ".join((_("%(count)s changes · %(what)s") % {"count": len(told), "what": what}).split())


def _body(told: list[Told], follow: Follow) -> str:
    parts = [
        "\n".join(
            [each.heading, *(f"  {line_of(value)}" for value in each.values), *([each.address] if each.address else [])]
        )
        for each in told
    ]
    why = _("You are told because you follow: %(what)s") % {"what": feed_name(follow.feed)}
    end = line_of((_("Stop it"), "", follow_page(follow)))
    return "\n\n".join([*parts, f"-- \n{why}\n{end}"]) + "\n"
