"""From what was found, as written, to mentions with their days and times."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from diplomacy.parsing.dates.calendar import Days, Setting, month_chosen, resolve, shifted_month, unique, week_of
from diplomacy.parsing.dates.clocks import Hour, settle
from diplomacy.parsing.dates.days import Group
from diplomacy.parsing.dates.grammar import Found, Period, scan
from diplomacy.parsing.dates.surroundings import surroundings
from diplomacy.parsing.dates.tables import Tables, key_of, languages, month_names, tables_for
from diplomacy.parsing.dates.values import ClockTime, DateMention, DateWarning, Grain, Kind, Relative, Tense
from diplomacy.parsing.folding import normal_form
from diplomacy.parsing.words import words_of
from diplomacy.vocabulary import PartOfDay

# Once: an enum's members are slow to look up.
_DAY, _WEEK = Grain.DAY, Grain.WEEK
_CLOCK, _DATE, _DEICTIC, _DURATION = Kind.CLOCK, Kind.DATE, Kind.DEICTIC, Kind.DURATION
_PART_OF_DAY, _PERIOD, _RELATIVE, _WEEKDAY = Kind.PART_OF_DAY, Kind.PERIOD, Kind.RELATIVE, Kind.WEEKDAY
_NTH_DAY = Relative.NTH_DAY
_FUTURE = Tense.FUTURE

_MOST_SPANS = 4
_BORROW_WITHIN = 3  # tokens to the days whose month a span without one borrows
_DAYS_OF_HISTORY = 365
_DAYS_OF_WEEK = 7
_DAY_AND_WORD = re.compile(r"\d{1,2}(?:er|\.|º)?\s(?:de\s)?([^\W\d_]+)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_MONTH_FIRST = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/\d{4}(?!\d)")


def find_dates(
    text: str,
    *,
    published_on: dt.date,
    language: str,
    context_year: int | None = None,
    also: Iterable[str] = (),
) -> tuple[DateMention, ...]:
    """Everything a text says about days, clocks, parts of the day and durations, in order and without overlaps.

    `published_on` is the day the text calls today. `language` is an ISO 639-1 code; in one without a file only dates
    in figures are read. `context_year` is the year of days without one, where the caller knows it. `also` names
    further languages whose calendar days are read where the first finds nothing (agendas with bilingual headings).
    """
    tables = tables_for(language)
    mentions = _Reader(text, tables, published_on, context_year).mentions()
    for other in also:
        more = find_dates(text, published_on=published_on, language=other, context_year=context_year)
        mentions = _merged(mentions, [mention for mention in more if mention.kind is _DATE])
    return tuple(mentions)


def other_languages(text: str, language: str) -> tuple[str, ...]:
    """Further languages in which a text names days: "Lundi 25 février 2019" over lines in English."""
    named, known = _month_starts(), _strange_months(language)
    if known.isdisjoint(words_of(text).norms):
        return ()
    words = {found.group(1).casefold() for found in _DAY_AND_WORD.finditer(text)}
    codes = {code for word in words for code in named.get(word, ()) if code != language}
    return tuple(code for code in sorted(codes) if dated_in(code, language).search(text) is not None)


@cache
def _month_starts() -> Mapping[str, frozenset[str]]:
    """The languages in which a month's name begins with a word."""
    starts: dict[str, set[str]] = {}
    for code in languages():
        for name in month_names(code):
            found = _LETTERS.match(name)
            starts.setdefault(found.group() if found else "", set()).add(code)
    return {word: frozenset(codes) for word, codes in starts.items()}


@cache
def _strange_months(language: str) -> frozenset[str]:
    """The first words of months in languages but this one, in the form in which words are compared."""
    return frozenset(normal_form(word) for word, codes in _month_starts().items() if codes - {language})


@cache
def dated_in(code: str, language: str) -> re.Pattern[str]:
    """A day with a month's name that the other language does not have."""
    months, known = month_names(code), month_names(language)
    own = "|".join(sorted(re.escape(name) for name in months - known if len(name) > 3)) or r"(?!)"
    return re.compile(rf"\d{{1,2}}(?:er|\.|º)?\s(?:de\s)?(?:{own})\b", re.IGNORECASE)


def find_tenses(text: str, *, language: str) -> tuple[tuple[int, Tense], ...]:
    """The offset of every verb that tells past or future, in order."""
    around = surroundings(text, tables_for(language))
    return tuple((around.starts[at], tense) for at, tense in around.verbs())


