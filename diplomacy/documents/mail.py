"""Mail (RFC 5322, MIME): the body as text, the day of its Date field, and its attachments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.parser import BytesParser

from diplomacy.documents.document import Attachment, Document, DocumentError, Trouble
from diplomacy.documents.limits import MOST_DEPTH, MOST_PARTS
from diplomacy.documents.markup import read_html
from diplomacy.documents.plain import decode

# An invitation is sent as one more form of the same words, but it states its time exactly.
_CALENDAR = "text/calendar"


def read_mail(original: bytes) -> Document:
    """A mail: its own words, preferring the plain form of what is sent in two, and the files sent with it.

    Raises DocumentError for a mail of too many or too deeply nested parts, and for one with neither words nor files.
    """
    try:
        message = BytesParser(policy=policy.default).parsebytes(original)
        parts = list(_parts(message))
    except RecursionError as error:
        raise DocumentError(Trouble.TOO_DEEP) from error
    except (MessageError, ValueError, LookupError, AssertionError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(Trouble.DAMAGED, f"{type(error).__name__}: {error}") from error
    text = "\n".join(_words(part) for part in parts if not _is_file(part)).strip("\n")
    attachments = tuple(_attachment(part) for part in parts if _is_file(part))
    if not text.strip() and not attachments:
        raise DocumentError(Trouble.NO_TEXT)
    return Document(
        text=text,
        title=_header(message, "Subject"),
        published_on=_day(message),
        message_id=_header(message, "Message-ID"),
        sender=_header(message, "From"),
        authentication_results=tuple(str(value)[:2000] for value in message.get_all("Authentication-Results", [])[:10]),
        attachments=attachments,
    )


def _parts(message: EmailMessage, depth: int = 0, count: list[int] | None = None) -> Iterator[EmailMessage]:
    count = count if count is not None else [0]
    count[0] += 1
    if count[0] > MOST_PARTS:
        raise DocumentError(Trouble.TOO_MANY_PARTS, f"more than {MOST_PARTS}")
    if depth > MOST_DEPTH:
        raise DocumentError(Trouble.TOO_DEEP)
    if not message.is_multipart() or message.get_content_maintype() != "multipart":
        yield message
        return
    children = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    if message.get_content_subtype() == "alternative":
        invitations = [part for part in children if part.get_content_type() == _CALENDAR]
        words = [part for part in children if part not in invitations]
        children = ([_preferred(words)] if words else []) + invitations
    for child in children:
        yield from _parts(child, depth + 1, count)


def _preferred(forms: list[EmailMessage]) -> EmailMessage:
    """Of several forms of the same words the plain one, unless it is empty; else the last, as the sender prefers."""
    for form in forms:
        if form.get_content_type() == "text/plain" and _words(form).strip():
            return form
    return forms[-1]


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_maintype() in ("image", "audio", "video") and not part.get_filename():
        return True
    is_text = part.get_content_maintype() == "text" and part.get_content_type() != _CALENDAR
    return part.is_attachment() or not is_text or bool(part.get_filename())


def _words(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return ""
    if part.get_content_type() == "text/html":
        try:
            return read_html(content).text
        except DocumentError:
            return ""
    return decode(content, charset=part.get_content_charset() or "")


def _attachment(part: EmailMessage) -> Attachment:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        content = inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    else:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
    return Attachment(original=content, media_type=part.get_content_type(), filename=part.get_filename() or "")


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())[:300]


def _day(message: EmailMessage) -> dt.date | None:
    """The day on the sender's own clock: the one the words "today" in the mail mean."""
    header = message.get("Date")
    moment = header.datetime if isinstance(header, DateHeader) else None
    return moment.date() if moment is not None else None
