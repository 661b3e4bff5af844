"""The text before it is searched: folded character for character, cut into lines and words, never losing a place."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata

import pytest

from diplomacy.parsing.document import Document, open_document
from diplomacy.parsing.errors import NotTextError, UnreadableTextError
from diplomacy.parsing.folding import COMMON_LETTERS, Kept
from diplomacy.parsing.words import Case, Gap, words_of
from tests.parsing.pairs import TODAY


def opened(text: str) -> Document:
    return open_document(text, published_on=TODAY, language="fr")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("l’Élysée", "l'Élysée"),
        ("9\u00a0février", "9 février"),
        ("17\u202fh", "17 h"),
        ("9–11 février", "9-11 février"),
        ("« Oui »", '" Oui "'),
        ("“Yes”", '"Yes"'),
    ],
)
def test_typographic_variants_are_one_character_for_one(written: str, folded: str) -> None:
    assert opened(written).text == folded
    assert len(written) == len(folded)


def test_offsets_lead_back_to_combining_accents() -> None:
    source = unicodedata.normalize("NFD", "Un dépôt de gerbe à Yaoundé.")
    document = opened(source)
    start = document.text.index("Yaoundé")
    first, last = document.source_span(start, start + len("Yaoundé"))
    assert unicodedata.normalize("NFC", source[first:last]) == "Yaoundé"


def test_lines_know_whether_a_blank_stands_before() -> None:
    lines = opened("Un\n\n  Deux  \nTrois\n").lines
    assert [(line.text, line.blank_before) for line in lines] == [("Un", True), ("Deux", True), ("Trois", False)]
    assert opened("Un\n\n  Deux  \n").text[lines[1].start : lines[1].end] == "Deux"


def test_words_have_their_norm_case_and_what_stands_before() -> None:
    words = words_of("M. LAVROV, à l'aéroport (Bamako).")
    assert words.norms == ("m", "lavrov", "a", "l", "aeroport", "bamako")
    assert words.cases == (Case.CAPITAL, Case.CAPITALS, Case.LOWER, Case.LOWER, Case.LOWER, Case.CAPITAL)
    assert words.gaps == (Gap.STOP, Gap.DOT, Gap.COMMA, Gap.SPACE, Gap.APOSTROPHE, Gap.OPENING)


def test_bytes_are_no_text() -> None:
    with pytest.raises(NotTextError, match="decode"):
        open_document(b"Bamako", published_on=TODAY, language=None)


def test_a_moment_of_publication_counts_as_its_day() -> None:
    moment = dt.datetime(2023, 2, 7, 9, 30, tzinfo=dt.UTC)
    assert open_document("Bamako", published_on=moment, language=None).published_on == TODAY


def test_every_refusal_says_what_to_do() -> None:
    for text, published in (("", TODAY), ("\x00", TODAY), ("Bamako", None)):
        with pytest.raises(UnreadableTextError) as refused:
            open_document(text, published_on=published, language=None)
        assert len(str(refused.value)) > 30


def test_common_letters_are_letters_to_the_longer_rules_too() -> None:
    common = re.findall(f"[{COMMON_LETTERS}]", "".join(map(chr, range(sys.maxunicode + 1))))
    assert len(common) > 500
    assert [letter for letter in common if re.fullmatch(r"[^\W\d_]", letter) is None] == []


def test_what_is_made_of_a_key_is_made_once_and_a_flood_of_keys_is_forgotten() -> None:
    made: list[str] = []

    def shouted(word: str) -> str:
        made.append(word)
        return word.upper()

    kept = Kept(shouted, most=2)
    assert [kept["a"], kept["a"], kept["b"]] == ["A", "A", "B"]
    assert made == ["a", "b"]
    assert (kept["c"], len(kept), kept["a"]) == ("C", 1, "A")
