"""Promises the project makes about itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diplomacy.accounts.roles import PERMISSIONS, DeskRole

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(
    r'(?:text|flag|integer|at_least|words|required|strong_secret|https_address|tcp_port|mail_server)\(\s*"([A-Z_]+)"'
)


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    sources = [*(ROOT / "agenda").rglob("*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    table = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert read == set(re.findall(r"^\| ([A-Z_]+) \|", table, flags=re.MULTILINE))


def test_every_command_is_documented() -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"}
    table = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z_]+) \|", table, flags=re.MULTILINE)) - {"command"}
    assert commands == listed - {"changepassword", "createsuperuser"}


def test_the_table_of_roles_is_true() -> None:
    """Each line of docs/reference/roles.md that names a permission of ours, against the roles themselves."""
    table = (ROOT / "docs" / "reference" / "roles.md").read_text(encoding="utf-8")
    said = {line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:6]] for line in table.splitlines()
            if line.startswith("|")}  # fmt: skip
    asked = {
        "receive a communiqué, at the desk or with a token of their own": "diplomacy.add_communique",
        "accept, amend, reject; publish and withdraw": "diplomacy.publish_visit",
        "correct a date or language; have a text read again": "diplomacy.change_communique",
        "make webhooks, send again what was given up, switch them off": "agenda.add_webhook",
        "change the directory, sources and feeds; give out private addresses": "agenda.add_subscription",
    }
    for line, permission in asked.items():
        assert said[line] == ["yes" if permission in PERMISSIONS[role] else "" for role in DeskRole], line


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
