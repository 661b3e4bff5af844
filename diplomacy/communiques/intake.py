"""Keep what arrives, recognise what came before, and queue it to be read once the database has it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction

from diplomacy.accounts.models import User
from diplomacy.communiques.models import Communique, CommuniqueState, CommuniqueVersion, Source
from diplomacy.communiques.queueing import queue
from diplomacy.communiques.repeats import note_repeat
from diplomacy.communiques.troubles import sentence
from diplomacy.directory.spelling import make_writable
from diplomacy.documents import DocumentError, DocumentKind, Trouble, convert, kind_of
from diplomacy.documents.calendar_parts import EVENT_TYPE, EventPart, calendar_parts
from diplomacy.documents.limits import MOST_BYTES

MAX_BYTES = 2_000_000  # of a plain text; files of other kinds may have MOST_BYTES


class RefusedError(ValueError):
    """Raised for what cannot be kept as a communiqué; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something that reached us. `received_at` is aware; `identity` recognises a new version of the same text."""

    original: bytes
    received_at: dt.datetime
    media_type: str = "text/plain"
    filename: str = ""
    title: str = ""
    published_on: dt.date | None = None
    language: str = ""
    identity: str = ""
    received_by: User | None = None
    embargoed_until: dt.datetime | None = None
    authenticity: str = ""  # as `authenticity.py` notes it

    def __post_init__(self) -> None:
        """Take texts as a database can keep them."""
        make_writable(self)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an arrival: its version, and whether we had it already."""

    version: CommuniqueVersion
    is_repeat: bool


def receive(arrival: Arrival, source: Source) -> Receipt:
    """Keep an arrival and queue it to be read after commit. The same bytes are kept once, whoever sends them, unless
    their source took them back meanwhile (v1, v2, v1): then they are its newest version.

    Without a publication date it is kept and waits for one.
    Raises RefusedError for nothing, too much, and what is no text.
    """
    text = _text_of(arrival)
    digest = hashlib.sha256(arrival.original).hexdigest()
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        first = CommuniqueVersion.objects.filter(sha256=digest, resent_of=None).first()
        known = first and _still_said(first, arrival, source)
        if known is not None:
            if known.published_on is None and arrival.published_on is not None:
                date_version(known, arrival.published_on, now=arrival.received_at)
            note_repeat(known, source, identity=arrival.identity, now=arrival.received_at)
            return Receipt(known, is_repeat=True)
        version = _keep(arrival, source, text, digest, resent_of=first)
        if version.published_on is not None or not text:
            queue(version, now=arrival.received_at)
    return Receipt(version, is_repeat=False)


def receive_event(
    part: EventPart,
    source: Source,
    *,
    now: dt.datetime,
    received_by: User | None = None,
    embargoed_until: dt.datetime | None = None,
) -> Receipt:
    """Keep an event of a calendar, recognised by its identity. One that says what we have, or less than we have
    because it is an older issue of it, is a repeat.

    Raises RefusedError for what cannot be kept.
    """
    known = Communique.objects.filter(source=source, identity=part.identity).first()
    if known is not None:
        latest = known.latest
        kept = calendar_parts(bytes(latest.original)).events if latest.media_type == EVENT_TYPE else ()
        if kept and (kept[0].digest == part.digest or part.is_older_than(kept[0])):
            return Receipt(latest, is_repeat=True)
    arrival = Arrival(
        original=part.original,
        received_at=now,
        media_type=EVENT_TYPE,
        filename=f"{part.title[:100] or 'event'}.ics",
        title=part.title,
        identity=part.identity,
        received_by=received_by,
        embargoed_until=embargoed_until,
    )
    return receive(arrival, source)


def _still_said(first: CommuniqueVersion, arrival: Arrival, source: Source) -> CommuniqueVersion | None:
    """The version that an arrival of the same bytes repeats; None if its communiqué has said something else since."""
    communique = first.communique
    if communique.source_id != source.pk or communique.identity != arrival.identity:
        return first
    latest = communique.latest
    return latest if latest.sha256 == first.sha256 else None


def _keep(
    arrival: Arrival, source: Source, text: str, digest: str, *, resent_of: CommuniqueVersion | None
) -> CommuniqueVersion:
    waits = arrival.published_on is None and bool(text)  # a file may state its day itself
    communique, _made = Communique.objects.get_or_create(
        source=source,
        identity=arrival.identity or digest,
        defaults={
            "title": (arrival.title or first_line(text) or arrival.filename)[:300],
            "received_at": arrival.received_at,
            "received_by": arrival.received_by,
            "embargoed_until": arrival.embargoed_until,
        },
    )
    communique.state = CommuniqueState.WAITING_FOR_DATE if waits else CommuniqueState.QUEUED
    communique.save(update_fields=["state"])
    return CommuniqueVersion.objects.create(
        communique=communique,
        number=communique.versions.count() + 1,
        original=arrival.original,
        sha256=digest,
        resent_of=resent_of,
        media_type=arrival.media_type[:100],
        filename=arrival.filename[:200],
        text=text,
        published_on=arrival.published_on,
        language=arrival.language or source.language,
        received_at=arrival.received_at,
        authenticity=arrival.authenticity,
    )


@transaction.atomic
def date_version(
    version: CommuniqueVersion, published_on: dt.date, *, now: dt.datetime, language: str | None = None
) -> None:
    """Give a version its publication date, or correct it (and its language, unless None), and have it read with it.
    What was decided on an earlier reading stays decided.
    """
    version.published_on = published_on
    if language is not None:
        version.language = language
    version.save(update_fields=["published_on", "language"])
    queue(version, now=now)


def _text_of(arrival: Arrival) -> str:
    """The text, or nothing yet where the worker has to take it from a file of another kind."""
    try:
        kind = kind_of(arrival.original, media_type=arrival.media_type, filename=arrival.filename)
        if kind is not DocumentKind.TEXT:
            if len(arrival.original) > MOST_BYTES:
                raise DocumentError(Trouble.TOO_LARGE)
            return ""
        if len(arrival.original) > MAX_BYTES:
            raise DocumentError(Trouble.TOO_LARGE)
        return convert(arrival.original, media_type=kind.value).text
    except DocumentError as error:
        raise RefusedError(sentence(error.trouble)) from error


def first_line(text: str) -> str:
    """The first words of a text: what it is called by where it has no title."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
