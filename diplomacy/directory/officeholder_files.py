"""Who holds which office, read from a file: a result of query.wikidata.org (JSON or CSV), or a plain CSV.

Columns, in any order, others are left alone (docs/how-to/who-is-who.md has the query that gives them):

    person or personLabel, office or officeLabel, country (code or name), since, until, wikidata, office_wikidata,
    rank, spellings ("|" between them), sincePrecision, untilPrecision (Wikidata's: 11 is a day, 9 a year)

No database here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diplomacy.directory.spelling import writable
from diplomacy.directory.wikidata import NoIdentifierError, item_id
from diplomacy.tables.formats import armed
from diplomacy.vocabulary import Rank

Raw = Mapping[str, str]
LONGEST = 300  # code points of a name or a title
_DAY_PRECISION, _MONTH_PRECISION = 11, 10
_MOMENT = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)(T[\d:.]+Z?)?")
_INEXACT = re.compile(r"\d{4}(?:-\d\d)?")
_UNKNOWN = re.compile(r"t\d+|_:.*|https?://[^ ]*genid[^ ]*", re.IGNORECASE)  # "unknown value", as Wikidata writes it
_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/.*", re.IGNORECASE)


class UnreadableFileError(ValueError):
    """Raised for a file that is no list of office-holders; says why."""


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day of a file. `day` is None where it is not said or not to the day; then `text` is what is said."""

    day: dt.date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A row that can be read. `place` says where it stands ("line 3"), `raw` is the row as it was."""

    place: str
    raw: Raw
    person: str
    office: str
    country: str
    since: SaidDay
    until: SaidDay
    person_id: str
    office_id: str
    rank: Rank | None
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    place: str
    raw: Raw
    reason: str


class _RowError(ValueError):
    """Why a row cannot be read."""


def read_file(content: bytes) -> Iterator[Holder | BadRow]:
    """Each row of the file, in its order.

    Raises UnreadableFileError.
    """
    try:
        text = writable(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFileError("The file is not UTF-8 text. Save it as CSV UTF-8 or JSON.") from error
    rows = _json_rows(text) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text)
    for place, raw, problem in rows:
        try:
            if problem:
                raise _RowError(problem)
            yield _holder(place, raw)
        except _RowError as error:
            yield BadRow(place, raw, str(error))


def _csv_rows(text: str) -> Iterator[tuple[str, Raw, str]]:
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    names = set(reader.fieldnames or ())
    if not names & {"person", "personLabel"} or not names & {"office", "officeLabel"}:
        raise UnreadableFileError("The first line must name the columns, at least person, office and country.")
    line = reader.line_num + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"line {line}", {}, f"it is no CSV ({error})"
            line = reader.line_num + 1
            continue
        extra = row.pop("", None)
        raw = {name: armed(str(value)) for name, value in row.items()}
        if extra:
            raw["…"] = delimiter.join(extra)
        yield f"line {line}", raw, "it has more cells than there are columns" if extra else ""
        line = reader.line_num + 1


def _json_rows(text: str) -> Iterator[tuple[str, Raw, str]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableFileError(f"The file is no JSON ({error}).") from error
    if isinstance(data, dict):  # the verbose form: {"results": {"bindings": [{"person": {"value": …}}]}}
        results = data.get("results")
        data = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(data, list):
        raise UnreadableFileError("The file is no result of query.wikidata.org.")
    for number, row in enumerate(data, start=1):
        if isinstance(row, dict):
            yield f"entry {number}", {str(name): _plain(value) for name, value in row.items()}, ""
        else:
            yield f"entry {number}", {"": str(row)}, "it is no row"


def _plain(value: Any) -> str:
    said = value.get("value", "") if isinstance(value, dict) else value
    return "" if said is None else str(said)


def _holder(place: str, raw: Raw) -> Holder:
    person, office = _named(raw, "person"), _named(raw, "office")
    since, until = _day(raw, "since"), _day(raw, "until")
    if until.day and since.day and until.day < since.day:
        raise _RowError("it ends before it begins")
    if until.text:
        raise _RowError(f"it ended ({until.text}), no day is said: without one they would stand as holding it still")
    country = _cell(raw, "country") or _cell(raw, "code")
    if not country:
        raise _RowError("the country is missing")
    return Holder(
        place=place,
        raw=raw,
        person=person,
        office=office,
        country=country,
        since=since,
        until=until,
        person_id=_id(raw, "person", "wikidata"),
        office_id=_id(raw, "office", "office_wikidata"),
        rank=_rank(_cell(raw, "rank")),
        spellings=tuple(name for part in _cell(raw, "spellings").split("|") if (name := part.strip()[:LONGEST])),
    )


def _cell(raw: Raw, name: str) -> str:
    return " ".join(raw.get(name, "").split())


def _named(raw: Raw, name: str) -> str:
    said = _cell(raw, f"{name}Label") or _cell(raw, name)
    if not said:
        raise _RowError(f"the {name} is missing")
    if _ENTITY.fullmatch(said) or re.fullmatch(r"Q\d+", said):
        raise _RowError(f"the {name} has no name in the languages asked for, only {said.rsplit('/', 1)[-1]}")
    if len(said) > LONGEST:
        raise _RowError(f"the {name} has {len(said)} characters; {LONGEST} is the most")
    return said


def _id(raw: Raw, name: str, plain: str) -> str:
    said = _cell(raw, plain)
    if not said and _ENTITY.fullmatch(_cell(raw, name)):
        said = _cell(raw, name)
    try:
        return item_id(said)
    except NoIdentifierError as error:
        raise _RowError(str(error)) from error


def _rank(said: str) -> Rank | None:
    if not said:
        return None
    try:
        return Rank(said)
    except ValueError as error:
        raise _RowError(f"“{said}” is no rank: one of {', '.join(Rank)}") from error


def _day(raw: Raw, name: str) -> SaidDay:
    """A day, never more exact than it is said. Wikidata writes a year as its first of January, and says so in the
    precision; where that column is missing, a first of a month may be the whole month.
    """
    said, precision = _cell(raw, name), _cell(raw, f"{name}Precision")
    if not said:
        return SaidDay()
    if _UNKNOWN.fullmatch(said):
        return SaidDay(text="on an unknown day")
    if _INEXACT.fullmatch(said):
        return SaidDay(text=said)
    found = _MOMENT.fullmatch(said)
    if found is None:
        raise _RowError(f"“{said}” is not a day: write it as 2023-02-07")
    try:
        day = dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise _RowError(f"“{said}” is not a day of the calendar") from error
    if precision.isdecimal() and int(precision) < _DAY_PRECISION:
        return SaidDay(text=f"{day:%Y-%m}" if int(precision) == _MONTH_PRECISION else f"{day:%Y}")
    if found[4] and not precision and day.day == 1:
        return SaidDay(text=f"{day}, perhaps only the month or year")
    return SaidDay(day=day)
