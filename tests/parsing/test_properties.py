"""What holds for every text: nothing raises, spans are true, and neither typography nor what stands before matters."""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplomacy.parsing import read
from diplomacy.parsing.errors import UnreadableTextError
from diplomacy.parsing.output import as_json
from tests.corpus import documents

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "dev"
OWN = documents.load(documents.FOLDER) + documents.load(BESIDE)
TODAY = dt.date(2023, 2, 7)
# The same examples each time: a failure is one for everybody, and is kept as a test of its own once understood.
ALWAYS_THE_SAME = settings(derandomize=True, max_examples=150)
LANGUAGES = st.sampled_from([None, "fr", "en", "es", "pt", "de", "it", "ru", "ar", "fi", "xx"])
UNRELATED = {
    "fr": ["Le texte intégral est disponible en ligne.", "Les photographies sont libres de droits."],
    "en": ["The full text is available online.", "All photographs may be used free of charge."],
    "es": ["El texto completo está disponible en línea."],
    "pt": ["O texto integral está disponível em linha."],
    "de": ["Der vollständige Wortlaut ist im Netz verfügbar."],
    "it": ["Il testo integrale è disponibile in rete."],
    "ru": ["Полный текст доступен на сайте."],
    "ar": ["النص الكامل متاح على الموقع."],
}
FRAGMENTS = [
    "Le ministre des Affaires étrangères, ",
    "M. Sergey LAVROV",
    " effectuera une visite de travail à Bamako ",
    "du 6 au 8 février",
    "du 31 au 30",
    "30 février",
    "le 29 février 2023",
    "à 25h90",
    "10h30 - Entretien avec M. ",
    "0h-24h",
    "« ",
    " »",
    "(",
    "à l’invitation de son homologue",
    "suivie d’une conférence de presse",
    "est reportée au ",
    "est annulée",
    "48 heures",
    "99999999999999999999 heures",
    "le 99999 jour",
    "8 p.m.",
    "President Jean-Luc d'Arc of ",
    "will visit",
    "Côte d’Ivoire",
    "lundi",
    "JEUDI 14 MARS",
    "demain",
    "le lendemain",
    "год",
    "في ٧ فبراير",
    "\u202e",
    "\ufeff",
    "\u00ad",
    "e\u0301",
    "ß",
    "İ",
    "\ud7ff",
    "\U0001f5d3",
    "\r\n",
    "\n\n",
    "\t",
    "|",
    "•",
    ". ",
    ", ",
    " ",
]


@st.composite
def communiques(draw: st.DrawFn) -> str:
    """Texts that look enough like communiqués to reach the rules: fragments, pieces of documents, and noise."""
    pieces = draw(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12), cuttings()), max_size=25))
    return "".join(pieces)


@st.composite
def cuttings(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(OWN))["text"]
    start = draw(st.integers(0, len(text)))
    return str(text[start : start + draw(st.integers(0, 200))])


def reading_of(text: str, published: dt.date = TODAY, language: str | None = None) -> dict[str, Any] | None:
    """The JSON of a reading, None for a text refused with a named error; any other error is a failure."""
    try:
        return as_json(read(text, published_on=published, language=language))
    except UnreadableTextError:
        return None


def of_document(document: dict[str, Any], text: str | None = None) -> dict[str, Any]:
    published = dt.date.fromisoformat(document["published"])
    reading = reading_of(document["text"] if text is None else text, published, document["language"])
    assert reading is not None
    return reading


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "quote", "rule"}:
            yield value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def shifted(reading: dict[str, Any], by: int) -> dict[str, Any]:
    for span in spans(reading):
        span["start"] += by
        span["end"] += by
    return reading


def without_typography(value: Any) -> Any:
    """The same values with one form for all variants, and spans without their places."""
    if isinstance(value, str):
        folded = unicodedata.normalize("NFC", value).replace("’", "'").casefold()
        return re.sub(r"\s+", " ", folded)
    if isinstance(value, list):
        return [without_typography(inner) for inner in value]
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if not (key in ("start", "end") and "quote" in value)}
        return {without_typography(key): without_typography(inner) for key, inner in kept.items()}
    return value


