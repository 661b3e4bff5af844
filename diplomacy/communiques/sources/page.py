"""A watched web page: each time its words have changed it is a new version of the same communiqué."""

from __future__ import annotations

import datetime as dt

from diplomacy.communiques.authenticity import by_page
from diplomacy.communiques.intake import Arrival
from diplomacy.communiques.models import Communique, Source
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools
from diplomacy.communiques.sources.web import page_at
from diplomacy.communiques.troubles import noted
from diplomacy.documents import DocumentError, convert
from diplomacy.fetching import Known, file_name


def poll(source: Source, memory: Memory, *, now: dt.datetime, tools: Tools) -> Outcome:
    """Receive the page if its words are others than those of its last version; a new menu or date line of the site
    is no change.

    Raises SourceError where the page cannot be had or read.
    """
    page = page_at(source.address, tools, known=Known(memory.get("etag", ""), memory.get("last_modified", "")))
    outcome = Outcome(memory={"etag": page.known.etag, "last_modified": page.known.last_modified})
    if page.content is None:
        return outcome
    try:
        document = convert(page.content, media_type=page.media_type, filename=file_name(page.url))
    except DocumentError as error:
        raise SourceError(noted(error.trouble)) from error
    known = Communique.objects.filter(source=source, identity=source.address).first()
    if known is not None and known.latest.text == document.text:
        outcome.known += 1
        return outcome
    arrival = Arrival(
        original=page.content,
        media_type=page.media_type,
        filename=file_name(page.url),
        title=document.title,
        identity=source.address,
        received_at=now,
        authenticity=by_page(source.address, page.url),
    )
    outcome.take(arrival, source, called=source.address)
    return outcome
