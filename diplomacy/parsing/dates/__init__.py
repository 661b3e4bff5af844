"""Dates, times and durations of diplomatic communiqués: a pure grammar with its words in `languages/*/dates.toml`.

    find_dates("du 6 au 8 février", published_on=date(2023, 2, 7), language="fr")[0].last -> date(2023, 2, 8)

No clock, no locale, no network: what a text says depends on its words and the day of publication alone. What is not
said stays unsaid: a part of the day never becomes an hour, a time without a day has none until the caller gives it.
"""

from diplomacy.parsing.dates.expressions import read_csv, read_expression
from diplomacy.parsing.dates.mentions import find_dates, find_tenses, other_languages, resolve_relative
from diplomacy.parsing.dates.tables import languages
from diplomacy.parsing.dates.values import ClockTime, DateMention, DateWarning, Grain, Kind, Relative, Tense

__all__ = [
    "ClockTime",
    "DateMention",
    "DateWarning",
    "Grain",
    "Kind",
    "Relative",
    "Tense",
    "find_dates",
    "find_tenses",
    "languages",
    "other_languages",
    "read_csv",
    "read_expression",
    "resolve_relative",
]
