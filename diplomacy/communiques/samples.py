"""The invented communiqués of the demonstration, dated around today."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.dates import format_date

_DAY = re.compile(r"\{(?:\+(\d{1,3})|today)\}")
_FORMATS = {
    "fr": "EEEE d MMMM y", "en": "d MMMM y", "es": "d 'de' MMMM 'de' y", "pt": "d 'de' MMMM 'de' y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample as it would have been received today."""

    name: str
    language: str
    text: str
    is_published: bool


def samples(folder: Path, today: dt.date) -> Iterator[Sample]:
    """Every sample of the folder with its days written out."""
    for path in sorted(folder.glob("*.txt")):
        heading, _newline, text = path.read_text(encoding="utf-8").partition("\n")
        language, wish = heading.split()
        yield Sample(path.stem, language, dated(text, language, today), wish == "publish")


def dated(text: str, language: str, today: dt.date) -> str:
    """A text with its days written out in its language."""

    def written(found: re.Match[str]) -> str:
        day = today + dt.timedelta(days=int(found.group(1) or 0))
        return format_date(day, _FORMATS[language], locale=language)

    return _DAY.sub(written, text)
