"""Calendars as files on this machine: written once a revision, then sent as they are.

A file is named by its entity tag, so what is in it never changes, and the kernel sends it without a copy in memory.
The compressed form is made at the first request that asks for it.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from django.conf import settings

_LEVEL = 6
_PIECE = 1 << 20
# Left by a process that ended before it could take them away.
_STALE_SECONDS = 14 * 86400
_lock = threading.Lock()


class Form(StrEnum):
    """In which form a calendar lies there; the others are made from the first when they are first asked for."""

    PLAIN = ".ics"
    JCAL = ".json"
    RICH = ".rich.ics"


Maker = Callable[[bytes], bytes]


def path_of(etag: str, form: Form = Form.PLAIN, *, compressed: bool = False) -> Path:
    """Where the calendar with this tag lies, if it does."""
    folder: Path = settings.AGENDA_DATA / "feeds"
    return folder / etag[:2] / f"{etag}{form}{'.gz' if compressed else ''}"


def in_form(etag: str, form: Form, make: Maker) -> Path:
    """The calendar in another form, made from the plain bytes now if nobody asked before."""
    return _made(path_of(etag, form), etag, lambda: [make(path_of(etag).read_bytes())])


def _made(path: Path, etag: str, make: Callable[[], Iterable[bytes]]) -> Path:
    if not path.exists():
        with _lock:
            if not path.exists():
                _place(path, make(), path_of(etag).stat().st_mtime)
    return path


def write(etag: str, chunks: Iterable[bytes | memoryview], changed_at: dt.datetime) -> int:
    """Write a calendar, if it is not there; returns its size in bytes. The file's time is that of its last change."""
    path = path_of(etag)
    if not path.exists():
        _place(path, chunks, changed_at.timestamp())
    return path.stat().st_size


def write_parts(etag: str, head: int, parts: bytes, changed_at: dt.datetime) -> None:
    """Write beside a calendar how long its head is and which events it is made of."""
    _place(_parts_of(etag), [f"{head}\n".encode(), parts], changed_at.timestamp())


def read_parts(etag: str) -> tuple[int, bytes] | None:
    """What `write_parts` wrote, or None."""
    path = _parts_of(etag)
    if not (path.exists() and path_of(etag).exists()):
        return None
    head, _newline, parts = path.read_bytes().partition(b"\n")
    return int(head), parts


def _parts_of(etag: str) -> Path:
    return path_of(etag).with_suffix(".parts")


def compressed(etag: str, form: Form = Form.PLAIN) -> Path:
    """The gzip form of a calendar that is there, made now if nobody asked before."""
    return _made(path_of(etag, form, compressed=True), etag, lambda: _packed(path_of(etag, form)))


def _packed(path: Path) -> Iterator[bytes]:
    """A file compressed piece by piece (RFC 1952, without a time), so that it is never in memory whole."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield packer.compress(piece)
    yield packer.flush()


def remove(etag: str) -> None:
    """Take away what is no longer the calendar of a feed. Whoever is being sent it gets it whole."""
    for form in Form:
        for packed in (False, True):
            path_of(etag, form, compressed=packed).unlink(missing_ok=True)
    _parts_of(etag).unlink(missing_ok=True)


def sweep(in_use: set[str]) -> int:
    """Take away old files that no feed uses; returns how many."""
    removed = 0
    for path in (settings.AGENDA_DATA / "feeds").glob("??/*.*"):
        if path.name.partition(".")[0] not in in_use and time.time() - path.stat().st_ctime > _STALE_SECONDS:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _place(path: Path, chunks: Iterable[bytes | memoryview], changed_at: float) -> None:
    """Write a file under another name and rename it: nobody ever reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as file:
            file.writelines(chunks)
        os.utime(name, (changed_at, changed_at))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
