"""Grow the trees of diplomacy/parsing/confidence_trees.json from annotated documents, and say how far they hold.

python scripts/estimate_confidence.py                 grow them from the project's documents, as they are read now, and
                                                      from the blind rounds as they were first read
python scripts/estimate_confidence.py --left-out      each blind round by trees that know nothing of its documents: as
                                                      it was first read, and as it is read now. --write: also into the
                                                      page of scores
python scripts/estimate_confidence.py --keep NAME FOLDER  keep what was known of each value of a blind round at first
                                                      sight; before the rules learn from it, and once

Every value that is read is judged against the annotation. confidence.toml is kept: how strict to be, facts too rare to
estimate, and facts that never weigh the other way.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from diplomacy.parsing.confidence import BY_HAND, TREES, Tree, Trees  # noqa: E402
from tests.corpus import documents, judged, reliability, rounds  # noqa: E402
from tests.corpus.growing import Case, Signs, grow  # noqa: E402
from tests.corpus.judged import Draft  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "reading-scores.md"
# Drafts by the name of their blind round; "" for documents of none.
Rounds = dict[str, list[Draft]]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--left-out", action="store_true", help="judge each round by trees that do not know it")
    parser.add_argument("--write", action="store_true", help="with --left-out: set the tables into the page")
    parser.add_argument("--keep", nargs=2, metavar=("NAME", "FOLDER"), help="keep a round as it is first read")
    options = parser.parse_args(arguments)
    if options.keep:
        return keep(options.keep[0], Path(options.keep[1]))
    first, now = judged.load(), as_read_now()
    said = tomllib.loads(BY_HAND.read_text(encoding="utf-8"))
    if options.left_out:
        tables = left_out(first, now, said)
        print(tables)
        if options.write:
            page = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(rounds.set_between(page, reliability.BEGIN, reliability.END, tables), encoding="utf-8")
        return 0
    drafts = _all(first, now)
    TREES.write_text(as_json(estimate(drafts, said)), encoding="utf-8")
    print(f"{TREES}: from {sum(len(one.values) for one in drafts)} values of {len(drafts)} visits and items")
    return 0


def keep(name: str, folder: Path) -> int:
    """Keep a round of documents that the rules have not learnt from."""
    drafts = [draft for one in documents.load(folder) for draft in judged.drafts_of(one)]
    if not drafts:
        print("no value was read", file=sys.stderr)
        return 1
    try:
        judged.save(name, drafts)
    except FileExistsError:
        print(f"round {name} is kept already", file=sys.stderr)
        return 1
    return 0


def as_read_now() -> Rounds:
    """The project's documents, by the round they came with."""
    of_round = {document: one.name for one in rounds.load() for document in one.languages}
    found: Rounds = {}
    for document in documents.load(documents.FOLDER):
        found.setdefault(of_round.get(document["id"], ""), []).extend(judged.drafts_of(document))
    return found


def _all(first: Rounds, now: Rounds, *, but: str | None = None) -> list[Draft]:
    """Everything that was judged but what concerns one round."""
    return [draft for each in (first, now) for name in sorted(each) if name != but for draft in each[name]]


def estimate(drafts: Sequence[Draft], said: Mapping[str, Any]) -> Trees:
    """Of whether a visit or item is there, and, of those that are there, whether each value is right."""
    signs = Signs(said["raises"], said["lowers"], said["given"])
    whole = [Case(one.document, one.kind, one.whole, one.is_there) for one in drafts]
    values = [
        Case(one.document, field, facts, right)
        for one in drafts
        if one.is_there
        for (_path, field, facts), right in one.values
    ]
    return Trees(grow(whole, signs), grow(values, signs), said["given"], said["strictness"])


def judged_by(trees: Trees, drafts: Sequence[Draft]) -> list[reliability.Judged]:
    """Every value with the confidence that these trees give it."""
    found = []
    for one in drafts:
        sure = trees(one.kind, one.whole, [value for value, _right in one.values])
        found += [reliability.Judged(field, sure[path], right) for (path, field, _facts), right in one.values]
    return found


def left_out(first: Rounds, now: Rounds, said: Mapping[str, Any]) -> str:
    """Each round by trees that know nothing of it, in figures; all of them as they were first read, in full."""
    blind = [one.name for one in rounds.load() if one.name in now]
    trees = {name: estimate(_all(first, now, but=name), said) for name in blind}
    at_sight = {name: judged_by(trees[name], first[name]) for name in blind if name in first}
    read_now = {name: judged_by(trees[name], now[name]) for name in blind}
    everything = [one for several in at_sight.values() for one in several]
    return "\n\n".join([
        reliability.promises(at_sight, read_now),
        reliability.markdown(reliability.tabulate(everything)),
    ])  # fmt: skip


def as_json(trees: Trees) -> str:
    """The file: the facts by name, and each tree on a line."""
    names: dict[str, int] = {}

    def lines(several: Sequence[Tree]) -> str:
        return ",\n".join(json.dumps(written(one), separators=(",", ":")) for one in several)

    def written(tree: Tree) -> Any:
        if isinstance(tree, int):
            return tree
        return [names.setdefault(tree[0], len(names)), written(tree[1]), written(tree[2])]

    whole, values = lines(trees.whole), lines(trees.values)
    return f'{{"whole": [\n{whole}\n],\n"values": [\n{values}\n],\n"facts": {json.dumps(list(names))}}}\n'


if __name__ == "__main__":
    sys.exit(main())
