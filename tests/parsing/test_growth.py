"""Time grows with the length of a text and no faster, also on texts made to be slow."""

from __future__ import annotations

import gc
import time

import pytest

from benchmarks.reading.texts import KB, LONG, MB, PUBLISHED, repeated
from diplomacy.parsing import read
from diplomacy.parsing.document import MAX_CHARACTERS
from diplomacy.parsing.errors import TextTooLongError

MOST = 15  # times, for ten times the text: a rule that looks ahead again at every place needs a hundred
TRIES = 3


def cpu_seconds(text: str) -> float:
    """Time of this process alone, so that a busy machine does not count, and without its collector, which goes through
    all that the other tests left: how long reading takes with it is the benchmark's, in a process of its own.
    """
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        read(text, published_on=PUBLISHED)
        return time.process_time() - started
    finally:
        gc.enable()


@pytest.mark.xfail(MAX_CHARACTERS < MB, raises=TextTooLongError, reason="1 MB is over the stated size")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", LONG)
def test_ten_times_the_text_takes_about_ten_times_as_long(kind: str) -> None:
    small, large = repeated(LONG[kind], 100 * KB), repeated(LONG[kind], MB)
    read(small[:KB], published_on=PUBLISHED)  # words and rules are loaded
    # A millisecond more on both sides keeps the clock's grain out of the ratio of two very short times. One good
    # run of several is enough: what is asserted is a shape, and noise only ever adds.
    ratios = []
    for _ in range(TRIES):
        ratios.append((cpu_seconds(large) + 0.001) / (cpu_seconds(small) + 0.001))
        if ratios[-1] <= MOST:
            return
    assert min(ratios) <= MOST
