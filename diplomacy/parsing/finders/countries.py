"""Countries and other parties as texts name them: "au Mali", "la Fédération de Russie", "ministre malien", "Moscou"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from diplomacy.parsing.gazetteer.cities import begins_city, capital_named
from diplomacy.parsing.gazetteer.countries import (
    CountryForm,
    CountryWords,
    adjectives_like_names,
    base_forms,
    bases_of_names,
    country_forms,
    country_words,
)
from diplomacy.parsing.gazetteer.given_names import given_names
from diplomacy.parsing.words import APOSTROPHE, CAPITAL, CAPITALS, LOWER, SPACE, Match, Words, words_of

_made = tuple.__new__  # a named tuple by itself is made in three times the time
_CAPITALISED = (CAPITAL, CAPITALS)
_ARTICLES_AND_PLACES = frozenset({"the", "of", "in", "to", "from", "lake", "river"})
# "Air France", "Radio Mali", "Rue de ...": the name of something else.
_NAMES_OF_FIRMS = frozenset({"air", "radio", "tele", "team", "bank", "hotel", "club", "cafe"})


class CountryMention(NamedTuple):
    """A party at one place of the text. `form` is "name", "long_name", "demonym", "capital" or "metonym".

    A capital is the city's name; whether it stands for the state ("entre Moscou et Bamako") is for the reader of the
    sentence to say.
    """

    start: int
    end: int
    code: str
    form: str

    @property
    def is_demonym(self) -> bool:
        """Whether it is an adjective or the name of a people."""
        return self.form == "demonym"


@lru_cache(maxsize=4)
def find_countries(text: str, language: str) -> tuple[CountryMention, ...]:
    """Every party named in the text, in order, the longest form at each place."""
    return tuple(_find(words_of(text), language))


def _find(words: Words, language: str) -> Iterator[CountryMention]:
    known = country_words(language)
    begins, is_inflected, after = known.forms.first_words, known.is_inflected, 0
    for at in _candidates(words, known, language):
        if at < after:
            continue
        match = _adjective_at(words, at, known, language) if words.cases[at] is LOWER else None
        if match is None and (is_inflected or words.norms[at] in begins):
            match = known.forms.at(words, at) or (_base_form_at(words, at, language) if is_inflected else None)
        if match is not None and _is_meant(words, match, language):
            first = _long_name_start(words, match, known, after)
            form = match.value.form if first == match.first else "long_name"
            yield _made(CountryMention, (words.starts[first], words.ends[match.last - 1], match.value.code, form))
            after = match.last
            continue
        if words.cases[at] is LOWER:
            continue
        capital = _capital_at(words, at, known, language)
        if capital is not None:
            yield _made(CountryMention, (words.starts[at], words.ends[capital[0] - 1], capital[1], "capital"))
            after = capital[0]


def _candidates(words: Words, known: CountryWords, language: str) -> Sequence[int]:
    """The words with which a name may begin; where a language inflects names or writes words onto them, also those
    whose base form begins one.
    """
    begins = known.forms.first_words
    if known.is_inflected:
        bases = bases_of_names(language)
        return [
            at for at, norm in enumerate(words.norms) if words.cases[at] is not LOWER or norm in begins or bases[norm]
        ]
    return [at for at, case in enumerate(words.cases) if case is not LOWER or words.norms[at] in begins]


def _adjective_at(words: Words, at: int, known: CountryWords, language: str) -> Match[CountryForm] | None:
    """An adjective spelled like its country ("la canciller argentina"): after a noun, never after "de"."""
    form = adjectives_like_names(language).get(words.norms[at])
    if form is None or language == "en" or known.of.ending_at(words, at, 2) is not None:
        return None
    return Match(at, at + 1, form)


def _base_form_at(words: Words, at: int, language: str) -> Match[CountryForm] | None:
    """A name whose first word stands in another form than the language's file has it."""
    for form in bases_of_names(language)[words.norms[at]]:
        found = country_forms(language).get(form)
        if found is not None:
            return Match(at, at + 1, found)
        after = _rest_of_name(words, at, form, language)
        if after is not None:
            return after
    return None


def _rest_of_name(words: Words, at: int, first: str, language: str) -> Match[CountryForm] | None:
    """A longer name whose first word is written together with a particle ("للمملكة العربية السعودية")."""
    for last in range(min(at + 4, len(words)), at + 1, -1):
        if all(words.is_joined(k) for k in range(at + 1, last)):
            found = country_forms(language).get(" ".join((first, *words.norms[at + 1 : last])))
            if found is not None:
                return Match(at, last, found)
    return None


def _is_meant(words: Words, match: Match[CountryForm], language: str) -> bool:
    at, last = match.first, match.last
    if words.cases[at] == LOWER and (not match.value.is_demonym or language == "en"):
        return False
    if last - at == 1 and words.gap_after(last) == SPACE and not match.value.is_demonym:
        following = words.norms[last]
        if following.isdigit() and len(following) < 3:
            return False  # France 2, France 24
        if words.norms[at] in given_names() and words.cases[last] in _CAPITALISED:
            return language == "en" and not _is_given_name(words, at)  # Maurice Gourdault, Jordan Bardella
    return not (at > 0 and words.gaps[at] == SPACE and words.norms[at - 1] in _NAMES_OF_FIRMS)


def _is_given_name(words: Words, at: int) -> bool:
    """Whether one capital and no more follows a free country's name: "Jordan Bardella spoke", but not "Jordan Foreign
    Minister Safadi", where English sets a country before an office, and not "the Jordan Valley".
    """
    is_free = at == 0 or words.gaps[at] > APOSTROPHE or words.norms[at - 1] not in _ARTICLES_AND_PLACES
    after = at + 2
    goes_on = after < len(words) and words.gaps[after] == SPACE and words.cases[after] in _CAPITALISED
    return is_free and not goes_on


def _long_name_start(words: Words, match: Match[CountryForm], known: CountryWords, after: int) -> int:
    """Where "République du …", "Republic of …" begins, if that stands before."""
    if match.value.form == "metonym":
        return match.first
    first = match.first
    joint = known.of.ending_at(words, first, 2) if words.gaps[first] in (SPACE, APOSTROPHE) else None
    if joint is not None:
        first = joint.first
    elif words.gaps[first] != SPACE or not (match.value.is_demonym or known.is_inflected):
        return match.first  # "Республики Беларусь" has nothing between
    prefix = known.long_prefixes.ending_at(words, first, 3) if first > after and words.gaps[first] == SPACE else None
    if prefix is None and joint is not None and first - 1 > after and words.cases[first - 1] != LOWER:
        # "Repubblica Socialista del Vietnam": an adjective after the word that says what kind of state
        prefix = known.long_prefixes.ending_at(words, first - 1, 3) if words.gaps[first - 1] == SPACE else None
    if prefix is None or prefix.first < after or words.cases[prefix.first] == LOWER:
        return match.first
    return prefix.first


def _capital_at(words: Words, at: int, known: CountryWords, language: str) -> tuple[int, str] | None:
    """Where a capital's name ends that begins there, and its country."""
    norm = words.norms[at]
    begins = begins_city(norm)
    if not begins and not known.is_inflected:
        return None
    for last in range(words.run_end(at, 3) if begins else at + 1, at, -1):
        if last > at + 1:
            forms: tuple[str, ...] = (" ".join(words.norms[at:last]),)
        else:
            forms = base_forms(norm, language) if known.is_inflected else (norm,)
        for form in forms:
            country = capital_named(form)
            if country is not None:
                return last, country
    return None
