"""The sentence of a text that some of its words stand in."""

from __future__ import annotations


def sentence_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence (or line) that holds text[start:end] begins and ends, in code points."""
    before = text.rfind(". ", 0, start)
    first = max(text.rfind("\n", 0, start), before + 1 if before >= 0 else -1) + 1
    stops = [at for at in (text.find(". ", end - 1), text.find("\n", end)) if at >= 0]
    return first, min(stops, default=len(text) - 1) + 1


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence (or line) that holds text[start:end]."""
    first, last = sentence_span(text, start, end)
    return text[first:last].strip()
