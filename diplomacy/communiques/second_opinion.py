"""Ask for a second opinion on what was read, and keep it beside the reading, which it never changes.

Off unless the settings name a server. It writes to the extraction alone: proposals, decisions and visits stay as they
are, whatever the text or the model says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from diplomacy.communiques.models import Extraction
from diplomacy.directory.spelling import writable_json
from diplomacy.parsing.output import as_json

if TYPE_CHECKING:
    from diplomacy.second_opinion import Extractor


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """One answer as it is kept. `error` says why there is none; then there is no reading either.

    `reading` has the shape of docs/reference/reading.schema.json; `differences` those of
    `diplomacy.second_opinion.Difference`; `rejected` says what was answered and not kept, and why.
    """

    by: str
    asked_at: str  # ISO, with its zone
    reading: dict[str, Any] | None = None
    differences: Sequence[dict[str, str | None]] = ()
    rejected: Sequence[str] = ()
    error: str = ""


def is_wanted() -> bool:
    """Whether the settings name a server to ask."""
    return bool(settings.SECOND_OPINION_URL)


def configured() -> Extractor:
    """The extractor of the settings."""
    # Imported when asked: its libraries cost each worker 20 MB, and most diaries never ask.
    from diplomacy.second_opinion import Endpoint, LanguageModel

    return LanguageModel.at(
        Endpoint(
            base_url=settings.SECOND_OPINION_URL,
            model=settings.SECOND_OPINION_MODEL,
            key=settings.SECOND_OPINION_KEY,
            connect_timeout=settings.SECOND_OPINION_CONNECT_TIMEOUT,
            read_timeout=settings.SECOND_OPINION_READ_TIMEOUT,
            deadline=settings.SECOND_OPINION_DEADLINE,
        )
    )


def ask(extraction: Extraction, extractor: Extractor, *, now: dt.datetime) -> SecondOpinion | None:
    """Have the text read a second time and keep what comes of it; None where an answer was kept before."""
    if extraction.second_opinion and not extraction.second_opinion["error"]:
        return None
    opinion = _opinion(extraction, extractor, now)
    Extraction.objects.filter(pk=extraction.pk).update(second_opinion=writable_json(asdict(opinion)))
    return opinion


def _opinion(extraction: Extraction, extractor: Extractor, now: dt.datetime) -> SecondOpinion:
    from diplomacy.second_opinion import NoAnswerError, TooLongToAskError, differences

    by, asked_at = extractor.name, now.isoformat()
    published_on = extraction.published_on or extraction.version.published_on
    assert published_on is not None
    try:
        found = extractor.extract(
            extraction.version.text, published_on=published_on, language=extraction.language or None
        )
    except (NoAnswerError, TooLongToAskError) as error:
        return SecondOpinion(by=by, asked_at=asked_at, error=str(error))
    reading = as_json(found.reading)
    return SecondOpinion(
        by=by,
        asked_at=asked_at,
        reading=reading,
        differences=[asdict(one) for one in differences(extraction.reading, reading)],
        rejected=list(found.rejected),
    )
