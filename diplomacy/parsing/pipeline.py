"""The stages in order: open, tell the language, find, lay out, gather stays, read the programme, assemble."""

from __future__ import annotations

import datetime as dt

from diplomacy.parsing.assemble import free_items, visit_draft
from diplomacy.parsing.assessor import Assessor
from diplomacy.parsing.confidence import Weigh
from diplomacy.parsing.document import open_document
from diplomacy.parsing.findings import Findings, find_all
from diplomacy.parsing.language import detect, languages
from diplomacy.parsing.language import language as language_of
from diplomacy.parsing.layout import lay_out
from diplomacy.parsing.lexicon import EMPTY, Lexicon
from diplomacy.parsing.programme import read_programme
from diplomacy.parsing.reading import Reading
from diplomacy.parsing.stays import gather_stays

PARSER_VERSION = "4"


def read(
    text: str,
    *,
    published_on: dt.date | None,
    language: str | None = None,
    lexicon: Lexicon | None = None,
    weigh: Weigh | None = None,
) -> Reading:
    """What a text says, read with `published_on` as today. `language` is an ISO 639-1 code, None to have it told;
    `lexicon` holds the people known already. `weigh` makes confidences of what is known of each value; None for the
    trees of confidence_trees.json.

    Raises EmptyTextError, NotTextError, TextTooLongError or NoPublicationDateError (all UnreadableTextError). A text
    in a language there is no file for gives an empty Reading with a warning.
    """
    document = open_document(text, published_on=published_on, language=language)
    code = language if language is not None else detect(document)
    if code not in languages():
        told = f"“{code}” is not read yet" if code else "the language could not be told"
        return Reading(language=code, warnings=(f"Nothing was read: {told}. Known: {', '.join(languages())}.",))
    return _assemble(find_all(document, language_of(code), lexicon or EMPTY), weigh)


def _assemble(found: Findings, weigh: Weigh | None) -> Reading:
    if _tells_nothing(found):
        return Reading(language=found.language.code)
    units = lay_out(found)
    stays = gather_stays(found, units)
    items = read_programme(found, units, stays)
    assessor = Assessor(found, stays, items, weigh)
    return Reading(
        language=found.language.code,
        visits=tuple(visit_draft(found, stay, [one for one in items if one.stay is stay], assessor) for stay in stays),
        items=free_items(found, items, assessor),
        aliases={one.name: one.aliases for one in found.referents if one.name and one.aliases},
        warnings=tuple(_warnings(found)),
    )


def _tells_nothing(found: Findings) -> bool:
    """Whether the title says that the text is of a kind that tells no event: a message of condolences."""
    document = found.document
    if document.title is None:
        return False
    title = document.lines[document.title]
    return "negative_document" in found.labels(found.status, title.start, title.end)


def _warnings(found: Findings) -> list[str]:
    return [
        f"{warning.value}: “{found.span(mention.start, mention.end, '').quote}”"
        for mention in found.dates
        for warning in mention.warnings
    ]
