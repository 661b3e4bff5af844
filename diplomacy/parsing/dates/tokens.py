"""A text as words, numbers and signs with their terms; one pass, bounded work for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress, repeat

from diplomacy.parsing.dates.tables import PIECE, Tables, key_of
from diplomacy.parsing.dates.terms import NO_TERMS, Terms
from diplomacy.parsing.folding import COMMON_LETTERS, Kept

GLUED, SPACED, BROKEN, PARTED = range(4)
GUARDS = 16  # empty tokens at the end, so that looking a few tokens ahead needs no bounds
# What lies between is kept too. Most pieces are words of common letters before a blank: found without what words may
# have besides.
_CUT = re.compile(f"([{COMMON_LETTERS}]++(?=[ ,.])|{PIECE.pattern})")
_GAPS = {"": GLUED, " ": SPACED}
_UNKNOWN = -1
_CARRIES_ON = frozenset(("lead", "to", "from", "of", "until", "starting", "between"))
_WRAPPED_LINE = 60  # a line this long was broken to fit the page, not ended


@dataclass(slots=True, eq=False)
class Tokens:
    """Words, numbers and signs; every list has one entry for each, and `GUARDS` more.

    `gaps` say what lies before: nothing, blanks, a line break, an empty line. `numbers` are -1 for words and signs,
    `keys` empty for numbers; `words` are as written, of a phrase the first only. Lists side by side: an object for each
    would take more time to make than to read.
    """

    starts: list[int]
    ends: list[int]
    words: list[str]
    keys: list[str]
    gaps: list[int]
    numbers: list[int]
    digits: list[int]
    terms: list[Terms]

    def __len__(self) -> int:
        return len(self.starts)


class OverTokens:
    """What looks at places of a token list: the lists at hand, by their names."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.starts, self.ends, self.keys, self.gaps = tokens.starts, tokens.ends, tokens.keys, tokens.gaps
        self.numbers, self.digits, self.terms = tokens.numbers, tokens.digits, tokens.terms


@lru_cache(maxsize=4)
def tokenize(text: str, tables: Tables) -> Tokens:
    """The tokens of a text, phrases of the language joined into one; empty ones stand at the end as guards."""
    raw = _pieces(text, tables)
    _join(raw, tables)
    raw.starts += [-1] * GUARDS
    raw.ends += [-1] * GUARDS
    raw.words += [""] * GUARDS
    raw.keys += [""] * GUARDS
    raw.gaps += [PARTED] * GUARDS
    raw.numbers += [-1] * GUARDS
    raw.digits += [0] * GUARDS
    raw.terms += [NO_TERMS] * GUARDS
    return raw


def _join(raw: Tokens, tables: Tables) -> None:
    """Give the phrases of a language their terms, each as one token, the longest at each place."""
    phrases, keys = tables.phrases, raw.keys
    kept = bytearray(b"\1") * len(keys)
    done, count, is_whole = 0, len(keys), True
    for at in [at for at, key in enumerate(keys) if key in phrases]:
        if at < done:
            continue
        following = keys[at + 1] if at + 1 < count else ""
        entries = phrases[keys[at]]
        if following != "-" and following not in tables.seconds[keys[at]]:
            entries = entries[-1:]  # of one word, if any: the longest come first
        for rest, terms in entries:
            if rest and rest[0] != following and following != "-":
                continue
            end = _matches(raw, at + 1, rest) if rest else at + 1
            if end:
                raw.terms[at] = terms
                if end > at + 1:
                    raw.ends[at] = raw.ends[end - 1]
                    kept[at + 1 : end] = bytes(end - at - 1)
                    is_whole = False
                if end < count and raw.gaps[end] == BROKEN and not _CARRIES_ON.isdisjoint(terms):
                    raw.gaps[end] = SPACED  # no line ends with "du" or "le" of itself
                done = end
                break
    if not is_whole:
        raw.starts, raw.ends = list(compress(raw.starts, kept)), list(compress(raw.ends, kept))
        raw.words, raw.keys = list(compress(raw.words, kept)), list(compress(keys, kept))
        raw.gaps, raw.terms = list(compress(raw.gaps, kept)), list(compress(raw.terms, kept))
        raw.numbers, raw.digits = list(compress(raw.numbers, kept)), list(compress(raw.digits, kept))


