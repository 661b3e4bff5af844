"""Estimate the weights of diplomacy/parsing/confidence.toml from annotated documents.

python scripts/estimate_confidence.py FOLDER...              the weights, written to the file
python scripts/estimate_confidence.py --check FOLDER...      how well they do on documents left out of the estimate, a
                                                             tenth at a time; nothing is written
python scripts/estimate_confidence.py --blind PREFIX FOLDER...  how well weights estimated without the documents whose
                                                             names begin so do on these (a blind round that the rules
                                                             have not learnt from; may be said several times);
                                                             --write: also into the page of scores

Every value that is read is judged against the annotation. The weights are those under which what is right is likeliest
(additive log-odds), each held towards zero by a prior, so that a fact seen a few times says little. Values of one field
in one document go wrong together: n of them count as the root of n. The file's `strictness`, `raises` and `lowers` are
kept: a fact listed there never weighs the other way.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from diplomacy.parsing import read  # noqa: E402
from diplomacy.parsing.confidence import FIELDS, WEIGHTS, Facts, Value, Weights, share  # noqa: E402
from diplomacy.parsing.output import as_json  # noqa: E402
from tests.corpus import documents, reliability, rounds  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "reading-scores.md"
PRIOR = 1.0  # the variance of a weight before anything is seen, in log-odds squared
PRIOR_OF_FIELD = 4.0
SWEEPS = 60
SETTLED = 1e-4
TENTHS = 10


class Case(NamedTuple):
    """Something that may be right: a value (`base` its field), or a visit or item being there (`base` its kind)."""

    document: str
    base: str
    facts: Facts
    right: bool


class Draft(NamedTuple):
    """A visit or item that was read, with those of its values that can be judged."""

    document: str
    kind: str
    whole: Facts
    values: tuple[tuple[Value, bool], ...]

    @property
    def is_there(self) -> bool:
        """Whether the annotation has it: nothing is right of one that it has not."""
        return any(right for _value, right in self.values)


class _Recorder:
    """Keeps what is known of each value, and gives its number in place of a confidence."""

    def __init__(self) -> None:
        self.drafts: list[tuple[str, Facts]] = []
        self.known: list[tuple[int, Value]] = []

    def __call__(self, kind: str, whole: Facts, values: Sequence[Value]) -> dict[str, float]:
        numbers = range(len(self.known), len(self.known) + len(values))
        self.known += [(len(self.drafts), value) for value in values]
        self.drafts.append((kind, whole))
        return {path: float(number) for (path, _field, _facts), number in zip(values, numbers, strict=True)}


@dataclass(frozen=True)
class Rules:
    """What the file says by hand: how strict it is, weights of facts too rare to estimate, signs."""

    strictness: float
    given: Mapping[str, float]
    raises: frozenset[str]
    lowers: frozenset[str]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--check", action="store_true", help="judge documents left out of the estimate in turn")
    parser.add_argument(
        "--blind",
        metavar="PREFIX",
        action="append",
        help="judge the documents whose names begin so, and leave them out",
    )
    parser.add_argument("--write", action="store_true", help="with --blind: set the table into the page")
    options = parser.parse_args(arguments)
    drafts = [draft for folder in options.folders for one in documents.load(folder) for draft in drafts_of(one)]
    if not drafts:
        print("no value was read", file=sys.stderr)
        return 1
    rules = rules_of(tomllib.loads(WEIGHTS.read_text(encoding="utf-8")))
    if options.check:
        print(reliability.markdown(reliability.tabulate(left_out(drafts, rules))))
        return 0
    if options.blind:
        return blind(drafts, rules, tuple(options.blind), write=options.write)
    WEIGHTS.write_text(as_toml(drafts, rules), encoding="utf-8")
    print(f"{WEIGHTS}: from {sum(len(one.values) for one in drafts)} values of {len(drafts)} visits and items")
    return 0


def blind(drafts: Sequence[Draft], rules: Rules, prefixes: tuple[str, ...], *, write: bool) -> int:
    """Print the reliability of weights that know nothing of the documents judged; set it into the page."""
    unseen = [one for one in drafts if one.document.startswith(prefixes)]
    if not unseen:
        print(f"no document begins with {' or '.join(prefixes)}", file=sys.stderr)
        return 1
    weights = estimate([one for one in drafts if not one.document.startswith(prefixes)], rules)
    table = reliability.markdown(reliability.tabulate(judged_by(weights, unseen)))
    print(table)
    if write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(rounds.set_between(page, reliability.BEGIN, reliability.END, table), encoding="utf-8")
    return 0


def rules_of(data: Mapping[str, Any]) -> Rules:
    """The parts of the file that are written by hand."""
    return Rules(float(data["strictness"]), data["given"], frozenset(data["raises"]), frozenset(data["lowers"]))


def drafts_of(document: documents.Document) -> list[Draft]:
    """Everything that is read in a document, judged."""
    recorder = _Recorder()
    published = dt.date.fromisoformat(document["published"])
    reading = read(document["text"], published_on=published, language=document.get("language"), weigh=recorder)
    values: list[list[tuple[Value, bool]]] = [[] for _ in recorder.drafts]
    for one in reliability.judge(document, as_json(reading)):
        if one.confidence is not None:
            draft, value = recorder.known[int(one.confidence)]
            values[draft].append((value, one.right))
    return [
        Draft(document["id"], kind, whole, tuple(judged))
        for (kind, whole), judged in zip(recorder.drafts, values, strict=True)
    ]


def estimate(drafts: Sequence[Draft], rules: Rules) -> Weights:
    """Two estimates: whether a visit or item is there, and of those that are there, whether each value is right."""
    whole = likeliest(_whole_cases(drafts), rules)
    values = likeliest(_value_cases(drafts), rules)
    return Weights(
        whole=whole,
        fields={name: values.get(name, 0.0) for name in FIELDS},
        facts={name: value for name, value in values.items() if name not in FIELDS},
        strictness=rules.strictness,
    )


def _whole_cases(drafts: Sequence[Draft]) -> list[Case]:
    return [Case(one.document, one.kind, one.whole, one.is_there) for one in drafts]


def _value_cases(drafts: Sequence[Draft]) -> list[Case]:
    return [
        Case(one.document, field, facts, right)
        for one in drafts
        if one.is_there
        for (_path, field, facts), right in one.values
    ]


def likeliest(cases: Sequence[Case], rules: Rules) -> dict[str, float]:
    """The likeliest weights, one at a time by Newton's step until none moves any more."""
    holding: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        for name in _names(case):
            holding.setdefault(name, []).append(number)
    bases = {case.base for case in cases}
    crowd = Counter((case.document, case.base) for case in cases)
    counts = [crowd[case.document, case.base] ** -0.5 for case in cases]
    weight = {name: rules.given.get(name, 0.0) for name in sorted(holding)}
    free = {name: numbers for name, numbers in sorted(holding.items()) if name not in rules.given}
    total = [sum(weight[name] for name in _names(case)) for case in cases]
    for _ in range(SWEEPS):
        moved = 0.0
        for name, numbers in free.items():
            prior = PRIOR_OF_FIELD if name in bases else PRIOR
            slope, curve = -weight[name] / prior, 1 / prior
            for number in numbers:
                likely = share(total[number])
                slope += counts[number] * (cases[number].right - likely)
                curve += counts[number] * likely * (1 - likely)
            new = weight[name] + max(-1.0, min(1.0, slope / curve))
            new = max(0.0, new) if name in rules.raises else min(0.0, new) if name in rules.lowers else new
            step, weight[name] = new - weight[name], new
            moved = max(moved, abs(step))
            for number in numbers:
                total[number] += step
        if moved < SETTLED:
            break
    return weight


