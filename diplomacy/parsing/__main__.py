"""The reading from a terminal.

python -m diplomacy.parsing --published 2023-02-07 FILE        (- for standard input)
python -m diplomacy.parsing --corpus DIR --out DIR
python -m diplomacy.parsing --dates FILE.csv       (columns: expression, language, anchor date)
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from diplomacy.parsing import read
from diplomacy.parsing.dates.expressions import COLUMNS, read_csv
from diplomacy.parsing.errors import UnreadableTextError
from diplomacy.parsing.output import as_json


def main(arguments: list[str] | None = None) -> int:
    """Read one text, or a whole corpus; returns the exit status."""
    options = _options().parse_args(arguments)
    if options.corpus:
        return _read_corpus(options.corpus, options.out)
    if options.dates:
        return _read_dates(options.dates)
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
        reading = as_json(read(text, published_on=options.published, language=options.language))
    except (OSError, UnicodeDecodeError, UnreadableTextError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(reading, ensure_ascii=False, indent=2))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m diplomacy.parsing", description=__doc__)
    parser.add_argument("file", nargs="?", default="-", help="a text file in UTF-8, - for standard input")
    parser.add_argument("--published", type=dt.date.fromisoformat, help="the day the text calls today, YYYY-MM-DD")
    parser.add_argument("--language", help="ISO 639-1 code; told from the text if left out")
    parser.add_argument("--corpus", type=Path, help="a folder of annotated documents")
    parser.add_argument("--dates", type=Path, help="a CSV of date expressions")
    parser.add_argument("--out", type=Path, default=Path("predictions"), help="where the readings of a corpus go")
    return parser


def _read_dates(path: Path) -> int:
    """The expressions with start, end and time as read, as CSV."""
    try:
        rows = read_csv(path)
    except (OSError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return 0


def _read_corpus(corpus: Path, out: Path) -> int:
    """One reading a document, made of its text, publication date and language alone."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(corpus.glob("*.json")):
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        published = dt.date.fromisoformat(document["published"])
        reading = read(document["text"], published_on=published, language=document.get("language"))
        text = json.dumps(as_json(reading), ensure_ascii=False, indent=1)
        (out / f"{document['id']}.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
