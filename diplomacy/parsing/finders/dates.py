"""Days, spans of days, clock times, parts of the day and durations, as the text says them (French and English).

Everything is computed from the words and the day of publication; what is not said stays unsaid. The year of a date
without one is the nearest, leaning forward.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from diplomacy.parsing.language import Language
from diplomacy.vocabulary import PartOfDay


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day or a span of days (inclusive); `is_open` has a first day only."""

    start: int
    end: int
    first: dt.date
    last: dt.date
    rule: str
    is_relative: bool = False
    is_past: bool = False
    weekday_disagrees: bool = False


@dataclass(frozen=True, slots=True)
class ClockMention:
    """A time "HH:MM", perhaps with an end; `gmt` where the text says so."""

    start: int
    end: int
    time: str
    until: str | None
    gmt: bool
    rule: str


@dataclass(frozen=True, slots=True)
class PartMention:
    """A part of the day."""

    start: int
    end: int
    part: PartOfDay


@dataclass(frozen=True, slots=True)
class DurationMention:
    """How many days something lasts, inclusive ("48 heures" = 2)."""

    start: int
    end: int
    days: int


@dataclass(frozen=True, slots=True)
class Times:
    """Everything about time that was found, each in order of place."""

    dates: tuple[DateMention, ...]
    clocks: tuple[ClockMention, ...]
    parts: tuple[PartMention, ...]
    durations: tuple[DurationMention, ...]


def plain(text: str) -> str:
    """Lower case without accents, character for character."""
    return "".join(_base(letter) for letter in text)


@cache
def _base(letter: str) -> str:
    lowered = letter.lower()
    base = unicodedata.normalize("NFD", lowered)[:1] or letter
    return base if len(lowered) == 1 else letter


@dataclass(frozen=True)
class _Grammar:
    span: re.Pattern[str]
    day: re.Pattern[str]
    numeric: re.Pattern[str]
    relative: re.Pattern[str]
    weekday: re.Pattern[str]
    clock: re.Pattern[str]
    duration: re.Pattern[str]
    part: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    relatives: dict[str, int]
    parts: dict[str, PartOfDay]
    numbers: dict[str, int]


_GRAMMARS: dict[str, _Grammar] = {}


def _grammar(language: Language) -> _Grammar:
    if language.code not in _GRAMMARS:
        _GRAMMARS[language.code] = _compile(language)
    return _GRAMMARS[language.code]


def _compile(language: Language) -> _Grammar:
    words = language.section("dates")
    months = {form: number for number, forms in enumerate(words["months"], 1) for form in forms.split("|")}
    weekdays = {form: number for number, form in enumerate(words["weekdays"])}
    relatives = {
        form: shift
        for name, shift in (("yesterday", -1), ("today", 0), ("tomorrow", 1), ("after_tomorrow", 2))
        for form in words[name]
    }
    parts = {form: part for part in PartOfDay for form in words[part.value]}
    month = f"(?:{_any(months)})\\.?"
    week = f"(?:{_any(weekdays)})"
    number = r"\d{1,2}(?:er|st|nd|rd|th)?"
    to = _any(words["to"])
    both = _any(words["and"])
    year = r"(?:,? ?(?P<{0}>(?:19|20)\d\d)\b)?"
    y1, y2 = year.format("y1"), year.format("y2")
    day_month = (
        rf"(?P<w1>{week})?,? ?(?:le )?(?P<d1>{number}) ?(?P<m1>{month})?{y1} ?(?P<j>{to}|{both}) ?"
        rf"(?:le |les |on )?(?P<w2>{week})?,? ?(?P<d2>{number}) (?:of )?(?P<m2>{month}){y2}"
    )
    month_day = (
        rf"(?:(?P<w3>{week}),? )?(?P<m3>{month}) (?P<d3>{number}) ?(?P<j3>{to}|{both}) ?(?:(?P<m4>{month}) )?"
        rf"(?P<d4>{number})(?:,? ?(?P<y4>(?:19|20)\d\d)\b)?(?! ?(?:{_any(months)})\b)"
    )
    single = rf"(?:(?P<w1>{week})?,? ?(?:the |le )?(?P<d1>{number}) (?:of )?(?P<m1>{month}){y1})"
    single_month_first = rf"(?:(?:(?P<w2>{week}),? )?(?P<m2>{month}) (?P<d2>{number})\b{y2})"
    this, following, last = _any(words["this"]), _any(words["next"]), _any(words["last"])
    numbers = {str(key): int(value) for key, value in words["numbers"].items()}
    count = rf"(?:\d{{1,3}}|{_any(numbers)})"
    ampm = r" ?(?P<ap{0}>[ap]\.?m\b\.?)"
    clock1 = rf"(?P<h1>\d{{1,2}}) ?(?:h|heures?|[:.])? ?(?P<n1>(?<=[h:.s ])[0-5]\d)? ?(?:mn|min)?(?:{ampm.format(1)})?"
    clock2 = rf"(?P<h2>\d{{1,2}}) ?(?:h|heures?|[:.])? ?(?P<n2>(?<=[h:.s ])[0-5]\d)?(?:{ampm.format(2)})?"
    return _Grammar(
        span=re.compile(rf"(?<![\w]){day_month}(?!\w)|(?<!\w){month_day}(?!\w)"),
        day=re.compile(rf"(?<!\w)(?:{single}|{single_month_first})(?!\w)"),
        numeric=re.compile(
            r"(?<![\d/.])(?:(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d\d)"
            r"|(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d))(?![\d/])"
        ),
        relative=re.compile(rf"(?<!\w)(?:{_any(relatives)})(?!\w)"),
        weekday=re.compile(
            rf"(?<!\w)(?:(?P<before>{this}|{following}|{last}) )?(?P<w>{week})(?: (?P<after>{following}|{last}))?(?!\w)"
        ),
        clock=re.compile(
            rf"(?<![\w:.,-])(?:{clock1}(?: ?(?:-|a|to|until|jusqu'a) ?{clock2})?|(?P<noon>{_any(words['noon'])}))"
            rf"(?P<gmt> ?\(?(?:{_any(words['gmt'])})\b)?(?![\w/])"
        ),
        duration=re.compile(rf"(?<!\w)(?P<n>{count})[ -](?P<u>{_any(words['days'])}|{_any(words['hours'])})(?!\w)"),
        part=re.compile(rf"(?<!\w)(?:{_any(parts)})(?!\w)"),
        months=months,
        weekdays=weekdays,
        relatives=relatives,
        parts=parts,
        numbers=numbers,
    )  # fmt: skip


