"""Notices by e-mail, each once, in the language of whoever gets it."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.coverage.models import Notice
from agenda.coverage.wording import FETCHED, headline, lines
from diplomacy.accounts.roles import DESK_ROLES

MOST_ATTEMPTS = 5
_GIVEN_UP_AFTER = dt.timedelta(days=1)  # what is older is read at the desk
logger = logging.getLogger(__name__)


def send_due(now: dt.datetime) -> int:
    """Send what was not sent yet, to those who still work at the desk and have an address; returns how many."""
    if not settings.AGENDA_SMTP:
        return 0
    return sum(_send(notice, now) for notice in _waiting(now))


def _waiting(now: dt.datetime) -> QuerySet[Notice]:
    rows = Notice.objects.filter(
        mailed_at=None,
        attempts__lt=MOST_ATTEMPTS,
        made_at__gt=now - _GIVEN_UP_AFTER,
        recipient__is_active=True,
        recipient__role__in=DESK_ROLES,
    ).exclude(recipient__email="")
    fetched = (f"coverage__item__{name}" for name in FETCHED)
    return rows.select_related("recipient", "coverage__item__place").prefetch_related(*fetched)


def _send(notice: Notice, now: dt.datetime) -> bool:
    """Take the notice, so that nobody else sends it, and send it; given back where the server does not take it."""
    mine = Notice.objects.filter(pk=notice.pk, mailed_at=None)
    if not mine.update(mailed_at=now, attempts=F("attempts") + 1):
        return False
    try:
        with translation.override(notice.recipient.language or settings.LANGUAGE_CODE):
            send_mail(_subject(notice), _body(notice), settings.DEFAULT_FROM_EMAIL, [notice.recipient.email])
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("A notice could not be mailed: %s", type(error).__name__)
        Notice.objects.filter(pk=notice.pk).update(mailed_at=None)
        return False
    return True


def _subject(notice: Notice) -> str:
    return " ".join(headline(notice).split())


def _body(notice: Notice) -> str:
    coverage = notice.coverage
    address = settings.AGENDA_BASE_URL + reverse("admin:desk_coverage_item", args=[coverage.pk])
    contact = _("Contact: %(contact)s") % {"contact": coverage.contact} if coverage.contact else ""
    parts = (headline(notice), "\n".join(lines(notice)), coverage.accreditation, contact, address)
    return "\n\n".join(part for part in parts if part) + "\n"
