"""What kind of file it is: by its first bytes, else by what its sender says of it."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from diplomacy.documents.calendar_parts import EVENT_TYPE
from diplomacy.documents.document import DocumentError, Trouble
from diplomacy.documents.limits import MOST_MEMBERS, MOST_UNPACKED


class DocumentKind(StrEnum):
    """The kinds that are read, by their media type."""

    TEXT = "text/plain"
    HTML = "text/html"
    MAIL = "message/rfc822"
    PDF = "application/pdf"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
    CALENDAR = "text/calendar"
    EVENT = EVENT_TYPE  # one event, cut out of a calendar


_BY_MEDIA_TYPE = {kind.value: kind for kind in DocumentKind} | {
    "text/markdown": DocumentKind.TEXT,
    "application/xhtml+xml": DocumentKind.HTML,
    "application/vnd.ms-word.document.macroenabled.12": DocumentKind.WORD,
}
_BY_ENDING = {
    "txt": DocumentKind.TEXT,
    "md": DocumentKind.TEXT,
    "html": DocumentKind.HTML,
    "htm": DocumentKind.HTML,
    "xhtml": DocumentKind.HTML,
    "eml": DocumentKind.MAIL,
    "pdf": DocumentKind.PDF,
    "docx": DocumentKind.WORD,
    "docm": DocumentKind.WORD,
    "odt": DocumentKind.OPEN_DOCUMENT,
    "ics": DocumentKind.CALENDAR,
}
_TOLD_BY_BYTES = (DocumentKind.PDF, DocumentKind.WORD, DocumentKind.OPEN_DOCUMENT, DocumentKind.CALENDAR)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"\s{0,100}(?:<\?xml[^>]{0,200}>\s{0,100})?<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    rb"(?:from|received|return-path|delivered-to|message-id|mime-version|date|subject|to): ", re.I
)


def kind_of(original: bytes, *, media_type: str = "", filename: str = "") -> DocumentKind:
    """The kind of a file.

    Raises DocumentError for one that is not read: an old or encrypted office file, a picture, a program.
    """
    start = original[:1024].lstrip(b"\xef\xbb\xbf")
    if b"%PDF-" in start:
        return DocumentKind.PDF
    if start.startswith(_OLD_OFFICE):
        raise DocumentError(Trouble.OLD_FORMAT)
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_zip(original)
    if start.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return DocumentKind.EVENT if media_type == EVENT_TYPE else DocumentKind.CALENDAR
    stated = _BY_MEDIA_TYPE.get(media_type.split(";")[0].strip().lower())
    by_ending = _BY_ENDING.get(filename.rpartition(".")[2].lower()) if "." in filename else None
    kind = by_ending if stated in (None, DocumentKind.TEXT) and by_ending else stated
    if kind in _TOLD_BY_BYTES:
        raise DocumentError(Trouble.DAMAGED, f"said to be {kind}")
    if kind is DocumentKind.TEXT and _MARKUP.match(start):
        return DocumentKind.HTML
    if kind is None and media_type.startswith("text/"):
        kind = DocumentKind.TEXT
    if kind is None and not media_type.startswith(("image/", "audio/", "video/")):
        kind = _guess(start)
    if kind is None:
        raise DocumentError(Trouble.UNKNOWN_TYPE, media_type or filename)
    return kind


def _guess(start: bytes) -> DocumentKind | None:
    if _MARKUP.match(start):
        return DocumentKind.HTML
    if _MAIL_HEADER.match(start):
        return DocumentKind.MAIL
    return None


def _kind_of_zip(original: bytes) -> DocumentKind:
    try:
        with zipfile.ZipFile(io.BytesIO(original)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise DocumentError(Trouble.DAMAGED, str(error)) from error
    if len(members) > MOST_MEMBERS:
        raise DocumentError(Trouble.TOO_MANY_PARTS, f"{len(members)} members")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise DocumentError(Trouble.TOO_LARGE, "unpacked")
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(Trouble.ENCRYPTED)
    if "word/document.xml" in names:
        return DocumentKind.WORD
    if "content.xml" in names and "mimetype" in names:
        return DocumentKind.OPEN_DOCUMENT
    raise DocumentError(Trouble.UNKNOWN_TYPE, "zip")