def _any(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


def find_times(text: str, language: Language, published_on: dt.date) -> Times:
    """All mentions of time in a folded text."""
    grammar = _grammar(language)
    flat = plain(text)
    past = list(language.section("dates")["past"])
    dates = sorted(_without_overlaps(_dates(flat, grammar, published_on)), key=lambda mention: mention.start)
    dates = [replace(mention, is_past=_is_past(flat, mention, past)) for mention in dates]
    dates = [_into_the_past(mention, published_on) for mention in dates]
    clocks = [clock for clock in _clocks(flat, grammar) if not any(_overlap(clock, date) for date in dates)]
    return Times(tuple(dates), tuple(clocks), tuple(_parts(flat, grammar)), tuple(_durations(flat, grammar)))


def _is_past(flat: str, mention: DateMention, past: list[str]) -> bool:
    window = flat[max(0, mention.start - 60) : mention.start]
    return any(phrase in window for phrase in past)


def _into_the_past(mention: DateMention, published_on: dt.date) -> DateMention:
    if mention.rule == "weekday" and mention.is_past and mention.first > published_on:
        week = dt.timedelta(days=7)
        return replace(mention, first=mention.first - week, last=mention.last - week)
    return mention


def _without_overlaps(mentions: Iterator[DateMention]) -> list[DateMention]:
    kept: list[DateMention] = []
    for mention in mentions:
        if not any(_overlap(mention, other) for other in kept[-400:]):
            kept.append(mention)
    return kept


def _overlap(one: DateMention | ClockMention, other: DateMention) -> bool:
    return one.start < other.end and other.start < one.end


def _dates(flat: str, grammar: _Grammar, today: dt.date) -> Iterator[DateMention]:
    for found in grammar.span.finditer(flat):
        yield from _span(found, grammar, today)
    for found in grammar.numeric.finditer(flat):
        yield from _numeric(found)
    for found in grammar.day.finditer(flat):
        yield from _single(found, grammar, today)
    for found in grammar.relative.finditer(flat):
        day = today + dt.timedelta(days=grammar.relatives[found.group()])
        yield DateMention(found.start(), found.end(), day, day, "relative_day", is_relative=True)
    for found in grammar.weekday.finditer(flat):
        yield _weekday(found, grammar, today)


def _span(found: re.Match[str], grammar: _Grammar, today: dt.date) -> Iterator[DateMention]:
    group = found.groupdict()
    if group["d1"]:
        month2, day2, year2 = _month(group["m2"], grammar), _number(group["d2"]), group["y2"]
        month1, day1 = _month(group["m1"], grammar) or month2, _number(group["d1"])
        year1 = group["y1"]
    else:
        month1, day1, year1 = _month(group["m3"], grammar), _number(group["d3"]), None
        month2, day2, year2 = _month(group["m4"], grammar) or month1, _number(group["d4"]), group["y4"]
    last = _day(day2, month2, int(year2) if year2 else None, today)
    if last is None:
        return
    first = _day(day1, month1, int(year1) if year1 else last.year, today)
    if first is not None and first > last and not year1:
        first = _day(day1, month1, last.year - 1, today)
    if first is None or first > last:
        return
    disagrees = _disagrees(group["w1"], first, grammar) or _disagrees(group["w2"], last, grammar)
    yield DateMention(found.start(), found.end(), first, last, "span_of_days", weekday_disagrees=disagrees)


def _single(found: re.Match[str], grammar: _Grammar, today: dt.date) -> Iterator[DateMention]:
    group = found.groupdict()
    side = "1" if group["d1"] else "2"
    year = group[f"y{side}"]
    day = _day(_number(group[f"d{side}"]), _month(group[f"m{side}"], grammar), int(year) if year else None, today)
    if day is not None:
        disagrees = _disagrees(group[f"w{side}"], day, grammar)
        yield DateMention(found.start(), found.end(), day, day, "day_and_month", weekday_disagrees=disagrees)


def _numeric(found: re.Match[str]) -> Iterator[DateMention]:
    group = found.groupdict()
    year, month, day = (group[name] or group[f"i{name}"] for name in "ymd")
    try:
        value = dt.date(int(year), int(month), int(day))
    except ValueError:
        return
    yield DateMention(found.start(), found.end(), value, value, "numeric_date")


def _weekday(found: re.Match[str], grammar: _Grammar, today: dt.date) -> DateMention:
    ahead = (grammar.weekdays[found["w"]] - today.weekday()) % 7
    said = found["after"] or found["before"] or ""
    if said.startswith(("dernier", "last")):
        ahead = ahead - 7 if ahead else -7
    elif said.startswith(("prochain", "next")) and ahead == 0:
        ahead = 7
    day = today + dt.timedelta(days=ahead)
    return DateMention(found.start(), found.end(), day, day, "weekday", is_relative=True)


def _disagrees(word: str | None, day: dt.date, grammar: _Grammar) -> bool:
    return bool(word) and grammar.weekdays[str(word)] != day.weekday()


def _month(word: str | None, grammar: _Grammar) -> int:
    return grammar.months[word.rstrip(".")] if word else 0


def _number(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def _day(day: int, month: int, year: int | None, today: dt.date) -> dt.date | None:
    """The date; without a year the nearest one, up to four months back and eight ahead."""
    years = [year] if year else [today.year - 1, today.year, today.year + 1]
    found = [dt.date(one, month, day) for one in years if month and 1 <= day <= calendar.monthrange(one, month)[1]]
    if not found:
        return None
    return min(found, key=lambda value: abs((value - today).days - 60))


def _clocks(flat: str, grammar: _Grammar) -> Iterator[ClockMention]:
    for found in grammar.clock.finditer(flat):
        if found["noon"]:
            yield ClockMention(found.start(), found.end(), "12:00", None, bool(found["gmt"]), "noon")
            continue
        if not _is_clock(found):
            continue
        time = _time(found["h1"], found["n1"], found["ap1"] or (found["ap2"] if found["h2"] else None))
        until = _time(found["h2"], found["n2"], found["ap2"]) if found["h2"] else None
        if time:
            yield ClockMention(found.start(), found.end(), time, until, bool(found["gmt"]), "clock")


def _is_clock(found: re.Match[str]) -> bool:
    """A bare number is no clock: there must be "h", minutes after a colon, or a.m. / p.m."""
    words = found.group()
    if found["ap1"] or (found["h2"] and found["ap2"]):
        return True
    after = words[len(found["h1"]) :].lstrip()
    if after.startswith("heure"):
        return bool(found["n1"]) or 6 <= int(found["h1"]) <= 23
    return after.startswith("h") or (after.startswith(":") and bool(found["n1"]))


def _time(hour: str, minute: str | None, half: str | None) -> str | None:
    value = int(hour)
    if half:
        value = value % 12 + (12 if half.startswith("p") else 0)
    return f"{value:02d}:{int(minute or 0):02d}" if value < 24 else None


def _parts(flat: str, grammar: _Grammar) -> Iterator[PartMention]:
    for found in grammar.part.finditer(flat):
        yield PartMention(found.start(), found.end(), grammar.parts[found.group()])


def _durations(flat: str, grammar: _Grammar) -> Iterator[DurationMention]:
    for found in grammar.duration.finditer(flat):
        number = grammar.numbers.get(found["n"]) or int(found["n"] if found["n"].isdigit() else 0)
        is_hours = found["u"].startswith(("heure", "hour"))
        days = number // 24 if is_hours else number
        if 1 <= days <= 60 and not (is_hours and number % 24):
            yield DurationMention(found.start(), found.end(), days)
