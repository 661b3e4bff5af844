"""`python -m diplomacy.parsing` in its three forms, and how it ends where it cannot read."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diplomacy.parsing.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Le Premier ministre portugais, António Ribeira, effectue une visite au Mali du 9 au 11 février."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_one_text_as_json(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--published", "2023-02-07", str(article)]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert reading["language"] == "fr"
    assert [(one["host_country"], one["start"], one["end"]) for one in reading["visits"]] == [
        ("ML", "2023-02-09", "2023-02-11")
    ]


def test_letters_stand_as_they_are(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--published", "2023-02-07", str(article)])
    assert "António Ribeira" in capsys.readouterr().out


def test_the_language_may_be_given(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--published", "2023-02-07", "--language", "fi", str(article)]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert (reading["language"], reading["visits"], len(reading["warnings"])) == ("fi", [], 1)


def test_standard_input_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "diplomacy.parsing", "--published", "2023-02-07", "-"]
    ended = subprocess.run(command, input=TEXT.encode(), capture_output=True, cwd=ROOT, check=True)
    assert json.loads(ended.stdout)["visits"][0]["host_country"] == "ML"
    assert ended.stderr == b""


@pytest.mark.parametrize(
    ("content", "published", "complaint"),
    [
        (b" \n", "2023-02-07", "empty"),
        (b"a\x00b", "2023-02-07", "NUL"),
        (b"\xff\xfe\xfa", "2023-02-07", "utf-8"),
        (TEXT.encode(), None, "day the text was published"),
    ],
)
def test_what_cannot_be_read_is_said_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, published: str | None, complaint: str
) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    assert main([*(["--published", published] if published else []), str(path)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{path}: ")
    assert complaint in shown.err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--published", "2023-02-07", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--published", "7 février"], ["--publication", "2023-02-07"]])
def test_arguments_that_are_none(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_corpus_gives_one_file_for_each_document(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    for name in ("a", "b"):
        document: dict[str, Any] = {
            "id": name,
            "language": "fr",
            "published": "2023-02-07",
            "text": TEXT,
            "gold": {"visits": []},
        }
        (corpus / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["--corpus", str(corpus), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["a.json", "b.json"]
    assert json.loads((out / "a.json").read_text(encoding="utf-8"))["visits"][0]["host_country"] == "ML"


def test_a_corpus_is_read_by_text_day_and_language_alone(tmp_path: Path) -> None:
    plain = {"id": "a", "language": "fr", "published": "2023-02-07", "text": TEXT}
    more = {**plain, "gold": {"visits": [{"host_country": "SN"}]}, "type": "negative", "source_note": "Dakar"}
    readings = []
    for name, document in (("plain", plain), ("more", more)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text(json.dumps(document), encoding="utf-8")
        main(["--corpus", str(tmp_path / name), "--out", str(tmp_path / f"{name}-out")])
        readings.append((tmp_path / f"{name}-out" / "a.json").read_text(encoding="utf-8"))
    assert readings[0] == readings[1]


def test_expressions_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(
        "expression,language,anchor date,expected start\ndu 9 au 11 février,fr,2023-02-07,x\n"
        '"jeudi, à 10h",fr,2023-02-07,x\nfrom 9 February,en,2023-02-07,x\nrien,fr,2023-02-07,x\n',
        encoding="utf-8",
    )
    assert main(["--dates", str(path)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["expression", "language", "anchor date", "start", "end", "time"]
    assert [(row["start"], row["end"], row["time"]) for row in rows] == [
        ("2023-02-09", "2023-02-11", ""), ("2023-02-09", "2023-02-09", "10:00"), ("2023-02-09", "", ""), ("", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("expression,language\ndemain,fr\n", "no anchor date"),
        ("expression,language,anchor date\na,fr,demain\n", "demain"),
    ],
)
def test_a_table_of_dates_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, complaint: str
) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(content, encoding="utf-8")
    assert main(["--dates", str(path)]) == 1
    assert complaint in capsys.readouterr().err


def test_a_table_of_dates_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dates", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err
