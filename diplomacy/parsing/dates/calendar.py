"""From days as written to calendar days, given the day of publication; pure arithmetic.

A day without a year is the nearest one, leaning forward: a day gone counts twice as far as a day to come. A
weekday that disagrees with its date is told, never corrected.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from diplomacy.parsing.dates.days import Form, Group
from diplomacy.parsing.dates.pieces import Piece
from diplomacy.parsing.dates.values import DateWarning, Tense

# Once: an enum's members are slow to look up.
_DAYS_DISAGREE, _DAY_OR_MONTH_FIRST = DateWarning.DAYS_DISAGREE, DateWarning.DAY_OR_MONTH_FIRST
_WEEKDAY_DISAGREES = DateWarning.WEEKDAY_DISAGREES
_DEADLINE, _LIST, _SINCE, _SPAN, _STARTING = Form.DEADLINE, Form.LIST, Form.SINCE, Form.SPAN, Form.STARTING
_UNTIL = Form.UNTIL
_PAST = Tense.PAST

_PAST_WEIGHS = 2
_MONTHS_BACK, _MONTHS_AHEAD = 2, 4
_LONGEST_STAY = 7  # days in which a weekday is told once
_NEAR = 60  # days around publication in which an earlier span may place a weekday


class Days(NamedTuple):
    """The calendar days of a group; `sure` is the confidence of its rule."""

    first: dt.date | None
    last: dt.date | None
    listed: tuple[dt.date, ...] = ()
    warnings: tuple[DateWarning, ...] = ()
    sure: float = 0.9


class Setting(NamedTuple):
    """What days are computed from. `spans` are the calendar days told earlier in the text, the latest last."""

    published_on: dt.date
    context_year: int | None = None
    spans: tuple[tuple[dt.date, dt.date], ...] = ()
    month_ahead: tuple[int, int | None] | None = None  # month and year that the words right after name
    month_first: bool = False  # how the text writes "02/03/2023"


def resolve(group: Group, setting: Setting, tense: Tense | None) -> Days | None:
    """The days of a group, None where there is no such day."""
    pieces = _with_shared_months(group.pieces)
    tense = _PAST if group.form is _SINCE else tense  # "depuis dimanche": it has begun, whatever the verb
    if group.form is _SPAN:
        return _span(pieces[0], pieces[1], setting, tense)
    if group.form is _LIST:
        return _list(pieces, setting, tense)
    found = _one(pieces[0], setting, tense)
    if found is None:
        return None
    if group.form in (_STARTING, _SINCE):
        return Days(found.first, None, (), found.warnings, found.sure)
    if group.form in (_UNTIL, _DEADLINE):
        return Days(None, found.last, (), found.warnings, found.sure)
    return found


def _with_shared_months(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """ "les 9 et 10 février 2023": month and year of a later piece hold for the bare days before it."""
    out = list(pieces)
    for at in range(len(out) - 2, -1, -1):
        here, after = out[at], out[at + 1]
        if here.day is None or after.day is None:
            continue
        if here.month is None and here.month_shift is None:
            month, year = after.month, after.year
            if month is not None and here.day > after.day and len(out) == 2:
                month, year = (month - 1, year) if month > 1 else (12, year - 1 if year else None)
            modifier = here.modifier or after.modifier
            out[at] = here._replace(month=month, year=year, month_shift=after.month_shift, modifier=modifier)
        elif here.year is None and after.year is not None and here.month is not None and after.month is not None:
            out[at] = here._replace(year=after.year - (1 if here.month > after.month else 0))
    for at in range(1, len(out)):
        here, before = out[at], out[at - 1]
        if here.month is None and here.day is not None and before.month is not None and before.day is not None:
            month, year = before.month, before.year
            if here.day < before.day:
                month, year = (month + 1, year) if month < 12 else (1, year + 1 if year else None)
            out[at] = here._replace(month=month, year=year)
    return tuple(out)


def _span(first: Piece, last: Piece, setting: Setting, tense: Tense | None) -> Days | None:
    begin = _one(first, setting, tense)
    if begin is None or begin.first is None:
        return None
    if last.weekday is not None and last.day is None:
        end: Days | None = Days(*(2 * (_weekday_from(begin.first, last.weekday),)), sure=begin.sure)
    elif last.year is None and last.day is not None and last.month is not None:
        end = _first_from(begin.first, last)
    else:
        end = _one(last, setting, tense)
    if end is None or end.last is None or end.last < begin.first:
        return None
    return Days(begin.first, end.last, (), unique(begin.warnings + end.warnings), min(begin.sure, end.sure))


def _list(pieces: Iterable[Piece], setting: Setting, tense: Tense | None) -> Days | None:
    days: list[Days] = []
    for piece in pieces:
        if days and piece.weekday is not None and piece.day is None and days[-1].first is not None:
            day = _weekday_from(days[-1].first + dt.timedelta(days=1), piece.weekday)
            days.append(Days(day, day, sure=days[-1].sure))
            continue
        found = _one(piece, setting, tense)
        if found is None:
            return None
        days.append(found)
    listed = tuple(sorted({day.first for day in days if day.first is not None}))
    warnings = unique(tuple(warning for day in days for warning in day.warnings))
    return Days(listed[0], listed[-1], listed, warnings, min(day.sure for day in days))


def unique(warnings: tuple[DateWarning, ...]) -> tuple[DateWarning, ...]:
    """Each warning once; there is seldom any."""
    return tuple(dict.fromkeys(warnings)) if warnings else warnings


def _one(piece: Piece, setting: Setting, tense: Tense | None) -> Days | None:
    spoken = setting.published_on + dt.timedelta(days=piece.deictic) if piece.deictic is not None else None
    if piece.day is None or (spoken is not None and piece.month is None and piece.day == spoken.day):
        return _day_without_number(piece, spoken, setting, tense)
    day, warnings, sure = _numbered(piece, setting, tense)
    if day is None:
        return None
    if piece.weekday is not None and day.weekday() != piece.weekday:
        warnings, sure = (*warnings, _WEEKDAY_DISAGREES), 0.4
    if spoken is not None and day != spoken:
        warnings, sure = (*warnings, _DAYS_DISAGREE), 0.4
    return Days(day, day, (), warnings, sure)


def _day_without_number(piece: Piece, spoken: dt.date | None, setting: Setting, tense: Tense | None) -> Days | None:
    if spoken is not None:
        if piece.weekday is not None and spoken.weekday() != piece.weekday:
            return Days(spoken, spoken, (), (_DAYS_DISAGREE,), 0.4)
        return Days(spoken, spoken, (), (), 0.95)
    if piece.weekday is None:
        return None
    day, sure = _weekday(piece.weekday, piece.modifier, setting, tense)
    return Days(day, day, (), (), sure)


# Weekdays


def _weekday_from(day: dt.date, weekday: int) -> dt.date:
    """The first such weekday on or after a day."""
    return day + dt.timedelta(days=(weekday - day.weekday()) % 7)


def _weekday(weekday: int, modifier: int | None, setting: Setting, tense: Tense | None) -> tuple[dt.date, float]:
    today = setting.published_on
    ahead = _weekday_from(today, weekday)
    if modifier == 1:
        return (ahead if ahead > today else ahead + dt.timedelta(days=7)), 0.9
    if modifier == -1:
        return ahead - dt.timedelta(days=7), 0.9
    if tense is _PAST and ahead > today:
        return ahead - dt.timedelta(days=7), 0.8
    if modifier is None and ahead != today:
        placed = _in_told_span(weekday, setting)
        if placed is not None:
            return placed, 0.85
    return ahead, 0.85 if tense is not None or modifier == 0 else 0.75


def _in_told_span(weekday: int, setting: Setting) -> dt.date | None:
    """The weekday within the stay told last, where that is short and near enough to be meant."""
    for first, last in reversed(setting.spans[-4:]):
        if last <= first or (last - first).days >= _LONGEST_STAY or abs((first - setting.published_on).days) > _NEAR:
            continue
        day = _weekday_from(first, weekday)
        if day <= last:
            return day
    return None


# Days with a number


def _numbered(
    piece: Piece, setting: Setting, tense: Tense | None
) -> tuple[dt.date | None, tuple[DateWarning, ...], float]:
    day = piece.day or 0
    if piece.month_shift is not None:
        year, month = _shifted(setting.published_on, piece.month_shift)
        return _date(year, month, day), (), 0.9
    if piece.month is None:
        return _without_month(piece, setting, tense)
    if piece.swappable:
        return _numeric(piece, setting)
    if piece.year is not None:
        return _date(piece.year, piece.month, day), (), 0.98
    return _year_chosen(piece, setting, tense), (), 0.93


def _numeric(piece: Piece, setting: Setting) -> tuple[dt.date | None, tuple[DateWarning, ...], float]:
    day, month, year = piece.day or 0, piece.month or 0, piece.year or 0
    if setting.month_first:
        return _date(year, day, month), (), 0.9
    return _date(year, month, day), (_DAY_OR_MONTH_FIRST,) if day != month else (), 0.5


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return dt.date(year, month, day)


def _shifted(day: dt.date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def cost(day: dt.date, setting: Setting, tense: Tense | None = None, modifier: int | None = None) -> float:
    """How far a day lies from publication, the unlikely side counting more."""
    distance = (day - setting.published_on).days
    if modifier == 1:
        return distance if distance > 0 else 4000 - distance
    if modifier == -1:
        return -distance if distance < 0 else 4000 + distance
    if tense is _PAST:
        return -distance if distance <= 0 else distance * _PAST_WEIGHS
    return distance if distance >= 0 else -distance * _PAST_WEIGHS


def _year_chosen(piece: Piece, setting: Setting, tense: Tense | None) -> dt.date | None:
    month, number = piece.month or 0, piece.day or 0
    if setting.context_year is not None:
        return _date(setting.context_year, month, number)
    year = setting.published_on.year
    reach = 4 if (month, number) == (2, 29) else 1
    candidates = [day for one in range(year - reach, year + reach + 1) if (day := _date(one, month, number))]
    if not candidates:
        return None
    chosen = min(candidates, key=lambda day: cost(day, setting, tense, piece.modifier))
    if piece.weekday is not None and chosen.weekday() != piece.weekday:
        told = [first.year for first, _ in setting.spans[-4:]]
        agreeing = [day for one in told if (day := _date(one, month, number)) and day.weekday() == piece.weekday]
        if agreeing:
            return agreeing[-1]
    return chosen


def _first_from(begin: dt.date, piece: Piece) -> Days | None:
    """The first such day on or after another: the end of a span."""
    for year in range(begin.year, begin.year + 5):
        day = _date(year, piece.month or 0, piece.day or 0)
        if day is not None and day >= begin:
            disagrees = piece.weekday is not None and day.weekday() != piece.weekday
            return Days(day, day, (), (_WEEKDAY_DISAGREES,) if disagrees else (), 0.4 if disagrees else 0.93)
    return None


def _without_month(
    piece: Piece, setting: Setting, tense: Tense | None
) -> tuple[dt.date | None, tuple[DateWarning, ...], float]:
    """ "lundi 18", "le 7": the month of the words right after, of the days told before, else the nearest that fits."""
    number = piece.day or 0
    if setting.month_ahead is not None:
        month, year = setting.month_ahead
        published = setting.published_on.year
        months = [(one, month) for one in ([year] if year else range(published - 1, published + 2))]
    else:
        for first, last in reversed(setting.spans[-3:]):
            for told in (first, last):
                day = _date(told.year, told.month, number)
                if day is not None and (piece.weekday is None or day.weekday() == piece.weekday):
                    return day, (), 0.9 if piece.weekday is not None else 0.7
        months = [_shifted(setting.published_on, shift) for shift in range(-_MONTHS_BACK, _MONTHS_AHEAD + 1)]
    candidates = [day for year, month in months if (day := _date(year, month, number))]
    agreeing = [day for day in candidates if piece.weekday is None or day.weekday() == piece.weekday]
    if not candidates:
        return None, (), 0.0
    chosen = min(agreeing or candidates, key=lambda day: cost(day, setting, tense, piece.modifier))
    return chosen, (), 0.85 if agreeing and piece.weekday is not None else 0.6


# Weeks and months


def week_of(day: dt.date, shift: int) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week so many weeks from a day's."""
    monday = day - dt.timedelta(days=day.weekday()) + dt.timedelta(weeks=shift)
    return monday, monday + dt.timedelta(days=6)


def month_of(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month."""
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def shifted_month(day: dt.date, shift: int) -> tuple[dt.date, dt.date]:
    """First and last day of the month so many months from a day's."""
    return month_of(*_shifted(day, shift))


def month_chosen(
    month: int, year: int | None, setting: Setting, tense: Tense | None, modifier: int | None
) -> tuple[dt.date, dt.date]:
    """A month by its name: the year given, else the nearest one, leaning forward; the month of publication is near."""
    year = year or setting.context_year
    if year is not None:
        return month_of(year, month)
    here = setting.published_on
    years = range(here.year - 1, here.year + 2)
    if modifier is None and tense is not _PAST and here.month == month:
        return month_of(here.year, month)
    return min((month_of(one, month) for one in years), key=lambda span: cost(span[1], setting, tense, modifier))
