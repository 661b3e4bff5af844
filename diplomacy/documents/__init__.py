"""Files in, plain text out: PDF, Word, OpenDocument, HTML, mail, iCalendar, each read in a child process with limits.

    convert(original, media_type="application/pdf", filename="programme.pdf") -> Document

A pure library without Django, database or network. What cannot be read raises `DocumentError`, whose `trouble` names
why; the sentence for people is the caller's.
"""

from diplomacy.documents.child import convert
from diplomacy.documents.document import Attachment, Document, DocumentError, Trouble
from diplomacy.documents.kinds import DocumentKind, kind_of

__all__ = ["Attachment", "Document", "DocumentError", "DocumentKind", "Trouble", "convert", "kind_of"]