def resolve_relative(mention: DateMention, *, reference_day: dt.date) -> DateMention:
    """The mention with its day, where it only counts from another or gives a time without a day.

    For NTH_DAY the reference is the first day (the last for "le dernier jour"), else the day spoken of before.
    """
    if mention.has_day or mention.kind in (_DURATION, _PERIOD):
        return mention
    shift = mention.nth
    if mention.relative is _NTH_DAY:
        shift = 0 if mention.nth < 0 else mention.nth - 1
    day = reference_day + dt.timedelta(days=shift)
    return mention._replace(first=day, last=day)


def _merged(mentions: Sequence[DateMention], more: Sequence[DateMention]) -> list[DateMention]:
    merged = list(mentions)
    at = 0
    for mention in more:
        while at < len(mentions) and mentions[at].end <= mention.start:
            at += 1
        if at == len(mentions) or mentions[at].start >= mention.end:
            merged.append(mention)
    return sorted(merged, key=lambda mention: mention.start)


class _Told(NamedTuple):
    days: Days
    tense: Tense | None = None
    dateline: bool = False
    history: bool = False
    grain: Grain = Grain.DAY


class _Times(NamedTuple):
    time: ClockTime | None
    end_time: ClockTime | None
    second: ClockTime | None
    warnings: tuple[DateWarning, ...]
    sure: float


_NO_TIMES = _Times(None, None, None, (), 1.0)
_NO_DAYS = _Told(Days(None, None, sure=0.95))


