"""What the words around a mention say of it: tense, press access, dateline, a name built on a date."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from diplomacy.parsing.dates.tables import Tables, Terms, key_of
from diplomacy.parsing.dates.tokens import BROKEN, GLUED, SPACED, Token, tokenize
from diplomacy.parsing.dates.values import Tense

# Once: an enum's members are slow to look up.
_FUTURE, _PAST = Tense.FUTURE, Tense.PAST

_REACH_BEFORE, _REACH_AFTER = 30, 14  # tokens within which a verb governs a day
_SHORTEST_VERB = 4  # letters, of those told by their ending
_PARTICIPLE_WITHIN = 3  # tokens after an auxiliary
_PRESS_BEFORE, _PRESS_AFTER = 14, 5
_DATELINE_TOKENS = 8
_SENTENCE_ENDS = (".", "!", "?", "…")
_PARTICIPLE = re.compile(r"[a-zäöü]{0,4}ge[a-zäöüß]{3,}(?:t|en)")


@lru_cache(maxsize=16_384)
def _tense_by_ending(word: str, tables: Tables) -> Tense | None:
    """What the ending of a word says that no list knows."""
    if not key_of(word).isalpha():
        return None
    folded = word.casefold()
    if tables.future_endings and folded.endswith(tables.future_endings):
        return _FUTURE
    if tables.preterite_endings and folded.endswith(tables.preterite_endings):
        return _PAST
    return None


@lru_cache(maxsize=2)
def surroundings(text: str, tables: Tables) -> Surroundings:
    """Of a whole text: asked for its days, and again for its verbs."""
    return Surroundings(tokenize(text, tables), tables, text)


class Surroundings:
    """Looks around a place of a token list; what it needs of the whole text is computed once."""

    def __init__(self, tokens: Sequence[Token], tables: Tables, text: str) -> None:
        self.tokens = tokens
        self.tables = tables
        self.text = text
        self._verbs: list[tuple[int, Tense]] | None = None

    def tense(self, start: int, end: int) -> Tense | None:
        """What the nearest verb of the sentence says, those before the mention first."""
        verbs = self.verbs()
        after = bisect_left(verbs, start, key=lambda verb: verb[0])
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
        if tense is not _PAST or "past" in self.tokens[verbs[last][0]].terms or not self.tables.has("month_first"):
            return tense
        for at, earlier in reversed(verbs[max(0, last - 3) : last]):
            if earlier is _FUTURE and start - at <= _REACH_BEFORE and self._same_sentence(at, start):
                return earlier
        return tense

    def verbs(self) -> list[tuple[int, Tense]]:
        """The number of every token that is a verb with a tense, in order."""
        if self._verbs is None:
            self._verbs = []
            for at, token in enumerate(self.tokens):
                if token.terms:
                    tense = self._known_verb(at, token.terms) if token.key.isalpha() else None
                elif len(token.key) >= _SHORTEST_VERB:
                    tense = _tense_by_ending(self.text[token.start : token.end], self.tables)
                    if tense is None and self._is_last_participle(at, token):
                        tense = _PAST
                else:
                    continue
                if tense is not None:
                    self._verbs.append((at, tense))
        return self._verbs

    def _known_verb(self, at: int, terms: Terms) -> Tense | None:
        if "future" in terms:
            return _FUTURE
        if "past" in terms or ("past_auxiliary" in terms and self._participle(at + 1)):
            return _PAST
        return None

    def _is_last_participle(self, at: int, token: Token) -> bool:
        """ "ist am Freitag in Bamako eingetroffen.": the participle that ends a German sentence."""
        if not self.tables.has("participle_last"):
            return False
        ends = self.tokens[at + 1].gap >= BROKEN or self.tokens[at + 1].key in (*_SENTENCE_ENDS, ",", ";")
        return ends and _PARTICIPLE.fullmatch(self.text, token.start, token.end) is not None

    def _participle(self, at: int) -> bool:
        for token in self.tokens[at : at + _PARTICIPLE_WITHIN]:
            if "future" in token.terms:
                return False
            word = self.text[token.start : token.end].casefold()
            if (
                not token.terms
                and len(word) > 1
                and token.gap <= SPACED
                and word.endswith(self.tables.past_endings or ("\0",))
            ):
                return True
            if not token.key.isalpha():
                return False
        return not self.tables.past_endings or bool(self.tables.has("month_first"))

    def _same_sentence(self, start: int, end: int) -> bool:
        for at in range(start + 1, min(end + 1, len(self.tokens))):
            token = self.tokens[at]
            if token.gap >= BROKEN:
                return False
            if token.key in _SENTENCE_ENDS and self.tokens[at + 1 if at + 1 < len(self.tokens) else at].gap != GLUED:
                following = self.tokens[at + 1] if at + 1 < len(self.tokens) else token
                long_word = self.tokens[at - 1].end - self.tokens[at - 1].start > 3 or self.tokens[at - 1].number >= 0
                if following.end > 0 and self.text[following.start].isupper() and long_word:
                    return False
        return True

    def press_access(self, start: int, end: int) -> bool:
        """Whether the words around a clock say that it is for the press: "accès presse dès 15h30"."""
        for at in range(start - 1, max(start - 1 - _PRESS_BEFORE, -1), -1):
            if "press" in self.tokens[at].terms:
                return True
            if self.tokens[at + 1].gap >= BROKEN or self.tokens[at].key in (";", "!", "?", "("):
                break
        for token in self.tokens[max(start, 0) : end + _PRESS_AFTER]:
            if "press" in token.terms:
                return True
            if token.gap >= BROKEN or token.key in (";", ".", "(", "-"):
                break
        return False

    def names_a_date(self, start: int, end: int) -> bool:
        """ "avenue du 5 Juillet", "7 November Street": a name, not a day of the programme."""
        after = self.tokens[end]
        if "named_after" in after.terms and after.gap <= SPACED and self.text[after.start].isupper():
            return True
        if self.tokens[start].gap >= BROKEN:
            return False
        for at in range(start - 1, max(start - 4, -1), -1):
            token = self.tokens[at]
            if self.tokens[at + 1].gap >= BROKEN:
                return False  # "Audience au palais" ends its line; the day below it begins another
            if "named_after" in token.terms:
                return True
            if not ("of" in token.terms or "lead" in token.terms or token.terms == {}):
                return False
            if not token.terms and not self.text[token.start].isupper():
                return False
        return False

    def dateline(self, start: int, end: int) -> bool:
        """ "BAMAKO, 7 fév 2023 -", "Fait à Cotonou, le 6 novembre 2024": where and when the text was written."""
        first = start
        while first > 0 and start - first < _DATELINE_TOKENS and self.tokens[first].gap < BROKEN:
            first -= 1
        if first != 0 and self.tokens[first].gap < BROKEN:
            return False
        if any("dateline" in token.terms for token in self.tokens[first:start]):
            return True
        if any("agenda" in token.terms for token in self.tokens[first:start]):
            return False  # "Public Schedule – June 12, 2025": the day told of, not the day of writing
        return self._closes(end, alone=first == start) and self._place_before(first, start)

    def _closes(self, end: int, *, alone: bool) -> bool:
        token, after = self.tokens[end], self.tokens[end + 1]
        if alone:
            return token.key == "." and after.key == "-"
        return token.gap >= BROKEN or token.key in ("-", "(") or (token.key in (".", ":") and after.gap != GLUED)

    def _place_before(self, first: int, start: int) -> bool:
        if first == start:
            return True
        if self.tokens[start - 1].key not in (",", "-"):
            return False
        words = [token for token in self.tokens[first : start - 1] if token.key.isalpha()]
        return bool(words) and all(
            self.text[word.start].isupper() or not self.text[word.start].islower() for word in words
        )
