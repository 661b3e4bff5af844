"""What the words around a mention say of it: tense, press access, dateline, a name built on a date."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache

from diplomacy.parsing.dates.tables import Tables, key_of
from diplomacy.parsing.dates.terms import Terms
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, OverTokens, Tokens, tokenize
from diplomacy.parsing.dates.values import Tense
from diplomacy.parsing.folding import Kept

# Once: an enum's members are slow to look up.
_FUTURE, _PAST = Tense.FUTURE, Tense.PAST

_REACH_BEFORE, _REACH_AFTER = 30, 14  # tokens within which a verb governs a day
_SHORTEST_VERB = 4  # letters, of those told by their ending
_PARTICIPLE_WITHIN = 3  # tokens after an auxiliary
_PRESS_BEFORE, _PRESS_AFTER = 14, 5
_DATELINE_TOKENS = 8
_SENTENCE_ENDS = frozenset(".!?…")
_CLAUSE_ENDS = _SENTENCE_ENDS | {",", ";"}
_PARTICIPLE = re.compile(r"[a-zäöü]{0,4}ge[a-zäöüß]{3,}(?:t|en)")


@cache
def _tense_by_ending(tables: Tables) -> Kept[str, Tense | None]:
    """What the ending of a word says that no list knows, in one language."""

    def tense_of(word: str) -> Tense | None:
        key = key_of(word)
        if len(key) < _SHORTEST_VERB or not key.isalpha():
            return None
        folded = word.casefold()
        if folded.endswith(tables.future_endings):
            return _FUTURE
        return _PAST if folded.endswith(tables.preterite_endings) else None

    return Kept(tense_of)


@lru_cache(maxsize=2)
def surroundings(text: str, tables: Tables) -> Surroundings:
    """Of a whole text: asked for its days, and again for its verbs."""
    return Surroundings(tokenize(text, tables), tables, text)


class Surroundings(OverTokens):
    """Looks around a place of a token list; what it needs of the whole text is computed once."""

    def __init__(self, tokens: Tokens, tables: Tables, text: str) -> None:
        super().__init__(tokens)
        self.tables = tables
        self.text = text
        self._verbs: list[tuple[int, Tense]] | None = None
        self._verb_places: list[int] = []
        self._has_press: bool | None = None  # whether any word of the text speaks of the press

    def tense(self, start: int, end: int) -> Tense | None:
        """What the nearest verb of the sentence says, those before the mention first."""
        verbs = self.verbs()
        after = bisect_left(self._verb_places, start)
        if after and start - verbs[after - 1][0] <= _REACH_BEFORE and self._same_sentence(verbs[after - 1][0], start):
            return self._governing(after - 1, start)
        while after < len(verbs) and verbs[after][0] < end:
            after += 1
        if (
            after < len(verbs)
            and verbs[after][0] - end <= _REACH_AFTER
            and self._same_sentence(end - 1, verbs[after][0])
        ):
            return verbs[after][1]
        return None

    def _governing(self, last: int, start: int) -> Tense:
        """The tense of the last verb, unless that may be a participle ("the newly elected") after a future."""
        verbs = self.verbs()
        tense = verbs[last][1]
        if tense is not _PAST or "past" in self.terms[verbs[last][0]] or not self.tables.has("month_first"):
            return tense
        for at, earlier in reversed(verbs[max(0, last - 3) : last]):
            if earlier is _FUTURE and start - at <= _REACH_BEFORE and self._same_sentence(at, start):
                return earlier
        return tense

    def verbs(self) -> list[tuple[int, Tense]]:
        """The number of every token that is a verb with a tense, in order."""
        if self._verbs is None:
            self._verbs = []
            by_ending = map(_tense_by_ending(self.tables).__getitem__, self.tokens.words)
            is_last = self.tables.has("participle_last")
            for at, (terms, tense) in enumerate(zip(self.terms, by_ending, strict=True)):
                if terms:
                    if not terms.has_tense:
                        continue
                    tense = self._known_verb(at, terms) if self.keys[at].isalpha() else None
                elif is_last and tense is None and self._is_last_participle(at):
                    tense = _PAST
                if tense is not None:
                    self._verbs.append((at, tense))
            self._verb_places = [at for at, _tense in self._verbs]
        return self._verbs

    def _known_verb(self, at: int, terms: Terms) -> Tense | None:
        if "future" in terms:
            return _FUTURE
        if "past" in terms or ("past_auxiliary" in terms and self._participle(at + 1)):
            return _PAST
        return None

    def _is_last_participle(self, at: int) -> bool:
        """ "ist am Freitag in Bamako eingetroffen.": the participle that ends a German sentence."""
        if len(self.keys[at]) < _SHORTEST_VERB:
            return False
        ends = self.gaps[at + 1] >= BROKEN or self.keys[at + 1] in _CLAUSE_ENDS
        return ends and _PARTICIPLE.fullmatch(self.text, self.starts[at], self.ends[at]) is not None

    def _participle(self, at: int) -> bool:
        for place in range(at, min(at + _PARTICIPLE_WITHIN, len(self.gaps))):
            if "future" in self.terms[place]:
                return False
            word = self.text[self.starts[place] : self.ends[place]].casefold()
            if (
                not self.terms[place]
                and len(word) > 1
                and self.gaps[place] <= SPACED
                and word.endswith(self.tables.past_endings or ("\0",))
            ):
                return True
            if not self.keys[place].isalpha():
                return False
        return not self.tables.past_endings or bool(self.tables.has("month_first"))

    def _same_sentence(self, start: int, end: int) -> bool:
        count = len(self.gaps)
        for at in range(start + 1, min(end + 1, count)):
            if self.gaps[at] >= BROKEN:
                return False
            if self.keys[at] not in _SENTENCE_ENDS:
                continue
            following = at + 1 if at + 1 < count else at
            if self.gaps[following] != GLUED:
                long_word = self.ends[at - 1] - self.starts[at - 1] > 3 or self.numbers[at - 1] >= 0
                if self.ends[following] > 0 and self.text[self.starts[following]].isupper() and long_word:
                    return False
        return True

    def press_access(self, start: int, end: int) -> bool:
        """Whether the words around a clock say that it is for the press: "accès presse dès 15h30"."""
        if self._has_press is None:
            self._has_press = any("press" in terms for terms in filter(None, self.terms))
        if not self._has_press:
            return False
        for at in range(start - 1, max(start - 1 - _PRESS_BEFORE, -1), -1):
            if "press" in self.terms[at]:
                return True
            if self.gaps[at + 1] >= BROKEN or self.keys[at] in (";", "!", "?", "("):
                break
        for at in range(max(start, 0), min(end + _PRESS_AFTER, len(self.tokens))):
            if "press" in self.terms[at]:
                return True
            if self.gaps[at] >= BROKEN or self.keys[at] in (";", ".", "(", "-"):
                break
        return False

    def names_a_date(self, start: int, end: int) -> bool:
        """ "avenue du 5 Juillet", "7 November Street": a name, not a day of the programme."""
        if "named_after" in self.terms[end] and self.gaps[end] <= SPACED and self.text[self.starts[end]].isupper():
            return True
        if self.gaps[start] >= BROKEN:
            return False
        for at in range(start - 1, max(start - 4, -1), -1):
            if self.gaps[at + 1] >= BROKEN:
                return False  # "Audience au palais" ends its line; the day below it begins another
            if "named_after" in self.terms[at]:
                return True
            if not ("of" in self.terms[at] or "lead" in self.terms[at] or self.terms[at] == {}):
                return False
            if not self.terms[at] and not self.text[self.starts[at]].isupper():
                return False
        return False

    def dateline(self, start: int, end: int) -> bool:
        """ "BAMAKO, 7 fév 2023 -", "Fait à Cotonou, le 6 novembre 2024": where and when the text was written."""
        first = start
        while first > 0 and start - first < _DATELINE_TOKENS and self.gaps[first] < BROKEN:
            first -= 1
        if first != 0 and self.gaps[first] < BROKEN:
            return False
        if any("dateline" in terms for terms in self.terms[first:start]):
            return True
        if any("agenda" in terms for terms in self.terms[first:start]):
            return False  # "Public Schedule – June 12, 2025": the day told of, not the day of writing
        return self._closes(end, alone=first == start) and self._place_before(first, start)

    def _closes(self, end: int, *, alone: bool) -> bool:
        if alone:
            return self.keys[end] == "." and self.keys[end + 1] == "-"
        return (
            self.gaps[end] >= BROKEN
            or self.keys[end] in ("-", "(")
            or (self.keys[end] in (".", ":") and self.gaps[end + 1] != GLUED)
        )

    def _place_before(self, first: int, start: int) -> bool:
        if first == start:
            return True
        if self.keys[start - 1] not in (",", "-"):
            return False
        letters = [self.text[self.starts[at]] for at in range(first, start - 1) if self.keys[at].isalpha()]
        return bool(letters) and all(letter.isupper() or not letter.islower() for letter in letters)