def _matches(raw: Tokens, at: int, wanted: tuple[str, ...]) -> int:
    """Where a phrase ends that goes on with these keys, 0 if it does not; hyphens inside a word may be there or not."""
    keys, gaps, count = raw.keys, raw.gaps, len(raw.keys)
    for key in wanted:
        if at < count and keys[at] == "-" and at + 1 < count and gaps[at + 1] <= SPACED and key != "-":
            at += 1
        if at >= count or keys[at] != key or gaps[at] > BROKEN:
            return 0
        at += 1
    return at


def _pieces(text: str, tables: Tables) -> Tokens:
    cut = _CUT.split(text)  # what lies before the first piece, the first piece, what lies before the second ...
    offsets = list(accumulate(map(len, cut)))
    words = cut[1::2]
    keys, numbers, digits = zip(*map(_MEANINGS.__getitem__, words), strict=True) if words else ((), (), ())
    tokens = Tokens(
        offsets[0:-1:2],
        offsets[1::2],
        words,
        list(keys),
        _gaps(text, cut, offsets),
        list(numbers),
        list(digits),
        [NO_TERMS] * len(words),
    )
    return _without_prefixes(tokens, tables) if tables.prefixes else tokens


def _gaps(text: str, cut: list[str], offsets: list[int]) -> list[int]:
    """What lies before each piece."""
    found = list(map(_GAPS.get, cut[0:-1:2], repeat(_UNKNOWN)))
    line_start = 0
    for at in [at for at, gap in enumerate(found) if gap == _UNKNOWN]:
        between, start = cut[2 * at], offsets[2 * at]
        found[at] = _gap(text, start - len(between), start, line_start)
        if found[at] >= BROKEN or "\n" in between:
            line_start = start
    return found


def _meaning(piece: str) -> tuple[str, int, int]:
    """The key, number and digits of a piece of text."""
    if piece.isdecimal():
        return "", int(piece) if len(piece) <= 4 else 99999, len(piece)
    return _DASHES.get(piece) or key_of(piece), -1, 0


_DASHES = {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
_MEANINGS: Kept[str, tuple[str, int, int]] = Kept(_meaning)


def _without_prefixes(tokens: Tokens, tables: Tables) -> Tokens:
    """The same, words that are written onto the next one by themselves."""
    apart = Tokens([], [], [], [], [], [], [], [NO_TERMS] * len(tokens))
    for at, key in enumerate(tokens.keys):
        start, gap, number, word = tokens.starts[at], tokens.gaps[at], tokens.numbers[at], tokens.words[at]
        prefix = _prefix(key, tables) if number < 0 else ""
        if prefix:
            _add(apart, start, start + len(prefix), word[: len(prefix)], prefix, gap, -1, 0)
            apart.terms.append(NO_TERMS)
            start, word, key, gap = start + len(prefix), word[len(prefix) :], key[len(prefix) :], GLUED
        _add(apart, start, tokens.ends[at], word, key, gap, number, tokens.digits[at])
    return apart


def _add(tokens: Tokens, start: int, end: int, word: str, key: str, gap: int, number: int, digits: int) -> None:
    tokens.starts.append(start)
    tokens.ends.append(end)
    tokens.words.append(word)
    tokens.keys.append(key)
    tokens.gaps.append(gap)
    tokens.numbers.append(number)
    tokens.digits.append(digits)


def _prefix(key: str, tables: Tables) -> str:
    """The word written onto a known word, "" if there is none."""
    if key in tables.phrases:
        return ""
    for prefix in tables.prefixes:
        if key.startswith(prefix) and key[len(prefix) :] in tables.phrases:
            return prefix
    return ""


def _gap(text: str, end: int, start: int, line_start: int) -> int:
    breaks = text.count("\n", end, min(start, end + 200))
    if breaks == 0:
        return SPACED
    if breaks > 1:
        return PARTED
    goes_on = end - line_start >= _WRAPPED_LINE and text[start].islower() and text[end - 1] not in ".:;!?"
    return SPACED if goes_on else BROKEN
