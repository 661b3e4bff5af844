"""Translations: compile each locale/LANGUAGE/LC_MESSAGES/django.po into its .mo.

.venv/bin/python scripts/messages.py            # compile; name what is missing
.venv/bin/python scripts/messages.py --check    # also fail if a .mo is stale, a text of the code or of a template
                                                # has no translation, or a translation no text
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locale"

# Context and text; a plural's text is its singular.
Message = tuple[str | None, str]

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# What Django's templatize makes of a template's texts: _("…"), gettext(u'…'), pgettext(u'…', u'…').
_IN_TEMPLATE = re.compile(
    r"\b(?P<call>_|n?gettext|n?pgettext)\((?P<texts>\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"(?:\s*,\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))*)"
)


def texts_of_code(path: Path) -> Iterator[Message]:
    """Every text that a Python file marks for translation."""
    with path.open("rb") as file:
        for _line, texts, _comments, context in extract("python", file, keywords=_KEYWORDS):
            yield context, texts if isinstance(texts, str) else texts[0]


def texts_of_template(source: str) -> Iterator[Message]:
    """Every text that a template marks for translation."""
    from django.utils.translation.template import templatize

    for found in _IN_TEMPLATE.finditer(templatize(source)):
        texts = ast.literal_eval(f"[{found['texts']}]")
        if "pgettext" in found["call"]:
            yield texts[0], texts[1]
        else:
            yield None, texts[0]


def texts_in_use() -> dict[Message, Path]:
    """Every text of the project, with the first file that has it."""
    found: dict[Message, Path] = {}
    for folder in ("agenda", "diplomacy"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                found.update({message: path for message in texts_of_code(path) if message not in found})
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        found.update({message: path for message in texts_of_template(source) if message not in found})
    return found


def known_texts(catalogue: Catalog) -> set[Message]:
    """Every text that a catalogue has, translated or not."""
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue
        if message.id
    }


def complaints_about(catalogue: Catalog, in_use: dict[Message, Path]) -> list[str]:
    """What a catalogue lacks, and what it has for nothing."""
    untranslated = [str(message.id) for message in catalogue if message.id and (not message.string or message.fuzzy)]
    known = known_texts(catalogue)
    missing = [f"{path.relative_to(ROOT)}: {text}" for (context, text), path in in_use.items()
               if (context, text) not in known]  # fmt: skip
    unused = sorted(text for context, text in known if (context, text) not in in_use)
    return [
        *(f"not translated: {text}" for text in untranslated),
        *(f"missing: {text}" for text in missing),
        *(f"used nowhere: {text}" for text in unused),
    ]


def main(arguments: list[str]) -> int:
    """Compile or check; returns the exit status."""
    from django.conf import settings

    settings.configure(USE_I18N=False)
    complaints = []
    in_use = texts_in_use()
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        complaints += [f"{path.relative_to(ROOT)}: {text}" for text in complaints_about(catalogue, in_use)]
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        target = path.with_suffix(".mo")
        if "--check" not in arguments:
            target.write_bytes(compiled.getvalue())
        elif not target.exists() or target.read_bytes() != compiled.getvalue():
            complaints.append(f"{target.relative_to(ROOT)}: stale; run scripts/messages.py")
    print("\n".join(complaints) or "translations complete")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
