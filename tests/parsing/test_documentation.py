"""The example that the pages about the reading follow is read as they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from diplomacy.parsing import read
from diplomacy.parsing.output import as_json
from tests.parsing.pairs import TODAY

DOCS = Path(__file__).resolve().parents[2] / "docs"


def differing(shown: Any, got: Any, path: str = "") -> list[str]:
    """Where a reading is not what is shown of it; fields that are not shown do not count."""
    if isinstance(shown, dict):
        return [one for key, value in shown.items() for one in differing(value, got.get(key), f"{path}.{key}")]
    if isinstance(shown, list):
        if len(shown) != len(got):
            return [f"{path}: {len(got)} instead of {len(shown)}"]
        return [one for n, value in enumerate(shown) for one in differing(value, got[n], f"{path}.{n}")]
    return [] if shown == got else [f"{path}: {got!r} instead of {shown!r}"]


def test_the_example_is_read_as_the_pages_say() -> None:
    explained = (DOCS / "explanation" / "reading.md").read_text(encoding="utf-8")
    quoted = re.search(r"(?:^> .*\n)+", explained, re.MULTILINE)
    assert quoted is not None
    text = "\n".join(line.removeprefix("> ") for line in quoted.group().splitlines())
    page = (DOCS / "reference" / "reading-output.md").read_text(encoding="utf-8")
    shown = json.loads(page.split("```json")[1].split("```")[0])
    assert differing(shown, as_json(read(text, published_on=TODAY))) == []


def test_every_stage_that_is_named_is_there() -> None:
    explained = (DOCS / "explanation" / "reading.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|", explained.split("## Evidence")[0], re.MULTILINE)
    modules = [name for row in rows for name in re.findall(r"`([a-z_/]+)`", row)]
    folder = Path(__file__).resolve().parents[2] / "diplomacy" / "parsing"
    assert len(modules) > 15
    assert [name for name in modules if not (folder / f"{name}.py").exists() and not (folder / name).is_dir()] == []
