"""What a file turns out to hold, and why it may hold nothing for us."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file within a mail, as sent, or an event of a calendar; `identity` recognises an event when it comes again."""

    original: bytes
    media_type: str
    filename: str
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of a file. Lines end in a line feed; cells of a table stand on one line with " | " between them.

    `published_on` is the day the document itself states for its publication (a mail's Date in its own zone, a page's
    metadata), None where it states none. `message_id`, `sender` and `authentication_results` are fields of a mail's
    header; a mail may hold no text but attachments, and a calendar holds none but its events.
    """

    text: str
    title: str = ""
    published_on: dt.date | None = None
    message_id: str = ""
    sender: str = ""
    authentication_results: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class Trouble(StrEnum):
    """Why a file cannot be read."""

    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    SCANNED = "scanned"
    TOO_LARGE = "too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"
    TOO_SLOW = "too_slow"
    OLD_FORMAT = "old_format"
    TOO_MANY_EVENTS = "too_many_events"
    NO_EVENTS = "no_events"
    RECURRING = "recurring"


class DocumentError(ValueError):
    """Raised for a file that cannot be read. `detail` is for the operator's log, not for readers."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail
