"""The other side of `child`: a process with the readers loaded that forks one child for each file.

Loading them takes a second or two, a fork some milliseconds; so the process that asks stays small and a thousand files
cost a thousand forks. `python -m diplomacy.documents` runs it: requests on standard input, answers on standard output,
until the input ends.

A request is a line "KIND MEMORY SECONDS LENGTH" and as many bytes; an answer a line "LENGTH" and as many bytes of JSON.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

from diplomacy.documents.calendar import read_calendar, read_event
from diplomacy.documents.child import to_json
from diplomacy.documents.document import Document, DocumentError, Trouble
from diplomacy.documents.kinds import DocumentKind
from diplomacy.documents.limits import MOST_TEXT
from diplomacy.documents.mail import read_mail
from diplomacy.documents.markup import read_html
from diplomacy.documents.pdf import read_pdf
from diplomacy.documents.word import read_open_document, read_word

READERS: dict[DocumentKind, Callable[[bytes], Document]] = {
    DocumentKind.PDF: read_pdf,
    DocumentKind.MAIL: read_mail,
    DocumentKind.HTML: read_html,
    DocumentKind.WORD: read_word,
    DocumentKind.OPEN_DOCUMENT: read_open_document,
    DocumentKind.CALENDAR: read_calendar,
    DocumentKind.EVENT: read_event,
}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the requests end."""
    gc.freeze()  # what is loaded is shared with the children, not copied at their first collection
    while line := requests.readline():
        kind, memory, seconds, length = line.split()
        original = requests.read(int(length))
        answer = _in_a_child(DocumentKind(kind.decode()), original, memory=int(memory), seconds=int(seconds))
        answers.write(b"%d\n" % len(answer))
        answers.write(answer)
        answers.flush()


def _in_a_child(kind: DocumentKind, original: bytes, *, memory: int, seconds: int) -> bytes:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _read_and_leave(kind, original, writes, memory=memory, seconds=seconds)
    os.close(writes)
    try:
        answer = _all_of(reads, until=time.monotonic() + seconds + 2)
    finally:
        os.close(reads)
    if answer is None:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if answer is None or status in (-signal.SIGXCPU, -signal.SIGKILL):
        return trouble(Trouble.TOO_SLOW)
    return answer if status == 0 and answer else trouble(Trouble.DAMAGED, f"exit {status}")


def _all_of(pipe: int, *, until: float) -> bytes | None:
    """What the child writes until it is done; None if it is not done in time."""
    found = bytearray()
    while select.select([pipe], [], [], max(until - time.monotonic(), 0))[0]:
        piece = os.read(pipe, 1 << 20)
        if not piece:
            return bytes(found)
        found += piece
    return None


def _read_and_leave(kind: DocumentKind, original: bytes, pipe: int, *, memory: int, seconds: int) -> None:
    """The life of a child: it never returns."""
    code = 1
    try:
        _limit(memory, seconds)
        with os.fdopen(pipe, "wb") as out:
            out.write(_answer(kind, original))
        code = 0
    finally:
        os._exit(code)


def _answer(kind: DocumentKind, original: bytes) -> bytes:
    try:
        document = READERS[kind](original)
        if len(document.text) > MOST_TEXT:
            raise DocumentError(Trouble.TOO_LARGE, "text")
        return to_json(document).encode()
    except DocumentError as error:
        return trouble(error.trouble, error.detail)
    except MemoryError:
        return trouble(Trouble.TOO_LARGE, "memory")
    except RecursionError:
        return trouble(Trouble.TOO_DEEP)
    except Exception as error:  # whatever a library does with a hostile file, it is this file's trouble
        return trouble(Trouble.DAMAGED, f"{type(error).__name__}: {error}")


def trouble(kind: Trouble, detail: str = "") -> bytes:
    """An answer that says why there is no text."""
    return json.dumps({"trouble": kind.value, "detail": detail[:300]}).encode()


def _limit(memory: int, seconds: int) -> None:
    """Bound what the child may use: bytes of memory, seconds of processor time, and no file but its pipe."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, spent + seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve on the standard streams."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks; the end of the input is for us
    serve(sys.stdin.buffer, sys.stdout.buffer)
