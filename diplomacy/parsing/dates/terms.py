"""The terms of a word in the grammar of time, and which kinds of mention they begin or belong to.

A kind is tried at a place only where a word it cannot do without stands there or not far ahead; most words that may
begin one ("le", "du") begin nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

PERIOD, RELATIVE, DURATION, CLOCK, CLOCK_AFTER_DAY, PART, DAYS = (1 << number for number in range(7))
AHEAD = 8  # tokens in which such a word stands, the one that begins the mention included

# The terms of words with which one day may begin, and days in any form.
PIECE_STARTS = frozenset(
    {"lead", "tonight", "deictic", "within", "ago_before", "number", "modifier"}
    | {"weekday", "weekday_abbreviation", "month", "ordinal"}
)
_BEGIN = {
    PERIOD: frozenset(
        ("lead", "month_lead", "within", "modifier", "unit_week", "unit_month", "weekend", "month", "of")
    ),
    RELATIVE: frozenset(
        {"same_day", "next_day", "previous_day", "days_later", "lead", "number", "ordinal", "modifier", "unit_day"}
    ),
    DURATION: frozenset(("day_count", "number")),
    CLOCK: frozenset(
        {"at", "bare_at", "about", "from", "to", "between", "starting", "until", "before"}
        | {"noon", "midnight", "minutes_before_hour", "number"}
    ),
    PART: frozenset(("part", "part_lead", "lead")),
    DAYS: PIECE_STARTS | {"from", "between", "starting", "since", "until", "before"},
}
# Words without which there is none; for a clock also the signs ":" and ".", which have no term.
_NEED = {
    PERIOD: frozenset(("unit_week", "unit_month", "weekend", "month")),
    RELATIVE: frozenset(("same_day", "next_day", "previous_day", "days_later", "unit_day")),
    DURATION: frozenset(("day_count", "unit_minute", "unit_hour", "unit_day", "unit_week")),
    CLOCK: frozenset(
        {"noon", "midnight", "minutes_before_hour", "hour_sign", "hour_word", "am", "pm", "part", "bare_at"}
    ),
    CLOCK_AFTER_DAY: frozenset(("at",)),
    PART: frozenset(("part",)),
}


_TENSED = frozenset(("future", "past", "past_auxiliary"))
# What makes a mention of the words not far before it.
_ANCHORS = frozenset(
    {"weekday", "weekday_abbreviation", "deictic", "part", "month", "same_day", "next_day", "previous_day"}
    | {"days_later", "unit_day", "unit_week", "unit_month", "weekend", "noon", "midnight", "minutes_before_hour"}
    | {"tonight", "number", "ordinal", "day_count"}
)
# What a mention is about; other words only lead to one of these or to a number, with no other word between.
_CORE = _ANCHORS | {"within", "ago_before", "modifier", "days_later", "month_lead"}


class Terms(dict[str, int]):
    """What a word is in the grammar, each with its value (a month's number). `begins` and `belongs` are kinds as bits:
    those that it may begin, and those of which it is a word that they need. `is_anchor` where it may end a mention,
    `only_leads` where it may but lead to one, `has_tense` where it may be a verb.
    """

    __slots__ = ("begins", "belongs", "has_tense", "is_anchor", "only_leads")

    def __init__(self, values: Mapping[str, int]) -> None:
        super().__init__(values)
        self.begins = sum(kind for kind, terms in _BEGIN.items() if not terms.isdisjoint(values))
        self.only_leads = _CORE.isdisjoint(values)
        self.is_anchor, self.has_tense = not _ANCHORS.isdisjoint(values), not _TENSED.isdisjoint(values)
        self.belongs = sum(kind for kind, terms in _NEED.items() if not terms.isdisjoint(values))


NO_TERMS = Terms({})
