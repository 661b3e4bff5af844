"""A calendar of ours as jCal (RFC 7265): the same content in JSON, value for value."""

from __future__ import annotations

import json
import re
from typing import Any

_DATE_TIMES = {"dtstamp", "created", "last-modified", "dtstart", "dtend"}
_TYPES = {
    "sequence": "integer", "url": "uri", "source": "uri", "refresh-interval": "duration", "geo": "float",
    "rrule": "recur", "tzoffsetfrom": "utc-offset", "tzoffsetto": "utc-offset", "link": "uri", "concept": "uri",
    **dict.fromkeys(_DATE_TIMES, "date-time"),
}  # fmt: skip
_ESCAPED = re.compile(r"\\(.)")
_PART = re.compile(r"(?:[^\\,]|\\.)+")
_NUMBERS = {"bymonth", "bymonthday", "interval", "count"}

Component = list[Any]


def jcal_bytes(calendar: bytes) -> bytes:
    """Return the jCal of a calendar that this package rendered; UTF-8, one line."""
    lines = calendar.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    stack: list[Component] = [["", [], []]]
    for line in lines:
        head, _colon, value = line.partition(":")
        if head == "BEGIN":
            stack.append([value.lower(), [], []])
        elif head == "END":
            done = stack.pop()
            stack[-1][2].append(done)
        else:
            stack[-1][1].append(_property(head, value))
    return json.dumps(stack[0][2][0], ensure_ascii=False, separators=(",", ":")).encode()


def _property(head: str, value: str) -> list[Any]:
    name, *written = head.lower().split(";")[:1] + head.split(";")[1:]
    parameters = {key.lower(): text for key, _equals, text in (part.partition("=") for part in written)}
    kind = parameters.pop("value", "").lower() or _TYPES.get(name, "unknown" if name.startswith("x-") else "text")
    return [name, parameters, kind, *_values(name, kind, value)]


def _values(name: str, kind: str, value: str) -> list[Any]:
    if name == "geo":
        return [[float(part) for part in value.split(";")]]
    if name == "categories":
        return [_plain(part) for part in _PART.findall(value)]
    readers = {"date": _date, "date-time": _date_time, "utc-offset": _offset, "recur": _recurrence, "text": _plain}
    return [int(value) if kind == "integer" else readers[kind](value) if kind in readers else value]


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _date(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}"


def _date_time(value: str) -> str:
    return f"{_date(value)}T{value[9:11]}:{value[11:13]}:{value[13:]}"


def _offset(value: str) -> str:
    return f"{value[:3]}:{value[3:]}"


def _recurrence(value: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, _equals, text in (part.partition("=") for part in value.lower().split(";")):
        parts = [int(part) if key in _NUMBERS else part.upper() for part in text.split(",")]
        found[key] = parts[0] if len(parts) == 1 else parts
    return found
