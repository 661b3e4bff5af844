"""A watched folder: whole regular files are received and then moved to `received/` or `refused/` within it."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

from diplomacy.communiques.authenticity import FOLDER
from diplomacy.communiques.intake import Arrival
from diplomacy.communiques.models import Source
from diplomacy.communiques.sources.outcome import Memory, Outcome, SourceError, Tools
from diplomacy.documents.limits import MOST_BYTES

_AT_ONCE = 1_000  # files a look
RECEIVED, REFUSED = "received", "refused"


def poll(source: Source, memory: Memory, *, now: dt.datetime, tools: Tools) -> Outcome:
    """Receive the files that have stayed as they were since the last look; a file that is still written to waits.

    Links, folders and hidden files are left where they are. Raises SourceError for a folder that is not there or
    cannot be written.
    """
    folder = tools.inbox / source.address
    seen: dict[str, list[int]] = memory.get("seen", {})
    outcome = Outcome()
    try:
        for name in (RECEIVED, REFUSED):
            (folder / name).mkdir(exist_ok=True)
        present = {entry.name: _state(entry) for entry in os.scandir(folder) if not entry.name.startswith(".")}
    except OSError as error:
        raise SourceError("folder", f"{source.address}: {error.strerror}") from error
    waiting = {}
    for name, state in sorted(present.items())[:_AT_ONCE]:
        if state is None:
            continue
        if seen.get(name) != state:
            waiting[name] = state
        else:
            _take(folder, name, source, outcome, now=now)
    outcome.memory = {"seen": waiting}
    return outcome


def _state(entry: os.DirEntry[str]) -> list[int] | None:
    """Size and time of a regular file; None for anything else."""
    found = entry.stat(follow_symlinks=False)
    return [found.st_size, found.st_mtime_ns] if stat.S_ISREG(found.st_mode) else None


def _take(folder: Path, name: str, source: Source, outcome: Outcome, *, now: dt.datetime) -> None:
    original = _content(folder / name)
    if original is None:
        return
    arrival = Arrival(original=original, filename=name, media_type="", received_at=now, authenticity=FOLDER)
    receipt = outcome.take(arrival, source, called=name)
    # The database has it: only now does the file move.
    _move(folder / name, folder / (REFUSED if receipt is None else RECEIVED))


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file, never through a link; at most one more than may be received."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None  # it went away, or became a link, since it was listed
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(MOST_BYTES + 1)


def _move(path: Path, folder: Path) -> None:
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.rename(target)
