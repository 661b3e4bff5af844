"""Surroundings in which Agenda cannot start: each gets a sentence that says what to do, and no traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What ./run needs before there is an environment."""
    folder = tmp_path / "clone"
    (folder / "scripts").mkdir(parents=True)
    for name in ("run", "scripts/environment", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def start(folder: Path, *, user: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ./run there; the path holds no uv, so that pip's way is tried."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), **variables}
    as_user = ["runuser", "-u", user, "--"] if user else []
    return subprocess.run(
        [*as_user, "sh", "./run"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


def python_that(folder: Path, code: str) -> str:
    """A stand-in for an interpreter: a script that answers what `code` (of a shell) says."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_no_python(clone: Path) -> None:
    refused(start(clone, PYTHON="python9"), "there is no python9. Install python3.")


def test_an_old_python(clone: Path) -> None:
    old = python_that(clone, 'case "$2" in *platform*) echo 3.9.2;; *) exit 1;; esac')
    refused(start(clone, PYTHON=old), "Python 3.11 or newer is needed;")
    assert "is 3.9.2. Set PYTHON to a newer one." in start(clone, PYTHON=old).stderr


def test_no_venv_module(clone: Path) -> None:
    bare = python_that(clone, 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    refused(start(clone, PYTHON=bare), "Python's venv module is missing. Install it (Debian: apt install python3-venv)")


def test_no_packages_to_be_had(clone: Path) -> None:
    (clone / "requirements.txt").write_text("nowhere==1 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    done = start(clone, PYTHON=sys.executable, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    refused(done, "The packages of requirements.txt could not be installed")


def test_a_folder_that_cannot_be_written(clone: Path) -> None:
    for folder in (clone, clone.parent, clone.parent.parent, clone.parent.parent.parent):
        folder.chmod(0o755)
    clone.chmod(0o555)
    user = "nobody" if os.getuid() == 0 else ""  # root may write everywhere
    done = start(clone, user=user, PYTHON=_python_of_everybody())
    clone.chmod(0o755)
    refused(done, "cannot be written. Clone Agenda into a folder of your own.")


def _python_of_everybody() -> str:
    """An interpreter that another user may start too."""
    found = Path("/usr/bin/python3")
    return str(found) if found.exists() else sys.executable


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    (clone / "requirements.txt").write_text("", encoding="utf-8")
    done = start(clone, PYTHON=sys.executable)
    assert "Preparing the Python environment" in done.stdout
    assert (clone / ".venv" / "bin" / "python").resolve().exists()


def test_an_unknown_argument(clone: Path) -> None:
    (clone / "requirements.txt").write_text("", encoding="utf-8")
    done = subprocess.run(
        ["sh", "./run", "--demo"], cwd=clone, env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable},
        capture_output=True, text=True,
    )  # fmt: skip
    refused(done, "Unknown: --demo. Use ./run, ./run --empty or ./run manage COMMAND.")


@pytest.fixture
def stack(tmp_path: Path) -> dict[str, str]:
    """An environment in which `manage.py stack` would start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "PATH": os.environ["PATH"], "AGENDA_MODE": "diary", "AGENDA_DATA": str(tmp_path / "data"), "PORT": str(port)
    }  # fmt: skip


def stacked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "stack"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is “eighty”. Use a whole number."),
        ("PORT", "70000", "PORT is 70000. Use a port from 1 to 65535."),
        ("AGENDA_MODE", "live", "AGENDA_MODE is “live”. Use demo, diary or production."),
        ("AGENDA_LANGUAGE", "xx", "AGENDA_LANGUAGE is “xx”. Use one of: fr, en."),
        ("AGENDA_DATA", "/dev/null/data", "Set AGENDA_DATA to another folder."),
        ("REDIS_URL", "redis://127.0.0.1:9", "Redis cannot be used:"),
        ("DATABASE_URL", "postgres://agenda@127.0.0.1:9/agenda", "The database cannot be used:"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_used(stack: dict[str, str], variable: str, value: str, sentence: str) -> None:
    refused(stacked({**stack, variable: value}), sentence)
