"""The stages in order: open, tell the language, find, assemble."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from diplomacy.parsing.agendas import agenda_lines, assemble_agenda
from diplomacy.parsing.assemble import assemble_visits
from diplomacy.parsing.document import open_document
from diplomacy.parsing.findings import Findings, find_all
from diplomacy.parsing.language import detect, languages
from diplomacy.parsing.language import language as language_of
from diplomacy.parsing.reading import Reading

PARSER_VERSION = "1"


def read(text: str, *, published_on: dt.date | None, language: str | None = None) -> Reading:
    """What a text says, read with `published_on` as today. `language` is an ISO 639-1 code, None to have it told.

    Raises EmptyTextError, NotTextError, TextTooLongError or NoPublicationDateError (all UnreadableTextError). A text
    in a language there is no file for gives an empty Reading with a warning.
    """
    document = open_document(text, published_on=published_on, language=language)
    code = language if language is not None else detect(document)
    if code not in languages():
        told = f"“{code}” is not read yet" if code else "the language could not be told"
        return Reading(language=code, warnings=(f"Nothing was read: {told}. Known: {', '.join(languages())}.",))
    return _assemble(find_all(document, language_of(code)))


def _assemble(found: Findings) -> Reading:
    visits = assemble_visits(found)
    lines = agenda_lines(found)
    items = tuple(assemble_agenda(found, lines)) if lines else ()
    if items and len(visits) == 1:
        visit = visits[0]
        visits, items = (replace(visit, items=items),), ()
    return Reading(
        language=found.language.code,
        visits=visits,
        items=items,
        aliases={one.name: one.aliases for one in found.referents if one.name and one.aliases},
        warnings=tuple(_warnings(found)),
    )


def _warnings(found: Findings) -> list[str]:
    return [
        f"The weekday disagrees with the date: “{found.span(mention.start, mention.end, '').quote}”."
        for mention in found.times.dates
        if mention.weekday_disagrees
    ]