def _names(case: Case) -> tuple[str, ...]:
    return (case.base, *dict.fromkeys(case.facts))


def left_out(drafts: Sequence[Draft], rules: Rules) -> list[reliability.Judged]:
    """Each value with the confidence that documents other than its own give it."""
    ids = sorted({one.document for one in drafts})
    judged: list[reliability.Judged] = []
    for tenth in range(TENTHS):
        without = set(ids[tenth::TENTHS])
        weights = estimate([one for one in drafts if one.document not in without], rules)
        judged += judged_by(weights, [one for one in drafts if one.document in without])
    return judged


def judged_by(weights: Weights, drafts: Sequence[Draft]) -> list[reliability.Judged]:
    """Every value with the confidence that these weights give it."""
    judged = []
    for one in drafts:
        sure = weights(one.kind, one.whole, [value for value, _right in one.values])
        judged += [reliability.Judged(field, sure[path], right) for (path, field, _facts), right in one.values]
    return judged


def as_toml(drafts: Sequence[Draft], rules: Rules) -> str:
    """The file: by hand what was by hand, then each weight with the right ones of all that were seen."""
    weights = estimate(drafts, rules)
    return "\n".join([
        "# How much each fact says for a value's being right, in log-odds. See confidence.py.",
        "# The weights are made by scripts/estimate_confidence.py; in the comments, the right ones of those seen.",
        "",
        "# By hand: taken off every sum, since the documents behind the weights are also those the rules learnt from.",
        f"strictness = {rules.strictness}",
        "",
        "# By hand: facts that never lower, and facts that never raise, whatever a small sample says.",
        *_listed("raises", rules.raises),
        *_listed("lowers", rules.lowers),
        "",
        "# By hand: facts too rare in the documents to estimate.",
        "[given]",
        *(f"{_key(name)} = {value}" for name, value in rules.given.items()),
        "",
        "# Whether a visit or item is there at all.",
        *_table("whole", weights.whole, _whole_cases(drafts), rules.given),
        "",
        "# Whether a value is right, its visit or item being there.",
        *_table("fields", weights.fields, _value_cases(drafts), rules.given),
        "",
        *_table("facts", weights.facts, _value_cases(drafts), rules.given),
        "",
    ])  # fmt: skip


def _table(name: str, values: Mapping[str, float], cases: Sequence[Case], given: Mapping[str, float]) -> list[str]:
    seen = Counter(name for case in cases for name in _names(case))
    right = Counter(name for case in cases if case.right for name in _names(case))
    lines = [
        f"{_key(key)} = {value:.3f}  # {right[key]} of {seen[key]}"
        for key, value in sorted(values.items())
        if key not in given
    ]
    return [f"[{name}]", *lines]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'


def _listed(name: str, facts: frozenset[str]) -> list[str]:
    return [f"{name} = [", *(f'    "{fact}",' for fact in sorted(facts)), "]"]


if __name__ == "__main__":
    sys.exit(main())
