"""A watched folder: only what lies still is taken, and it moves only once the database has it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from diplomacy.communiques.models import Communique, CommuniqueVersion, Source, SourceKind
from diplomacy.communiques.sources import folder
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)


@pytest.fixture
def source(source_of: Callable[..., Source], tmp_path: Path) -> Source:
    (tmp_path / "press").mkdir()
    return source_of(SourceKind.FOLDER, "press")


def look(source: Source, tools: Tools, times: int = 2, memory: Memory | None = None) -> Outcome:
    outcome = Outcome(memory=memory or {})
    for _time in range(times):
        outcome = folder.poll(source, outcome.memory, now=NOW, tools=tools)
    return outcome


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir() if entry.is_file()}


def test_a_file_is_taken_at_the_second_look_if_it_has_not_changed(source: Source, tools: Tools, tmp_path: Path) -> None:
    note = tmp_path / "press" / "note.txt"
    note.write_text("Visite")
    first = folder.poll(source, {}, now=NOW, tools=tools)
    assert (first.received, names(tmp_path / "press")) == (0, {"note.txt"})
    note.write_text("Visite officielle à Bamako")
    second = folder.poll(source, first.memory, now=NOW, tools=tools)
    assert second.received == 0, "it is still being written"
    third = folder.poll(source, second.memory, now=NOW, tools=tools)
    assert third.received == 1
    assert CommuniqueVersion.objects.get().text == "Visite officielle à Bamako"
    assert names(tmp_path / "press" / "received") == {"note.txt"}
    assert not names(tmp_path / "press")


def test_the_same_bytes_are_kept_once_and_no_file_is_overwritten(source: Source, tools: Tools, tmp_path: Path) -> None:
    for text in ("Visite", "Visite", "Autre"):
        (tmp_path / "press" / "note.txt").write_text(text)
        look(source, tools)
    assert Communique.objects.count() == 2
    assert names(tmp_path / "press" / "received") == {"note.txt", "note-2.txt", "note-3.txt"}


def test_what_cannot_be_kept_moves_apart_and_is_named(source: Source, tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "press" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "press" / "note.txt").write_text("Visite")
    outcome = look(source, tools)
    assert outcome.received == 1
    assert len(outcome.refused) == 1
    assert outcome.refused[0].startswith("photo.jpg: ")
    assert names(tmp_path / "press" / "refused") == {"photo.jpg"}


def test_links_folders_pipes_and_hidden_files_are_left_alone(source: Source, tools: Tools, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Secret")
    press = tmp_path / "press"
    (press / "link.txt").symlink_to(secret)
    (press / "deeper").mkdir()
    (press / "deeper" / "note.txt").write_text("Visite")
    (press / ".note.txt").write_text("Visite")
    os.mkfifo(press / "pipe.txt")
    assert look(source, tools, times=3).received == 0
    assert (press / "link.txt").is_symlink()
    assert not Communique.objects.exists()


def test_a_file_that_became_a_link_since_it_was_listed_is_not_followed(
    source: Source, tools: Tools, tmp_path: Path
) -> None:
    link = tmp_path / "press" / "note.txt"
    link.symlink_to("/etc/hostname")
    assert folder._content(link) is None


def test_a_folder_that_is_not_there_is_said(source: Source, tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "press").rmdir()
    with pytest.raises(SourceError, match="folder: press: No such file"):
        look(source, tools)
