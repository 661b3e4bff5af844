"""Days in words, in the active language, by CLDR (and "1er" where French says so)."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, get_day_names, get_timezone_location
from django.utils.translation import get_language

_FIRST = re.compile(r"(?<![\d\w.:])1(?= [^\W\d]|–\d)")


def long_day(day: dt.date) -> str:
    """ "mardi 1er décembre 2026", "Tuesday, 1 December 2026"."""
    if _language() == "en":
        return f"{format_date(day, 'EEEE', locale='en')}, {format_date(day, 'd MMMM y', locale='en')}"
    return _first(format_date(day, "full", locale=_language()))


def days_text(first: dt.date | None, last: dt.date | None, *, with_year: bool = True) -> str:
    """ "25–26 nov. 2026": the days from first to last (inclusive); empty where no day is known."""
    if first is None:
        return ""
    locale = "en_GB" if _language() == "en" else _language()
    pattern = "d MMM y" if with_year else "d MMM"
    if last is None or last == first:
        return _first(format_date(first, pattern, locale=locale))
    same_year = with_year or first.year != last.year
    return _first(format_interval(first, last, "yMMMd" if same_year else "MMMd", locale=locale))


def zone_text(zone: str, day: dt.date) -> str:
    """ "Bamako, UTC+0": the zone's city and its offset at noon of that day. `zone` is an IANA name."""
    city = get_timezone_location(zone, locale=_language(), return_city=True)
    offset = dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(zone)).utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"{city}, UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _first(text: str) -> str:
    return _FIRST.sub("1er", text) if _language() == "fr" else text


def month_text(day: dt.date) -> str:
    """ "Décembre 2026", "December 2026": the month of a day."""
    text = format_date(day, "LLLL y", locale=_language())
    return text[:1].upper() + text[1:]


def weekday_names() -> list[str]:
    """ "lun.", "mar." …: the days of a week, from Monday."""
    names = get_day_names("abbreviated", context="stand-alone", locale=_language())
    return [names[number] for number in range(7)]
