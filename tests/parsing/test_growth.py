"""Time grows with the length of a text and no faster, also on texts made to be slow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reading.texts import KB, LONG, MB

ROOT = Path(__file__).parents[2]
MOST = 15  # times, for ten times the text: a rule that looks ahead again at every place needs a hundred
TRIES = 3


def cpu_seconds(kind: str, size: int) -> float:
    """Processor time in a process of its own, collector and all: here it would go through what other tests left."""
    command = [sys.executable, "-m", "benchmarks.reading.alone", "time", kind, str(size)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    seconds = json.loads(answer.stdout)
    assert seconds is not None, "the text was refused"
    return float(seconds)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", LONG)
def test_ten_times_the_text_takes_about_ten_times_as_long(kind: str) -> None:
    # A millisecond more on both sides keeps the clock's grain out of the ratio of two very short times. One good
    # run of several is enough: what is asserted is a shape, and noise only ever adds.
    ratios = []
    for _ in range(TRIES):
        ratios.append((cpu_seconds(kind, MB) + 0.001) / (cpu_seconds(kind, 100 * KB) + 0.001))
        if ratios[-1] <= MOST:
            return
    assert min(ratios) <= MOST
