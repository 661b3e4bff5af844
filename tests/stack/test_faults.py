"""While two workers read, each is killed, Valkey loses its memory and PostgreSQL goes away: nothing lost or twice."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.intake import faults
from tests.documents.files import mail, pdf, word
from tests.postgresql import programs

COUNT = 200
pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        "DATABASE_URL" not in os.environ, reason="brings its own PostgreSQL; run once, with the tests on PostgreSQL"
    ),
]


def small_files() -> dict[str, bytes]:
    """Files of all kinds, most of them text, each with one visit of its own."""
    made = {}
    for number in range(COUNT):
        text = (
            f"Le ministre malien des Affaires étrangères, Abdou Keïta, effectuera une visite officielle à Dakar, au "
            f"Sénégal, le {1 + number % 28} mars. Note {number}."
        )
        name, content = {
            5: ("pdf", pdf([text[:90], text[90:]])),
            10: ("docx", word(text)),
            15: ("html", f"<!doctype html><html><body><p>{text}</p></body></html>".encode()),
            19: ("eml", mail(text, Message_ID=f"<{number}@heap.example>")),
        }.get(number % 20, ("txt", text.encode()))
        made[f"{number}.{name}"] = content
    return made


def test_whatever_fails_each_communique_is_stored_read_and_proposed_once(capsys: pytest.CaptureFixture[str]) -> None:
    bin_folder = programs()
    if bin_folder is None:
        with capsys.disabled():
            sys.stdout.write("\n== faults: SKIPPED, Debian's PostgreSQL is not installed\n")
        pytest.skip("Debian's PostgreSQL is not installed")
    with faults.diary(bin_folder) as diary:
        report = faults.run(small_files(), diary, published="2023-02-07", away=3.0, patience=240)
    assert report.is_whole(COUNT), report
    assert report.counts["proposals"] == COUNT, report