def untrue(text: str, reading: dict[str, Any]) -> list[dict[str, Any]]:
    return [span for span in spans(reading) if text[span["start"] : span["end"]] != span["quote"]]


@ALWAYS_THE_SAME
@given(st.one_of(communiques(), st.text(max_size=400)), LANGUAGES, st.dates())
def test_no_text_raises_and_every_span_is_its_quote(text: str, language: str | None, published: dt.date) -> None:
    reading = reading_of(text, published, language)
    if reading is not None:
        assert untrue(text, reading) == []


@ALWAYS_THE_SAME
@given(communiques(), LANGUAGES)
def test_the_same_text_gives_the_same_reading(text: str, language: str | None) -> None:
    assert reading_of(text, language=language) == reading_of(text, language=language)


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n"], ids=["line", "paragraph", "crlf"])
def test_an_unrelated_sentence_in_front_shifts_spans_and_changes_nothing_else(separator: str) -> None:
    changed = [
        document["id"]
        for document in OWN
        for sentence in UNRELATED[document["language"]]
        if of_document(document, f"{sentence}{separator}{document['text']}")
        != shifted(of_document(document), len(sentence + separator))
    ]
    assert changed == []


def curly(text: str, draw: random.Random) -> str:
    return re.sub(r"(?<=\w)['’](?=\w)", lambda _found: draw.choice("'’"), text)


def unbreakable(text: str, draw: random.Random) -> str:
    return re.sub(" ", lambda _found: draw.choice("  \u00a0\u202f"), text)


def decomposed(text: str, draw: random.Random) -> str:
    return "".join(unicodedata.normalize(draw.choice(["NFC", "NFD"]), letter) for letter in text)


def mixed(text: str, draw: random.Random) -> str:
    return decomposed(unbreakable(curly(text, draw), draw), draw)


def names_in_capitals(text: str, draw: random.Random) -> str:
    """Surnames, as some ministries write them: the last word of each annotated name."""
    (document,) = [one for one in OWN if one["text"] == text]
    for name in sorted(names(document)):
        surname = name.split()[-1]
        if surname != surname.upper():
            text = re.sub(rf"\b{re.escape(surname)}\b", surname.upper(), text)
    return text


def names(document: dict[str, Any]) -> set[str]:
    """People named in a document, leaving out offices, which are no names."""
    gold = document["gold"]
    people = {person["name"] for visit in gold["visits"] for person in visit["visitors"]}
    people |= {visit["host"]["name"] for visit in gold["visits"] if visit["host"]}
    return {name for name in people if name and name.istitle()}


def headings_in_capitals(text: str, draw: random.Random) -> str:
    first, newline, rest = text.partition("\n")
    is_heading = newline and len(first) < 100 and not first.rstrip().endswith((".", ":", ","))
    return (first.upper() if is_heading else first) + newline + rest


@pytest.mark.parametrize(
    ("variant", "lost"),
    [
        (curly, 0),
        (unbreakable, 0),
        (decomposed, 0),
        (mixed, 0),
        # A name that is nowhere else in the text: capitals do not tell where it ends, or in which case it stands.
        (names_in_capitals, 3),
        (headings_in_capitals, 11),
    ],
)
def test_typography_does_not_matter(variant: Callable[[str, random.Random], str], lost: int) -> None:
    draw = random.Random(7)  # noqa: S311 - the same variants each time
    changed = []
    for document in OWN:
        text = variant(document["text"], draw)
        reading = of_document(document, text)
        assert untrue(text, reading) == []
        if without_typography(reading) != without_typography(of_document(document)):
            changed.append(document["id"])
    assert len(changed) == lost, changed


@pytest.mark.parametrize("variant", [curly, unbreakable])
def test_variants_of_one_character_leave_every_span_in_place(variant: Callable[[str, random.Random], str]) -> None:
    draw = random.Random(8)  # noqa: S311 - the same variants each time
    for document in OWN:
        places = [(span["start"], span["end"]) for span in spans(of_document(document))]
        varied = [
            (span["start"], span["end"]) for span in spans(of_document(document, variant(document["text"], draw)))
        ]
        assert varied == places
