"""Take the text from a file that is kept: what a version says, its day, and what was attached to it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from diplomacy.communiques.authenticity import ATTACHED, DELIVERED, by_mail
from diplomacy.communiques.intake import Arrival, RefusedError, first_line, receive, receive_event
from diplomacy.communiques.models import Communique, CommuniqueVersion
from diplomacy.communiques.troubles import noted
from diplomacy.documents import Document, DocumentError, convert
from diplomacy.documents.authenticity import proven_domain
from diplomacy.documents.calendar_parts import calendar_parts


class UnreadableFileError(ValueError):
    """A file that cannot be read, now or later; `troubles.said` makes a sentence of the message."""


def is_converted(version: CommuniqueVersion) -> bool:
    """Whether the text of the version is known."""
    return bool(version.text)


def convert_version(version: CommuniqueVersion, *, now: dt.datetime) -> None:
    """Fill the text of a version from its original bytes, its publication date where nobody gave one, and receive
    each attachment as a communiqué of its own. Doing it twice is doing it once.

    Raises UnreadableFileError where the file cannot be read.
    """
    try:
        document = convert(bytes(version.original), media_type=version.media_type, filename=version.filename)
    except DocumentError as error:
        raise UnreadableFileError(noted(error.trouble)) from error
    with transaction.atomic():
        version.text = document.text
        version.published_on = version.published_on or document.published_on
        communique = version.communique
        _note_sender(document, version, communique)
        version.save(update_fields=["text", "published_on", "authenticity"])
        if communique.title == version.filename[:300] and (title := document.title or first_line(document.text)):
            communique.title = title[:300]
            communique.save(update_fields=["title"])
        _receive_attachments(document, version, communique, now=now)


def _note_sender(document: Document, version: CommuniqueVersion, communique: Communique) -> None:
    """Keep whom a mail says it is from, and whether that is proven; the version is saved by the caller.

    Of a mail within a mail nothing is proven: whoever sent the outer one wrote the inner one's fields.
    """
    proven = ""
    if document.sender and version.authenticity != ATTACHED:
        results, server = document.authentication_results, settings.AGENDA_MAIL_SERVER
        proven = proven_domain(document.sender, results, server=server)[:253]
    if version.authenticity == DELIVERED:
        version.authenticity = by_mail(proven)
    if (communique.sender, communique.proven_domain) != (document.sender[:300], proven):
        communique.sender, communique.proven_domain = document.sender[:300], proven
        communique.save(update_fields=["sender", "proven_domain"])


def _receive_attachments(
    document: Document, version: CommuniqueVersion, communique: Communique, *, now: dt.datetime
) -> None:
    """What is no text (a logo, a signature) is not received; it stays in the original of the mail. An event of a
    calendar is recognised by its own identity, whichever file brings it."""
    for number, file in enumerate(document.attachments, start=1):
        if file.identity:
            receive_event(
                calendar_parts(file.original).events[0],
                communique.source,
                now=now,
                received_by=communique.received_by,
                embargoed_until=communique.embargoed_until,
            )
            continue
        arrival = Arrival(
            original=file.original,
            media_type=file.media_type,
            filename=file.filename,
            title=file.filename,
            published_on=version.published_on,
            received_at=now,
            received_by=communique.received_by,
            embargoed_until=communique.embargoed_until,
            authenticity=ATTACHED,
            identity=f"{communique.identity}#{file.filename or number}"[:300],
        )
        try:
            receive(arrival, communique.source)
        except RefusedError:
            continue
