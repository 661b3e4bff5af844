"""What a reading looks like, in the OpenAPI schema: docs/reference/reading.schema.json itself."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings

READING = {"$ref": "#/components/schemas/Reading"}


@cache
def _components() -> dict[str, Any]:
    """The schema's parts under the names of components: Reading, ReadingVisit, ReadingItem …"""
    path = settings.BASE_DIR / "docs" / "reference" / "reading.schema.json"
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    parts = whole.pop("$defs")
    del whole["$schema"]
    found = {"Reading": whole} | {_name(part): said for part, said in parts.items()}
    return {name: _pointed(said) for name, said in found.items()}


def _name(part: str) -> str:
    return "Reading" + "".join(word.capitalize() for word in part.split("_"))


def _pointed(said: Any) -> Any:
    """The same with its references led to the components."""
    if isinstance(said, dict):
        if "$ref" in said:
            return {"$ref": f"#/components/schemas/{_name(said['$ref'].rpartition('/')[2])}"}
        return {key: _pointed(value) for key, value in said.items()}
    return [_pointed(value) for value in said] if isinstance(said, list) else said


def add_reading(result: dict[str, Any], **_asked: object) -> dict[str, Any]:
    """Put the parts among the components (a postprocessing hook of drf-spectacular)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    result["components"]["schemas"] = dict(sorted({**schemas, **_components()}.items()))
    return result
