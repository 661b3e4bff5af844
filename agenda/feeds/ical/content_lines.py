"""Content lines (RFC 5545, 3.1) and the values written in them. Pure functions from values to text and bytes."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

LINE_OCTETS = 75  # RFC 5545, 3.1: without the line break
ALWAYS_SHORT = LINE_OCTETS // 4  # characters that fit whatever they are
SUMMARY_CHARACTERS = 255

_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"  # RFC 3986, 2.2, and the percent sign of what is encoded already
_PLAIN_URI = re.compile(r"[A-Za-z0-9_.\-:/?#\[\]@!$&'()*+,;=%~]*")
_JOINER = "\u200d"
_FOLD_RETREAT = 8  # characters given up at most to keep together what is read as one


def clean_text(text: str) -> str:
    """Return text as it may stand in a calendar: NFC, line breaks as "\\n", no control character, no lone surrogate."""
    if not text.isprintable() and not text.replace("\n", "").isprintable():  # most texts need none of this
        text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
        text = _SURROGATES.sub("\ufffd", _UNWRITABLE.sub("", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str, limit: int | None = None) -> str:
    """Return clean text on one line, cut to `limit` characters (the last one is then "…")."""
    line = " ".join(clean_text(text).split())
    if limit is None or len(line) <= limit:
        return line
    cut = limit - 1
    while cut > limit - 1 - _FOLD_RETREAT and _joined(line[cut - 1], line[cut]):
        cut -= 1
    return line[:cut].rstrip() + "…"


def text_value(text: str) -> str:
    """Return text, cleaned, as a TEXT value (RFC 5545, 3.3.11), escaped once."""
    return _escaped(clean_text(text))


def line_value(text: str, limit: int | None = None) -> str:
    """Return text on one line of at most `limit` characters as a TEXT value."""
    return _escaped(one_line(text, limit))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def uri_value(uri: str) -> str:
    """Return an address as a URI value: ASCII only, whatever could end the line percent-encoded."""
    if _PLAIN_URI.fullmatch(uri):  # most are
        return uri
    return quote(uri.encode("utf-8", "replace"), safe=_URI_CHARACTERS)


def date_text(day: dt.date) -> str:
    """Return a DATE value (RFC 5545, 3.3.4)."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def date_time_text(moment: dt.datetime) -> str:
    """Return a local DATE-TIME value (RFC 5545, 3.3.5, form 1 or 3), whole seconds."""
    day = moment.year * 10000 + moment.month * 100 + moment.day
    return "%08dT%06d" % (day, moment.hour * 10000 + moment.minute * 100 + moment.second)  # noqa: UP031  (quickest)


def utc_text(moment: dt.datetime) -> str:
    """Return an aware moment as a DATE-TIME value in UTC (RFC 5545, 3.3.5, form 2). ValueError if it is naive."""
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone cannot be written in UTC")
    return date_time_text(moment if moment.tzinfo is dt.UTC else moment.astimezone(dt.UTC)) + "Z"


def duration_text(length: dt.timedelta) -> str:
    """Return a positive DURATION value (RFC 5545, 3.3.6) such as PT1H or P1DT30M, whole seconds."""
    seconds = int(length.total_seconds())
    if seconds <= 0:
        raise ValueError("a duration must be positive")
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")


def geo_value(latitude: float, longitude: float) -> str:
    """Return a GEO value (RFC 5545, 3.8.1.6), six decimals. ValueError off the globe."""
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):
        raise ValueError(f"no place on Earth: {latitude}, {longitude}")
    return f"{latitude:.6f};{longitude:.6f}"


def content_lines(lines: Iterable[str]) -> bytes:
    """Return unfolded lines as UTF-8, each folded and ended by CRLF."""
    return "".join([f"{folded(line)}\r\n" for line in lines]).encode()


def folded(line: str) -> str:
    """Return a line folded so that no physical line exceeds 75 octets (RFC 5545, 3.1).

    No fold falls inside a character, nor, as far as a short look around can tell, inside a letter with its accents,
    an emoji sequence or a flag.
    """
    if len(line) <= ALWAYS_SHORT or (len(line) <= LINE_OCTETS and line.isascii()):
        return line
    data = line.encode()
    if len(data) <= LINE_OCTETS:
        return line
    pieces: list[bytes] = []
    position, room = 0, LINE_OCTETS
    while len(data) - position > room:
        cut = _fold_at(data, position, position + room)
        pieces.append(data[position:cut])
        position, room = cut, LINE_OCTETS - 1  # the blank that marks a continuation takes one octet
    pieces.append(data[position:])
    return b"\r\n ".join(pieces).decode()


def _fold_at(data: bytes, start: int, furthest: int) -> int:
    """Return where to fold: the last boundary not after `furthest`."""
    boundary = cut = _character_start(data, furthest)
    if data[cut] < 0x80:
        return cut
    for _ in range(_FOLD_RETREAT):
        before = _character_start(data, cut - 1)
        if before <= start:
            break
        if not _joined(data[before:cut].decode(), _character_at(data, cut)):
            return cut
        cut = before
    return boundary


def _character_start(data: bytes, position: int) -> int:
    while data[position] & 0xC0 == 0x80:
        position -= 1
    return position


def _character_at(data: bytes, position: int) -> str:
    return data[position : position + 4].decode(errors="ignore")[0]


def _joined(before: str, after: str) -> bool:
    """Whether two neighbours are read as one: a cheap part of Unicode's grapheme clusters (UAX #29)."""
    if after < "\u0300":
        return False
    return (
        after == _JOINER
        or before == _JOINER
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")  # halves of a flag
    )