class _Reader:
    def __init__(self, text: str, tables: Tables, published_on: dt.date, context_year: int | None) -> None:
        self.around = surroundings(text, tables)
        self.tokens = self.around.tokens
        self.starts, self.ends = self.tokens.starts, self.tokens.ends
        self.tables = tables
        month_first = "/" in text and _MONTH_FIRST.search(text) is not None
        self.setting = Setting(published_on, context_year, month_first=month_first)

    def mentions(self) -> list[DateMention]:
        found = list(scan(self.tokens, self.tables, self.around.text))
        self.runs_to_24 = any(_runs_to_24(one) for one in found)
        mentions: list[DateMention] = []
        for at, one in enumerate(found):
            following = found[at + 1] if at + 1 < len(found) else None
            mention = self._mention(one, following)
            if mention is not None:
                if mentions and mention.kind is _PERIOD:
                    mentions[-1] = self._in_week(mentions[-1], mention)
                mentions.append(mention)
        return mentions

    def _only_joins(self, between: str) -> bool:
        """Whether nothing stands between day and week but "of", "de la"."""
        words = tuple(key_of(word) for word in between.split())
        entries = self.tables.phrases.get(words[0], ()) if words else ()
        return not words or any(rest == words[1:] and "of" in terms for rest, terms in entries)

    def _in_week(self, day: DateMention, week: DateMention) -> DateMention:
        """ "on Monday and Tuesday of next week": the days of the week named right after."""
        between = self.around.text[day.end : week.start]
        if day.kind is not _WEEKDAY or week.precision is not _WEEK or not self._only_joins(between):
            return day
        if (
            day.first is None
            or week.first is None
            or week.last is None
            or (week.last - week.first).days != _DAYS_OF_WEEK - 1
        ):
            return day
        weeks = (week.first - day.first + dt.timedelta(days=_DAYS_OF_WEEK - 1)) // dt.timedelta(days=_DAYS_OF_WEEK)
        shift = dt.timedelta(days=_DAYS_OF_WEEK * weeks)
        span = (day.first + shift, (day.last or day.first) + shift)
        self.setting = self.setting._replace(spans=(*self.setting.spans, span)[-_MOST_SPANS:])
        return day._replace(
            first=day.first + shift, last=None if day.last is None else day.last + shift,
            days=tuple(one + shift for one in day.days),
        )  # fmt: skip

    def _mention(self, found: Found, following: Found | None) -> DateMention | None:
        told = _NO_DAYS
        if found.period is not None:
            told = self._of_period(found, found.period)
        elif found.group is not None:
            days = self._of_group(found, found.group, following)
            if days is None:
                return None
            told = days
        times = self._times(found)
        return DateMention(
            start=self.starts[found.start],
            end=self.ends[found.end - 1],
            kind=_kind(found),
            rule=found.rule,
            first=told.days.first,
            last=told.days.last,
            days=told.days.listed,
            time=times.time,
            end_time=times.end_time,
            second_time=times.second,
            is_approximate=found.clocks is not None and found.clocks.is_approximate,
            part_of_day=found.part,
            duration_days=found.duration_days,
            duration_minutes=found.duration_minutes,
            relative=found.relative,
            nth=found.nth,
            precision=told.grain,
            tense=told.tense,
            press_access=found.clocks is not None and self.around.press_access(found.start, found.end),
            dateline=told.dateline,
            history=told.history,
            warnings=unique(told.days.warnings + times.warnings),
            confidence=min(told.days.sure, times.sure),
        )

    # Clocks

    def _times(self, found: Found) -> _Times:
        clocks = found.clocks
        if clocks is None:
            return _NO_TIMES
        time, warnings = self._settled(clocks.time, found.part)
        end_time, more = self._settled(clocks.end_time, found.part)
        second, _ = self._settled(clocks.second, found.part)
        return _Times(time, end_time, second, warnings + more, 0.55 if warnings or more else 0.95)

    def _settled(self, hour: Hour | None, part: PartOfDay | None) -> tuple[ClockTime | None, tuple[DateWarning, ...]]:
        if hour is None:
            return None, ()
        return settle(hour, part, other_clock_runs_to_24=self.runs_to_24)

    # Days

    def _of_group(self, found: Found, group: Group, following: Found | None) -> _Told | None:
        if self.around.names_a_date(found.start, found.end):
            return None
        tense = self.around.tense(found.start, found.end)
        month_ahead = self._month_ahead(found, group, following)
        setting = self.setting if month_ahead is None else self.setting._replace(month_ahead=month_ahead)
        days = resolve(group, setting, tense)
        if days is None:
            return None
        if found.is_night_between and days.last is not None:
            days = _last_night(days, days.last, tense, self.setting.published_on)
        if found.is_week_from and days.first is not None:
            days = Days(days.first, days.first + dt.timedelta(days=6), (), days.warnings, days.sure)
        is_date = _kind(found) is _DATE
        dateline = is_date and found.clocks is None and days.first == days.last
        dateline = dateline and self.around.dateline(found.start, found.end)
        history = _is_history(days, self.setting.published_on)
        if is_date and not dateline and not history and days.first is not None:
            spans = (*self.setting.spans, (days.first, days.last or days.first))
            self.setting = self.setting._replace(spans=spans[-_MOST_SPANS:])
        return _Told(days, tense, dateline, history, _WEEK if found.is_week_from else _DAY)

    def _month_ahead(self, found: Found, group: Group, following: Found | None) -> tuple[int, int | None] | None:
        """ "du 6 au 8 et les 22 et 23 juin": the month that the days right after name."""
        if following is None or following.group is None or following.start - found.end > _BORROW_WITHIN:
            return None
        if any(piece.month is not None for piece in group.pieces):
            return None
        between = slice(found.end, following.start + 1)
        if "," not in self.tokens.keys[between] and not any("and" in terms for terms in self.tokens.terms[between]):
            return None
        last = following.group.pieces[-1]
        return (last.month, last.year) if last.month is not None else None

    # Weeks and months

    def _of_period(self, found: Found, period: Period) -> _Told:
        tense = self.around.tense(found.start, found.end)
        today = self.setting.published_on
        if period.month is not None:
            first, last = month_chosen(period.month, period.year, self.setting, tense, period.modifier)
        elif period.grain is _WEEK:
            first, last = week_of(today, period.shift or 0)
            first = first + dt.timedelta(days=5) if period.weekend else first
        else:
            first, last = shifted_month(today, period.shift or 0)
        days = Days(first, last, sure=0.8)
        return _Told(days, tense, False, _is_history(days, today), period.grain)


def _last_night(days: Days, morning: dt.date, tense: Tense | None, published_on: dt.date) -> Days:
    """A night belongs to the day it ends on; told on that weekday it is the one just past, unless to come."""
    week = dt.timedelta(days=7)
    if morning - week == published_on and tense is not _FUTURE:
        morning -= week
    return Days(morning, morning, (), days.warnings, days.sure)


def _kind(found: Found) -> Kind:
    if found.period is not None or found.is_week_from:
        return _PERIOD
    if found.group is not None:
        if any(piece.day is not None for piece in found.group.pieces):
            return _DATE
        if any(piece.deictic is not None for piece in found.group.pieces):
            return _DEICTIC
        return _WEEKDAY
    if found.relative is not None:
        return _RELATIVE
    if found.clocks is not None:
        return _CLOCK
    return _PART_OF_DAY if found.part is not None else _DURATION


def _runs_to_24(found: Found) -> bool:
    if found.clocks is None:
        return False
    return any(
        hour is not None and hour.half is None and hour.hour > 12 for hour in (found.clocks.time, found.clocks.end_time)
    )


def _is_history(days: Days, published_on: dt.date) -> bool:
    last = days.last or days.first
    return last is not None and (published_on - last).days > _DAYS_OF_HISTORY
