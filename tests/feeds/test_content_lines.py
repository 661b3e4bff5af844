"""Content lines: what is written, escaped, folded, and what is left alone."""

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.feeds.ical.content_lines import (
    clean_text,
    content_lines,
    date_text,
    duration_text,
    geo_value,
    one_line,
    text_value,
    uri_value,
    utc_text,
)

ANY_TEXT = st.text(st.characters(), max_size=400)
ACCENTED = st.text(st.sampled_from("aé\u0301\u0327ю\u200d👩🏽🇫🇷🇲🇱ب\u064b漢\ufe0f;,\\\n "), max_size=300)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Visite de travail", "Visite de travail"),
        ("« 48 heures » — à Bamako", "« 48 heures » — à Bamako"),
        ("e\u0301te\u0301", "été"),
        ("a\r\nb\rc\nd\u2028e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a b"),
        ("nul\x00, bell\x07, delete\x7f, C1\x9b", "nul, bell, delete, C1"),
        ("\ufeffmark", "mark"),
        ("half \ud83d", "half \ufffd"),
        ("été\u00a0: 10\u202fh", "été\u00a0: 10\u202fh"),
        ("\u200fوزير\u200f", "\u200fوزير\u200f"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(ANY_TEXT)
def test_clean_text_is_writable_and_settled(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert unicodedata.is_normalized("NFC", clean)
    assert not [c for c in clean if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain: \"text\" 'here' = 100 %", "plain: \"text\" 'here' = 100 %"),
        ("a;b,c\\d\ne", "a\\;b\\,c\\\\d\\ne"),
        ("\\n", "\\\\n"),
    ],
)
def test_text_is_escaped_once(text: str, value: str) -> None:
    assert text_value(text) == value


def test_one_line_is_one_line_and_short() -> None:
    assert one_line("  Visite\r\n\tofficielle  ") == "Visite officielle"
    assert one_line("x" * 255, 255) == "x" * 255
    assert one_line("x" * 10_000, 255) == "x" * 254 + "…"
    assert one_line("x" * 253 + "👩\u200d🚀" + "y" * 9, 255) == "x" * 253 + "…", "an astronaut is not cut to a woman"


@given(ANY_TEXT, st.integers(1, 60))
def test_one_line_keeps_to_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def test_short_lines_are_left_alone() -> None:
    assert content_lines(["BEGIN:VEVENT", "X" * 75]) == b"BEGIN:VEVENT\r\n" + b"X" * 75 + b"\r\n"
    assert content_lines(["é" * 37]) == "é".encode() * 37 + b"\r\n"


def test_long_lines_are_folded_at_75_octets() -> None:
    assert content_lines(["X" * 76]) == b"X" * 75 + b"\r\n X\r\n"
    assert content_lines(["X" * 150]) == b"X" * 75 + b"\r\n " + b"X" * 74 + b"\r\n X\r\n"


@given(st.lists(st.one_of(ANY_TEXT, ACCENTED).map(lambda text: f"X-TEXT:{text_value(text)}"), max_size=4))
def test_folding_is_lossless_and_between_characters(lines: list[str]) -> None:
    data = content_lines(lines)
    for physical in data.split(b"\r\n"):
        assert len(physical) <= 75
        physical.decode()  # a fold inside a character would raise here
    assert data.decode().replace("\r\n ", "") == "".join(f"{line}\r\n" for line in lines)


@pytest.mark.parametrize("cluster", ["e\u0302\u0323", "👩🏽", "👩\u200d🚀", "🇲🇱", "न\u093f", "ب\u064b", "☂\ufe0f"])
@pytest.mark.parametrize("before", range(60, 76))
def test_what_is_read_as_one_is_not_torn(cluster: str, before: int) -> None:
    folded = content_lines(["x" * before + cluster + "y" * 30])
    assert cluster in folded.decode()


def test_a_long_run_of_accents_still_folds() -> None:
    folded = content_lines(["a" + "\u0301" * 500])
    assert all(len(physical) <= 75 for physical in folded.split(b"\r\n"))
    assert folded.decode().replace("\r\n ", "") == "a" + "\u0301" * 500 + "\r\n"


@pytest.mark.parametrize(
    ("uri", "value"),
    [
        ("https://agenda.example/fr/visites/12/?a=1&b=2#lieu", "https://agenda.example/fr/visites/12/?a=1&b=2#lieu"),
        ("https://agenda.example/%C3%A9t%C3%A9", "https://agenda.example/%C3%A9t%C3%A9"),
        ("https://agenda.example/été", "https://agenda.example/%C3%A9t%C3%A9"),
        ("https://agenda.example/\r\nX-A:b", "https://agenda.example/%0D%0AX-A:b"),
        ('https://agenda.example/<"> ', "https://agenda.example/%3C%22%3E%20"),
    ],
)
def test_addresses(uri: str, value: str) -> None:
    assert uri_value(uri) == value


def test_dates_have_four_digits_of_year() -> None:
    assert date_text(dt.date(987, 7, 3)) == "09870703"


def test_utc_moments() -> None:
    in_paris = dt.datetime(2026, 7, 15, 9, 0, 0, 999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert utc_text(in_paris) == "20260715T070000Z"
    with pytest.raises(ValueError, match="zone"):
        utc_text(in_paris.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (dt.timedelta(hours=1), "PT1H"),
        (dt.timedelta(minutes=90), "PT1H30M"),
        (dt.timedelta(days=1), "P1D"),
        (dt.timedelta(days=1, seconds=5), "P1DT5S"),
    ],
)
def test_durations(length: dt.timedelta, text: str) -> None:
    assert duration_text(length) == text
    assert re.fullmatch(r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?", text)


@pytest.mark.parametrize("length", [dt.timedelta(0), dt.timedelta(hours=-1)])
def test_a_duration_is_positive(length: dt.timedelta) -> None:
    with pytest.raises(ValueError, match="positive"):
        duration_text(length)


def test_places() -> None:
    assert geo_value(12.639232, -8.002889) == "12.639232;-8.002889"
    for latitude, longitude in [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))]:
        with pytest.raises(ValueError, match="Earth"):
            geo_value(latitude, longitude)
