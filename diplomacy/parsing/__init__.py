"""Communiqués in, exact and provable drafts out: a pure library.

    read(text, published_on=date(2023, 2, 7)) -> Reading

No Django, no clock, no network, no database; the same input gives the same output.
"""

from diplomacy.parsing.lexicon import KnownPerson, Lexicon
from diplomacy.parsing.pipeline import PARSER_VERSION, read

__all__ = ["PARSER_VERSION", "KnownPerson", "Lexicon", "read"]
