"""The commands of scripts/reading_scores.py, on folders of their own."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.corpus import documents, guard, rounds

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = "sample-02-dakar-fr.json"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with everything it writes under tmp_path."""
    spec = importlib.util.spec_from_file_location("reading_scores", ROOT / "scripts" / "reading_scores.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", [*sys.path])  # the script puts the checkout there
    spec.loader.exec_module(script)
    own, page, scores, kept = (tmp_path / name for name in ("documents", "page.md", "scores.json", "rounds.json"))
    own.mkdir()
    page.write_text(f"# Page\n\n{rounds.BEGIN}\n{rounds.END}\n", encoding="utf-8")
    monkeypatch.setattr(script, "PAGE", page)
    monkeypatch.setattr(script, "BESIDE", tmp_path / "nowhere")
    monkeypatch.setattr(documents, "FOLDER", own)
    monkeypatch.setattr(guard.load, "__defaults__", (scores,))
    monkeypatch.setattr(guard.save, "__defaults__", (scores,))
    monkeypatch.setattr(rounds.load, "__defaults__", (kept,))
    monkeypatch.setattr(rounds.save, "__defaults__", (kept,))
    return script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "arrived"
    found.mkdir()
    shutil.copyfile(Path(__file__).resolve().parent / "documents" / SAMPLE, found / SAMPLE)
    return found


def test_documents_are_taken_in_recorded_and_guarded(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.main(["--add", str(folder)]) == 0
    assert command.main([]) == 0
    assert "over the same 1 documents" in capsys.readouterr().out
    monkeypatch.setattr(documents, "reading", lambda document: {"visits": [], "items": []})
    assert command.main([]) == 1
    assert "agenda_score fell from" in capsys.readouterr().err
    assert command.main(["--record"]) == 1  # recording anew must be said
    assert command.main(["--record", "--anew"]) == 0


def test_a_document_is_taken_in_once_and_only_if_it_is_sound(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = json.loads((folder / SAMPLE).read_text(encoding="utf-8"))
    broken["gold"]["visits"][0]["evidence"] = "never said"
    (folder / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    assert command.main(["--add", str(folder)]) == 1
    assert "broken.json: “never said” is not in the text" in capsys.readouterr().err
    assert list(documents.FOLDER.iterdir()) == []
    (folder / "broken.json").unlink()
    assert command.main(["--add", str(folder)]) == 0
    assert command.main(["--add", str(folder)]) == 1
    assert f"{SAMPLE}: is here already" in capsys.readouterr().err


def test_a_new_document_that_nobody_recorded_fails(command: ModuleType, folder: Path) -> None:
    shutil.copyfile(folder / SAMPLE, documents.FOLDER / SAMPLE)
    assert command.main([]) == 1
    assert command.main(["--record"]) == 0


def test_a_blind_round_is_scored_once_and_shown(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--round", "1", str(folder), "--failed", "nothing"]) == 0
    printed = capsys.readouterr().out
    assert "| 1 | " in printed
    assert "| visit.start |" in printed
    page = command.PAGE.read_text(encoding="utf-8")
    assert "| nothing |" in page
    assert "### Reliability, all rounds pooled" in page
    assert command.main(["--round", "2", str(folder)]) == 1
    assert "scored before" in capsys.readouterr().err
    assert command.main(["--tables"]) == 0
    assert command.PAGE.read_text(encoding="utf-8") == page


def test_a_round_may_be_scored_from_readings_kept_at_first_sight(
    command: ModuleType, folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / SAMPLE).write_text('{"visits": [], "items": []}', encoding="utf-8")
    assert command.main(["--round", "1", str(folder), "--predictions", str(kept), "--date", "2026-01-02"]) == 0
    (scored,) = rounds.load()
    assert (scored.date, scored.errors) == ("2026-01-02", {"visit not found": 1})


def test_a_round_of_known_documents_is_no_blind_round(command: ModuleType, folder: Path, tmp_path: Path) -> None:
    assert command.main(["--add", str(folder)]) == 0
    assert command.main(["--round", "1", str(folder)]) == 1
    assert command.main(["--round", "1", str(tmp_path / "empty")]) == 1
    assert rounds.load() == []


def test_the_reliability_of_any_folder_is_printed(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--reliability", str(folder)]) == 0
    assert "| visit.host_country |" in capsys.readouterr().out


def test_the_classes_of_error_of_any_folder_are_printed(
    command: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "reading", lambda document: {"visits": [], "items": []})
    assert command.main(["--classes", str(folder)]) == 0
    assert "| visit not found | 1 |" in capsys.readouterr().out
