"""Who stays where and when: what each unit of a text says of a visit, gathered by visitor and host country."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from diplomacy.parsing.claims import Claim, claims_in
from diplomacy.parsing.dates import DateMention
from diplomacy.parsing.dates.values import Tense
from diplomacy.parsing.destinations import Destination
from diplomacy.parsing.finders.places import PlaceMention
from diplomacy.parsing.findings import Findings, Phrase
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.parsing.stay_dates import Dater, nearest, statuses, visit_dates
from diplomacy.vocabulary import VisitKind, VisitStatus

# Once: an enum's members are slow to look up.
_HEADING, _LINE, _PROSE = Form.HEADING, Form.LINE, Form.PROSE
_PAST = Tense.PAST
_UNSPECIFIED = VisitKind.UNSPECIFIED
_CANCELLED, _POSTPONED, _UNDER_WAY = VisitStatus.CANCELLED, VisitStatus.POSTPONED, VisitStatus.UNDER_WAY

# A visit told as long over is background, not news.
_OLD = dt.timedelta(days=40)
_FAR = dt.timedelta(days=800)
_REACH_OF_STATUS = 70  # characters between "visite" and "reportée" in a sentence of several visits
# How a visit stands on which something was decided, though no day is told.
_DECIDED = (VisitStatus.POSTPONED, VisitStatus.CANCELLED, VisitStatus.CONFIRMED)
_TOLD = {
    "postponed": VisitStatus.POSTPONED,
    "cancelled": VisitStatus.CANCELLED,
    "concluded": VisitStatus.CONCLUDED,
    "begun": VisitStatus.UNDER_WAY,
    "confirmed": VisitStatus.CONFIRMED,
}


def gather_stays(found: Findings, units: Sequence[Unit]) -> list[Stay]:
    """The stays of a text in the order they are told."""
    return _Gatherer(found).gather(units)


class _Gatherer:
    def __init__(self, found: Findings) -> None:
        self.found = found
        self.stays: list[Stay] = []
        self.loose: list[tuple[Claim, Unit]] = []
        self.dater = Dater(found)
        self.hosts: dict[int, tuple[str, Span] | None] = {}  # by visitor: where one goes whose place is not told
        self.topic: Referent | None = None  # who the text has been about

    def gather(self, units: Sequence[Unit]) -> list[Stay]:
        before: list[Stay] = []
        for unit in units:
            touched = self._take(unit)
            if not touched:
                self._enrich(unit, before)
            before = touched or (before if unit.form is _HEADING else [])
        if any(one.label == "no_visit" for one in self.found.status):
            self.stays = [stay for stay in self.stays if stay.first or stay.planned or stay.status in _DECIDED]
            self.loose = []
        self._settle_loose(units)
        self._by_heading_city(units)
        for stay in self.stays:
            self._date_by_list(stay, units)
            self._settle(stay)
        return [stay for stay in self.stays if self._is_news(stay)]

    # One unit

    def _take(self, unit: Unit) -> list[Stay]:
        touched: list[Stay] = []
        for claim in claims_in(self.found, unit, self.topic):
            self.topic = claim.visitor
            if claim.destinations:
                touched += self._claimed(claim, unit)
            else:
                known = self._known(claim.visitor)
                if known:
                    self._date(known if len(known) > 1 else known[:1], claim, unit)
                    touched += known
                else:
                    self.loose.append((claim, unit))
                    self.dater.note_tour(claim, unit)
        return touched

    def _known(self, visitor: Referent) -> list[Stay]:
        return [stay for stay in self.stays if stay.visitor is visitor]

    def _claimed(self, claim: Claim, unit: Unit) -> list[Stay]:
        touched = []
        for destination in claim.destinations:
            stay = self._stay(claim.visitor, destination.code)
            stay.units.append(unit)
            self._place(stay, destination)
            for other in claim.company:
                if other is not stay.visitor and other not in stay.company:
                    stay.company.append(other)
            if stay not in touched:
                touched.append(stay)
        self._date(touched, claim, unit)
        return touched

    def _stay(self, visitor: Referent, host: str) -> Stay:
        for stay in self.stays:
            if stay.host == host and (stay.visitor is visitor or visitor in stay.company):
                return stay
        stay = Stay(visitor, host)
        self.stays.append(stay)
        return stay

    def _place(self, stay: Stay, destination: Destination) -> None:
        stay.note("host_country", self.found.span(destination.start, destination.end, destination.rule))
        for place in destination.cities:
            self._city(stay, place)

    def _city(self, stay: Stay, place: PlaceMention) -> None:
        if place.name not in stay.cities:
            stay.cities[place.name] = place
            number = list(stay.cities).index(place.name)
            stay.note(f"cities.{number}", self.found.span(place.start, place.end, "city_of_host"))

    # Kind and status

    def _date(self, stays: Sequence[Stay], claim: Claim, unit: Unit) -> None:
        for stay in stays:
            if stay.evidence == (0, 0):
                stay.evidence = (unit.line_start if unit.form is not _PROSE else unit.start, unit.notes_end)
            stay.told_by.add(claim.trigger.label)
            self._kind(stay, unit)
            self._status(stay, unit, claim)
        self.dater.date(stays, claim, unit, len(self._known(claim.visitor)))

    def _kind(self, stay: Stay, unit: Unit) -> None:
        if stay.kind is not _UNSPECIFIED:
            return
        kinds = [one for one in self.found.within(self.found.visit, unit.start, unit.end) if one.label[:5] == "kind:"]
        if kinds:
            best = max(kinds, key=lambda one: one.last - one.first)
            stay.kind = VisitKind(best.label[5:])
            stay.note("visit_kind", self.found.span(best.start, best.end, "visit_kind"))

    def _status(self, stay: Stay, unit: Unit, claim: Claim) -> None:
        found = self.found
        if claim.is_denied and stay.status is None:
            stay.status, stay.is_only_denied = _CANCELLED, True
            stay.note("status", found.span(claim.trigger.start, claim.trigger.end, "visit_not_made"))
        for phrase in statuses(found, unit):
            status = _TOLD.get(phrase.label)
            if status is None:
                continue
            if status in (_POSTPONED, _CANCELLED):
                if stay.status is _POSTPONED or not self._is_of_visit(phrase, claim, unit):
                    continue
                stay.is_only_denied = False
            elif stay.status is not None:
                continue
            stay.status = status
            stay.note("status", found.span(phrase.start, phrase.end, "visit_status"))
        if stay.status is None and _tells_old_and_new(statuses(found, unit)) and len(visit_dates(found, unit)) > 1:
            stay.status = _POSTPONED  # "earlier slated for the 16th, will now take place from the 30th"
            stay.note("status", found.span(unit.start, unit.end, "old_and_new_dates"))
        if found.tense_before(max(unit.start, claim.trigger.start - 30), claim.trigger.end) is _PAST:
            stay.is_past = True

    def _is_of_visit(self, phrase: Phrase, claim: Claim, unit: Unit) -> bool:
        """Whether "annulé" is said of the visit, and not of a meeting told nearer to it."""
        nouns = [
            one.start for one in self.found.within(self.found.visit, unit.start, unit.end)
            if one.label in ("nouns", "not_going", "goes")
        ]  # fmt: skip
        events = [
            one.start for one in self.found.within(self.found.events, unit.start, phrase.start)
            if not one.is_verb and not any(abs(one.start - noun) < 3 for noun in nouns)
        ]  # fmt: skip
        before = [noun for noun in nouns if noun <= phrase.start]
        if not before:
            return bool(nouns) and min(nouns) - phrase.start < _REACH_OF_STATUS
        return not events or max(events) < max(before)

    # Units that claim no visit of their own

    def _enrich(self, unit: Unit, before: Sequence[Stay]) -> None:
        """A line under a title that gives its days; a sentence that gives a postponed visit its new ones."""
        if not self.stays:
            return
        found = self.found
        dates = [one for one in visit_dates(found, unit) if one.first is not None]
        labels = {one.label for one in statuses(found, unit)}
        if not (dates or labels):
            return
        open_stays = [stay for stay in self.stays if stay.first is None]
        is_range = any(one.last is not None and one.first is not None and one.last > one.first for one in dates)
        if len(open_stays) == 1 and open_stays[0].status is _POSTPONED and dates:
            if is_range or "moved_to" in labels:
                self.dater.move(open_stays[0], dates, unit)
            return
        if len(open_stays) == 1 and is_range and (before or unit.end - unit.start < 80):
            spans = [one for one in dates if one.last is not None and one.first is not None and one.last > one.first]
            self.dater.set_days(open_stays[0], spans[0], is_shared=False)
        self._date_leg(unit, dates)
        stays = {id(stay): stay for stay in self.stays}.values()
        if "postponed" in labels or "cancelled" in labels:
            self._late_status(unit, labels, list(stays), dates)

    def _date_leg(self, unit: Unit, dates: Sequence[DateMention]) -> None:
        """ "Manila follows on Monday and Tuesday": a leg of a tour, told before, gets its days."""
        if unit.form is not _PROSE or not dates or len(self.stays) < 2:
            return
        found = self.found
        named = {one.country for one in found.within(found.cities, unit.start, unit.end)}
        named |= {one.code for one in found.within(found.countries, unit.start, unit.end) if not one.is_demonym}
        legs = [stay for stay in self.stays if stay.host in named]
        if len(legs) != 1 or legs[0].is_off or legs[0].planned is not None:
            return
        if legs[0].first is None or legs[0].is_shared:
            self.dater.set_days(legs[0], nearest(dates, unit.start), is_shared=False)

    def _late_status(self, unit: Unit, labels: set[str], stays: Sequence[Stay], dates: Sequence[DateMention]) -> None:
        """ "Le voyage, prévu les 20 et 21 décembre, a été annulé": said after the visit was told."""
        stays = [stay for stay in stays if stay.status is None or stay.is_only_denied]
        if not stays or len({stay.visitor for stay in stays}) != 1:
            return
        found = self.found
        nouns = found.labels(found.visit, unit.start, unit.end) & {"nouns"}
        if not nouns:
            return
        phrase = next(one for one in statuses(found, unit) if one.label in ("postponed", "cancelled"))
        for stay in stays:
            stay.status, stay.is_only_denied = _TOLD[phrase.label], False
            stay.note("status", found.span(phrase.start, phrase.end, "visit_status"))
            self.dater.move(stay, dates, unit)

    def _settle_loose(self, units: Sequence[Unit]) -> None:
        """A visit told without its place: the inviter's country, or that of the counterpart."""
        has_list = any(one.form is _LINE for one in units)
        for claim, unit in self.loose:
            if self._known(claim.visitor) or any(stay.visitor.name == claim.visitor.name for stay in self.stays):
                continue
            is_dated = bool(visit_dates(self.found, unit)) or has_list
            host = self._host_of(claim.visitor) if is_dated else None
            if host is not None and claim.visitor.is_official:
                code, span = host
                stay = Stay(claim.visitor, code)
                stay.note("host_country", span)
                stay.units.append(unit)
                self.stays.append(stay)
                self._date([stay], claim, unit)

    def _by_heading_city(self, units: Sequence[Unit]) -> None:
        """ "Mardi 3 octobre - Genève" in an agenda kept elsewhere: its owner is abroad that day."""
        abroad = {unit.city.country for unit in units if unit.city is not None and unit.day is not None}
        visitors = {stay.visitor for stay in self.stays}
        sole = next(iter(visitors)) if len(visitors) == 1 else None
        dated: set[int] = set()
        for unit in units:
            owner = unit.owner or sole
            if unit.form is _HEADING or unit.city is None or owner is None or unit.day is None:
                continue
            home = owner.country or self.found.home
            if (home is None and len(abroad) < 2) or unit.city.country == home or unit.day.first is None:
                continue
            stay = self._stay(owner, unit.city.country)
            if stay.is_shared and id(stay) not in dated:
                stay.first = stay.last = None
            dated.add(id(stay))
            if not stay.units:
                stay.evidence = (unit.line_start, unit.notes_end)
            stay.units.append(unit)
            self._city(stay, unit.city)
            stay.note("host_country", self.found.span(unit.city.start, unit.city.end, "city_of_heading"))
            span = self.found.span(unit.day.start, unit.day.end, unit.day.rule)
            if stay.first is None:
                stay.first = unit.day.first
                stay.note("start", span)
            last = unit.day.last or unit.day.first
            if stay.last is None or stay.last < last:
                stay.last = last
                stay.spans["end"] = [span]

    def _host_of(self, visitor: Referent) -> tuple[str, Span] | None:
        if id(visitor) not in self.hosts:
            self.hosts[id(visitor)] = self._looked_up_host(visitor)
        return self.hosts[id(visitor)]

    def _looked_up_host(self, visitor: Referent) -> tuple[str, Span] | None:
        for phrase in self.found.visit:
            if phrase.label == "invitation":
                for mention in self.found.within(self.found.people, phrase.end, phrase.end + 60):
                    if mention.country is not None and mention.country != visitor.country:
                        span = self.found.span(mention.start, mention.end, "country_of_inviter")
                        return mention.country, span
        return self._place_of_programme(visitor)

    def _place_of_programme(self, visitor: Referent) -> tuple[str, Span] | None:
        """The country of most cities of a programme, if it is not the visitor's own."""
        cities = [one for one in self.found.cities if one.country != visitor.country]
        counts = Counter(one.country for one in cities)
        if not counts or (visitor.country is None and self.found.home in counts):
            return None
        code, count = counts.most_common(1)[0]
        if count < sum(counts.values()) * 0.6 or (visitor.country is None and count < 2):
            return None
        first = next(one for one in cities if one.country == code)
        return code, self.found.span(first.start, first.end, "city_of_programme")

    # When all is read

    def _date_by_list(self, stay: Stay, units: Sequence[Unit]) -> None:
        """The days of a programme's headings say when a visit without dates is, and when one with a start ends."""
        told = [stay_ for stay_ in self.stays if not stay_.is_off]
        if all(unit.form is _LINE for unit in stay.units):
            return  # a line of an agenda has its own days
        days = sorted(
            {
                unit.day.first: unit.day for unit in units
                if unit.form is _LINE and unit.day is not None and unit.day.first is not None
                and unit.day.first == unit.day.last and (unit.owner is None or unit.owner is stay.visitor)
            }.items()
        )  # fmt: skip
        if len(told) != 1 or not days or (stay.is_off and stay.first is None and stay.planned is None):
            return
        if stay.first is None and stay.planned is None:
            first, mention = days[0]
            stay.first = first
            stay.note("start", self.found.span(mention.start, mention.end, "first_day_of_programme"))
        if stay.last is None and stay.first is not None and stay.days is None and days[-1][0] >= stay.first:
            last, mention = days[-1]
            if len(days) > 1 or (stay.is_one_day and last == stay.first):
                stay.last = last
                stay.note("end", self.found.span(mention.start, mention.end, "last_day_of_programme"))

    def _settle(self, stay: Stay) -> None:
        if stay.first is None and stay.planned is not None:
            stay.first, stay.last = stay.planned
            stay.spans["start"] = stay.spans.get("original_start", [])
            stay.spans["end"] = stay.spans.get("original_end", [])
            stay.planned = None
        if stay.days is not None and stay.days > 1 and stay.last == stay.first:
            stay.last = None
        if stay.last is None and stay.first is not None and stay.days is not None:
            stay.last = stay.first + dt.timedelta(days=stay.days - 1)
        if stay.is_one_day and stay.is_past and stay.last is None and stay.first is not None and stay.days is None:
            is_over = stay.first <= self.found.document.published_on and stay.status is not _UNDER_WAY
            stay.last = stay.first if is_over else None
        if stay.last is not None and stay.first is not None and stay.last < stay.first:
            stay.last = None
            stay.spans.pop("end", None)
        for unit in stay.units:
            for place in self.found.within(self.found.cities, unit.start, unit.end):
                if place.country == stay.host and place.is_locative:
                    self._city(stay, place)

    def _is_news(self, stay: Stay) -> bool:
        today = self.found.document.published_on
        if stay.first is None:
            return stay.last is None or stay.last >= today - _OLD
        return today - _OLD <= stay.first <= today + _FAR


def _tells_old_and_new(phrases: Sequence[Phrase]) -> bool:
    """Whether different words mark an old day and a new one ("set for" may mark either)."""
    old = {one.start for one in phrases if one.label == "planned_before"}
    new = {one.start for one in phrases if one.label == "moved_to"}
    return bool(old and new and len(old | new) > 1)
