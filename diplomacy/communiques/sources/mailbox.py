"""A mailbox (IMAP, RFC 9051): each message is a communiqué, and leaves the inbox once the database has it."""

from __future__ import annotations

import datetime as dt
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from diplomacy.communiques.authenticity import DELIVERED
from diplomacy.communiques.intake import Arrival
from diplomacy.communiques.models import Source
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools
from diplomacy.documents.limits import MOST_BYTES

_AT_ONCE = 100  # messages a look
_SECONDS = 30.0
_DONE, _REFUSED = "Agenda", "Agenda-refused"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_encrypted: bool


def poll(source: Source, memory: Memory, *, now: dt.datetime, tools: Tools) -> Outcome:
    """Receive what lies in the folder, then move it to "Agenda", or to "Agenda-refused" what cannot be kept.

    Raises SourceError where the server cannot be reached or does not let us in.
    """
    stated = tools.mailbox(source.address)
    if not stated:
        raise SourceError("no_mailbox", source.address)
    outcome = Outcome(memory=memory)
    with opened(stated) as box:
        _take_all(box, source, outcome, now=now)
    return outcome


@contextmanager
def opened(stated: str) -> Iterator[BaseMailBox]:
    """The mailbox of a setting (`imaps://user:password@host/FOLDER`), signed in, in its folder, while the block runs.

    Raises SourceError where the server cannot be reached or does not let us in.
    """
    address = _address(stated)
    try:
        box = _connect(address)
        try:
            box.login(address.user, address.password, address.folder)
            yield box
        finally:
            box.client.shutdown()
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        raise SourceError("mailbox", f"{address.host}: {type(error).__name__}") from error
    except (OSError, ssl.SSLError) as error:
        raise SourceError("connection", address.host) from error


def _take_all(box: BaseMailBox, source: Source, outcome: Outcome, *, now: dt.datetime) -> None:
    for folder in (_DONE, _REFUSED):
        if not box.folder.exists(folder):
            box.folder.create(folder)
    for uid in box.uids()[:_AT_ONCE]:
        _take(box, uid, source, outcome, now=now)


def _take(box: BaseMailBox, uid: str, source: Source, outcome: Outcome, *, now: dt.datetime) -> None:
    message = next(iter(box.fetch(f"UID {uid}", mark_seen=False)), None)
    if message is None:
        return
    original = message.obj.as_bytes()
    identity = " ".join(str(message.obj.get("Message-ID", "")).split())
    arrival = Arrival(
        original=original[: MOST_BYTES + 1],
        media_type="message/rfc822",
        filename="",
        title=(message.subject or "")[:300],
        identity=identity[:280],
        received_at=now,
        authenticity=DELIVERED,
    )
    receipt = outcome.take(arrival, source, called=message.subject or identity or uid)
    # The database has it: only now does the message move.
    box.move(uid, _REFUSED if receipt is None else _DONE)


def _address(text: str) -> _Address:
    """`imaps://user:password@host/FOLDER`, user and password percent-encoded; `imap://`, which is not encrypted, on
    this machine only. No error names any of it: it holds a password."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise SourceError("mailbox_address") from error
    if parts.scheme not in ("imap", "imaps") or not (parts.hostname and parts.username and parts.password):
        raise SourceError("mailbox_address")
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
        raise SourceError("unencrypted", parts.hostname)
    is_encrypted = parts.scheme == "imaps"
    return _Address(
        host=parts.hostname,
        port=port or (993 if is_encrypted else 143),
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=is_encrypted,
    )


def _connect(address: _Address) -> BaseMailBox:
    if address.is_encrypted:
        return MailBox(address.host, address.port, timeout=_SECONDS)
    return MailBoxUnencrypted(address.host, address.port, timeout=_SECONDS)
