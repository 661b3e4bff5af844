"""Blind rounds: texts and annotations by somebody who has not seen the rules, scored once before anything is changed.

A round is kept as it scored at first sight (rounds.json); docs/reference/reading-scores.md shows the tables made of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus import errors, reliability, score
from tests.corpus.documents import Counts, Document, agenda_score, counts
from tests.corpus.intervals import interval

FILE = Path(__file__).resolve().parent / "rounds.json"
BEGIN, END = "<!-- made by scripts/reading_scores.py: begin -->", "<!-- end -->"


class SeenBeforeError(ValueError):
    """Raised when a round, or one of its documents, has been scored before: first sight comes once."""


@dataclass(frozen=True, slots=True)
class Round:
    """One blind round at first sight. `failed` is what went wrong, in words."""

    name: str
    date: str  # ISO
    parser: str
    languages: dict[str, str]  # document id to language
    counts: dict[str, Counts]
    reliability: reliability.Table
    errors: errors.Classes
    failed: str = ""


def first_sight(
    name: str,
    date: str,
    parser: str,
    documents: Sequence[Document],
    found: dict[str, Any],
    earlier: Sequence[Round],
    *,
    failed: str = "",
) -> Round:
    """Score a round that nobody has scored. `date` is ISO; `found` the readings by document.

    Raises SeenBeforeError.
    """
    seen = {one for known in earlier for one in known.languages} & {document["id"] for document in documents}
    if seen or name in {known.name for known in earlier}:
        raise SeenBeforeError(f"round {name}: scored before ({', '.join(sorted(seen)) or 'the name is taken'})")
    judged = [one for document in documents for one in reliability.judge(document, found[document["id"]])]
    return Round(
        name=name,
        date=date,
        parser=parser,
        languages={document["id"]: document["language"] for document in documents},
        counts={document["id"]: counts(document, found[document["id"]]) for document in documents},
        reliability=reliability.tabulate(judged),
        errors=_classes(documents, found),
        failed=failed,
    )


def _classes(documents: Sequence[Document], found: dict[str, Any]) -> errors.Classes:
    told: errors.Classes = Counter()
    for document in documents:
        told.update(errors.classes(document, found[document["id"]]))
    return told


def table(rounds: Sequence[Round]) -> str:
    """One row a round, and from two on a row for the last two together."""
    heads = ("round", "date", "texts", "languages", "agenda_score", "visit F1", "strict item F1", "dates", "negFP",
             "missed, extra visits", "missed, extra items", "what failed")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [row(one.name, one.date, [one], one.failed) for one in rounds]
    if len(rounds) > 1:
        last = rounds[-2:]
        lines.append(row(f"{last[0].name} and {last[1].name} pooled", "", last, ""))
    return "\n".join(lines)


def row(name: str, date: str, rounds: Sequence[Round], failed: str) -> str:
    """The figures of one or several rounds as a row of the table; the interval is the 95 % bootstrap one."""
    counted = [one for known in rounds for one in known.counts.values()]
    languages = Counter(language for known in rounds for language in known.languages.values())
    total: Counts = Counter()
    for one in counted:
        total.update(one)
    figures = score.summary(total)
    low, high = interval(counted)
    cells = [
        name,
        date,
        str(len(counted)),
        ", ".join(f"{language} {number}" for language, number in languages.most_common()),
        f"**{agenda_score(counted):.3f}** ({low:.3f} to {high:.3f})",
        _figure(figures["visit"]["f1"]),
        _figure(figures["strict_item"]["f1"]),
        _figure(figures["date_acc"]),
        f"{total['neg_fp']} of {total['neg']}",
        f"{total['v_gold'] - total['v_tp']}, {total['v_pred'] - total['v_tp']} of {total['v_gold']}",
        f"{total['i_gold'] - total['s_tp']}, {total['i_pred'] - total['s_tp']} of {total['i_gold']}",
        failed,
    ]
    return f"| {' | '.join(cells)} |"


def tables(rounds: Sequence[Round]) -> str:
    """Everything that the page shows of the rounds, as Markdown."""
    if not rounds:
        return "No round has been scored yet."
    reliable = reliability.markdown(reliability.pooled(one.reliability for one in rounds))
    last: errors.Classes = Counter()
    for one in rounds[-2:]:
        last.update(one.errors)
    return (
        f"### Rounds\n\n{table(rounds)}\n\n### Reliability, all rounds pooled\n\n{reliable}\n\n"
        f"### Classes of error, the last two rounds\n\n{errors.markdown(last)}"
    )


def with_tables(page: str, rounds: Sequence[Round]) -> str:
    """The page with its tables made anew. Raises ValueError where it has no place for them."""
    return set_between(page, BEGIN, END, tables(rounds))


def set_between(page: str, begin: str, end: str, text: str) -> str:
    """The page with `text` between two marks. Raises ValueError where it has no place for it."""
    before, found_begin, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"the page has no {begin} … {end}")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def load(file: Path = FILE) -> list[Round]:
    """The rounds in the order they were scored."""
    if not file.exists():
        return []
    return [
        Round(
            **{
                **one,
                "counts": {name: Counter(counted) for name, counted in one["counts"].items()},
                "errors": Counter(one["errors"]),
            }
        )
        for one in json.loads(file.read_text(encoding="utf-8"))
    ]


def save(rounds: Iterable[Round], file: Path = FILE) -> None:
    """Kept in full, so that every table can be made again."""
    entries = [
        {
            "name": one.name,
            "date": one.date,
            "parser": one.parser,
            "failed": one.failed,
            "languages": one.languages,
            "counts": {name: dict(counted) for name, counted in one.counts.items()},
            "reliability": one.reliability,
            "errors": dict(one.errors),
        }
        for one in rounds
    ]
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
