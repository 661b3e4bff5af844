"""Read a file in a process of its own, so that whatever it does ends with that process.

The process is forked by `workshop`, which is asked here.
"""

from __future__ import annotations

import atexit
import base64
import datetime as dt
import json
import os
import select
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from diplomacy.documents.document import Attachment, Document, DocumentError, Trouble
from diplomacy.documents.kinds import DocumentKind, kind_of
from diplomacy.documents.limits import MEMORY, MOST_BYTES, SECONDS
from diplomacy.documents.plain import decode, tidy

_ROOT = Path(__file__).resolve().parents[2]


def convert(original: bytes, *, media_type: str = "", filename: str = "") -> Document:
    """The text of a file. Plain text is decoded here; all else in a child process with limits on memory and time.

    Raises DocumentError for what cannot be read.
    """
    if len(original) > MOST_BYTES:
        raise DocumentError(Trouble.TOO_LARGE, f"{len(original)} bytes")
    if not original.strip():
        raise DocumentError(Trouble.NO_TEXT)
    kind = kind_of(original, media_type=media_type, filename=filename)
    if kind is DocumentKind.TEXT:
        return Document(text=tidy(decode(original)))
    return from_json(_workshop.ask(kind, original))


class _Workshop:
    """The process that forks a child for each file; started when first asked, and anew when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, kind: DocumentKind, original: bytes) -> bytes:
        """The answer for a file, as JSON.

        Raises DocumentError where the workshop itself does not answer.
        """
        with self._lock:
            process = self._running()
            try:
                return self._exchange(process, kind, original)
            except (OSError, ValueError) as error:
                self._end()
                raise DocumentError(Trouble.DAMAGED, f"the workshop ended: {error}") from error

    def _exchange(self, process: subprocess.Popen[bytes], kind: DocumentKind, original: bytes) -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"%s %d %d %d\n" % (kind.value.encode(), MEMORY, SECONDS, len(original)))
        process.stdin.write(original)
        process.stdin.flush()
        # It has a limit of its own on each child; ten seconds more are for its start on a busy machine.
        if not select.select([process.stdout], [], [], SECONDS + 12)[0]:
            self._end()
            raise DocumentError(Trouble.TOO_SLOW, "the workshop")
        length = int(process.stdout.readline())
        answer: bytes = process.stdout.read(length)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        # A worker that was forked from one with a workshop starts its own: two would mix their answers.
        if self._process is not None and (self._process.poll() is not None or self._owner != os.getpid()):
            self._end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "diplomacy.documents"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, env={},
            )  # fmt: skip
            self._owner = os.getpid()
            atexit.register(self._end)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    stream.close()


_workshop = _Workshop()


def to_json(document: Document) -> str:
    """A document as the child sends it."""
    return json.dumps(
        {
            "text": tidy(document.text),
            "title": tidy(document.title),
            "published_on": document.published_on.isoformat() if document.published_on else None,
            "message_id": document.message_id,
            "sender": document.sender,
            "authentication_results": document.authentication_results,
            "attachments": [
                {
                    "original": base64.b64encode(file.original).decode(),
                    "media_type": file.media_type,
                    "filename": file.filename,
                    "identity": file.identity,
                }
                for file in document.attachments
            ],
        }
    )


def from_json(answer: bytes) -> Document:
    """What the child sent. Raises DocumentError for a trouble it names."""
    found = json.loads(answer)
    if "trouble" in found:
        raise DocumentError(Trouble(found["trouble"]), found["detail"])
    return Document(
        text=found["text"],
        title=found["title"],
        published_on=dt.date.fromisoformat(found["published_on"]) if found["published_on"] else None,
        message_id=found["message_id"],
        sender=found["sender"],
        authentication_results=tuple(found["authentication_results"]),
        attachments=tuple(
            Attachment(
                original=base64.b64decode(file["original"]),
                media_type=file["media_type"],
                filename=file["filename"],
                identity=file["identity"],
            )
            for file in found["attachments"]
        ),
    )
