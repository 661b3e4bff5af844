"""What one unit claims of visits: who goes where, in which company."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplomacy.parsing.dates import DateMention, Kind
from diplomacy.parsing.dates.values import Tense
from diplomacy.parsing.destinations import LIST_GAP, Destination, Places, list_of
from diplomacy.parsing.finders.offices import office_words
from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.findings import EventMention, Findings, Phrase
from diplomacy.parsing.gazetteer.countries import country_words
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.resolve import Referent
from diplomacy.vocabulary import ItemKind, Rank

# Once: an enum's members are slow to look up.
_LINE, _PROSE = Form.LINE, Form.PROSE
_COURTESY_CALL, _DEPARTURE = ItemKind.COURTESY_CALL, ItemKind.DEPARTURE
_PERIOD = Kind.PERIOD
_OTHER = Rank.OTHER
_PAST = Tense.PAST

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_OLD = dt.timedelta(days=40)  # a month that ended before is background, not news
_TRIGGERS = frozenset({"nouns", "goes", "not_going"})
_NEAR_SUBJECT = 110  # characters between a noun and "de X" after it
_PRESENCE = 26  # characters between a name and the place it is said to be in
_INVERTED = 90  # characters after a verb in which a subject that follows it stands
_HELD_WITHIN = 90  # characters after a verb of meeting in which its place stands
_AT_A_DISTANCE = frozenset({ItemKind.PHONE_CALL, ItemKind.INTERVIEW, ItemKind.ARRIVAL, ItemKind.DEPARTURE})
_NEAR_GUEST = 60  # characters after a verb of receiving within which its object begins
_ANNOUNCES = 30  # characters between an announcer and the verb


class Claim(NamedTuple):
    """Somebody goes somewhere (or, `is_denied`, does not after all)."""

    visitor: Referent
    trigger: Phrase
    destinations: tuple[Destination, ...]
    company: tuple[Referent, ...] = ()
    is_denied: bool = False


def claims_in(found: Findings, unit: Unit, topic: Referent | None) -> tuple[Claim, ...]:
    """The claims of a unit; `topic` is who the text has been about, for "sa visite", "il se rendra"."""
    reader = _Reader(found, unit, topic)
    return tuple(reader.claims()) if reader.may_claim() else ()


class _Reader:
    def __init__(self, found: Findings, unit: Unit, topic: Referent | None) -> None:
        self.found, self.unit, self.topic = found, unit, topic
        self.phrases = found.within(found.visit, unit.start, unit.end)
        self.places = Places(found, unit, self.phrases)
        self.named = [one for one in found.within(found.people, unit.start, unit.end) if one.start in found.referent_at]
        self.people = [one for one in self.named if self._is_somebody(one)]
        self.ends, self.named_ends = [one.end for one in self.people], [one.end for one in self.named]
        self.labelled: dict[str, list[Phrase]] = {}
        for one in self.phrases:
            self.labelled.setdefault(one.label, []).append(one)
        # Of each of the people, by place: what many triggers of a unit ask of the same ones.
        self.inviters: dict[int, bool] = {}
        self.companions: dict[int, bool] = {}
        self.announcers: dict[int, bool] = {}
        self.events: Sequence[EventMention] = ()  # of the unit, where it has words of a visit
        self.pronouns_until: tuple[int, bool] | None = None  # the first word, and whether the unit has any pronoun

    def _is_somebody(self, mention: PersonMention) -> bool:
        """A name vouched for, or an office that stands for one person: not "member countries"."""
        referent = self.found.referent_at[mention.start]
        if referent.is_weak:
            return False
        return bool(referent.name) or mention.is_definite or mention.rank is not _OTHER

    def may_claim(self) -> bool:
        """Whether there is any word of a visit, anybody or any place; most lines have none."""
        return bool(self.phrases or self.named or self.places.are_named())

    def claims(self) -> Iterator[Claim]:
        if "negative" in self.found.labels(self.found.status, self.unit.start, self.unit.end):
            return
        if self._is_history():
            return
        presence = self._presence()
        if presence is not None:
            yield presence
            return
        done: set[int] = set()
        yielded = False
        for trigger in self._triggers():
            if self._is_only_invited(trigger) or self._is_of_last_year(trigger):
                yielded = True
                continue
            claim = self._claim(trigger)
            if claim is None:
                continue
            key = id(claim.visitor)
            if key in done and not claim.destinations:
                continue
            done.add(key)
            yielded = yielded or bool(claim.destinations)
            yield claim
        held = self._held_abroad() if not yielded else None
        if held is not None:
            yield held

    def _is_history(self) -> bool:
        """Whether all the days of a unit lie long before the publication."""
        dates = self.found.within(self.found.dates, self.unit.start, self.unit.end)
        days = [one for one in dates if one.has_day and one.kind is not _PERIOD]
        if days:
            return all(one.history for one in days)
        return self._is_of_past_year() or self._is_of_past_month(dates)

    def _is_of_past_month(self, dates: Sequence[DateMention]) -> bool:
        """ "s'est rendu au Mali en mars": months gone by and nothing nearer."""
        ends = [one.last for one in dates if one.kind is _PERIOD and one.last is not None]
        published_on = self.found.document.published_on
        return bool(ends) and all(published_on - end > _OLD for end in ends)

    def _is_of_past_year(self) -> bool:
        """ "s'est rendu au Sénégal en 2010": a year gone by and nothing nearer."""
        if self.found.tense(self.unit.start, self.unit.end) is not _PAST:
            return False
        first, last = self.found.document.word_at(self.unit.start), self.found.document.word_at(self.unit.end)
        years = [int(norm) for norm in self.found.document.words.norms[first:last] if _YEAR.fullmatch(norm)]
        return any(year < self.found.document.published_on.year for year in years)

    def _is_of_last_year(self, trigger: Phrase) -> bool:
        """ "visited Warsaw in April", told in February: a month that is still to come is one of the year before."""
        if self.found.tense(trigger.start, trigger.end) is not _PAST:
            return False
        dates = self.found.within(self.found.dates, self.unit.start, self.unit.end)
        ahead = [one for one in dates if one.first is not None and one.first > self.found.document.published_on]
        return bool(ahead) and all(one.kind is _PERIOD for one in dates if one.first is not None)

    def _is_only_invited(self, trigger: Phrase) -> bool:
        """ "a invité M. X à effectuer une visite": no visit as long as no day is told."""
        inviting = {one.start for one in self.labelled.get("invites", ()) if one.start < trigger.start}
        inviting -= {one.start for one in self.labelled.get("invitation", ())} if inviting else set()
        return bool(inviting) and not any(
            one.has_day for one in self.found.within(self.found.dates, trigger.end, self.unit.end)
        )

    def _held_abroad(self) -> Claim | None:
        """ "Mercredi, il verra à Bruxelles …": whoever meets, speaks or signs in a foreign city is there."""
        if not self.places.are_named():
            return None
        for event in self.found.within(self.found.events, self.unit.start, self.unit.end):
            if event.kind in _AT_A_DISTANCE or (not event.is_verb and self.unit.form is _PROSE):
                continue
            trigger = Phrase(event.start, event.end, event.first, event.last, "held")
            visitor = self._visitor(trigger) if self.unit.form is _PROSE else self.unit.owner
            if visitor is None or not visitor.is_official or (visitor.country or self.found.home) is None:
                return None
            ends = min(self.unit.end, event.end + _HELD_WITHIN)
            places = [
                one for one in self.places.among(self.unit.start, ends, visitor) if one.cities or one.end < event.start
            ]  # a country only where it opens the sentence: "In Sri Lanka, she will call on …"
            own = visitor.country or self.found.home
            places = [one for one in places if one.code != own and not self._is_left_for(event, one.start)]
            if len({one.code for one in places}) == 1:
                return Claim(visitor, trigger, list_of(places), self._company(trigger, visitor))
            return None
        return None

    def _is_left_for(self, held: EventMention, place: int) -> bool:
        """ "discursa na Assembleia antes de partir para Madrid": where somebody leaves for afterwards."""
        return any(
            one.kind is _DEPARTURE for one in self.found.within(self.found.events, held.end, place)
        )  # fmt: skip

    def _triggers(self) -> list[Phrase]:
        found = [one for one in self.phrases if one.label in _TRIGGERS or one.label.startswith("kind:")]
        self.events = self.found.within(self.found.events, self.unit.start, self.unit.end) if found else ()
        found = [one for one in found if not (self._is_background(one) or self._only_leaves(one) or self._is_call(one))]
        kept: list[Phrase] = []
        for one in sorted(found, key=lambda phrase: (phrase.start, -phrase.end)):
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        if self.unit.form is _LINE:
            return [one for one in kept if one.label != "goes" or self._leads_abroad(one)]
        return kept

    def _is_background(self, trigger: Phrase) -> bool:
        """ "Une année après le déplacement à Moscou du ministre": told as a time, not as news."""
        if trigger.label != "nouns":
            return False
        near = self.found.within(self.found.clauses, trigger.start - 40, trigger.start)
        return any(one.label == "before_news" and self._touches(one.end, trigger.start) for one in near)

    def _is_call(self, trigger: Phrase) -> bool:
        """ "Visite de courtoisie de l'ambassadeur": an item of somebody's day, no stay."""
        return trigger.label == "nouns" and any(
            event.kind is _COURTESY_CALL and event.start <= trigger.start < event.end and not event.is_verb
            for event in self.events
        )

    def _only_leaves(self, trigger: Phrase) -> bool:
        """A departure at the end of what is told ("avant de partir pour Madrid"), or as a line of a programme."""
        leaves = any(
            event.kind is _DEPARTURE and event.start < trigger.end and trigger.start < event.end
            for event in self.events
        )
        if not leaves:
            return False
        near = self.found.within(self.found.clauses, trigger.start - 14, trigger.start)
        return self.unit.form is _LINE or any(one.label == "sequence" and one.end >= trigger.start - 3 for one in near)

    def _leads_abroad(self, trigger: Phrase) -> bool:
        return bool(self._destinations(trigger, self.unit.owner))

    def _claim(self, trigger: Phrase) -> Claim | None:
        visitor = self._visitor(trigger)
        if visitor is None:
            return None
        destinations = self._destinations(trigger, visitor)
        is_verb = trigger.label == "goes"
        if is_verb and not destinations and not self._names_stay():
            return None
        if not destinations and any(one.start == trigger.start for one in self.labelled.get("takes_part", ())):
            return None
        return Claim(
            visitor=visitor,
            trigger=trigger,
            destinations=destinations,
            company=self._company(trigger, visitor),
            is_denied="not_going" in self.labelled,
        )

    def _names_stay(self) -> bool:
        return any(label == "nouns" or label.startswith("kind:") for label in self.labelled)

    # Who

    def _visitor(self, trigger: Phrase) -> Referent | None:
        of = self._after_of(trigger) if trigger.label not in ("goes", "held", "not_going") else None
        mention = of or self._beside_stay(trigger) or self._guest(trigger) or self._before(trigger)
        if mention is None and not self._has_pronoun(trigger):
            mention = self._subject_after(trigger) or (self._after(trigger) if trigger.label != "held" else None)
        if mention is not None:
            return self.found.referent_at[mention.start]
        return self.unit.owner or self.topic or self._first_official()

    def _first_official(self) -> Referent | None:
        """Who a text is about that has told no visit yet: the first official it names."""
        for one in self.found.referents:
            if one.title and one.name and one.mentions[0].start < self.unit.end:
                return one
        return None

    def _beside_stay(self, trigger: Phrase) -> PersonMention | None:
        """ "avec M. X, ministre …, en visite de travail en Suisse": the one it is said of stands right before."""
        count = bisect_right(self.ends, trigger.start)
        is_in_stay = any(one.start <= trigger.start <= one.end for one in self.labelled.get("in_stay", ()))
        while is_in_stay and count > 1 and self.people[count - 1].is_spouse:
            count -= 1  # "le Premier ministre et son épouse seront en visite"
        if not count:
            return None
        before = self.people[count - 1]
        return before if is_in_stay and trigger.start - before.end < 12 else self._antecedent(before)

    def _guest(self, trigger: Phrase) -> PersonMention | None:
        """ "A will welcome her counterpart, B, at the start of a two-day visit": B is the one who visits."""
        if trigger.label in ("goes", "held", "not_going") or not self.people:
            return None
        for one in self.found.within(self.found.clauses, self.unit.start, trigger.start):
            if one.label != "receives":
                continue
            guests = [each for each in self.people if one.end <= each.start < min(one.end + _NEAR_GUEST, trigger.start)]
            hosts = [each for each in self.people if each.end <= one.start]
            if guests and hosts and not self._is_withs(guests[0]):
                return guests[0]
        return None

    def _antecedent(self, before: PersonMention) -> PersonMention | None:
        """ "avec M. X, qui achève aujourd'hui une visite": the one the clause hangs on."""
        near = self.found.within(self.found.clauses, before.end, before.end + 4)
        return before if any(one.label == "who" for one in near) else None

    def _after_of(self, trigger: Phrase) -> PersonMention | None:
        """ "la visite officielle au Mali de M. X", "the visit of X"."""
        for mention in self.people:
            if not trigger.end <= mention.start <= trigger.end + _NEAR_SUBJECT or mention.is_counterpart:
                continue
            if self._is_inviter(mention) or self._is_withs(mention):
                continue
            lead = self.found.document.word_at(mention.start)
            known = country_words(self.found.language.code)
            return mention if known.of.ending_at(self.found.document.words, lead, 3) is not None else None
        return None

    def _before(self, trigger: Phrase) -> PersonMention | None:
        """The last of those named before the verb who is not its object: no inviter, announcer or companion."""
        eligible = []
        for one in reversed(self.people):
            if one.start < trigger.start and self._may_be_subject(one):
                if not self._announces(one):
                    return one
                eligible.append(one)
        return eligible[0] if len(eligible) == 1 else self._unvouched(trigger)

    def _may_be_subject(self, one: PersonMention) -> bool:
        return not (
            one.is_counterpart or one.is_indefinite or one.is_spouse or self._is_inviter(one) or self._is_withs(one)
        )

    def _unvouched(self, trigger: Phrase) -> PersonMention | None:
        """A name that nothing vouches for, right before the verb: "Uhuru Kenyatta will visit"."""
        if trigger.label != "goes":
            return None
        first = bisect_left(self.named_ends, trigger.start - 2)
        near = self.named[first : bisect_left(self.named_ends, trigger.start, first)]
        return next((one for one in near if len(one.name.split()) >= 2), None)

    def _subject_after(self, trigger: Phrase) -> PersonMention | None:
        """ "Arrivé jeudi à Tunis, le ministre, M. X, a été reçu": whoever stands before the main verb."""
        if trigger.start - self.unit.start > 3:
            return None
        verbs = self.found.verbs(trigger.end + 1, self.unit.end)
        stop = next((at for at in verbs if any(one.end <= at for one in self.people if one.start > trigger.end)), None)
        before = [one for one in self.people if trigger.end < one.start and stop is not None and one.end <= stop]
        eligible = [one for one in before if not (one.is_counterpart or self._is_inviter(one) or self._is_withs(one))]
        return eligible[-1] if eligible else None

    def _after(self, trigger: Phrase) -> PersonMention | None:
        """ "viaja a México el Presidente": the first one after the verb."""
        if trigger.label != "goes":
            return None
        for mention in self.people:
            if not trigger.end <= mention.start < trigger.end + _INVERTED:
                continue
            if mention.is_counterpart or self._is_inviter(mention) or self._is_withs(mention) or mention.is_weak:
                continue
            if self._announces(mention):
                continue
            verbs = self.found.within(self.found.events, trigger.end, mention.start)
            return None if any(one.is_verb for one in verbs) else mention
        return None

    def _has_pronoun(self, trigger: Phrase) -> bool:
        words, pronouns = self.found.document.words, self.found.language.people.pronouns
        if self.pronouns_until is None:
            first = self.found.document.word_at(self.unit.start)
            stop = self.found.document.word_at(self.unit.end) + 1
            self.pronouns_until = (first, pronouns.any_in(words, first, stop))
        first, has_any = self.pronouns_until
        return has_any and pronouns.any_in(words, first, trigger.first + 1)

    def _is_inviter(self, mention: PersonMention) -> bool:
        if mention.start not in self.inviters:
            self.inviters[mention.start] = any(
                one.end <= mention.start and mention.start - one.end < 50
                and self._nobody_between(one.end, mention.start)
                for one in self.labelled.get("invitation", ())
            )  # fmt: skip
        return self.inviters[mention.start]

    def _nobody_between(self, start: int, end: int) -> bool:
        return not any(start <= one.start < end for one in self.people)

    def _is_withs(self, mention: PersonMention) -> bool:
        """Whether somebody is named as companion, host or author: "avec X", "accompagné de X", "par X"."""
        if mention.start not in self.companions:
            self.companions[mention.start] = self._is_led_by_with(mention)
        return self.companions[mention.start]

    def _is_led_by_with(self, mention: PersonMention) -> bool:
        for one in self.found.within(self.found.visit, max(self.unit.start, mention.start - 60), mention.start):
            if one.label in ("accompanied", "accompanies") and self._nobody_between(one.end, mention.start):
                return True
        for one in self.found.within(self.found.clauses, max(self.unit.start, mention.start - 24), mention.start):
            if one.label in ("with_people", "not_taking_part") and self._touches(one.end, mention.start):
                joins = office_words(self.found.language.code).joins
                if joins.at(self.found.document.words, one.first) is None:
                    return True
                before = [other for other in self.named if other.end <= one.start]
                return bool(before) and one.start - before[-1].end < 3 and self._is_withs(before[-1])
        return False

    def _touches(self, end: int, start: int) -> bool:
        between = self.found.document.words
        first, last = self.found.document.word_at(end), self.found.document.word_at(start)
        articles = self.found.language.people.function_words
        return last - first <= 2 and all(between.norms[at] in articles for at in range(first, last))

    def _announces(self, mention: PersonMention) -> bool:
        if mention.start not in self.announcers:
            self.announcers[mention.start] = self._speaks_next(mention)
        return self.announcers[mention.start]

    def _speaks_next(self, mention: PersonMention) -> bool:
        for one in self.found.within(self.found.clauses, mention.end, mention.end + _ANNOUNCES):
            if one.label == "not_taking_part" and self._nobody_between(mention.end + 1, one.start):
                return True
        return False

    def _company(self, trigger: Phrase, visitor: Referent) -> tuple[Referent, ...]:
        """Those named as travelling along: "accompagné de …" up to the next verb; "de M. X et de Mme Y"."""
        company: list[Referent] = self._beside(trigger, visitor)
        for one in self.labelled.get("accompanied", ()):
            at = one.end
            for mention in self.people:
                if mention.start < one.end:
                    continue
                if mention.start - at > 45:
                    break
                referent = self.found.referent_at[mention.start]
                if referent is not visitor and referent.name and not mention.is_counterpart:
                    company.append(referent)
                at = mention.end
        return tuple(company)

    def _beside(self, trigger: Phrase, visitor: Referent) -> list[Referent]:
        """A spouse or other person named right after the visitor with "et"."""
        if trigger.label == "held":
            return []
        words, joins = self.found.document.words, office_words(self.found.language.code).joins
        for one, other in zip(self.people, self.people[1:], strict=False):
            if self.found.referent_at[one.start] is not visitor or abs(one.start - trigger.start) > _NEAR_SUBJECT * 2:
                continue
            first, last = self.found.document.word_at(one.end), self.found.document.word_at(other.start)
            is_joined = 0 < last - first <= 3 and joins.at(words, first) is not None
            if is_joined and other.name and not other.is_counterpart and self.places.only_joins(one.end, other.start):
                return [self.found.referent_at[other.start]]
        return []

    # Where

    def _presence(self) -> Claim | None:
        """ "Mr X in Tallinn, Estonia: …", "Trump in India": somebody at the head of a line, and a place right after."""
        if not self.named or (self.unit.form is _PROSE and self.unit.day is None):
            return None
        mention = self.named[0]
        if mention.start - self.unit.start > 3 or self.found.document.text[self.unit.start : self.unit.end].isupper():
            return None
        referent = self.found.referent_at[mention.start]
        for destination in self.places.among(mention.end, self.unit.end, referent):
            lead = self.found.document.text[mention.end : destination.start]
            if destination.start - mention.end > _PRESENCE or any(mark in lead for mark in ",;:.("):
                return None
            if any(one.is_verb for one in self.found.within(self.found.events, mention.end, destination.start)):
                return None
            if any(
                one.label in _TRIGGERS for one in self.found.within(self.found.visit, mention.end, destination.start)
            ):
                return None  # a verb says it: it may lead to more places than one
            place = Phrase(destination.start, destination.end, 0, 0, "presence")
            return Claim(referent, place, (destination,))
        return None

    def _destinations(self, trigger: Phrase, visitor: Referent | None) -> tuple[Destination, ...]:
        ours = self.places.ours(trigger, visitor)
        if ours is not None:
            return (ours,)
        start = trigger.start if trigger.label == "goes" else trigger.end
        after = list_of(list(self.places.among(start, self._stop(trigger), visitor)))
        if after:
            return after
        before = list(self.places.among(self.unit.start, trigger.start, visitor))
        return tuple(before[-1:]) if not self._is_led(before) else tuple(before)

    def _is_led(self, places: Sequence[Destination]) -> bool:
        """Whether places before the verb stand in one list."""
        return len(places) > 1 and all(later.start - one.end < LIST_GAP for one, later in itertools.pairwise(places))

    def _stop(self, trigger: Phrase) -> int:
        """Where the reach of a verb ends: at the next one with another subject."""
        for one in self.phrases:
            if one.start > trigger.end and one.label == "goes":
                between = [mention for mention in self.people if trigger.end < mention.start < one.start]
                subjects = [mention for mention in between if not self._is_withs(mention)]
                if subjects and not self._is_inviter(subjects[-1]) and not subjects[-1].is_counterpart:
                    return one.start
        return self.unit.end
