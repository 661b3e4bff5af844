"""Given names: what makes two capitals in a row likely to be somebody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from diplomacy.parsing.words import keys


@cache
def given_names() -> frozenset[str]:
    """The comparison keys of every name in given_names.txt."""
    text = (Path(__file__).parent / "given_names.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(key for line in lines for key in keys(line))
