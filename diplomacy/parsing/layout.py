"""How a text is set: headings, dated lists, tables and running text, cut into units that tell one thing each.

A communiqué's list carries what it says down its lines: the day of a heading, the owner of an agenda, the hour on a
line of its own. Each `Unit` comes with what is in force where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from diplomacy.parsing.dates import DateMention, Kind
from diplomacy.parsing.document import LONGEST_SENTENCE, Line, sentences
from diplomacy.parsing.finders.places import PlaceMention
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.folding import COMMON_LETTERS
from diplomacy.parsing.lines import CELLS, LONGEST_OWNER, LineFacts, facts_of, past_marks
from diplomacy.parsing.resolve import Referent

_LONGEST_HEADING = 110  # characters
_LONGEST_VENUE = 60
_OWNER_SHARE = 0.6  # of a line's characters that name its owner (and a day)
_TITLE_LINES = 3  # at the head of a text, that may follow each other without a blank
_DAY_SHARE = 0.45  # of a line's letters that may be something else than its date
_CLOCKS = (Kind.CLOCK, Kind.PART_OF_DAY)
_LONGEST_DAY_LINE = 200  # characters, after which the letters of a line are mostly too many for a day
_made = tuple.__new__  # a named tuple by itself is made in three times the time
_DAYS = (Kind.DATE, Kind.WEEKDAY, Kind.DEICTIC, Kind.RELATIVE)


class Form(StrEnum):
    """What a unit is."""

    PROSE = "prose"  # a sentence of running text
    LINE = "line"  # a line of a list or table
    HEADING = "heading"


_RUNS_OF_LETTERS = re.compile(rf"[{COMMON_LETTERS}]+|[^\W\d_]")

_HEADING, _LINE, _PROSE = Form.HEADING, Form.LINE, Form.PROSE


class Unit(NamedTuple):
    """A piece of text that tells one thing, with what is in force there.

    `start` and `end` bound its words (a list line without its bullet and hour); `notes_end` where what is said about it
    on the lines below ends. `day` is the day of its heading, `clock` the hour that begins or ends its line, `owner`
    whose agenda it stands in, `city` the city of a heading, `topic` the heading just above.
    """

    form: Form
    start: int
    end: int
    paragraph: int
    notes_end: int
    line_start: int
    day: DateMention | None = None
    clock: DateMention | None = None
    owner: Referent | None = None
    city: PlaceMention | None = None
    topic: tuple[int, int] | None = None
    is_quoted: bool = False


@dataclass(slots=True)
class _Context:
    day: DateMention | None = None
    owner: Referent | None = None
    city: PlaceMention | None = None
    topic: tuple[int, int] | None = None
    clock: DateMention | None = None  # on a line of its own, for the line below


def _letters(text: str, start: int, end: int) -> int:
    """How many letters stand in text[start:end]."""
    return sum(map(len, _RUNS_OF_LETTERS.findall(text, start, end)))


def lay_out(found: Findings) -> tuple[Unit, ...]:
    """The units of a text in order."""
    facts = [facts_of(found, line) for line in found.document.lines]
    return tuple(_Walk(found, facts).units())


class _Walk:
    """One walk down the lines, with what is in force."""

    def __init__(self, found: Findings, facts: list[LineFacts]) -> None:
        self.found, self.facts = found, facts
        self.context = _Context()
        self.paragraph = 0
        self.at = 0
        self.owner_is_shouted = False
        self.in_notes = False  # below "Notes for media:", up to the next blank line
        self.lists_hours = sum(one.clock is not None for one in facts) >= 2

    def units(self) -> Iterator[Unit]:
        at = 0
        while at < len(self.facts):
            facts = self.facts[at]
            self.at = at
            if facts.line.blank_before:
                self.paragraph += 1
                self.in_notes = False
            if self.in_notes and facts.clock is None:
                at += 1
                continue
            if self._takes_day(at, facts) or self._takes_time(facts):
                at += 1
                continue
            heading = self._heading(at, facts)
            if heading is not None:
                following = self._shouted_end(at)
                yield heading._replace(end=self.facts[following - 1].line.end)
                at = following
                continue
            if self._is_list_line(facts):
                unit, at = self._list_unit(at, facts)
                yield unit
                continue
            yield from self._prose(at)
            at = self._block_end(at)

    # Headings

    def _takes_day(self, at: int, facts: LineFacts) -> bool:
        """A line that says a day and little else puts it in force: "MARDI 26 JUILLET", "Jeudi 9 février - Bamako"."""
        day = facts.day
        if day is None or (facts.clock is not None and not facts.is_only_time) or facts.has_bullet:
            return False
        covered = _letters(self.found.document.text, day.start, day.end)
        covered += self._remarked(day.end, facts.line.end)
        letters = _letters(facts.line.text, 0, _LONGEST_DAY_LINE)
        if letters - covered > 60:
            return False
        letters += _letters(facts.line.text, _LONGEST_DAY_LINE, len(facts.line.text))
        if letters - covered > 60:
            return False
        places = self.found.within(self.found.cities, facts.line.start, facts.line.end)
        countries = self.found.within(self.found.countries, facts.line.start, facts.line.end)
        named = sum(one.end - one.start for one in places)
        named += sum(one.end - one.start for one in countries if not any(p.start <= one.start < p.end for p in places))
        if letters and (letters - covered - named) / letters > _DAY_SHARE:
            return False
        is_span = day.first is not None and day.last is not None and day.last > day.first
        if is_span and (not self._opens_list(at) or letters - covered > 3):
            return False
        if facts.line.text.rstrip().endswith(".") and letters - covered - named > 6:
            return False
        is_known = self.context.day is not None or not self.lists_hours
        if at <= _TITLE_LINES and is_known and day.first == self.found.document.published_on:
            return True  # when the text was issued, not the day of its title
        self.context = _Context(day=day, owner=self.context.owner, city=places[0] if places else self.context.city)
        self.context.clock = facts.clock
        return True

    def _remarked(self, start: int, end: int) -> int:
        """Letters of "(subject to change)" at the end of a day's line: a remark on the list, no event."""
        text = self.found.document.text
        opening = text.find("(", start, end)
        if opening < 0 or text[end - 1] != ")" or self.found.within(self.found.events, opening, end):
            return 0
        return _letters(text, opening, end)

    def _takes_time(self, facts: LineFacts) -> bool:
        """An hour on a line of its own belongs to the line below."""
        if facts.is_only_time and facts.clock is not None and not facts.has_label:
            self.context.clock = facts.clock
            return True
        part = self._sole_part(facts)
        if part is not None:
            self.context.clock = part
        return part is not None

    def _sole_part(self, facts: LineFacts) -> DateMention | None:
        """ "Matinée" on a line of its own."""
        line = facts.line
        mentions = self.found.within(self.found.dates, line.start, line.end)
        if len(mentions) != 1 or mentions[0].part_of_day is None or mentions[0].has_day:
            return None
        return mentions[0] if mentions[0].end - mentions[0].start >= len(line.text) - 2 else None

    def _heading(self, at: int, facts: LineFacts) -> Unit | None:
        line = facts.line
        if facts.clock is not None or facts.has_bullet or facts.has_label or self.context.clock is not None:
            return None
        if self._is_row(facts) or self._is_undated_line(at, facts):
            return None
        if self._opens_notes(line):
            self.in_notes = True
            return self._unit(_HEADING, line.start, line.end, line)
        owner = self._owner(at, facts)
        is_heading = self._is_heading(at, line)
        if owner is None and not is_heading:
            return None
        unit = self._unit(_HEADING, line.start, line.end, line)
        names_agenda = owner is not None and self._names_agenda(line.start, line.end)
        if owner is not None and (is_heading or self._opens_list(at) or self._blank_after(at) or names_agenda):
            self.context = _Context(day=self._heading_day(facts) or self.context.day, owner=owner)
        elif self._heading_day(facts) is not None and (
            self._opens_list(at) or (self.lists_hours and at <= _TITLE_LINES and self.context.day is None)
        ):
            self.context.day = facts.day
        if owner is None and line.is_shouted and self.owner_is_shouted:
            self.context.owner = None  # the next section of a schedule that names its owners in capitals
        elif owner is not None:
            self.owner_is_shouted = line.is_shouted
        cities = self.found.within(self.found.cities, line.start, line.end)
        if cities and line.end - line.start < 40 and owner is None:
            self.context.city = cities[0]
        self.context.topic = (line.start, line.end)
        return unit

    def _shouted_end(self, at: int) -> int:
        """The line after a title that is set in capitals over several lines."""
        following = at + 1
        if not self.facts[at].line.is_shouted:
            return following
        while following < len(self.facts) and following - at < 5:
            facts = self.facts[following]
            if facts.line.blank_before or facts.day is not None or not facts.line.is_shouted or facts.has_bullet:
                break
            following += 1
        return following

    def _opens_notes(self, line: Line) -> bool:
        """ "Notes for media:", "Note à l'intention des médias :"."""
        return (
            line.text[-1] == ":"
            and len(line.text) < 50
            and ("press" in self.found.labels(self.found.about, line.start, line.end))
        )

    def _is_row(self, facts: LineFacts) -> bool:
        """A row of a table whose hour is left blank."""
        return facts.day is not None and len(facts.line.text.split("|")) > 2

    def _is_undated_line(self, at: int, facts: LineFacts) -> bool:
        """A short line in a dated list that tells an event without its hour: "Petit-déjeuner de la majorité"."""
        line = facts.line
        if self.context.day is None or not self.lists_hours or len(line.text) > _LONGEST_HEADING:
            return False
        if line.is_shouted or line.text[-1] in ".:;!?" or self._opens_list(at):
            return False
        events = self.found.within(self.found.events, line.start, line.start + 12)
        return bool(events) and not events[0].is_verb

    def _heading_day(self, facts: LineFacts) -> DateMention | None:
        day = facts.day
        return day if day is not None and day.first is not None and day.first == day.last else None

    def _is_heading(self, at: int, line: Line) -> bool:
        """A short line without the stop of a sentence, that stands by itself or opens a list."""
        if len(line.text) > _LONGEST_HEADING or line.text[-1] in ".!?;,":
            return False
        stands_alone = line.blank_before and self._blank_after(at)
        return (
            stands_alone
            or at == self.found.document.title
            or line.text[-1] == ":"
            or self._opens_list(at)
            or line.is_shouted
        )

    def _blank_after(self, at: int) -> bool:
        return at + 1 >= len(self.facts) or self.facts[at + 1].line.blank_before

    def _opens_list(self, at: int) -> bool:
        if at + 1 >= len(self.facts):
            return False
        first = self.facts[at + 1]
        return first.clock is not None or first.has_bullet or first.is_only_time or self._is_row(first)

    def _owner(self, at: int, facts: LineFacts) -> Referent | None:
        """Whose agenda begins here: a short line that names an official and tells nothing of them."""
        line = facts.line
        if len(line.text) > LONGEST_OWNER or line.text[-1] in ".;!?":
            return None
        if any(event.is_verb for event in self.found.within(self.found.events, line.start, line.end)):
            return None
        mentions = self.found.within(self.found.people, line.start, line.end)
        telling = {"nouns", "goes", "invitation", "accompanied"}
        if not mentions or self.found.labels(self.found.visit, line.start, line.end) & telling:
            return None
        is_news = self._heading_day(facts) is None and not self._names_agenda(line.start, mentions[0].start)
        if is_news and self._goes_somewhere(mentions[-1].end, line.end):
            return None
        covered = sum(min(one.end, line.end) - one.start for one in mentions)
        dated = sum(one.end - one.start for one in self.found.within(self.found.dates, line.start, line.end))
        share = (covered + dated) / len(line.text)
        is_sole = self._is_sole(line, mentions[0].start, mentions[-1].end)
        if not line.blank_before and at > _TITLE_LINES and not is_sole:
            return None
        if not is_sole and share < _OWNER_SHARE and not self._names_agenda(line.start, mentions[0].start):
            return None
        referent = self.found.referent_at.get(mentions[0].start)
        if referent is None or referent.is_weak or not (referent.title or " " in referent.name):
            return None  # "Principaux rendez-vous publics": a capital at the head of a line is no name
        return referent

    def _goes_somewhere(self, start: int, end: int) -> bool:
        """ "Le président X au Laos": a title of news, no list of what is on."""
        countries = self.found.within(self.found.countries, start, end)
        named = any(not one.is_demonym for one in countries) or bool(self.found.within(self.found.cities, start, end))
        return named and "|" not in self.found.document.text[start:end]

    def _is_sole(self, line: Line, start: int, end: int) -> bool:
        """Whether a line says nothing but who: "Le Ministre"."""
        articles = self.found.language.people.function_words
        words = self.found.document.words
        numbers = range(self.found.document.word_at(line.start), self.found.document.word_at(line.end))
        return all(start <= words.starts[at] < end or words.norms[at] in articles for at in numbers)

    def _names_agenda(self, start: int, end: int) -> bool:
        """ "Agenda prévisionnel de M. X", "Weekly schedule of X"."""
        return "programme" in self.found.labels(self.found.clauses, start, end)

    # Lists and tables

    def _is_list_line(self, facts: LineFacts) -> bool:
        if facts.line.end - facts.line.start > LONGEST_SENTENCE:
            return False
        if facts.has_bullet and self._is_numbered_prose(facts):
            return False
        if facts.has_bullet or facts.has_label or self.context.clock is not None:
            return True
        if self._is_row(facts) or self._is_undated_line(self.at, facts):
            return True
        if facts.clock is None:
            return False
        is_sentence = facts.line.text.endswith(".") and len(facts.line.text) > 200
        return (self.lists_hours and not is_sentence) or len(CELLS.split(facts.line.text)) > 1

    def _is_numbered_prose(self, facts: LineFacts) -> bool:
        """ "2. Le mercredi 11 janvier, le Premier ministre a déposé …": the paragraphs of a joint communiqué."""
        marks = self.found.document.text[facts.line.start : facts.content]
        is_sentence = facts.line.text.endswith((".", "…", "»")) and len(facts.line.text) > 90
        has_verb = self.found.tense(facts.content, facts.line.end) is not None
        return is_sentence and (marks[:1].isdigit() or (facts.clock is None and has_verb))

    def _list_unit(self, at: int, facts: LineFacts) -> tuple[Unit, int]:
        pending = self.context.clock
        following = at + 1
        end = facts.content_end
        longest = facts.content + LONGEST_SENTENCE
        while following < len(self.facts) and end < longest and self._continues(self.facts[following], facts):
            end = self.facts[following].line.end
            following += 1
        notes_end = end
        while following < len(self.facts) and self._is_note(self.facts[following], pending is not None, facts):
            notes_end = self.facts[following].line.end
            following += 1
        self.context.clock = None
        if facts.day is not None and facts.day.start - facts.line.start < 6 and facts.day.first == facts.day.last:
            self.context.day = facts.day
        owner, content = self._line_owner(facts)
        clock = facts.clock or pending
        if clock is None and facts.has_label:
            clock = next((one.clock for one in self.facts[at + 1 : following] if one.clock is not None), None)
        day = facts.day if facts.day is not None and facts.day.start < facts.content else None
        if day is None and facts.has_label:
            day = next((one.day for one in self.facts[at + 1 : following] if one.day is not None), None)
        unit = self._unit(
            _LINE, content, end, facts.line, notes_end=max(notes_end, end), day=day, clock=clock, owner=owner
        )
        return unit, following

    def _line_owner(self, facts: LineFacts) -> tuple[Referent | None, int]:
        """ "Le Ministre : Conseil des ministres": whose line it is, and where its words begin."""
        cell = self._owner_cell(facts)
        if cell is not None:
            return cell
        mentions = self.found.within(self.found.people, facts.content, facts.content + 8)
        if mentions:
            end = mentions[0].end
            text = self.found.document.text
            mark = text.find(":", end, end + 4)
            referent = self.found.referent_at.get(mentions[0].start)
            if mark >= 0 and not text[end:mark].strip() and referent is not None and not referent.is_weak:
                return referent, past_marks(self.found, mark, facts.line.end)
        return None, facts.content

    def _owner_cell(self, facts: LineFacts) -> tuple[Referent, int] | None:
        """A cell of a table row that holds a name and nothing else."""
        text = self.found.document.text
        at = facts.content
        for mark in CELLS.finditer(text, facts.content, facts.line.end):
            mentions = self.found.within(self.found.people, at, mark.start())
            if mentions and len(mentions) == 1:
                rest = text[at : mentions[0].start] + text[mentions[0].end : mark.start()]
                referent = self.found.referent_at.get(mentions[0].start)
                if not rest.strip(" |") and referent is not None and not referent.is_weak:
                    return referent, mark.end()
            at = mark.end()
        return None

    def _continues(self, facts: LineFacts, above: LineFacts) -> bool:
        """Whether a line only goes on with the sentence above it."""
        line = facts.line
        if line.blank_before or facts.clock is not None or facts.has_bullet or self._is_day_line(facts):
            return False
        words = self.found.document.words
        last = self.found.document.word_at(above.line.end) - 1
        is_open = words.norms[last] in self.found.language.people.function_words  # "greeted by"
        return is_open or (line.text[0].islower() and above.line.text[-1] not in ".;:")

    def _is_note(self, facts: LineFacts, in_block: bool, above: LineFacts) -> bool:
        line = facts.line
        if above.has_label and not line.blank_before:
            return facts.has_label or not self._is_list_line(facts)
        if line.blank_before or facts.clock is not None or facts.has_bullet or facts.is_only_time:
            return False
        if self._is_day_line(facts):
            return False
        return in_block or line.text[0] == "(" or self._is_venue(facts, above)

    def _is_venue(self, facts: LineFacts, above: LineFacts) -> bool:
        """A few words right under a line with its hour: where it is held."""
        line = facts.line
        is_short = len(line.text) < _LONGEST_VENUE and line.text[-1] not in ".:;!?" and not line.is_shouted
        tells = self.found.within(self.found.events, line.start, line.end)
        people = self.found.within(self.found.people, line.start, line.end)
        return above.clock is not None and is_short and not tells and not [one for one in people if not one.is_weak]

    def _is_day_line(self, facts: LineFacts) -> bool:
        day = facts.day
        return day is not None and day.end - day.start > 0.6 * len(facts.line.text)

    # Running text

    def _block_end(self, at: int) -> int:
        """The line after a block that was only broken to fit the page."""
        end = at + 1
        while end < len(self.facts) and end - at < 200:
            facts, above = self.facts[end], self.facts[end - 1].line
            if facts.line.blank_before or (facts.clock is not None and self.lists_hours) or facts.has_bullet:
                break
            goes_on = facts.line.text[0].islower() or (above.text[-1] == "," and len(above.text) > 50)
            if above.text[-1] in ".!?:;" or not goes_on:
                break
            end += 1
        return end

    def _prose(self, at: int) -> Iterator[Unit]:
        first, last = self.facts[at].line, self.facts[self._block_end(at) - 1].line
        abbreviations = self.found.language.people.abbreviations
        months = self.found.language.people.times
        for one in sentences(self.found.document, abbreviations, months, first.start, last.end, self.paragraph):
            yield self._unit(_PROSE, one.start, one.end, first, is_quoted=one.quoted)
        self.context.topic = None
        if not self._opens_list(self._block_end(at) - 1) and last.end - first.start > _LONGEST_HEADING:
            self.context.city = None

    def _unit(
        self, form: Form, start: int, end: int, line: Line, *, notes_end: int | None = None,
        day: DateMention | None = None, clock: DateMention | None = None, owner: Referent | None = None,
        is_quoted: bool = False,
    ) -> Unit:  # fmt: skip
        """A unit with what it says itself, else with what is in force."""
        context = self.context
        return _made(Unit, (
            form, start, end, self.paragraph, end if notes_end is None else notes_end, line.start, day or context.day,
            clock, owner or context.owner, context.city, context.topic, is_quoted,
        ))  # fmt: skip
