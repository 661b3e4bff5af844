"""Measuring one thing at a time: rates, single runs, and the memory of this process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median


def on_one_core() -> None:
    """Keep this process and its children on one core, where the system can (Linux)."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def rate(work: Callable[[], object], *, units: int, seconds: float = 1.5, runs: int = 5) -> float:
    """Units of work a second: the median of several runs of at least `seconds`, after one run to warm up."""
    work()
    return median(_rate(work, units, seconds) for _ in range(runs))


def _rate(work: Callable[[], object], units: int, seconds: float) -> float:
    started, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < seconds:
        work()
        done += units
    return done / spent


def megabytes() -> float:
    """Resident memory of this process now, in MB (10^6 bytes); Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def machine() -> str:
    """Processor, cores and load, in one line."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models: Sequence[str] = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"{models[0] if models else 'unknown processor'}, {os.cpu_count()} cores, load {load}"
