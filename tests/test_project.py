"""Promises the project makes about itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(r'(?:text|flag|integer|words|required|tcp_port)\(\s*"([A-Z_]+)"')


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    sources = [*(ROOT / "agenda").rglob("*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    table = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert read == set(re.findall(r"^\| ([A-Z_]+) \|", table, flags=re.MULTILINE))


@pytest.mark.parametrize("page", [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_production_names_what_is_missing() -> None:
    import os
    import subprocess
    import sys

    environment = {"PATH": os.environ["PATH"], "AGENDA_MODE": "production"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "SECRET_KEY is not set. Make one with" in done.stderr
