"""Packages of npm that tests run, each by a lock of its own; installed at first use, kept under var/node."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

NODE_CACHE = Path(__file__).parents[2] / "var" / "node"
PATIENCE = 120  # seconds for an installation


def installed(package: str, lock_folder: Path) -> Path:
    """The folder of a package of the lock in that folder. Skips the test where node or npm is absent or fails."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{package} is not tried: {program} is not installed")
    lock = json.loads((lock_folder / "package-lock.json").read_text(encoding="utf-8"))
    home = NODE_CACHE / f"{package}-{lock['packages'][f'node_modules/{package}']['version']}"
    if not home.exists():
        _install(package, lock_folder, home)
    return home / "node_modules" / package


def _install(package: str, lock_folder: Path, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        prepared = Path(folder) / "install"
        prepared.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock_folder / name, prepared)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        answer = subprocess.run(command, cwd=prepared, capture_output=True, timeout=PATIENCE, check=False, text=True)
        if answer.returncode:
            why = answer.stderr.strip().splitlines()[-1:]
            pytest.skip(f"{package} is not tried: npm could not install it ({why})")
        if not home.exists():  # another run may have been quicker
            prepared.rename(home)
