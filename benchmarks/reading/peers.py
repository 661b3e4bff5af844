"""The peers: libraries that do a part of the work, installed apart from ours and measured in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "peers.txt"
NAMES = ("dateparser", "spacy")


class NotInstallableError(RuntimeError):
    """Raised when the peers' environment cannot be made here; says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Texts a second on one core, and the resident MB it added to its interpreter."""

    what: str
    rate: float
    memory: float


def environment(folder: Path, locked: Path = LOCK) -> Path:
    """The interpreter of an environment of peers, made from its lock file where it is missing or out of date.

    Raises NotInstallableError.
    """
    python, stamp = folder / "bin" / "python", folder / locked.name
    lock = locked.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return python
    venv.create(folder, clear=True, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:",
               "--require-hashes", "-r", str(locked)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotInstallableError("; ".join(errors) or done.stderr[-500:])
    stamp.write_text(lock, encoding="utf-8")
    return python


def measure(python: Path, name: str, texts: Sequence[str], published: str) -> Peer:
    """Measure one peer on these French texts. Raises NotInstallableError where it does not run."""
    # One thread, as for us; a number library's settings for this machine are left out, they slow a current one.
    own = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS", "PYTHON"))}
    given = json.dumps({"texts": list(texts), "published": published})
    done = subprocess.run([str(python), str(HERE / "peer.py"), name], input=given, capture_output=True, text=True,
                          env={**own, "OMP_NUM_THREADS": "1"}, check=False)  # fmt: skip
    if done.returncode:
        raise NotInstallableError((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    found = json.loads(done.stdout.splitlines()[-1])
    return Peer(found["what"], found["rate"], found["memory"])


if __name__ == "__main__":
    print(environment(Path(sys.argv[1])))
