"""Ask an address by mail whether it was they who want to follow: twice at most until they confirm it."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.alerts.following import follow_page
from agenda.alerts.models import Follow
from agenda.feeds.catalogue import feed_name

# So many mails an address gets because somebody asked, whatever they asked for, until it confirms or is forgotten; one
# that follows already, of what it follows.
MOST_QUESTIONS = 2
logger = logging.getLogger(__name__)


def of_address(email: str) -> QuerySet[Follow]:
    """All that is kept of an address without an account, ended or not."""
    return Follow.objects.filter(email__iexact=email, user=None)


def mail_question(follow_id: str, number: int) -> None:
    """Mail the question of a follow that was mailed `number` questions before: asked for twice, it is done once."""
    row = _counted(follow_id, number) if settings.AGENDA_SMTP else None
    if row is not None:
        _mail(row)


@transaction.atomic
def _counted(follow_id: str, number: int) -> Follow | None:
    """The follow, with the question counted; None where it is not to be mailed. The address's rows are held meanwhile,
    so that several asked for at once are counted one after the other.
    """
    row = Follow.objects.filter(pk=follow_id, ended_at=None).first()
    if row is None:
        return None
    held = {one.pk: one for one in of_address(row.email).select_for_update().order_by("pk")}
    row = held.get(row.pk)
    if row is None or row.questions != number:
        return None
    counted = [row] if row.confirmed_at is not None else [one for one in held.values() if one.confirmed_at is None]
    if sum(one.questions for one in counted) >= MOST_QUESTIONS:
        return None
    row.questions += 1
    row.save(update_fields=["questions"])
    return row


def _mail(row: Follow) -> None:
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
