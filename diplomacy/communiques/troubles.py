"""What is said to people of a file that cannot be read: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diplomacy.documents import Trouble
from diplomacy.documents.limits import MOST_BYTES, MOST_FILE_EVENTS, MOST_PAGES

_SENTENCES = {
    Trouble.UNKNOWN_TYPE: gettext_lazy(
        "This kind of file is not read. Send text, PDF, Word (.docx), OpenDocument (.odt), HTML, mail (.eml) or "
        "a calendar (.ics), or paste the text itself."
    ),
    Trouble.DAMAGED: gettext_lazy(
        "The file is damaged or is not what it is said to be. Save it anew and send it again."
    ),
    Trouble.ENCRYPTED: gettext_lazy("The file is protected by a password. Save it without one and send it again."),
    Trouble.NO_TEXT: gettext_lazy("There is no text. Paste the communiqué or choose a file that holds it."),
    Trouble.SCANNED: gettext_lazy("The PDF holds pictures of pages and no text. Send the text, or a PDF made from it."),
    Trouble.TOO_LARGE: gettext_lazy(
        "This is too large: at most 2 MB of text, %(most)d MB of a file and %(pages)d pages are read. Send the part "
        "that speaks of the visit."
    ),
    Trouble.TOO_MANY_PARTS: gettext_lazy("The file is made of too many parts. Send its text alone."),
    Trouble.TOO_DEEP: gettext_lazy("The parts of the file lie too deep within each other. Send its text alone."),
    Trouble.TOO_SLOW: gettext_lazy("Reading the file took too long and was stopped. Send its text alone."),
    Trouble.TOO_MANY_EVENTS: gettext_lazy(
        "The calendar holds more than %(events)d events. Subscribe to its address as a source, or send a part of it."
    ),
    Trouble.NO_EVENTS: gettext_lazy("There is no event in this calendar that has an identity (UID)."),
    Trouble.RECURRING: gettext_lazy("This event repeats by a rule, which is not read. Send its single dates."),
    Trouble.OLD_FORMAT: gettext_lazy(
        "This is an old Office file (.doc) or one protected by a password. Save it as .docx without a password."
    ),
}


def sentence(trouble: Trouble) -> str:
    """The sentence in the active language."""
    return _(str(_SENTENCES[trouble])) % {
        "most": MOST_BYTES // 1_000_000, "pages": MOST_PAGES, "events": MOST_FILE_EVENTS,
    }  # fmt: skip


PREFIX = "file:"  # of an error that is a file's trouble
STOPPED = "stopped"  # the error of a job whose worker ended while it read
_UNEXPECTED = "unexpected"
_SAID = {
    STOPPED: gettext_lazy("The worker stopped while reading. If it does so again, the text is too much for it."),
    _UNEXPECTED: gettext_lazy("Reading stopped unexpectedly. Read it again; if that does not help, report it."),
}


def noted(trouble: Trouble) -> str:
    """A trouble as it is kept in the database, in no language."""
    return f"{PREFIX}{trouble.value}"


def unexpected(error: Exception) -> str:
    """An error that nobody foresaw as it is kept, in no language: its kind before its details."""
    return f"{_UNEXPECTED} {type(error).__name__}: {error}"[:500]


def kind_of_error(error: str) -> str:
    """What errors of one kind have in common: all of it but the details."""
    return error.partition(": ")[0]


def said(error: str) -> str:
    """A kept error in the active language: a sentence where there is one for it, anything else as it stands."""
    if error.startswith(PREFIX):
        return sentence(Trouble(error.removeprefix(PREFIX)))
    known = _SAID.get(error.partition(" ")[0])
    if known is None:
        return error
    detail = error.partition(" ")[2]
    return f"{_(str(known))} ({detail})" if detail else _(str(known))
