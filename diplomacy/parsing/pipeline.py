"""The stages in order: open, find, assemble."""

from __future__ import annotations

import datetime as dt

from diplomacy.parsing.document import open_document
from diplomacy.parsing.reading import Reading

PARSER_VERSION = "1"


def read(text: str, *, published_on: dt.date | None, language: str | None = None) -> Reading:
    """What a text says.

    Raises UnreadableText.
    """
    document = open_document(text, published_on=published_on, language=language)
    return Reading(language=document.language)
