"""How fast and how large the reading is, printed as Markdown with the machine and the versions.

.venv/bin/python -m benchmarks.reading [--corpus DIR] [--without-peers]

Figures hold on two idle cores. The exit status is 1 where a target is missed. The peers are installed into
var/benchmarks; where they cannot be, that is printed and they are not measured.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.reading import peers
from benchmarks.reading.clocks import machine, on_one_core, rate
from benchmarks.reading.texts import LONG, PUBLISHED, SIZES, around_the_median, median_length
from diplomacy.parsing import PARSER_VERSION, read

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ROOT / "tests" / "corpus" / "documents"
TEXTS_A_SECOND = 200
MICROSECONDS_A_CHARACTER = 8
FIRST_READING = 0.5  # seconds
BARE, BESIDE_DJANGO = 60, 40  # MB
GIVE_UP = 60  # seconds for one text


class Targets:
    """What was promised, and whether it held."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def word(self, held: bool, promise: str) -> str:
        """ "held" or "MISSED", remembered."""
        if not held:
            self.missed.append(promise)
        return "held" if held else "MISSED"


def main(arguments: list[str] | None = None) -> int:
    """Run every measurement; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=OWN, help="a folder of annotated documents")
    parser.add_argument("--without-peers", action="store_true", help="measure the reading alone")
    options = parser.parse_args(arguments)
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(options.corpus.glob("*.json"))]
    targets = Targets()
    print(f"{machine()}; Python {platform.python_version()}; reading {PARSER_VERSION}\n", flush=True)
    # Before this process is tied to one core, since those it starts would be tied with it.
    python = None if options.without_peers else _peers_environment()
    on_one_core()
    for section in (_speed(documents, python, targets), _footprint(targets), _growth(targets)):
        for line in section:
            print(line, flush=True)
        print()
    print("Missed: " + ("; ".join(targets.missed) or "none"))
    return 1 if targets.missed else 0


def _speed(documents: list[dict[str, Any]], python: Path | None, targets: Targets) -> Iterator[str]:
    middle = around_the_median(documents)
    ours = _our_rate(middle)
    yield f"## Speed, one core ({len(documents)} documents, median {median_length(documents)} characters)\n"
    yield "| what | texts/s | target |"
    yield "| --- | ---: | --- |"
    held = targets.word(ours >= TEXTS_A_SECOND, "texts a second")
    yield f"| the whole reading, texts around the median | {ours:.0f} | {TEXTS_A_SECOND}: {held} |"
    yield f"| the whole reading, all documents | {_our_rate(documents):.0f} | |"
    if python is None:
        yield "\nPEERS NOT MEASURED."
        return
    french = around_the_median([one for one in documents if one["language"] == "fr"])
    ours = _our_rate(french)
    yield f"\n| on the French texts around the median ({median_length(french)} characters) | texts/s | ours to theirs |"
    yield "| --- | ---: | ---: |"
    yield f"| the whole reading | {ours:.0f} | |"
    for name in peers.NAMES:
        try:
            peer = peers.measure(python, name, [one["text"] for one in french], PUBLISHED.isoformat())
        except peers.NotInstallableError as error:
            yield f"| {name}: NOT MEASURED, {error} | | |"
            continue
        held = targets.word(ours > peer.rate, f"ahead of {name}")
        yield f"| {peer.what} (+{peer.memory:.0f} MB) | {peer.rate:.0f} | {ours / peer.rate:.2f}: {held} |"


def _peers_environment() -> Path | None:
    try:
        return peers.environment(ROOT / "var" / "benchmarks" / "peers")
    except peers.NotInstallableError as error:
        print(f"PEERS NOT INSTALLED: {error}\n", flush=True)
        return None


def _our_rate(documents: list[dict[str, Any]]) -> float:
    given = [(one["text"], dt.date.fromisoformat(one["published"]), one["language"]) for one in documents]

    def work() -> None:
        for text, published, language in given:
            read(text, published_on=published, language=language)

    return rate(work, units=len(given))


def _footprint(targets: Targets) -> Iterator[str]:
    bare, beside = _alone("bare"), _alone("beside-django")
    seconds = median(_alone("first-reading") for _ in range(5))
    added = beside["after"] - beside["before"]
    yield "## Memory and start\n"
    yield "| what | measured | target |"
    yield "| --- | ---: | --- |"
    held = targets.word(bare["after"] < BARE, "memory in a bare interpreter")
    empty = f"{bare['before']:.0f} before"
    yield f"| resident in a bare interpreter, all languages read | {bare['after']:.0f} MB ({empty}) | {BARE}: {held} |"
    held = targets.word(added < BESIDE_DJANGO, "memory added to a worker")
    yield f"| added to a process with Django, DRF and Celery | {added:.0f} MB | {BESIDE_DJANGO}: {held} |"
    held = targets.word(seconds < FIRST_READING, "import and first reading")
    yield f"| import and first reading | {seconds:.2f} s | {FIRST_READING}: {held} |"


def _growth(targets: Targets) -> Iterator[str]:
    yield "## Growth: µs a character, one core\n"
    yield f"| text | {' | '.join(f'{size:,}' for size in SIZES)} | 1 MB to 100 kB | target |"
    yield f"| --- |{' ---: |' * (len(SIZES) + 1)} --- |"
    for kind in LONG:
        seconds = [_alone("time", kind, str(size)) for size in SIZES]
        costs = [_cost(spent, size) for spent, size in zip(seconds, SIZES, strict=True)]
        ratio = f"{seconds[-1] / seconds[-2]:.1f}" if seconds[-1] and seconds[-2] else ""
        held = all(
            spent is not None and spent / size * 1e6 < MICROSECONDS_A_CHARACTER
            for spent, size in zip(seconds, SIZES, strict=True)
        )
        word = targets.word(held, f"{kind}: µs a character")
        yield f"| {kind} | {' | '.join(costs)} | {ratio} | {MICROSECONDS_A_CHARACTER}: {word} |"


def _cost(seconds: float | None, size: int) -> str:
    if seconds is None:
        return "refused"
    return f"over {GIVE_UP} s" if seconds == float("inf") else f"{seconds / size * 1e6:.2f}"


def _alone(*arguments: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.reading.alone", *arguments]
    # With compiled modules, as an installed library has them, also where this process was told to write none.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(ROOT / "var" / "benchmarks" / "compiled")
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=GIVE_UP
        )
    except subprocess.TimeoutExpired:
        return float("inf")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
