"""When a stay is: the days that a claim's unit tells, the old and the new ones of a stay put off, those of a tour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from diplomacy.parsing.claims import Claim
from diplomacy.parsing.dates import DateMention, Kind
from diplomacy.parsing.dates.values import Grain, Tense
from diplomacy.parsing.findings import Findings, Phrase
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind, VisitStatus

# Once: an enum's members are slow to look up.
_HEADING = Form.HEADING
_DAY = Grain.DAY
_DEPARTURE = ItemKind.DEPARTURE
_DATE, _PERIOD = Kind.DATE, Kind.PERIOD
_PAST = Tense.PAST
_POSTPONED = VisitStatus.POSTPONED

_DAYS = (Kind.DATE, Kind.WEEKDAY, Kind.DEICTIC)
_FEWEST_OF_TOUR = 3  # stays of one visitor that make a tour
_NEAR_TRIGGER = 90  # characters between the words of a visit and how long it lasts


class Dater:
    """Dates the stays of one text."""

    def __init__(self, found: Findings) -> None:
        self.found = found
        self.begun: set[int] = set()  # where the day stands on which a tour begins
        self.tours: dict[int, tuple[DateMention, DateMention | None]] = {}  # by visitor: a tour without its places

    def date(self, stays: Sequence[Stay], claim: Claim, unit: Unit, legs: int) -> None:
        """Give the stays of one claim the days that its unit tells; the visitor makes `legs` stays in all."""
        dates = [one for one in visit_dates(self.found, unit) if one.first is not None or unit.day is None]
        if legs >= _FEWEST_OF_TOUR and len(dates) == 1 and _is_one_day(dates[0]):
            dates = self._begin_tour(stays, claim, unit, dates[0])
        for number, stay in enumerate(stays):
            own = self._own_dates(stay, claim, dates, number)
            if own:
                self._date_one(stay, own, claim, unit, is_shared=len(stays) > 1 and len(own) == len(dates))
        if len(stays) == 1:
            self._last(stays[0], self._duration(claim, unit))
        if not dates:
            self._note_period(stays, unit)
        self._date_by_tour(stays, claim)
        if unit.day is not None and not any(one.first is not None for one in dates):
            for stay in stays:
                self._heading_day(stay, unit)

    def _begin_tour(self, stays: Sequence[Stay], claim: Claim, unit: Unit, day: DateMention) -> list[DateMention]:
        """ "leaves tomorrow for A, B and C": when a tour begins says nothing of its later legs."""
        if day.start in self.begun:
            return []
        if len(stays) < 2:
            return [day]
        self.begun.add(day.start)
        self._date_one(stays[0], [day], claim, unit, is_shared=False)
        if any(one.kind is _DEPARTURE for one in self.found.within(self.found.events, unit.start, day.end)):
            stays[0].is_shared = True  # the day of leaving home: what is said of the first leg itself counts for more
        return []

    def _note_period(self, stays: Sequence[Stay], unit: Unit) -> None:
        """ "la semaine prochaine", "courant mars": what a text says where it says no day."""
        for one in self.found.within(self.found.dates, unit.start, unit.end):
            if one.kind is _PERIOD and not one.history:
                for stay in stays:
                    stay.date_text = stay.date_text or self.found.span(one.start, one.end, one.rule).quote
                return

    def _date_one(self, stay: Stay, own: Sequence[DateMention], claim: Claim, unit: Unit, *, is_shared: bool) -> None:
        best = nearest(own, claim.trigger.start)
        is_planned = stay.status is not None and any(
            one.label == "planned_before" for one in statuses(self.found, unit)
        )
        if stay.is_off or is_planned:
            if (
                stay.planned is None or claim.trigger.label != "held"
            ):  # the day of a meeting says nothing of the visit's
                self.move(stay, own, unit)
        elif self._concludes(claim, unit):
            if stay.last is None and (not is_shared or stay.host == claim.destinations[-1].code):
                stay.last = best.last
                stay.note("end", self.found.span(best.start, best.end, best.rule))
                duration = self._duration(claim, unit)
                if duration is not None and duration.duration_days and stay.last is not None and stay.first is None:
                    stay.first = stay.last - dt.timedelta(days=duration.duration_days - 1)
                    stay.note("start", self.found.span(duration.start, duration.end, "duration_in_days"))
        elif stay.first is None or (stay.is_shared and not is_shared and stay.covers(best.first)):
            self.set_days(stay, best, is_shared=is_shared)
            if stay.last is None:
                self._extend(stay, own)
        elif stay.last is None:
            self._extend(stay, own)

    def _last(self, stay: Stay, duration: DateMention | None) -> None:
        """ "une visite de 48 heures": how many days a stay lasts."""
        if duration is None or stay.days is not None:
            return
        stay.days = duration.duration_days
        if stay.last is None:
            stay.note("end", self.found.span(duration.start, duration.end, "duration_in_days"))

    def note_tour(self, claim: Claim, unit: Unit) -> None:
        """Keep the days of a tour whose places are still to be told."""
        dates = [one for one in visit_dates(self.found, unit) if one.first is not None]
        if dates:
            self.tours[id(claim.visitor)] = (nearest(dates, claim.trigger.start), self._duration(claim, unit))

    def _duration(self, claim: Claim, unit: Unit) -> DateMention | None:
        return next(
            (
                one for one in self.found.within(self.found.dates, unit.start, unit.end)
                if one.duration_days is not None and abs(one.start - claim.trigger.start) < _NEAR_TRIGGER
            ),
            None,
        )  # fmt: skip

    def _date_by_tour(self, stays: Sequence[Stay], claim: Claim) -> None:
        """The legs of a tour whose days were told before its places: "prend la route lundi pour quatre jours"."""
        tour = self.tours.get(id(claim.visitor))
        if tour is None or len(stays) < 2 or any(stay.first is not None for stay in stays):
            return
        mention, duration = tour
        begins_only = _is_one_day(mention) and duration is None  # "tritt heute ihre Reise an": of the first leg at most
        for stay in stays[:1] if begins_only else stays:
            self.set_days(stay, mention, is_shared=True)
            if stay.last is None:
                self._last(stay, duration)

    def _concludes(self, claim: Claim, unit: Unit) -> bool:
        """ "today concludes a trip to …": the day told is the last."""
        return any(
            one.label == "concluding" and one.start <= claim.trigger.end and claim.trigger.start - one.end < 30
            for one in statuses(self.found, unit)
        )

    def _own_dates(self, stay: Stay, claim: Claim, dates: Sequence[DateMention], number: int) -> Sequence[DateMention]:
        """Of several places each with its dates, those that follow this one and come before the next."""
        places = [one.start for one in claim.destinations if one.code == stay.host]
        if len(claim.destinations) < 2 or len(dates) < 2 or not places:
            return dates
        place = places[0]
        later = [one.start for one in claim.destinations if one.start > place and one.code != stay.host]
        stop = min(later, default=10**9)
        own = [one for one in dates if place <= one.start < stop]
        if not own and number == len(claim.destinations) - 1:
            return dates
        return own or [one for one in dates if one.start > stop][:1]

    def set_days(self, stay: Stay, mention: DateMention, *, is_shared: bool) -> None:
        """Take a day or span as that of the stay."""
        stay.first, stay.last = mention.first, mention.last
        if mention.first == mention.last:
            stay.last = None
            stay.is_one_day = True
        stay.is_shared = is_shared
        stay.disagrees = bool(mention.warnings)
        stay.is_past = stay.is_past or mention.tense is _PAST
        span = self.found.span(mention.start, mention.end, mention.rule)
        if stay.first is not None:
            stay.note("start", span)
        if stay.last is not None:
            stay.note("end", span)

    def _extend(self, stay: Stay, own: Sequence[DateMention]) -> None:
        """A later sentence that gives the whole span, or its end, of what began on a day."""
        for mention in own:
            first, last = stay.first, mention.last
            if first is None or last is None or mention.first not in (None, first):
                continue
            if last > first or (mention.first is None and last == first):
                stay.last = last
                stay.note("end", self.found.span(mention.start, mention.end, mention.rule))
                return

    def _heading_day(self, stay: Stay, unit: Unit) -> None:
        day = unit.day
        if day is None or stay.first is not None or day.first is None:
            return
        stay.first, stay.last = day.first, day.last
        span = self.found.span(day.start, day.end, day.rule)
        stay.note("start", span)
        stay.note("end", span)
        for until in self.found.within(self.found.dates, unit.start, unit.end):
            if until.first is None and until.last is not None and until.last >= day.first:
                stay.last = until.last
                stay.spans["end"] = [self.found.span(until.start, until.end, until.rule)]

    def move(self, stay: Stay, dates: Sequence[DateMention], unit: Unit) -> None:
        """Tell the days planned before from the new ones; the new ones are in force."""
        found = self.found
        marks = [one for one in statuses(found, unit) if one.label in ("planned_before", "moved_to", "postponed")]
        at = unit.start
        for mention in dates:
            lead = [one for one in marks if at <= one.start < mention.start]
            at = mention.end
            span = found.span(mention.start, mention.end, mention.rule)
            first, last = mention.first, mention.last or mention.first
            if first is None or last is None:
                continue
            is_new = bool(lead) and lead[-1].label == "moved_to" and stay.status is _POSTPONED
            is_new = is_new or (
                stay.planned is not None and not _is_narrower((first, last), stay.planned) and not _is_before(lead)
            )
            if is_new and stay.status is _POSTPONED:
                stay.first, stay.last = first, mention.last if mention.last != first else None
                stay.spans["start"] = stay.spans["end"] = [span]
                return
            if stay.planned is None or _is_narrower((first, last), stay.planned):
                stay.planned = (first, last)
                stay.spans["original_start"] = stay.spans["original_end"] = [span]


def _is_one_day(mention: DateMention) -> bool:
    return mention.first is not None and mention.first == mention.last


def _is_narrower(days: tuple[dt.date, dt.date], others: tuple[dt.date, dt.date]) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


def _is_before(lead: Sequence[Phrase]) -> bool:
    return bool(lead) and lead[-1].label == "planned_before"


def statuses(found: Findings, unit: Unit) -> Sequence[Phrase]:
    """The words of a unit that say how a visit stands."""
    return found.within(found.status, unit.start, unit.end)


def visit_dates(found: Findings, unit: Unit) -> list[DateMention]:
    """The days of a unit that may be those of a visit."""
    return [
        one
        for one in found.within(found.dates, unit.start, unit.end)
        if one.kind in _DAYS and one.has_day and not (one.dateline or one.history or one.press_access)
        and one.precision is _DAY and not found.is_when_told(one) and not _is_day_of_issue(found, unit, one)
    ]  # fmt: skip


def _is_day_of_issue(found: Findings, unit: Unit, date: DateMention) -> bool:
    """The day of publication, set beside a title."""
    today = found.document.published_on
    return unit.form is _HEADING and date.kind is _DATE and date.first == today == date.last


def nearest(dates: Sequence[DateMention], trigger: int) -> DateMention:
    """The span of days nearest to the words that tell the visit, else the nearest day, after them first."""

    def order(one: DateMention) -> tuple[bool, bool, bool, int]:
        is_span = one.last is not None and one.first is not None and one.last > one.first
        return (one.first is None, not is_span, one.start < trigger, abs(one.start - trigger))

    return min(dates, key=order)
