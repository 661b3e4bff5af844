"""What pages say of their sources."""

import pytest

from agenda.entries.quoting import sentence_around


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("first", "The first one."),
        ("second", "A second one, longer."),
        ("last", "And the last"),
    ],
)
def test_a_quote_is_a_whole_sentence(word: str, sentence: str) -> None:
    text = "The first one. A second one, longer.\nAnd the last"
    start = text.index(word)
    assert sentence_around(text, start, start + len(word)) == sentence
