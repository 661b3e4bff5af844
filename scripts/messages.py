"""Translations: compile each locale/LANGUAGE/LC_MESSAGES/django.po into its .mo.

.venv/bin/python scripts/messages.py            # compile
.venv/bin/python scripts/messages.py --check    # fail if a .mo is stale or a text lacks its translation
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent.parent / "locale"


def main(arguments: list[str]) -> int:
    """Compile or check; returns the exit status."""
    complaints = []
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        missing = [str(message.id) for message in catalogue if message.id and (not message.string or message.fuzzy)]
        complaints += [f"{path}: not translated: {text}" for text in missing]
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        target = path.with_suffix(".mo")
        if "--check" not in arguments:
            target.write_bytes(compiled.getvalue())
        elif not target.exists() or target.read_bytes() != compiled.getvalue():
            complaints.append(f"{target}: stale; run scripts/messages.py")
    print("\n".join(complaints) or "translations complete")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
