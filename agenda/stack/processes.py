"""Child processes that never outlive the launcher, with their lines prefixed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Child:
    """A running child and what it is called in the log."""

    name: str
    process: subprocess.Popen[str]

    @property
    def has_ended(self) -> bool:
        """Whether it has stopped."""
        return self.process.poll() is not None


def start(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Child:
    """Start a child in a process group of its own; the kernel ends it if the launcher is killed (Linux)."""
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    threading.Thread(target=_relay, args=(name, process), daemon=True).start()
    return Child(name, process)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _relay(name: str, process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        print(f"{name:>6} | {line.rstrip()}", flush=True)


def stop(children: Sequence[Child], *, patience: float = 15.0) -> None:
    """End the children, the last started first: politely, then by force, whole groups."""
    for child in reversed(children):
        _signal(child, signal.SIGTERM)
        try:
            child.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
            child.process.wait(timeout=5)
        _signal(child, signal.SIGKILL)


def _signal(child: Child, number: int) -> None:
    try:
        os.killpg(child.process.pid, number)
    except ProcessLookupError:
        return  # the whole group has ended
