"""A second reading of a communiqué beside the rules': optional, off by default, and only a suggestion.

`Extractor` is what both readings are; `Rules` is ours, `LanguageModel` asks a server that speaks the OpenAI protocol.
Nothing it answers is kept unless its words stand in the text, and days and hours are computed by our own grammar from
those words. No Django and no database here; the network is used by `client` alone.
"""

from diplomacy.second_opinion.client import Endpoint, NoAnswerError
from diplomacy.second_opinion.differences import Difference, differences
from diplomacy.second_opinion.extractor import Extracted, Extractor, Rules
from diplomacy.second_opinion.language_model import LanguageModel, TooLongToAskError

__all__ = [
    "Difference",
    "Endpoint",
    "Extracted",
    "Extractor",
    "LanguageModel",
    "NoAnswerError",
    "Rules",
    "TooLongToAskError",
    "differences",
]
