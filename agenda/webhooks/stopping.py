"""Switch a webhook off, and tell its owner where it was not they who did."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.webhooks.models import Delivery, DeliveryState, Stopped, Webhook

logger = logging.getLogger(__name__)


def stop(webhook: Webhook, why: Stopped, *, now: dt.datetime) -> None:
    """Switch a webhook off (at `now`, aware). What waits is given up, to be sent again by hand."""
    with transaction.atomic():
        if not Webhook.objects.filter(pk=webhook.pk, stopped="").update(stopped=why, stopped_at=now):
            return
        Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(state=DeliveryState.DEAD)
    if why is not Stopped.BY_HAND:
        _notify(webhook, why)


def _notify(webhook: Webhook, why: Stopped) -> None:
    """By mail, where that is set up; the desk's first page says it in any case."""
    owner = webhook.owner
    if not (settings.AGENDA_SMTP and owner.email and owner.is_active):
        return
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        said = {"label": " ".join(webhook.label.split()), "why": why.label}
        subject = _("Webhook “%(label)s” is %(why)s") % said
        address = settings.AGENDA_BASE_URL + reverse("admin:desk_webhook", args=[webhook.pk])
        text = _("It is sent nothing until somebody switches it on again; what was given up can be sent again there.")
        try:
            send_mail(subject, f"{text}\n\n{address}\n", settings.DEFAULT_FROM_EMAIL, [owner.email])
        except (smtplib.SMTPException, OSError) as error:
            logger.warning("A notice could not be mailed: %s", type(error).__name__)
