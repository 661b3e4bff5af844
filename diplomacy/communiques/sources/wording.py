"""What is said at the desk of a source that could not be looked into."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diplomacy.communiques import troubles
from diplomacy.communiques.sources.alarms import Alarm

_SENTENCES = {
    "address": gettext_lazy("The address is none of the public web. Correct it."),
    "name": gettext_lazy("The host is not known. Check the address."),
    "connection": gettext_lazy("The server could not be reached. It is tried again."),
    "time": gettext_lazy("The server took too long. It is tried again."),
    "busy": gettext_lazy("Too many pages are being asked for just now. Try again in a moment."),
    "size": gettext_lazy("The page is larger than is read. Watch a page that says less."),
    "redirects": gettext_lazy("The server leads from address to address without end. Check the address."),
    "status": gettext_lazy("The server did not give the page. Check the address; it is tried again."),
    "answer": gettext_lazy("The server's answer cannot be read. Check the address; it is tried again."),
    "robots": gettext_lazy("The server asks programs not to read this page (robots.txt). Ask its owner."),
    "no_feed": gettext_lazy("There is no RSS or Atom feed at this address. Watch it as a page instead."),
    "no_calendar": gettext_lazy("There is no calendar (iCalendar) at this address. Check it, or watch it as a page."),
    "many_events": gettext_lazy("The calendar holds more events than are read. Subscribe to a part of it."),
    "folder": gettext_lazy("The folder is not there or cannot be written. Make it within the inbox."),
    "mailbox": gettext_lazy("The mail server does not let us in, or has no such folder. Check name and password."),
    "mailbox_address": gettext_lazy("The setting of this mailbox is not imaps://user:password@host/FOLDER."),
    "no_mailbox": gettext_lazy("No mailbox of this name is in the settings."),
    "unencrypted": gettext_lazy("Mail is only read over an encrypted connection: imaps://."),
    "unexpected": gettext_lazy("Looking into it stopped unexpectedly; the log says more. It is tried again."),
}


_ALARMS = {
    Alarm.QUIET: gettext_lazy("Strangely quiet: nothing has come for much longer than usual."),
    Alarm.BARREN: gettext_lazy("Nothing was read in its last texts: is it the right page?"),
    Alarm.FAILING: gettext_lazy("It could not be looked into for some time."),
}


def said_of_alarms(codes: Iterable[str]) -> list[str]:
    """A sentence for each alarm kept with a source, in the active language."""
    return [_(str(_ALARMS[Alarm(code)])) for code in codes]


def said_of_source(error: str) -> str:
    """The sentence for an error kept with a source, with what it names, in the active language; empty for none."""
    if not error:
        return ""
    if error.startswith(troubles.PREFIX):
        return troubles.said(error)
    code, _colon, detail = error.partition(": ")
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return error
    return f"{_(str(sentence))} ({detail})" if detail else _(str(sentence))
