"""Days, spans and enumerations of days, still as they are written: nothing is computed from the day of publication.

A `Group` puts pieces together ("du 6 au 8 février"). Look-ahead is bounded everywhere, so a text is read in time linear
in its length.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from diplomacy.parsing.dates.pieces import Piece, PieceGrammar
from diplomacy.parsing.dates.tables import Tables
from diplomacy.parsing.dates.tokens import SPACED, Tokens

_MOST_LISTED = 12


class Form(StrEnum):
    """How the pieces of a group stand to each other."""

    DAY = "day"
    SPAN = "span_of_days"
    LIST = "listed_days"
    STARTING = "starting"
    SINCE = "since"
    UNTIL = "until"
    DEADLINE = "deadline"


_DAY, _LIST, _SPAN = Form.DAY, Form.LIST, Form.SPAN


class Group(NamedTuple):
    """Pieces that say one thing."""

    start: int
    end: int
    form: Form
    pieces: tuple[Piece, ...]


_OPENERS = (("starting", Form.STARTING), ("since", Form.SINCE), ("until", Form.UNTIL), ("before", Form.DEADLINE))


class DayGrammar(PieceGrammar):
    """Reads days, spans and enumerations at a place of a token list."""

    def __init__(self, tokens: Tokens, tables: Tables, text: str) -> None:
        super().__init__(tokens, tables, text)
        self.unlisted_until = 0  # an enumeration that began before and never came to its "and" ends there

    # Groups

    def group(self, at: int) -> Group | None:
        """The days that begin at a token, the longest reading."""
        return self._opened(at) or self._chain(at)

    def _opened(self, at: int) -> Group | None:
        terms = self.terms[at]
        if not terms or self.gaps[at + 1] > SPACED:
            return None
        if "from" in terms or "between" in terms or "starting" in terms:
            span = self._span_after(at, between="between" in terms)
            if span is not None:
                return span
        for name, form in _OPENERS:
            if name in terms:
                piece = self.piece(at + 1, marked=True)
                if piece is not None and (piece.stands or self.stands_bare(piece)):
                    return Group(at, piece.end, form, (piece,))
        return None

    def _span_after(self, at: int, *, between: bool) -> Group | None:
        first = self.piece(at + 1, marked=True, bare=True)
        if first is None:
            return None
        connector = first.end + (1 if self.keys[first.end] == "," else 0)
        is_to = "to" in self.terms[connector] or (between and "and" in self.terms[connector])
        if not is_to or self.gaps[connector] > SPACED:
            return None
        last = self.piece(connector + 1, marked=True, bare=True)
        if last is None or (last.is_bare and not self.stands_bare(last)):
            return None
        return Group(at, last.end, _SPAN, (first, last))

    def _chain(self, at: int) -> Group | None:
        first = self.piece(at, bare=True)
        if first is None:
            return None
        span = self._span_of(first)
        if span is not None:
            return span
        return self._listed(first)

    def _span_of(self, first: Piece) -> Group | None:
        at = first.end
        hyphen = self.is_sign(at, "-/") and self.gaps[at] <= SPACED
        if not hyphen and not (self.gaps[at] <= SPACED and "to" in self.terms[at]):
            return None
        after = at + 2 if hyphen and self.keys[at + 1] == "-" else at + 1
        last = self.piece(after, bare=True)
        if last is None or not self._is_span(first, last, hyphen=hyphen):
            return None
        if last.is_bare and last.day is not None and first.year is None:
            year, end = self.year(last.end)
            last = last._replace(month=first.month, year=year, end=end)
        return Group(first.start, last.end, _SPAN, (first, last))

    def _is_span(self, first: Piece, last: Piece, *, hyphen: bool) -> bool:
        if first.is_bare:
            if last.month is not None and not last.deictic:
                return True
            return first.marked and not hyphen and self.stands_bare(last)
        if last.is_bare:
            if first.month is None or not (not hyphen or self.tables.has("month_first")):
                return False
            return self.stands_bare(last)
        return not (hyphen and first.deictic is not None)

    def _listed(self, first: Piece) -> Group | None:
        pieces, kept = [first], 1 if first.stands or (first.marked and self.stands_bare(first)) else 0
        is_closed = first.start < self.unlisted_until
        while len(pieces) < _MOST_LISTED and not is_closed:
            at = pieces[-1].end
            is_and = self.gaps[at] <= SPACED and "and" in self.terms[at]
            if self.keys[at] == "," and "and" in self.terms[at + 1]:
                at, is_and = at + 1, True
            if not is_and and self.keys[at] != ",":
                break
            piece = self._day_after(at + 1, pieces[-1]) or self.piece(at + 1, bare=True)
            if piece is None or not self._goes_on(pieces[-1], piece):
                break
            pieces.append(piece)
            if is_and and (piece.stands or ((pieces[0].stands or pieces[0].marked) and self._is_marked_day(piece))):
                kept = len(pieces)
                is_closed = True
        if len(pieces) > kept:
            self.unlisted_until = max(self.unlisted_until, pieces[-1].end)
        if not kept:
            return None
        taken = tuple(pieces[:kept])
        return Group(first.start, taken[-1].end, _LIST if kept > 1 else _DAY, taken)

    def _is_marked_day(self, piece: Piece) -> bool:
        return piece.marked and self.stands_bare(piece)

    def _day_after(self, at: int, before: Piece) -> Piece | None:
        """ "tomorrow and the day after"."""
        if before.deictic is None or "next_day" not in self.terms[at]:
            return None
        return Piece(at, at + 1, deictic=before.deictic + 1)

    def _goes_on(self, before: Piece, piece: Piece) -> bool:
        """Whether two neighbours are of one enumeration: days of one month, or weekdays."""
        if before.deictic is not None:
            return piece.deictic is not None
        if before.weekday is not None and before.day is None:
            return piece.weekday is not None and piece.day is None
        return piece.day is not None
