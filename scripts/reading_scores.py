"""How well texts are read: the scores of the project's own documents, and the blind rounds.

python scripts/reading_scores.py                     scores by language and field, compared with the recorded ones
python scripts/reading_scores.py --record            the same, then record new and changed documents (--anew: all)
python scripts/reading_scores.py --add FOLDER        take a folder of annotated documents in, and record their scores
python scripts/reading_scores.py --errors            the same, with every missed and extra visit and item
python scripts/reading_scores.py --round NAME FOLDER score a blind round at first sight, once; keep and show it
python scripts/reading_scores.py --reliability FOLDER...   right values by field and tenth of confidence
python scripts/reading_scores.py --classes FOLDER...       what is wrong, by class, with numbers
python scripts/reading_scores.py --tables            make the tables of docs/reference/reading-scores.md anew
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from diplomacy.parsing import PARSER_VERSION  # noqa: E402
from tests.corpus import documents, errors, guard, reliability, rounds, score  # noqa: E402
from tests.corpus.intervals import interval  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "reading-scores.md"
# Corpora beside the checkout are printed where they are, and never compared: they are not the project's own.
BESIDE = ROOT.parent / "shared" / "corpus" / "dev"


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; returns the exit status."""
    options = _options().parse_args(arguments)
    if options.round:
        name, folder = options.round
        return blind_round(name, Path(folder), failed=options.failed, kept=options.predictions, date=options.date)
    if options.reliability:
        return show_reliability(options.reliability)
    if options.classes:
        return show_classes(options.classes)
    if options.tables:
        PAGE.write_text(rounds.with_tables(PAGE.read_text(encoding="utf-8"), rounds.load()), encoding="utf-8")
        return 0
    if options.add and not add(options.add):
        return 1
    return scores(record=options.record or bool(options.add), anew=options.anew, errors=options.errors)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="record the scores of new and changed documents")
    parser.add_argument("--anew", action="store_true", help="with --record: record every document anew")
    parser.add_argument("--errors", action="store_true", help="list missed and extra visits and items")
    parser.add_argument("--add", type=Path, metavar="FOLDER", help="take annotated documents in")
    parser.add_argument("--round", nargs=2, metavar=("NAME", "FOLDER"), help="score a blind round at first sight")
    parser.add_argument("--predictions", type=Path, metavar="FOLDER", help="with --round: readings kept at first sight")
    parser.add_argument("--date", default=_today(), help="with --round: the day of its first score (today)")
    parser.add_argument("--failed", default="", help="with --round: what went wrong, in words")
    parser.add_argument("--reliability", nargs="+", type=Path, metavar="FOLDER", help="print the reliability table")
    parser.add_argument("--classes", nargs="+", type=Path, metavar="FOLDER", help="print the classes of error")
    parser.add_argument("--tables", action="store_true", help="make the page's tables anew")
    return parser


def scores(*, record: bool = False, anew: bool = False, errors: bool = False) -> int:
    """Print every corpus that is here; compare the project's own with what is recorded. 1 when it got worse."""
    own = documents.load(documents.FOLDER)
    counted = show("tests/corpus/documents", own, documents.readings(own), errors=errors)
    if BESIDE.is_dir():
        beside = documents.load(BESIDE)
        show("corpus beside the checkout (not compared)", beside, documents.readings(beside), errors=errors)
    else:
        print(f"\n== {BESIDE.name}: skipped, {BESIDE} is not here")
    if record:
        guard.save(guard.recorded_with(own, counted, guard.load(), anew=anew))
    compared = guard.compare(own, counted, guard.load())
    print(f"\nrecorded {compared.before:.4f}, now {compared.now:.4f}, over the same {compared.compared} documents")
    for complaint in compared.complaints:
        print(f"FAILED: {complaint}", file=sys.stderr)
    return 1 if compared.complaints else 0


def show(
    title: str, corpus: Sequence[documents.Document], found: Mapping[str, Any], *, errors: bool
) -> dict[str, documents.Counts]:
    """Print the scorer's tables for a corpus with its bootstrap interval; returns the counters by document."""
    print(f"\n== {title}: {len(corpus)} documents")
    if not corpus:
        return {}
    told: list[str] | None = [] if errors else None
    score.show(score.evaluate(corpus, found, told))
    counted = {one["id"]: documents.counts(one, found[one["id"]]) for one in corpus}
    low, high = interval(list(counted.values()))
    print(f"95 % bootstrap interval {low:.4f} to {high:.4f}")
    print("\n".join(told or ()))
    return counted


def add(folder: Path) -> bool:
    """Copy sound documents to the project's own; false, with the reasons printed, where one is not."""
    found = {path: documents.problems(one, path.stem) for path, one in _with_paths(folder)}
    faults = [f"{path.name}: {fault}" for path, several in found.items() for fault in several]
    faults += [f"{path.name}: is here already" for path in found if (documents.FOLDER / path.name).exists()]
    if faults or not found:
        print("\n".join(faults) or f"{folder} holds no document", file=sys.stderr)
        return False
    for path in found:
        shutil.copyfile(path, documents.FOLDER / path.name)
    return True


def _with_paths(folder: Path) -> list[tuple[Path, documents.Document]]:
    return list(zip(sorted(folder.glob("*.json")), documents.load(folder), strict=True))


def blind_round(name: str, folder: Path, *, failed: str, kept: Path | None, date: str) -> int:
    """Score a round at first sight, keep it, and print its row and its errors. A second time is refused.

    `kept` holds the readings as `python -m diplomacy.parsing --corpus` wrote them at first sight, where the rules have
    changed since.
    """
    corpus, earlier = documents.load(folder), rounds.load()
    known = {path.stem for path in documents.FOLDER.glob("*.json")} & {one["id"] for one in corpus}
    if known or not corpus:
        print(f"already among the project's documents: {', '.join(sorted(known))}" if known else f"{folder} is empty",
              file=sys.stderr)  # fmt: skip
        return 1
    found = _kept(kept, corpus) if kept else documents.readings(corpus)
    try:
        scored = rounds.first_sight(name, date, PARSER_VERSION, corpus, found, earlier, failed=failed)
    except rounds.SeenBeforeError as error:
        print(error, file=sys.stderr)
        return 1
    rounds.save([*earlier, scored])
    PAGE.write_text(rounds.with_tables(PAGE.read_text(encoding="utf-8"), [*earlier, scored]), encoding="utf-8")
    show(f"round {name}", corpus, found, errors=True)
    print(rounds.table([scored]))
    print(reliability.markdown(scored.reliability))
    print(errors.markdown(scored.errors))
    return 0


def _kept(folder: Path, corpus: Sequence[documents.Document]) -> dict[str, Any]:
    return {one["id"]: json.loads((folder / f"{one['id']}.json").read_text(encoding="utf-8")) for one in corpus}


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def show_reliability(folders: Sequence[Path]) -> int:
    """Print the reliability table of the documents in these folders, as they are read now."""
    judged = [
        one
        for folder in folders
        for document in documents.load(folder)
        for one in reliability.judge(document, documents.reading(document))
    ]
    print(reliability.markdown(reliability.tabulate(judged)))
    return 0


def show_classes(folders: Sequence[Path]) -> int:
    """Print the classes of error in these folders, as they are read now."""
    told: errors.Classes = Counter()
    for document in (one for folder in folders for one in documents.load(folder)):
        told.update(errors.classes(document, documents.reading(document)))
    print(errors.markdown(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
