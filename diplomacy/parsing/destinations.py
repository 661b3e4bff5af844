"""Where somebody goes: the foreign places of a unit that a verb or noun of going may lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diplomacy.parsing.finders.places import PlaceMention
from diplomacy.parsing.findings import Findings, Phrase
from diplomacy.parsing.gazetteer.countries import country_words
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.words import LINE

# Once: an enum's members are slow to look up.
_LINE, _PROSE = Form.LINE, Form.PROSE

LIST_GAP = 40  # characters between two places of one list


class Destination(NamedTuple):
    """A host country with the words that name it, and the cities named with it."""

    code: str
    start: int
    end: int
    rule: str
    cities: tuple[PlaceMention, ...] = ()


def list_of(places: list[Destination]) -> tuple[Destination, ...]:
    """One destination for each country, with all its cities."""
    kept: dict[str, Destination] = {}
    for place in places:
        known = kept.get(place.code)
        cities = (known.cities if known else ()) + place.cities
        first = known or place
        kept[place.code] = Destination(place.code, first.start, first.end, first.rule, cities)
    return tuple(kept.values())


class Places:
    """The places of one unit; `phrases` are the words of visits in it."""

    def __init__(self, found: Findings, unit: Unit, phrases: Sequence[Phrase]) -> None:
        self.found, self.unit, self.phrases = found, unit, phrases

    def are_named(self) -> bool:
        """Whether the unit names any place."""
        found, unit = self.found, self.unit
        return bool(
            found.within(found.cities, unit.start, unit.end) or found.within(found.countries, unit.start, unit.end)
        )

    def ours(self, trigger: Phrase, visitor: Referent | None) -> Destination | None:
        """ "dans notre pays": the country named most that is not the visitor's own."""
        for one in self.phrases:
            if one.label != "our_country":
                continue
            away = visitor.country if visitor is not None else None
            states = [code for code in self.found.states if code != away]
            if states:
                return Destination(max(states, key=self.found.states.__getitem__), one.start, one.end, "our_country")
        return None

    def among(self, start: int, end: int, visitor: Referent | None) -> Iterator[Destination]:
        """Foreign places in text[start:end] that somebody may be going to."""
        found = self.found
        cities = {one.start: one for one in found.within(found.cities, start, end)}
        named = [one for one in found.within(found.countries, start, end) if one.form != "capital"]
        if not (cities or named):
            return
        own = self._own_country(visitor)
        spots = sorted([(one.start, one.end, one.country, one) for one in cities.values()]
                       + [(one.start, one.end, one.code, None) for one in named
                          if one.form != "demonym" and one.start not in cities], key=lambda spot: spot[:2])  # fmt: skip
        spots += [
            (one.start, one.end, one.code, None) for one in named if one.is_demonym and self._is_capital_of(one.start)
        ]
        listed = 10**9
        for first, last, code, city in sorted(spots, key=lambda spot: spot[:2]):
            is_own = self._is_own(code, own, visitor, city)
            if len(code) != 2 or code in ("EU", "UN") or is_own or self._is_inside_person(first):
                continue
            is_listed = 0 < first - listed < 2 * LIST_GAP and self.only_joins(listed, first)
            if not (is_listed or self._is_goal(first, last, city)):
                continue
            listed = last
            yield Destination(code, first, last, "visit_to", (city,) if city is not None else ())

    def _own_country(self, visitor: Referent | None) -> str | None:
        """The visitor's; of an official named without a country that of the text, unless it tells of an invitation."""
        if visitor is None or visitor.country is not None:
            return visitor.country if visitor is not None else None
        is_guest = any(one.label == "invitation" or one.label.startswith("kind:") for one in self.phrases)
        return self.found.home if visitor.title and not is_guest else None

    def _is_own(self, code: str, own: str | None, visitor: Referent | None, city: PlaceMention | None) -> bool:
        """Whether a place lies in the visitor's country. Where only the text's own country speaks for that, its capital
        and its name do not: nobody "arrives" there who lives there.
        """
        if code != own:
            return False
        if visitor is not None and visitor.country is None:
            return city is not None and not city.city.is_capital
        return True

    def only_joins(self, start: int, end: int) -> bool:
        """Whether nothing stands in text[start:end] but days, numbers and the small words that join a list."""
        words, known = self.found.document.words, self.found.language.people.function_words
        steps = {
            at for one in self.found.within(self.found.clauses, start, end) if one.label == "sequence"
            for at in range(one.first, one.last)
        }  # fmt: skip
        for date in self.found.within(self.found.dates, start, end):
            steps.update(range(self.found.document.word_at(date.start), self.found.document.word_at(date.end)))
        first, last = self.found.document.word_at(start), self.found.document.word_at(end)
        return all(words.norms[at] in known or at in steps or words.norms[at].isdigit() for at in range(first, last))

    def _is_inside_person(self, offset: int) -> bool:
        near = self.found.within(self.found.people, max(0, offset - 200), offset + 1)
        return any(one.start <= offset < one.end and not one.is_weak for one in near)

    def _is_capital_of(self, start: int) -> bool:
        return any(one.label == "capital_of" and 0 <= start - one.end <= 2 for one in self.phrases)

    def _is_label(self, first: int, last: int) -> bool:
        """ "Syrie : Vladimir Poutine ajourne …": the subject of a title, not a place gone to."""
        return first - self.unit.start < 3 and self.found.document.text[last : last + 2].strip()[:1] == ":"

    def _is_goal(self, first: int, last: int, city: PlaceMention | None) -> bool:
        """Whether a place is where somebody goes or is: after a preposition of place, or the verb's own object."""
        words, document = self.found.document.words, self.found.document
        at = document.word_at(first)
        if self._comes_from(first) or self._is_dateline(first) or self._is_label(first, last):
            return False
        if self._is_capital_of(first) or self._is_place_cell(first):
            return True
        ends_trigger = any(one.end <= first and first - one.end <= 5 and one.label == "goes" for one in self.phrases)
        if ends_trigger or self._is_object(first):
            return True
        known = country_words(self.found.language.code)
        lead = known.places_after.ending_at(words, at, 2)
        if lead is None or words.gaps[at] > LINE:
            return bool(city and city.is_locative and words.gaps[at] > LINE and self.unit.form is not _PROSE)
        return known.of.ending_at(words, at, 3) is None

    def _is_place_cell(self, first: int) -> bool:
        """ "Alger | Entretien avec …": the row of a table that says first where."""
        text = self.found.document.text[self.unit.start : self.unit.end]
        return self.unit.form is _LINE and first == self.unit.start and "|" in text

    def _is_object(self, first: int) -> bool:
        """ "besucht vom 19. bis 21. Juni die Republik Kasachstan": nothing but days stands between verb and object."""
        return any(
            one.label == "goes" and 0 < first - one.end < 2 * LIST_GAP and self.only_joins(one.end, first)
            for one in self.phrases
        )

    def _comes_from(self, first: int) -> bool:
        near = self.found.within(self.found.visit, max(self.unit.start, first - 40), first)
        return any(one.label == "coming_from" and first - one.end <= 4 for one in near) or self._in_from_list(first)

    def _in_from_list(self, first: int) -> bool:
        """ "Après l'Afrique du Sud, l'Eswatini et l'Angola, …": the whole list lies behind."""
        for one in self.phrases:
            if one.label == "coming_from" and one.end < first and first - one.end < 120:
                between = self.found.document.text[one.end : first]
                words = between.replace(",", " ").split()
                countries = self.found.within(self.found.countries, one.end, first)
                named = sum(len(self.found.document.text[c.start : c.end].split()) for c in countries)
                if countries and len(words) - named <= 2 * len(countries) + 2:
                    return True
        return False

    def _is_dateline(self, first: int) -> bool:
        """ "BAMAKO, 7 fév 2023 -": where the text was written."""
        if first - self.unit.start > 40:
            return False
        ahead = self.found.within(self.found.dates, first, min(first + 40, self.unit.end))
        return any(one.dateline for one in ahead) or (
            self.unit.start == first and " - " in (self.found.document.text[first : min(first + 40, self.unit.end)])
        )
